import Application
import Casework
import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

/// What must be kept of a reporter (invariant 4): every road on which the server hands anything out is walked.
@Suite("What a reporter said")
struct ReporterTests {
    /// Words that may stand nowhere without a look, each typed or drawn somewhere in the case.
    static let name = "黎隐名"
    static let words = [name, "13800001234", "柳荫巷七号", "M77 11L78 99", "夜里改账", "黎隐名来电录音"]

    /// The words that an answer holds, also as addresses write them.
    static func told(_ body: String) -> [String] {
        words.filter { body.contains($0) || body.contains(Percent.encode($0)) }
    }

    /// A lead and a case in which a reporter was written down in every way there is.
    struct Scene {
        let world: WebWorld
        let walk: WalkTests.Walk
        let lead: ThreadTag
        let inspection: ThreadTag
        let thread: ThreadTag
        let complaint: DocumentID
        let notice: DocumentID
        let receipt: DocumentID
        let draft: DocumentID
        let request: ThreadTag
        var address: Address { walk.address }

        init(_ world: WebWorld, _ browser: Browser) async throws {
            self.world = world
            walk = try await WalkTests.Walk(world, browser)
            let (walk, address) = (walk, walk.address)
            func opened(_ location: String) throws -> ThreadTag {
                try #require(ThreadTag(String(location.split(separator: "/").last?.prefix(32) ?? "")))
            }
            lead = try opened(
                try await walk.officer.carryOut(
                    address.newLead(.complaint),
                    [
                        "channel": "telephone", "isRealName": "yes", "complainant": name, "content": "\(name)说夜里改账。",
                        "target": "清禾县星河纸品厂",
                    ]))
            inspection = try await walk.inspect()
            world.clock.advance(minutes: 30)
            thread = try opened(
                try await walk.officer.carryOut(address.penalty(of: inspection), ["title": "提供不真实统计资料案"]))
            let said: Fields = [
                "sourceChannel": "telephone", "receivedAt": FieldReading.local(world.clock.now()), "isRealName": "yes",
                "complainant": name, "complainantPhone": "13800001234", "target": "清禾县星河纸品厂",
                "content": "\(name)（住柳荫巷七号）说夜里改账。", "registrar": "周一舟",
            ]
            complaint = try await walk.write(walk.officer, "complaint-report-record", in: thread, said)
            try await walk.sign(walk.officer, "officer", of: complaint, in: thread, [:])
            try await walk.issue(walk.officer, complaint, in: thread)
            notice = try await walk.write(
                walk.officer, "non-initiation-notice", in: thread,
                [
                    "complainant": name, "content": "夜里改账", "reason": "没有查实。", "legalBasis": "依据。",
                    "notifyMethod": "written", "notifiedAt": FieldReading.local(world.clock.now()),
                    "notifiedBy": "周一舟",
                ])
            let drawn: Fields = ["signer": name, "drawing": "M77 11L78 99"]
            try await walk.sign(walk.officer, "officer", of: notice, in: thread, [:])
            try await walk.sign(walk.officer, "recipient", of: notice, in: thread, drawn)
            try await walk.issue(walk.officer, notice, in: thread)
            world.clock.advance(minutes: 30)
            receipt = try await walk.write(
                walk.officer, "service-receipt", in: thread, about: notice,
                [
                    "place": "柳荫巷七号", "servedAt": FieldReading.local(world.clock.now()), "recipient": name,
                    "server": "周一舟",
                ])
            try await walk.sign(
                walk.officer, "recipient", of: receipt, in: thread, drawn.adding("capacity", "self"))
            try await walk.sign(walk.officer, "server1", of: receipt, in: thread, [:])
            try await walk.issue(walk.officer, receipt, in: thread)
            let form = try await walk.officer.get(address.step("service", in: thread))
            #expect(form.body.contains("内容依法保密") && ReporterTests.told(form.body).isEmpty)
            try await walk.officer.carryOut(
                address.step("service", in: thread),
                ["recipient": name, "place": "柳荫巷七号", "signatory": name, "relation": "本人"])
            let served = try #require(
                try await world.office.casebook.load(thread).records.last { $0.type == .documentServed })
            try await walk.officer.carryOut(
                address.correction(of: served.seq, member: "relation", in: thread),
                ["value": "当事人本人", "reason": "\(name)住在后院。"])
            // A draft of the same kind stays behind.
            let new = try await walk.officer.get(address.newDocument("complaint-report-record", in: thread))
            let start = try #require(new.body.range(of: "data-draft=\"")?.upperBound)
            let path = String(new.body[start...].prefix { $0 != "\"" })
            var sheet = try #require(PageForm(in: new.body, action: path))
            sheet.fill(said.adding("action", "save"))
            #expect(try await walk.officer.send(.post, path, body: sheet.body).status == 303)
            draft = try #require(DocumentID(String(path.suffix(32))))
            try await RequestTests.send(
                walk.officer, address.newRecording(in: thread), file: "file", name: "举报人黎隐名来电录音.txt",
                Array("the voice".utf8), ["class": "reporter", "device": "other", "note": "\(name)来电"])
            try await RequestTests.send(
                walk.officer, address.newRecording(in: thread), file: "file", name: "集体讨论.txt",
                Array("the talk of the heads".utf8), ["class": "internal", "device": "other"])
            let things = try await world.office.casebook.releasables(
                of: try await world.office.casebook.load(thread))
            let asking: Fields = [
                "capacity": "lawyer", "kind": "copy", "channel": "inPerson", "papers": "lawyerLicence",
                "applicant": "贺律师（演示）", "identity": "1990000000001", "items": "全部材料", "purpose": "准备陈述申辩。",
            ]
            request = try opened(
                try await walk.custodian.carryOut(
                    address.newRequest(about: thread),
                    things.map(\.item.id).reduce(asking.adding("papers", "powerOfAttorney")) {
                        $0.adding("documents", $1)
                    }))
        }

