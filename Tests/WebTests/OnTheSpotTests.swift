import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

/// What follows a penalty decided on the spot: it is served where it is signed for, and its filing waits for a head.
@Suite("Decisions on the spot")
struct OnTheSpotTests {
    private static let party: Fields = [
        "title": "迟报统计资料案", "subjectName": "青萍商店（演示）", "subjectKind": "organisation",
    ]

    /// A case of the summary procedure whose seven items are recorded.
    private func opened(_ walk: WalkTests.Walk) async throws -> ThreadTag {
        let two = Self.party.adding("handlers", walk.world.people[.officer]?.thread.description ?? "")
            .adding("handlers", ThreadTag(high: 2, low: 99).description)
        let opened = try await walk.officer.carryOut(walk.address.newSummary, two)
        let thread = try #require(ThreadTag(String(opened.split(separator: "/").last?.prefix(32) ?? "")))
        walk.world.clock.advance(minutes: 5)
        try await walk.officer.carryOut(
            walk.address.step("activity", in: thread), ["kind": "summaryAct", "place": "青萍商店"])
        try await put(
            [Fact(.summaryRecorded, in: thread, fields: [.init("factBasis", "迟报报表三日。", .party)])], in: thread,
            walk.world)
        return thread
    }

    /// The decision, issued; the party's place dealt with in this manner, or not at all.
    private func decide(_ manner: String?, in thread: ThreadTag, _ world: WebWorld) async throws -> DocumentID {
        let id = DocumentID.random()
        let document = JSON.string(id.description)
        var facts = [
            Fact(
                .documentFixed, in: thread,
                plain: ["document": document, "kind": .string(DocumentKindName.summaryDecision)],
                fields: [.init("data", ["amount": 5000, "content": ["警告", "处罚款人民币50元"]], .party)])
        ]
        if let manner {
            facts.append(
                Fact(
                    .documentSigned, in: thread,
                    plain: ["document": document, "manner": .string(manner), "slot": "party"]))
        }
        facts.append(Fact(.documentIssued, in: thread, plain: ["document": document]))
        try await put(facts, in: thread, world)
        return id
    }

