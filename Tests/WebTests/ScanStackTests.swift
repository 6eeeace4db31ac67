import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

@Suite("The pages on which scans are filed")
struct ScanStackTests {
    /// Sends a stack in that was uploaded before, as a browser with scripts does.
    private func send(_ lines: [String], by browser: Browser, in world: WebWorld) async throws -> Browser.Answer {
        let path = browser.address.scans
        let bytes = Array(lines.joined(separator: "\n").utf8)
        let metadata = try #require(UploadMetadata("filename \(Base64.encode(Array("材料.pdf".utf8)))"))
        let upload = world.shelves.arrived(
            bytes,
            UploadDeclaration(
                byteCount: Int64(bytes.count), owner: try #require(world.people[.officer]).thread, metadata: metadata,
                created: world.clock.now(), expires: world.clock.now()))
        var form = try #require(PageForm(in: try await browser.get(path).body, action: path))
        form.fields.append(("upload", upload.description))
        return try await browser.send(.post, path, body: form.body)
    }

    private func words(_ page: String) -> String {
        page.replacingOccurrences(of: "<[^>]*>", with: "", options: .regularExpression)
    }

    @Test(
        "a stack is sent in, looked over, filed once, and its slot signed from the scan; each page says what comes next"
    )
    func filed() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let (thread, document) = try await ScanTests().record(walk)
            let sent = try await send(
                ["blank", "sheet \(document) 1 18000", "text", "sheet \(document) 1 -310"], by: walk.officer, in: world)
            #expect(sent.status == 303)
            let place = sent.location
            let page = try await walk.officer.get(place).body
            let text = words(page)
            for wanted in [
                "认出1份文书", "材料.pdf", "第1页扫到2次，用哪一张", "扫描件第2页（倒放，已扶正）", "扫描件第4页（歪3度，已扶正）",
                "扫描件第1页 空白页，跳过。", "扫描件第3页 没有认出二维码", "纸质原件存放在",
            ] {
                #expect(text.contains(wanted), "\(wanted)")
            }
            // Another officer, another bureau's person, the administrator: not theirs, or no right.
            #expect(try await browser.signedIn("lin").get(place).status == 404)
            #expect(try await browser.signedIn("administrator").get(browser.address.scans).status == 403)
            // Nothing yet.
            #expect(try await world.office.casebook.load(thread).work.document(document)?.scans.isEmpty == true)
            var form = try #require(PageForm(in: page, action: place))
            form.fill(["take-\(document)-1": "4"])
            let unplaced = try await walk.officer.send(.post, place, body: form.body)
            #expect(unplaced.status == 422 && words(unplaced.body).contains("请填写纸质原件存放处"))
            form = try #require(PageForm(in: unplaced.body, action: place))
            form.fill(["place": "二号柜", "take-\(document)-1": "4"])
            let done = try await walk.officer.send(.post, place, body: form.body)
            #expect(done.status == 303, "\(Browser.problem(done.body))")
            // The second click is answered like the first.
            #expect(try await walk.officer.send(.post, place, body: form.body).status == 303)
            let scans = try #require(try await world.office.casebook.load(thread).work.document(document)).scans
            #expect(scans.count == 1 && scans[0].sheets == [1])
            #expect(world.reader.pictures == [[ScanTurn(page: 4, turn: -310)]])
            let after = try await walk.officer.get(done.location).body
            #expect(words(after).contains("✓ 已归件") && words(after).contains("纸上看到已经签名的，请登记"))
            // From there to the slot, where the scan is chosen already and the place known.
            let slot = walk.address.slot("party", of: document, in: thread, manner: "paper")
            #expect(after.contains("href=\"\(slot.replacingOccurrences(of: "&", with: "&amp;"))\""))
            let signing = try await walk.officer.get(slot).body
            #expect(signing.contains("二号柜") && words(signing).contains("已归件的扫描件，第1页"))
            var paper = try #require(
                PageForm(in: signing, action: walk.address.slot("party", of: document, in: thread)))
            paper.fill(["signer": "钱有余", "capacity": "employee"])
            let signed = try await walk.officer.send(
                .post, paper.action, body: paper.body)
            #expect(signed.status == 303, "\(Browser.problem(signed.body))")
            let met = try await world.office.casebook.load(thread).work.document(document)?.slots["party"]
            #expect(met?.manner == "paper" && met?.scan == scans[0].object)
            // The document and the course of the case tell of it; the picture can be looked at, and nothing else of it.
            let shown = try await walk.officer.get(walk.address.document(document, in: thread)).body
            #expect(words(shown).contains("现在存放在") && shown.contains("查看扫描件"))
            #expect(!shown.contains("查看签名页扫描件"))
            let course = words(try await walk.officer.get(walk.address.caseFile(thread)).body)
            #expect(course.contains("现场检查笔录 扫描归件"))
            // Paper that moved: said once, with the old place kept.
            let moving = walk.address.paperPlace(document, in: thread)
            try await walk.officer.carryOut(moving, ["place": "档案室三排", "reason": "集中保管"])
            let moved = words(try await walk.officer.get(walk.address.document(document, in: thread)).body)
            #expect(moved.contains("档案室三排") && moved.contains("以前存放在") && moved.contains("二号柜"))
        }
    }

    @Test("a page whose code is lost is named by whoever holds the paper; what cannot be read is told in words")
    func byHand() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let (thread, document) = try await ScanTests().record(
                walk, findings: String(repeating: "核对了统计台账和原始记录。", count: 90))
            let count = try #require(try await world.office.casebook.load(thread).work.document(document)?.paperPages)
            #expect(count > 1)
            let sent = try await send(
                ["text"] + (2...count).map { "sheet \(document) \($0) 0" }, by: walk.officer, in: world)
            let place = sent.location
            let page = try await walk.officer.get(place).body
            #expect(words(page).contains("缺第1页"))
            var form = try #require(PageForm(in: page, action: place))
            form.fill(["place": "二号柜", "hand-1": "\(document):1"])
            #expect(try await walk.officer.send(.post, place, body: form.body).status == 303)
            let filed = try #require(try await world.office.casebook.load(thread).work.document(document))
            #expect(filed.unscannedPages.isEmpty && filed.scans.first?.sheets == Array(1...count))
            let view = try await world.office.casebook.load(thread)
            let making = view.records.last { $0.type == .documentScanned }?.fields["making"]
            #expect(making?["sheets"]?.elements?.compactMap { $0["byHand"]?.boolean } == [true])

            let broken = try await send(["no page at all"], by: walk.officer, in: world)
            let told = try await walk.officer.get(broken.location)
            #expect(told.status == 422 && words(told.body).contains("没有归件，也没有产生记录"))
            let strange = try await send(["sheet \(DocumentID.random()) 1 0"], by: walk.officer, in: world)
            let none = words(try await walk.officer.get(strange.location).body)
            #expect(none.contains("没有认出可以归件的文书") && none.contains("在您可以查看的案件里没有"))
            let empty = try await walk.officer.send(
                .post, walk.address.scans,
                body: try #require(
                    PageForm(
                        in: try await walk.officer.get(walk.address.scans).body, action: walk.address.scans)
                ).body)
            #expect(empty.status == 422 && words(empty.body).contains("请选择要归件的扫描件"))
        }
    }
}
