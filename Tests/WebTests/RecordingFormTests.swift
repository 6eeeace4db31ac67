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
        form.fill(["class": "party"])
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
            let text = try await send([("说明.txt", "text/plain", "17 bytes of text.")], by: officer, in: thread)
            #expect(text.status == 303, "\(Browser.problem(text.body))")
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
            for said in OpeningClass.allCases where said != .officer {
                let name = "\(said.rawValue).mp4"
                let sent = try await send(
                    [(name, "video/mp4", Self.film + said.rawValue)], ["class": said.rawValue], by: officer, in: thread)
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
