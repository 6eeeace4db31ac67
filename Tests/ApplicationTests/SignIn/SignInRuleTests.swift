import Dispatch
import Kernel
import Testing

@testable import Application

@Suite("Rules of signing in")
struct SignInRuleTests {
    @Test("the pause begins with the fifth failure, doubles, and never exceeds a day")
    func pauses() {
        let minutes = (1...20).map { Lockout.standard.pause(after: $0) / 60_000 }
        #expect(
            minutes == [
                0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440, 1440, 1440, 1440, 1440, 1440, 1440,
            ])
        #expect(Lockout.standard.pause(after: .max) == 86_400_000)
    }

    @Test("a stored secret is read back from its text, and no other spelling is read")
    func secretHashText() throws {
        let hash = SecretHash(
            cost: .standard, salt: Array(0..<16), key: Array(100..<132))
        #expect(SecretHash(hash.description) == hash)
        let bytes = Array(hash.description.utf8)
        for position in bytes.indices {
            var cut = bytes
            cut.remove(at: position)
            #expect(SecretHash(String(decoding: cut, as: UTF8.self)) != hash, "byte \(position) left out")
            var upper = bytes
            upper[position] &-= 32
            #expect(SecretHash(String(decoding: upper, as: UTF8.self)) != hash, "byte \(position) changed")
        }
        #expect(SecretHash("scrypt ln=31 r=8 p=1 \(Hex.encode(hash.salt)) \(Hex.encode(hash.key))") == nil)
        #expect(SecretHash("scrypt ln=015 r=8 p=1 \(Hex.encode(hash.salt)) \(Hex.encode(hash.key))") == nil)
    }

    @Test("scrypt gives the key of RFC 7914 section 12, third vector")
    func scryptVector() throws {
        let cost = try #require(ScryptCost(logarithm: 14, blockSize: 8, parallelism: 1))
        let key = try #require(
            SecretHasher.scrypt(Array("pleaseletmein".utf8), Array("SodiumChloride".utf8), cost))
        // The vector has 64 bytes; a shorter key is its beginning (RFC 8018 section 5.2).
        #expect(Hex.encode(key) == "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")
    }

    @Test("the sign-in name is what was meant: outer spaces and capitals do not matter, anything else does")
    func names() throws {
        let bureau = try #require(BureauTag("qinghe"))
        #expect(AccountName(bureau: bureau, typed: " Zhou.Yi-zhou_1 ")?.name == "zhou.yi-zhou_1")
        for refused in ["", "  ", "zhou yi", "周一舟", "a/b", "a\u{301}", String(repeating: "a", count: 65)] {
            #expect(AccountName(bureau: bureau, typed: refused) == nil, "\(refused)")
        }
    }

    @Test("a new secret is long, varied, and neither the name nor the old one")
    func secrets() {
        func problem(_ secret: String) -> SecretRule.Problem? {
            SecretRule.problem(of: secret, name: "zhou", current: "the old secret 1")
        }
        #expect(problem("123456789") == .short)
        #expect(problem("一二三四五六七八九") == .short)
        #expect(problem("一二三四五六七八九十") == nil)
        #expect(problem("aaaaabbbbbccccc") == .monotonous)
        #expect(problem("my-ZHOU-secret") == .name)
        #expect(problem("the old secret 1") == .same)
        #expect(problem(String(repeating: "abcdefgh", count: 33)) == .long)
        #expect(problem("the new secret 2") == nil)
    }

    @Test("one-time secrets are long enough for the rule and differ")
    func oneTime() {
        let secrets = (0..<100).map { _ in OneTimeSecret.random() }
        #expect(Set(secrets).count == 100)
        #expect(secrets.allSatisfy { $0.utf8.count == 23 })
    }

    @Test("a session lives through every use within its limits and through none outside them")
    func lifetimes() throws {
        let bureau = try #require(BureauTag("a"))
        let rule = SessionLifetime(absolute: 10, idle: 4, touchEvery: 2)
        for opened in 0...3 {
            for used in opened...14 {
                for now in 0...16 {
                    let session = session(opened: opened, used: used, ends: opened + 10, in: bureau)
                    let expected = now >= opened && now < opened + 10 && now - used < 4
                    #expect(rule.isLive(session, at: Instant(milliseconds: Int64(now))) == expected)
                }
            }
        }
    }

    private func session(opened: Int, used: Int, ends: Int, in bureau: BureauTag) -> Session {
        Session(
            tokenDigest: .zero, account: AccountName(bureau: bureau, name: "a"),
            person: ThreadTag(high: 0, low: 1), openedAt: Instant(milliseconds: Int64(opened)),
            usedAt: Instant(milliseconds: Int64(used)), endsAt: Instant(milliseconds: Int64(ends)))
    }
}

@Suite("Deriving keys under load", .serialized)
struct SecretHasherTests {
    @Test("beyond the bound a try is refused at once, one source cannot fill the queue, and room comes back")
    func bounds() async throws {
        let gate = AsyncGate()
        let hasher = SecretHasher(limits: .init(lanes: 1, pending: 4, pendingOfOneSource: 2)) { _, _, _ in
            gate.wait()
            return [1]
        }
        @Sendable func derive(_ source: String) async -> SignInError? {
            do {
                _ = try await hasher.derive([], salt: [], cost: .least, source: source)
                return nil
            } catch {
                return error
            }
        }
        await withTaskGroup(of: SignInError?.self) { group in
            for source in ["a", "a", "b", "b"] { group.addTask { await derive(source) } }
            await gate.untilPending(4, hasher)
            #expect(await derive("c") == .busy)
            gate.open(4)
            for await error in group { #expect(error == nil) }
        }
        await withTaskGroup(of: SignInError?.self) { group in
            for _ in 0..<2 { group.addTask { await derive("a") } }
            await gate.untilPending(2, hasher)
            #expect(await derive("a") == .busy)
            gate.open(3)
            #expect(await derive("b") == nil)
            for await error in group { #expect(error == nil) }
        }
    }
}

/// Holds threads back until a test lets them go.
private final class AsyncGate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() { semaphore.wait() }

    func open(_ count: Int) {
        for _ in 0..<count { semaphore.signal() }
    }

    func untilPending(_ count: Int, _ hasher: SecretHasher) async {
        while hasher.pending < count { await Task.yield() }
    }
}
