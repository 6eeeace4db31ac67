import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

/// Requests to consult and copy through the pages under the real regulations: registered, checked for secrets by one
/// person, approved by another, released, fetched, acknowledged, ended (zhaoxian-2017:32, 33).
@Suite("Requests to consult and copy through the pages")
struct RequestTests {
    /// A case with three things to ask for: a record, a film and a recording in which somebody tells a secret.
    struct Scene {
        let world: WebWorld
        let walk: WalkTests.Walk
        let source: ThreadTag
        let things: [Releasable]
        static let film = "\0\0\0\u{18}ftypmp42 not really a film"
        static let secret = "the neighbour told who reported"
        static let masked = "the neighbour told ■■■■"

        init(_ world: WebWorld, _ browser: Browser) async throws {
            self.world = world
            walk = try await WalkTests.Walk(world, browser)
            source = try await walk.inspect()
            try await RequestTests.send(
                walk.officer, walk.address.newRecording(in: source), file: "file", name: "邻居谈话.txt",
                Array(Self.secret.utf8), ["device": "other"])
            let view = try await world.office.casebook.load(source)
            things = try await world.office.casebook.releasables(of: view)
        }

        var address: Address { walk.address }
        /// The record, the film, the recording.
        var ids: [String] { things.map(\.item.id) }

        /// A lawyer asks for everything.
        var lawyer: Fields {
            ([
                "capacity": "lawyer", "kind": "copy", "channel": "inPerson", "papers": "lawyerLicence",
                "applicant": "贺律师（演示）", "identity": "1990000000001", "items": "现场检查笔录和全部录音录像", "purpose": "准备陈述申辩。",
            ] as Fields).adding("papers", "powerOfAttorney")
        }

        func asking(_ items: [String], _ values: Fields? = nil) -> Fields {
            items.reduce(values ?? lawyer) { $0.adding("documents", $1) }
        }

        /// Registers a request of a lawyer for these items.
        func made(_ items: [String], _ values: Fields? = nil) async throws -> ThreadTag {
            let location = try await walk.custodian.carryOut(
                address.newRequest(about: source), asking(items, values))
            return try #require(ThreadTag(String(location.split(separator: "/").last?.prefix(32) ?? "")))
        }

        func step(_ name: String, _ request: ThreadTag) -> String { address.requestStep(name, in: request) }

        func file(_ request: ThreadTag) async throws -> RequestFile {
            try await world.office.casebook.loadRequest(request).file
        }

        /// Everything may be given; checked by the legal reviewer, approved by the head of the unit.
        func approved(_ items: [String], days: Int = 10) async throws -> ThreadTag {
            let request = try await made(items)
            try await walk.reviewer.carryOut(
                step("check", request),
                items.reduce(["findings": "没有应当保密的内容。"] as Fields) { $0.adding("item.\($1)", "cleared") })
            try await walk.unitHead.carryOut(
                step("decide", request),
                [
                    "decision": "approve", "opinion": "同意复制。", "secret": WebWorld.secret,
                    "untilDay": world.clock.now().day.advanced(by: days).description,
                ])
            return request
        }

        /// A file of the release as a browser gets it.
        func fetch(_ browser: Browser, _ number: Int, of request: ThreadTag) async throws -> Browser.Answer {
            let answer = try await post(browser, number, of: request)
            guard answer.status == 303 else { return answer }
            return try await browser.get(answer.location)
        }

        func post(_ browser: Browser, _ number: Int, of request: ThreadTag) async throws -> Browser.Answer {
            try await browser.post(
                address.requestFile(number, of: request),
                [
                    ForgeryGuard.field: try await browser.token(),
                    FormFrame.commandField: CommandID.random().description,
                ])
        }
    }

