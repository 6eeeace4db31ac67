import Casework
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application

/// Powers come from entries: a row of the register that says more gives nobody any, whichever road leads to the ledger
/// (ADR 0055).
@Suite("Powers come from entries")
struct PersonRollTests {
    /// Rows that whoever has the file may have written in the place of an officer's.
    private static func forged(_ row: PersonRow) -> [PersonRow] {
        var rows = [row, row, row, row, row, row]
        rows[0].roles.append(.agencyHead)
        rows[1].roles = []
        rows[2].accountState = .reset
        rows[3].certificateNumber = "统执9"
        rows[4].certificateUntil = row.certificateUntil?.advanced(by: 4000)
        rows[5].name = "另一人"
        return rows
    }

    private func refusal(_ act: () async throws -> Void) async throws -> StepRefusal? {
        do {
            try await act()
            return nil
        } catch { return try #require(error as? StepRefusal) }
    }

    @Test("no type of record is taken from a person of whom the register says something else, and it says what to do")
    func everyType() async throws {
        let world = try await BureauWorld()
        let right = try #require(try await world.registers.person(world.officer))
        for row in Self.forged(right) {
            world.registers.put(.person(row))
            let size = try await world.size()
            for type in EntryType.allCases {
                let refused = try await refusal {
                    _ = try await world.casebook.record(
                        [Fact(type, in: .random())], by: .person(world.officer), command: .random())
                }
                #expect(refused?.code == .unavailable, "\(type): \(String(describing: refused))")
                #expect(refused?.message.contains("人员登记与记录不一致") == true)
                #expect(refused?.message.contains("liuhen ledger rebuild") == true)
            }
            #expect(try await world.size() == size)
        }
        world.registers.put(.person(right))
        _ = try await world.casebook.record(
            [Fact(.noticeRead, in: .random())], by: .person(world.officer), command: .random())
    }

    @Test("a row that was removed, or one of somebody whom no entry registers, is no person")
    func noEntries() async throws {
        let world = try await BureauWorld()
        let right = try #require(try await world.registers.person(world.officer))
        world.registers.remove(ProjectionRow.person(right).key)
        #expect(
            try await refusal {
                _ = try await world.casebook.record(
                    [Fact(.noticeRead, in: .random())], by: .person(world.officer), command: .random())
            }?.code == .unavailable)
        var stranger = right
        stranger.thread = .random()
        stranger.account = "stranger"
        world.registers.put(.person(stranger))
        await #expect(throws: StoreError.self) { try await world.casebook.roll.person(account: "stranger") }
    }

    @Test("an entry that the signed head does not hold gives no power, nor does a thread that lost its end")
    func forgedEntries() async throws {
        let world = try await BureauWorld()
        let right = try #require(try await world.registers.person(world.officer))
        let head = try #require(try await world.store.head(of: world.officer))
        let role = Fact(.roleGranted, in: world.officer, plain: ["role": .string(Role.agencyHead.rawValue)])
        let forged = try Scribe(bureau: world.store.bureau).seal(
            [role], after: [world.officer: head], by: .person(world.administrator), command: .random(),
            at: world.clock.now())
        let size = try await world.size()
        world.store.forge(world.officer) { $0.append(LoggedEntry(index: size - 1, entry: forged[0])) }
        var row = right
        row.roles = [.agencyHead, .officer]
        world.registers.put(.person(row))
        await #expect(throws: StoreError.self) { try await world.casebook.roll.person(world.officer) }
        world.store.forge(world.officer) { $0.removeLast() }
        world.registers.put(.person(right))
        #expect(try await world.casebook.roll.person(world.officer) == right)
        world.store.forge(world.officer) { $0.removeLast() }
        await #expect(throws: StoreError.self) { try await world.casebook.roll.person(world.officer) }
    }

    @Test("what was granted and withdrawn by entries is known at once, without a new process")
    func follows() async throws {
        let world = try await BureauWorld()
        let roll = world.casebook.roll
        #expect(try await roll.person(world.officer)?.roles == [.officer])
        for (type, roles) in [(EntryType.roleGranted, [Role.departmentHead, .officer]), (.roleWithdrawn, [.officer])] {
            _ = try await world.casebook.record(
                [Fact(type, in: world.officer, plain: ["role": .string(Role.departmentHead.rawValue)])],
                by: .person(world.administrator), command: .random())
            #expect(try await roll.person(world.officer)?.roles == roles)
            #expect(try await roll.person(account: "officer")?.roles == roles)
        }
    }

    @Test("a sign-in name that was moved to another person's row leads to nobody")
    func movedName() async throws {
        let world = try await BureauWorld()
        var row = try #require(try await world.registers.person(world.head))
        row.account = "officer2"
        world.registers.put(.person(row))
        await #expect(throws: StoreError.self) { try await world.casebook.roll.person(account: "officer2") }
    }

    @Test("who differs is named with what the register says and what the entries say")
    func names() async throws {
        let world = try await BureauWorld()
        #expect(try await world.casebook.roll.disagreements().isEmpty)
        var row = try #require(try await world.registers.person(world.officer))
        row.roles.append(.agencyHead)
        world.registers.put(.person(row))
        let found = try await world.casebook.roll.disagreements()
        #expect(found.map(\.stored) == [row])
        #expect(
            found.map(\.chinese) == [
                "周一舟（officer）：职责登记为“\(row.roles.map(\.chinese).joined(separator: "、"))”，记录是“\(Role.officer.chinese)”"
            ])
    }

    @Test("a session knows no person of whom the register says something else, nor does signing in")
    func session() async throws {
        let world = try await BureauWorld()
        let (tag, roll) = (world.store.bureau, world.casebook.roll)
        let signIn = SignIn(
            installation: FakeInstallation(), registers: { $0 == tag ? roll : nil }, hasher: SecretHasher(),
            clock: world.clock, cost: .least)
        let account = AccountName(bureau: tag, name: "officer")
        try await signIn.setSecret("correct horse battery", of: account)
        let (token, identity) = try await signIn.open(
            account, bureau: tag, secret: "correct horse battery", source: "test")
        #expect(identity.person.roles == [.officer])
        let right = try #require(try await world.registers.person(world.officer))
        var row = right
        row.roles.append(.agencyHead)
        world.registers.put(.person(row))
        for act in [
            { _ = try await signIn.identity(of: token) },
            { _ = try await signIn.open(account, bureau: tag, secret: "correct horse battery", source: "test") },
        ] as [() async throws -> Void] {
            do {
                try await act()
                Issue.record("the person was known")
            } catch {
                guard case .disagreeing = error as? SignInError else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
        world.registers.put(.person(right))
        #expect(try await signIn.identity(of: token)?.person == right)
    }
}
