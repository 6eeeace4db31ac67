import Application
import Casework
import Foundation
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

/// The registers as lists and as tables.
@Suite("The registers")
struct RegisterPageTests {
    private func fill(_ world: WebWorld) throws -> ThreadTag {
        let officer = try #require(world.people[.officer]?.thread)
        let now = world.clock.now()
        for number in 0..<30 {
            let thread = ThreadTag(high: 7, low: UInt64(number))
            world.registers.put(
                .caseFile(
                    CaseRow(
                        thread: thread, kind: "penalty",
                        title: number == 4 ? "=HYPERLINK(\"http://x.invalid\")\"案" : "星河第\(number)案", subject: thread,
                        subjectName: "+某厂", handlers: number % 2 == 0 ? [officer] : [], stage: .decision, state: .open,
                        openedAt: now.advanced(byMilliseconds: Int64(-number) * 86_400_000), endedAt: nil,
                        filedAt: nil, lastAt: now, entries: 3)),
                .claim(ClaimRow(thread: thread, kind: .caseNumber, key: "清禾统罚〔2026〕\(number + 1)号")),
                .document(
                    DocumentRow(
                        id: DocumentID(high: 8, low: UInt64(number)), caseThread: thread, kind: "penalty-decision",
                        state: number == 3 ? .void : .issued,
                        fixedAt: now.advanced(byMilliseconds: Int64(-number) * 86_400_000), issuedAt: now,
                        year: 2026, number: number + 1, numberText: "清禾罚决〔2026〕\(number + 1)号", openSlots: [])))
        }
        return officer
    }

    @Test("documents are found by number, words, kind, state and day; an officer sees those of own cases alone")
    func documents() async throws {
        let world = try await WebWorld()
        _ = try fill(world)
        try await world.serve { browser in
            let head = try await browser.signedIn("agencyhead")
            let list = head.address.documents
            let first = try await head.get(list)
            #expect(first.status == 200 && first.body.contains("共30份") && first.body.contains("page=2"))
            for (query, count) in [
                ("q=\(Percent.encode("清禾罚决〔2026〕12号"))", 1), ("q=2026-12", 1), ("q=\(Percent.encode("星河"))", 29),
                ("state=void", 1), ("kind=penalty-decision", 30), ("kind=rights-notice", 0),
                ("from=\(world.clock.now().day)&until=\(world.clock.now().day)", 1), ("from=x&until=2026-99-99", 30),
            ] {
                let page = try await head.get("\(list)?\(query)")
                #expect(page.body.contains(count == 0 ? "没有找到文书" : "共\(count)份"), "\(query)")
            }
            let officer = try await browser.signedIn("officer")
            #expect(try await officer.get(list).body.contains("共15份"))
            #expect(try await officer.get("\(list)?q=2026-12").body.contains("没有找到文书"))
        }
    }

    @Test("cases are found by the beginning of their number, however it is written; an officer finds own ones alone")
    func caseNumbers() async throws {
        let world = try await WebWorld()
        _ = try fill(world)
        try await world.serve { browser in
            let head = try await browser.signedIn("agencyhead")
            for (text, count) in [
                ("清禾统罚〔2026〕3", 2), (" 清禾统罚 [2026] 30号", 1), ("清禾统罚（２０２６）", 30), ("清禾统罚〔2025〕", 0),
                ("统罚〔2026〕3", 0),
            ] {
                let page = try await head.get(head.address.cases(query: "q=\(Percent.encode(text))"))
                #expect(page.body.contains(count == 0 ? "没有找到案件" : "共\(count)件"), "\(text)")
            }
            let one = try await head.get(head.address.cases(query: "q=\(Percent.encode("清禾统罚〔2026〕30号"))"))
            #expect(one.body.contains("星河第29案") && one.body.contains(">清禾统罚〔2026〕30号<"))
            let found = try await head.get(head.address.search("清禾统罚〔2026〕30号", in: .all))
            #expect(found.body.contains("案件 <span>1</span>") && found.body.contains("星河第29案"))
            let officer = try await browser.signedIn("officer")
            let own = officer.address.cases(query: "q=\(Percent.encode("清禾统罚〔2026〕3"))")
            #expect(try await officer.get(own).body.contains("共1件"))
            let table = try await head.get(head.address.caseTable(query: "q=\(Percent.encode("清禾统罚〔2026〕30号"))"))
            #expect(table.body.components(separatedBy: "\r\n")[1].hasPrefix("\"清禾统罚〔2026〕30号\",\"星河第29案\""))
        }
    }

    @Test("a table has every line of the list, and nothing in it that a spreadsheet would run")
    func tables() async throws {
        let world = try await WebWorld()
        _ = try fill(world)
        try await world.serve { browser in
            let head = try await browser.signedIn("agencyhead")
            let cases = try await head.get(head.address.caseTable(query: ""))
            #expect(cases.status == 200)
            let lines = cases.body.components(separatedBy: "\r\n")
            #expect(lines.count == 32 && lines.last == "")
            #expect(lines[0].contains("\"案号\",\"案由\",\"当事人\",\"类型\""))
            #expect(cases.body.contains("\"'=HYPERLINK(\"\"http://x.invalid\"\")\"\"案\",\"'+某厂\""))
            let narrowed = try await head.get(head.address.caseTable(query: "q=\(Percent.encode("星河"))"))
            #expect(narrowed.body.components(separatedBy: "\r\n").count == 31)
            let documents = try await head.get(head.address.documentTable(query: "state=void"))
            #expect(documents.body.components(separatedBy: "\r\n").count == 3 && documents.body.contains("已作废"))
            let officer = try await browser.signedIn("officer")
            #expect(
                try await officer.get(officer.address.caseTable(query: "")).body.components(separatedBy: "\r\n").count
                    == 17)
            // Who has no right to cases has none to their registers.
            let admin = try await browser.signedIn("administrator")
            for address in [
                admin.address.documents, admin.address.caseTable(query: ""), admin.address.documentTable(query: ""),
            ] {
                #expect(try await admin.get(address).status == 403)
            }
        }
    }

    @Test("a table of more rows than a page is read page by page to its end, and no further than its limit")
    func longTables() async throws {
        for count in [0, 999, 1000, 1001, SeparatedValues.limit + 5] {
            var lines = SeparatedValues.Lines { page in
                let start = (page - 1) * SeparatedValues.pageSize
                return start < count
                    ? (start..<min(count, start + SeparatedValues.pageSize)).map { ["\($0)"] } : []
            }
            var written: [UInt8] = []
            while let bytes = try await lines.next() { written += bytes }
            let found = String(decoding: written, as: UTF8.self).components(separatedBy: "\r\n")
            #expect(found.count == min(count, SeparatedValues.limit) + 1)
            #expect(try await lines.next() == nil)
        }
    }
}
