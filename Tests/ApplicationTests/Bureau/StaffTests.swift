import Application
import Casework
import Kernel
import Ledger
import TestKit
import Testing

@Suite("People and their accounts")
struct StaffTests {
    private func newcomer(_ name: String = "林小满", account: String? = "lin", certificate: String = "统执2") -> NewPerson {
        NewPerson(
            thread: .random(), name: name, section: "检查科", certificateKind: "统计执法证", certificateNumber: certificate,
            certificateUntil: CivilDay("2030-12-31"), roles: [.officer], account: account)
    }

    @Test("every act on people is refused without the role, without the secret, and on oneself")
    func refusals() async throws {
        let world = try await BureauWorld()
        let casebook = world.casebook
        typealias Act = (Performer, ThreadTag) async throws -> Void
        let today = world.clock.now().day
        let acts: [(name: String, onSelf: Bool, act: Act)] = [
            ("register", true, { by, _ in _ = try await casebook.register(newcomer(), command: .random(), by: by) }),
            (
                "amend", true,
                { by, tag in
                    let change = PersonChange(
                        name: "改", section: "", certificateKind: "", certificateNumber: "", certificateUntil: nil)
                    _ = try await casebook.amend(change, of: tag, command: .random(), by: by)
                }
            ),
            (
                "roles", false,
                { by, tag in
                    _ = try await casebook.change(
                        roles: [.custodian], of: tag, on: today, reason: "任命", command: .random(), by: by)
                }
            ),
            (
                "reset", false,
                { by, tag in
                    _ = try await casebook.resetAccount(of: tag, reason: "忘记", command: .random(), by: by)
                }
            ),
            (
                "close", false,
                { by, tag in
                    _ = try await casebook.closeAccount(of: tag, reason: "调离", command: .random(), by: by)
                }
            ),
            (
                "open", false,
                { by, tag in
                    _ = try await casebook.openAccount(named: "zhou2", of: tag, command: .random(), by: by)
                }
            ),
        ]
        for (name, onSelf, act) in acts {
            for role in Role.allCases where role != .administrator {
                let person = try await world.performer(world.officer, adding: role)
                let refusal = try await world.refusal("\(name) as \(role)") { try await act(person, world.head) }
                #expect(refusal?.code == .notAllowed, "\(name) as \(role)")
                #expect(refusal?.message.contains("系统管理员") == true)
            }
            let unproven = try await world.performer(world.administrator, confirmed: false)
            let secret = try await world.refusal("\(name) without secret") { try await act(unproven, world.head) }
            #expect(secret?.code == .secretNeeded, "\(name)")
            if !onSelf {
                let administrator = try await world.performer(world.administrator)
                let own = try await world.refusal("\(name) on oneself") {
                    try await act(administrator, world.administrator)
                }
                #expect(own?.code == .notAllowed, "\(name)")
            }
        }
    }

    @Test("roles change with day and reason, only where something changes, and never ahead of time")
    func roles() async throws {
        let world = try await BureauWorld()
        let by = try await world.performer(world.administrator)
        let today = world.clock.now().day
        func change(_ roles: Set<Role>, _ day: CivilDay, _ reason: String) async throws {
            _ = try await world.casebook.change(
                roles: roles, of: world.officer, on: day, reason: reason, command: .random(), by: by)
        }
        let early = try await world.refusal("a later day") {
            try await change([.custodian], today.advanced(by: 1), "任命")
        }
        #expect(early?.fields.map(\.name) == ["day"])
        let silent = try await world.refusal("no reason") { try await change([.custodian], today, " ") }
        #expect(silent?.fields.map(\.name) == ["reason"])
        let same = try await world.refusal("the same roles") { try await change([.officer], today, "任命") }
        #expect(same?.fields.map(\.name) == ["roles"])
        try await change([.custodian, .unitHead], today.advanced(by: -3), "统党组〔2026〕1号")
        #expect(Set(try #require(try await world.registers.person(world.officer)).roles) == [.custodian, .unitHead])
        let records = try await world.casebook.history(of: world.officer).suffix(3)
        #expect(records.map(\.type) == [.roleWithdrawn, .roleGranted, .roleGranted])
        #expect(records.allSatisfy { $0.text("reason") == "统党组〔2026〕1号" && $0.actor == world.administrator })
        #expect(records.last?.word("from") == today.advanced(by: -3).description)
    }

    @Test("an account is reset, closed and opened again under its old name; each state refuses what does not fit it")
    func account() async throws {
        let world = try await BureauWorld()
        let by = try await world.performer(world.administrator)
        func state() async throws -> PersonRow.AccountState? {
            try await world.registers.person(world.officer)?.accountState
        }
        func open() async throws {
            _ = try await world.casebook.openAccount(named: "new", of: world.officer, command: .random(), by: by)
        }
        func reset() async throws {
            _ = try await world.casebook.resetAccount(of: world.officer, reason: "忘记", command: .random(), by: by)
        }
        func close() async throws {
            _ = try await world.casebook.closeAccount(of: world.officer, reason: "调离", command: .random(), by: by)
        }
        #expect(try await world.refusal("opening an open account") { try await open() }?.code == .outOfOrder)
        try await reset()
        #expect(try await state() == .reset)
        try await reset()
        try await close()
        #expect(try await state() == .closed)
        #expect(try await world.refusal("closing twice") { try await close() }?.code == .outOfOrder)
        #expect(try await world.refusal("resetting a closed account") { try await reset() }?.code == .outOfOrder)
        try await open()
        #expect(try await state() == .open)
        #expect(try await world.registers.person(world.officer)?.account == "officer")
    }

