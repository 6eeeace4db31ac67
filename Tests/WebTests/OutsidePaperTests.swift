import Application
import Casework
import Foundation
import HTTPTypes
import HummingbirdTesting
import Kernel
import Ledger
import NIOCore
import Synchronization
import TestKit
import Testing

@testable import Web

@Suite("The page on which papers from outside come into a case", .serialized)
struct OutsidePaperPageTests {
    typealias Walk = WalkTests.Walk

    private func words(_ page: String) -> String {
        page.replacingOccurrences(of: "<[^>]*>", with: "", options: .regularExpression)
    }

    /// A case in which a body was asked for its opinion, and the place of that entry.
    private func commissioned(_ walk: Walk) async throws -> (thread: ThreadTag, seq: Int) {
        let thread = try await FaultPageTests().inspection(walk.officer, walk.world)
        walk.world.clock.advance(minutes: 1)
        try await walk.officer.carryOut(
            walk.address.step("appraisal", in: thread), ["kind": "appraisal", "body": "示例司法鉴定所", "matter": "账册真伪"])
        return (thread, try await walk.world.office.casebook.load(thread).work.entries)
    }

    private func upload(_ lines: [String], _ walk: Walk, of role: Role = .officer) throws -> UploadID {
        let bytes = Array(lines.joined(separator: "\n").utf8)
        let metadata = try #require(UploadMetadata("filename \(Base64.encode(Array("鉴定书.pdf".utf8)))"))
        return walk.world.shelves.arrived(
            bytes,
            UploadDeclaration(
                byteCount: Int64(bytes.count), owner: try #require(walk.world.people[role]).thread, metadata: metadata,
                created: walk.world.clock.now(), expires: walk.world.clock.now()))
    }

    private static let filled: Fields = [
        "body": "示例司法鉴定所", "appraisers": "梁一\n潘二", "subject": "账册真伪", "opinion": "账册有改动。",
        "paper-place": "二号柜", "slot-body": "yes", "slot-expert": "yes",
    ]

