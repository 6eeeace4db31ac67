import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

@Suite("Steps sent twice, late, or by the wrong person")
struct StepTests {
    @Test("the same form sent twice is carried out once and answered alike")
    func twice() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await officer.inspection(in: world)
            let path = officer.address.step("activity", in: thread)
            let page = try await officer.get(path)
            var form = try #require(PageForm(in: page.body, action: path))
            form.fill(["place": "办公楼二层"])
            let first = try await officer.send(.post, path, body: form.body)
            let second = try await officer.send(.post, path, body: form.body)
            #expect(first.status == 303 && second.status == 303)
            #expect(first.location == second.location)
            #expect(try await world.office.casebook.load(thread).work.activities.count == 1)
            // Gone back to, and filled in otherwise: what is new was not recorded, and nobody is told that it was.
            form.fill(["place": "北门仓库"])
            let other = try await officer.send(.post, path, body: form.body)
            #expect(other.status == 422 && other.body.contains("本案在您填写期间有了变化"))
            #expect(other.body.contains("value=\"北门仓库\""))
            #expect(try await world.office.casebook.load(thread).work.activities.count == 1)
            // The same once more has its answer still.
            form.fill(["place": "办公楼二层"])
            #expect(try await officer.send(.post, path, body: form.body).location == first.location)
        }
    }

    @Test("a page that begins a case begins one, with whatever words it is sent again")
    func openedOnce() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let path = officer.address.newInspection
            var form = try #require(PageForm(in: try await officer.get(path).body, action: path))
            form.fill(
                ([
                    "title": "统计资料检查", "source": "plan", "subjectName": "清禾县星河纸品厂", "subjectKind": "organisation",
                    "handlers": world.people[.officer]?.thread.description ?? "",
                ] as Fields).adding("handlers", ThreadTag(high: 2, low: 99).description))
            let first = try await officer.send(.post, path, body: form.body)
            #expect(first.status == 303)
            form.fill(["title": "另一次检查"])
            let other = try await officer.send(.post, path, body: form.body)
            #expect(other.status == 422 && other.body.contains("已经用于别的记录"))
            let list = try await officer.get(officer.address.cases).body
            #expect(list.contains("统计资料检查") && !list.contains("另一次检查"))
        }
    }

    @Test(
        "a form drawn before another's step changes nothing, shows what happened, keeps the input, and can be sent again"
    )
    func stale() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let second = try await browser.signedIn("lin")
            let thread = try await officer.inspection(in: world)
            let path = officer.address.step("activity", in: thread)
            var form = try #require(PageForm(in: try await officer.get(path).body, action: path))
            try await second.carryOut(path, ["place": "仓库"])
            form.fill(["place": "办公楼二层"])
            let refused = try await officer.send(.post, path, body: form.body)
            #expect(refused.status == 422)
            #expect(refused.body.contains("本案在您填写期间有了变化"))
            #expect(refused.body.contains("林小满：现场检查开始"))
            #expect(refused.body.contains("value=\"办公楼二层\""))
            #expect(try await world.office.casebook.load(thread).work.activities.count == 1)
            let again = try #require(PageForm(in: refused.body, action: path))
            #expect(try await officer.send(.post, path, body: again.body).status == 303)
            #expect(try await world.office.casebook.load(thread).work.activities.count == 2)
        }
    }

    @Test("two people who send the same step at once are answered one yes and one what happened since")
    func atOnce() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let second = try await browser.signedIn("lin")
            let thread = try await officer.inspection(in: world)
            let path = officer.address.step("finding", in: thread)
            var bodies: [(Browser, String)] = []
            for one in [officer, second] {
                var form = try #require(PageForm(in: try await one.get(path).body, action: path))
                form.fill(["outcome": "suspected", "summary": "涉嫌违法。"])
                bodies.append((one, form.body))
            }
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for (one, body) in bodies { group.addTask { try await one.send(.post, path, body: body).status } }
                return try await group.reduce(into: []) { $0.append($1) }.sorted()
            }
            #expect(statuses == [303, 422])
        }
    }

    @Test("a step in the future, without its fields, or with a wrong secret says which field and changes nothing")
    func fields() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await officer.inspection(in: world)
            let path = officer.address.step("activity", in: thread)
            let seq = try await world.office.casebook.load(thread).work.entries
            let future = world.clock.now().advanced(byMilliseconds: 86_400_000)
            let late = try await officer.submit(path, ["place": "仓库", "startAt": FieldReading.local(future)])
            #expect(late.status == 422 && late.body.contains("href=\"#f-startAt\""))
            let empty = try await officer.submit(path, ["place": " ", "startAt": "昨天"])
            #expect(empty.status == 422 && empty.body.contains("href=\"#f-startAt\""))
            let head = try await browser.signedIn("agencyhead")
            let wrong = try await head.submit(
                head.address.step("ending", in: thread), ["ground": "terminated", "reason": "终止。"])
            #expect(wrong.status == 422)
            #expect(try await world.office.casebook.load(thread).work.entries == seq)
        }
    }

    @Test("a case of others does not exist for an officer, and no case exists for the administrator")
    func others() async throws {
        let world = try await WalkTests.world()
        try await world.register(
            ThreadTag(high: 2, low: 97), name: "外人", roles: [.officer], account: "other", certificate: "统执2026097")
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await officer.inspection(in: world)
            let other = try await browser.signedIn("other")
            let paths = [
                other.address.caseFile(thread), other.address.step("activity", in: thread),
                other.address.newDocument("site-inspection-record", in: thread), other.address.newRecording(in: thread),
            ]
            for path in paths { #expect(try await other.get(path).status == 404, "\(path)") }
            #expect(try await !other.get(other.address.cases).body.contains("统计资料检查"))
            let administrator = try await browser.signedIn("administrator")
            for path in paths { #expect(try await administrator.get(path).status == 403, "\(path)") }
            let head = try await browser.signedIn("agencyhead")
            #expect(try await head.get(head.address.caseFile(thread)).status == 200)
        }
    }

    @Test("when recording has stopped, pages are read and steps are refused with the reason")
    func stopped() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await officer.inspection(in: world)
            for page in [officer.address.home, officer.address.cases, officer.address.caseFile(thread)] {
                #expect(try await !officer.get(page).body.contains("现在不能记录"), "\(page)")
            }
            world.store.fail(with: .stopped("磁盘写入失败。请系统管理员处理。"))
            // Reading goes on, and every page says why nothing else does and what to do.
            for page in [officer.address.home, officer.address.cases, officer.address.caseFile(thread)] {
                let read = try await officer.get(page)
                #expect(read.status == 200 && read.body.contains("现在不能记录"), "\(page)")
                #expect(read.body.contains("磁盘写入失败。请系统管理员处理。") && read.body.contains("role=\"alert\""))
            }
            // Strangers are not told.
            #expect(try await !browser.get(officer.address.signIn(next: nil)).body.contains("现在不能记录"))
            let answer = try await officer.submit(officer.address.step("activity", in: thread), ["place": "仓库"])
            #expect(answer.status == 422 && answer.body.contains("磁盘写入失败"))
            #expect(answer.body.contains("value=\"仓库\""))
            #expect(try await officer.get("/health").status == 503)
        }
    }

    @Test("a case whose rows are not the log's is not shown; pages say which entry, and the server is not well")
    func damaged() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await officer.inspection(in: world)
            #expect(try await officer.get(officer.address.caseFile(thread)).status == 200)
            let entries = try await world.store.entries(of: thread, from: 1)
            world.store.forge(thread) { $0.removeLast() }
            let answer = try await officer.get(officer.address.caseFile(thread))
            #expect(answer.status == 503 && answer.body.contains("liuhen ledger verify"), "\(answer.status)")
            world.store.forge(thread) { $0 = entries }
            let page = try await officer.get(officer.address.cases)
            #expect(page.status == 200 && page.body.contains("记录线 \(thread) 第 \(entries.count) 条与账本对不上"))
            let health = try await browser.get("/health")
            #expect(health.status == 503)
            // Strangers are not told what was found.
            #expect(!health.body.contains(thread.description))
        }
    }

    @Test("a server whose disk is full is not well, and is again when there is room")
    func health() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            #expect(try await browser.get("/health").status == 200)
            world.store.fail(with: .full)
            let answer = try await browser.get("/health")
            #expect(answer.status == 507 && answer.body.contains("磁盘"), "\(answer.status)")
            world.store.fail(with: nil)
            #expect(try await browser.get("/health").status == 200)
        }
    }

    @Test("a draft saved elsewhere in between is not lost, and neither is what was typed")
    func overtakenDraft() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let second = try await browser.signedIn("lin")
            let thread = try await officer.inspection(in: world)
            let page = try await officer.get(officer.address.newDocument("site-inspection-record", in: thread))
            var form = try #require(PageForm(in: page.body, action: ""))
            let path = try #require(
                page.body.range(of: "data-draft=\"").flatMap { start in
                    page.body[start.upperBound...].firstIndex(of: "\"").map { String(page.body[start.upperBound..<$0]) }
                })
            form = try #require(PageForm(in: page.body, action: path))
            form.fill(["findings": "甲"])
            #expect(try await officer.send(.post, path, body: form.body).status == 303)
            // The same first version from another page: refused, both texts are there.
            var other = try #require(PageForm(in: try await second.get(path).body, action: path))
            other.fill(["findings": "乙"])
            #expect(try await second.send(.post, path, body: other.body).status == 303)
            form.fill(["findings": "丙", "version": "1"])
            let overtaken = try await officer.send(.post, path, body: form.body)
            #expect(overtaken.status == 422)
            #expect(overtaken.body.contains("草稿在别处有了新的版本") && overtaken.body.contains("丙</textarea>"))
            #expect(try await officer.get(path).body.contains("乙</textarea>"))
        }
    }

    @Test("evidence is served within the session of the person who opened it, by ranges, and the look is recorded")
    func looks() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await walk.officer.inspection(in: world)
            try await walk.upload(walk.officer, thread)
            let caseFile = walk.address.caseFile(thread)
            let opened = try await walk.officer.carryOut(caseFile, action: walk.address.look(in: thread))
            let page = try await walk.officer.get(opened)
            #expect(page.status == 200 && page.body.contains("<video"))
            let content = "\(opened)/content"
            let part = try await walk.officer.send(.get, content, headers: ["Range": "bytes=17-22"])
            #expect(part.status == 206 && part.body == "really")
            #expect(try await walk.second.get(content).status == 409)
            let recording = try #require(try await world.office.casebook.load(thread).work.recordings.first?.recording)
            let types = try await world.store.entries(of: recording, from: 1).map(\.entry.skeleton.content.type)
            #expect(types.contains("access.opened"))
            _ = try await walk.officer.carryOut(opened, action: "/end")
            #expect(try await walk.officer.get(content).status == 409)
            let closed = try #require(
                try await world.store.entries(of: recording, from: 1).last?.entry.skeleton.content)
            #expect(closed.type == "access.closed" && closed.plain["bytes"]?.integer == 6)
        }
    }
}
