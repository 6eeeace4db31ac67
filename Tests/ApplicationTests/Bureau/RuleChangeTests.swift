import Application
import Casework
import Kernel
import Ledger
import TestKit
import Testing

@Suite("Changes of the rules")
struct RuleChangeTests {
    private func propose(_ world: BureauWorld, _ change: RuleChange) async throws -> Int {
        _ = try await world.casebook.propose(
            change, command: .random(), by: try await world.performer(world.administrator))
        return try #require(try await world.chambers.upkeep().proposals.last).seq
    }

    private func spans(_ world: BureauWorld) async throws -> [Digest: RulesInForce.Span] {
        let spans = try await world.chambers.law().rules.spans
        return Dictionary(spans.map { ($0.digest, $0) }, uniquingKeysWith: { first, _ in first })
    }

    @Test("a proposal changes nothing until the agency head confirms it, and then it is in force with its approver")
    func adoption() async throws {
        let world = try await BureauWorld()
        let day = world.clock.now().day.advanced(by: 10)
        let seq = try await propose(
            world,
            RuleChange(
                act: .adopt, digest: world.other, day: day, approver: .agencyHead, custodian: .custodian,
                reason: "统党组〔2026〕5号"))
        #expect(try await spans(world)[world.other] == nil)
        let head = try await world.performer(world.head)
        _ = try await world.casebook.confirmProposal(seq, command: .random(), by: head)
        #expect(try await spans(world)[world.other]?.from == day)
        let upkeep = try await world.chambers.upkeep()
        #expect(upkeep.proposals.isEmpty)
        let approval = try #require(upkeep.approvals[world.other])
        #expect(approval.by == world.head)
        #expect(approval.approver == .agencyHead)
        #expect(approval.custodian == .custodian)
        let again = try await world.refusal("confirming twice") {
            _ = try await world.casebook.confirmProposal(seq, command: .random(), by: head)
        }
        #expect(again?.code == .outOfOrder)
    }

    @Test("a second version ends the first on the day before; a repair takes the place of its file and keeps the days")
    func versionsAndRepairs() async throws {
        let world = try await BureauWorld()
        let head = try await world.performer(world.head)
        let before = try #require(try await spans(world)[world.adopted])
        let repair = try await propose(
            world, RuleChange(act: .repair, digest: world.mended, replaces: world.adopted, reason: "订正一行"))
        let proposal = try #require(try await world.chambers.upkeep().proposals.first)
        #expect(JSON.object(proposal.members)["rows"]?.elements?.compactMap(\.string) == [world.mendedRow])
        _ = try await world.casebook.confirmProposal(repair, command: .random(), by: head)
        let mended = try #require(try await spans(world)[world.mended])
        #expect(try await spans(world)[world.adopted] == nil)
        #expect(mended.from == before.from && mended.until == before.until)

        let day = world.clock.now().day.advanced(by: 30)
        let second = try await propose(
            world,
            RuleChange(
                act: .adopt, digest: world.second, day: day, approver: .departmentHead, custodian: .custodian,
                reason: "修订"))
        _ = try await world.casebook.confirmProposal(second, command: .random(), by: head)
        #expect(try await spans(world)[world.mended]?.until == day)
        #expect(try await spans(world)[world.second]?.from == day)

        let last = day.advanced(by: 100)
        let repeal = try await propose(world, RuleChange(act: .repeal, digest: world.second, day: last, reason: "废止"))
        _ = try await world.casebook.confirmProposal(repeal, command: .random(), by: head)
        #expect(try await spans(world)[world.second]?.until == last.advanced(by: 1))
    }

