import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

/// A higher rule in the place of a row: who records it, what it does to open cases, from when until when.
@Suite("Higher rules in the place of rows", .serialized)
struct RuleOverrideTests {
    private static func override(
        _ provision: String, _ effect: String, unit: String? = nil, length: Int64? = nil, from: CivilDay,
        until: CivilDay? = nil
    ) -> RuleOverride {
        RuleOverride(
            provision: provision, effect: effect, unit: unit, length: length, higherRule: "示例省规定（虚构）", article: "第十条",
            value: "另有规定。", fromDay: from, untilDay: until, reason: "示统发1号")
    }

    /// Prepared by the administrator and confirmed by the head.
    private func record(_ override: RuleOverride, in world: CaseWorld) async throws {
        let casebook = world.office.casebook
        _ = try await casebook.propose(
            override, command: .random(), by: try await world.performer(world.people.administrator))
        let seq = try #require(try await casebook.chambers.upkeep().proposals.last?.seq)
        _ = try await casebook.confirmProposal(
            seq, command: .random(), by: try await world.performer(world.people.head))
    }

    @Test("only whom the rows name prepares one, with the secret; only the agency head confirms; everybody is told")
    func persons() async throws {
        let world = try await CaseWorld()
        let casebook = world.office.casebook
        let people = world.people
        let override = Self.override("zhaoxian-2017:16", "off", from: world.clock.now().day)
        for member in people.all where !member.person.roles.contains(.administrator) {
            let refusal = try await world.refusal("by \(member.person.name)") {
                _ = try await casebook.propose(override, command: .random(), by: try await world.performer(member))
            }
            #expect(refusal?.code == .notAllowed)
        }
        let unconfirmed = try await world.refusal("without the secret") {
            _ = try await casebook.propose(
                override, command: .random(), by: try await world.performer(people.administrator, confirmed: false))
        }
        #expect(unconfirmed?.code == .secretNeeded)
        let command = CommandID.random()
        let administrator = try await world.performer(people.administrator)
        _ = try await casebook.propose(override, command: command, by: administrator)
        let size = try await world.size()
        _ = try await casebook.propose(override, command: command, by: administrator)
        #expect(try await world.size() == size, "sent twice is one")
        let again = try await world.refusal("prepared twice") {
            _ = try await casebook.propose(override, command: .random(), by: administrator)
        }
        #expect(again?.code == .outOfOrder)
        // Nothing takes effect before it is confirmed.
        #expect(try await casebook.chambers.law().higherRules.all.isEmpty)
        let seq = try #require(try await casebook.chambers.upkeep().proposals.first?.seq)
        for member in people.all where !member.person.roles.contains(.agencyHead) {
            let refusal = try await world.refusal("confirmed by \(member.person.name)") {
                _ = try await casebook.confirmProposal(seq, command: .random(), by: try await world.performer(member))
            }
            #expect(refusal?.code == .notAllowed)
        }
        _ = try await casebook.confirmProposal(seq, command: .random(), by: try await world.performer(people.head))
        let recorded = try #require(try await casebook.chambers.law().higherRules.all.first)
        #expect(recorded.override.higherRule == "示例省规定（虚构）" && recorded.override.article == "第十条")
        #expect(recorded.override.value == "另有规定。" && recorded.by == people.head.person.thread)
        let upkeep = try await casebook.chambers.upkeep()
        #expect(upkeep.proposals.isEmpty && upkeep.notices.last?.kind == .ruleOverridden)
        #expect(upkeep.notices.last?.kind.isForAll == true)
    }

    @Test("what cannot be recorded is told field by field; a condition of validity of the law yields to nothing")
    func wrong() async throws {
        let world = try await CaseWorld()
        let law = try await world.office.casebook.chambers.law()
        let today = world.clock.now().day
        func fields(_ change: (inout RuleOverride) -> Void) -> [String] {
            var override = Self.override("zhaoxian-2017:8b", "term", unit: "hours", length: 12, from: today)
            change(&override)
            do {
                try override.check(in: law, on: today)
                return []
            } catch { return error.fields.map(\.name) }
        }
        #expect(fields { _ in } == [])
        #expect(fields { $0.higherRule = " " } == ["higherRule"])
        #expect(fields { $0.article = "" } == ["article"])
        #expect(fields { $0.value = "" } == ["value"])
        #expect(fields { $0.reason = "" } == ["reason"])
        #expect(fields { $0.provision = "zhaoxian-2017:999" } == ["provision"])
        #expect(fields { $0.effect = "other" } == ["effect"])
        #expect(fields { $0.unit = "years" } == ["unit"])
        #expect(fields { $0.length = 0 } == ["length"])
        #expect(fields { $0.fromDay = nil } == ["fromDay"])
        #expect(fields { $0.fromDay = today.advanced(by: -4000) } == ["fromDay"])
        #expect(fields { $0.untilDay = today.advanced(by: -1) } == ["untilDay"])
        #expect(fields { $0.effect = "medium" } == ["effect", "level"], "8b asks for no recording")
        for loaded in law.rules.spans where loaded.regulation.standing == .parentLaw {
            for provision in loaded.regulation.provisions
            where provision.duties.contains(where: { $0.gate.level == .hard && $0.yields }) {
                let refused = fields {
                    $0.provision = provision.id
                    $0.effect = "off"
                }
                #expect(!refused.isEmpty, "\(provision.id) can be switched off")
            }
        }
    }

