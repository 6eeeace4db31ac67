import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import TestKit
import Testing

@testable import Web

/// Volumes and single pages to be printed, through the pages.
@Suite("Binding volumes and printing pages again")
struct VolumePageTests {
    private func send(_ browser: Browser, _ path: String, _ name: String, _ value: String) async throws
        -> Browser.Answer
    {
        try await browser.post(path, [ForgeryGuard.field: try await browser.token(), name: value])
    }

    @Test("whoever may see the case binds it in a recorded look; a stranger and the administrator learn nothing of it")
    func bind() async throws {
        let world = try await WalkTests.world()
        try await world.register(
            ThreadTag(high: 2, low: 97), name: "段外人", roles: [.officer], account: "stranger", certificate: "统执2026097")
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await walk.inspect()
            let path = walk.address.volume(of: thread)
            for (account, status) in [("stranger", 404), ("administrator", 403)] {
                let other = try await browser.signedIn(account)
                #expect(try await other.get(path).status == status, "\(account)")
                #expect(try await send(other, path, VolumePage.partField, "open").status == status, "\(account)")
            }
            let before = try await world.office.casebook.load(thread).work.entries
            let page = try await walk.custodian.get(path)
            #expect(page.status == 200 && page.body.contains("现场检查笔录") && page.body.contains("合订正卷"))
            #expect(page.body.contains("本案还没有卷内目录") && page.body.contains("本案的副卷没有材料"))
            #expect(page.body.contains("长期保存、移交的是一份份文书（PDF/A）"))
            #expect(
                try await world.office.casebook.load(thread).work.entries == before, "a page that is read is no look")

            let bound = try await send(walk.custodian, path, VolumePage.partField, "open")
            #expect(bound.status == 200 && bound.headers[.contentType] == "application/pdf")
            #expect(bound.headers[.cacheControl]?.contains("no-store") == true)
            #expect(bound.body.contains("第 1 件 · 卷内第 1 页||现场检查笔录 1/"))
            let records = try await world.office.casebook.load(thread).records
            #expect(records.suffix(2).map(\.type) == [.accessOpened, .accessClosed])
            #expect(records.last?.number("bytes") == Int64(bound.body.utf8.count))
            #expect(try await walk.officer.get(walk.address.caseFile(thread)).body.contains("合订正卷"))

            let none = try await send(walk.custodian, path, VolumePage.partField, "internal")
            #expect(none.status == 422 && none.body.contains("本案的副卷没有材料，没有合订"))
            let hostile = try await send(walk.custodian, path, VolumePage.partField, "\"><script>x")
            #expect(hostile.status == 422 && !hostile.body.contains("<script>x"))
            let forged = try await walk.custodian.post(path, [VolumePage.partField: "open"])
            #expect(forged.status == 403 || forged.status == 400, "\(forged.status)")
        }
    }

    @Test("a page of an issued document is printed again from its page; one that it has not is refused in words")
    func reprint() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await walk.inspect()
            let record = try #require(try await world.office.casebook.load(thread).work.documents.first)
            let pages = try #require(record.pages)
            let path = walk.address.reprint(record.id, in: thread)
            let page = try await walk.officer.get(walk.address.document(record.id, in: thread)).body
            #expect(page.contains("重印一页") && page.contains("action=\"\(path)\""))
            let printed = try await send(walk.officer, path, "page", "1")
            #expect(printed.status == 200 && printed.headers[.contentType] == "application/pdf")
            #expect(printed.body.hasSuffix("||重印的文书 1/\(pages)"))
            let look = try #require(try await world.office.casebook.load(thread).records.last)
            #expect(look.type == .accessOpened && look.word("document") == record.id.description)
            for wrong in ["0", "99", "-1", "", "<b>"] {
                let refused = try await send(walk.officer, path, "page", wrong)
                #expect(refused.status == 422 || refused.status == 409, "\(wrong): \(refused.status)")
                #expect(refused.body.contains("这份文书共"), "\(wrong)")
            }
            let unknown = walk.address.reprint(.random(), in: thread)
            #expect(try await send(walk.officer, unknown, "page", "1").status == 404)
        }
    }
}
