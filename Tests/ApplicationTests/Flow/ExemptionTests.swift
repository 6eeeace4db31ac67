import Application
import Casework
import Demo
import Kernel
import TestKit
import Testing

/// An exemption from recording through the product's own step: it excuses under every text that knows one.
@Suite("Exemptions from recording", .serialized)
struct ExemptionTests {
    private static let texts = ["zhaoxian-2017", "luanchuan-2020", "qinghe", "recorder-mgmt"]

    /// What the texts say of the recording of the one visit, each alone and in force for years.
    private func states(_ told: [Record], of activity: ActivityID) throws -> [String: Set<ObligationRow.State>] {
        let library = try CaseWorld.library.get()
        let day = try #require(CivilDay("2016-01-01"))
        // luanchuan-2020:13.p2 asks for what a law makes mandatory, as the bureau's list names it.
        let list = Record(
            thread: ThreadTag(high: 3, low: 3), seq: 1, type: .listRevised, recordedAt: Instant(startOf: day),
            plain: ["basis": "law", "kind": "avMatters", "mandatory": ["siteInspection"]])
        let history = [list] + told
        var states: [String: Set<ObligationRow.State>] = [:]
        for id in Self.texts {
            let text = try #require(library.newest(id))
            let rules = try RulesInForce(
                spans: [.init(regulation: text.regulation, digest: text.digest, from: day)], matters: library.matters,
                kinds: library.kinds.mapValues(\.kind))
            let obligations = Evaluator.evaluate(history: history, rules: rules, calendar: library.workingDays)
                .obligations(of: "activity-av")
                .filter { $0.key.subject == .activity(activity.description) }
            states[id] = Set(obligations.map(\.state))
        }
        return states
    }

    private func visited(_ world: CaseWorld) async throws -> (thread: ThreadTag, activity: ActivityID) {
        let thread = try await world.inspection(finding: nil)
        world.minute()
        var visit = world.visit()
        visit.circumstances = ["usesRecorder": true, "subjectTakesPart": true]
        try await world.take(visit, in: thread, by: world.people.officer1)
        world.minute(30)
        return (thread, visit.activity)
    }

    @Test("approved by the agency head with its proof, it excuses under each of the four texts, for every reason")
    func everyText() async throws {
        for (reason, _) in ExemptRecording.reasons {
            let world = try await CaseWorld()
            let (thread, activity) = try await visited(world)
            let before = try states(try await world.load(thread).history, of: activity)
            for text in Self.texts { #expect(before[text]?.contains(.open) == true, "\(text) asks for no recording") }
            try await world.take(
                ExemptRecording(
                    activity: activity, reason: reason, explanation: "现场不能录像。", proof: "执法记录仪维修单2026-031"),
                in: thread, by: world.people.head)
            let view = try await world.load(thread)
            let entry = try #require(view.records.last)
            #expect(entry.word("approverRole") == Role.agencyHead.rawValue)
            #expect(entry.text("proof") == "执法记录仪维修单2026-031")
            for (text, states) in try states(view.history, of: activity) {
                #expect(!states.contains(.open), "\(reason) does not excuse under \(text)")
            }
        }
    }

    @Test(
        "a broken recorder without proof is refused; another head's word is recorded as that, and excuses where it may")
    func proof() async throws {
        let world = try await CaseWorld()
        let (thread, activity) = try await visited(world)
        let other = try await world.performer(world.people.unitHead, adding: .departmentHead)
        func exemption(_ proof: String?) -> ExemptRecording {
            ExemptRecording(activity: activity, reason: "fault", explanation: "记录仪损坏。", proof: proof)
        }
        for proof in [nil, "", "  "] {
            try await world.expect([
                Refused("a fault without proof", .invalid, fields: ["proof"]) {
                    try await world.take(exemption(proof), in: thread, by: other)
                }
            ])
        }
        try await world.take(exemption("维修单"), in: thread, by: other)
        let view = try await world.load(thread)
        #expect(view.records.last?.word("approverRole") == Role.departmentHead.rawValue)
        let states = try states(view.history, of: activity)
        #expect(states["zhaoxian-2017"]?.contains(.open) == false)
        #expect(states["recorder-mgmt"]?.contains(.open) == true, "this text takes the agency head's word alone")
    }
}