    private func put(
        _ facts: [Fact], in thread: ThreadTag, _ world: WebWorld, projecting rows: [ProjectionRow] = []
    ) async throws {
        let head = try await world.store.head(of: thread)
        let entries = try Scribe(bureau: world.tag).seal(
            facts, after: head.map { [thread: $0] } ?? [:], by: .person(try #require(world.people[.officer]).thread),
            command: .random(), at: world.clock.now())
        _ = try await world.store.append(AppendRequest(command: .random(), entries: entries, upserting: rows))
    }

    @Test(
        "a decision that the party signed for is served and its terms run; one that was refused is still to be served")
    func served() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let term = "当事人自收到决定书之日起15日内履行"
            for manner in ["paper", "screen"] {
                let thread = try await opened(walk)
                let decision = try await decide(manner, in: thread, world)
                let work = try await world.office.casebook.load(thread).work
                #expect(work.isServed(decision) && work.services.isEmpty)
                let page = try await walk.officer.get(walk.address.caseFile(thread)).body
                #expect(page.contains(term) && page.contains("下一步：登记履行情况"))
                #expect(page.contains("在起诉期限届满后3个月内申请法院强制执行"))
                let paper = try await walk.officer.get(walk.address.document(decision, in: thread)).body
                #expect(!paper.contains("制作送达回证"))
            }
            for manner in ["refused", nil] {
                let thread = try await opened(walk)
                let decision = try await decide(manner, in: thread, world)
                #expect(try await !world.office.casebook.load(thread).work.isServed(decision))
                let page = try await walk.officer.get(walk.address.caseFile(thread)).body
                #expect(!page.contains(term) && page.contains("下一步：送达当场处罚决定书"))
            }
        }
    }

    @Test(
        "what was recorded before stands in the forms that ask for it: place and facts, the fine, its slip, the number")
    func known() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await opened(walk)
            let draft = try await walk.officer.get(
                walk.address.newDocument(DocumentKindName.summaryDecision, in: thread)
            ).body
            #expect(draft.contains("迟报报表三日。") && draft.contains("value=\"青萍商店\""))
            #expect(draft.contains("value=\"\(world.clock.now().day)\""))
            _ = try await decide("paper", in: thread, world)
            func shows(_ step: String, _ value: String) async throws {
                let page = try await walk.officer.get(walk.address.step(step, in: thread)).body
                #expect(page.contains("value=\"\(value)\""), "\(step): \(value)")
            }
            try await shows("fine", "50.00")
            try await shows("performance", "警告；处罚款人民币50元")
            let at = FieldReading.local(world.clock.now())
            world.clock.advance(minutes: 20)
            try await walk.officer.carryOut(
                walk.address.step("fine", in: thread),
                [
                    "way": "onSpot", "ground": "small", "receiptNumber": "演票7号", "course": "当场收取。", "collectedAt": at,
                ])
            // When it happened is what the form calls it, and is said once.
            let course = try await walk.officer.get(walk.address.caseFile(thread)).body
            #expect(course.contains("收缴时间") && !course.contains("发生时间"))
            try await shows("fine-remittance", "50.00")
            try await shows("performance", "50.00")
            try await shows("performance", "演票7号")
            // What was collected in full is not asked for again.
            let again = try await walk.officer.get(walk.address.step("fine", in: thread)).body
            #expect(!again.contains("value=\"50.00\""))
        }
    }

    @Test("a decision that is refused when it is fixed is answered as refused, also where one field alone is at fault")
    func refusedFix() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await opened(walk)
            let page = try await walk.officer.get(
                walk.address.newDocument(DocumentKindName.summaryDecision, in: thread))
            let path = try #require(
                page.body.range(of: "data-draft=\"").flatMap { start in
                    page.body[start.upperBound...].firstIndex(of: "\"").map { String(page.body[start.upperBound..<$0]) }
                })
            var form = try #require(PageForm(in: page.body, action: path))
            form.fill([
                "reasons": "迟报属实。", "legalBasis": "统计法。", "content": "警告\n没收违法所得", "amount": "50",
                "performance": "当场缴纳。",
                "remedies": "六十日内申请行政复议。",
            ])
            #expect(try await walk.officer.send(.post, path, body: form.body).status == 303)
            let check = try await walk.officer.get("\(path)/check")
            #expect(check.status == 200, "\(Browser.problem(check.body))")
            let fixing = try #require(PageForm(in: check.body, action: "\(path)/check"))
            let answer = try await walk.officer.send(.post, "\(path)/check", body: fixing.body)
            #expect(answer.status == 422 && answer.body.contains("当场处罚只能是警告或者罚款"))
        }
    }

    @Test(
        "rows of one paragraph are named once; the work list leads to a decision on the spot; a phone is taken for one")
    func small() async throws {
        let sources = ["第八条第一款", "第九条", "第八条第一款"].enumerated().map {
            ObligationCard.Source(label: $1, href: "/\($0)")
        }
        #expect(ObligationCard.Source.distinct(sources).map(\.href) == ["/0", "/1"])
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            #expect(try await walk.officer.get(walk.address.home).body.contains("href=\"\(walk.address.newSummary)\""))
            let thread = try await opened(walk)
            let path = walk.address.newRecording(in: thread)
            func chosen(_ agent: String) async throws -> String? {
                let page = try await walk.officer.send(.get, path, headers: ["User-Agent": agent]).body
                return ["phone", "recorder"].first { page.contains("value=\"\($0)\" checked") }
            }
            #expect(try await chosen("Mozilla/5.0 (Linux; Android 13) Chrome/120 Mobile Safari/537.36") == "phone")
            #expect(try await chosen("Mozilla/5.0 (X11; Linux x86_64) Chrome/120 Safari/537.36") == "recorder")
        }
    }

    @Test("the filing stands on the work list of a head who had no part in the case until it is done")
    func filing() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await opened(walk)
            let step = walk.address.step("summary-filing", in: thread)
            let home = walk.address.home
            #expect(try await !walk.unitHead.get(home).body.contains(step))
            _ = try await decide("paper", in: thread, world)
            // What is put into the record directly is projected by hand.
            let view = try await world.office.casebook.load(thread)
            try await put(
                [Fact(.fineCollected, in: thread, plain: ["amount": 5000, "way": "bank"])], in: thread, world,
                projecting: PendingWord.words(in: view.work, view.records).map { .claim($0.claim) })
            #expect(try await walk.unitHead.get(home).body.contains(step))
            #expect(try await !walk.officer.get(home).body.contains(step))
            #expect(try await walk.unitHead.get(walk.address.caseFile(thread)).body.contains("下一步：登记简易程序备案"))
            let page = try await walk.officer.get(walk.address.caseFile(thread)).body
            #expect(page.contains("下一步：登记履行情况") && page.contains("简易程序备案同时等承办机构负责人登记。"))
            try await walk.unitHead.carryOut(
                step, ["filedWith": "bureau", "content": "处罚决定备案。", "secret": WebWorld.secret])
            #expect(try await !walk.unitHead.get(home).body.contains(step))
        }
    }
}