    /// Sends the form of a page with one file.
    @discardableResult
    static func send(
        _ browser: Browser, _ path: String, file: String, name: String, _ bytes: [UInt8], _ values: Fields = [:],
        status: Int = 303, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Browser.Answer {
        let page = try await browser.get(path)
        var form = try #require(PageForm(in: page.body, action: path), sourceLocation: sourceLocation)
        form.fill(values)
        var body: [UInt8] = []
        for (name, value) in form.fields {
            body += Array("--b0\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        body += Array("--b0\r\nContent-Disposition: form-data; name=\"\(file)\"; filename=\"\(name)\"\r\n".utf8)
        body += Array("Content-Type: application/octet-stream\r\n\r\n".utf8) + bytes + Array("\r\n--b0--\r\n".utf8)
        let answer = try await browser.send(
            .post, form.action, bytes: body, headers: ["Content-Type": "multipart/form-data; boundary=b0"])
        #expect(
            answer.status == status, "\(path): \(answer.status) \(Browser.problem(answer.body))",
            sourceLocation: sourceLocation)
        return answer
    }

    @Test("every type of record of a request has a step, and every member of it is asked or made by the step")
    func whole() {
        for type in EntryType.allCases where type.home == .request {
            guard let step = ([RequestStep.make] + RequestStep.all).first(where: { $0.body.type == type }) else {
                Issue.record("\(type.rawValue) can be recorded by no step")
                continue
            }
            let asked = step.body.inputs.compactMap(\.member) + step.body.signed + step.made
            #expect(Set(asked) == Set(type.members.keys), "\(type.rawValue)")
            #expect(Set(asked).count == asked.count, "\(type.rawValue)")
        }
        #expect(Set(RequestStep.all.map(\.name)).count == RequestStep.all.count)
    }

    @Test("what is downloaded is what the receipt says, byte by byte; what is withheld is nowhere in it")
    func released() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let scene = try await Scene(world, browser)
            let (walk, address) = (scene.walk, scene.address)
            let request = try await scene.made(scene.ids)
            // Nothing is given out before the approval, to nobody.
            #expect(try await scene.post(walk.custodian, 1, of: request).status != 303)
            let early = try await walk.unitHead.submit(
                scene.step("decide", request), ["decision": "approve", "opinion": "同意。", "secret": WebWorld.secret])
            #expect(early.status == 422 && early.body.contains("待保密审查"))

            let check = scene.step("check", request)
            let verdicts = (["findings": "录音里说出了举报人。"] as Fields)
                .adding("item.\(scene.ids[0])", "cleared").adding("item.\(scene.ids[1])", "withheld")
                .adding("ground.\(scene.ids[1])", "personalPrivacy").adding("why.\(scene.ids[1])", "画面里有无关人员。")
                .adding("item.\(scene.ids[2])", "redacted")
            let bare = try await walk.unitHead.submit(check, verdicts)
            #expect(bare.status == 422 && bare.body.contains("href=\"#f-ground.\(scene.ids[2])\""))
            #expect(bare.body.contains("画面里有无关人员。"), "the input is lost")
            let whole = verdicts.adding("ground.\(scene.ids[2])", "reporterData")
                .adding("why.\(scene.ids[2])", "举报人的名字。")
            try await walk.unitHead.carryOut(check, whole)
            // Masked copies first.
            let unmasked = try await walk.unitHead.submit(
                scene.step("decide", request), ["decision": "approve", "opinion": "同意。", "secret": WebWorld.secret])
            #expect(unmasked.status == 422 && unmasked.body.contains("待制作遮盖件"))
            let redact = scene.step("redact", request)
            for original in [Scene.secret, Scene.film] {
                let same = try await Self.send(
                    walk.custodian, redact, file: "copy", name: "邻居谈话.m4a", Array(original.utf8),
                    ["note": "没有遮盖。"], status: 422)
                #expect(same.body.contains("没有遮盖"))
            }
            try await Self.send(
                walk.custodian, redact, file: "copy", name: "邻居谈话.m4a", Array(Scene.masked.utf8),
                ["note": "消去了举报人的名字。"])

            // Who checked does not decide; whom the law does not name does not either; then another does.
            let decision: Fields = [
                "decision": "approve", "opinion": "同意复制。", "secret": WebWorld.secret,
                "untilDay": world.clock.now().day.advanced(by: 5).description,
            ]
            let same = try await walk.unitHead.submit(scene.step("decide", request), decision)
            #expect(same.status == 422 && same.body.contains("审批请由另一人办理"), "\(Browser.problem(same.body))")
            let head = try await walk.head.submit(scene.step("decide", request), decision)
            #expect(head.status == 422 && head.body.contains("检查科批准"), "\(Browser.problem(head.body))")
            try await walk.reviewer.carryOut(check, whole)
            let bareSecret = try await walk.unitHead.submit(
                scene.step("decide", request),
                ["decision": "approve", "opinion": "同意复制。", "secret": "wrong secret"])
            #expect(bareSecret.status == 422)
            let later = try await walk.unitHead.submit(
                scene.step("decide", request),
                [
                    "decision": "approve", "opinion": "同意复制。", "secret": WebWorld.secret,
                    "untilDay": world.clock.now().day.advanced(by: 31).description,
                ])
            #expect(later.status == 422 && later.body.contains("href=\"#f-untilDay\""))
            try await walk.unitHead.carryOut(scene.step("decide", request), decision)
            #expect(try await scene.file(request).decision?.role == .unitHead)

            // Approved, and nothing made ready yet.
            #expect(try await scene.post(walk.custodian, 1, of: request).status != 303)
            try await walk.custodian.carryOut(scene.step("release", request))
            let file = try await scene.file(request)
            let release = try #require(file.release)
            #expect(release.files.count == 2)
            var given: [[UInt8]] = []
            for (index, one) in release.files.enumerated() {
                let answer = try await scene.fetch(walk.custodian, index + 1, of: request)
                #expect(answer.status == 200)
                let bytes = Array(answer.body.utf8)
                #expect(Digest.sha256(bytes) == one.sha256 && Int64(bytes.count) == one.byteCount, "\(one.name)")
                #expect(answer.headers[.contentDisposition]?.contains("attachment") == true)
                given.append(bytes)
            }
            // The record as it was issued, the copy as it was handed in.
            #expect(given[0] == (try await world.vault.read(scene.things[0].object, at: 0, upTo: 1 << 20)))
            #expect(given[1] == Array(Scene.masked.utf8))
            let sheet = Array(try await scene.fetch(walk.custodian, 0, of: request).body.utf8)
            #expect(Digest.sha256(sheet) == release.sheetDigest)
            let printed = sheet.filter { $0 != UInt8(ascii: " ") }
            for bytes in given {
                #expect(
                    printed.contains(Array(Digest.sha256(bytes).description.utf8)), "a digest is not on the receipt")
                // Paper breaks lines only at spaces, and cuts what does not fit.
                #expect(sheet.contains(Array("\(Digest.sha256(bytes).description.prefix(16)) ".utf8)))
            }
            for bytes in given + [sheet] {
                for kept in [Scene.film, Scene.secret, "现场检查.mp4", "画面里有无关人员", "录音里说出了举报人"] {
                    #expect(!bytes.contains(Array(kept.utf8)), "\(kept) was given out")
                }
            }
            // Neither a number beyond the list nor another's session, nor somebody else's look.
            #expect(try await scene.post(walk.custodian, 3, of: request).status != 303)
            #expect(try await scene.post(walk.head, 1, of: request).status != 303)
            #expect(try await scene.post(walk.second, 1, of: request).status != 303)
            let look = try await scene.post(walk.custodian, 1, of: request).location
            #expect(try await walk.checker.get(look).status != 200)
            #expect(try await walk.custodian.get(look).status == 200)
            let page = try await walk.custodian.get(address.request(request))
            #expect(page.body.contains(release.files[0].sha256.description) && page.body.contains("提供的文件"))
            #expect(!(try await walk.head.get(address.request(request)).body.contains("<button class=\"file\">")))

