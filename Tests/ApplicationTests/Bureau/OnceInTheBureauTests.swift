import Casework
import Kernel
import Ledger
import Rulebook
import Synchronization
import TestKit
import Testing

@testable import Application

/// The administration's forms are taken once as a case's steps are (ADR 0035): whatever rule would refuse the second
/// click, which found no answer yet and then a bureau that the first has moved.
@Suite("Once and only once, in the bureau")
struct OnceInTheBureauTests {
    private typealias Act = @Sendable (CommandID) async throws -> AppendReceipt

    /// Sends one command twice: the second has found no receipt when the first is carried out whole.
    private func twice(_ name: String, in world: BureauWorld, _ act: @escaping Act) async throws {
        let command = CommandID.random()
        let first = Mutex<Result<AppendReceipt, any Error>?>(nil)
        world.troubled.afterNoReceipt {
            let result: Result<AppendReceipt, any Error>
            do { result = .success(try await act(command)) } catch { result = .failure(error) }
            first.withLock { $0 = result }
        }
        let second = try await act(command)
        let receipt = try #require(try first.withLock { $0 }?.get(), "\(name)")
        #expect(!receipt.repeated && second.repeated, "\(name)")
        #expect(second.indices == receipt.indices && second.answer == receipt.answer, "\(name)")
    }

    /// A bureau at work: the head stands by the parent law.
    private func founded() async throws -> BureauWorld {
        let world = try await BureauWorld()
        let parent = try #require(world.library.newest("parent-law"))
        let head = try await world.performer(world.head)
        try await twice("confirmRegulation", in: world) { command in
            try await world.casebook.confirmRegulation(
                parent.digest, approver: nil, custodian: nil, reason: "局长办公会", command: command, by: head)
        }
        return world
    }

    @Test("people: registering, amending, accounts")
    func people() async throws {
        let world = try await founded()
        let casebook = world.casebook
        let by = try await world.performer(world.administrator)
        let head = try await world.performer(world.head)
        let newcomer = NewPerson(thread: .random(), name: "新人", section: "法规科", roles: [.officer], account: "xin")
        try await twice("register one", in: world) { try await casebook.register(newcomer, command: $0, by: by) }
        let others = ["一", "二"].map {
            NewPerson(thread: .random(), name: "新人\($0)", section: "", roles: [.officer], account: nil)
        }
        try await twice("register many", in: world) { try await casebook.register(others, command: $0, by: by) }
        let change = PersonChange(
            name: "新人", section: "检查科", certificateKind: "", certificateNumber: "", certificateUntil: nil)
        try await twice("amend", in: world) {
            try await casebook.amend(change, of: newcomer.thread, command: $0, by: by)
        }
        let renamed = PersonChange(
            name: "新人甲", section: "检查科", certificateKind: "", certificateNumber: "", certificateUntil: nil)
        for confirmed in [false, true] {
            _ = try await casebook.amend(
                renamed, of: newcomer.thread, reason: "更名", command: .random(), by: by)
            let seq = try #require(try await world.chambers.upkeep().personProposals.first?.seq)
            try await twice("confirmPerson, declinePerson", in: world) {
                if confirmed {
                    try await casebook.confirmPerson(seq, command: $0, by: head)
                } else {
                    try await casebook.declinePerson(seq, reason: "不妥", command: $0, by: head)
                }
            }
        }
        try await twice("openAccount", in: world) {
            try await casebook.openAccount(named: "yi", of: others[0].thread, command: $0, by: by)
        }
        try await twice("resetAccount", in: world) {
            try await casebook.resetAccount(of: newcomer.thread, reason: "忘记", command: $0, by: by)
        }
        let own = try #require(try await world.registers.person(newcomer.thread))
        try await casebook.confirmAccount(of: own, command: .random())
        try await twice("vouch", in: world) {
            try await casebook.vouch(for: newcomer.thread, command: $0, by: head)
        }
        try await twice("closeAccount", in: world) {
            try await casebook.closeAccount(of: newcomer.thread, reason: "调离", command: $0, by: by)
        }
        let officer = try #require(try await world.registers.person(world.officer))
        try await twice("resetOnServer", in: world) {
            try await casebook.resetOnServer(officer, bureau: world.thread, reason: "忘记", command: $0)
        }
    }

    @Test("roles and posts: changing, confirming, turning down, assigning, ending")
    func roles() async throws {
        let world = try await founded()
        let casebook = world.casebook
        let by = try await world.performer(world.administrator)
        let head = try await world.performer(world.head)
        let today = world.clock.now().day
        func propose(_ role: Role) async throws -> Int {
            try await twice("change roles", in: world) {
                try await casebook.change(
                    roles: [.officer, role], of: world.officer, on: today, reason: "任命", command: $0, by: by)
            }
            return try #require(try await world.chambers.upkeep().roleProposals.last).seq
        }
        let declined = try await propose(.custodian)
        try await twice("declineRoles", in: world) {
            try await casebook.declineRoles(declined, reason: "不妥", command: $0, by: head)
        }
        let confirmed = try await propose(.legalReviewer)
        try await twice("confirmRoles", in: world) {
            try await casebook.confirmRoles(confirmed, command: $0, by: head)
        }
        var seq = try await world.chambers.records().count
        let assignment = PostAssignment(
            post: "legalReviewer", person: world.officer, section: "legalAffairs", scope: "", from: today)
        try await twice("assign", in: world) { [seq] in
            try await casebook.assign(assignment, expecting: seq, command: $0, by: by)
        }
        seq = try await world.chambers.records().count
        try await twice("endPost", in: world) { [seq] in
            try await casebook.endPost(
                "legalReviewer", of: world.officer, on: today, reason: "调离", expecting: seq, command: $0, by: by)
        }
    }

