import Casework
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application

/// Name and certificate stand beside every signature: no administrator alone changes them in a bureau at work.
@Suite("Names and certificates that wait for a second person")
struct PersonProposalTests {
    private func world(founded: Bool = true) async throws -> BureauWorld {
        let world = try await BureauWorld()
        // The officer's certificate has all its parts.
        _ = try await world.casebook.record(
            [
                Fact(
                    .personChanged, in: world.officer, fields: [.init("certificateKind", "统计执法证", .officer)])
            ], by: .system, command: .random())
        guard founded else { return world }
        let parent = try #require(world.library.newest("parent-law"))
        _ = try await world.casebook.confirmRegulation(
            parent.digest, approver: nil, custodian: nil, reason: "局长办公会", command: .random(),
            by: try await world.performer(world.head))
        return world
    }

    private func data(_ world: BureauWorld, _ person: ThreadTag? = nil) async throws -> PersonChange {
        PersonChange(try await world.casebook.history(of: person ?? world.officer))
    }

    @discardableResult
    private func amend(
        _ world: BureauWorld, of person: ThreadTag? = nil, reason: String = "换发新证", expecting: Int? = nil,
        command: CommandID = .random(), _ edit: (inout PersonChange) -> Void
    ) async throws -> AppendReceipt {
        var change = try await data(world, person)
        edit(&change)
        return try await world.casebook.amend(
            change, of: person ?? world.officer, reason: reason, expecting: expecting, command: command,
            by: try await world.performer(world.administrator))
    }

    private func proposal(_ world: BureauWorld) async throws -> PersonProposal {
        try #require(try await world.chambers.upkeep().personProposals.last)
    }

    private typealias Edit = @Sendable (inout PersonChange) -> Void

    /// What waits, by the members that do.
    private func waiting(_ until: CivilDay) -> [(what: String, members: [String], edit: Edit)] {
        [
            ("the name", ["name"], { $0.name = "邻县局长" }),
            ("another number", ["certificateNumber"], { $0.certificateNumber = "国-假0001" }),
            ("another kind", ["certificateKind"], { $0.certificateKind = "国家执法证" }),
            ("a later end", ["certificateUntil"], { $0.certificateUntil = until.advanced(by: 1) }),
            (
                "a new certificate with an earlier end", ["certificateNumber", "certificateUntil"],
                {
                    $0.certificateNumber = "统执9"
                    $0.certificateUntil = until.advanced(by: -9)
                }
            ),
            (
                "all at once", ["certificateKind", "certificateNumber", "certificateUntil", "name"],
                {
                    ($0.name, $0.certificateKind, $0.certificateNumber) = ("假官丙", "国家执法证", "国-假0001")
                    $0.certificateUntil = until.advanced(by: 400)
                }
            ),
        ]
    }