            // Signed for, ended, and over: also the look that was open.
            let scan: [UInt8] = Array("%PDF-1.7 signed".utf8)
            try await Self.send(
                walk.custodian, scene.step("receipt", request), file: "scan", name: "签收.pdf", scan,
                ["manner": "signedFor"])
            try await walk.custodian.carryOut(
                scene.step("close", request), ["toldBy": "spoken", "reason": "已经提供并签收。"])
            #expect(try await scene.file(request).standing == .closed)
            #expect(try await scene.post(walk.custodian, 1, of: request).status != 303)
            #expect(try await walk.custodian.get(look).status == 404, "a look outlives the release")
            let records = try await world.office.casebook.loadRequest(request).records
            #expect(records.last?.word("outcome") == "provided")
            #expect(records.filter { $0.type == .accessOpened }.allSatisfy { $0.word("right") == "request" })

            // Rows computed anew are the stored ones.
            let entries = try await world.store.entries(of: request, from: 1)
            let anew = try await world.office.casebook.projectedRows(of: request, entries: entries)
            let stored = try #require(try await world.registers.caseFile(request))
            #expect(anew.contains(.caseFile(stored)) && stored.kind == CaseRow.requestKind && stored.state == .filed)
            let rows = try await world.registers.obligations(of: request)
            #expect(rows.contains { $0.matter == "party-access" && $0.state == .met })
            for row in rows { #expect(anew.contains(.obligation(row))) }
        }
    }

    @Test("what another case holds cannot be asked for, nor what is not there; nor may strangers ask or look")
    func asked() async throws {
        let world = try await WalkTests.world()
        try await world.register(
            ThreadTag(high: 2, low: 97), name: "外人", roles: [.officer], account: "other", certificate: "统执2026097")
        try await world.serve { browser in
            let scene = try await Scene(world, browser)
            let other = try await scene.walk.inspect()
            let foreign = try await world.office.casebook.releasables(
                of: try await world.office.casebook.load(other))
            let path = scene.address.newRequest(about: scene.source)
            let before = try await world.store.signedHead().size
            for items in [
                [foreign[0].item.id], scene.ids + [foreign[0].item.id], [DocumentID.random().description], ["不是编号"],
                [scene.ids[0], scene.ids[0]], [],
            ] {
                let answer = try await scene.walk.custodian.submit(path, scene.asking(items))
                #expect(answer.status == 422 && answer.body.contains("href=\"#f-documents\""), "\(items)")
                #expect(answer.body.contains("贺律师（演示）"), "the input is lost")
            }
            // Who asks is shown by papers: a lawyer by the licence, a court by its letter.
            var values = scene.lawyer
            values.pairs.removeAll { $0.value == "lawyerLicence" }
            let bare = try await scene.walk.custodian.submit(path, scene.asking(scene.ids, values))
            #expect(bare.status == 422 && bare.body.contains("应当查验律师执业证"))
            let court = try await scene.walk.custodian.submit(
                path,
                scene.asking(
                    scene.ids,
                    [
                        "capacity": "court", "kind": "view", "channel": "officialLetter", "papers": "idCard",
                        "applicant": "某法院（演示）", "identity": "1", "items": "全部", "purpose": "审理。",
                    ]))
            #expect(court.status == 422 && court.body.contains("应当查验公函") && court.body.contains("可以申请的是"))
            let nameless = try await scene.walk.custodian.submit(
                path,
                scene.asking(scene.ids, ["capacity": "self", "kind": "copy", "channel": "inPerson", "items": "笔录"]))
            #expect(nameless.status == 422 && nameless.body.contains("href=\"#f-applicant\""))
            let stranger = try await browser.signedIn("other")
            #expect(try await stranger.get(path).status == 404)
            #expect(try await world.store.signedHead().size == before, "a refused request was recorded")
            let request = try await scene.made([scene.ids[0]])
            #expect(try await stranger.get(scene.address.request(request)).status == 404)
            #expect(try await stranger.get(scene.step("withdraw", request)).status == 404)
            // The case's own officer sees it, and may not decide.
            #expect(try await scene.walk.officer.get(scene.address.request(request)).status == 200)
            let officer = try await scene.walk.officer.submit(
                scene.step("decide", request), ["decision": "approve", "opinion": "同意。", "secret": WebWorld.secret])
            #expect(officer.status == 422)
            // The same form sent twice is one request.
            let page = try await scene.walk.custodian.get(path)
            var form = try #require(PageForm(in: page.body, action: path))
            form.fill(scene.asking([scene.ids[0]]))
            let first = try await scene.walk.custodian.send(.post, form.action, body: form.body)
            let second = try await scene.walk.custodian.send(.post, form.action, body: form.body)
            #expect(first.status == 303 && second.location == first.location)
        }
    }

    @Test("a release lasts to the end of its last day; a withdrawn or refused request gives nothing, and says why")
    func over() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let scene = try await Scene(world, browser)
            let walk = scene.walk
            let request = try await scene.approved([scene.ids[0]], days: 1)
            try await walk.custodian.carryOut(scene.step("release", request))
            #expect(try await scene.fetch(walk.custodian, 1, of: request).status == 200)
            let look = try await scene.post(walk.custodian, 1, of: request).location
            let until = try #require(try await scene.file(request).release?.until)
            // A minute before midnight it still runs, at midnight it is over, the open look too.
            world.clock.advance(minutes: until.milliseconds(since: world.clock.now()) / 60_000 - 1)
            #expect(try await scene.fetch(walk.custodian, 1, of: request).status == 200)
            world.clock.advance(minutes: 2)
            #expect(try await scene.post(walk.custodian, 1, of: request).status != 303)
            #expect(try await walk.custodian.get(look).status == 404)
            #expect(!(try await walk.custodian.get(scene.address.request(request)).body.contains("提供的文件 <span>")))
            try await walk.custodian.carryOut(
                scene.step("close", request), ["toldBy": "byTelephone", "reason": "逾期没有领取。"])
            #expect(
                try await world.office.casebook.loadRequest(request).records.last?.word("outcome") == "lapsed")

            let refused = try await scene.made([scene.ids[0]])
            try await walk.reviewer.carryOut(
                scene.step("check", refused), (["findings": "不涉密。"] as Fields).adding("item.\(scene.ids[0])", "cleared")
            )
            let decide = scene.step("decide", refused)
            let bare = try await walk.unitHead.submit(
                decide, ["decision": "refuse", "opinion": "与本案无关。", "secret": WebWorld.secret])
            #expect(bare.status == 422 && bare.body.contains("href=\"#f-legalBasis\""))
            try await walk.unitHead.carryOut(
                decide,
                [
                    "decision": "refuse", "opinion": "与本案无关。", "legalBasis": "第三十二条", "untilDay": "",
                    "secret": WebWorld.secret,
                ])
            #expect(try await walk.custodian.submit(scene.step("release", refused)).status == 422)
            #expect(try await scene.post(walk.custodian, 1, of: refused).status != 303)
            try await walk.custodian.carryOut(
                scene.step("close", refused), ["toldBy": "byLetter", "reason": "已经书面答复。"])

            let withdrawn = try await scene.approved([scene.ids[0]])
            try await walk.custodian.carryOut(scene.step("release", withdrawn))
            try await walk.custodian.carryOut(scene.step("withdraw", withdrawn), ["reason": "不再需要。"])
            #expect(try await scene.post(walk.custodian, 1, of: withdrawn).status != 303)
            #expect(try await walk.custodian.submit(scene.step("release", withdrawn)).status == 422)
            // All withheld: there is nothing to approve.
            let nothing = try await scene.made([scene.ids[2]])
            try await walk.reviewer.carryOut(
                scene.step("check", nothing),
                (["findings": "全部是举报人的话。"] as Fields).adding("item.\(scene.ids[2])", "withheld")
                    .adding("ground.\(scene.ids[2])", "reporterData").adding("why.\(scene.ids[2])", "全部。"))
            let empty = try await walk.unitHead.submit(
                scene.step("decide", nothing),
                ["decision": "approve", "opinion": "同意。", "secret": WebWorld.secret])
            #expect(empty.status == 422 && empty.body.contains("全部不予提供"))
        }
    }

    @Test(
        "the answer is due in twenty working days, the head may extend it before the end; both stand on page and list")
    func clocks() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let scene = try await Scene(world, browser)
            let request = try await scene.made([scene.ids[0]])
            func due() async throws -> Instant? {
                try await world.registers.obligations(of: request).first { $0.due != nil && $0.state == .open }?.due
            }
            let first = try #require(try await due())
            let page = try await scene.walk.unitHead.get(scene.address.request(request))
            #expect(page.body.contains("政府信息公开条例") && page.body.contains("第三十二条"))
            let home = try await scene.walk.unitHead.get(scene.address.home)
            #expect(home.body.contains("打开申请") && home.body.contains("等保密审查的查阅、复制申请"))
            let later = first.day.advanced(by: 20)
            try await scene.walk.head.carryOut(
                scene.step("extend", request),
                [
                    "untilDay": later.description, "reason": "需要征求第三方意见。", "legalBasis": "政府信息公开条例第三十三条",
                    "secret": WebWorld.secret,
                ])
            #expect(try await due().map { $0.day >= later } == true)
            try await scene.walk.reviewer.carryOut(
                scene.step("check", request),
                (["findings": "不涉密。"] as Fields).adding("item.\(scene.ids[0])", "cleared"))
            #expect(try await scene.walk.unitHead.get(scene.address.home).body.contains("等审批的查阅、复制申请"))
            // The register: by what it waits for, by name, as a table.
            let list = scene.address.requests
            let custodian = scene.walk.custodian
            #expect(try await custodian.get(list).body.contains("复制申请：贺律师（演示）"))
            #expect(try await custodian.get("\(list)?stage=decision").body.contains("贺律师"))
            #expect(try await custodian.get("\(list)?stage=initiation").body.contains("没有找到申请"))
            #expect(try await custodian.get("\(list)?q=\(Percent.encode("贺律师"))&sort=title").body.contains("共1份"))
            let table = try await custodian.get(scene.address.requestTable(query: "state=open"))
            #expect(table.headers[.contentType] == "text/csv; charset=utf-8")
            #expect(table.body.contains("\"复制申请：贺律师（演示）\",\"贺律师（演示）\",\"待审批\""))
            // Lists of cases leave requests out, and a handler's own register holds what they work on.
            #expect(!(try await custodian.get(scene.address.cases).body.contains("复制申请：")))
            #expect(try await scene.walk.officer.get(list).body.contains("没有查阅、复制申请"))
        }
    }

    @Test("two texts that name different approvers let nobody approve until the bureau chose one that both allow")
    func joined() async throws {
        let world = try await WalkTests.world()
        let text = try #require(try InstalledRules.library.newest("qinghe"))
        _ = try await world.office.casebook.record(
            [
                Fact(
                    .regulationAdopted, in: ThreadTag(high: 1, low: 1),
                    plain: [
                        "digest": .string(text.digest.description),
                        "inForceFrom": .string(world.clock.now().day.advanced(by: -1).description),
                        "regulation": "qinghe",
                    ])
            ], by: .system, command: .random())
        try await world.serve { browser in
            let scene = try await Scene(world, browser)
            let request = try await scene.made([scene.ids[0]])
            try await scene.walk.reviewer.carryOut(
                scene.step("check", request),
                (["findings": "不涉密。"] as Fields).adding("item.\(scene.ids[0])", "cleared"))
            let decision: Fields = ["decision": "approve", "opinion": "同意。", "secret": WebWorld.secret]
            let decide = scene.step("decide", request)
            let unit = try await scene.walk.unitHead.submit(decide, decision)
            #expect(unit.status == 422 && unit.body.contains("行政机关负责人同意"), "\(Browser.problem(unit.body))")
            let head = try await scene.walk.head.submit(decide, decision)
            #expect(head.status == 422 && head.body.contains("检查科批准"), "\(Browser.problem(head.body))")
            _ = try await world.office.casebook.record(
                [
                    Fact(
                        .bureauSettingsChanged, in: ThreadTag(high: 1, low: 1),
                        fields: [
                            .init("settings", ["access-approver": "agencyHead", "documentMark": "清禾统"], .officer)
                        ])
                ], by: .system, command: .random())
            #expect(
                try await scene.walk.head.get(scene.address.request(request)).body.contains("由行政机关负责人审批"))
            try await scene.walk.head.carryOut(decide, decision)
            #expect(try await scene.file(request).decision?.role == .agencyHead)
            try await scene.walk.custodian.carryOut(scene.step("release", request))
            #expect(try await scene.fetch(scene.walk.custodian, 1, of: request).status == 200)
        }
    }

    @Test("a colleague asks in their own session, does not decide for themselves, and alone fetches what was approved")
    func colleague() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let scene = try await Scene(world, browser)
            let walk = scene.walk
            let path = scene.address.newRequest(about: scene.source)
            let values: Fields = [
                "capacity": "colleague", "kind": "view", "channel": "inPerson", "items": "现场录像", "purpose": "业务学习。",
                "reason": "业务学习", "matter": "现场检查的经过", "documents": scene.ids[1],
            ]
            let undated = try await walk.unitHead.submit(path, values)
            #expect(undated.status == 422 && undated.body.contains("href=\"#f-forWhen\""))
            let location = try await walk.unitHead.carryOut(
                path,
                values.adding("forWhen", FieldReading.local(world.clock.now().advanced(byMilliseconds: 3_600_000))))
            let request = try #require(ThreadTag(String(location.split(separator: "/").last?.prefix(32) ?? "")))
            #expect(try await scene.file(request).applicant == "许知秋")
            let own = try await walk.unitHead.submit(
                scene.step("check", request),
                (["findings": "不涉密。"] as Fields).adding("item.\(scene.ids[1])", "cleared"))
            #expect(own.status == 422 && own.body.contains("您本人提出的申请"))
            try await walk.reviewer.carryOut(
                scene.step("check", request),
                (["findings": "不涉密。"] as Fields).adding("item.\(scene.ids[1])", "cleared"))
            let decision: Fields = ["decision": "approve", "opinion": "同意。", "secret": WebWorld.secret]
            let byOneself = try await walk.unitHead.submit(scene.step("decide", request), decision)
            #expect(byOneself.status == 422 && byOneself.body.contains("您本人提出的申请"))
            try await walk.head.carryOut(scene.step("decide", request), decision)
            try await walk.custodian.carryOut(scene.step("release", request))
            #expect(try await scene.fetch(walk.unitHead, 1, of: request).body == Scene.film)
            #expect(try await scene.post(walk.head, 1, of: request).status != 303)
            let looked = try await world.office.casebook.loadRequest(request).records.last { $0.type == .accessOpened }
            #expect(looked?.word("what") == "object" && looked?.thread("request") == request)
        }
    }
}

extension [UInt8] {
    /// Whether these bytes stand anywhere among the others.
    fileprivate func contains(_ part: [UInt8]) -> Bool {
        guard !part.isEmpty, part.count <= count else { return part.isEmpty }
        return (0...(count - part.count)).contains { self[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
