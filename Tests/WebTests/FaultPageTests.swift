import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

/// What fails outside is said on the page in plain Chinese, and what was typed is still there.
@Suite("Faults on the page")
struct FaultPageTests {
    func inspection(_ browser: Browser, _ world: WebWorld) async throws -> ThreadTag {
        let opened = try await browser.carryOut(
            browser.address.newInspection,
            ([
                "title": "统计资料检查", "source": "plan", "subjectName": "清禾县星河纸品厂", "subjectKind": "organisation",
                "handlers": world.people[.officer]?.thread.description ?? "",
            ] as Fields).adding("handlers", ThreadTag(high: 2, low: 99).description))
        return try #require(ThreadTag(String(opened.split(separator: "/").last?.prefix(32) ?? "")))
    }

    @Test(
        "a character that no font has, a press that hangs, dies or is missing, a full vault: the draft stays",
        arguments: ["missingGlyph", "timeout", "died", "unavailable", "full"])
    func press(fault: String) async throws {
        let world = try await WalkTests.world()
        let message = "姓名中的“𱍊”没有字体可以印。"
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await inspection(officer, world)
            try await officer.carryOut(officer.address.step("activity", in: thread), ["place": "办公楼二层"])
            let activity = try #require(try await world.office.casebook.load(thread).work.activities.first?.id)
            world.clock.advance(minutes: 60)
            try await officer.carryOut(
                officer.address.step("activity-end", in: thread, about: ("activity", activity.description)))
            let page = try await officer.get(
                officer.address.newDocument("site-inspection-record", in: thread, activity: activity))
            let path = try #require(
                page.body.range(of: "data-draft=\"").flatMap { start in
                    page.body[start.upperBound...].firstIndex(of: "\"").map { String(page.body[start.upperBound..<$0]) }
                })
            var form = try #require(PageForm(in: page.body, action: path))
            form.fill([
                "certShown": "已出示", "findings": "账目不符。", "presentPerson": "钱𱍊余", "presentPersonRole": "负责人",
            ])
            _ = try await officer.send(.post, path, body: form.body)
            let check = try await officer.get("\(path)/check")
            #expect(check.status == 200 && check.body.contains("请逐页核对") && check.body.contains("sheet-link"))
            let fixing = try #require(PageForm(in: check.body, action: "\(path)/check"))
            let seq = try await world.office.casebook.load(thread).work.entries
            switch fault {
            case "full": world.vault.fail(with: VaultError(.full, "told to fail"))
            default:
                let code = try #require(PressError.Code(rawValue: fault))
                world.printer.fail(with: PressError(code: code, message: message, detail: "told to fail"))
            }
            let answer = try await officer.send(.post, "\(path)/check", body: fixing.body)
            #expect(answer.status == 422)
            #expect(answer.body.contains(fault == "full" ? "磁盘空间不足" : message), "\(Browser.problem(answer.body))")
            #expect(!answer.body.contains("told to fail"))
            #expect(try await world.office.casebook.load(thread).work.entries == seq)
            if fault != "full" {
                let preview = try await officer.get("\(path)/check")
                #expect(preview.body.contains("不能预览打印样式") && preview.body.contains(message))
                // Nothing can be checked page by page, so nothing is fixed from here.
                #expect(!preview.body.contains("请逐页核对") && PageForm(in: preview.body, action: "\(path)/check") == nil)
                #expect(preview.body.contains("重新预览"))
            }
            world.printer.fail(with: nil)
            world.vault.fail(with: nil)
            #expect(try await officer.get(path).body.contains("账目不符。</textarea>"))
            // Mended, the very same form is carried out.
            #expect(try await officer.send(.post, "\(path)/check", body: fixing.body).status == 303)
        }
    }

    @Test("a full disk is said on the form of the step, with what was typed", arguments: [true, false])
    func full(isFull: Bool) async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await inspection(officer, world)
            world.store.fail(with: isFull ? .full : .failed("told to fail"))
            let answer = try await officer.submit(officer.address.step("activity", in: thread), ["place": "仓库"])
            #expect(answer.status == 422 && answer.body.contains("value=\"仓库\""))
            #expect(answer.body.contains(isFull ? "磁盘空间不足" : "系统出现故障") && !answer.body.contains("told to fail"))
            let opening = try await officer.submit(
                officer.address.newInspection,
                ([
                    "title": "另一次检查", "source": "plan", "subjectName": "乙厂（演示）", "subjectKind": "organisation",
                    "handlers": world.people[.officer]?.thread.description ?? "",
                ] as Fields).adding("handlers", ThreadTag(high: 2, low: 99).description))
            #expect(opening.status == 422 && opening.body.contains("value=\"另一次检查\""))
            world.store.fail(with: nil)
            world.vault.fail(with: VaultError(.full, "told to fail"))
            let path = officer.address.newRecording(in: thread)
            let form = try #require(PageForm(in: try await officer.get(path).body, action: path))
            var body = ""
            for (name, value) in form.fields + [("note", "检查全程")] {
                body += "--b0\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
            }
            body += "--b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp4\"\r\n"
            body += "Content-Type: video/mp4\r\n\r\nfilm\r\n--b0--\r\n"
            let upload = try await officer.send(
                .post, path, body: body, headers: ["Content-Type": "multipart/form-data; boundary=b0"])
            #expect(upload.status == 422 && upload.body.contains("磁盘空间不足"), "\(Browser.problem(upload.body))")
        }
    }

    @Test("steps of the future say which time, with the rest of the form as it was")
    func future() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await inspection(officer, world)
            let path = officer.address.step("activity", in: thread)
            let future = world.clock.now().advanced(byMilliseconds: 3_600_000)
            let answer = try await officer.submit(path, ["place": "仓库", "startAt": FieldReading.local(future)])
            #expect(answer.status == 422 && answer.body.contains("时间不能晚于现在"))
            #expect(answer.body.contains("href=\"#f-startAt\"") && answer.body.contains("value=\"仓库\""))
        }
    }
}
