import Application
import Casework
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Kernel
import NIOCore
import TestKit
import Testing

@testable import Web

@Suite("Scans of signed sheets", .serialized)
struct ScanTests {
    typealias Walk = WalkTests.Walk

    /// A record of an inspection, fixed and ready to be signed.
    func record(_ walk: Walk, findings: String = "无。") async throws -> (thread: ThreadTag, document: DocumentID) {
        let opened = try await walk.officer.carryOut(
            walk.address.newInspection,
            ([
                "title": "检查", "source": "plan", "subjectName": "清禾县星河纸品厂", "subjectCode": "", "subjectAddress": "",
                "subjectRepresentative": "", "subjectPhone": "", "subjectKind": "organisation",
                "handlers": walk.world.people[.officer]?.thread.description ?? "",
            ] as Fields).adding("handlers", ThreadTag(high: 2, low: 99).description))
        let thread = try #require(ThreadTag(String(opened.split(separator: "/").last?.prefix(32) ?? "")))
        try await walk.officer.carryOut(walk.address.step("activity", in: thread), ["place": "办公楼", "persons": "钱有余"])
        let activity = try #require(try await walk.world.office.casebook.load(thread).work.activities.first?.id)
        walk.world.clock.advance(minutes: 60)
        try await walk.officer.carryOut(
            walk.address.step("activity-end", in: thread, about: ("activity", activity.description)))
        let document = try await walk.write(
            walk.officer, "site-inspection-record", in: thread, activity: activity,
            ["certShown": "已出示执法证件", "findings": findings, "presentPerson": "钱有余", "presentPersonRole": "负责人"])
        return (thread, document)
    }

    /// Sends the form of the party's slot with a scan, as a browser without scripts does.
    private func sign(
        _ walk: Walk, _ thread: ThreadTag, _ document: DocumentID, scan: [UInt8], type: String
    ) async throws -> (status: Int, body: String) {
        let path = walk.address.slot("party", of: document, in: thread)
        let page = try await walk.officer.get("\(path)?manner=paper")
        #expect(page.body.contains("accept=\"image/jpeg,image/png,application/pdf\""))
        #expect(page.body.contains("长边至少800像素"))
        var form = try #require(PageForm(in: page.body, action: path))
        form.fill(["signer": "钱有余", "capacity": "employee", "place": "检查科档案柜"])
        var body = ByteBuffer()
        for (name, value) in form.fields {
            body.writeString("--b0\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n")
        }
        body.writeString("--b0\r\nContent-Disposition: form-data; name=\"scan\"; filename=\"签名页\"\r\n")
        body.writeString("Content-Type: \(type)\r\n\r\n")
        body.writeBytes(scan)
        body.writeString("\r\n--b0--\r\n")
        var headers: HTTPFields = [.contentType: "multipart/form-data; boundary=b0", .accept: "text/html"]
        headers[.cookie] = walk.officer.cookie
        return try await walk.officer.client.execute(uri: path, method: .post, headers: headers, body: body) {
            ($0.status.code, String(buffer: $0.body))
        }
    }

