import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Rulebook
import TestKit
import Testing

@testable import Web

/// A form that is refused before any page of its own sees it: what its person is told, and what is left of the input.
@Suite("Forms that are refused")
struct RefusedFormTests {
    private static func world(_ settings: WebSettings = WebSettings()) async throws -> WebWorld {
        try await WebWorld(
            library: try InstalledRules.library,
            settings: settings)
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

    /// The address of the button that leads back to the filled form.
    private func back(in body: String) -> String? {
        guard let start = body.range(of: "?kept=") ?? body.range(of: "&#38;kept=") ?? body.range(of: "&amp;kept=")
        else { return nil }
        let head = body[..<start.lowerBound].range(of: "href=\"", options: .backwards)
        let link = head.map { body[$0.upperBound...].prefix { $0 != "\"" } } ?? ""
        return String(link).replacingOccurrences(of: "&amp;", with: "&").replacingOccurrences(of: "&#38;", with: "&")
    }

    @Test("every refusal of a form is a Chinese page, whatever the browser says it takes; JSON is for who asks for it")
    func pages() async throws {
        var settings = WebSettings()
        settings.formLimit = 2000
        settings.filesLimit = 2000
        let world = try await Self.world(settings)
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let account = officer.address.account
            let large = String(repeating: "a", count: 3000)
            let urlEncoded = "application/x-www-form-urlencoded"
            let multipart = "multipart/form-data; boundary=b0"
            let token = try await officer.token()
            let part = "--b0\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\(large)\r\n--b0--\r\n"
            let cases: [(browser: Browser, path: String, type: String, body: String, status: Int)] = [
                (officer, account, urlEncoded, "x=\(large)", 413), (browser, account, urlEncoded, "x=\(large)", 413),
                (officer, account, multipart, part, 413), (officer, account, urlEncoded, "x=%B0%EC", 400),
                (officer, account, urlEncoded, "x=%00", 400), (officer, account, multipart, "--b1\r\n", 400),
                (officer, account, "multipart/form-data", "x", 400), (officer, account, "text/plain", "x=1", 400),
                (officer, account, "Application/X-WWW-Form-URLEncoded", "x=1", 403),
                (officer, account, urlEncoded, "", 403), (browser, account, urlEncoded, "x=1", 403),
                (officer, "/b/qinghe/nowhere", urlEncoded, "\(ForgeryGuard.field)=\(token)", 404),
                (officer, officer.address.setup, urlEncoded, "\(ForgeryGuard.field)=\(token)", 404),
                (officer, officer.address.newPerson, urlEncoded, "\(ForgeryGuard.field)=\(token)", 403),
            ]
            for one in cases {
                for accept in ["", "*/*", "application/xhtml+xml", "image/png, */*;q=0.5", "text/html"] {
                    let answer = try await one.browser.send(
                        .post, one.path, body: one.body, headers: ["Content-Type": one.type, "Accept": accept])
                    let label = "\(one.path) \(one.type) \(accept)"
                    #expect(answer.status == one.status, "\(label): \(answer.status)")
                    #expect(answer.headers[.contentType] == "text/html; charset=utf-8", "\(label)")
                    #expect(answer.body.contains("<html lang=\"zh-CN\"") && answer.body.contains("<h1>"), "\(label)")
                }
                for accept in ["application/json", "application/problem+json"] {
                    let answer = try await one.browser.send(
                        .post, one.path, body: one.body, headers: ["Content-Type": one.type, "Accept": accept])
                    #expect(answer.status == one.status, "\(one.path) \(one.type)")
                    #expect(answer.headers[.contentType] == "application/problem+json", "\(one.path) \(one.type)")
                }
            }
        }
    }

