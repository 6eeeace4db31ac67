import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Ledger
import Rulebook
import TestKit
import Testing

@testable import Web

/// What was typed is not lost: the session ends, the page is old, the secret is wrong, somebody was faster.
@Suite("Input that is kept")
struct KeptFormTests {
    /// The real regulations with sessions of half an hour.
    private static func world() async throws -> WebWorld {
        try await WebWorld(
            library: try InstalledRules.library)
    }

    private func inspection(_ browser: Browser, _ world: WebWorld) async throws -> ThreadTag {
        let opened = try await browser.carryOut(
            browser.address.newInspection,
            ([
                "title": "统计资料检查", "source": "plan", "subjectName": "清禾县星河纸品厂", "subjectKind": "organisation",
                "handlers": world.people[.officer]?.thread.description ?? "",
            ] as Fields).adding("handlers", ThreadTag(high: 2, low: 99).description))
        return try #require(ThreadTag(String(opened.split(separator: "/").last?.prefix(32) ?? "")))
    }

    /// The address behind the sign-in link of a page.
    private func next(in body: String) throws -> String {
        let start = try #require(body.range(of: "sign-in?next=")?.upperBound)
        let coded = body[start...].prefix { $0 != "\"" }
        return try #require(Form(query: "x=\(coded)")["x"])
    }

