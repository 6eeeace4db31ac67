import Application
import Casework
import HTTPTypes
import Kernel
import TestKit
import Testing

@testable import Web

/// Marks of secrecy through the pages: what is marked is opened for the cleared alone, on every road (zhaoxian-2017:33).
@Suite("Marking secrets through the pages")
struct SecrecyPageTests {
    /// An inspection with a record, and what marks it.
    private struct Scene {
        let world: WebWorld
        let walk: WalkTests.Walk
        let thread: ThreadTag
        let record: CaseDocument

        init(_ world: WebWorld, _ browser: Browser) async throws {
            self.world = world
            walk = try await WalkTests.Walk(world, browser)
            thread = try await walk.inspect()
            record = try #require(try await world.office.casebook.load(thread).work.documents.first)
            world.clock.advance(minutes: 1)
        }

        var address: Address { walk.address }
        var page: String { address.document(record.id, in: thread) }

        func mark(_ name: String, _ browser: Browser, _ values: Fields) async throws {
            try await browser.carryOut(address.step(name, in: thread), values.adding("secret", WebWorld.secret))
            world.clock.advance(minutes: 1)
        }

        /// As who keeps the records marks the record: for the agency head and the handlers.
        var whole: Fields {
            ([
                "document": record.id.description, "class": "trade", "clearance": "agencyHead",
                "reason": "写有客户名单\(HostileTests.text)",
            ] as Fields)
        }
    }

    @Test(
        "a marked record opens for the cleared in a look, for nobody else and no program, until a head lifts the mark")
    func looks() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let scene = try await Scene(world, browser)
            let (walk, address, thread) = (scene.walk, scene.address, scene.thread)
            let told = "工业总产值多报256万元"
            // A look that runs when the mark is made ends with it.
            let running = try await walk.unitHead.carryOut(scene.page, action: address.look(in: thread))
            #expect(try await walk.unitHead.get("\(running)/content").status == 200)
            #expect(try await walk.unitHead.get(scene.page).body.contains(told))
            let offered = try await walk.custodian.get(address.caseFile(thread)).body
            #expect(offered.contains("/steps/secrecy\"") && !offered.contains("/steps/secrecy-lift\""))
            try await scene.mark("secrecy", walk.custodian, scene.whole)

            let cut = try await walk.unitHead.get("\(running)/content")
            #expect(cut.status == 422 || cut.status == 403 || cut.status == 409, "\(cut.status)")
            #expect(!(try await walk.unitHead.get(scene.page).body.contains(told)))
            for one in [walk.unitHead, walk.officer, walk.custodian] {
                let page = try await one.get(scene.page).body
                #expect(page.contains("标明涉及商业秘密") && page.contains("行政机关负责人") && page.contains("您不在其中"))
                #expect(!page.contains(told) && !page.contains("action=\"\(address.look(in: thread))\""))
                let course = try await one.get(address.caseFile(thread)).body
                #expect(course.contains("标明秘密事项") && course.contains("可以接触的权限：行政机关负责人"))
                #expect(HostileTests.clean(course))
            }
            // By its object alone it is not opened either, and the answer says why.
            let object = try #require(scene.record.issue?.object)
            let refused = try await walk.officer.post(
                address.look(in: thread),
                [
                    ForgeryGuard.field: try await walk.officer.token(), LookForm.objectField: object.description,
                    LookForm.documentField: scene.record.id.description,
                ])
            #expect(refused.status != 303 && refused.body.contains("标明涉及商业秘密"), "\(refused.status)")
            let program = try await world.program(browser, of: "agencyhead")
            let given = try await program.get("/cases/\(thread)/documents").items
            #expect(given.first?["values"] == nil && given.first?["withheld"]?.elements?.isEmpty == false)
            let pdf = try await program.send(
                .get, "/cases/\(thread)/documents/\(scene.record.id)/pdf?rendition=issued&purpose=review",
                headers: ["Accept": "application/pdf"])
            #expect(pdf.status == 403)
            #expect(!(try await program.get("/cases/\(thread)/timeline").body.contains(told)))