    @Test("what was typed into a form that cannot be read or is too large comes back in its page, and is sent once")
    func comesBack() async throws {
        var settings = WebSettings()
        settings.formLimit = 4000
        let world = try await Self.world(settings)
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await inspection(officer, world)
            let path = officer.address.step("activity", in: thread)
            let bad = ["note=%B0%EC", "%FF=1", "note=%", "note=\(String(repeating: "b", count: 4000))"]
            for part in bad {
                for inFront in [true, false] {
                    var form = try #require(PageForm(in: try await officer.get(path).body, action: path))
                    form.fill(["place": "办公楼二层", "persons": "钱有余"])
                    let body = inFront ? "\(part)&\(form.body)" : "\(form.body)&\(part)"
                    let refused = try await officer.send(.post, path, body: body, headers: ["Accept": "*/*"])
                    #expect([400, 413].contains(refused.status))
                    #expect(refused.body.contains("回到刚才的表单"), "\(part.prefix(20)) \(inFront)")
                    let page = try await officer.get(try #require(back(in: refused.body)))
                    #expect(page.status == 200)
                    let filled = try #require(PageForm(in: page.body, action: path, orPrefix: true))
                    #expect(filled.fields.first { $0.name == "place" }?.value == "办公楼二层")
                    #expect(filled.fields.first { $0.name == "persons" }?.value == "钱有余")
                    let command = form.fields.first { $0.name == "command" }?.value
                    #expect(filled.fields.first { $0.name == "command" }?.value == command)
                }
            }
            #expect(try await world.office.casebook.load(thread).work.activities.isEmpty)
            // Strangers and other people's tokens keep nothing.
            let other = try await browser.signedIn("lin")
            var form = try #require(PageForm(in: try await officer.get(path).body, action: path))
            form.fill(["place": "办公楼二层"])
            for stranger in [browser, other] {
                let refused = try await stranger.send(.post, path, body: "\(form.body)&x=%B0")
                #expect(refused.status == 400 && !refused.body.contains("kept="))
            }
        }
    }

    @Test("beside a file that is too large, the fields before it and after it come back")
    func besideFile() async throws {
        var settings = WebSettings()
        settings.filesLimit = 100_000
        let world = try await Self.world(settings)
        // Beyond what is kept of a refused body's beginning, so that the fields after it are found from the end.
        let sizes = [100_001, FormIntake.headLimit + 3 * FormIntake.tailLimit]
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await inspection(officer, world)
            let path = officer.address.newRecording(in: thread)
            for size in sizes {
                let page = try await officer.get(path)
                let form = try #require(PageForm(in: page.body, action: path))
                func part(_ name: String, _ value: String) -> [UInt8] {
                    Array("--b0\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
                }
                var body: [UInt8] = []
                for (name, value) in form.fields where name != "note" { body += part(name, value) }
                body += Array("--b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"大.mp4\"\r\n\r\n".utf8)
                body += [UInt8](repeating: 0x41, count: size) + [13, 10]
                body += part("note", "现场检查全程录像") + Array("--b0--\r\n".utf8)
                let refused = try await officer.send(
                    .post, path, bytes: body, headers: ["Content-Type": "multipart/form-data; boundary=b0"])
                #expect(refused.status == 413 && refused.body.contains("回到刚才的表单"), "\(size)")
                let again = try await officer.get(try #require(back(in: refused.body)))
                #expect(again.body.contains("现场检查全程录像"), "\(size)")
            }
            #expect(try await world.office.casebook.load(thread).work.recordings.isEmpty)
        }
    }

    @Test("a form is kept only where there is a page for it to come back to")
    func pagePaths() throws {
        let paths = PagePaths([
            .init(method: "GET", path: "/b/{bureau}/cases/{case}", right: .casework),
            .init(method: "POST", path: "/b/{bureau}/cases/{case}/looks", right: .casework),
            .init(method: "GET", path: "/", right: .anybody),
        ])
        for path in ["/b/x/cases/1", "/b/x/cases/1/", "/"] { #expect(paths.contain(path), "\(path)") }
        for path in ["/b/x/cases/1/looks", "/b/x/cases", "/b/x/people/1", "/a/x/cases/1"] {
            #expect(!paths.contain(path), "\(path)")
        }
    }

    @Test("the sign-in page leads to the explanation of the server's own authority, where it has one")
    func trust() async throws {
        var settings = WebSettings()
        settings.trust = TrustAnchor(certificate: [1, 2, 3], fingerprint: Array(repeating: 7, count: 32))
        for (settings, isThere) in [(settings, true), (WebSettings(), false)] {
            let world = try await WebWorld(settings: settings)
            try await world.serve { browser in
                let page = try await browser.get(browser.address.signIn)
                #expect(page.body.contains("href=\"/trust\"") == isThere)
                #expect(try await browser.get("/trust").status == (isThere ? 200 : 404))
            }
        }
    }
}

extension PageForm {
    /// The form whose action is `path`, with or without a query.
    init?(in page: String, action path: String, orPrefix: Bool) {
        if let form = PageForm(in: page, action: path) {
            self = form
            return
        }
        guard orPrefix, let start = page.range(of: "action=\"\(path)?")?.lowerBound else { return nil }
        let action = page[start...].dropFirst("action=\"".count).prefix { $0 != "\"" }
        self.init(in: page, action: String(action))
    }
}
