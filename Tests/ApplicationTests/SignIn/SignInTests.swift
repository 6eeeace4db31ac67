import Casework
import Kernel
import Ledger
import Synchronization
import TestKit
import Testing

@testable import Application

/// A bureau with one person, signed in by hand-moved time and the least cost of scrypt.
struct SignInWorld {
    let bureau: BureauTag
    let account: AccountName
    let clock = FakeClock()
    let installation = FakeInstallation()
    let registers: FakeRegisters
    let person: PersonRow
    let signIn: SignIn
    let secret = "correct horse battery"

    init(
        state: PersonRow.AccountState = .open, hasher: SecretHasher = SecretHasher(),
        cost: ScryptCost = .least
    ) async throws {
        bureau = try #require(BureauTag("qinghe"))
        account = AccountName(bureau: bureau, name: "zhou")
        person = PersonRow(
            thread: ThreadTag(high: 1, low: 1), name: "周一舟", roles: [.officer], account: "zhou", accountState: state)
        registers = FakeRegisters([.person(person)])
        let (bureau, registers) = (bureau, registers)
        signIn = SignIn(
            installation: installation, registers: { $0 == bureau ? registers : nil }, hasher: hasher, clock: clock,
            cost: cost)
        try await signIn.setSecret(secret, of: account)
    }

    func open(_ secret: String? = nil) async throws(SignInError) -> (token: SessionToken, identity: Identity) {
        try await signIn.open(account, bureau: bureau, secret: secret ?? self.secret, source: "test")
    }

    func error(_ typed: String, _ secret: String) async -> SignInError? {
        do {
            _ = try await signIn.open(
                AccountName(bureau: bureau, typed: typed), bureau: bureau, secret: secret, source: "test")
            return nil
        } catch {
            return error
        }
    }
}

@Suite("Signing in")
struct SignInTests {
    @Test("the right secret opens a session that the token, and only the token, leads to")
    func opens() async throws {
        let world = try await SignInWorld()
        let (token, identity) = try await world.open()
        #expect(identity.person.name == "周一舟")
        #expect(try await world.signIn.identity(of: token)?.person == world.person)
        #expect(try await world.signIn.identity(of: .random()) == nil)
        let stored = try #require(try await world.installation.session(tokenDigest: token.digest))
        #expect(stored.tokenDigest.description != token.cookieText)
    }

    @Test("a wrong secret, an unknown name, an impossible name and a closed account get one and the same answer")
    func alike() async throws {
        let world = try await SignInWorld()
        #expect(await world.error("zhou", "wrong secret") == .wrong)
        #expect(await world.error("nobody", "wrong secret") == .wrong)
        #expect(await world.error("no body!", "wrong secret") == .wrong)
        let closed = try await SignInWorld(state: .closed)
        #expect(await closed.error("zhou", closed.secret) == .wrong)
    }

    @Test("a key is derived as often, and at the same cost, for a known as for an unknown name")
    func sameWork() async throws {
        let calls = Mutex<[ScryptCost]>([])
        let hasher = SecretHasher { secret, salt, cost in
            calls.withLock { $0.append(cost) }
            return SecretHasher.scrypt(secret, salt, cost)
        }
        let world = try await SignInWorld(hasher: hasher)
        calls.withLock { $0 = [] }
        _ = await world.error("zhou", "wrong secret")
        let known = calls.withLock { $0 }
        calls.withLock { $0 = [] }
        _ = await world.error("nobody", "wrong secret")
        #expect(calls.withLock { $0 } == known)
        #expect(known == [.least])
    }