    @Test("a term of a higher rule counts for acts from its day on; later words on the row and its end day are kept to")
    func term() async throws {
        let world = try await CaseWorld()
        let hour: Int64 = 3_600_000
        func due(_ thread: ThreadTag) async throws -> Int64? {
            let parts = try await world.evaluation(of: thread).parts(of: "zhaoxian-2017:8b")
            let started = try await world.load(thread).work.startedAt
            return parts.compactMap(\.due).first.map { $0.milliseconds(since: started) / hour }
        }
        let before = try await world.penalty(startedAgo: hour)
        #expect(try await due(before) == 24)
        world.clock.set(to: Instant(world.clock.now().day.advanced(by: 1), hour: 9))
        let first = world.clock.now().day
        let change = Self.override(
            "zhaoxian-2017:8b", "term", unit: "hours", length: 12, from: first, until: first.advanced(by: 2))
        try await record(change, in: world)
        let during = try await world.penalty(startedAgo: hour)
        #expect(try await due(during) == 12)
        #expect(try await due(before) == 24, "an act of before is judged by the row")
        // The register follows: what a work list shows is judged by the same.
        let row = try await world.office.casebook.registers.obligations(of: during).first {
            $0.provisions.contains("zhaoxian-2017:8b")
        }
        let started = try await world.load(during).work.startedAt
        #expect(row?.due?.milliseconds(since: started) == 12 * hour)
        // The bureau's own record of the higher rule is no duty of the case.
        #expect(try await world.evaluation(of: during).obligations(of: "rule-override").isEmpty)
        world.clock.set(to: Instant(first.advanced(by: 3), hour: 9))
        #expect(try await due(try await world.penalty(startedAgo: hour)) == 24, "after its last day")
        #expect(try await due(during) == 12)
        // Ended early by the last word on the row.
        try await record(
            Self.override("zhaoxian-2017:8b", "term", unit: "hours", length: 6, from: first.advanced(by: 3)), in: world)
        #expect(try await due(try await world.penalty(startedAgo: hour)) == 6)
        let rules = try await world.office.casebook.chambers.law().higherRules
        #expect(rules.all.map(\.isFollowed) == [false, false])
        #expect(rules.governing("zhaoxian-2017:8b", on: first)?.override.length == 12)
        #expect(rules.governing("zhaoxian-2017:8b", on: first.advanced(by: 5))?.override.length == 6)
    }

    @Test(
        "a row that does not apply refuses no step any more; what it does to open cases is told before it takes effect")
    func off() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.drafted()
        try await world.reviewDraft(in: thread)
        let approve = ApproveDecision(isApproved: true, opinion: "同意")
        try await world.expect([
            Refused("without legal review", .gate, provisions: ["zhaoxian-2017:16"]) {
                try await world.take(approve, in: thread, by: people.head)
            }
        ])
        let override = Self.override("zhaoxian-2017:16", "off", from: world.clock.now().day.advanced(by: -30))
        let law = try await world.office.casebook.chambers.law()
        let members = try #require(override.draftMembers(in: law, on: world.clock.now().day))
        let forecast = try await world.office.forecasts.forecast(of: .override, members)
        #expect(forecast.isComplete && forecast.affected == 1, "\(forecast)")
        #expect(forecast.cases.first?.row.thread == thread)
        let change = try #require(forecast.cases.first?.changes.first)
        #expect(change.kind == .vanishes && change.provisions.contains("zhaoxian-2017:16"))
        try await world.expect([
            Refused("told, not recorded", .gate, provisions: ["zhaoxian-2017:16"]) {
                try await world.take(approve, in: thread, by: people.head)
            }
        ])
        try await record(override, in: world)
        let parts = try await world.evaluation(of: thread).parts(of: "zhaoxian-2017:16")
        #expect(!parts.isEmpty && parts.allSatisfy { $0.state == .excused }, "\(parts.map(\.state))")
        #expect(parts.allSatisfy { $0.settledBy?.thread == world.thread }, "the part names the higher rule")
        try await world.take(approve, in: thread, by: people.head)
    }
}