    @Test("what is refused: the wrong person, no secret, the same person twice, holes in the form, rules that clash")
    func refusals() async throws {
        let world = try await BureauWorld()
        let administrator = try await world.performer(world.administrator)
        let day = world.clock.now().day
        func adopt(_ change: (inout RuleChange) -> Void) -> RuleChange {
            var made = RuleChange(
                act: .adopt, digest: world.other, day: day, approver: .agencyHead, custodian: .custodian, reason: "依据")
            change(&made)
            return made
        }
        let changes: [(String, RuleChange, StepRefusal.Code, [String])] = [
            ("no day", adopt { $0.day = nil }, .invalid, ["day"]),
            ("no approver", adopt { $0.approver = nil }, .invalid, ["approver"]),
            ("an approver who cannot be one", adopt { $0.approver = .officer }, .invalid, ["approver"]),
            ("no custodian", adopt { $0.custodian = nil }, .invalid, ["custodian"]),
            ("no reason", adopt { $0.reason = " " }, .invalid, ["reason"]),
            ("a file that is not there", adopt { $0.digest = .zero }, .notFound, []),
            // A second file of the same text on the same day would leave the bureau without readable rules.
            (
                "the same days twice",
                adopt {
                    $0.digest = world.second
                    $0.day = CivilDay("2017-05-01")
                }, .outOfOrder, []
            ),
            ("repair of nothing", RuleChange(act: .repair, digest: world.mended, reason: "订正"), .notFound, []),
            (
                "repair of a text not in force",
                RuleChange(act: .repair, digest: world.mended, replaces: world.second, reason: "订正"), .outOfOrder, []
            ),
            (
                "repair by itself",
                RuleChange(act: .repair, digest: world.adopted, replaces: world.adopted, reason: "订正"), .outOfOrder, []
            ),
            (
                "repeal of parent law",
                RuleChange(
                    act: .repeal, digest: try #require(world.library.newest("parent-law")).digest, day: day,
                    reason: "废止"), .notAllowed, []
            ),
            (
                "repeal of a text not in force",
                RuleChange(act: .repeal, digest: world.other, day: day, reason: "废止"), .outOfOrder, []
            ),
        ]
        for (what, change, code, fields) in changes {
            let refusal = try await world.refusal(what) {
                _ = try await world.casebook.propose(change, command: .random(), by: administrator)
            }
            #expect(refusal?.code == code, "\(what): \(String(describing: refusal))")
            #expect(refusal?.fields.map(\.name) ?? [] == fields, "\(what)")
        }
        let notHis = try await world.refusal("the agency head proposes") {
            _ = try await world.casebook.propose(
                adopt { _ in }, command: .random(), by: try await world.performer(world.head))
        }
        #expect(notHis?.code == .notAllowed)
        let seq = try await propose(world, adopt { _ in })
        let same = try await world.refusal("the same change twice") {
            _ = try await world.casebook.propose(adopt { _ in }, command: .random(), by: administrator)
        }
        #expect(same?.code == .outOfOrder)
        let deciders: [(String, Performer, StepRefusal.Code)] = [
            ("the administrator", administrator, .notAllowed),
            (
                "the proposer who is head too", try await world.performer(world.administrator, adding: .agencyHead),
                .notAllowed
            ),
            ("the head without secret", try await world.performer(world.head, confirmed: false), .secretNeeded),
        ]
        for (who, performer, code) in deciders {
            let refusal = try await world.refusal("confirmed by \(who)") {
                _ = try await world.casebook.confirmProposal(seq, command: .random(), by: performer)
            }
            #expect(refusal?.code == code, "\(who)")
        }
        _ = try await world.casebook.declineProposal(
            seq, reason: "另行研究", command: .random(), by: try await world.performer(world.head, confirmed: false))
        #expect(try await world.chambers.upkeep().proposals.isEmpty)
        #expect(try await spans(world)[world.other] == nil)
    }

    @Test("the head stands by a text of the founding once, and chooses approver and custodian of the bureau's own text")
    func confirmation() async throws {
        let world = try await BureauWorld()
        let head = try await world.performer(world.head)
        let parent = try #require(world.library.newest("parent-law")).digest
        func confirm(_ digest: Digest, _ approver: Role?, _ custodian: Role?) async throws {
            _ = try await world.casebook.confirmRegulation(
                digest, approver: approver, custodian: custodian, reason: "依据", command: .random(), by: head)
        }
        let open = try await world.refusal("without the choice") { try await confirm(world.adopted, nil, nil) }
        #expect(open?.fields.map(\.name) == ["approver", "custodian"])
        try await confirm(parent, nil, nil)
        try await confirm(world.adopted, .departmentHead, .custodian)
        let approvals = try await world.chambers.upkeep().approvals
        #expect(approvals[world.adopted]?.approver == .departmentHead && approvals[parent]?.by == world.head)
        let twice = try await world.refusal("a second time") { try await confirm(parent, nil, nil) }
        #expect(twice?.code == .outOfOrder)
        let idle = try await world.refusal("a text not in force") {
            try await confirm(world.other, .agencyHead, .custodian)
        }
        #expect(idle?.code == .notFound)
    }
}