    @Test("each of name, number, kind and a longer end waits with a reason; the second person's decision records it")
    func eachMember() async throws {
        let until = try #require(try await data(try await world()).certificateUntil)
        for (what, members, edit) in waiting(until) {
            let world = try await self.world()
            let before = try await data(world)
            let silent = try await world.refusal(what) { try await amend(world, reason: " ", edit) }
            #expect(silent?.fields.map(\.name) == ["reason"], "\(what)")
            #expect(try await amend(world, edit).answer["waits"] == true, "\(what)")
            #expect(try await data(world) == before, "\(what)")
            let proposal = try await self.proposal(world)
            #expect(proposal.changes.map(\.member) == members, "\(what)")
            var wanted = before
            edit(&wanted)
            #expect(proposal.changes.allSatisfy { $0.before == before.text(of: $0.member) }, "\(what)")
            #expect(proposal.changes.allSatisfy { $0.after == wanted.text(of: $0.member) }, "\(what)")
            #expect(proposal.reason == "换发新证" && proposal.proposedBy == world.administrator)
            let start = Instant(milliseconds: 0)
            let asked = try await world.chambers.upkeep()
            #expect(asked.unread(by: world.officer, since: start).map(\.kind) == [.personProposed], "\(what)")
            #expect(asked.unread(by: .random(), since: start).isEmpty)
            _ = try await world.casebook.confirmPerson(
                proposal.seq, command: .random(), by: try await world.performer(world.head))
            #expect(try await data(world) == wanted, "\(what)")
            let carried = try #require(try await world.casebook.history(of: world.officer).last)
            #expect(carried.type == .personChanged && carried.actor == world.head, "\(what)")
            let told = try await world.chambers.upkeep()
            #expect(told.personProposals.isEmpty)
            #expect(
                told.unread(by: world.officer, since: start).map(\.kind) == [.personProposed, .personChanged], "\(what)"
            )
            #expect(told.unread(by: world.head, roles: [.agencyHead], since: start).last?.about == proposal.seq)

            // While the bureau is being set up one person registers, and mends what was registered.
            let new = try await self.world(founded: false)
            #expect(try await amend(new, reason: "", edit).answer["waits"] == false, "\(what)")
            #expect(try await data(new) == wanted, "\(what)")
        }
    }

    @Test("what takes a right away, and the section, change at once and without a reason")
    func atOnce() async throws {
        let until = try #require(try await data(try await world()).certificateUntil)
        let edits: [(String, Edit)] = [
            ("the section", { $0.section = "法规科" }),
            ("an earlier end", { $0.certificateUntil = until.advanced(by: -1) }),
            ("a certificate given back", { ($0.certificateNumber, $0.certificateKind) = ("", "") }),
            ("its number alone", { $0.certificateNumber = "" }),
        ]
        for (what, edit) in edits {
            let world = try await self.world()
            var wanted = try await data(world)
            edit(&wanted)
            #expect(try await amend(world, reason: "", edit).answer["waits"] == false, "\(what)")
            #expect(try await data(world) == wanted, "\(what)")
            #expect(try await world.chambers.upkeep().personProposals.isEmpty)
        }
    }

    @Test("a certificate that ended is not made valid again by one person, by whatever steps")
    func restored() async throws {
        let world = try await world()
        let day = world.clock.now().day
        try await amend(world, reason: "") { $0.certificateUntil = day.advanced(by: -1) }
        #expect(try await amend(world) { $0.certificateUntil = day.advanced(by: 1) }.answer["waits"] == true)
        #expect(try await world.registers.person(world.officer)?.isCertified(on: day) == false)
        let seq = try await proposal(world).seq
        _ = try await world.casebook.declinePerson(
            seq, reason: "证件没有换发", command: .random(), by: try await world.performer(world.head))
        // Given back, then registered again: the number is a new one then, and so is its end.
        try await amend(world, reason: "") { ($0.certificateNumber, $0.certificateKind) = ("", "") }
        for edit: Edit in [
            { $0.certificateUntil = day.advanced(by: 900) }, { $0.certificateNumber = "统执1" },
            { $0.certificateKind = "统计执法证" },
        ] {
            #expect(try await amend(world, edit).answer["waits"] == true)
            let seq = try await proposal(world).seq
            _ = try await world.casebook.declinePerson(
                seq, reason: "不妥", command: .random(), by: try await world.performer(world.administrator))
        }
        #expect(try await world.registers.person(world.officer)?.isCertified(on: day) == false)
        // A certificate without an end is valid for good: its first end shortens it.
        try await amend(world, of: world.head) { $0.certificateNumber = "局0001" }
        let first = try await proposal(world).seq
        let refusal = try await world.refusal("confirmed by whom it is about") {
            _ = try await world.casebook.confirmPerson(
                first, command: .random(), by: try await world.performer(world.head))
        }
        #expect(refusal?.code == .notAllowed)
    }

    @Test("what waits and what does not go apart; the section does not wait for the name")
    func apart() async throws {
        let world = try await world()
        let name = try await data(world).name
        let edit: Edit = { ($0.name, $0.section) = ("假官丙", "法规科") }
        #expect(try await amend(world, edit).answer["waits"] == true)
        #expect(try await data(world).name == name)
        #expect(try await data(world).section == "法规科")
        #expect(try await proposal(world).changes.map(\.member) == ["name"])
        let twice = try await world.refusal("two changes of one person at once") {
            try await amend(world) { $0.name = "假官丁" }
        }
        #expect(twice?.code == .outOfOrder)
        // Somebody else's may wait beside it.
        #expect(try await amend(world, of: world.head) { $0.name = "邻县局长" }.answer["waits"] == true)
        #expect(try await world.chambers.upkeep().personProposals.count == 2)
    }

    @Test("nobody confirms what they prepared, nor of themselves, nor without the secret, nor a bystander, nor twice")
    func whoConfirms() async throws {
        let world = try await world()
        try await amend(world) { $0.name = "周一洲" }
        let seq = try await proposal(world).seq
        func confirm(_ performer: Performer) async throws {
            _ = try await world.casebook.confirmPerson(seq, command: .random(), by: performer)
        }
        let refusals: [(String, Performer, StepRefusal.Code)] = [
            ("the administrator", try await world.performer(world.administrator), .notAllowed),
            (
                "the administrator as head", try await world.performer(world.administrator, adding: .agencyHead),
                .notAllowed
            ),
            ("whom it is about", try await world.performer(world.officer, adding: .agencyHead), .notAllowed),
            ("without the secret", try await world.performer(world.head, confirmed: false), .secretNeeded),
        ]
        for (who, performer, code) in refusals {
            #expect(try await world.refusal(who) { try await confirm(performer) }?.code == code, "\(who)")
        }
        let head = try await world.performer(world.head)
        let command = CommandID.random()
        let first = try await world.casebook.confirmPerson(seq, command: command, by: head)
        let again = try await world.casebook.confirmPerson(seq, command: command, by: head)
        #expect(!first.repeated && again.repeated)
        #expect(try await world.refusal("twice") { try await confirm(head) }?.code == .outOfOrder)
        #expect(try await data(world).name == "周一洲")
    }

    @Test("turned down or taken back, with a reason, it changes nothing and its person is told")
    func declined() async throws {
        for byHead in [true, false] {
            let world = try await self.world()
            let before = try await data(world)
            try await amend(world) { $0.name = "假官丙" }
            let seq = try await proposal(world).seq
            func decline(_ tag: ThreadTag, _ reason: String) async throws {
                _ = try await world.casebook.declinePerson(
                    seq, reason: reason, command: .random(), by: try await world.performer(tag))
            }
            let officer = try await world.refusal("an officer") { try await decline(world.officer, "不") }
            #expect(officer?.code == .notAllowed)
            let tag = byHead ? world.head : world.administrator
            #expect(try await world.refusal("no reason") { try await decline(tag, " ") }?.code == .invalid)
            try await decline(tag, "没有依据")
            let upkeep = try await world.chambers.upkeep()
            #expect(upkeep.personProposals.isEmpty)
            #expect(try await data(world) == before)
            #expect(
                upkeep.unread(by: world.officer, since: Instant(milliseconds: 0)).map(\.kind)
                    == [.personProposed, .personDeclined])
        }
    }

    @Test("an old form is refused, the same form sent twice is one proposal, and what moved is not confirmed")
    func replayed() async throws {
        let world = try await world()
        let seq = try await world.casebook.history(of: world.officer).count
        let command = CommandID.random()
        let edit: Edit = { $0.certificateUntil = $0.certificateUntil?.advanced(by: 30) }
        let first = try await amend(world, expecting: seq, command: command, edit)
        let again = try await amend(world, expecting: seq, command: command, edit)
        #expect(!first.repeated && again.repeated)
        #expect(try await world.chambers.upkeep().personProposals.count == 1)
        // The certificate is shortened at once meanwhile: the second person saw another old end.
        try await amend(world, reason: "", expecting: seq) {
            $0.certificateUntil = $0.certificateUntil?.advanced(by: -30)
        }
        let old = try await world.refusal("a form of before") {
            try await amend(world, reason: "", expecting: seq) { $0.section = "法规科" }
        }
        #expect(old?.code == .stale)
        let proposal = try await self.proposal(world)
        let stale = try await world.refusal("what moved") {
            _ = try await world.casebook.confirmPerson(
                proposal.seq, command: .random(), by: try await world.performer(world.head))
        }
        #expect(stale?.code == .stale)
    }

    @Test("a number that somebody else has is refused before anybody is asked to confirm it")
    func numberTaken() async throws {
        let world = try await world()
        let taken = try await world.refusal("another's number") {
            try await amend(world, of: world.head) { $0.certificateNumber = "统执1" }
        }
        #expect(taken?.fields.map(\.name) == ["certificateNumber"])
    }

    @Test("a list of people changes nobody who is registered, in a bureau at work or not")
    func roster() async throws {
        for founded in [true, false] {
            let world = try await self.world(founded: founded)
            let known = try await world.registers.persons()
            let account = try #require(known.first { $0.thread == world.officer }?.account)
            for row in [
                "邻县局长,检查科,国家执法证,统执1,2099-12-31,执法人员,xin", "邻县局长,检查科,国家执法证,国-假0001,2099-12-31,执法人员,\(account)",
            ] {
                let roster = Roster("姓名,科室,证件名称,证件号码,有效期至,职责,登录名\n\(row)\n", known: known) { _ in .random() }
                #expect(roster.persons.isEmpty && !roster.problems.isEmpty, "\(row)")
            }
            // Nor does a person who is registered once more under the thread of another.
            let double = NewPerson(
                thread: world.officer, name: "邻县局长", section: "", certificateNumber: "国-假0001", roles: [.officer],
                account: nil)
            let taken = try await world.refusal("a person registered over another") {
                _ = try await world.casebook.register(
                    double, command: .random(), by: try await world.performer(world.administrator))
            }
            #expect(taken?.code == .taken)
        }
    }

    @Test("with nobody left to confirm it waits all the same, until the server does and everybody is told")
    func onServer() async throws {
        let world = try await world()
        try await amend(world) { $0.name = "周一洲" }
        let able = try await world.refusal("on the server though the head can") {
            _ = try await world.casebook.confirmOnServer(world.officer, command: .random())
        }
        #expect(able?.code == .notAllowed)
        _ = try await world.casebook.closeAccount(
            of: world.head, reason: "离任", command: .random(), by: try await world.performer(world.administrator))
        _ = try await world.casebook.confirmOnServer(world.officer, command: .random())
        #expect(try await data(world).name == "周一洲")
        #expect(try await world.chambers.upkeep().notices.last?.kind == .secondOnServer)
    }
}
