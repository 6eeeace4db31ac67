import Application
import Casework
import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Rulebook
import TestKit
import Testing

@testable import Web

/// Every form of every step and of the administration, and every route, against hostile text, old pages, repeated and
/// broken bodies: by loops over the lists that the server itself is built from.
@Suite("Hostile input on every form")
struct HostileTests {
    /// Markup, quotes of every kind, the ends of CDATA and comments, a character outside the first plane, a combining mark
    /// after a quote. What nobody sees is refused, and has a test of its own.
    static let text = "\"'><script>xss()</script>]]>--><b onmouseover=xss()>𠮷\"\u{301}&#60;&lt;"
    /// What must never stand in a page: the text's own markup, or the end of an attribute before it.
    static let raw = ["<script>xss", "<b onmouseover", "\"'>", "]]>"]

    static func clean(_ body: String) -> Bool { raw.allSatisfy { !body.contains($0) } }

    /// A form of a page as somebody fills it who types `text` wherever text can be typed, and picks the first of what
    /// can be picked.
    private static func filled(_ page: String, action: String, _ text: String) -> (action: String, body: String)? {
        guard var form = PageForm(in: page, action: action, orPrefix: true),
            let start = page.range(of: "action=\"\(form.action.replacingOccurrences(of: "&", with: "&#38;"))\"")
                ?? page.range(of: "action=\"\(form.action.replacingOccurrences(of: "&", with: "&amp;"))\"")
                ?? page.range(of: "action=\"\(form.action)\""),
            let end = page.range(of: "</form>", range: start.upperBound..<page.endIndex)
        else { return nil }
        var values: Fields = [:]
        var picked: Set<String> = []
        for tag in page[start.upperBound..<end.lowerBound].components(separatedBy: "<").dropFirst() {
            func attribute(_ name: String) -> String? {
                guard let from = tag.range(of: " \(name)=\"")?.upperBound else { return nil }
                return String(tag[from...].prefix { $0 != "\"" })
            }
            guard let name = attribute("name"), !picked.contains(name) else { continue }
            let type = attribute("type") ?? "text"
            if tag.hasPrefix("textarea") || tag.hasPrefix("input") && ["text", "search"].contains(type) {
                values.pairs.append((name, text))
            } else if tag.hasPrefix("input"), type == "password" {
                values.pairs.append((name, WebWorld.secret))
            } else if tag.hasPrefix("input"), type == "checkbox" {
                // All of them: two officers where two are asked for.
                values.pairs.append((name, attribute("value") ?? "on"))
                continue
            } else if tag.hasPrefix("input"), type == "radio" {
                values.pairs.append((name, attribute("value") ?? "on"))
            } else {
                continue
            }
            picked.insert(name)
        }
        form.fill(values)
        return (form.action, form.body)
    }

    /// A case in the middle of its course with something of everything, and the people who look at it.
    private struct Scene {
        let world: WebWorld
        let walk: WalkTests.Walk
        let inspection: ThreadTag
        let penalty: ThreadTag
        let administrator: Browser
        let document: DocumentID
        let departmentHead: Browser
        let leads: [ThreadTag]
        let request: ThreadTag

        init(_ world: WebWorld, _ browser: Browser) async throws {
            self.world = world
            walk = try await WalkTests.Walk(world, browser)
            inspection = try await walk.inspect()
            world.clock.advance(minutes: 30)
            let opened = try await walk.officer.carryOut(walk.address.penalty(of: inspection), ["title": "提供不真实统计资料案"])
            penalty = try #require(ThreadTag(String(opened.split(separator: "/").last?.prefix(32) ?? "")))
            document = try await walk.write(
                walk.officer, "procedure-initiation-approval", in: penalty,
                ["startReason": "检查发现。", "handlerOpinion": "建议启动。"])
            administrator = try await browser.signedIn("administrator")
            departmentHead = try await browser.signedIn("departmenthead")
            var leads: [ThreadTag] = []
            for (kind, values) in Self.leads {
                let opened = try await walk.officer.carryOut(walk.address.newLead(kind), values)
                leads.append(try #require(ThreadTag(String(opened.split(separator: "/").last?.prefix(32) ?? ""))))
            }
            self.leads = leads
            let things = try await world.office.casebook.releasables(
                of: try await world.office.casebook.load(inspection))
            let asked = try await walk.custodian.carryOut(
                walk.address.newRequest(about: inspection),
                things.map(\.item.id).reduce(
                    [
                        "capacity": "self", "kind": "copy", "channel": "letter", "papers": "idCard", "applicant": text,
                        "identity": text, "phone": text, "items": text, "purpose": text,
                    ] as Fields
                ) { $0.adding("documents", $1) })
            request = try #require(ThreadTag(String(asked.split(separator: "/").last?.prefix(32) ?? "")))
        }

        /// A complaint and an application whose reporters wrote what they wanted.
        private static let leads: [(LeadFile.Kind, Fields)] = [
            (
                .complaint,
                [
                    "channel": "telephone", "isRealName": "yes", "complainant": text, "content": text, "target": text,
                ]
            ), (.application, ["mode": "oral", "applicant": text, "matter": text, "oralContent": text]),
        ]

        /// The pages of every step of leads, and of beginning one.
        var leadPaths: [String] {
            LeadFile.Kind.allCases.map { walk.address.newLead($0) }
                + leads.flatMap { lead in LeadStep.all.map { walk.address.leadStep($0.name, in: lead) } }
        }

        /// The pages of every step of a request, in the order of the procedure, and of registering one.
        var requestPaths: [String] {
            [walk.address.newRequest(about: inspection)]
                + RequestStep.all.map { walk.address.requestStep($0.name, in: request) }
        }

        var everybody: [Browser] {
            [
                walk.officer, walk.second, walk.unitHead, walk.reviewer, walk.head, departmentHead, walk.custodian,
                administrator,
            ]
        }

        /// The pages of every step, in both cases, with what the address can say they are about.
        func stepPaths() async throws -> [String] {
            let visit = try await world.office.casebook.load(inspection).work.activities.first?.id
            var paths: [String] = []
            for form in StepForm.all {
                for thread in [inspection, penalty] {
                    paths.append(walk.address.step(form.name, in: thread))
                    paths.append(walk.address.step(form.name, in: thread, about: ("document", document.description)))
                    if let visit {
                        paths.append(walk.address.step(form.name, in: thread, about: ("activity", visit.description)))
                    }
                }
            }
            for record in try await world.office.casebook.load(inspection).records {
                for member in record.type.correctable {
                    paths.append(walk.address.correction(of: record.seq, member: member.name, in: inspection))
                }
            }
            return paths
        }

        var administrationPaths: [String] {
            let person = ThreadTag(high: 2, low: 99)
            return [
                walk.address.newPerson, walk.address.personDetails(person), walk.address.personRoles(person),
                walk.address.personAccount(person), walk.address.personReset(person), walk.address.personClose(person),
                walk.address.settings,
            ]
        }
    }

    private func send(_ browser: Browser, _ path: String, _ text: String) async throws -> (
        body: String, action: String, answer: Browser.Answer
    )? {
        let page = try await browser.get(path)
        guard page.status == 200 else { return nil }
        guard let form = Self.filled(page.body, action: path, text) else { return nil }
        return (form.body, form.action, try await browser.send(.post, form.action, body: form.body))
    }

    @Test("a name with a character that nobody sees is refused at the form, and what to do is said")
    func hidden() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            for (character, name) in [
                ("\u{200B}", "U+200B"), ("\u{202E}", "U+202E"), ("\u{2028}", "U+2028"), ("\u{FEFF}", "U+FEFF"),
                ("\u{7}", "U+0007"),
            ] {
                let answer = try await officer.submit(
                    officer.address.newInspection,
                    ([
                        "title": "统计资料检查", "source": "plan", "subjectName": "星河\(character)纸品厂（演示）",
                        "subjectKind": "organisation",
                        "handlers": world.people[.officer]?.thread.description ?? "",
                    ] as Fields).adding("handlers", ThreadTag(high: 2, low: 99).description))
                #expect(answer.status == 422, "\(name)")
                #expect(answer.body.contains("当事人名称（姓名）含有看不见的字符（\(name)）") && answer.body.contains("重新输入"))
            }
        }
    }

