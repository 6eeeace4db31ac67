import Casework
import Kernel
import Ledger
import Rulebook
import TestKit
import Testing

@testable import Application

/// Who approves, how many days a term has and which days count: no administrator alone changes them in a bureau at work.
@Suite("Settings and public holidays that wait for a second person")
struct SettingProposalTests {
    private func world(founded: Bool = true) async throws -> BureauWorld {
        let world = try await BureauWorld()
        if founded { try await found(world) }
        return world
    }

    private func found(_ world: BureauWorld) async throws {
        // The mark is set while the bureau is being set up, by one person.
        try await change(world) { _ in }
        let parent = try #require(world.library.newest("parent-law"))
        _ = try await world.casebook.confirmRegulation(
            parent.digest, approver: nil, custodian: nil, reason: "局长办公会", command: .random(),
            by: try await world.performer(world.head))
    }

    @discardableResult
    private func change(
        _ world: BureauWorld, reason: String = "局务会〔2026〕3号", _ edit: (inout BureauSettings) -> Void
    ) async throws -> Bool {
        var settings = BureauSettings(try await world.chambers.profile())
        if settings.mark.isEmpty { settings.mark = "清禾统" }
        settings.reason = reason
        edit(&settings)
        let seq = try await world.chambers.records().count
        return try await world.casebook.change(
            settings, expecting: seq, command: .random(), by: try await world.performer(world.administrator)
        ).answer["waits"] == true
    }

    private func holder(_ world: BureauWorld, _ name: String) async throws -> String {
        let law = try await world.chambers.law()
        let day = world.clock.now().day
        let office = try #require(law.rules.declaredOffices(on: day).first { $0.name == name })
        return law.rules.holder(of: office, law.settings, on: day)
    }

    private func proposal(_ world: BureauWorld) async throws -> SettingProposal {
        try #require(try await world.chambers.upkeep().settingProposals.last)
    }

