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

    @Test("numbers that the texts leave to the bureau wait too; names and document numbers change at once")
    func numbers() async throws {
        let world = try await self.world()
        let day = world.clock.now().day
        let number = try #require(
            try await world.chambers.law().rules.declaredSettings(on: day).first { $0.range.count > 1 })
        let other = number.standard == number.range.upperBound ? number.range.lowerBound : number.range.upperBound
        #expect(
            try await !change(world, reason: "") {
                $0.superior = "市统计局"
                $0.firstNumbers = [.init(kind: "penalty-decision", year: day.parts.year, number: 7)]
            })
        #expect(try await world.chambers.profile().firstNumber(of: "penalty-decision", in: day.parts.year) == 7)
        #expect(
            try await change(world) {
                $0.superior = "省统计局"
                $0.numbers = [number.name: other]
            })
        // What decides nothing is not held up by what does.
        #expect(try await world.chambers.profile().superior == "省统计局")
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
