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

/// The whole penalty case through the pages, without scripts, under the real regulations: every form is sent as a
/// browser sends it.
@Suite("A case through the pages")
struct WalkTests {
    /// The head reads what is ordered beside what was approved, opens the document, and signs.
    private func signDecision(_ walk: Walk, _ decision: DocumentID, in thread: ThreadTag) async throws {
        let path = walk.address.slot("agencyHead", of: decision, in: thread)
        let page = try await walk.head.get(path).body
        #expect(page.contains("您还没有打开过这份定稿文本") && page.contains("批准的处理意见"))
        #expect(page.contains("<mark>罚款人民币5000元") && !page.contains("<mark>十五日内缴纳。</mark>"), "not marked")
        let secret: Fields = ["secret": WebWorld.secret]
        let unseen = try await walk.head.submit(path, secret.adding("compared", "yes"))
        #expect(unseen.status == 422 && unseen.body.contains("请先打开它看过"), "\(Browser.problem(unseen.body))")
        try await walk.look(walk.head, at: path, in: thread)
        #expect(try await !walk.head.get(path).body.contains("您还没有打开过这份定稿文本"))
        let unread = try await walk.head.submit(path, secret)
        #expect(unread.status == 422 && unread.body.contains("有不同的字句"), "\(Browser.problem(unread.body))")
        try await walk.sign(walk.head, "agencyHead", of: decision, in: thread, secret.adding("compared", "yes"))
    }

    /// Values that each step changes; all else is taken as the page offers it.
    struct Walk {
        let world: WebWorld
        let officer: Browser
        let second: Browser
        let unitHead: Browser
        let reviewer: Browser
        let head: Browser
        let custodian: Browser
        let checker: Browser
        let address: Address

        init(_ world: WebWorld, _ browser: Browser) async throws {
            self.world = world
            address = browser.address
            officer = try await browser.signedIn("officer")
            second = try await browser.signedIn("lin")
            unitHead = try await browser.signedIn("unithead")
            reviewer = try await browser.signedIn("legalreviewer")
            head = try await browser.signedIn("agencyhead")
            custodian = try await browser.signedIn("custodian")
            checker = try await browser.signedIn("checker")
        }

        static let stroke = "M10 20L30 40L50 20"

        /// Writes, checks and fixes a document; returns its id.
        func write(
            _ browser: Browser, _ kind: String, in thread: ThreadTag, about: DocumentID? = nil,
            activity: ActivityID? = nil, _ values: Fields,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws -> DocumentID {
            let new = address.newDocument(kind, in: thread, activity: activity, about: about)
            let page = try await browser.get(new)
            #expect(page.status == 200, sourceLocation: sourceLocation)
            let draftPath = try #require(
                page.body.range(of: "data-draft=\"").flatMap { start in
                    page.body[start.upperBound...].firstIndex(of: "\"").map { String(page.body[start.upperBound..<$0]) }
                }, sourceLocation: sourceLocation)
            let filled = values.adding("action", "check")
            var form = try #require(PageForm(in: page.body, action: draftPath), sourceLocation: sourceLocation)
            form.fill(filled)
            let saved = try await browser.send(.post, draftPath, body: form.body)
            #expect(saved.status == 303, "\(kind): \(Browser.problem(saved.body))", sourceLocation: sourceLocation)
            let fixed = try await browser.carryOut("\(draftPath)/check", sourceLocation: sourceLocation)
            return try #require(DocumentID(String(draftPath.suffix(32))), "\(fixed)", sourceLocation: sourceLocation)
        }

        func sign(
            _ browser: Browser, _ slot: String, of document: DocumentID, in thread: ThreadTag,
            _ values: Fields, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            // A firm's place offers paper first where an article asks for the seal.
            let path = address.slot(slot, of: document, in: thread)
            let drawn = values.pairs.contains { $0.name == "drawing" }
            try await browser.carryOut(
                drawn ? "\(path)?manner=screen" : path, action: path, values, sourceLocation: sourceLocation)
        }