    @Test("in whose name papers go out, region and superior wait for the second person, with the reason")
    func identity() async throws {
        let world = try await world()
        let edit: (inout BureauSettings) -> Void = {
            ($0.name, $0.letterhead, $0.mark) = ("邻县统计局", "邻县统计局", "邻统")
            ($0.region, $0.superior) = ("邻县", "邻市统计局")
        }
        let unfounded = try await world.refusal("without a reason") {
            _ = try await change(world, reason: " ", edit)
        }
        #expect(unfounded?.fields.map(\.name) == ["reason"])
        #expect(try await change(world, edit))
        let waiting = try await world.chambers.profile()
        #expect(waiting.name == "清禾县统计局" && waiting.letterhead == "清禾县统计局")
        let before = (region: waiting.region, superior: waiting.superior)
        #expect(before.region != "邻县" && before.superior != "邻市统计局")
        #expect(waiting.settings["documentMark"] == "清禾统")
        let proposal = try await proposal(world)
        #expect(
            proposal.content
                == .settings([
                    .init(name: "documentMark", value: .word("邻统"), before: .word("清禾统")),
                    .init(name: "letterhead", value: .word("邻县统计局"), before: .word("清禾县统计局")),
                    .init(name: "name", value: .word("邻县统计局"), before: .word("清禾县统计局")),
                    .init(name: "region", value: .word("邻县"), before: .word(before.region)),
                    .init(name: "superior", value: .word("邻市统计局"), before: .word(before.superior)),
                ]))
        _ = try await world.casebook.confirmSettings(
            proposal.seq, command: .random(), by: try await world.performer(world.head))
        let after = try await world.chambers.profile()
        #expect(after.name == "邻县统计局" && after.letterhead == "邻县统计局" && after.settings["documentMark"] == "邻统")
        #expect(after.region == "邻县" && after.superior == "邻市统计局")
    }

    @Test("each setting alone waits, and one person sets it while the bureau is being set up")
    func eachAlone() async throws {
        let year = try await BureauWorld().clock.now().day.parts.year
        let edits: [(String, @Sendable (inout BureauSettings) -> Void)] = [
            ("name", { $0.name = "邻县统计局" }), ("letterhead", { $0.letterhead = "邻县统计局" }),
            ("documentMark", { $0.mark = "邻统" }), ("region", { $0.region = "邻县" }),
            ("superior", { $0.superior = "邻市统计局" }),
            (
                "firstNumber/penalty-decision/\(year)",
                { $0.firstNumbers = [.init(kind: "penalty-decision", year: year, number: 500)] }
            ),
        ]
        for (name, edit) in edits {
            let founded = try await world()
            let size = try await founded.size()
            let silent = try await founded.refusal(name) { _ = try await change(founded, reason: "", edit) }
            #expect(silent?.fields.map(\.name) == ["reason"], "\(name)")
            #expect(try await founded.size() == size, "\(name)")
            let held = try await founded.chambers.profile()
            #expect(try await change(founded, edit), "\(name)")
            #expect(try await founded.chambers.profile() == held, "\(name)")
            let proposal = try await proposal(founded)
            guard case .settings(let settings) = proposal.content else { continue }
            #expect(settings.map(\.name) == [name] && settings.allSatisfy { $0.before != nil }, "\(name)")
            _ = try await founded.casebook.confirmSettings(
                proposal.seq, command: .random(), by: try await founded.performer(founded.head))
            #expect(try await founded.chambers.profile() != held, "\(name)")

            let new = try await world(founded: false)
            #expect(try await !change(new, reason: "", edit), "\(name)")
            #expect(try await new.chambers.upkeep().settingProposals.isEmpty)
        }
    }

    @Test("a first number below one that was given out meanwhile is not confirmed")
    func numberGivenOut() async throws {
        let world = try await self.world()
        let year = world.clock.now().day.parts.year
        try await change(world) { $0.firstNumbers = [.init(kind: "penalty-decision", year: year, number: 7)] }
        let seq = try await proposal(world).seq
        let now = world.clock.now()
        world.registers.put(
            .document(
                DocumentRow(
                    id: .random(), caseThread: .random(), kind: "penalty-decision", state: .issued, fixedAt: now,
                    issuedAt: now, year: year, number: 9, numberText: "9号", openSlots: [])))
        let stale = try await world.refusal("a number that is taken") {
            _ = try await world.casebook.confirmSettings(
                seq, command: .random(), by: try await world.performer(world.head))
        }
        #expect(stale?.code == .stale && stale?.message.contains("第 9 号") == true)
        #expect(try await world.chambers.profile().firstNumber(of: "penalty-decision", in: year) == 1)
    }

    @Test("no bureau hears or reviews fewer cases than the source of the threshold says; more it may")
    func thresholds() async throws {
        let names = [
            "hearing-fine-organisation", "hearing-fine-individual", "major-fine-organisation", "major-fine-individual",
        ]
        let world = try await self.world()
        let day = world.clock.now().day
        for name in names {
            let declared = try #require(
                try await world.chambers.law().rules.declaredSettings(on: day).first { $0.name == name })
            let laxer = try await world.refusal(name) {
                try await change(world) { $0.numbers = [name: declared.standard + 1] }
            }
            #expect(laxer?.fields.map(\.name) == ["setting.\(name)"], "\(name)")
            #expect(try await change(world) { $0.numbers = [name: declared.standard - 1] }, "\(name)")
            // A text of before allowed it: what was set then counts no further than the source.
            let set = Settings([name: 1_000_000_000])
            #expect(set.value(of: .setting(name), declared: [declared]) == declared.standard, "\(name)")
        }
        // One that was prepared under a text of before is not confirmed any more.
        let other = try await self.world()
        _ = try await other.casebook.record(
            [
                Fact(
                    .settingsProposed, in: other.thread,
                    fields: [
                        .init("settings", ["hearing-fine-organisation": 1_000_000_000], .officer),
                        .init("before", ["hearing-fine-organisation": 5_000_000], .officer),
                        .init("reason", "旧表", .officer),
                    ])
            ], by: .person(other.administrator), command: .random())
        let seq = try await proposal(other).seq
        let stale = try await other.refusal("laxer than the source") {
            _ = try await other.casebook.confirmSettings(
                seq, command: .random(), by: try await other.performer(other.head))
        }
        #expect(stale?.code == .stale && stale?.message.contains("统计执法监督检查办法") == true)
    }

    @Test(
        "every office that the texts leave to the bureau waits, the old holder stays, and all are told of the new one")
    func everyOffice() async throws {
        let offices = try await world().chambers.law().rules.declaredOffices(on: BureauWorld().clock.now().day)
        #expect(offices.count >= 2)
        for office in offices {
            let world = try await self.world()
            let old = try await holder(world, office.name)
            let new = try #require(office.choices.first { $0 != old })
            #expect(try await change(world) { $0.offices = [office.name: new] }, "\(office.name)")
            #expect(try await holder(world, office.name) == old, "\(office.name)")
            let proposal = try await self.proposal(world)
            #expect(
                proposal.content
                    == .settings([.init(name: office.name, value: .word(new), before: .word(old))]))
            #expect(proposal.reason == "局务会〔2026〕3号" && proposal.proposedBy == world.administrator)
            _ = try await world.casebook.confirmSettings(
                proposal.seq, command: .random(), by: try await world.performer(world.head))
            #expect(try await holder(world, office.name) == new, "\(office.name)")
            let upkeep = try await world.chambers.upkeep()
            #expect(upkeep.settingProposals.isEmpty)
            let notice = try #require(upkeep.notices.last)
            #expect(notice.kind == .settingsChanged && notice.about == proposal.seq)
            for person in [world.officer, world.administrator, world.head] {
                #expect(upkeep.unread(by: person, since: Instant(milliseconds: 0)).contains(notice))
            }
            // While it is being set up, one person chooses.
            let new2 = try await self.world(founded: false)
            #expect(try await !change(new2, reason: "") { $0.offices = [office.name: new] })
            #expect(try await holder(new2, office.name) == new)
        }
    }

    @Test("numbers that the texts leave to the bureau wait too, beside another proposal")
    func numbers() async throws {
        let world = try await self.world()
        let day = world.clock.now().day
        let number = try #require(
            try await world.chambers.law().rules.declaredSettings(on: day).first { $0.range.count > 1 })
        let other = number.standard == number.range.upperBound ? number.range.lowerBound : number.range.upperBound
        #expect(try await change(world) { $0.superior = "省统计局" })
        #expect(try await change(world) { $0.numbers = [number.name: other] })
        #expect(try await world.chambers.profile().settings[number.name] == nil)
        let proposal = try await self.proposal(world)
        #expect(
            proposal.content
                == .settings([
                    .init(name: number.name, value: .number(Int64(other)), before: .number(Int64(number.standard)))
                ]))
        _ = try await world.casebook.confirmSettings(
            proposal.seq, command: .random(), by: try await world.performer(world.head))
        #expect(try await world.chambers.profile().settings[number.name]?.integer == Int64(other))
    }

    @Test("nobody confirms what they prepared, nor without the secret, nor a bystander, nor twice; a reason is asked")
    func whoConfirms() async throws {
        let world = try await self.world()
        let none = try await world.refusal("no reason") {
            try await change(world, reason: " ") { $0.offices = ["start-approver": "deputyHead"] }
        }
        #expect(none?.fields.map(\.name) == ["reason"])
        try await change(world) { $0.offices = ["start-approver": "deputyHead"] }
        let seq = try await proposal(world).seq
        let twice = try await world.refusal("two changes of one thing at once") {
            try await change(world) { $0.offices = ["start-approver": "handlingUnit"] }
        }
        #expect(twice?.code == .outOfOrder)
        // Another thing may wait beside it.
        try await change(world) { $0.offices = ["access-approver": "agencyHead"] }
        func confirm(_ performer: Performer) async throws {
            _ = try await world.casebook.confirmSettings(seq, command: .random(), by: performer)
        }
        let refusals: [(String, Performer, StepRefusal.Code)] = [
            ("the administrator", try await world.performer(world.administrator), .notAllowed),
            (
                "the administrator as head", try await world.performer(world.administrator, adding: .agencyHead),
                .notAllowed
            ),
            ("an officer", try await world.performer(world.officer), .notAllowed),
            ("without the secret", try await world.performer(world.head, confirmed: false), .secretNeeded),
        ]
        for (who, performer, code) in refusals {
            #expect(try await world.refusal(who) { try await confirm(performer) }?.code == code, "\(who)")
        }
        let head = try await world.performer(world.head)
        let command = CommandID.random()
        let first = try await world.casebook.confirmSettings(seq, command: command, by: head)
        let again = try await world.casebook.confirmSettings(seq, command: command, by: head)
        #expect(!first.repeated && again.repeated)
        #expect(try await world.refusal("twice") { try await confirm(head) }?.code == .outOfOrder)
        let carried = try #require(try await world.chambers.records().last { $0.type == .bureauSettingsChanged })
        #expect(carried.actor == world.head && carried.references.map(\.seq) == [seq])
    }

    @Test("a proposal is turned down by the head, who is told to the preparer, or taken back; nothing changes")
    func declined() async throws {
        for byHead in [true, false] {
            let world = try await self.world()
            let old = try await holder(world, "start-approver")
            try await change(world) { $0.offices = ["start-approver": "handlingUnit"] }
            let seq = try await proposal(world).seq
            func decline(_ tag: ThreadTag, _ reason: String) async throws {
                _ = try await world.casebook.declineSettings(
                    seq, reason: reason, command: .random(), by: try await world.performer(tag))
            }
            let officer = try await world.refusal("an officer declines") { try await decline(world.officer, "不") }
            #expect(officer?.code == .notAllowed)
            let tag = byHead ? world.head : world.administrator
            #expect(try await world.refusal("no reason") { try await decline(tag, " ") }?.code == .invalid)
            try await decline(tag, "应由局领导批准")
            let upkeep = try await world.chambers.upkeep()
            #expect(upkeep.settingProposals.isEmpty)
            #expect(try await holder(world, "start-approver") == old)
            let told = upkeep.unread(by: world.administrator, since: Instant(milliseconds: 0))
            #expect(told.map(\.kind) == (byHead ? [.settingsDeclined] : []))
            #expect(upkeep.unread(by: world.officer, since: Instant(milliseconds: 0)).isEmpty)
            // It may be prepared again.
            try await change(world) { $0.offices = ["start-approver": "handlingUnit"] }
        }
    }

    @Test("what held when it was prepared holds no longer: the confirmation is refused")
    func moved() async throws {
        let world = try await self.world()
        try await change(world) { $0.offices = ["start-approver": "handlingUnit"] }
        let seq = try await proposal(world).seq
        // The value moved by another road, as the numbering after a loss of records does.
        _ = try await world.casebook.record(
            [
                Fact(
                    .bureauSettingsChanged, in: world.thread,
                    fields: [.init("settings", ["start-approver": "deputyHead"], .officer)])
            ], by: .system, command: .random())
        let stale = try await world.refusal("stale") {
            _ = try await world.casebook.confirmSettings(
                seq, command: .random(), by: try await world.performer(world.head))
        }
        #expect(stale?.code == .stale)
        #expect(try await holder(world, "start-approver") == "deputyHead")
    }

    @Test("a year's public holidays wait, count for nothing before, and for every term after")
    func calendar() async throws {
        let world = try await self.world()
        let table = try #require(world.library.newestCalendars.last)
        let year = table.year.year
        let by = try await world.performer(world.administrator)
        func adopt() async throws -> Bool {
            try await world.casebook.adopt(calendar: table, command: .random(), by: by).answer["waits"] == true
        }
        #expect(try await adopt())
        #expect(try await world.chambers.profile().calendars[year] == nil)
        let proposal = try await self.proposal(world)
        #expect(proposal.content == .calendar(year: year, digest: table.digest, replaces: nil))
        #expect(proposal.reason == table.year.source)
        let off = try #require(table.year.holidays.flatMap(\.days).first { day in WorkingDays().isWorked(day) })
        #expect(try await world.chambers.law().calendar.isWorked(off))
        let twice = try await world.refusal("the same year twice") { _ = try await adopt() }
        #expect(twice?.code == .outOfOrder)
        let own = try await world.refusal("its preparer") {
            _ = try await world.casebook.confirmSettings(proposal.seq, command: .random(), by: by)
        }
        #expect(own?.code == .notAllowed)
        _ = try await world.casebook.confirmSettings(
            proposal.seq, command: .random(), by: try await world.performer(world.head))
        #expect(try await world.chambers.profile().calendars[year] == table.digest)
        #expect(try await !world.chambers.law().calendar.isWorked(off))
        #expect(try await world.chambers.upkeep().notices.last?.kind == .settingsChanged)

        let new = try await self.world(founded: false)
        let admin = try await new.performer(new.administrator)
        let receipt = try await new.casebook.adopt(calendar: table, command: .random(), by: admin)
        #expect(receipt.answer["waits"] == false)
        #expect(try await new.chambers.profile().calendars[year] == table.digest)
    }
}