    @Test("persons of one list are registered all or none")
    func allOrNone() async throws {
        let world = try await BureauWorld()
        let by = try await world.performer(world.administrator)
        // The officer of the founding has the certificate and the sign-in name already.
        for second in [
            newcomer("乙", account: "officer", certificate: "统执9"), newcomer("乙", account: "yi", certificate: "统执1"),
        ] {
            let refusal = try await world.refusal("a taken name or certificate") {
                _ = try await world.casebook.register([newcomer(), second], command: .random(), by: by)
            }
            #expect(refusal?.code == .taken)
            #expect(try await world.registers.persons().count == 3)
        }
        _ = try await world.casebook.register([newcomer()], command: .random(), by: by)
        #expect(try await world.registers.persons().count == 4)
    }

    @Test("every write refuses while recording is stopped or the disk is full, then goes through, and only once")
    func faults() async throws {
        let world = try await BureauWorld()
        let by = try await world.performer(world.administrator)
        let casebook = world.casebook
        let person = newcomer()
        let today = world.clock.now().day
        var settings = BureauSettings(try await world.chambers.profile())
        settings.mark = "清禾统"
        let changed = settings
        let officer = try #require(try await world.registers.person(world.officer))
        let change = PersonChange(
            name: "周一舟", section: "法规科", certificateKind: "", certificateNumber: officer.certificateNumber,
            certificateUntil: officer.certificateUntil)
        let seq = try await world.chambers.records().count
        let table = try #require(world.library.newestCalendars.last)
        let writes: [(String, (CommandID) async throws -> Void)] = [
            ("settings", { _ = try await casebook.change(changed, expecting: seq, command: $0, by: by) }),
            ("register", { _ = try await casebook.register(person, command: $0, by: by) }),
            ("amend", { _ = try await casebook.amend(change, of: world.officer, command: $0, by: by) }),
            (
                "roles",
                {
                    _ = try await casebook.change(
                        roles: [.officer, .custodian], of: world.officer, on: today, reason: "任命", command: $0, by: by)
                }
            ),
            ("reset", { _ = try await casebook.resetAccount(of: world.officer, reason: "忘记", command: $0, by: by) }),
            ("close", { _ = try await casebook.closeAccount(of: world.officer, reason: "调离", command: $0, by: by) }),
            ("open", { _ = try await casebook.openAccount(named: "", of: world.officer, command: $0, by: by) }),
            ("calendar", { _ = try await casebook.adopt(calendar: table, command: $0, by: by) }),
            ("checkpoint", { _ = try await casebook.keepCheckpoint(at: "市局", command: $0, by: by) }),
            (
                "server reset",
                {
                    let row = try #require(try await world.registers.person(world.administrator))
                    _ = try await casebook.resetOnServer(row, bureau: world.thread, reason: "遗失", command: $0)
                }
            ),
        ]
        for (name, write) in writes {
            let command = CommandID.random()
            for error in [StoreError.stopped("磁盘写入出错。"), .full] {
                world.store.fail(with: error)
                let refusal = try await world.refusal("\(name), \(error)") { try await write(command) }
                #expect(refusal?.code == .stopped, "\(name)")
                world.store.fail(with: nil)
            }
            let before = try await world.size()
            try await write(command)
            let after = try await world.size()
            #expect(after > before, "\(name)")
            try await write(command)
            #expect(try await world.size() == after, "\(name) was carried out twice")
        }
    }

    @Test("a reset on the server is an entry and a notice to all who were registered, each of whom reads it once")
    func serverReset() async throws {
        let world = try await BureauWorld()
        world.clock.advance(minutes: 5)
        let row = try #require(try await world.registers.person(world.administrator))
        _ = try await world.casebook.resetOnServer(row, bureau: world.thread, reason: "遗失", command: .random())
        #expect(try await world.registers.person(world.administrator)?.accountState == .reset)
        let then = world.clock.now().advanced(byMilliseconds: -1)
        let notices = try await world.chambers.upkeep().unread(by: world.officer, since: then)
        #expect(notices.map(\.person) == [world.administrator])
        #expect(
            try await world.chambers.upkeep().unread(by: world.officer, since: then.advanced(byMilliseconds: 60_000))
                .isEmpty)
        _ = try await world.casebook.read(
            notices, command: .random(), by: try await world.performer(world.officer, confirmed: false))
        let upkeep = try await world.chambers.upkeep()
        #expect(upkeep.unread(by: world.officer, since: then).isEmpty)
        #expect(upkeep.unread(by: world.head, since: then).count == 1)
    }
}
