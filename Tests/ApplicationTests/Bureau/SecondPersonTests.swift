import Casework
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application

/// No administrator alone changes who decides cases, once the agency head stands by a text.
@Suite("The second person")
struct SecondPersonTests {
    /// A bureau at work: the head stands by the parent law; a second head only where asked for.
    private func world(founded: Bool = true) async throws -> BureauWorld {
        let world = try await BureauWorld()
        guard founded else { return world }
        let parent = try #require(world.library.newest("parent-law"))
        _ = try await world.casebook.confirmRegulation(
            parent.digest, approver: nil, custodian: nil, reason: "局长办公会", command: .random(),
            by: try await world.performer(world.head))
        return world
    }

    private func roles(_ world: BureauWorld, _ person: ThreadTag) async throws -> Set<Role> {
        Set(try #require(try await world.registers.person(person)).roles)
    }

    @discardableResult
    private func change(_ world: BureauWorld, _ person: ThreadTag, to roles: Set<Role>) async throws -> Bool {
        let receipt = try await world.casebook.change(
            roles: roles, of: person, on: world.clock.now().day, reason: "任命", command: .random(),
            by: try await world.performer(world.administrator))
        return receipt.answer["waits"] == true
    }

    @Test(
        "each role that decides waits for the agency head; before the head stands by a text one person gives them all")
    func everyRole() async throws {
        for role in Role.allCases where role != .officer {
            let founded = try await self.world()
            #expect(try await change(founded, founded.officer, to: [.officer, role]), "\(role)")
            #expect(try await roles(founded, founded.officer) == [.officer], "\(role)")
            let proposal = try #require(try await founded.chambers.upkeep().roleProposals.first)
            #expect(proposal.granted == [role] && proposal.person == founded.officer)
            _ = try await founded.casebook.confirmRoles(
                proposal.seq, command: .random(), by: try await founded.performer(founded.head))
            #expect(try await roles(founded, founded.officer) == [.officer, role], "\(role)")
            #expect(try await founded.chambers.upkeep().roleProposals.isEmpty)

            let new = try await self.world(founded: false)
            #expect(try await !change(new, new.officer, to: [.officer, role]), "\(role)")
            #expect(try await roles(new, new.officer) == [.officer, role], "\(role)")
            #expect(try await new.chambers.upkeep().notices.isEmpty)
        }
        let world = try await self.world()
        #expect(try await !change(world, world.officer, to: []))
        #expect(try await roles(world, world.officer).isEmpty)
    }

    @Test("nobody confirms what they prepared, nor what concerns themselves, nor without the secret, nor twice")
    func whoConfirms() async throws {
        let world = try await self.world()
        try await change(world, world.officer, to: [.officer, .legalReviewer])
        let seq = try #require(try await world.chambers.upkeep().roleProposals.first?.seq)
        func confirm(_ performer: Performer) async throws {
            _ = try await world.casebook.confirmRoles(seq, command: .random(), by: performer)
        }
        let refusals: [(String, Performer, StepRefusal.Code)] = [
            ("the administrator", try await world.performer(world.administrator), .notAllowed),
            (
                "the administrator as head", try await world.performer(world.administrator, adding: .agencyHead),
                .notAllowed
            ),
            ("the person concerned", try await world.performer(world.officer, adding: .agencyHead), .notAllowed),
            ("without the secret", try await world.performer(world.head, confirmed: false), .secretNeeded),
        ]
        for (who, performer, code) in refusals {
            #expect(try await world.refusal(who) { try await confirm(performer) }?.code == code, "\(who)")
        }
        let head = try await world.performer(world.head)
        let command = CommandID.random()
        let first = try await world.casebook.confirmRoles(seq, command: command, by: head)
        let again = try await world.casebook.confirmRoles(seq, command: command, by: head)
        #expect(again.repeated && !first.repeated)
        #expect(try await world.refusal("twice") { try await confirm(head) }?.code == .outOfOrder)
        let records = try await world.casebook.history(of: world.officer)
        #expect(records.last?.type == .roleGranted && records.last?.actor == world.head)
    }

    @Test(
        "a proposal is turned down by the head or taken back by the administrator, with a reason, and changes nothing")
    func declined() async throws {
        for who in ["head", "administrator", "officer"] {
            let world = try await self.world()
            try await change(world, world.officer, to: [.officer, .custodian])
            let seq = try #require(try await world.chambers.upkeep().roleProposals.first?.seq)
            let tag = ["head": world.head, "administrator": world.administrator][who] ?? world.officer
            let performer = try await world.performer(tag)
            func decline(_ reason: String) async throws {
                _ = try await world.casebook.declineRoles(seq, reason: reason, command: .random(), by: performer)
            }
            if who == "officer" {
                #expect(try await world.refusal(who) { try await decline("不") }?.code == .notAllowed)
                continue
            }
            #expect(try await world.refusal(who) { try await decline(" ") }?.code == .invalid)
            let same = try await world.refusal("the same again") {
                try await change(world, world.officer, to: [.officer, .custodian])
            }
            #expect(same?.code == .outOfOrder)
            try await decline("人选不妥")
            #expect(try await world.chambers.upkeep().roleProposals.isEmpty)
            #expect(try await roles(world, world.officer) == [.officer])
        }
    }

    @Test("newcomers are registered at once, and what they decide waits")
    func newcomers() async throws {
        let world = try await self.world()
        let newcomer = NewPerson(
            thread: .random(), name: "新人", section: "法规科", roles: [.officer, .legalReviewer, .unitHead], account: "xin")
        let receipt = try await world.casebook.register(
            newcomer, command: .random(), by: try await world.performer(world.administrator))
        #expect(receipt.answer["waits"] == true)
        #expect(try await roles(world, newcomer.thread) == [.officer])
        let proposal = try #require(try await world.chambers.upkeep().roleProposals.first)
        #expect(Set(proposal.granted) == [.legalReviewer, .unitHead])
        _ = try await world.casebook.confirmRoles(
            proposal.seq, command: .random(), by: try await world.performer(world.head))
        #expect(try await roles(world, newcomer.thread) == [.officer, .legalReviewer, .unitHead])
    }

    @Test("a newcomer's account waits from the first, whatever roles it has, and nobody vouches before its own secret")
    func newcomersAccounts() async throws {
        for roles in Role.allCases.map({ [$0] }) + [[]] {
            let world = try await self.world()
            let newcomer = NewPerson(
                thread: .random(), name: "新人", section: "法规科", certificateNumber: "统执9",
                certificateUntil: world.clock.now().day.advanced(by: 9), roles: roles, account: "xin")
            _ = try await world.casebook.register(
                newcomer, command: .random(), by: try await world.performer(world.administrator))
            func row() async throws -> PersonRow { try #require(try await world.registers.person(newcomer.thread)) }
            #expect(try await row().accountState == .waiting, "\(roles)")
            let held = try await world.refusal("a newcomer who waits records") {
                _ = try await world.casebook.keepCheckpoint(
                    at: "市局", command: .random(), by: try await world.performer(newcomer.thread, adding: .custodian))
            }
            #expect(held?.code == .notAllowed)
            let head = try await world.performer(world.head)
            func vouch() async throws {
                _ = try await world.casebook.vouch(for: newcomer.thread, command: .random(), by: head)
            }
            let early = try await world.refusal("vouched for before the slip was used", vouch)
            #expect(early?.code == .outOfOrder && early?.message.contains("还没有设自己的密码") == true)
            try await world.casebook.holdBeforeOwnSecret(try await row(), isOneTime: true, command: .random())
            try await world.casebook.confirmAfterOwnSecret(newcomer.thread, command: .random())
            #expect(try await row().accountState == .waiting)
            // A later change of the secret is the person's own affair: it records nothing.
            let size = try await world.size()
            try await world.casebook.confirmAfterOwnSecret(newcomer.thread, command: .random())
            #expect(try await world.size() == size)
            let by = try await world.performer(world.administrator, adding: .agencyHead)
            let same = try await world.refusal("by who made the slip") {
                _ = try await world.casebook.vouch(for: newcomer.thread, command: .random(), by: by)
            }
            #expect(same?.code == .notAllowed)
            try await vouch()
            #expect(try await row().accountState == .open)
        }
    }

    @Test("an account of the founding waits if its slip is used only when the bureau works; those used before do not")
    func slipsOfTheFounding() async throws {
        let world = try await self.world(founded: false)
        let early = NewPerson(
            thread: .random(), name: "早到", section: "检查科", roles: [.legalReviewer], account: "zao")
        let late = NewPerson(thread: .random(), name: "迟到", section: "检查科", roles: [.unitHead], account: "chi")
        func state(_ tag: ThreadTag) async throws -> PersonRow.AccountState? {
            try await world.registers.person(tag)?.accountState
        }
        func firstSecret(_ tag: ThreadTag, isOneTime: Bool = true) async throws {
            let row = try #require(try await world.registers.person(tag))
            try await world.casebook.holdBeforeOwnSecret(row, isOneTime: isOneTime, command: .random())
            try await world.casebook.confirmAfterOwnSecret(tag, command: .random())
        }
        _ = try await world.casebook.register(
            [early, late], command: .random(), by: try await world.performer(world.administrator))
        #expect(try await state(early.thread) == .open)
        #expect(try await state(late.thread) == .open)
        try await firstSecret(early.thread)
        #expect(try await state(early.thread) == .open)
        let parent = try #require(world.library.newest("parent-law"))
        _ = try await world.casebook.confirmRegulation(
            parent.digest, approver: nil, custodian: nil, reason: "局长办公会", command: .random(),
            by: try await world.performer(world.head))
        try await firstSecret(early.thread, isOneTime: false)
        #expect(try await state(early.thread) == .open)
        try await firstSecret(late.thread)
        #expect(try await state(late.thread) == .waiting)
        _ = try await world.casebook.vouch(
            for: late.thread, command: .random(), by: try await world.performer(world.head))
        #expect(try await state(late.thread) == .open)
    }

    @Test(
        "the only head is replaced by nobody below, once closed on the server alone, and everybody is told")
    func headIsGone() async throws {
        let world = try await self.world()
        let by = try await world.performer(world.administrator)
        try await change(world, world.officer, to: [.officer, .departmentHead])
        let seq = try #require(try await world.chambers.upkeep().roleProposals.first?.seq)
        _ = try await world.casebook.confirmRoles(seq, command: .random(), by: try await world.performer(world.head))
        let deputy = world.officer
        let newcomer = NewPerson(thread: .random(), name: "接任", section: "局领导", roles: [], account: "jie")
        _ = try await world.casebook.register(newcomer, command: .random(), by: by)
        // Taking the office away waits too: otherwise a new head could be made behind the old one's back.
        #expect(try await change(world, world.head, to: []))
        #expect(try await roles(world, world.head) == [.agencyHead])
        _ = try await world.casebook.closeAccount(of: world.head, reason: "离任", command: .random(), by: by)
        #expect(try await world.chambers.upkeep().notices.last?.kind == .headClosed)
        #expect(try await change(world, newcomer.thread, to: [.agencyHead]))
        let proposal = try #require(try await world.chambers.upkeep().roleProposals.last)
        let below = try await world.refusal("named by a deputy") {
            _ = try await world.casebook.confirmRoles(
                proposal.seq, command: .random(), by: try await world.performer(deputy))
        }
        #expect(below?.code == .notAllowed && below?.message.contains("account second") == true)
        // Whose account it is the deputy can say; who is head is said on the server.
        try await world.casebook.confirmAfterOwnSecret(newcomer.thread, command: .random())
        _ = try await world.casebook.vouch(
            for: newcomer.thread, command: .random(), by: try await world.performer(deputy))
        _ = try await world.casebook.confirmOnServer(newcomer.thread, command: .random())
        #expect(try await roles(world, newcomer.thread) == [.agencyHead])

        _ = try await world.casebook.closeAccount(of: newcomer.thread, reason: "离任", command: .random(), by: by)
        _ = try await world.casebook.closeAccount(of: deputy, reason: "离任", command: .random(), by: by)
        // Nobody can confirm any more: it waits all the same, until whoever holds the server confirms it.
        let last = NewPerson(thread: .random(), name: "再任", section: "局领导", roles: [.agencyHead], account: "zai")
        let receipt = try await world.casebook.register(last, command: .random(), by: by)
        #expect(receipt.answer["waits"] == true)
        #expect(try await roles(world, last.thread).isEmpty)
        // Not even there before the person has used the slip.
        let early = try await world.refusal("on the server before the slip was used") {
            _ = try await world.casebook.confirmOnServer(last.thread, command: .random())
        }
        #expect(early?.code == .outOfOrder)
        try await world.casebook.confirmAfterOwnSecret(last.thread, command: .random())
        _ = try await world.casebook.confirmOnServer(last.thread, command: .random())
        #expect(try await roles(world, last.thread) == [.agencyHead])
        let notice = try #require(try await world.chambers.upkeep().notices.last)
        #expect(notice.kind == .secondOnServer && notice.person == last.thread && notice.by == nil)
    }

    @Test("an administrator who resets or closes every account that could confirm has won nothing")
    func everybodyElseReset() async throws {
        for closing in [false, true] {
            let world = try await self.world()
            let by = try await world.performer(world.administrator)
            let reviewer = ThreadTag.random()
            _ = try await world.casebook.record(
                try NewPerson(thread: reviewer, name: "方砚", section: "法规科", roles: [.legalReviewer], account: "fang")
                    .facts(),
                by: .system, command: .random())
            for tag in [world.head, reviewer] {
                if closing {
                    _ = try await world.casebook.closeAccount(of: tag, reason: "无", command: .random(), by: by)
                } else {
                    _ = try await world.casebook.resetAccount(of: tag, reason: "无", command: .random(), by: by)
                }
            }
            #expect(try await change(world, world.officer, to: [.officer, .agencyHead]))
            #expect(try await roles(world, world.officer) == [.officer])
            // The one-time secrets are the administrator's: with them the accounts are signed in to and wait.
            for tag in [world.head, reviewer] {
                let row = try #require(try await world.registers.person(tag))
                if closing {
                    _ = try await world.casebook.openAccount(named: "", of: tag, command: .random(), by: by)
                    try await world.casebook.confirmAfterOwnSecret(tag, command: .random())
                } else {
                    try await world.casebook.confirmAccount(of: row, command: .random())
                }
                #expect(try await world.registers.person(tag)?.accountState == .waiting)
            }
            let seq = try #require(try await world.chambers.upkeep().roleProposals.first?.seq)
            for tag in [world.head, reviewer] {
                let performer = try await world.performer(tag)
                let refusal = try await world.refusal("an account that waits") {
                    _ = try await world.casebook.confirmRoles(seq, command: .random(), by: performer)
                }
                #expect(refusal?.code == .notAllowed)
                let vouching = try await world.refusal("one that waits for another") {
                    _ = try await world.casebook.vouch(
                        for: tag == reviewer ? world.head : reviewer, command: .random(), by: performer)
                }
                #expect(vouching?.code == .notAllowed)
            }
            _ = try await world.casebook.confirmOnServer(world.head, command: .random())
            #expect(try await world.registers.person(world.head)?.accountState == .open)
            // Now somebody of the bureau can: the server does not stand in for them.
            let refusal = try await world.refusal("on the server though the head can") {
                _ = try await world.casebook.confirmOnServer(world.officer, command: .random())
            }
            #expect(refusal?.code == .notAllowed)
            let nothing = try await world.refusal("nothing waits") {
                _ = try await world.casebook.confirmOnServer(world.head, command: .random())
            }
            #expect(nothing?.code == .outOfOrder)
        }
    }

    @Test(
        "an account whose secret somebody else set records only after a second person vouched for it, an officer's too")
    func vouching() async throws {
        let world = try await self.world()
        let by = try await world.performer(world.administrator)
        let reviewer = ThreadTag.random()
        _ = try await world.casebook.record(
            try NewPerson(thread: reviewer, name: "方砚", section: "法规科", roles: [.legalReviewer], account: "fang")
                .facts(),
            by: .system, command: .random())
        func state(_ tag: ThreadTag) async throws -> PersonRow.AccountState? {
            try await world.registers.person(tag)?.accountState
        }
        func reset(_ tag: ThreadTag) async throws {
            _ = try await world.casebook.resetAccount(of: tag, reason: "忘记", command: .random(), by: by)
            let row = try #require(try await world.registers.person(tag))
            try await world.casebook.confirmAccount(of: row, command: .random())
        }
        try await reset(world.officer)
        #expect(try await state(world.officer) == .waiting)
        try await reset(reviewer)
        #expect(try await state(reviewer) == .waiting)
        let held = try await world.performer(reviewer)
        #expect(throws: StepRefusal.self) { try held.requireSecret() }
        for (who, tag) in [("the resetter", world.administrator), ("oneself", reviewer), ("an officer", world.officer)]
        {
            let performer = try await world.performer(tag)
            let refusal = try await world.refusal(who) {
                _ = try await world.casebook.vouch(for: reviewer, command: .random(), by: performer)
            }
            #expect(refusal?.code == .notAllowed, "\(who)")
        }
        let head = try await world.performer(world.head)
        _ = try await world.casebook.vouch(for: reviewer, command: .random(), by: head)
        #expect(try await state(reviewer) == .open)
        let twice = try await world.refusal("vouched for twice") {
            _ = try await world.casebook.vouch(for: reviewer, command: .random(), by: head)
        }
        #expect(twice?.code == .outOfOrder)
        // Closing and opening again gives a one-time secret too.
        _ = try await world.casebook.closeAccount(of: reviewer, reason: "借调", command: .random(), by: by)
        _ = try await world.casebook.openAccount(named: "", of: reviewer, command: .random(), by: by)
        #expect(try await state(reviewer) == .waiting)
        // The head's own account waits too, though the reviewer waits and nobody else decides.
        try await reset(world.head)
        #expect(try await state(world.head) == .waiting)
    }

    @Test("a reset by an administrator is told to its person and to the heads, by name and time, and to nobody else")
    func told() async throws {
        let world = try await self.world()
        let by = try await world.performer(world.administrator)
        _ = try await world.casebook.resetAccount(of: world.officer, reason: "忘记", command: .random(), by: by)
        let upkeep = try await world.chambers.upkeep()
        let start = Instant(milliseconds: 0)
        #expect(upkeep.unread(by: world.officer, roles: [.officer], since: start).map(\.by) == [world.administrator])
        #expect(upkeep.unread(by: world.head, roles: [.agencyHead], since: start).count == 1)
        #expect(upkeep.unread(by: .random(), roles: [.custodian], since: start).isEmpty)
    }
}