            // The head is cleared: not without a look, and with one that is recorded.
            #expect(!(try await walk.head.get(scene.page).body.contains(told)))
            let look = try await walk.head.carryOut(scene.page, action: address.look(in: thread))
            #expect(try await walk.head.get("\(look)/content").status == 200)
            #expect(try await walk.head.get(scene.page).body.contains(told))
            try await walk.head.carryOut(look, action: "\(look)/end")

            try await scene.mark(
                "secrecy-lift", walk.head, ["document": scene.record.id.description, "reason": "已经公开。"])
            let again = try await walk.officer.carryOut(scene.page, action: address.look(in: thread))
            #expect(try await walk.officer.get("\(again)/content").status == 200)
            #expect(try await walk.officer.get(scene.page).body.contains(told))
            // Rows computed anew are the stored ones.
            let entries = try await world.store.entries(of: thread, from: 1)
            let anew = try await world.office.casebook.projectedRows(of: thread, entries: entries)
            let rows = try await world.registers.obligations(of: thread)
            for row in rows { #expect(anew.contains(.obligation(row)), "\(row.matter)") }
            let secrecy = rows.filter { $0.matter == "records-secrecy" }
            #expect(secrecy.allSatisfy { $0.state == .met } && !secrecy.isEmpty)
        }
    }

    @Test("what is marked is not cleared for a party, and is given to a colleague only whom the mark names")
    func requests() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let scene = try await RequestTests.Scene(world, browser)
            let (walk, item) = (scene.walk, scene.ids[0])
            let marked: Fields = [
                "document": item, "class": "privacy", "clearance": "agencyHead", "reason": "住址。",
                "secret": WebWorld.secret,
            ]
            try await walk.custodian.carryOut(scene.address.step("secrecy", in: scene.source), marked)
            world.clock.advance(minutes: 1)
            let party = try await scene.made([item])
            let cleared = try await walk.reviewer.submit(
                scene.step("check", party), (["findings": "没有。"] as Fields).adding("item.\(item)", "cleared"))
            #expect(cleared.status == 422 && cleared.body.contains("不能原样提供给当事人"))
            #expect(try await scene.file(party).check == nil)

            let asking: Fields = [
                "capacity": "colleague", "kind": "view", "channel": "inPerson", "items": "笔录", "purpose": "业务学习。",
                "reason": "业务学习", "matter": "现场检查的经过", "documents": item,
                "forWhen": FieldReading.local(world.clock.now().advanced(byMilliseconds: 3_600_000)),
            ]
            let location = try await walk.unitHead.carryOut(
                scene.address.newRequest(about: scene.source), asking)
            let request = try #require(ThreadTag(String(location.split(separator: "/").last?.prefix(32) ?? "")))
            try await walk.reviewer.carryOut(
                scene.step("check", request), (["findings": "按权限查看。"] as Fields).adding("item.\(item)", "cleared"))
            try await walk.head.carryOut(
                scene.step("decide", request),
                ["decision": "approve", "opinion": "同意。", "secret": WebWorld.secret])
            let refused = try await walk.custodian.submit(scene.step("release", request))
            #expect(
                refused.status == 422 && refused.body.contains("申请人不在其中"), "\(Browser.problem(refused.body))")
            // The mark is widened by who is cleared; then it is given to whoever asked.
            try await walk.head.carryOut(
                scene.address.step("secrecy", in: scene.source),
                marked.adding("clearance", world.people[.unitHead]?.thread.description ?? ""))
            try await walk.custodian.carryOut(scene.step("release", request))
            #expect(try await scene.post(walk.custodian, 1, of: request).status != 303, "the keeper is not cleared")
            #expect(try await scene.fetch(walk.unitHead, 1, of: request).status == 200)
        }
    }
}
