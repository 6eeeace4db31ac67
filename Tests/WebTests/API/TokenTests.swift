import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

@Suite("Access tokens")
struct TokenTests {
    @Test("a token is made on the account page with the secret, shown once, kept as a digest, and told in the register")
    func made() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let page = try await officer.get(world.address.accountTokens)
            #expect(page.status == 200)
            let command = try #require(page.hidden(FormFrame.commandField))
            let fields: Fields = [
                ForgeryGuard.field: try await officer.token(), FormFrame.commandField: command, "label": "台账同步",
                "scopes": "readCases", "days": "30",
            ]
            let wrong = try await officer.post(world.address.accountTokens, fields.adding("secret", "not the secret"))
            #expect(wrong.status == 422)
            #expect(try await world.services.tokens.tokens(of: AccountName(bureau: world.tag, name: "officer")).isEmpty)
            let made = try await officer.post(world.address.accountTokens, fields.adding("secret", WebWorld.secret))
            #expect(made.status == 200)
            let start = try #require(made.body.range(of: "<code>liuhen-"))
            let text = "liuhen-" + made.body[start.upperBound...].prefix { $0 != "<" }
            let token = try #require(TokenText(text.utf8))
            // Shown once: neither the page nor the same form again shows it, and nothing stored holds it.
            #expect(!(try await officer.get(world.address.accountTokens)).body.contains(text))
            let again = try await officer.post(world.address.accountTokens, fields.adding("secret", WebWorld.secret))
            #expect(again.status == 422 && !again.body.contains("<code>liuhen-"))
            let stored = try #require(try await world.installation.token(token.id))
            #expect(stored.secretDigest == token.secretDigest && stored.label == "台账同步")
            let secret = String(text.suffix(64))
            let person = try #require(world.people[.officer])
            for entry in try await world.store.entries(of: person.thread, from: 1) {
                #expect(!String(decoding: entry.entry.skeleton.bytes, as: UTF8.self).contains(secret))
            }
            let records = try await world.office.casebook.history(of: person.thread)
            let told = try #require(records.last { $0.type == .tokenMade })
            #expect(told.word("token") == token.id.description && told.text("label") == "台账同步")
            let admin = try await browser.signedIn("administrator")
            let register = try await admin.get(world.address.person(person.thread))
            #expect(register.body.contains("生成访问令牌") && register.body.contains("台账同步"))

