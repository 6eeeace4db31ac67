import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

@Suite("The way in")
struct ShellTests {
    @Test("the right secret leads to the work list, and the work list names the person")
    func signsIn() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let home = try await officer.get(officer.address.home)
            #expect(home.status == 200)
            #expect(home.body.contains("周一舟"))
            #expect(home.body.contains("演示"))
        }
    }

    @Test("a wrong secret is refused with the same page as an unknown account, and the account stays in the form")
    func refusesWrongSecret() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            var bodies: [String] = []
            for account in ["officer", "nobody"] {
                let page = try await browser.get(browser.address.signIn)
                var visitor = browser
                visitor.cookie = page.cookie
                let token = try #require(page.hidden(ForgeryGuard.field))
                let answer = try await visitor.post(
                    browser.address.signIn,
                    [ForgeryGuard.field: token, SignInPage.nameField: account, SignInPage.secretField: "wrong"])
                #expect(answer.status == 422)
                #expect(answer.body.contains("账号或者密码不对"))
                #expect(answer.body.contains("value=\"\(account)\""))
                bodies.append(
                    answer.body.replacingOccurrences(of: account, with: "X").replacingOccurrences(of: token, with: "T"))
            }
            #expect(bodies[0] == bodies[1])
        }
    }

    @Test("a page that needs signing in leads to the sign-in page and back, and nowhere else")
    func leadsBack() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            let asked = try await browser.get("\(browser.address.cases)?q=%E6%98%9F%E6%B2%B3")
            #expect(asked.status == 303)
            let page = try await browser.get(asked.location)
            #expect(page.hidden(SignInPage.nextField) == "\(browser.address.cases)?q=%E6%98%9F%E6%B2%B3")
            for foreign in [
                "https://example.org/", "//example.org/b/qinghe/", "/b/other/cases", "/b/qinghe/\\evil",
                "/b/qinghe/../x",
            ] {
                let page = try await browser.get("\(browser.address.signIn)?next=\(Percent.encode(foreign))")
                #expect(page.hidden(SignInPage.nextField) == "", "\(foreign)")
            }
        }
    }

    @Test("signing out ends the session for good, and the cookie is taken away")
    func signsOut() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let answer = try await officer.post(
                officer.address.signOut, [ForgeryGuard.field: try await officer.token()])
            #expect(answer.status == 303)
            #expect(answer.headers[.setCookie]?.contains("Max-Age=0") == true)
            #expect(try await officer.get(officer.address.home).status == 303)
        }
    }

    @Test("a form without its token, with another session's token, or from another site changes nothing")
    func refusesForgery() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let other = try await browser.signedIn("lin")
            let token = try await officer.token()
            let foreign = try await other.token()
            #expect(token != foreign)
            #expect(try await officer.post(officer.address.signOut, [:]).status == 403)
            #expect(try await officer.post(officer.address.signOut, [ForgeryGuard.field: ""]).status == 403)
            #expect(try await officer.post(officer.address.signOut, [ForgeryGuard.field: foreign]).status == 403)
            let fields: Fields = [ForgeryGuard.field: token]
            for headers in [
                ["Origin": "https://example.org"], ["Origin": "null"], ["Sec-Fetch-Site": "cross-site"],
                ["Sec-Fetch-Site": "same-site"],
            ] {
                let answer = try await officer.post(officer.address.signOut, fields, headers: headers)
                #expect(answer.status == 403, "\(headers)")
            }
            #expect(try await officer.get(officer.address.home).status == 200)
            let own = ["Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"]
            #expect(try await officer.post(officer.address.signOut, fields, headers: own).status == 303)
        }
    }

    @Test("every answer carries the headers that keep foreign content out, refusals too, and to HEAD no body")
    func headers() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            for path in ["/", "/health", "/nowhere", browser.address.signIn, browser.address.cases] {
                let answer = try await browser.get(path)
                let policy = HTTPField.Name("Content-Security-Policy").flatMap { answer.headers[$0] } ?? ""
                #expect(policy.contains("default-src 'none'"), "\(path)")
                #expect(!policy.contains("unsafe"), "\(path)")
                #expect(answer.headers[.xContentTypeOptions] == "nosniff", "\(path)")
                #expect(answer.headers[.cacheControl] == "no-store", "\(path)")
                let head = try await browser.send(.head, path)
                #expect(head.body.isEmpty, "\(path) as \(head.status)")
            }
        }
    }

    @Test("no page has a script, a style or a handler of its own in its markup")
    func nothingInline() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            for path in [officer.address.home, officer.address.cases, officer.address.account, Address.components] {
                let body = try await officer.get(path).body
                #expect(!body.contains("<style") && !body.contains(" style=") && !body.contains("<script>"), "\(path)")
                #expect(
                    !body.contains(" onclick") && !body.contains(" onload") && !body.contains("javascript:"), "\(path)")
            }
        }
    }

    @Test("styles and scripts have their digest in the name and may be kept for ever; other names do not exist")
    func assets() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            let page = try await browser.get(browser.address.signIn)
            for name in Assets.names {
                let path = world.services.assets.path(name)
                let answer = try await browser.get(path)
                #expect(answer.status == 200, "\(path)")
                #expect(answer.headers[.cacheControl]?.contains("immutable") == true)
            }
            #expect(page.body.contains(world.services.assets.path("liuhen.css")))
            #expect(try await browser.get("/assets/liuhen.css").status == 404)
            #expect(try await browser.get("/assets/..%2F..%2FPackage.swift").status == 404)
        }
    }

    @Test("a program gets problem+json for a refusal, a person gets a page")
    func problems() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            let answer = try await browser.send(.get, browser.address.cases, headers: ["Accept": "application/json"])
            #expect(answer.status == 401)
            #expect(answer.headers[.contentType] == "application/problem+json")
            #expect(answer.body.contains("\"status\":401"))
            let page = try await browser.get("/nowhere")
            #expect(page.status == 404)
            #expect(page.body.contains("没有找到这个页面"))
        }
    }

    @Test("bodies beyond the limit, of a foreign type, or not UTF-8 are refused before anything is done")
    func bodies() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let large = String(repeating: "a", count: (1 << 20) + 1)
            #expect(try await officer.send(.post, officer.address.account, body: "x=\(large)").status == 413)
            let foreign = try await officer.send(
                .post, officer.address.account, body: "{}", headers: ["Content-Type": "application/json"])
            #expect(foreign.status == 400)
            for broken in ["a=%", "a=%4", "a=%GG", "a=%FF", "a=%00"] {
                #expect(try await officer.send(.post, officer.address.account, body: broken).status == 400, "\(broken)")
            }
        }
    }

    @Test("a one-time secret opens nothing but the change of the secret")
    func oneTimeSecret() async throws {
        let world = try await WebWorld()
        let secret = try await world.services.signIn.setOneTimeSecret(
            of: AccountName(bureau: world.tag, name: "officer"))
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer", secret: secret)
            #expect(try await officer.get(officer.address.home).location == officer.address.account)
            #expect(try await officer.get(officer.address.cases).location == officer.address.account)
            let account = try await officer.get(officer.address.account)
            #expect(account.body.contains("请先设置自己的密码"))
            let token = try #require(account.hidden(ForgeryGuard.field))
            let weak = try await officer.post(
                officer.address.account,
                [ForgeryGuard.field: token, "current": secret, "new": "short", "again": "short"])
            #expect(weak.status == 422 && weak.body.contains("新密码太短"))
            let changed = try await officer.post(
                officer.address.account,
                [ForgeryGuard.field: token, "current": secret, "new": "my own phrase 7", "again": "my own phrase 7"])
            #expect(changed.status == 200 && changed.body.contains("密码已经修改"))
            var renewed = officer
            renewed.cookie = changed.cookie
            #expect(try await renewed.get(officer.address.home).status == 200)
            #expect(try await officer.get(officer.address.home).status == 303)
        }
    }

    @Test("an account that was reset reads but does not approve, until its person sets a secret of their own")
    func resetAccount() async throws {
        let world = try await WebWorld()
        let head = try #require(world.people[.agencyHead]).thread
        _ = try await world.office.casebook.record(
            [Fact(.accountReset, in: head, plain: ["by": "admin"])], by: .system, command: .random())
        try await world.serve { browser in
            let browser = try await browser.signedIn("agencyhead")
            #expect(try await world.registers.person(head)?.accountState == .reset)
            #expect(try await browser.get(browser.address.cases).status == 200)
            let account = try await browser.get(browser.address.account)
            #expect(account.body.contains("账号刚被重置"))
            let token = try #require(account.hidden(ForgeryGuard.field))
            let changed = try await browser.post(
                browser.address.account,
                [
                    ForgeryGuard.field: token, "current": WebWorld.secret, "new": "my own phrase 7",
                    "again": "my own phrase 7",
                ])
            #expect(changed.status == 200)
            #expect(try await world.registers.person(head)?.accountState == .open)
        }
    }

    @Test("a bureau that is not on this server does not exist, whoever asks")
    func otherBureau() async throws {
        let world = try await WebWorld()
        try await world.serve { browser async throws in
            #expect(try await browser.get("/b/other/").status == 404)
            #expect(try await browser.get("/b/other/sign-in").status == 404)
            #expect(try await browser.get("/ledger/other/checkpoint").status == 404)
        }
    }

    @Test("the checkpoint is open to all and is the newest signed head")
    func checkpoint() async throws {
        let world = try await WebWorld()
        let head = try await world.store.signedHead()
        try await world.serve { browser in
            let answer = try await browser.get("/ledger/qinghe/checkpoint")
            #expect(Array(answer.body.utf8) == head.note)
        }
    }

    @Test("cookies are out of reach of scripts and other sites, and bound to an encrypted way where there is one")
    func cookies() {
        var settings = WebSettings()
        let token = SessionToken.random()
        #expect(settings.cookieText(token).hasSuffix("; Path=/; HttpOnly; SameSite=Lax"))
        settings.isSecure = true
        #expect(settings.cookieText(token).hasPrefix("__Host-liuhen="))
        #expect(settings.cookieText(token).hasSuffix("; Path=/; HttpOnly; SameSite=Lax; Secure"))
    }
}
