import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import TestKit
import Testing

@testable import Web

@Suite("What the pages of documents and cases say of themselves")
struct DocumentContentTests {
    @Test("an issued document's contents are printed only while its reader has a recorded look at it")
    func looks() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await walk.inspect()
            let record = try #require(
                try await world.office.casebook.load(thread).work.document(ofKind: "site-inspection-record"))
            let page = walk.address.document(record.id, in: thread)
            for reader in [walk.officer, walk.second, walk.head] {
                let closed = try await reader.get(page)
                #expect(closed.status == 200 && closed.body.contains("文书已经制发，内容请用上面的"))
                #expect(!closed.body.contains("工业总产值多报256万元"), "contents without a look")
            }
            let look = try await walk.officer.carryOut(page, action: walk.address.look(in: thread))
            #expect(try await walk.officer.get(page).body.contains("工业总产值多报256万元"))
            #expect(try await !walk.head.get(page).body.contains("工业总产值多报256万元"), "somebody else's look")
            try await walk.officer.carryOut(look, action: "\(look)/end")
            #expect(try await !walk.officer.get(page).body.contains("工业总产值多报256万元"), "the look has ended")
            _ = try await walk.officer.carryOut(page, action: walk.address.look(in: thread))
            world.clock.advance(minutes: 31)
            #expect(try await !walk.officer.get(page).body.contains("工业总产值多报256万元"), "its time is over")
        }
    }

    @Test("that a step was carried out is said to whoever has just carried it out, never because an address says so")
    func done() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await FaultPageTests().inspection(officer, world)
            let page = officer.address.caseFile(thread)
            #expect(try await officer.get("\(page)?done=inspection").body.contains("行政检查已开始"))
            for claim in ["approval", "activity", "recording"] {
                #expect(try await !officer.get("\(page)?done=\(claim)").body.contains("已写入本单位的记录链"), "\(claim)")
            }
            world.clock.advance(minutes: 1)
            let location = try await officer.carryOut(
                officer.address.step("activity", in: thread), ["place": "仓库", "persons": "钱有余"])
            #expect(location.contains("done=activity"))
            #expect(try await officer.get(location).body.contains("已办理："))
            #expect(try await !browser.signedIn("lin").get(location).body.contains("已办理："), "another officer")
            world.clock.advance(minutes: 11)
            #expect(try await !officer.get(location).body.contains("已办理："), "long ago")
        }
    }

    @Test("whoever holds an office may sign on paper too: in their own session, with the secret and the scan")
    func office() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let inspection = try await walk.inspect()
            let opened = try await walk.officer.carryOut(
                walk.address.penalty(of: inspection), ["title": "提供不真实统计资料案", "caseNumber": "清禾统罚〔2026〕示例1号"])
            let thread = try #require(ThreadTag(String(opened.split(separator: "/").last?.prefix(32) ?? "")))
            let form = try await walk.write(
                walk.officer, "procedure-initiation-approval", in: thread,
                ["startReason": "检查发现涉嫌提供不真实的统计资料。", "handlerOpinion": "建议启动一般程序。"])
            try await walk.sign(walk.officer, "handler", of: form, in: thread, [:])
            let path = walk.address.slot("handlingUnit", of: form, in: thread)
            let page = try await walk.unitHead.get("\(path)?manner=paper")
            #expect(page.status == 200 && page.body.contains("签名页的扫描件") && page.body.contains("name=\"secret\""))
            #expect(!page.body.contains("签名的执法人员") && !page.body.contains("签名人姓名"))
            // Nobody else enters it, and not without the secret.
            #expect(try await walk.officer.submit("\(path)?manner=paper", action: path, [:]).status != 303)
            var sheet = try #require(PageForm(in: page.body, action: path))
            sheet.fill(["decision": "agree", "opinion": "同意启动。", "place": "检查科档案柜二层", "secret": "wrong"])
            for (secret, status) in [("wrong", 422), (WebWorld.secret, 303)] {
                sheet.fill(["secret": secret])
                var body: [UInt8] = []
                for (name, value) in sheet.fields {
                    body += Array("--b0\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
                }
                body += Array(
                    "--b0\r\nContent-Disposition: form-data; name=\"scan\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n"
                        .utf8)
                body += Sheets.pdf + Array("\r\n--b0--\r\n".utf8)
                let answer = try await walk.unitHead.send(
                    .post, path, bytes: body, headers: ["Content-Type": "multipart/form-data; boundary=b0"])
                #expect(answer.status == status, "\(Browser.problem(answer.body))")
            }
            let signed = try await world.office.casebook.load(thread).work.document(form)?.slots["handlingUnit"]
            #expect(signed?.by == world.people[.unitHead]?.thread && signed?.scan != nil)
        }
    }
}