    @Test(
        "the fifth failure in a row stops tries for 15 minutes, for a known and for an unknown name",
        arguments: ["zhou", "nobody"])
    func locks(name: String) async throws {
        let world = try await SignInWorld()
        for _ in 1...5 { #expect(await world.error(name, "wrong secret") == .wrong) }
        let until = world.clock.now().advanced(byMilliseconds: 15 * 60_000)
        #expect(await world.error(name, world.secret) == .locked(until: until))
        world.clock.advance(milliseconds: 15 * 60_000 - 1)
        #expect(await world.error(name, world.secret) == .locked(until: until))
        world.clock.advance(milliseconds: 1)
        #expect(await world.error(name, "wrong secret") == .wrong)
        let next = world.clock.now().advanced(byMilliseconds: 30 * 60_000)
        #expect(await world.error(name, world.secret) == .locked(until: next))
    }

    @Test("a success forgets earlier failures")
    func forgets() async throws {
        let world = try await SignInWorld()
        for _ in 1...4 { _ = await world.error("zhou", "wrong secret") }
        _ = try await world.open()
        for _ in 1...4 { #expect(await world.error("zhou", "wrong secret") == .wrong) }
        _ = try await world.open()
    }

    @Test("a session ends at sign-out, after 30 minutes without use, after 12 hours, and when the account is closed")
    func ends() async throws {
        let world = try await SignInWorld()
        let first = try await world.open()
        try await world.signIn.close(first.token.digest)
        #expect(try await world.signIn.identity(of: first.token) == nil)

        let idle = try await world.open()
        world.clock.advance(milliseconds: 30 * 60_000 - 1)
        #expect(try await world.signIn.identity(of: idle.token) != nil)
        world.clock.advance(milliseconds: 30 * 60_000 - 1)
        #expect(try await world.signIn.identity(of: idle.token) != nil)
        world.clock.advance(minutes: 30)
        #expect(try await world.signIn.identity(of: idle.token) == nil)

        let busy = try await world.open()
        for _ in 0..<35 {
            world.clock.advance(minutes: 20)
            #expect(try await world.signIn.identity(of: busy.token) != nil)
        }
        world.clock.advance(minutes: 20)
        #expect(try await world.signIn.identity(of: busy.token) == nil)

        let closed = try await world.open()
        var row = world.person
        row.accountState = .closed
        world.registers.put(.person(row))
        #expect(try await world.signIn.identity(of: closed.token) == nil)
        #expect(world.installation.sessionCount == 0)
    }

    @Test("the last use is written at most once a minute")
    func touches() async throws {
        let world = try await SignInWorld()
        let (token, _) = try await world.open()
        for _ in 0..<30 {
            world.clock.advance(milliseconds: 10_000)
            _ = try await world.signIn.identity(of: token)
        }
        #expect(world.installation.touches == 5)
    }

    @Test("changing the secret ends every session, opens a new one, and the old secret is refused")
    func changes() async throws {
        let world = try await SignInWorld()
        let other = try await world.open()
        let mine = try await world.open()
        let new = try await world.signIn.change(
            from: world.secret, to: "a longer phrase 42", by: mine.identity, source: "test")
        #expect(try await world.signIn.identity(of: other.token) == nil)
        #expect(try await world.signIn.identity(of: mine.token) == nil)
        #expect(try await world.signIn.identity(of: new.token) != nil)
        #expect(await world.error("zhou", world.secret) == .wrong)
        #expect(await world.error("zhou", "a longer phrase 42") == nil)
    }

    @Test("a one-time secret signs in and must be changed before the account may approve")
    func oneTime() async throws {
        let world = try await SignInWorld()
        let secret = try await world.signIn.setOneTimeSecret(of: world.account)
        let (_, identity) = try await world.open(secret)
        #expect(identity.mustChangeSecret)
        #expect(!identity.canApprove)
        let changed = try await world.signIn.change(from: secret, to: "my own phrase 7", by: identity, source: "test")
        #expect(changed.identity.canApprove)
    }

    @Test(
        "an account that was reset signs in and reads, but does not approve",
        arguments: PersonRow.AccountState.allCases)
    func reset(state: PersonRow.AccountState) async throws {
        let world = try await SignInWorld(state: state)
        if [.open, .reset, .waiting].contains(state) {
            #expect(try await world.open().identity.canApprove == (state == .open))
        } else {
            #expect(await world.error("zhou", world.secret) == .wrong)
        }
    }

    @Test("the secret given again proves one step of one person in one session for two minutes")
    func confirms() async throws {
        let world = try await SignInWorld()
        let (token, identity) = try await world.open()
        let command = CommandID(high: 7, low: 7)
        let proof = try await world.signIn.confirm(world.secret, by: identity, for: command, source: "test")
        let now = world.clock.now()
        #expect(proof.session == token.digest)
        #expect(proof.covers(person: world.person.thread, command: command, at: now))
        #expect(!proof.covers(person: ThreadTag(high: 9, low: 9), command: command, at: now))
        #expect(!proof.covers(person: world.person.thread, command: CommandID(high: 7, low: 8), at: now))
        #expect(
            !proof.covers(
                person: world.person.thread, command: command, at: now.advanced(byMilliseconds: 120_000)))
        await #expect(throws: SignInError.wrong) {
            try await world.signIn.confirm("wrong secret", by: identity, for: command, source: "test")
        }
    }

    @Test(
        "the secret asked again is refused from the fifth failure on, in every session of the account, and only there")
    func confirmationCounts() async throws {
        let world = try await SignInWorld()
        let (_, identity) = try await world.open()
        let (_, other) = try await world.open()
        func confirm(_ secret: String, by identity: Identity) async -> SignInError? {
            do {
                _ = try await world.signIn.confirm(secret, by: identity, for: .random(), source: "test")
                return nil
            } catch { return error }
        }
        for _ in 1...4 { #expect(await confirm("wrong", by: identity) == .wrong) }
        #expect(await confirm("wrong", by: other) == .wrong)
        let until = world.clock.now().advanced(byMilliseconds: 900_000)
        for identity in [identity, other] {
            #expect(await confirm(world.secret, by: identity) == .locked(until: until))
            await #expect(throws: SignInError.locked(until: until)) {
                try await world.signIn.change(from: world.secret, to: "my own phrase 7", by: identity, source: "test")
            }
        }
        world.clock.advance(minutes: 15)
        #expect(await confirm("wrong", by: identity) == .wrong)
        let next = world.clock.now().advanced(byMilliseconds: 1_800_000)
        #expect(await confirm(world.secret, by: identity) == .locked(until: next))
        // The door is open, and who comes in by it with the right secret begins anew.
        #expect(await world.error("zhou", world.secret) == nil)
        #expect(await confirm(world.secret, by: identity) == nil)
        #expect(await confirm("wrong", by: identity) == .wrong)
    }

