import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

@Suite("The form of recordings")
struct RecordingFormTests {
    /// Sends files with the form, as a browser without scripts does.
    private func send(
        _ files: [(name: String, type: String, bytes: String)], _ values: Fields = [:], by browser: Browser,
        in thread: ThreadTag
    ) async throws -> Browser.Answer {
        let path = browser.address.newRecording(in: thread)
        var form = try #require(PageForm(in: try await browser.get(path).body, action: path))
        form.fill(["class": "party", "activity": "kind-other"])
        form.fill(values)
        var body = ""
        for (name, value) in form.fields {
            body += "--b0\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        for file in files {
            body += "--b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(file.name)\"\r\n"
            body += "Content-Type: \(file.type)\r\n\r\n\(file.bytes)\r\n"
        }
        return try await browser.send(
            .post, path, body: body + "--b0--\r\n",
            headers: ["Content-Type": "multipart/form-data; boundary=b0"])
    }

    private static let film = "\0\0\0\u{18}ftypmp42"

    private func withCase(
        _ test: @escaping @Sendable (WebWorld, Browser, ThreadTag) async throws -> Void
    ) async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            try await test(world, officer, try await FaultPageTests().inspection(officer, world))
        }
    }

    @Test("a file that is no film whatever it is called is refused by name before anything is recorded")
    func none() async throws {
        try await withCase { world, officer, thread in
            let before = try await world.office.casebook.load(thread).work.entries
            let answer = try await send(
                [("现场.mp4", "video/mp4", "17 bytes of text."), ("乙.mp4", "video/mp4", Self.film)], by: officer,
                in: thread)
            #expect(answer.status == 422 && answer.body.contains("“现场.mp4”的内容不是录像"))
            #expect(!answer.body.contains("“乙.mp4”"))
            #expect(try await world.office.casebook.load(thread).work.entries == before)
            // As what it is, it is taken in.
            let text = try await send(
                [("说明.txt", "text/plain", "17 bytes of text.")], ["device": "other"], by: officer, in: thread)
            #expect(text.status == 303, "\(Browser.problem(text.body))")
        }
    }

    @Test("while the clock has stopped recording no upload begins by any road, and the stop is told")
    func stoppedClock() async throws {
        try await withCase { world, officer, thread in
            let token = try await officer.token()
            let guarded = ["X-Liuhen-Form-Token": token, "Tus-Resumable": "1.0.0"]
            func begin() async throws -> [Browser.Answer] {
                let scan =
                    "--b0\r\nContent-Disposition: form-data; name=\"\(ForgeryGuard.field)\"\r\n\r\n\(token)\r\n"
                    + "--b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n"
                    + "Content-Type: application/pdf\r\n\r\n%PDF-1.7\r\n--b0--\r\n"
                return [
                    try await officer.send(
                        .post, officer.address.uploads, body: "",
                        headers: guarded.merging(["Upload-Length": "5"]) { $1 }),
                    try await officer.send(
                        .put, "/b/qinghe/files/a.mp4", body: "hello",
                        headers: guarded.merging(["Content-Length": "5"]) { $1 }),
                    try await officer.send(
                        .post, officer.address.scans, body: scan,
                        headers: ["Content-Type": "multipart/form-data; boundary=b0"]),
                ]
            }
            let told = "服务器时钟超前了40小时"
            // The vault of this world takes no uploads, and says so: so far they come.
            for answer in try await begin() { #expect(answer.status != 503 && !answer.body.contains(told)) }
            let now = world.clock.now()
            world.store.stopClock(
                ClockStop(verdict: .ahead(40 * 3_600_000), lastEntry: now, stoppedAt: now, now: now))
            let refused = try await begin()
            #expect(refused.map(\.status) == [503, 503, 422])
            for answer in refused { #expect(answer.body.contains(told), "\(answer.status)") }
        }
    }

    @Test("what nobody can show, and a paper as if from a recorder, are refused before they are recorded")
    func unshown() async throws {
        try await withCase { world, officer, thread in
            let page = [("a.html", "text/html", "<script>1</script>")]
            let refused = try await send(page, ["device": "recorder"], by: officer, in: thread)
            #expect(refused.status == 422 && refused.body.contains("“a.html”没有办法打开给人看"))
            let paper = [("缴款书.pdf", "application/pdf", "%PDF-1.7 x")]
            let scanned = try await send(paper, ["device": "recorder"], by: officer, in: thread)
            #expect(scanned.status == 422 && scanned.body.contains("“缴款书.pdf”是文档，不是执法记录仪记录的"))
            #expect(try await world.office.casebook.load(thread).work.recordings.isEmpty)
            let taken = try await send(paper, ["device": "scanner"], by: officer, in: thread)
            #expect(taken.status == 303, "\(Browser.problem(taken.body))")
        }
    }

    @Test(
        "a film or a picture is registered with what it is of, so that no case keeps asking what nobody can say later")
    func ofWhat() async throws {
        try await withCase { world, officer, thread in
            let picture = [("缴款书.jpg", "image/jpeg", "\u{1}")]
            let film = [("甲.mp4", "video/mp4", Self.film)]
            let silent = try await send(film, ["activity": ""], by: officer, in: thread)
            #expect(silent.status == 422 && silent.body.contains("记录的是哪一次执法活动，或者是什么"), "\(silent.status)")
            for word in ["kind-hearing", "kind-"] {
                let odd = try await send(film, ["activity": word], by: officer, in: thread)
                #expect(odd.status == 422, "\(word)")
            }
            #expect(try await send(picture, ["activity": "kind-other"], by: officer, in: thread).status == 422)
            // A call is of no session: nothing but its own end says when it has to be stored.
            let call = try await send(film, ["activity": "kind-telephoneReport"], by: officer, in: thread)
            #expect(call.status == 422 && call.body.contains("入库的期限从它起算"), "\(call.status)")
            #expect(try await world.office.casebook.load(thread).work.recordings.isEmpty)
            let end = world.clock.now().advanced(byMilliseconds: -3_600_000).description
            let timed = try await send(
                film, ["activity": "kind-telephoneReport", "completedAt": end], by: officer, in: thread)
            #expect(timed.status == 303, "\(Browser.problem(timed.body))")
            let sent = try await send(film, ["activity": "kind-other"], by: officer, in: thread)
            #expect(sent.status == 303, "\(Browser.problem(sent.body))")
            let view = try await world.office.casebook.load(thread)
            let law = try await world.office.casebook.chambers.law()
            let asked = law.evaluate(view.history).obligations.filter { $0.key.matter == "av-form" }
            #expect(!asked.isEmpty && asked.allSatisfy { $0.state == .met }, "\(asked.map(\.state))")
        }
    }

    @Test("of a voucher that a player cannot read nobody is told to upload a recorder's file again, of a film he is")
    func inspected() async throws {
        try await withCase { world, officer, thread in
            func told(_ name: String, _ type: String, _ bytes: String) async throws -> String {
                let sent = try await send([(name, type, bytes)], ["device": "other"], by: officer, in: thread)
                #expect(sent.status == 303, "\(Browser.problem(sent.body))")
                let recording = try #require(
                    try await world.office.casebook.load(thread).work.recordings.last?.recording)
                _ = try await world.office.casebook.record(
                    [
                        Fact(
                            .recordingInspected, in: recording,
                            plain: ["doubt": "containerUnknown", "result": "cannotTell", "tool": "t"],
                            fields: [.init("facts", ["reason": "containerUnknown"], .internal)])
                    ], by: .system, command: .random())
                return try await officer.get(officer.address.caseFile(thread)).body
            }
            let voucher = try await told("缴款书.pdf", "application/pdf", "%PDF-1.7 x")
            #expect(voucher.contains("这个文件是扫描件、文档，不是录音录像"))
            #expect(!voucher.contains("无法读取音像文件信息") && !voucher.contains("重新上传设备里的原始文件"))
            let film = try await told("甲.mp4", "video/mp4", Self.film)
            #expect(film.contains("无法读取音像文件信息") && film.contains("重新上传设备里的原始文件"))
        }
    }

    @Test(
        "a name with a hidden character holds no other file up: it is told by its place, shown by number, and renamed")
    func misnamed() async throws {
        try await withCase { world, officer, thread in
            // One that was sent before the form, as a browser with scripts sends it.
            let name = Base64.encode(Array("现场\u{202E}4pm.exe".utf8))
            let metadata = try #require(
                UploadMetadata("filename \(name),filetype \(Base64.encode(Array("video/mp4".utf8)))"))
            let film = Array(Self.film.utf8)
            let upload = world.shelves.arrived(
                film,
                UploadDeclaration(
                    byteCount: Int64(film.count), owner: try #require(world.people[.officer]).thread,
                    metadata: metadata, created: world.clock.now(), expires: world.clock.now()))
            let files = [("甲.mp4", "video/mp4", Self.film + "1"), ("乙\u{200B}.mp4", "video/mp4", Self.film + "2")]
            let page = try await send(files, ["upload": upload.description], by: officer, in: thread)
            #expect(page.status == 422 && page.body.contains("已登记1个文件"))
            #expect(page.body.contains("第1个文件“现场〔U+202E〕4pm.exe”没有登记") && page.body.contains("不用重新上传"))
            #expect(page.body.contains("第3个文件“乙〔U+200B〕.mp4”没有登记") && page.body.contains("重新选择这个文件"))
            #expect(!page.body.unicodeScalars.contains { $0.isHidden })
            #expect(try await world.office.casebook.load(thread).work.recordings.count == 1)
            // The page that came back registers what is left, under the name that is given to it.
            var form = try #require(PageForm(in: page.body, action: officer.address.newRecording(in: thread)))
            let again = try await officer.send(.post, form.action, body: form.body)
            #expect(again.status == 422 && again.body.contains("第1个文件“现场〔U+202E〕4pm.exe”没有登记"))
            #expect(!again.body.contains("已登记"))
            form.fill([RecordingPage.nameField(upload.description): "现场录像.mp4"])
            let sent = try await officer.send(.post, form.action, body: form.body)
            #expect(sent.status == 303, "\(Browser.problem(sent.body))")
            let view = try await world.office.casebook.load(thread)
            let names = view.work.recordings.compactMap { link in
                view.recordings[link.recording]?.compactMap { Record($0.entry)?.text("fileName") }.first
            }
            #expect(names == ["甲.mp4", "现场录像.mp4"])
        }
    }

    /// Sends the form with uploads that were made before, as a browser with scripts does.
    private func register(
        _ uploads: [UploadID], by browser: Browser, in thread: ThreadTag
    ) async throws -> Browser.Answer {
        let path = browser.address.newRecording(in: thread)
        var form = try #require(PageForm(in: try await browser.get(path).body, action: path))
        form.fill(["class": "party", "activity": "kind-other"])
        for upload in uploads { form.fields.append(("upload", upload.description)) }
        return try await browser.send(.post, path, body: form.body)
    }

    private func declaration(_ name: String, _ count: Int, _ world: WebWorld) throws -> UploadDeclaration {
        func coded(_ text: String) -> String { Base64.encode(Array(text.utf8)) }
        return UploadDeclaration(
            byteCount: Int64(count), owner: try #require(world.people[.officer]).thread,
            metadata: try #require(UploadMetadata("filename \(coded(name)),filetype \(coded("video/mp4"))")),
            created: world.clock.now(), expires: world.clock.now())
    }

    @Test("an upload that is sent twice in one form is one file: told once where it is none, registered once")
    func twice() async throws {
        try await withCase { world, officer, thread in
            let text = Array("17 bytes of text.".utf8)
            let none = world.shelves.arrived(text, try declaration("现场.mp4", text.count, world))
            let refused = try await register([none, none], by: officer, in: thread)
            #expect(refused.status == 422)
            let sentence = "“现场.mp4”的内容不是录像"
            #expect(refused.body.components(separatedBy: sentence).count == 2, "\(Browser.problem(refused.body))")
            let film = Array(Self.film.utf8)
            let one = world.shelves.arrived(film, try declaration("甲.mp4", film.count, world))
            #expect(try await register([one, one], by: officer, in: thread).status == 303)
            #expect(try await world.office.casebook.load(thread).work.recordings.count == 1)
        }
    }

    @Test("an upload that is not whole yet is not registered, and it is said that it has to be whole first")
    func unfinished() async throws {
        try await withCase { world, officer, thread in
            let begun = world.shelves.begun(Array(Self.film.utf8), try declaration("甲.mp4", 100, world))
            let refused = try await register([begun], by: officer, in: thread)
            #expect(refused.status != 303 && refused.body.contains("文件还没有传完。请等上传到百分之百再登记"), "\(refused.status)")
            #expect(!refused.body.contains("请稍后再试"))
            #expect(try await world.office.casebook.load(thread).work.recordings.isEmpty)
        }
    }

    @Test("for whom a recording is has to be said where no visit says it, and is one of four")
    func classes() async throws {
        try await withCase { world, officer, thread in
            let film = [("甲.mp4", "video/mp4", Self.film)]
            for word in ["", "officer", "everybody"] {
                let refused = try await send(film, ["class": word], by: officer, in: thread)
                #expect(refused.status == 422 && refused.body.contains("给谁看"), "\(word)")
            }
            #expect(try await world.office.casebook.load(thread).work.recordings.isEmpty)
            let silent = try await send(film, ["class": "secret"], by: officer, in: thread)
            #expect(silent.status == 422 && silent.body.contains("请在说明里写明保密的理由"), "kept from the court unsaid why")
            let reporter = try await send(film, ["class": "reporter", "note": "示例"], by: officer, in: thread)
            #expect(reporter.status == 422, "there is no reporter in a planned inspection")
            for said in OpeningClass.allCases where said != .officer && said != .reporter {
                let name = "\(said.rawValue).mp4"
                var fields: Fields = ["class": said.rawValue, "note": "示例依据（虚构）"]
                if said == .secret { fields = ["class": "secret", "note": "示例依据（虚构）", "secrecy": "trade"] }
                let sent = try await send(
                    [(name, "video/mp4", Self.film + said.rawValue)], fields, by: officer, in: thread)
                #expect(sent.status == 303, "\(Browser.problem(sent.body))")
                let view = try await world.office.casebook.load(thread)
                let entry = view.work.recordings.last.flatMap { view.recordings[$0.recording]?.first?.entry }
                #expect(entry?.openings.first { $0.name == "digest" }?.openingClass == said)
                #expect(entry?.misclassified == [])
            }
        }
    }

    @Test("one time of ending is never given to several files")
    func times() async throws {
        try await withCase { world, officer, thread in
            let at = "2026-11-20T09:05"
            let two = [("甲.mp4", "video/mp4", Self.film), ("乙.mp4", "video/mp4", Self.film)]
            let refused = try await send(two, ["completedAt": at, "note": "检查全程"], by: officer, in: thread)
            #expect(refused.status == 422 && refused.body.contains("一次登记了2个文件"))
            #expect(try await world.office.casebook.load(thread).work.recordings.isEmpty)
            #expect(try await send(two, ["note": "检查全程"], by: officer, in: thread).status == 303)
            #expect(try await world.office.casebook.load(thread).work.recordings.count == 2)
        }
    }
}
