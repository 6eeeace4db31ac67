import Casework
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application

/// A bureau that one person is still setting up begins no case: whatever it decided would be that one person's.
@Suite("No casework before the head stands by the regulations")
struct FoundedTests {
    @Test("every beginning is refused until the head has confirmed a text, and says who has to do what")
    func beginnings() async throws {
        let world = try await BureauWorld()
        let officer = try await world.performer(world.officer)
        let lead = ThreadTag(high: 9, low: 1)
        let answers: [String: JSON] = [
            "channel": "telephone", "isRealName": false, "receivedAt": .integer(world.clock.now().milliseconds),
            "content": "反映统计数据不实。", "target": "清禾县星河纸品厂",
        ]
        @Sendable func receive() async throws {
            _ = try await world.casebook.begin(.complaint, answers, as: lead, command: .random(), by: officer)
        }
        let refusal = try #require(try await world.refusal("a lead", receive))
        #expect(refusal.code == .outOfOrder && refusal.message.contains("请行政机关负责人登录"))
        // Each of them, whatever road leads to it.
        for type in Casebook.casework {
            let fact = Fact(type, in: ThreadTag(high: 9, low: 2))
            await #expect(throws: StepRefusal.self) {
                try await world.casebook.requireFounded(for: [fact], by: .person(world.officer))
            }
        }
        let head = try await world.performer(world.head)
        _ = try await world.casebook.confirmRegulation(
            world.adopted, approver: .agencyHead, custodian: .custodian, reason: "局务会〔2026〕1号", command: .random(),
            by: head)
        try await receive()
        for type in Casebook.casework {
            try await world.casebook.requireFounded(
                for: [Fact(type, in: ThreadTag(high: 9, low: 2))], by: .person(world.officer))
        }
    }
}