    @Test("what waits for the server, where nobody of the bureau can confirm")
    func server() async throws {
        let world = try await founded()
        let casebook = world.casebook
        let by = try await world.performer(world.administrator)
        _ = try await casebook.change(
            roles: [.officer, .agencyHead], of: world.officer, on: world.clock.now().day, reason: "任命",
            command: .random(), by: by)
        _ = try await casebook.closeAccount(of: world.head, reason: "退休", command: .random(), by: by)
        try await twice("confirmOnServer", in: world) {
            try await casebook.confirmOnServer(world.officer, command: $0)
        }
        #expect(try await world.registers.person(world.officer)?.roles.contains(.agencyHead) == true)
        #expect(try await world.chambers.upkeep().roleProposals.isEmpty)
    }

    @Test("rules: proposing, confirming, turning down")
    func rules() async throws {
        let world = try await BureauWorld()
        let casebook = world.casebook
        let by = try await world.performer(world.administrator)
        let head = try await world.performer(world.head)
        let change = RuleChange(
            act: .adopt, digest: world.other, day: world.clock.now().day.advanced(by: 10), approver: .agencyHead,
            custodian: .custodian, reason: "统党组〔2026〕5号")
        for act in ["declineProposal", "confirmProposal"] {
            try await twice("propose", in: world) { try await casebook.propose(change, command: $0, by: by) }
            let seq = try #require(try await world.chambers.upkeep().proposals.last).seq
            try await twice(act, in: world) { command in
                guard act == "declineProposal" else {
                    return try await casebook.confirmProposal(seq, command: command, by: head)
                }
                return try await casebook.declineProposal(seq, reason: "不采用", command: command, by: head)
            }
        }
    }

    @Test("settings and public holidays: changing, confirming, turning down, adopting")
    func settings() async throws {
        let world = try await founded()
        let casebook = world.casebook
        let by = try await world.performer(world.administrator)
        let head = try await world.performer(world.head)
        var settings = BureauSettings(try await world.chambers.profile())
        settings.mark = "清禾统"
        settings.offices = ["start-approver": "deputyHead"]
        settings.reason = "局务会〔2026〕3号"
        for act in ["declineSettings", "confirmSettings"] {
            let count = try await world.chambers.records().count
            try await twice("change settings", in: world) { [settings] in
                try await casebook.change(settings, expecting: count, command: $0, by: by)
            }
            let seq = try #require(try await world.chambers.upkeep().settingProposals.last).seq
            try await twice(act, in: world) { command in
                guard act == "declineSettings" else {
                    return try await casebook.confirmSettings(seq, command: command, by: head)
                }
                return try await casebook.declineSettings(seq, reason: "不妥", command: command, by: head)
            }
        }
        let year = try #require(world.library.newestCalendars.last)
        try await twice("adopt a calendar", in: world) {
            try await casebook.adopt(calendar: year, command: $0, by: by)
        }
    }

    @Test("a clock that was stopped is resumed once, and the entry says how far it was off when it stopped")
    func clock() async throws {
        let world = try await founded()
        let persons = try TwoPersons(
            administrator: try await world.performer(world.administrator), second: try await world.performer(world.head)
        )
        let now = world.clock.now()
        let last = now.advanced(byMilliseconds: -60_000)
        for (verdict, word, off) in [
            (ClockRule.Verdict.ahead(600_007), "ahead", Int64(600_007)), (.back(65_000), "back", 65_000),
        ] {
            // It leapt and was set right again: both readings agree by now.
            let wrong = now.advanced(byMilliseconds: word == "back" ? -off : off)
            world.troubled.stopClock(ClockStop(verdict: verdict, lastEntry: last, stoppedAt: wrong, now: now))
            let before = try await world.chambers.records().count
            try await twice("resumeClock", in: world) {
                try await world.casebook.resumeClock(reason: "主板电池", command: $0, by: persons)
            }
            let resumed = try await world.chambers.records().dropFirst(before).filter { $0.type == .clockResumed }
            #expect(resumed.count == 1 && resumed.first?.word("verdict") == word)
            #expect(resumed.first?.number("offBy") == off)
            #expect(resumed.first?.number("stoppedAt") == wrong.milliseconds)
        }
    }

    @Test("keeping: media, notices, a lock file that is gone")
    func keeping() async throws {
        let world = try await founded()
        let casebook = world.casebook
        let by = try await world.performer(world.administrator)
        let medium = String(repeating: "a", count: 32)
        _ = try await casebook.record(
            [
                Fact(
                    .backupMade, in: world.thread,
                    plain: [
                        "entries": 1, "generationBegan": .integer(world.clock.now().milliseconds),
                        "medium": .string(medium), "objects": 0, "root": .string(Digest.zero.description), "size": 1,
                    ])
            ], by: .system, command: .random())
        try await twice("retire a medium", in: world) {
            try await casebook.retire(medium: medium, reason: "剪碎", command: $0, by: by)
        }
        let persons = try TwoPersons(administrator: by, second: try await world.performer(world.head))
        try await twice("adoptLock", in: world) {
            try await casebook.adoptLock(reason: "锁文件丢失", command: $0, by: persons)
        }
        let notices = try await world.chambers.upkeep().notices
        #expect(!notices.isEmpty)
        let officer = try await world.performer(world.officer)
        try await twice("read notices", in: world) {
            try await casebook.read(notices, command: $0, by: officer)
        }
    }
}