    @Test("a stranger's failures lock the stranger out, not who works here: approvals and the next sign-in go on")
    func strangers() async throws {
        let world = try await SignInWorld()
        let (_, identity) = try await world.open()
        func knock(_ secret: String, from place: String) async -> SignInError? {
            do {
                _ = try await world.signIn.open(world.account, bureau: world.bureau, secret: secret, source: place)
                return nil
            } catch { return error }
        }
        for _ in 1...5 { #expect(await knock("wrong", from: "elsewhere") == .wrong) }
        let until = world.clock.now().advanced(byMilliseconds: 900_000)
        // All other strangers with the stranger, whatever they know.
        for place in ["elsewhere", "anywhere"] {
            #expect(await knock(world.secret, from: place) == .locked(until: until))
        }
        _ = try await world.signIn.confirm(world.secret, by: identity, for: .random(), source: "test")
        #expect(await knock(world.secret, from: "elsewhere") == .locked(until: until))
        #expect(await knock(world.secret, from: "test") == nil)
    }

    @Test("a place from which an account was signed in to has its own five tries, and is forgotten with the secret")
    func places() async throws {
        let world = try await SignInWorld()
        _ = try await world.open()
        for _ in 1...5 { #expect(await world.error("zhou", "wrong") == .wrong) }
        let until = world.clock.now().advanced(byMilliseconds: 900_000)
        #expect(await world.error("zhou", world.secret) == .locked(until: until))
        // It is known for this account alone.
        #expect(try await world.installation.credential(of: world.account)?.failures == 0)
        try await world.signIn.setSecret("another phrase 42", of: world.account)
        #expect(await world.error("zhou", "wrong") == .wrong)
        #expect(try await world.installation.credential(of: world.account)?.failures == 1)
    }

    @Test("of the places of an account the newest eight are known")
    func boundOfPlaces() async throws {
        let world = try await SignInWorld()
        for number in 0..<9 {
            _ = try await world.signIn.open(
                world.account, bureau: world.bureau, secret: world.secret, source: "place \(number)")
        }
        let tries = world.signIn.tries
        #expect((0..<9).filter { tries.way(to: world.account, from: "place \($0)") != nil } == Array(1..<9))
    }

    @Test(
        "while nothing can be written, whoever knows the secret signs in, reads, and signs out; the disk free again, as before"
    )
    func fullDisk() async throws {
        let world = try await SignInWorld()
        let before = try await world.open().token
        world.installation.failWrites(with: .full)
        let (token, identity) = try await world.open()
        #expect(identity.person == world.person)
        for minutes in [1, 25, 50] as [Int64] {
            world.clock.advance(milliseconds: 60_000 * (minutes == 1 ? 1 : 24))
            #expect(try await world.signIn.identity(of: token)?.person == world.person, "after \(minutes) minutes")
        }
        #expect(try await world.signIn.identity(of: before) == nil, "unused for half an hour")
        #expect(try await world.signIn.sessions(of: world.account).map(\.tokenDigest).contains(token.digest))
        try await world.signIn.close(token.digest)
        #expect(try await world.signIn.identity(of: token) == nil)
        #expect(await world.error("zhou", "not the secret") != nil)
        let second = try await world.open().token
        world.installation.failWrites(with: nil)
        #expect(try await world.signIn.identity(of: second) != nil)
        try await world.signIn.closeAll(of: world.account)
        #expect(try await world.signIn.identity(of: second) == nil)
        #expect(world.installation.sessionCount == 0)
    }

    @Test("sessions kept in memory are few, and end by their time like others")
    func spare() async throws {
        let world = try await SignInWorld()
        world.installation.failWrites(with: .full)
        let first = try await world.open().token
        world.clock.advance(milliseconds: 31 * 60_000)
        #expect(try await world.signIn.identity(of: first) == nil)
        let spare = SpareSessions()
        for number in 0...SpareSessions.limit {
            spare.add(
                Session(
                    tokenDigest: .sha256(Array("\(number)".utf8)), account: world.account, person: world.person.thread,
                    openedAt: Instant(milliseconds: Int64(number)), usedAt: Instant(milliseconds: 0),
                    endsAt: Instant(milliseconds: .max)))
        }
        #expect(spare.sessions(of: world.account).count == SpareSessions.limit)
        #expect(spare.session(.sha256(Array("0".utf8))) == nil)
    }

    @Test("a store that fails is not reported as a wrong secret")
    func storeFails() async throws {
        let world = try await SignInWorld()
        world.installation.fail(with: .failed("disk gone"))
        guard case .failed = await world.error("zhou", world.secret) else {
            Issue.record("a broken store was reported as something else")
            return
        }
    }
}
