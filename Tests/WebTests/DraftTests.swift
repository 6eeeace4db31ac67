import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

@Suite("Drafts: who writes them, what becomes of them", .serialized)
struct DraftTests {
    private func inspection(_ browser: Browser, _ world: WebWorld) async throws -> ThreadTag {
        let opened = try await browser.carryOut(
            browser.address.newInspection,
            ([
                "title": "统计资料检查", "source": "plan", "subjectName": "清禾县星河纸品厂", "subjectKind": "organisation",
                "handlers": world.people[.officer]?.thread.description ?? "",
            ] as Fields).adding("handlers", ThreadTag(high: 2, low: 99).description))
        return try #require(ThreadTag(String(opened.split(separator: "/").last?.prefix(32) ?? "")))
    }

    /// A saved draft of a record; returns its address and the form as its page draws it.
    private func draft(_ officer: Browser, in thread: ThreadTag, _ findings: String) async throws -> (
        path: String, form: PageForm
    ) {
        let page = try await officer.get(officer.address.newDocument("site-inspection-record", in: thread))
        let path = try #require(
            page.body.range(of: "data-draft=\"").flatMap { start in
                page.body[start.upperBound...].firstIndex(of: "\"").map { String(page.body[start.upperBound..<$0]) }
            })
        var form = try #require(PageForm(in: page.body, action: path))
        form.fill(["findings": findings])
        #expect(try await officer.send(.post, path, body: form.body).status == 303)
        return (path, try #require(PageForm(in: try await officer.get(path).body, action: path)))
    }