    @Test(
        "a step sent after the session ended comes back filled after signing in, with its id, and is carried out once")
    func ended() async throws {
        let world = try await Self.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await inspection(officer, world)
            let path = officer.address.step("activity", in: thread)
            var form = try #require(PageForm(in: try await officer.get(path).body, action: path))
            form.fill(["place": "办公楼二层<b>", "persons": "钱有余"])
            let command = try #require(form.fields.first { $0.name == "command" }?.value)
            world.clock.advance(minutes: 31)
            let late = try await officer.send(.post, path, body: form.body)
            #expect(late.status == 401)
            #expect(late.body.contains("填写的内容还在"))
            #expect(try await world.office.casebook.load(thread).work.activities.isEmpty)
            let back = try next(in: late.body)
            let again = try await browser.signedIn("officer")
            let page = try await again.get(back)
            #expect(page.status == 200)
            #expect(page.body.contains("刚才填写的内容已经带回"))
            #expect(page.body.contains("value=\"办公楼二层&#60;b&#62;\"") || page.body.contains("办公楼二层&lt;b&gt;"))
            let action = try #require(back.split(separator: "/").last)
            let filled = try #require(PageForm(in: page.body, action: String(action)))
            #expect(filled.fields.first { $0.name == "command" }?.value == command)
            #expect(filled.fields.first { $0.name == "persons" }?.value == "钱有余")
            #expect(try await again.send(.post, path, body: filled.body).status == 303)
            #expect(try await again.send(.post, path, body: filled.body).status == 303)
            #expect(try await world.office.casebook.load(thread).work.activities.count == 1)
            // Nobody else gets it, whatever address they know.
            let other = try await browser.signedIn("lin")
            #expect(try await !other.get(back).body.contains("办公楼二层"))
        }
    }

    @Test("what happened in the case meanwhile is shown with the form that came back")
    func meanwhile() async throws {
        let world = try await Self.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await inspection(officer, world)
            let path = officer.address.step("activity", in: thread)
            var form = try #require(PageForm(in: try await officer.get(path).body, action: path))
            form.fill(["place": "办公楼二层"])
            world.clock.advance(minutes: 31)
            try await browser.signedIn("lin").carryOut(path, ["place": "仓库"])
            let late = try await officer.send(.post, path, body: form.body)
            let page = try await browser.signedIn("officer").get(try next(in: late.body))
            #expect(page.body.contains("林小满：现场检查开始") && page.body.contains("value=\"办公楼二层\""))
        }
    }

    @Test("a draft sent after the session ended comes back, saved or not, and a new inspection too")
    func drafts() async throws {
        let world = try await Self.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await inspection(officer, world)
            let page = try await officer.get(officer.address.newDocument("site-inspection-record", in: thread))
            let path = try #require(
                page.body.range(of: "data-draft=\"").flatMap { start in
                    page.body[start.upperBound...].firstIndex(of: "\"").map { String(page.body[start.upperBound..<$0]) }
                })
            var form = try #require(PageForm(in: page.body, action: path))
            form.fill(["findings": "账目不符。"])
            let opening = officer.address.newInspection
            var inspection = try #require(PageForm(in: try await officer.get(opening).body, action: opening))
            inspection.fill(["title": "另一次检查"])
            world.clock.advance(minutes: 31)
            let (draft, second) = (
                try await officer.send(.post, path, body: form.body),
                try await officer.send(.post, opening, body: inspection.body)
            )
            let again = try await browser.signedIn("officer")
            let back = try await again.get(try next(in: draft.body))
            #expect(back.body.contains("账目不符。</textarea>"))
            let filled = try #require(PageForm(in: back.body, action: path))
            #expect(try await again.send(.post, path, body: filled.body).status == 303)
            #expect(try await again.get(path).body.contains("账目不符。</textarea>"))
            #expect(try await again.get(try next(in: second.body)).body.contains("value=\"另一次检查\""))
        }
    }

    @Test("a page of an earlier session sends its person to the filled form, and another person nowhere")
    func oldPage() async throws {
        let world = try await Self.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await inspection(officer, world)
            let path = officer.address.step("activity", in: thread)
            var form = try #require(PageForm(in: try await officer.get(path).body, action: path))
            form.fill(["place": "办公楼二层"])
            let own = ["Sec-Fetch-Site": "same-origin"]
            // Signed in anew in another tab: one cookie, an old page.
            let anew = try await browser.signedIn("officer")
            let moved = try await anew.send(.post, path, body: form.body, headers: own)
            #expect(moved.status == 303 && moved.location.hasPrefix("\(path)?kept="))
            #expect(try await anew.get(moved.location).body.contains("value=\"办公楼二层\""))
            #expect(try await world.office.casebook.load(thread).work.activities.isEmpty)
            let other = try await browser.signedIn("lin")
            #expect(try await other.send(.post, path, body: form.body, headers: own).status == 403)
            // Another site cannot have a form kept, nor can a browser that does not say where the request came from.
            for headers in [["Sec-Fetch-Site": "cross-site"], [:]] {
                #expect(try await anew.send(.post, path, body: form.body, headers: headers).status == 403)
            }
        }
    }

    @Test("a wrong secret costs nothing but the secret; the second of two who decide sees the first, with the input")
    func deciding() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await inspection(officer, world)
            let head = try await browser.signedIn("agencyhead")
            let path = head.address.step("ending", in: thread)
            let wrong = try await head.submit(
                path, ["ground": "terminated", "reason": "当事人已注销。", "secret": "not the secret"])
            #expect(wrong.status == 422 && wrong.body.contains("密码不对"))
            #expect(wrong.body.contains("当事人已注销。</textarea>"))
            #expect(!wrong.body.contains("not the secret"))
            // Two of the same office, each with a form drawn before the other's word.
            let two = try await browser.signedIn("agencyhead")
            var forms: [(Browser, PageForm)] = []
            for one in [head, two] {
                var form = try #require(PageForm(in: try await one.get(path).body, action: path))
                form.fill(["ground": "terminated", "reason": "当事人已注销。", "secret": WebWorld.secret])
                forms.append((one, form))
            }
            let won = try await forms[0].0.send(.post, path, body: forms[0].1.body)
            #expect(won.status == 303, "\(Browser.problem(won.body))")
            let second = try await forms[1].0.send(.post, path, body: forms[1].1.body)
            #expect(second.status == 422 && second.body.contains("本案在您填写期间有了变化"))
            #expect(second.body.contains("终结：终止调查") && second.body.contains("当事人已注销。</textarea>"))
        }
    }

    @Test("kept forms are bounded, without secrets and files, and end with the day")
    func bounds() throws {
        let kept = KeptForms(sizeLimit: 4000)
        let person = ThreadTag.random()
        let now = Instant(milliseconds: 0)
        let command = CommandID.random().description
        let form = Form(["command": command, "secret": "s", ForgeryGuard.field: "t", "place": "仓库"])
        let name = try #require(kept.keep(form, of: person, at: "/x", now: now))
        let end = now.advanced(byMilliseconds: KeptForms.lifetime)
        #expect(kept.form(name, of: person, at: "/x", now: now) == Form(["command": command, "place": "仓库"]))
        #expect(kept.form(name, of: person, at: "/y", now: now) == nil)
        #expect(kept.form(name, of: .random(), at: "/x", now: now) == nil)
        #expect(kept.form(name, of: person, at: "/x", now: end) == nil)
        #expect(kept.keep(Form(["place": "仓库"]), of: person, at: "/x", now: now) == nil)
        let long = String(repeating: "长", count: KeptForms.formLimit / 3 + 1)
        #expect(kept.keep(Form(["command": command, "place": long]), of: person, at: "/x", now: now) == nil)
        for _ in 0..<40 {
            let big = Form(["command": command, "place": String(repeating: "长", count: 300)])
            _ = kept.keep(big, of: person, at: "/x", now: now)
        }
        #expect(kept.form(name, of: person, at: "/x", now: now) == nil, "the oldest is forgotten first")
    }
}