        /// Opens the fixed text of a document from the page where it is signed, and ends the look.
        func look(_ browser: Browser, at page: String, in thread: ThreadTag) async throws {
            let look = try await browser.carryOut(page, action: address.look(in: thread))
            #expect(try await browser.get(look).body.contains("返回文书"))
            #expect(try await browser.get("\(look)/content").status == 200)
            try await browser.carryOut(look, action: "\(look)/end")
        }

        func issue(
            _ browser: Browser, _ document: DocumentID, in thread: ThreadTag,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            try await browser.carryOut(
                address.step("issue", in: thread, about: ("document", document.description)),
                ["secret": WebWorld.secret], sourceLocation: sourceLocation)
        }

        /// An inspection with its record, a video and the finding; returns its thread.
        func inspect() async throws -> ThreadTag {
            let opened = try await officer.carryOut(
                address.newInspection,
                ([
                    "title": "清禾县星河纸品厂统计资料检查", "source": "plan", "subjectName": "清禾县星河纸品厂",
                    "subjectCode": "91130000000000000X", "subjectAddress": "清禾县工业路1号", "subjectRepresentative": "钱有余",
                    "handlers": world.people[.officer]?.thread.description ?? "", "subjectPhone": "",
                    "subjectKind": "organisation",
                ] as Fields).adding("handlers", ThreadTag(high: 2, low: 99).description))
            let thread = try #require(ThreadTag(String(opened.split(separator: "/").last?.prefix(32) ?? "")))
            world.clock.advance(minutes: 5)
            try await officer.carryOut(
                address.step("activity", in: thread), ["place": "清禾县星河纸品厂办公楼二层", "persons": "钱有余（负责人）"])
            let activity = try #require(
                try await world.office.casebook.load(thread).work.activities.first?.id)
            world.clock.advance(minutes: 60)
            try await officer.carryOut(
                address.step("activity-end", in: thread, about: ("activity", activity.description)))
            let record = try await write(
                officer, "site-inspection-record", in: thread, activity: activity,
                [
                    "certShown": "已出示执法证件", "findings": "工业总产值多报256万元。", "presentPerson": "钱有余",
                    "presentPersonRole": "负责人",
                ])
            try await sign(
                officer, "party", of: record, in: thread,
                ["signer": "钱有余", "capacity": "representative", "drawing": Self.stroke])
            try await sign(officer, "officer1", of: record, in: thread, [:])
            try await sign(second, "officer2", of: record, in: thread, [:])
            try await sign(officer, "recorder", of: record, in: thread, [:])
            try await issue(officer, record, in: thread)
            // The recording comes with the form itself: a browser without scripts.
            try await upload(officer, thread)
            try await officer.carryOut(
                address.step("finding", in: thread), ["outcome": "suspected", "summary": "涉嫌提供不真实的统计资料。"])
            return thread
        }

