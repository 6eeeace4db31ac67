import Casework
import Foundation
import HTTPTypes
import Kernel
import TestKit
import Testing

@testable import Application
@testable import Web

/// Forms that say what they ask for in the words and units of whoever fills them in.
@Suite("Forms in the words of those who fill them in")
struct ClearFormTests {
    @Test("fines are asked for, refused, told and shown in yuan, and kept in fen")
    func yuan() async throws {
        let world = try await SecondsPageTests.world()
        let chambers = world.office.casebook.chambers
        world.clock.advance(minutes: 1)
        try await world.serve { browser in
            let address = browser.address
            let admin = try await browser.signedIn("administrator")
            let name = "setting.hearing-fine-organisation"
            let page = try await admin.get(address.settings).body
            #expect(page.contains("可填0.01元到50000元，默认50000元") && page.contains("value=\"50000.00\""))
            #expect(!page.contains("（分）") && !page.contains("5000000"))
            let reason: Fields = ["secret": WebWorld.secret, "reason": "局务会〔2026〕4号"]
            for (typed, words) in [("五万", "请填写金额，以元为单位"), ("50000.01", "请填写0.01元到50000元的金额"), ("1.234", "请填写金额")] {
                let refused = try await admin.submit(address.settings, reason.adding(name, typed))
                #expect(refused.status == 422 && refused.body.contains(words), "\(typed)")
                #expect(refused.body.contains("value=\"\(typed)\""), "what was typed is gone")
            }
            let led = try await admin.carryOut(address.settings, reason.adding(name, "30,000.50"))
            let waiting = try await admin.get(led).body
            #expect(waiting.contains("50000元 → 30000.50元"))
            let proposal = try #require(try await chambers.upkeep().settingProposals.first)
            guard case .settings(let settings) = proposal.content, let setting = settings.first else {
                Issue.record("\(proposal.content)")
                return
            }
            #expect(
                settings.count == 1 && setting.name == "hearing-fine-organisation"
                    && setting.value == .number(3_000_050))
        }
    }

    @Test("a service is closed with the way to the receipt until that is signed, and a mailing leads to the upload")
    func services() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await FaultPageTests().inspection(officer, world)
            let page = try await officer.get(officer.address.step(RecordService.name, in: thread)).body
            #expect(page.contains("还没有可以登记的送达回证") && !page.contains("name=\"signatory\""))
            let mailing = try await officer.get(officer.address.step("service-post", in: thread)).body
            let upload = officer.address.newRecording(in: thread)
            #expect(mailing.contains("本案还没有可以选择的资料，请先<a href=\"\(upload)\">上传音像资料</a>"))
            let caseFile = try await officer.get(officer.address.caseFile(thread)).body
            #expect(caseFile.contains(">上传音像资料</a>"))
        }
    }

    @Test("two equal files of a case are two, and the page says of the later that it is the same as the earlier")
    func twins() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await FaultPageTests().inspection(officer, world)
            let (first, second, other) = (
                Array("the same bytes".utf8), Array("the same bytes".utf8), Array("others".utf8)
            )
            for (number, bytes) in [first, other, second].enumerated() {
                world.clock.advance(minutes: 1)
                _ = try await world.office.casebook.perform(
                    ImportRecording(
                        recording: .random(), object: try await world.shelves.store(bytes), form: "photo",
                        device: "camera", fileName: "照片\(number + 1).jpg", mediaType: "image/jpeg", completedAt: nil,
                        activity: nil, note: nil),
                    on: thread, expecting: try await world.office.casebook.load(thread).work.entries,
                    command: .random(), by: Performer(person: try #require(world.people[.officer]), confirmation: nil))
            }
            let page = try await officer.get(officer.address.caseFile(thread)).body
            #expect(page.components(separatedBy: "完全相同（摘要一致）").count == 2)
            #expect(page.contains("入库的“照片1.jpg”完全相同") && !page.contains("入库的“照片2.jpg”完全相同"))
            #expect(Set(try await world.office.casebook.load(thread).work.recordings.map(\.recording)).count == 3)
        }
    }

    @Test("what keeps recordings from being inspected is told where they are uploaded and to the administrator")
    func obstacle() async throws {
        let world = try await SecondsPageTests.world()
        try await world.serve { browser in
            let admin = try await browser.signedIn("administrator")
            #expect(!(try await admin.get(browser.address.setup).body.contains("音像文件暂时不能检查")))
            for (reason, words) in [(MediaDoubt.Reason.toolMissing, "ffprobe"), (.noRoom, "磁盘空间不足")] {
                world.office.inspectionObstacle.now = reason
                let page = try await admin.get(browser.address.setup).body
                #expect(page.contains("音像文件暂时不能检查") && page.contains(words))
            }
            world.office.inspectionObstacle.now = nil
            #expect(!(try await admin.get(browser.address.setup).body.contains("音像文件暂时不能检查")))
        }
    }
}