    private func id(_ path: String) throws -> DocumentID { try #require(DocumentID(String(path.suffix(32)))) }

    @Test("whoever does not handle the case reads a draft and changes nothing in it, and begins none")
    func rights() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await inspection(officer, world)
            let (path, form) = try await draft(officer, in: thread, "原来的内容")
            let stored = try await world.installation.draft(try id(path))
            for account in ["unithead", "legalreviewer", "agencyhead", "custodian"] {
                let other = try await browser.signedIn(account)
                let page = try await other.get(path)
                #expect(page.status == 200 && page.body.contains("只能查看") && page.body.contains("原来的内容"), "\(account)")
                #expect(!page.body.contains("<textarea") && !page.body.contains("放弃草稿"), "\(account)")
                let token = try await other.token()
                var body = form
                body.fill([ForgeryGuard.field: token, "findings": "别人改的"])
                #expect(try await other.send(.post, path, body: body.body).status == 403, "\(account)")
                let quiet = try await other.send(.post, path, body: body.body, headers: ["Accept": "application/json"])
                #expect(quiet.status == 403 && quiet.body.contains("本案承办人"), "\(account): \(quiet.body)")
                let gone = try await other.post(
                    "\(path)/discard", [ForgeryGuard.field: token, "version": "1"])
                #expect(gone.status >= 400, "\(account) discarded")
                let check = try await other.get("\(path)/check")
                #expect(!check.body.contains("定稿</button>"), "\(account)")
                let begun = try await other.get(other.address.newDocument("site-inspection-record", in: thread))
                #expect(begun.status == 403 && begun.body.contains("由本案承办人起草"), "\(account)")
            }
            #expect(try await world.installation.draft(try id(path)) == stored)
            // The other handler writes it; who reviews writes the review, which no handler does.
            let second = try await browser.signedIn("lin")
            #expect(try await second.get(path).body.contains("<textarea"))
            let reviewer = try await browser.signedIn("legalreviewer")
            let review = reviewer.address.newDocument(DocumentKindName.legalReview, in: thread)
            #expect(try await reviewer.get(review).status == 200)
            #expect(try await officer.get(review).status == 403)
        }
    }

    @Test("a draft whose document is fixed meanwhile says so with the way there, to a page and to the autosave")
    func fixed() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await inspection(walk.officer, world)
            let page = try await walk.officer.get(
                walk.address.newDocument("site-inspection-record", in: thread))
            let path = try #require(
                page.body.range(of: "data-draft=\"").flatMap { start in
                    page.body[start.upperBound...].firstIndex(of: "\"").map { String(page.body[start.upperBound..<$0]) }
                })
            var form = try #require(PageForm(in: page.body, action: path))
            let now = FieldReading.local(world.clock.now())
            form.fill([
                "findings": "核对了报表。", "certShown": "已出示", "place": "办公楼", "startAt": now, "endAt": now,
                "action": "check",
            ])
            let saved = try await walk.officer.send(.post, path, body: form.body)
            #expect(saved.status == 303, "\(Browser.problem(saved.body))")
            var other = try #require(PageForm(in: try await walk.second.get(path).body, action: path))
            try await walk.officer.carryOut("\(path)/check")
            other.fill(["findings": "另一页的内容"])
            let href = walk.address.document(try id(path), in: thread)
            let late = try await walk.second.send(.post, path, body: other.body)
            #expect(late.status == 409 && late.body.contains("这份文书已经定稿") && late.body.contains(href), "\(late.status)")
            let quiet = try await walk.second.send(
                .post, path, body: other.body, headers: ["Accept": "application/json"])
            #expect(quiet.status == 409 && quiet.body.contains("已经定稿"), "\(quiet.status) \(quiet.body)")
            let again = try await walk.second.get(path)
            #expect(again.status == 303 && again.location == href)
            #expect(try await walk.second.get("\(path)/check").status == 409)
            #expect(try await world.installation.drafts(of: thread).isEmpty)
        }
    }

    @Test(
        "a draft is discarded as its page showed it, after a question; a later version stays; typed text can be saved anew"
    )
    func discard() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let second = try await browser.signedIn("lin")
            let thread = try await inspection(officer, world)
            let (path, form) = try await draft(officer, in: thread, "甲")
            #expect(try await officer.get(path).body.contains("\(path)/discard"))
            let question = try await officer.get("\(path)/discard")
            #expect(question.status == 200 && question.body.contains("也找不回来"))
            let discard = try #require(PageForm(in: question.body, action: "\(path)/discard"))
            // Saved in between: what the question was about is not what is there.
            var other = try #require(PageForm(in: try await second.get(path).body, action: path))
            other.fill(["findings": "乙"])
            #expect(try await second.send(.post, path, body: other.body).status == 303)
            let refused = try await officer.send(.post, discard.action, body: discard.body)
            #expect(refused.status == 422 && refused.body.contains("草稿又保存过，没有放弃"))
            #expect(try await world.installation.draft(try id(path))?.version == 2)
            let again = try #require(PageForm(in: refused.body, action: "\(path)/discard"))
            let gone = try await officer.send(.post, again.action, body: again.body)
            #expect(gone.status == 303 && gone.location == officer.address.caseFile(thread))
            #expect(try await world.installation.drafts(of: thread).isEmpty)
            #expect(try await officer.send(.post, again.action, body: again.body).status == 303)
            // Whoever was still writing is told, and keeps what was typed.
            var late = form
            late.fill(["findings": "丙"])
            let told = try await officer.send(.post, path, body: late.body)
            #expect(told.status == 422 && told.body.contains("这份草稿已被放弃") && told.body.contains("丙</textarea>"))
            let anew = try #require(PageForm(in: told.body, action: path))
            #expect(try await officer.send(.post, path, body: anew.body).status == 303)
            #expect(try await world.installation.draft(try id(path))?.version == 1)
        }
    }

    @Test("drafts of ended and filed cases are forgotten, those of running cases stay")
    func sweep() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let running = try await inspection(officer, world)
            let ended = try await inspection(officer, world)
            _ = try await draft(officer, in: running, "甲")
            _ = try await draft(officer, in: ended, "乙")
            #expect(try await DraftSweep(office: world.office).run().isEmpty)
            try await officer.carryOut(
                officer.address.step("finding", in: ended), ["outcome": "nothingFound", "summary": "没有发现问题。"])
            let officerRow = try #require(world.people[.officer])
            _ = try await world.office.casebook.record(
                [
                    Fact(
                        .caseEnded, in: ended, plain: ["ground": "nothingFound"],
                        fields: [.init("reason", "没有发现问题。", .internal)])
                ], by: .person(officerRow.thread), command: .random())
            #expect(try await world.office.casebook.load(ended).work.ending != nil)
            #expect(try await DraftSweep(office: world.office).run().count == 1)
            #expect(try await world.installation.drafts(of: ended).isEmpty)
            #expect(try await world.installation.drafts(of: running).count == 1)
        }
    }
}