    @Test(
        "what is no JPEG, PNG or PDF by its bytes is refused in words, whatever the sender calls it, and stores nothing"
    )
    func refused() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await Walk(world, browser)
            let (thread, document) = try await record(walk)
            let before = try await world.office.casebook.load(thread).work.entries
            let objects = try await world.vault.objects().count
            for bytes in [
                Array("<html><script>alert(1)</script>".utf8), Array("GIF89a......".utf8), Array("%PDF".utf8),
                Array(" %PDF-1.4".utf8), [0xFF, 0xD8], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A],
                Array("ftypheic0000".utf8), [0],
            ] {
                for type in ["image/jpeg", "application/pdf", "text/html"] {
                    let answer = try await sign(walk, thread, document, scan: bytes, type: type)
                    #expect(answer.status == 422 || answer.status == 200, "\(bytes) as \(type): \(answer.status)")
                    #expect(answer.body.contains("扫描件只收 JPEG、PNG 图片和 PDF 文件"), "\(bytes) as \(type)")
                }
            }
            #expect(try await world.office.casebook.load(thread).work.entries == before)
            #expect(try await world.vault.objects().count == objects)
        }
    }

    @Test(
        "a picture of one pixel is refused with the size that is asked for; a firm is told of its seal before it signs")
    func small() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await Walk(world, browser)
            let (thread, document) = try await record(walk)
            let before = try await world.office.casebook.load(thread).work.entries
            let answer = try await sign(
                walk, thread, document, scan: Sheets.png(width: 1, height: 1), type: "image/png")
            #expect(answer.status == 422 && answer.body.contains("图片只有 1×1 像素"))
            #expect(try await world.office.casebook.load(thread).work.entries == before)
            // The way that can be sealed comes first; the other says what it leaves owed, and where it is supplied.
            let path = walk.address.slot("party", of: document, in: thread)
            let first = try await walk.officer.get(path).body
            #expect(first.contains("name=\"scan\"") && first.contains("第十条要求单位签名并加盖公章"))
            let screen = try await walk.officer.get("\(path)?manner=screen").body
            #expect(screen.contains("签完之后公章仍然欠着") && screen.contains("从这一栏登记盖章后的扫描件"))
            // Nobody enters for another officer what that officer signed, on paper as on screen.
            let officer = walk.address.slot("officer2", of: document, in: thread)
            let page = try await walk.officer.get("\(officer)?manner=paper").body
            #expect(!page.contains("name=\"signer\"") || page.contains("账号已经停用"))
            #expect(!page.contains("林小满</span>"))
        }
    }

    @Test("a scan is served as what its bytes are, PDF within the page; nothing is sniffed, pictures are sandboxed")
    func served() async throws {
        for (bytes, type, claimed) in [
            (Sheets.jpeg(), "image/jpeg", "application/pdf"), (Sheets.png(), "image/png", "image/jpeg"),
            (Sheets.pdf, "application/pdf", "image/jpeg"),
        ] {
            let world = try await WalkTests.world()
            try await world.serve { browser in
                let walk = try await Walk(world, browser)
                let (thread, document) = try await record(walk)
                let signed = try await sign(walk, thread, document, scan: bytes, type: claimed)
                #expect(signed.status == 303, "\(Browser.problem(signed.body))")
                let work = try await world.office.casebook.load(thread).work
                let scan = try #require(work.document(document)?.slots["party"]?.scan)
                // There is a way to it from the document and from the course of the case.
                var opened: Browser.Answer?
                for path in [walk.address.document(document, in: thread), walk.address.caseFile(thread)] {
                    let from = try await walk.officer.get(path).body
                    #expect(from.contains("name=\"object\" value=\"\(scan)\""), "\(path)")
                    let form = from.components(separatedBy: "<form ").first { $0.contains("value=\"\(scan)\"") } ?? ""
                    let look = try #require(PageForm(in: "<form \(form)", action: walk.address.look(in: thread)))
                    opened = try await walk.officer.send(.post, look.action, body: look.body)
                }
                let seen = try #require(opened)
                #expect(seen.status == 303)
                let page = try await walk.officer.get(seen.location)
                let source = "\(seen.location)/content"
                #expect(page.body.contains(source) && page.status == 200)
                let isPDF = type == "application/pdf"
                #expect(page.body.contains("<iframe") == isPDF && page.body.contains("<img") == !isPDF)
                let policy = page.headers[.contentSecurityPolicy] ?? ""
                #expect(policy.contains("frame-src 'self'") == isPDF && policy.contains("default-src 'none'"))
                let content = try await walk.officer.get(source)
                #expect(content.status == 200 && content.headers[.contentType] == type)
                #expect(content.headers[.xContentTypeOptions] == "nosniff")
                let rules = content.headers[.contentSecurityPolicy] ?? ""
                #expect(rules.contains("default-src 'none'") && rules.contains("sandbox") == !isPDF)
                #expect(rules.contains("frame-ancestors 'self'") == isPDF)
                let frame = try #require(HTTPField.Name("X-Frame-Options"))
                #expect(content.headers[frame] == (isPDF ? "SAMEORIGIN" : "DENY"))
            }
        }
    }

    @Test("every start of a file shorter than a signature is nothing, and every longer one is what it begins with")
    func signatures() {
        for format in ScanFormat.allCases {
            for count in 0..<format.signature.count {
                #expect(ScanFormat(firstBytes: format.signature.prefix(count)) == nil)
            }
            #expect(ScanFormat(firstBytes: format.signature + [1, 2, 3]) == format)
            for position in format.signature.indices {
                var changed = format.signature
                changed[position] ^= 1
                #expect(ScanFormat(firstBytes: changed + [0, 0, 0]) == nil)
            }
        }
    }
}
