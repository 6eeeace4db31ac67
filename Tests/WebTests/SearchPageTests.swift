import Application
import Casework
import Foundation
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

/// The one search over cases, leads, parties and documents.
@Suite("The search page")
struct SearchPageTests {
    /// Thirty cases with a document each, half of them of the officer; two leads; three parties.
    private func fill(_ world: WebWorld) throws {
        let officer = try #require(world.people[.officer]?.thread)
        let now = world.clock.now()
        for number in 0..<32 {
            let thread = ThreadTag(high: 7, low: UInt64(number))
            world.registers.put(
                .caseFile(
                    CaseRow(
                        thread: thread, kind: number < 30 ? "penalty" : CaseRow.leadKind,
                        title: number == 4 ? "<b>星海</b>案" : "星河第\(number)案", subject: thread,
                        subjectName: "某AB厂\(number)",
                        handlers: number % 2 == 0 ? [officer] : [], stage: .decision, state: .open,
                        openedAt: now.advanced(byMilliseconds: Int64(-number) * 86_400_000), endedAt: nil, filedAt: nil,
                        lastAt: now, entries: 3)),
                .document(
                    DocumentRow(
                        id: DocumentID(high: 8, low: UInt64(number)), caseThread: thread, kind: "penalty-decision",
                        state: .issued, fixedAt: now, issuedAt: now, year: 2026, number: number + 1,
                        numberText: "清禾罚决〔2026〕\(number + 1)号", openSlots: [])))
        }
        for number in 0..<3 {
            world.registers.put(
                .subject(
                    SubjectRow(
                        thread: ThreadTag(high: 9, low: UInt64(number)), kind: "organisation", name: "星河厂\(number)",
                        code: "9113\(number)")))
        }
    }

    @Test("each sort shows its first hits and the way to all of them, marked where the words stand")
    func everything() async throws {
        let world = try await WebWorld()
        try fill(world)
        try await world.serve { browser in
            let head = try await browser.signedIn("agencyhead")
            let page = try await head.get(head.address.search(" 星河 ", in: .all))
            #expect(page.status == 200)
            for heading in ["案件 <span>29</span>", "线索 <span>2</span>", "当事人 <span>3</span>", "文书 <span>31</span>"] {
                #expect(page.body.contains(heading), "\(heading)")
            }
            #expect(page.body.contains("<mark>星河</mark>第0案") && !page.body.contains("第9案"))
            #expect(page.body.contains("看全部案件") && !page.body.contains("看全部线索"))
            // A number finds the one document that bears it.
            let number = try await head.get(head.address.search("罚决〔2026〕12号", in: .all))
            #expect(number.body.contains("文书 <span>1</span>"))
            #expect(number.body.contains("清禾<mark>罚决〔2026〕12号</mark>"))
        }
    }

    @Test("one sort alone comes page by page, and what is typed runs nowhere")
    func pages() async throws {
        let world = try await WebWorld()
        try fill(world)
        try await world.serve { browser in
            let head = try await browser.signedIn("agencyhead")
            let address = head.address.search("星", in: .cases)
            let first = try await head.get(address)
            #expect(
                first.body.components(separatedBy: "<p class=\"card-title\"><a href=\"/b/qinghe/cases/").count == 26)
            #expect(first.body.contains("page=2") && first.body.contains("&lt;b&gt;<mark>星</mark>海&lt;/b&gt;案"))
            #expect(!first.body.contains("<b>星海"))
            let second = try await head.get("\(address)&page=2")
            #expect(
                second.body.components(separatedBy: "<p class=\"card-title\"><a href=\"/b/qinghe/cases/").count == 6)
            let hostile = try await head.get("\(head.address.search)?q=%22%3E%3Cscript%3E&in=nonsense&page=-7")
            #expect(hostile.status == 200 && !hostile.body.contains("<script>") && hostile.body.contains("没有找到"))
        }
    }

    @Test("an officer finds own cases and their documents alone; who has no right to cases finds nothing")
    func rights() async throws {
        let world = try await WebWorld()
        try fill(world)
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let page = try await officer.get(officer.address.search("星河", in: .all))
            #expect(page.body.contains("案件 <span>14</span>") && page.body.contains("线索 <span>1</span>"))
            #expect(page.body.contains("文书 <span>15</span>"))
            let other = try await officer.get(officer.address.search("2026-12", in: .all))
            #expect(other.body.contains("没有找到") && other.body.contains("只查您承办的案件"))
            let admin = try await browser.signedIn("administrator")
            #expect(try await admin.get(admin.address.search).status == 403)
        }
    }

    @Test("an empty search says what can be searched for")
    func empty() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            let head = try await browser.signedIn("agencyhead")
            for address in [head.address.search, head.address.search("   ", in: .all)] {
                let page = try await head.get(address)
                #expect(page.status == 200 && page.body.contains("统一社会信用代码") && !page.body.contains("没有找到"))
            }
        }
    }

    @Test("marks stand around every place of every word, in either case of Latin letters, and around nothing else")
    func marks() {
        func marked(_ search: String, _ text: String) -> String { Highlight(search).html(text).string }
        #expect(marked("星河", "星河厂星河") == "<mark>星河</mark>厂<mark>星河</mark>")
        #expect(marked("ab B", "aBb<") == "<mark>aBb</mark>&lt;")
        #expect(marked("哈哈", "哈哈哈") == "<mark>哈哈哈</mark>")
        #expect(marked("", "星河") == "星河" && marked("不在", "星河") == "星河" && marked("星河厂长", "星河") == "星河")
        #expect(marked("𠮷　家", "𠮷野家") == "<mark>𠮷</mark>野<mark>家</mark>")
    }
}
