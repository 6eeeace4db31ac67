import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

/// Procedures of the statistics bureau through the pages under the real regulations: what comes too early is refused with
/// its article, what comes in order is recorded, and the page leads on. Papers are put into the record directly: that
/// they can be written is tested elsewhere.
@Suite("Procedures through the pages")
struct ProcedureTests {
    private func thread(_ location: String) throws -> ThreadTag {
        try #require(ThreadTag(String(location.split(separator: "/").last?.prefix(32) ?? "")))
    }

    /// A penalty case that began in an emergency, so that its acts need not wait for the approval.
    private func penalty(_ walk: WalkTests.Walk) async throws -> ThreadTag {
        let inspection = try await walk.inspect()
        walk.world.clock.advance(minutes: 30)
        let now = walk.world.clock.now()
        let opened = try await walk.officer.carryOut(
            walk.address.penalty(of: inspection),
            [
                "title": "清禾县星河纸品厂提供不真实统计资料案", "isEmergency": "yes", "emergencyReason": "证据可能灭失。",
                "startedAt": FieldReading.local(now),
            ])
        walk.world.clock.advance(minutes: 1)
        return try thread(opened)
    }

    /// Papers and signatures as entries.
    private func put(_ facts: [Fact], in thread: ThreadTag, _ world: WebWorld) async throws {
        let head = try await world.store.head(of: thread)
        let entries = try Scribe(bureau: world.tag).seal(
            facts, after: head.map { [thread: $0] } ?? [:], by: .person(try #require(world.people[.officer]).thread),
            command: .random(), at: world.clock.now())
        _ = try await world.store.append(AppendRequest(command: .random(), entries: entries))
    }

    private func paper(
        _ kind: String, in thread: ThreadTag, _ world: WebWorld, data: JSON = .object([]), signed slots: [String] = [],
        about: DocumentID? = nil
    ) async throws -> DocumentID {
        let id = DocumentID.random()
        let document = JSON.string(id.description)
        var plain: [JSON.Member] = [.init("document", document), .init("kind", .string(kind))]
        if let about { plain.append(.init("about", .string(about.description))) }
        var facts = [
            Fact(.documentFixed, in: thread, plain: .object(plain), fields: [.init("data", data, .party)])
        ]
        facts += slots.map { slot in
            Fact(
                .documentSigned, in: thread,
                plain: ["document": document, "manner": "paper", "slot": .string(slot), "sealed": true])
        }
        facts.append(Fact(.documentIssued, in: thread, plain: ["document": document]))
        try await put(facts, in: thread, world)
        return id
    }

    /// A file that was taken into the case, as a form names it.
    private func file(in thread: ThreadTag, _ world: WebWorld) async throws -> String {
        try await put(
            [
                Fact(
                    .recordingLinked, in: thread, plain: ["recording": .string(ThreadTag.random().description)],
                    fields: [.init("note", "付邮凭证和回执", .party)])
            ], in: thread, world)
        return String(try await world.office.casebook.load(thread).work.entries)
    }

    /// Another officer opened the receipt and confirmed the newest service.
    private func confirm(in thread: ThreadTag, _ world: WebWorld) async throws {
        let view = try await world.office.casebook.load(thread)
        let seq = try #require(view.work.awaited.last?.seq)
        let fact = Fact(
            .approvalStepped, in: thread, plain: ["about": "service", "result": "passed", "step": "reviewer"],
            fields: [.init("opinion", "核对过回执。", .internal)],
            references: [EntryReference("service", view.entries[seq - 1].entry)])
        try await put([fact], in: thread, world)
    }

    /// The time of mailing; what comes back or is received comes a day later.
    private func mailed(_ world: WebWorld) -> String {
        world.clock.advance(minutes: 1)
        defer { days(1, world) }
        return FieldReading.local(world.clock.now())
    }

    private func days(_ count: Int64, _ world: WebWorld) { world.clock.advance(minutes: count * 24 * 60) }

    @Test(
        "a hearing that was asked for stands before the decision, after its notice, under a host from outside the case")
    func hearing() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let address = walk.address
            let thread = try await penalty(walk)
            let asked = try await walk.officer.get(address.caseFile(thread))
            #expect(asked.body.contains("告知、申辩和听证"))
            #expect(!asked.body.contains("登记举行听证"), "a hearing is offered that nobody held")
            let ask = address.step("hearing-request", in: thread)
            #expect(!asked.body.contains(ask), "a request is offered without the party's paper")
            let told = try await walk.officer.submit(ask, [:])
            #expect(told.status == 422, "a request without the party's paper")
            func submission(_ kind: String, signed slots: [String] = ["party", "officer"]) async throws -> DocumentID {
                try await paper(
                    "written-party-submission", in: thread, world, data: ["submissionKind": .string(kind)],
                    signed: slots)
            }
            let statement = try await submission("statement")
            let unsigned = try await submission("hearingRequest", signed: ["officer"])
            let request = try await submission("hearingRequest")
            for wrong in [statement, unsigned] {
                let refused = try await walk.officer.submit(ask, ["document": wrong.description])
                #expect(refused.status == 422 && refused.body.contains("href=\"#f-document\""))
            }
            let offered = try await walk.officer.get(ask).body
            #expect(offered.contains(request.description) && !offered.contains(statement.description))
            try await walk.officer.carryOut(ask, ["document": request.description])
            let again = try await walk.officer.submit(ask, ["document": request.description])
            #expect(again.status == 422, "asked for twice")
            let begin = address.step("activity", in: thread)
            let early = try await walk.officer.submit(begin, ["kind": "hearing", "place": "本局会议室"])
            #expect(early.status == 422 && early.body.contains("听证通知还没有送达"), "\(Browser.problem(early.body))")
            let notice = try await paper("hearing-notice", in: thread, world)
            let post = address.step("service-post", in: thread)
            try await walk.officer.carryOut(
                post,
                [
                    "document": notice.description, "mailKind": "express", "registerEntry": "邮寄登记1号",
                    "postageVoucher": "凭证1", "place": "清禾县工业路1号", "returned": "no", "returnReceipt": "钱有余签收",
                    "proofFile": try await file(in: thread, world), "mailedAt": mailed(world),
                ])
            let unconfirmed = try await walk.officer.submit(begin, ["kind": "hearing", "place": "本局会议室"])
            #expect(unconfirmed.status == 422 && unconfirmed.body.contains("听证通知还没有送达"))
            let sender = try await walk.officer.get(address.caseFile(thread))
            #expect(!sender.body.contains("去核对"), "who recorded it confirms it")
            let other = try await walk.unitHead.get(address.caseFile(thread))
            #expect(other.body.contains("下一步：核对送达") && other.body.contains("去核对"))
            try await confirm(in: thread, world)
            let soon = try await walk.officer.submit(begin, ["kind": "hearing", "place": "本局会议室"])
            #expect(
                soon.status == 422 && soon.body.contains("期限尚未届满") && soon.body.contains("第六十四条"),
                "\(Browser.problem(soon.body))")
            days(20, world)
            try await walk.officer.carryOut(begin, ["kind": "hearing", "place": "本局会议室"])
            let form = address.step("hearing", in: thread)
            let held: Fields = ["isPublic": "yes", "participants": "钱有余、周一舟、林小满。"]
            let own = try await walk.officer.submit(
                form, held.adding("host", world.people[.officer]?.thread.description ?? ""))
            #expect(own.status == 422 && own.body.contains("href=\"#f-host\""), "an investigator is host")
            try await walk.officer.carryOut(
                form, held.adding("host", world.people[.legalReviewer]?.thread.description ?? ""))
            let record = try #require(try await world.office.casebook.load(thread).records.last)
            #expect(record.type == .hearingHeld && record.plain["isPublic"]?.boolean == true)
            let page = try await walk.officer.get(address.caseFile(thread))
            #expect(page.body.contains("举行听证") && page.body.contains("听证主持人：方砚"))
            // The transcript belongs to the hearing before anybody chooses; and its host, who handles no case, signs it.
            let act = try #require(try await world.office.casebook.load(thread).work.activities.last)
            let draft = try await walk.officer.get(address.newDocument("hearing-transcript", in: thread)).body
            #expect(act.kind == "hearing" && draft.contains("对应的执法活动"))
            #expect(draft.contains("value=\"\(act.id)\" checked") || draft.contains("value=\"\(act.id)\" selected"))
            let transcript = DocumentID.random()
            try await put(
                [
                    Fact(
                        .documentFixed, in: thread,
                        plain: [
                            "activity": .string(act.id.description), "document": .string(transcript.description),
                            "kind": "hearing-transcript",
                        ],
                        fields: [
                            .init("data", ["host": "方砚", "clerk": "林小满", "proposal": "罚款", "defence": "从轻"], .party)
                        ])
                ], in: thread, world)
            let place = address.slot("host", of: transcript, in: thread)
            #expect(try await walk.reviewer.get(address.document(transcript, in: thread)).body.contains(place))
            let stranger = try await walk.officer.submit(place, ["drawing": WalkTests.Walk.stroke])
            #expect(stranger.status == 422, "somebody else signs for the host")
            try await walk.sign(walk.reviewer, "host", of: transcript, in: thread, ["drawing": WalkTests.Walk.stroke])
            let signed = try await world.office.casebook.load(thread).work.document(transcript)
            #expect(signed?.slots["host"]?.by == world.people[.legalReviewer]?.thread)
        }
    }

    @Test("mail that came back serves nobody: the page leads to another way, and the public notice names what failed")
    func returnedMail() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let address = walk.address
            let thread = try await penalty(walk)
            let decision = try await paper("penalty-decision", in: thread, world)
            let ordinary: Fields = [
                "document": decision.description, "mailKind": "ordinary", "registerEntry": "2号",
                "postageVoucher": "凭证2",
                "place": "清禾县工业路1号", "returned": "yes", "returnFacts": "查无此人，邮局退回。",
                "proofFile": try await file(in: thread, world), "mailedAt": mailed(world),
            ]
            let post = address.step("service-post", in: thread)
            let refused = try await walk.officer.submit(post, ordinary)
            #expect(refused.status == 422 && refused.body.contains("href=\"#f-mailKind\""), "ordinary mail serves")
            let silent = try await walk.officer.submit(
                post, ["document": decision.description, "mailKind": "registered", "returned": "yes"])
            #expect(silent.status == 422 && silent.body.contains("href=\"#f-returnFacts\""))
            var registered = ordinary
            registered.pairs.removeAll { $0.name == "mailKind" }
            try await walk.officer.carryOut(post, registered.adding("mailKind", "registered"))
            let view = try await world.office.casebook.load(thread)
            #expect(!view.work.isServed(decision) && view.work.services.count == 1)
            let page = try await walk.officer.get(address.caseFile(thread))
            #expect(page.body.contains("邮寄送达未成：邮件退回") && page.body.contains("退回情况：查无此人，邮局退回。"))
            // What is served is told by the law too: the decision is still to be served.
            let form = address.step("service-public", in: thread)
            let notice: Fields = [
                "document": decision.description, "place": "《清禾日报》（虚构）", "carrier": "报纸公告", "noticeText": "公告如下。",
                "reason": "邮件退回，下落不明。", "course": "刊登三十日。",
            ]
            try await walk.officer.carryOut(
                address.step("activity", in: thread, about: ("kind", "service")),
                ["place": "报社", "circumstances": "public"])
            let drawn = try #require(PageForm(in: try await walk.officer.get(form).body, action: form))
            #expect(drawn.fields.contains { $0.name == "failedMethods" && $0.value == "post" }, "typed twice")
            let shot = try await file(in: thread, world)
            let shown = notice.adding("proofFile", shot)
            _ = try await paper("public-notice", in: thread, world)
            let another = try await walk.officer.submit(form, shown.adding("failedMethods", "direct"))
            #expect(
                another.status == 422 && another.body.contains("还没有为这份文书制发《送达公告》"), "a notice of no document")
            let draft = try await walk.officer.get(address.newDocument("public-notice", in: thread))
            #expect(draft.body.contains("value=\"\(decision)\""), "the form does not ask of which document it is")
            _ = try await paper("public-notice", in: thread, world, about: decision)
            let bare = try await walk.officer.submit(form, notice.adding("failedMethods", "direct"))
            #expect(bare.status == 422 && bare.body.contains("href=\"#f-proofFile\""), "no picture of the notice")
            let untried = try await walk.officer.submit(form, shown)
            #expect(untried.status == 422 && untried.body.contains("直接送达、邮寄送达等其他方式"), "nobody went there")
            let sought = shown.adding("failedMethods", "post").adding("failedMethods", "direct")
            let soon = try await walk.officer.submit(form, sought)
            #expect(
                soon.status == 422 && soon.body.contains("期限尚未届满") && soon.body.contains("第九十五条"),
                "\(Browser.problem(soon.body))")
            days(31, world)
            try await walk.officer.carryOut(form, sought)
            let held = try await world.office.casebook.load(thread)
            #expect(!held.work.isServed(decision) && held.work.heldServices.count == 1, "on one hand's word")
            #expect(held.records.last?.word("method") == "public")
            try await confirm(in: thread, world)
            #expect(try await world.office.casebook.load(thread).work.isServed(decision))
        }
    }

    @Test("the court is asked after the demand was served and ten working days passed; then its ruling and its end")
    func court() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let address = walk.address
            let thread = try await penalty(walk)
            let decision = try await paper("penalty-decision", in: thread, world)
            let mail: Fields = [
                "mailKind": "express", "registerEntry": "3号", "postageVoucher": "凭证3", "place": "清禾县工业路1号",
                "returned": "no", "returnReceipt": "钱有余签收",
            ]
            let post = address.step("service-post", in: thread)
            func send(_ document: DocumentID) async throws {
                let proof = try await file(in: thread, world)
                let sent = mail.adding("document", document.description).adding("proofFile", proof)
                try await walk.officer.carryOut(post, sent.adding("mailedAt", mailed(world)))
                try await confirm(in: thread, world)
            }
            try await send(decision)
            let form = address.step("court", in: thread)
            let request: Fields = ["court": "清禾县人民法院（虚构）", "documents": "申请书、决定书、催告书。"]
            let early = try await walk.officer.submit(form, request)
            #expect(early.status == 422 && early.body.contains("催告书还没有送达当事人"))
            #expect(try await walk.officer.get(address.caseFile(thread)).body.contains("还缺"), "nothing is foreseen")
            let demand = try await paper(
                "demand-notice", in: thread, world,
                data: ["obligation": "缴纳罚款五千元。", "performBy": "2026-12-31", "performance": "银行", "rights": "陈述、申辩"])
            try await walk.officer.carryOut(
                address.step("demand", in: thread),
                [
                    "form": "notice", "content": "缴纳罚款五千元。", "rights": "陈述、申辩。", "isUrgent": "no",
                    "dueDay": world.clock.now().day.advanced(by: 15).description, "document": demand.description,
                ])
            try await send(demand)
            try await walk.officer.carryOut(
                address.step("demand-statement", in: thread),
                [
                    "manner": "oral", "speaker": "party", "facts": "资金困难。", "reasons": "请求延期。", "evidence": "无",
                ])
            let application = try await paper(
                "court-enforcement-application", in: thread, world,
                data: [
                    "requests": "强制执行", "attachments": "决定书", "facts": "事实", "legalBasis": "依据", "partyOpinion": "意见",
                    "subjectMatter": "罚款",
                ], signed: ["agencyHead"])
            // The seal goes on what was printed with its number: the page registers it after the issue, on paper alone.
            let seal = address.slot("agency", of: application, in: thread)
            #expect(try await walk.officer.get(address.document(application, in: thread)).body.contains(seal))
            #expect(try await !walk.second.get(seal).body.contains("manner=screen"))
            _ = try await world.office.casebook.perform(
                SignSlot(
                    document: application, slot: "agency", manner: .paper, signedAt: world.clock.now(),
                    signer: "清禾县统计局", place: "检查科 2 号柜",
                    scan: try await world.shelves.store(Array("a sealed page".utf8)), isSealed: true),
                on: thread, expecting: try await world.office.casebook.load(thread).work.entries, command: .random(),
                by: Performer(person: try #require(world.people[.officer]), confirmation: nil))
            let sealed = try await world.office.casebook.load(thread).work.document(application)?.slots["agency"]
            #expect(sealed?.manner == "paper")
            let whole = request.adding("document", application.description)
            let soon = try await walk.officer.submit(form, whole)
            #expect(
                soon.status == 422 && soon.body.contains("期限尚未届满") && soon.body.contains("第五十四条"),
                "\(Browser.problem(soon.body))")
            days(30, world)
            let unreviewed = try await walk.officer.submit(form, whole)
            #expect(
                unreviewed.status == 422 && unreviewed.body.contains("还没有复核"), "\(Browser.problem(unreviewed.body))")
            try await walk.officer.carryOut(
                address.step("demand-review", in: thread),
                ["accepted": "no", "review": "已复核。", "handling": "不予延期。", "reason": "没有证据。"])
            let suing = try await walk.officer.submit(form, whole)
            #expect(
                suing.status == 422 && suing.body.contains("第五十三条"),
                "the party can still sue: \(Browser.problem(suing.body))")
            days(160, world)
            try await walk.officer.carryOut(form, whole)
            try await walk.officer.carryOut(
                address.step("court-ruling", in: thread), ["outcome": "granted", "content": "准予执行。"])
            let end: Fields = ["outcome": "complete", "course": "划拨。", "findings": "执行到位。", "secret": WebWorld.secret]
            let bare = try await walk.head.submit(address.step("court-end", in: thread), end)
            #expect(bare.status == 422 && bare.body.contains("href=\"#f-proofFile"), "without the court's paper")
            try await walk.head.carryOut(
                address.step("court-end", in: thread),
                end.adding("proofFile", try await walk.voucher(in: thread)))
            let records = try await world.office.casebook.load(thread).records
            let applied = try #require(records.first { $0.type == .courtApplied })
            for type in [EntryType.courtRuled, .courtConcluded] {
                let later = try #require(records.first { $0.type == type })
                #expect(later.references.first { $0.role == "application" }?.seq == applied.seq)
                #expect(later.references.contains { $0.role == "proofFile" } == (type == .courtConcluded))
            }
        }
    }

    @Test("a term stands still by the head's own word, and runs on")
    func suspension() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let address = walk.address
            let thread = try await penalty(walk)
            let decision = try await paper("penalty-decision", in: thread, world)
            try await put(
                [
                    Fact(
                        .documentServed, in: thread,
                        plain: [
                            "document": .string(decision.description), "method": "direct",
                            "servedAt": .integer(world.clock.now().milliseconds),
                        ])
                ], in: thread, world)
            func due() async throws -> Instant? {
                let view = try await world.office.casebook.load(thread)
                return try await world.office.casebook.chambers.law().evaluate(view.history).obligations
                    .first { $0.key.matter == "court-term" }?.due
            }
            let first = try #require(try await due())
            try await walk.officer.carryOut(
                address.step("remedy", in: thread),
                ["kind": "litigation", "body": "清禾县人民法院（虚构）", "content": "请求撤销。", "stay": "yes"])
            let form = address.step("term-suspension", in: thread)
            let reason: Fields = [
                "matter": "court-term", "reason": "诉讼期间。", "legalBasis": "行政诉讼法", "secret": WebWorld.secret,
            ]
            #expect(try await walk.officer.submit(form, reason).status == 422, "a handler stops a term")
            try await walk.head.carryOut(form, reason)
            #expect(try await due() == nil, "a term that stands still has an end")
            // Wherever it is shown it says so, and not that it is still to be done.
            for page in [address.caseFile(thread), address.home] {
                #expect(try await walk.officer.get(page).body.contains(">中止</span>"), "\(page)")
            }
            let again = try await walk.head.submit(form, reason)
            #expect(again.status == 422 && again.body.contains("已经中止"), "\(Browser.problem(again.body))")
            days(60, world)
            try await walk.head.carryOut(
                address.step("term-resumption", in: thread),
                ["matter": "court-term", "reason": "判决维持。", "secret": WebWorld.secret])
            let later = try #require(try await due())
            #expect(later > first.advanced(byMilliseconds: 50 * 86_400_000))
            let result: Fields = ["result": "upheld", "content": "驳回诉讼请求。", "secret": WebWorld.secret]
            let handler = try await walk.officer.submit(address.step("remedy-result", in: thread), result)
            #expect(handler.status != 303, "what a court said rests on the handler's word")
            try await walk.head.carryOut(
                address.step("remedy-result", in: thread),
                result.adding("proofFile", try await walk.voucher(in: thread)))
        }
    }

    @Test("the summary procedure: seven items before the decision, a small fine on the spot, filing, performance, end")
    func summary() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let address = walk.address
            let party: Fields = ["title": "迟报统计资料案", "subjectName": "青萍商店（演示）", "subjectKind": "organisation"]
            let alone = try await walk.officer.submit(address.newSummary, party)
            #expect(alone.status == 422 && alone.body.contains("href=\"#f-handlers\""))
            let two = party.adding("handlers", world.people[.officer]?.thread.description ?? "")
                .adding("handlers", ThreadTag(high: 2, low: 99).description)
            let opened = try await walk.officer.carryOut(address.newSummary, two)
            let thread = try thread(opened)
            let start = try await walk.officer.get(address.caseFile(thread))
            #expect(start.body.contains("下一步：登记当场执法开始") && start.body.contains("简易程序"))
            world.clock.advance(minutes: 5)
            try await walk.officer.carryOut(
                address.step("activity", in: thread), ["kind": "summaryAct", "place": "青萍商店"])
            let summary = address.step("summary", in: thread)
            let items: Fields = [
                "factBasis": "迟报三日。", "legalConditions": "统计法。", "steps": "出示证件、告知、听取。", "documents": "当场处罚决定书",
                "statementDefence": "当事人没有提出。", "accepted": "no", "reviewOfDefence": "无", "reason": "无", "other": "无",
            ]
            let open = try await walk.officer.submit(summary, items)
            #expect(open.status == 422 && open.body.contains("href=\"#f-isDisputeProne\""))
            try await walk.officer.carryOut(summary, items.adding("isDisputeProne", "no"))
            _ = try await paper("summary-penalty-decision", in: thread, world, data: ["amount": 5000])
            #expect(try await world.office.casebook.load(thread).work.stage == .execution)
            let fine = address.step("fine", in: thread)
            let large: Fields = [
                "way": "onSpot", "ground": "small", "amount": "200", "receiptNumber": "票1", "course": "当场收取。",
            ]
            let refused = try await walk.officer.submit(fine, large)
            #expect(refused.status == 422 && refused.body.contains("当场收缴"), "\(Browser.problem(refused.body))")
            var small = large
            small.pairs.removeAll { $0.name == "amount" }
            try await walk.officer.carryOut(fine, small.adding("amount", "50"))
            try await walk.officer.carryOut(address.step("fine-remittance", in: thread), ["amount": "50"])
            let filing = address.step("summary-filing", in: thread)
            let filed: Fields = ["filedWith": "bureau", "content": "处罚决定备案。", "secret": WebWorld.secret]
            #expect(try await walk.officer.submit(filing, filed).status == 422, "an officer of the case files it")
            try await walk.unitHead.carryOut(filing, filed)
            try await walk.officer.carryOut(
                address.step("performance", in: thread),
                [
                    "status": "complete", "obligation": "缴纳罚款五十元。", "amount": "50", "evidence": "票1",
                    "proofFile": try await walk.voucher(in: thread),
                ])
            try await walk.confirmPerformance(in: thread)
            let page = try await walk.officer.get(address.caseFile(thread))
            #expect(page.body.contains("收缴罚款") && page.body.contains("缴纳金额：50.00元"))
            let records = try await world.office.casebook.load(thread).records
            #expect(records.first?.word("procedure") == "summary")
            #expect(records.first { $0.type == .fineRemitted }?.references.map(\.role) == ["collection"])
        }
    }

    @Test("the head reads beside the draft who answered for the party, how they stand to it and by what authority")
    func speakers() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await penalty(walk)
            let person = JSON.string(world.people[.officer]?.thread.description ?? "")
            func answer(_ name: String, _ capacity: SignerCapacity, _ speaker: JSON, authority: String? = nil)
                async throws
            {
                let id = try await paper(
                    "written-party-submission", in: thread, world, data: ["submissionKind": "waiver"])
                let document = JSON.string(id.description)
                var fields: [FieldValue] = [.init("name", .string(name), .party)]
                if let authority { fields.append(.init("authority", .string(authority), .party)) }
                let signed = Fact(
                    .documentSigned, in: thread,
                    plain: [
                        "capacity": .string(capacity.rawValue), "document": document, "manner": "screen",
                        "slot": "party",
                    ], fields: fields)
                let stated = Fact(
                    .statementRecorded, in: thread,
                    plain: ["document": document, "manner": "waived", "speaker": speaker],
                    fields: [.init("name", .string(name), .party)])
                try await put([signed, stated], in: thread, world)
            }
            try await answer("钱有余", .representative, "party")
            try await answer("代某", .delegate, "agent", authority: "11月1日，代为放弃")
            try await put(
                [
                    Fact(
                        .decisionDrafted, in: thread,
                        plain: ["drafter": person, "outcome": "penalty", "unitReviewer": person])
                ], in: thread, world)
            let view = try await world.office.casebook.load(thread)
            let shown = DraftText(beside: .approval, view: view, [:], walk.address).html.string
            #expect(shown.contains("<p>陈述人：钱有余，法定代表人（负责人）</p>"))
            #expect(
                shown.contains("<b>陈述人不是当事人本人或者法定代表人（负责人）：</b>代某，委托代理人，授权委托书：11月1日，代为放弃"))
            // The course of the case says it too.
            let course = try await walk.officer.get(walk.address.caseFile(thread)).body
            #expect(course.contains("与当事人的关系：委托代理人") && course.contains("授权委托书：11月1日，代为放弃"))
        }
    }

    @Test(
        "a legal review that was recorded without a document leads on to the head, and one that was returned leads back"
    )
    func recordedReview() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await penalty(walk)
            for kind in ["procedure-initiation-approval", "rights-notice"] {
                _ = try await paper(kind, in: thread, world)
            }
            let person = JSON.string(world.people[.officer]?.thread.description ?? "")
            let draft = Fact(
                .decisionDrafted, in: thread,
                plain: ["drafter": person, "outcome": "penalty", "unitReviewer": person])
            func review(_ result: String) -> Fact {
                Fact(
                    .reviewCompleted, in: thread,
                    plain: [
                        "carrier": "opinion", "result": .string(result), "signed": true,
                        "reviewer": .string(world.people[.legalReviewer]?.thread.description ?? ""),
                    ], fields: [.init("opinion", "意见", .internal), .init("suggestions", "无", .internal)])
            }
            let silent = Fact(.statementRecorded, in: thread, plain: ["manner": "silent", "speaker": "party"])
            /// The word of the draft's own reviewer, without which nothing goes on.
            func pass() async throws {
                let view = try await world.office.casebook.load(thread)
                let drafting = try #require(view.work.drafting)
                let fact = Fact(
                    .approvalStepped, in: thread,
                    plain: ["about": "decision", "person": person, "result": "passed", "step": "reviewer"],
                    fields: [.init("opinion", "同意", .internal)],
                    references: [EntryReference("draft", view.entries[drafting.seq - 1].entry)])
                try await put([fact], in: thread, world)
            }
            try await put([silent, draft], in: thread, world)
            let page = walk.address.caseFile(thread)
            #expect(try await walk.officer.get(page).body.contains("下一步：审查草拟的处理意见"))
            try await pass()
            #expect(try await walk.head.get(page).body.contains("制作法制审查记录"))
            try await put([review("returned")], in: thread, world)
            #expect(try await walk.officer.get(page).body.contains("下一步：重新草拟处理意见"))
            try await put([draft], in: thread, world)
            try await pass()
            try await put([review("passed")], in: thread, world)
            let next = try await walk.head.get(page).body
            #expect(next.contains("下一步：审批处理意见") && !next.contains("下一步：制作法制审查记录"))
        }
    }

    @Test(
        "the next step leads through a hearing that was asked for, past a notice that nobody needs, and to who takes over"
    )
    func nextStep() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            func expect(_ next: String, in thread: ThreadTag, _ when: String) async throws {
                let page = try await walk.officer.get(walk.address.caseFile(thread)).body
                let said = page.range(of: "id=\"next\">").map { page[$0.upperBound...].prefix { $0 != "<" } } ?? ""
                #expect(said.contains(next), "\(when): \(said)")
            }
            let thread = try await penalty(walk)
            for kind in ["procedure-initiation-approval", "rights-notice"] {
                _ = try await paper(kind, in: thread, world)
            }
            try await expect("登记陈述申辩", in: thread, "after the notice")
            try await put([Fact(.hearingRequested, in: thread, plain: ["requestedAt": 1])], in: thread, world)
            try await expect("制作听证通知书", in: thread, "after the request")
            let notice = try await paper("hearing-notice", in: thread, world)
            try await expect("送达听证通知书", in: thread, "after the notice of the hearing")
            let served = Fact(
                .documentServed, in: thread, plain: ["document": .string(notice.description), "method": "direct"])
            try await put([served], in: thread, world)
            try await expect("举行听证", in: thread, "after its service")
            try await put(
                [
                    Fact(
                        .activityBegan, in: thread,
                        plain: [
                            "activity": .string(ActivityID.random().description), "kind": "hearing", "officers": [],
                        ])
                ], in: thread, world)
            try await expect("制作听证笔录", in: thread, "after it began")
            _ = try await paper("hearing-transcript", in: thread, world)
            try await expect("登记举行听证", in: thread, "after its transcript")
            try await put([Fact(.hearingHeld, in: thread)], in: thread, world)
            try await expect("登记陈述申辩", in: thread, "after the hearing")

            let person = JSON.string(world.people[.officer]?.thread.description ?? "")
            func drafted(_ outcome: String, in thread: ThreadTag) async throws {
                let facts = [
                    Fact(
                        .decisionDrafted, in: thread,
                        plain: ["drafter": person, "outcome": .string(outcome), "unitReviewer": person]),
                    Fact(.decisionApproved, in: thread, plain: ["decision": "approve"]),
                ]
                try await put(facts, in: thread, world)
            }
            for (outcome, next, kind) in [
                ("noPenalty", "制作行政执法决定书", "enforcement-decision"), ("transfer", "制作案件移送函", "case-transfer-letter"),
            ] {
                let free = try await penalty(walk)
                _ = try await paper("procedure-initiation-approval", in: free, world)
                try await expect("制作权利告知书", in: free, "before the draft")
                try await drafted(outcome, in: free)
                try await expect(next, in: free, "\(outcome) approved")
                _ = try await paper(kind, in: free, world, data: ["decisionKind": .string(outcome)])
                try await expect("送达", in: free, "\(outcome) issued")
            }
        }
    }

    @Test("the page of the filing names what stays open in the filed case, and never says that nothing is missing")
    func staying() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await walk.inspect()
            // A picture of which nobody said what it is of, as older records have it.
            _ = try await world.office.casebook.perform(
                ImportRecording(
                    recording: .random(), object: try await world.shelves.store(Array("a picture".utf8)), form: "photo",
                    device: "phone", fileName: "照片.jpg", mediaType: "image/jpeg", completedAt: nil, activity: nil,
                    note: nil),
                on: thread, expecting: try await world.office.casebook.load(thread).work.entries, command: .random(),
                by: Performer(person: try #require(world.people[.officer]), confirmation: nil))
            try await walk.head.carryOut(
                walk.address.step("ending", in: thread),
                ["ground": "terminated", "reason": "中止检查", "acceptsGaps": "yes", "secret": WebWorld.secret])
            let page = try await walk.custodian.get(walk.address.step("filing", in: thread)).body
            #expect(page.contains("不妨碍归档，归档以后仍是待办") && page.contains("写明音像记录的是哪一种执法活动（第"))
            #expect(!page.contains("没有缺少的内容") && !page.contains("案卷齐全"))
        }
    }

    @Test("what the system says in a sheet of the case file is shown and not asked; sent all the same, it is refused")
    func sheets() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await walk.inspect()
            try await walk.head.carryOut(
                walk.address.step("ending", in: thread),
                ["ground": "terminated", "reason": "中止检查", "acceptsGaps": "yes", "secret": WebWorld.secret])
            let new = try await walk.custodian.get(walk.address.newDocument("case-file-cover", in: thread))
            #expect(new.body.contains("由系统按本案的记录填写"))
            #expect(!new.body.contains("name=\"pieces\"") && new.body.contains("name=\"retention\""))
            let start = try #require(new.body.range(of: "data-draft=\"")?.upperBound)
            let path = String(new.body[start...].prefix { $0 != "\"" })
            var form = try #require(PageForm(in: new.body, action: path))
            form.fill(["pieces": "99", "outcome": "随便写的处理结果", "action": "check"])
            let answer = try await walk.custodian.send(.post, path, body: form.body)
            #expect(answer.status == 422 && answer.body.contains("“件数”由系统按本案的记录填写"))
            // What was sent is not kept: the draft goes on with what the record says.
            let check = try await walk.custodian.get("\(path)/check")
            #expect(check.body.contains("终止调查") && !check.body.contains("随便写的处理结果"))
            _ = try await walk.custodian.carryOut("\(path)/check")
            let cover = try #require(
                try await world.office.casebook.load(thread).work.document(ofKind: "case-file-cover"))
            #expect(cover.data?["pieces"]?.integer == 2, "one record and one film")
        }
    }

    @Test("steps are searched by name or part, and a search that finds none says so")
    func search() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await penalty(walk)
            let page = walk.address.caseFile(thread)
            let whole = try await walk.officer.get(page).body
            #expect(whole.contains("登记申请回避") && whole.contains("记录不配合情况"))
            let found = try await walk.officer.get("\(page)?steps=\(Percent.encode("回避"))").body
            #expect(found.contains("登记申请回避") && !found.contains("记录不配合情况"))
            let none = try await walk.officer.get("\(page)?steps=\(Percent.encode("没有的步骤"))").body
            #expect(none.contains("现在没有这样的步骤"))
        }
    }
}