    @Test("a name is one line, begins with a character, and carries few marks; what to do is said")
    func names() async throws {
        let world = try await WalkTests.world()
        let before = try await world.store.signedHead().size
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            for (name, told) in [
                ("张\n三", "不能换行，也不能含有制表符；请写在一行里"), ("张\t三", "不能换行，也不能含有制表符；请写在一行里"),
                ("\u{301}张三", "附加符号（U+0301）前面没有字"), ("张 \u{20DD}三", "附加符号（U+20DD）前面没有字"),
                ("张" + String(repeating: "\u{336}", count: 40), "叠了40个附加符号，最多4个"),
            ] {
                let answer = try await officer.submit(
                    officer.address.newInspection,
                    ([
                        "title": "统计资料检查", "source": "plan", "subjectName": name, "subjectKind": "individual",
                        "handlers": world.people[.officer]?.thread.description ?? "",
                    ] as Fields).adding("handlers", ThreadTag(high: 2, low: 99).description))
                #expect(answer.status == 422 && answer.body.contains("当事人名称（姓名）"), "\(told)")
                #expect(answer.body.contains(told), "\(told)")
            }
            let admin = try await browser.signedIn("administrator")
            for name in ["张\n三", "\u{301}张三"] {
                let answer = try await admin.submit(
                    admin.address.newPerson, ["name": name, "roles": "custodian", "secret": WebWorld.secret])
                #expect(answer.status == 422 && answer.body.contains("姓名"), "\(name.shownBack)")
            }
        }
        #expect(try await world.store.signedHead().size == before)
    }

    @Test(
        "hostile text in every field of every form is refused in words or recorded, sent twice is one, and shown never")
    func everyForm() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let scene = try await Scene(world, browser)
            var sent = 0
            var carriedOut: Set<String> = []
            let paths =
                try await scene.stepPaths() + [scene.walk.address.newInspection] + scene.leadPaths
                + scene.requestPaths + scene.administrationPaths
            let long = Self.text + String(repeating: "长𠮷", count: 500) + String(repeating: "a", count: 4_500)
            for path in paths {
                // Too long for any field, and not for a body: once a page.
                var texts = [long, Self.text]
                for person in scene.everybody {
                    for text in texts {
                        guard let (body, action, first) = try await send(person, path, text) else { continue }
                        sent += 1
                        texts = [Self.text]
                        let label = "\(path) \(text.count)"
                        #expect([200, 303, 422].contains(first.status), "\(label): \(first.status)")
                        #expect(Self.clean(first.body), "\(label)")
                        let second = try await person.send(.post, action, body: body)
                        // A reset ends no session of the administrator; what was carried out is answered alike.
                        if first.status == 303 {
                            #expect(
                                second.status == 303 && second.location == first.location, "\(label): \(second.status)")
                            carriedOut.insert(String(path.split(separator: "?")[0]))
                            let shown = try await person.get(first.location)
                            #expect(Self.clean(shown.body), "\(first.location)")
                        } else {
                            #expect(second.status == first.status && Self.clean(second.body), "\(label)")
                        }
                    }
                }
            }
            #expect(sent > 100, "\(sent) forms were sent")
            #expect(carriedOut.count >= 5, "\(carriedOut)")
            try await showsNothingRaw(scene)
        }
    }

    /// Every page that answers GET, with the ids that there are, to everybody.
    private func showsNothingRaw(_ scene: Scene) async throws {
        let people = [ThreadTag(high: 2, low: 99)] + scene.world.people.values.map(\.thread)
        let entries = WebApplication.addRoutes(to: .init(context: AppContext.self), scene.world.services).entries
        var looked = 0
        for entry in entries where entry.method == "GET" && entry.path.hasPrefix("/b/") {
            for (thread, lead) in zip([scene.inspection, scene.penalty], scene.leads) {
                let values = [
                    "{bureau}": "qinghe", "{case}": thread.description, "{lead}": lead.description,
                    "{request}": scene.request.description,
                    "{person}": people[0].description,
                    "{document}": scene.document.description, "{step}": "activity",
                ]
                let path = entry.path.split(separator: "/", omittingEmptySubsequences: false)
                    .map { values[String($0)] ?? ($0.hasPrefix("{") ? "1" : String($0)) }.joined(separator: "/")
                for person in scene.everybody {
                    let page = try await person.get(path)
                    #expect(page.status != 500, "\(path)")
                    guard page.headers[.contentType]?.hasPrefix("text/html") == true else { continue }
                    #expect(Self.clean(page.body), "\(path)")
                    looked += page.status == 200 ? 1 : 0
                }
            }
        }
        #expect(looked > 40, "\(looked) pages were looked at")
    }

    @Test("a page of every step drawn before somebody else's is refused, shows what happened, and records nothing")
    func everyStalePage() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let scene = try await Scene(world, browser)
            var forms: [(person: Browser, action: String, body: String)] = []
            for path in try await scene.stepPaths() where path.contains(scene.inspection.description) {
                for person in scene.everybody {
                    let page = try await person.get(path)
                    guard page.status == 200, let form = Self.filled(page.body, action: path, "文字") else { continue }
                    forms.append((person, form.action, form.body))
                }
            }
            #expect(forms.count > 50)
            try await scene.walk.second.carryOut(
                scene.walk.address.step("activity", in: scene.inspection), ["place": "仓库"])
            let before = try await world.store.signedHead().size
            for (person, action, body) in forms {
                let answer = try await person.send(.post, action, body: body)
                #expect(answer.status == 422, "\(action): \(answer.status)")
            }
            #expect(try await world.store.signedHead().size == before)
        }
    }

    @Test("no POST of any route takes a body without its token, in another encoding, broken or too large, from anybody")
    func everyRoute() async throws {
        let world = try await WebWorld()
        let entries = WebApplication.addRoutes(to: .init(context: AppContext.self), world.services).entries
        try await world.serve { browser in
            let before = try await world.store.signedHead().size
            let people = [try await browser.signedIn("officer"), try await browser.signedIn("administrator")]
            let gbk = "%D6%DC"
            for entry in entries where entry.method == "POST" {
                var large = [(String(repeating: "a", count: (1 << 20) + 1), 413)]
                let id = String(repeating: "0", count: 32)
                let path = entry.path.split(separator: "/", omittingEmptySubsequences: false).map { part in
                    part == "{bureau}" ? "qinghe" : part.hasPrefix("{") ? id[...] : part
                }.joined(separator: "/")
                if path.hasPrefix("/api/") {
                    // The interface for programs knows no cookie, so no page of another site can use one.
                    for person in people {
                        let token = try await person.token()
                        let answer = try await person.send(.post, path, body: "\(ForgeryGuard.field)=\(token)")
                        #expect(answer.status == 401, "\(entry.path): \(answer.status)")
                    }
                    continue
                }
                for person in people {
                    let token = try await person.token()
                    let tokenField = "\(ForgeryGuard.field)=\(token)"
                    var bodies: [(String, Int)] = [
                        ("command=\(id)", 403), ("", 403), ("\(ForgeryGuard.field)=", 403),
                        ("\(ForgeryGuard.field)=\(token.dropLast())", 403), ("\(tokenField)&name=\(gbk)", 400),
                        ("\(tokenField)&name=%00", 400), ("\(tokenField)&name=%ED%A0%80", 400),
                        ("\(tokenField)&name=%4", 400),
                    ]
                    // Once a route: the limit is before everything that tells persons apart.
                    bodies += large.map { ("\(tokenField)&name=\($0.0)", $0.1) }
                    large = []
                    for (body, status) in bodies {
                        let answer = try await person.send(.post, path, body: body)
                        let label = "\(entry.path) \(body.prefix(60))"
                        #expect(answer.status == status, "\(label): \(answer.status)")
                        #expect(answer.headers[.contentType] == "text/html; charset=utf-8", "\(label)")
                    }
                    // GBK bytes as they are, in a form with a file.
                    var multipart = Array("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n".utf8)
                    multipart += [0xD6, 0xDC] + Array("\r\n--b--\r\n".utf8)
                    let answer = try await person.send(
                        .post, path, bytes: multipart, headers: ["Content-Type": "multipart/form-data; boundary=b"])
                    #expect(answer.status == 400, "\(entry.path)")
                }
            }
            #expect(try await world.store.signedHead().size == before)
        }
    }

    @Test("of two who decide the same at once one is answered yes and one what happened, for every step two can take")
    func everyRace() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let scene = try await Scene(world, browser)
            var raced = 0
            for form in StepForm.all + RecordedStep.all.map({ StepForm($0) }) {
                for thread in [scene.inspection, scene.penalty] {
                    let path = scene.walk.address.step(form.name, in: thread)
                    var bodies: [(Browser, String)] = []
                    for person in [scene.walk.officer, scene.walk.second] {
                        let page = try await person.get(path)
                        guard page.status == 200, let filled = Self.filled(page.body, action: path, "文字") else {
                            continue
                        }
                        bodies.append((person, filled.body))
                    }
                    guard bodies.count == 2 else { continue }
                    let before = try await world.office.casebook.load(thread).work.entries
                    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                        for (person, body) in bodies {
                            group.addTask { try await person.send(.post, path, body: body).status }
                        }
                        return try await group.reduce(into: []) { $0.append($1) }.sorted()
                    }
                    let after = try await world.office.casebook.load(thread).work.entries
                    // Refused to both, for want of something else; or one of them, and one step recorded.
                    #expect(statuses == [422, 422] || statuses == [303, 422], "\(path): \(statuses)")
                    #expect(after > before || statuses == [422, 422], "\(path)")
                    if statuses == [303, 422] { raced += 1 }
                }
            }
            #expect(raced >= 2, "\(raced)")
        }
    }
}