        func upload(_ browser: Browser, _ thread: ThreadTag) async throws {
            let path = address.newRecording(in: thread)
            let page = try await browser.get(path)
            var form = try #require(PageForm(in: page.body, action: path))
            form.fill(["class": "party"])
            // A film of a case without a session is of something else.
            if form.fields.contains(where: { $0.name == "activity" && $0.value.isEmpty })
                || !form.fields.contains(where: { $0.name == "activity" })
            {
                form.fill(["activity": "kind-other"])
            }
            var body = ""
            for (name, value) in form.fields {
                body += "--b0\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
            }
            body += "--b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"现场检查.mp4\"\r\n"
            body += "Content-Type: video/mp4\r\n\r\n\0\0\0\u{18}ftypmp42 not really a film\r\n--b0--\r\n"
            let answer = try await browser.send(
                .post, path, body: body, headers: ["Content-Type": "multipart/form-data; boundary=b0"])
            #expect(answer.status == 303, "\(Browser.problem(answer.body))")
        }
    }

    /// The real regulations, and sessions that outlive the days of a case.
    static func world() async throws -> WebWorld {
        let year: Int64 = 365 * 86_400_000
        return try await WebWorld(
            library: try InstalledRules.library,
            lifetime: SessionLifetime(absolute: year, idle: year, touchEvery: year))
    }

    /// A penalty case from the inspection to its filing, every form as a browser without scripts sends it.
    func file(_ walk: Walk, _ browser: Browser) async throws -> ThreadTag {
        let (world, address) = (walk.world, walk.address)
        let inspection = try await walk.inspect()
        world.clock.advance(minutes: 30)
        let opened = try await walk.officer.carryOut(
            address.penalty(of: inspection),
            ["title": "清禾县星河纸品厂提供不真实统计资料案", "caseNumber": "清禾统罚〔2026〕示例1号"])
        let thread = try #require(ThreadTag(String(opened.split(separator: "/").last?.prefix(32) ?? "")))
        // The record lacks the seal and the film its session: the page says so before the visit is closed for good.
        let warned = try await walk.officer.submit(address.step("ending", in: inspection), ["ground": "led-on"])
        #expect(warned.status == 422 && warned.body.contains("不能再补办"))
        try await walk.officer.carryOut(
            address.step("ending", in: inspection), ["ground": "led-on", "acceptsGaps": "yes"])

        let approval = try await walk.write(
            walk.officer, "procedure-initiation-approval", in: thread,
            ["startReason": "检查发现涉嫌提供不真实的统计资料。", "handlerOpinion": "建议启动一般程序。"])
        try await walk.sign(walk.officer, "handler", of: approval, in: thread, [:])
        let agree: Fields = ["decision": "agree", "opinion": "同意启动。", "secret": WebWorld.secret]
        try await walk.sign(walk.unitHead, "handlingUnit", of: approval, in: thread, agree)
        try await walk.sign(walk.head, "agencyHead", of: approval, in: thread, agree)
        try await walk.issue(walk.officer, approval, in: thread)

        world.clock.advance(minutes: 60)
        let notice = try await walk.write(
            walk.officer, "rights-notice", in: thread,
            ([
                "facts": "多报工业总产值256万元。", "reasons": "提供不真实的统计资料。", "legalBasis": "统计法。",
                "content": "给予警告\n罚款5000元",
                "rights": "statement", "defenceTerm": "收到之日起五个工作日内", "method": "written",
                "notifiedAt": FieldReading.local(world.clock.now()),
                "recipient": "钱有余",
            ] as Fields).adding("rights", "defence").adding("rights", "recusal"))
        try await walk.sign(
            walk.officer, "party", of: notice, in: thread,
            ["signer": "钱有余", "capacity": "representative", "drawing": Walk.stroke])
        try await walk.sign(walk.officer, "officer1", of: notice, in: thread, [:])
        try await walk.sign(walk.second, "officer2", of: notice, in: thread, [:])
        try await walk.issue(walk.officer, notice, in: thread)
        world.clock.advance(minutes: 60)
        let submission = try await walk.write(
            walk.officer, "written-party-submission", in: thread,
            [
                "submissionKind": "defence", "submitter": "钱有余", "pages": "2", "receivedBy": "周一舟",
                "receivedAt": FieldReading.local(world.clock.now()), "originalPlace": "附后",
            ])
        let stated: Fields = [
            "manner": "written", "speaker": "party", "speakerName": "钱有余", "facts": "填报口径错误。", "reasons": "已经改正。",
        ]
        // One person alone hears nobody: without the party's signature there is nothing to choose.
        let alone = try await walk.officer.submit(address.step("statement", in: thread), stated)
        #expect(alone.status == 422 && alone.body.contains("书面陈述申辩的，请选择当事人提交并签名的"))
        try await walk.sign(
            walk.officer, "party", of: submission, in: thread,
            ["signer": "钱有余", "capacity": "representative", "drawing": Walk.stroke])
        try await walk.sign(walk.officer, "officer", of: submission, in: thread, [:])
        try await walk.officer.carryOut(
            address.step("statement", in: thread), stated.adding("document", submission.description))
        try await walk.officer.carryOut(
            address.step("statement-review", in: thread),
            ["accepted": "partly", "review": "口径错误属实。", "reason": "从轻的请求采纳。"])
        try await walk.officer.carryOut(
            address.step("draft", in: thread),
            [
                "outcome": "penalty", "legalBasis": "统计法。", "evidence": "笔录、录像。", "factors": "主动改正。",
                "draft": "警告，罚款5000元。", "unitReviewer": world.people[.unitHead]?.thread.description ?? "",
            ])

        // Out of order: the head cannot approve before the legal review, and is told which article says so.
        let early = try await walk.head.submit(
            address.step("approval", in: thread),
            ["decision": "approve", "opinion": "同意。", "secret": WebWorld.secret])
        #expect(early.status == 422)
        #expect(early.body.contains("还不能办理这一步"), "\(Browser.problem(early.body))")
        // The articles are links to pages that explain them, and the person who can help is named.
        #expect(early.body.contains("/provisions/zhaoxian-2017") && early.body.contains("法制审查人员"))
        #expect(early.body.contains("同意。</textarea>"), "the input is lost")

        // Who submits is the unit that handles the case, whoever writes the form.
        let fresh = try await walk.reviewer.get(address.newDocument("legal-review-record", in: thread))
        let draft = try #require(fresh.body.components(separatedBy: "data-draft=\"").dropFirst().first)
            .prefix { $0 != "\"" }
        let offered = PageForm(in: fresh.body, action: String(draft))?.fields.first { $0.name == "submittedBy" }
        #expect(offered?.value == "检查科", "the reviewer's own section stands where the handling unit belongs")
        // The reviewer whom the draft names finds it on the work list and reads it where the word is given.
        let unitHead = try await browser.signedIn("unithead")
        #expect(try await unitHead.get(address.home).body.contains("等您审查的草拟决定"))
        #expect(try await !walk.second.get(address.home).body.contains("等您审查的草拟决定"))
        let reviewPath = address.step("draft-review", in: thread)
        let shown = try await unitHead.get(reviewPath).body
        for text in ["警告，罚款5000元。", "笔录、录像。", "主动改正。", "统计法。"] { #expect(shown.contains(text), "\(text)") }
        let foreign = try await walk.head.submit(
            reviewPath, ["result": "passed", "opinion": "通过。", "secret": WebWorld.secret])
        #expect(foreign.status == 422 && foreign.body.contains("需要换人审查的"))
        let untold = try await unitHead.submit(
            reviewPath, ["result": "passed", "opinion": "通过。", "secret": "wrong"])
        #expect(untold.status == 422 && untold.body.contains("密码不对"))
        try await unitHead.carryOut(
            reviewPath, ["result": "passed", "opinion": "核对无误。", "secret": WebWorld.secret])
        #expect(try await !unitHead.get(address.home).body.contains("等您审查的草拟决定"))
        let drawn = try await walk.reviewer.get(address.newDocument("legal-review-record", in: thread)).body
        #expect(drawn.contains("警告，罚款5000元。") && drawn.contains("核对无误。"))

        let review = try await walk.write(
            walk.reviewer, "legal-review-record", in: thread,
            [
                "submittedAt": FieldReading.local(world.clock.now()), "proposal": "警告，罚款5000元。", "opinion": "程序合法。",
                "suggestions": "无。", "result": "passed", "reviewedAt": FieldReading.local(world.clock.now()),
                "points.0.point": "事实和证据", "points.0.finding": "清楚",
            ])
        try await walk.sign(
            walk.reviewer, "reviewer", of: review, in: thread,
            ["decision": "passed", "opinion": "通过。", "secret": WebWorld.secret])
        let ready = try await walk.head.get(address.step("approval", in: thread)).body
        #expect(ready.contains("警告，罚款5000元。") && ready.contains("核对无误。") && ready.contains("看法制审查记录"))
        try await walk.head.carryOut(
            address.step("approval", in: thread),
            ["decision": "approve", "opinion": "同意。", "secret": WebWorld.secret])
        try await walk.issue(walk.reviewer, review, in: thread)
        let decision = try await walk.write(
            walk.officer, "penalty-decision", in: thread,
            [
                "facts": "多报256万元。", "evidence": "现场检查笔录", "defence": "已复核。", "reasons": "从轻。",
                "legalBasis": "统计法。",
                "content": "给予警告\n罚款人民币5000元", "performance": "十五日内缴纳。", "remedies": "六十日内复议。",
            ])
        try await signDecision(walk, decision, in: thread)
        try await walk.issue(walk.officer, decision, in: thread)
        world.clock.advance(minutes: 60)
        let receipt = try await walk.write(
            walk.officer, "service-receipt", in: thread, about: decision,
            ["place": "清禾县星河纸品厂", "servedAt": FieldReading.local(world.clock.now())])
        try await walk.sign(
            walk.officer, "recipient", of: receipt, in: thread,
            ["signer": "钱有余", "capacity": "representative", "drawing": Walk.stroke])
        try await walk.sign(walk.officer, "server1", of: receipt, in: thread, [:])
        try await walk.sign(walk.second, "server2", of: receipt, in: thread, [:])
        try await walk.issue(walk.officer, receipt, in: thread)
        try await walk.officer.carryOut(address.step("service", in: thread))
        world.clock.advance(minutes: 24 * 60)
        let bare = try await walk.officer.get(address.step("performance", in: thread)).body
        #expect(bare.contains("本案还没有可以选择的资料，请先"))
        let voucher = try await walk.voucher(in: thread)
        try await walk.officer.carryOut(
            address.step("performance", in: thread),
            [
                "status": "complete", "obligation": "缴纳罚款5000元", "amount": "5,000.00", "evidence": "缴款书0001",
                "proofFile": voucher,
            ])
        let waiting = try await walk.officer.get(address.caseFile(thread)).body
        #expect(waiting.contains("凭证还没有经他人核对，履行还不算数") && waiting.contains("核对履行凭证"))
        try await walk.confirmPerformance(in: thread)
        // Only the end that the case leads to is offered, and nothing is asked that it does not want.
        let ending = try await walk.officer.get(address.step("ending", in: thread)).body
        for ground in Ending.Ground.allCases {
            #expect(ending.contains("value=\"\(ground.rawValue)\"") == (ground == .performed), "\(ground)")
        }
        #expect(!ending.contains("name=\"reason\""))
        try await walk.officer.carryOut(address.step("ending", in: thread), ["ground": "performed"])
        let filing = address.step("filing", in: thread)
        // A receipt that was made since the end and of which no service is known: the page says so before anybody files.
        let stray = DocumentID.random()
        func said(
            _ type: EntryType, _ plain: [JSON.Member] = [], _ fields: [FieldValue] = []
        ) async throws {
            let plain = JSON.object([.init("document", .string(stray.description))] + plain)
            _ = try await world.office.casebook.record(
                [Fact(type, in: thread, plain: plain, fields: fields)], by: .system, command: .random())
        }
        try await said(
            .documentFixed, [.init("kind", "service-receipt"), .init("about", .string(decision.description))])
        try await said(.documentIssued)
        let hindered = try await walk.custodian.get(filing).body
        #expect(hindered.contains("<h2>还不能归档</h2>") && hindered.contains("没有凭它登记送达"))
        try await said(.documentVoided, [], [FieldValue("reason", "做重了。", .internal)])
        #expect(try await !walk.custodian.get(filing).body.contains("<h2>还不能归档</h2>"))
        // What was signed and not issued yet comes first: its page names each, and who wrote it issues it.
        let law = try await world.office.casebook.chambers.law()
        let signed = FileCase.unprinted(in: try await world.office.casebook.load(thread).work, law: law)
        let unissued = try await walk.custodian.get(filing).body
        #expect(!signed.isEmpty && unissued.contains("先要制发的文书"))
        #expect(signed.allSatisfy { unissued.contains(address.document($0.id, in: thread)) })
        for paper in signed {
            let isReview = paper.author == world.people[.legalReviewer]?.thread
            try await walk.issue(isReview ? walk.reviewer : walk.officer, paper.id, in: thread)
        }
        for sheet in FileCase.sheets {
            let unmade = try await walk.custodian.get(filing)
            #expect(unmade.body.contains("归档以前还要制作《") && !unmade.body.contains("<h2>可以归档</h2>"))
            let id = try await walk.write(walk.custodian, sheet, in: thread, [:])
            if sheet == "closing-sheet" {
                try await walk.sign(walk.custodian, "archivist", of: id, in: thread, ["secret": WebWorld.secret])
                try await walk.sign(walk.checker, "checker", of: id, in: thread, ["secret": WebWorld.secret])
            }
            try await walk.issue(walk.custodian, id, in: thread)
        }
        #expect(try await walk.custodian.get(filing).body.contains("没有不补齐就不能归档的内容；封面、目录和备考表都已制发"))
        try await walk.custodian.carryOut(filing, ["secret": WebWorld.secret])
        return thread
    }

    /// The custodian prints the filed case: each line of the catalogue on file is on the page, and each of its pages on paper.
    private func bound(_ walk: Walk, _ thread: ThreadTag) async throws {
        let work = try await walk.world.office.casebook.load(thread).work
        let catalogue = try #require(work.document(ofKind: "case-file-catalogue"))
        let path = walk.address.volume(of: thread)
        #expect(try await walk.custodian.get(walk.address.caseFile(thread)).body.contains("href=\"\(path)\""))
        let own = try await walk.custodian.get(walk.address.document(catalogue.id, in: thread)).body
        #expect(own.contains("href=\"\(path)\""))
        let page = try await walk.custodian.get(path).body
        #expect(!page.contains("本案还没有"))
        var paper = ""
        for part in VolumePlan.Part.allCases {
            let fields: Fields = [
                ForgeryGuard.field: try await walk.custodian.token(), VolumePage.partField: part.rawValue,
            ]
            let answer = try await walk.custodian.post(path, fields)
            #expect(answer.status == 200, "\(Browser.problem(answer.body))")
            paper += answer.body + "\n"
        }
        var listed = 0
        for row in catalogue.data?["items"]?.elements ?? [] {
            guard let piece = row["piece"]?.string, let pages = row["pages"]?.string, !pages.isEmpty else { continue }
            let ends = pages.split(separator: "-").compactMap { Int($0) }
            let (first, last) = (try #require(ends.first), try #require(ends.last))
            for number in first...last {
                listed += 1
                let mark = "\n第 \(piece) 件 · 卷内第 \(number) 页|"
                #expect(paper.components(separatedBy: mark).count == 2, "\(mark)")
            }
            #expect(page.contains("<td data-label=\"页号\" class=\"num\">\(pages.replacing("-", with: "—"))</td>"))
        }
        #expect(listed > 5 && paper.components(separatedBy: " · 卷内第 ").count == listed + 1)
    }

    @Test("from sign-in to a filed case, every form as a browser without scripts sends it")
    func whole() async throws {
        let world = try await Self.world()
        try await world.serve { browser in
            let walk = try await Walk(world, browser)
            let address = walk.address
            let thread = try await file(walk, browser)
            #expect(try await world.office.casebook.load(thread).work.isFiled)
            let page = try await walk.officer.get(address.caseFile(thread))
            #expect(page.body.contains("归档"))
            // The number that the case was opened with stands on its page and on the papers that close it.
            let number = "清禾统罚〔2026〕示例1号"
            #expect(page.body.contains(number))
            let sheets = try await world.office.casebook.load(thread).records.filter {
                $0.type == .documentFixed && ["case-file-cover", "closing-sheet"].contains($0.word("kind"))
            }
            #expect(sheets.map { $0.fields["data"]?["caseNumber"]?.string } == [number, number])
            // What is left to do is asked by others, to consult and to copy, or comes by law: remedies and what they change.
            #expect(page.body.contains("/requests/new?case=") && page.body.contains("归档以后"))
            let steps = Set(
                page.body.components(separatedBy: "/steps/").dropFirst().map { String($0.prefix { $0 != "\"" }) })
            #expect(steps == ["remedy"])
            let byHead = try await walk.head.get(address.caseFile(thread)).body
            #expect(byHead.contains("/steps/decision-change"))
            try await bound(walk, thread)
        }
    }
}