            let program = Program(browser: browser, tag: world.tag, token: text)
            #expect(try await program.get("/cases").status == 200)
            #expect(try await officer.get(world.address.accountTokens).body.contains("停用"))
            #expect(try await world.installation.token(token.id)?.usedAt == world.clock.now())
            let ended = try await officer.post(
                "\(world.address.accountTokens)/revocation",
                [ForgeryGuard.field: try await officer.token(), "token": token.id.description])
            #expect(ended.status == 303)
            #expect(try await program.get("/cases").status == 401)
            let revoked = try await world.office.casebook.history(of: person.thread).filter { $0.type == .tokenRevoked }
            #expect(revoked.count == 1)
        }
    }

    @Test("nobody ends another's token")
    func foreign() async throws {
        let world = try await WebWorld()
        let id = try await world.token(of: "officer").token.id
        try await world.serve { browser in
            let other = try await browser.signedIn("lin")
            let answer = try await other.post(
                "\(world.address.accountTokens)/revocation",
                [ForgeryGuard.field: try await other.token(), "token": id.description])
            #expect(answer.status == 404)
            #expect(try await world.installation.token(id)?.revokedAt == nil)
        }
    }

    @Test("a token ends with its time, its person's account, a role lost, and a reset that is confirmed again")
    func ends() async throws {
        for end in ["time", "closed", "role", "reset"] {
            let world = try await WebWorld()
            try await world.serve { browser in
                let program = try await world.program(browser, of: "officer")
                #expect(try await program.get("/cases").status == 200)
                let person = try #require(world.people[.officer]).thread
                func tell(_ fact: Fact) async throws {
                    _ = try await world.office.casebook.record([fact], by: .system, command: .random())
                }
                switch end {
                case "time": world.clock.advance(milliseconds: 30 * 86_400_000)
                case "closed": try await tell(Fact(.accountClosed, in: person))
                case "role": try await tell(Fact(.roleWithdrawn, in: person, plain: ["role": "officer"]))
                default:
                    try await tell(Fact(.accountReset, in: person, plain: ["by": "admin"]))
                    _ = try await world.services.signIn.setOneTimeSecret(
                        of: AccountName(bureau: world.tag, name: "officer"))
                    #expect(try await program.get("/cases").status == 401)
                    try await tell(Fact(.accountConfirmed, in: person))
                }
                let answer = try await program.get("/cases")
                #expect(answer.status == 401, "\(end)")
                #expect(answer.headers[.wwwAuthenticate]?.contains("invalid_token") == true)
            }
        }
    }

    @Test("a role that comes later is not the token's loss; what it opens follows its person")
    func follows() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            let program = try await world.program(browser, of: "administrator", [.readCases])
            #expect(try await program.get("/cases").status == 403)
            let person = try #require(world.people[.administrator]).thread
            _ = try await world.office.casebook.record(
                [Fact(.roleGranted, in: person, plain: ["role": "custodian"])], by: .system, command: .random())
            #expect(try await program.get("/cases").status == 200)
        }
    }

    @Test("after five wrong secrets a token is refused for a while, also with the right one; noise is no try")
    func lockout() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            let made = try await world.token(of: "officer")
            var program = Program(browser: browser, tag: world.tag, token: nil)
            #expect(try await program.get("/cases").status == 401)
            for noise in ["x", "liuhen-", "liuhen-00-00", String(repeating: "9", count: 500)] {
                program.token = noise
                for _ in 0..<3 { #expect(try await program.get("/cases").status == 401) }
            }
            program.token = made.text.wholeText
            #expect(try await program.get("/cases").status == 200)
            program.token = TokenText(newFor: made.token.id).wholeText
            for _ in 0..<5 { #expect(try await program.get("/cases").status == 401) }
            program.token = made.text.wholeText
            let locked = try await program.get("/cases")
            #expect(locked.status == 429 && locked.code == "too-many")
            #expect(locked.headers[.retryAfter].flatMap { Int($0) } ?? 0 > 800)
            world.clock.advance(minutes: 16)
            #expect(try await program.get("/cases").status == 200)
        }
    }

    @Test("a token takes so many requests at once and so many a second, each token for itself")
    func rate() async throws {
        var settings = WebSettings()
        settings.tokenBurst = 5
        settings.tokenRequestsPerSecond = 2
        let world = try await WebWorld(settings: settings)
        try await world.serve { browser in
            let program = try await world.program(browser, of: "officer")
            let other = try await world.program(browser, of: "lin")
            for _ in 0..<5 { #expect(try await program.get("/cases").status == 200) }
            let bound = try await program.get("/cases")
            #expect(bound.status == 429 && bound.headers[.retryAfter] == "1")
            #expect(try await other.get("/cases").status == 200)
            world.clock.advance(milliseconds: 1000)
            for _ in 0..<2 { #expect(try await program.get("/cases").status == 200) }
            #expect(try await program.get("/cases").status == 429)
        }
    }

    @Test("the text of a token is read in one spelling alone, and opens its own token alone")
    func text() throws {
        let text = TokenText(newFor: .random()).wholeText
        #expect(TokenText(text.utf8) != nil)
        for wrong in [
            text.uppercased(), text + "0", String(text.dropLast()), " " + text,
            text.replacing("liuhen", with: "LIUHEN"),
        ] {
            #expect(TokenText(wrong.utf8) == nil, "\(wrong)")
        }
        let (one, other) = (TokenText(newFor: .random()), TokenText(newFor: .random()))
        func token(_ id: TokenID, _ digest: Digest) -> AccessToken {
            AccessToken(
                id: id, secretDigest: digest, account: AccountName(bureau: BureauTag("qinghe")!, name: "x"),
                person: .random(), label: "", scopes: [], roles: [], madeAt: Instant(milliseconds: 0),
                endsAt: Instant(milliseconds: 1))
        }
        #expect(one.opens(token(one.id, one.secretDigest)))
        #expect(!one.opens(token(one.id, other.secretDigest)))
        #expect(!one.opens(token(other.id, one.secretDigest)))
    }

    @Test("a token is not made without scopes, beyond a year, or by an account that is not its person's own")
    func refusals() async throws {
        let world = try await WebWorld()
        for (scopes, days) in [([], 30), ([TokenScope.readCases], 0), ([TokenScope.readCases], 366)] {
            await #expect(throws: StepRefusal.self) { try await world.token(of: "officer", Set(scopes), days: days) }
        }
        _ = try await world.token(of: "officer", days: 365)
        let person = try #require(world.people[.officer]).thread
        _ = try await world.office.casebook.record(
            [Fact(.accountReset, in: person, plain: ["by": "admin"])], by: .system, command: .random())
        await #expect(throws: StepRefusal.self) { try await world.token(of: "officer") }
    }
}