        /// Values for the parts of addresses; a part that is not here is reached by links alone.
        func values(_ part: String) async throws -> [String] {
            let view = try await world.office.casebook.load(thread)
            switch part {
            case "bureau": return [world.tag.description]
            case "case": return [thread.description]
            case "document": return view.work.documents.map(\.id.description) + [draft.description]
            case "slot": return ["officer", "recipient", "server1", "agency", "handlingUnit"]
            case "step":
                return StepForm.all.map(\.name) + RecordedStep.all.map(\.name) + LeadStep.all.map(\.name)
                    + RequestStep.all.map(\.name)
            case "lead": return [lead.description]
            case "request": return [request.description]
            case "person": return [ThreadTag(high: 2, low: 99).description]
            case "page": return ["1"]
            case "regulation": return ["zhaoxian-2017"]
            case "provision": return ["zhaoxian-2017:9c"]
            case "log": return ["1"]
            default: return []
            }
        }

        /// The addresses of all routes that are read, as far as they can be written down.
        func paths() async throws -> [String] {
            let entries = WebApplication.addRoutes(to: .init(context: AppContext.self), world.services).entries
            var paths: [String] = []
            for entry in entries where entry.method == "GET" {
                var made = [""]
                for part in entry.path.split(separator: "/", omittingEmptySubsequences: true) {
                    let choices =
                        part.hasPrefix("{") ? try await values(String(part.dropFirst().dropLast())) : [String(part)]
                    made = made.flatMap { start in choices.map { "\(start)/\($0)" } }
                }
                paths += made
            }
            paths += ["complaint-report-record", "non-initiation-notice"].map { address.newDocument($0, in: thread) }
            paths.append(address.newDocument("service-receipt", in: thread, about: notice))
            for document in [complaint, notice, receipt] {
                for step in StepForm.all {
                    paths.append(address.step(step.name, in: thread, about: ("document", document.description)))
                }
                for manner in SigningManner.allCases {
                    paths.append("\(address.slot("recipient", of: document, in: thread))?manner=\(manner.rawValue)")
                }
            }
            for record in try await world.office.casebook.load(thread).records {
                for member in record.type.correctable {
                    paths.append(address.correction(of: record.seq, member: member.name, in: thread))
                }
            }
            return paths + ["/b/qinghe/search?q=%E6%98%9F%E6%B2%B3", "/b/qinghe/cases/new?lead=\(lead)"]
        }
    }

    /// Asks for every address, and for what the answers link to; returns how many answers were read.
    private func read(
        _ browser: Browser, _ label: String, from paths: [String], but own: String
    ) async throws -> Int {
        var seen: Set<String> = []
        var waiting = paths
        var (answered, provisions) = (0, 0)
        while let path = waiting.popLast() {
            guard seen.insert(path).inserted, !path.hasPrefix("/api/"), !path.contains(own) else { continue }
            if path.contains("/provisions/") || path.contains("/regulations/") || path.hasPrefix("/assets/") {
                // The texts of law: thousands of pages that know no case.
                provisions += 1
                guard provisions < 10 else { continue }
            }
            let answer = try await browser.get(path)
            #expect(answer.status < 500, "\(label) \(path): \(answer.status)")
            if answer.status == 200 { answered += 1 }
            let told = Self.told(answer.body)
            #expect(told.isEmpty, "\(label) reads \(told) at \(path)")
            var rest = answer.body[...]
            while let link = rest.range(of: ##"(href|src)="/[^"#]*"##, options: .regularExpression) {
                let text = rest[link].drop { $0 != "/" }
                waiting.append(text.replacingOccurrences(of: "&amp;", with: "&"))
                rest = rest[link.upperBound...]
            }
        }
        return answered
    }

    @Test("no page, table, calendar or answer of the API tells of a reporter to anybody who does not look")
    func everyRoad() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let scene = try await Scene(world, browser)
            let paths = try await scene.paths()
            #expect(paths.count > 300)
            for role in Role.allCases {
                let account = role.rawValue.lowercased()
                // The handler alone may write the draft, and so reads it.
                let own = role == .officer ? "/drafts/\(scene.draft)" : "none"
                let person = try await browser.signedIn(account)
                let count = try await read(person, account, from: paths, but: own)
                #expect(count > 20, "\(account) was answered \(count) times")
                if role != .officer, role != .administrator {
                    let draft = scene.address.draft(scene.draft, in: scene.thread)
                    for path in [draft, "\(draft)/check", "\(draft)/sheets/1", "\(draft)/discard"] {
                        #expect(try await person.get(path).status == 403, "\(account) \(path)")
                    }
                }
                let program = try await world.program(browser, of: account)
                for path in paths where path.hasPrefix("/api/") && !path.hasSuffix("/pdf") && !path.contains(own) {
                    let answer = try await program.get(path)
                    let told = Self.told(answer.body)
                    #expect(told.isEmpty, "\(account) reads \(told) at \(path)")
                }
            }
            // A look is a person's: a program gets no page of it, and opens none for anybody.
            let before = try await world.office.casebook.load(scene.thread).entries.count
            for document in [scene.receipt, scene.notice] {
                let refused = try await world.program(browser, of: "officer").send(
                    .get, "/cases/\(scene.thread)/documents/\(document)/pdf?rendition=fixed&purpose=handling",
                    headers: ["Accept": "application/pdf"])
                #expect(refused.status == 403 && refused.body.contains("person-needed"))
            }
            #expect(try await world.office.casebook.load(scene.thread).entries.count == before)
            // The names of what is not given are told, so that nobody takes it for empty.
            let program = try await world.program(browser, of: "officer")
            let given = try await program.get("/cases/\(scene.thread)/documents").items
            let receipt = given.first { $0["document"]?.string == scene.receipt.description }
            #expect(receipt?["values"] == nil && receipt?["withheld"]?.elements?.contains("recipient") == true)
            let open = try await program.get("/cases/\(scene.inspection)/documents").items
            #expect(open.first?["values"]?["findings"] != nil && open.first?["withheld"]?.elements == [])
        }
    }

    @Test("within a look that is recorded it is read, by whoever looks, and by nobody when the look has ended")
    func looks() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let scene = try await Scene(world, browser)
            let address = scene.address
            let reviewer = scene.walk.reviewer
            let page = address.document(scene.notice, in: scene.thread)
            #expect(try await reviewer.get(page).body.contains("依法保密"))
            let look = try await reviewer.carryOut(page, action: address.look(in: scene.thread))
            let seen = try await reviewer.get(page).body
            #expect(seen.contains(Self.name) && seen.contains("夜里改账") && seen.contains("M77 11L78 99"))
            let course = try await reviewer.get(address.caseFile(scene.thread)).body
            #expect(course.contains("\(Self.name)当面签名"), "what was recorded of the notice")
            #expect(!course.contains("黎隐名来电录音"), "the recording was not looked at")
            #expect(Self.told(try await scene.walk.head.get(page).body).isEmpty, "somebody else's look")
            #expect(Self.told(try await scene.walk.head.get(look).body).isEmpty, "somebody else's look")
            let receipt = address.document(scene.receipt, in: scene.thread)
            #expect(Self.told(try await reviewer.get(receipt).body).isEmpty, "another document")
            try await reviewer.carryOut(look, action: "\(look)/end")
            #expect(Self.told(try await reviewer.get(page).body).isEmpty, "it has ended")
            _ = try await reviewer.carryOut(page, action: address.look(in: scene.thread))
            world.clock.advance(minutes: 31)
            #expect(Self.told(try await reviewer.get(page).body).isEmpty, "its time is over")
        }
    }

    @Test("a recording has the class that was stated, and no party gets a reporter's or an internal one as it is")
    func releases() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let scene = try await Scene(world, browser)
            let view = try await world.office.casebook.load(scene.thread)
            let classes = view.work.recordings.compactMap { view.recordings[$0.recording]?.first?.entry }
            #expect(classes.map { $0.openingClass(of: "digest") } == [.reporter, .internal])
            #expect(classes.map { $0.openingClass(of: "fileName") } == [.reporter, .internal])
            #expect(classes.allSatisfy { $0.misclassified.isEmpty })
            let visit = try await world.office.casebook.load(scene.inspection)
            let film = try #require(
                visit.work.recordings.first.flatMap { visit.recordings[$0.recording]?.first?.entry })
            #expect(film.openingClass(of: "digest") == .party)
            #expect(film.skeleton.content.plain["classes"] == nil, "as entries were before classes were stated")

            let things = try await world.office.casebook.releasables(of: view)
            let form = try await scene.walk.reviewer.get(scene.address.requestStep("check", in: scene.request))
            #expect(form.body.contains("含有投诉举报人的信息") && form.body.contains("这是内部资料"))
            let check = scene.address.requestStep("check", in: scene.request)
            let all: Fields = things.map(\.item.id).reduce(["findings": "都可以。"]) {
                $0.adding("item.\($1)", "cleared")
            }
            let refused = try await scene.walk.reviewer.submit(check, all)
            #expect(refused.status == 422)
            // All of this case: of the reporter, about the reporter, or internal.
            #expect(things.count == 5 && things.allSatisfy(\.isInternal))
            #expect(refused.body.components(separatedBy: "不能原样提供给当事人和其他个人").count > things.count)
            #expect(things.map(\.title).allSatisfy { Self.told($0).isEmpty })
            #expect(things.map(\.fileName).filter { $0.hasPrefix("音像资料") } == ["音像资料 1.txt", "音像资料 2.txt"])
            _ = try await scene.walk.reviewer.submit(
                check,
                things.map(\.item.id).reduce(["findings": "都不可以。"]) {
                    $0.adding("item.\($1)", "withheld").adding("ground.\($1)", "reporterData").adding(
                        "why.\($1)", "举报。")
                })
            #expect(try await world.office.casebook.loadRequest(scene.request).file.check?.cleared == [])
        }
    }

    @Test("no dossier but the archive's holds a word or a byte of the reporter", arguments: DossierAudience.allCases)
    func dossiers(audience: DossierAudience) async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let scene = try await Scene(world, browser)
            let log = try #require(try await world.store.logs().first)
            _ = try await world.office.casebook.record(
                [
                    Fact(
                        .keyPublished, in: ThreadTag(high: 1, low: 1), plain: ["keyId": "1", "use": "log"],
                        fields: [.init("vkey", .string(log.verifierKey), .officer)])
                ], by: .system, command: .random())
            // The complaint is one that the handler wrote down: the head opens what is kept back for it first.
            try await scene.walk.confirmVeiled(in: scene.thread)
            let answer = try await scene.walk.head.submit(
                scene.address.dossier(of: scene.thread),
                [
                    "audience": audience.rawValue, "mode": "compact", "recipient": "钱有余", "secrecyCheck": "已审查。",
                    "secret": WebWorld.secret,
                ])
            try #require(
                answer.headers[.contentType] == "application/zip", "\(Browser.problem(answer.body).prefix(300))")
            let isArchive = audience == .archive
            #expect(Self.told(answer.body).isEmpty != isArchive, "\(Self.told(answer.body))")
            #expect(answer.body.contains("the voice") == isArchive)
            #expect(answer.body.contains("举报人黎隐名来电录音.txt") == isArchive)
            #expect(answer.body.contains("the talk of the heads") == (audience != .party))
            #expect(answer.body.contains("集体讨论.txt") == (audience != .party))
            // The film of the visit goes to the party, under a name that says nothing.
            #expect(answer.body.contains("not really a film"))
            #expect(answer.body.contains("音像资料 3.mp4") == (audience == .party))
            // Skeletons go to everybody: none says when, how and by whom the reporter was told.
            #expect(!answer.body.contains("notifyMethod") || isArchive)
        }
    }
}