    @Test(
        "a duty leads to the form; what is wrong is told and what was typed is kept; taken in, the paper meets the duty"
    )
    func takenIn() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await Walk(world, browser)
            let (thread, seq) = try await commissioned(walk)
            let path = walk.address.outsidePapers(in: thread)
            let casePage = try await walk.officer.get(walk.address.caseFile(thread)).body
            let way = walk.address.outsidePaper("appraisal-opinion", in: thread, answers: seq)
            #expect(casePage.contains("href=\"\(way.replacingOccurrences(of: "&", with: "&amp;"))\""))
            #expect(casePage.contains(">归入鉴定意见书<") && casePage.contains("归入外来文书 4 种"))
            // Which has come in: the kinds to choose from.
            let choice = try await walk.officer.get(path)
            #expect(choice.status == 200)
            for title in ["鉴定意见书", "罚款专用票据", "付邮凭证", "邮寄送达回执"] {
                #expect(choice.body.contains(">\(title)</a>"), "\(title)")
            }
            let page = try await walk.officer.get(way)
            #expect(page.status == 200 && words(page.body).contains("回应的是哪一次"))
            #expect(page.body.contains("value=\"\(seq)\" checked"))
            var form = try #require(PageForm(in: page.body, action: path))
            let day = world.clock.now().day.description
            form.fill(Self.filled.adding("commissionedAt", day))
            form.fill(["opinion": ""])
            let unfilled = try await walk.officer.send(.post, path, body: form.body)
            let told = words(unfilled.body)
            #expect(unfilled.status == 422)
            for wanted in ["请填写鉴定意见。", "请填写出具日期。", "请上传这份文书的扫描件或者照片。"] {
                #expect(told.contains(wanted), "\(wanted)")
            }
            // Nothing was recorded; all that was typed and ticked stands in the form again.
            #expect(try await world.office.casebook.load(thread).work.entries == seq)
            form = try #require(PageForm(in: unfilled.body, action: path))
            for (name, value) in [("paper-place", "二号柜"), ("slot-expert", "yes"), ("appraisers", "梁一\n潘二")] {
                #expect(form.fields.contains { $0.name == name && $0.value == value }, "\(name)")
            }
            // A file that is no scan is told beside it, and stays on the form to be unticked.
            let broken = try upload(["no page at all"], walk)
            form.fill(["opinion": "账册有改动。", "issuedAt": day])
            form.fields.append(("upload", broken.description))
            let refused = try await walk.officer.send(.post, path, body: form.body)
            #expect(refused.status == 422 && words(refused.body).contains("这个文件打不开"))
            #expect(refused.body.contains("value=\"\(broken)\" checked") && refused.body.contains("鉴定书.pdf"))
            form = try #require(PageForm(in: refused.body, action: path))
            let good = try upload(["text", "blank"], walk)
            form.fields.append(("upload", good.description))
            let several = try await walk.officer.send(.post, path, body: form.body)
            #expect(several.status == 422 && words(several.body).contains("一份文书只传一个"))
            form = try #require(PageForm(in: several.body, action: path))
            form.fields.removeAll { $0.name == "upload" && $0.value == broken.description }
            let done = try await walk.officer.send(.post, path, body: form.body)
            #expect(done.status == 303, "\(Browser.problem(done.body))")
            let document = try #require(try await world.office.casebook.load(thread).work.documents.last)
            #expect(done.location == "\(walk.address.document(document.id, in: thread))?done=outside")
            // The second click is answered like the first, and records nothing.
            let entries = try await world.office.casebook.load(thread).work.entries
            #expect(try await walk.officer.send(.post, path, body: form.body).status == 303)
            #expect(try await world.office.casebook.load(thread).work.entries == entries)
            // The upload is the case's now.
            await #expect(throws: VaultError.self) { _ = try await world.vault.upload(good) }
            // The document's page, the case's, the list of papers, and the register show it as what it is.
            let shown = words(try await walk.officer.get(done.location).body)
            #expect(shown.contains("已办理") && shown.contains("外来文书，已归入") && shown.contains("查看扫描件"))
            #expect(!shown.contains("制发") && !shown.contains("定稿") && shown.contains("账册有改动。"))
            #expect(shown.contains("示例司法鉴定所 · ") && shown.contains("梁一 · ") && shown.contains("潘二 · "))
            let course = words(try await walk.officer.get(walk.address.caseFile(thread)).body)
            #expect(course.contains("鉴定意见书 归入") && course.contains("由登记人对照纸质原件看过。"))
            #expect(!course.contains("归入鉴定意见书"))
            let papers = words(try await walk.officer.get(walk.address.paperList(of: thread)).body)
            #expect(papers.contains("鉴定意见书") && papers.contains("✓ 已扫描") && papers.contains("二号柜"))
            let step = try await walk.officer.get(walk.address.step("appraisal-result", in: thread)).body
            #expect(step.contains("value=\"\(document.id)\"") && step.contains("value=\"\(seq)\""))
        }
    }

    @Test("a name without a tick, a tick without a name, and some of several signers are read as they stand")
    func signatures() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await Walk(world, browser)
            let (thread, _) = try await commissioned(walk)
            let path = walk.address.outsidePapers(in: thread)
            let day = world.clock.now().day.description
            func send(_ kind: String, _ values: Fields) async throws -> Browser.Answer {
                let page = try await walk.officer.get(walk.address.outsidePaper(kind, in: thread))
                var form = try #require(PageForm(in: page.body, action: path))
                form.fill(values)
                form.fields.append(("upload", try upload(["text"], walk).description))
                return try await walk.officer.send(.post, path, body: form.body)
            }
            let receipt: Fields = [
                "recipient": "清禾县星河纸品厂", "documentTitle": "权利告知书", "registerEntry": "XA1", "receivedOn": day,
                "signatory": "钱有余", "paper-place": "二号柜",
            ]
            let unticked = try await send("return-receipt", receipt.adding("signer-recipient", "钱有余"))
            #expect(unticked.status == 422 && words(unticked.body).contains("没有勾选看过原件"))
            let unnamed = try await send("return-receipt", receipt.adding("slot-recipient", "yes"))
            #expect(unnamed.status == 422 && words(unnamed.body).contains("签名、盖章的是谁"))
            let bare = try await send("return-receipt", receipt)
            #expect(bare.status == 303, "\(Browser.problem(bare.body))")
            let some = try await send(
                "appraisal-opinion",
                [
                    "body": "示例司法鉴定所", "appraisers": "梁一\n潘二", "subject": "账册真伪", "opinion": "账册有改动。",
                    "paper-place": "二号柜", "commissionedAt": day, "issuedAt": day, "signer-expert": "潘二",
                ])
            #expect(some.status == 303, "\(Browser.problem(some.body))")
            let document = try #require(try await world.office.casebook.load(thread).work.documents.last)
            #expect(document.slots.keys.sorted() == ["expert2"])
            let shown = words(try await walk.officer.get(walk.address.document(document.id, in: thread)).body)
            #expect(shown.contains("外来文书，签章未登记齐"))
        }
    }

    @Test(
        "whoever may not take papers in gets neither form nor write; the wrong kind and another person's upload neither"
    )
    func rights() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await Walk(world, browser)
            let (thread, seq) = try await commissioned(walk)
            let path = walk.address.outsidePapers(in: thread)
            let way = walk.address.outsidePaper("appraisal-opinion", in: thread)
            let day = world.clock.now().day.description
            var form = try #require(PageForm(in: try await walk.officer.get(way).body, action: path))
            form.fill(Self.filled.adding("commissionedAt", day).adding("issuedAt", day))
            let theirs = try upload(["text"], walk, of: .agencyHead)
            form.fields.append(("upload", theirs.description))
            let stolen = try await walk.officer.send(.post, path, body: form.body)
            #expect(stolen.status == 422 && words(stolen.body).contains("请上传这份文书的扫描件或者照片。"))
            for other in [walk.head, walk.custodian, walk.unitHead] {
                #expect(try await other.get(way).status >= 403)
                var own = form
                own.fill([ForgeryGuard.field: try await other.token()])
                #expect(try await other.send(.post, path, body: own.body).status >= 403)
            }
            // Without the session's token nothing is taken.
            var forged = form
            forged.fill([ForgeryGuard.field: "x"])
            #expect(try await walk.officer.send(.post, path, body: forged.body).status == 403)
            for kind in ["rights-notice", "no-such-kind"] {
                #expect(
                    try await walk.officer.get(walk.address.outsidePaper(kind, in: thread)).status >= 400, "\(kind)")
                var wrong = form
                wrong.fill(["kind": kind])
                #expect(try await walk.officer.send(.post, path, body: wrong.body).status >= 400, "\(kind)")
            }
            #expect(try await world.office.casebook.load(thread).work.entries == seq)
        }
    }

    @Test("a scan that comes with the form, from a browser without scripts, is kept like an upload")
    func withoutScript() async throws {
        let world = try await WalkTests.world()
        world.shelves.takesUploads.withLock { $0 = true }
        try await world.serve { browser in
            let walk = try await Walk(world, browser)
            let (thread, _) = try await commissioned(walk)
            let path = walk.address.outsidePapers(in: thread)
            let page = try await walk.officer.get(walk.address.outsidePaper("appraisal-opinion", in: thread))
            var form = try #require(PageForm(in: page.body, action: path))
            let day = world.clock.now().day.description
            form.fill(Self.filled.adding("commissionedAt", day).adding("issuedAt", day))
            var body = ByteBuffer()
            for (name, value) in form.fields {
                body.writeString("--b0\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n")
            }
            body.writeString("--b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n")
            body.writeString("Content-Type: application/pdf\r\n\r\ntext\r\n--b0--\r\n")
            var headers: HTTPFields = [.contentType: "multipart/form-data; boundary=b0", .accept: "text/html"]
            headers[.cookie] = walk.officer.cookie
            let status = try await walk.officer.client.execute(uri: path, method: .post, headers: headers, body: body) {
                $0.status.code
            }
            #expect(status == 303)
            #expect(try await world.office.casebook.load(thread).work.documents.last?.isOutside == true)
        }
    }
}
