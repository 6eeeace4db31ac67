import Application
import Casework
import HTTPTypes
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

/// The work list finds everything, in pages, and reads no case for it.
@Suite("The work list")
struct HomeTests {
    @Test("every duty is on some page, nearest term first; search, filters and empty states work; no case is loaded")
    func pages() async throws {
        let world = try await WebWorld()
        let officer = try #require(world.people[.officer]?.thread)
        let now = world.clock.now()
        for number in 0..<31 {
            let thread = ThreadTag(high: 7, low: UInt64(number))
            // There are no entries behind these rows: a page that loads a case fails.
            world.registers.put(
                .caseFile(
                    CaseRow(
                        thread: thread, kind: "penalty", title: "\(number % 2 == 0 ? "星河" : "青萍")第\(number)案",
                        subject: thread, subjectName: "某厂", handlers: [officer], stage: .decision, state: .open,
                        openedAt: now, endedAt: nil, filedAt: nil, lastAt: now, entries: 3)),
                .obligation(
                    ObligationRow(
                        caseThread: thread, key: "k", matter: "m", state: .open, title: "待办第\(number)项。",
                        provisions: ["zhaoxian-2017:8"], gate: "pre", who: "handler",
                        due: number < 20 ? now.advanced(byMilliseconds: Int64(number - 2) * 86_400_000) : nil,
                        lateFrom: number < 20 ? now.advanced(byMilliseconds: Int64(number - 2) * 86_400_000 + 1) : nil))
            )
        }
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let home = officer.address.home
            let first = try await officer.get(home)
            #expect(first.status == 200 && first.body.contains("共31项") && first.body.contains("2项已逾期"))
            let second = try await officer.get("\(home)?page=2")
            var seen: [Int] = []
            for body in [first.body, second.body] {
                for part in body.components("待办第") {
                    if let number = Int(part.prefix { $0.isNumber }) { seen.append(number) }
                }
            }
            #expect(seen.count == 31 && Set(seen) == Set(0..<31))
            #expect(Array(seen.prefix(20)) == Array(0..<20), "nearest term first, without term last")
            #expect(first.body.contains("page=2\" rel=\"next\""))
            for (query, count) in [
                ("q=\(Percent.encode("青萍"))", 15), ("term=late", 2), ("term=soon", 4), ("term=dated", 20),
                ("term=undated", 11), ("q=\(Percent.encode("青萍"))&term=late", 1),
            ] {
                let page = try await officer.get("\(home)?\(query)")
                #expect(page.body.contains("共\(count)项"), "\(query)")
            }
            let none = try await officer.get("\(home)?q=\(Percent.encode("没有这样的案件"))")
            #expect(none.body.contains("没有找到待办事项") && none.body.contains("清除条件"))
            #expect(try await browser.signedIn("lin").get(home).body.contains("没有待办事项"))
        }
    }

    @Test("what one case needs without a term stands as one card, in the order of the procedure")
    func grouped() async throws {
        let order = ["unit-review", "legal-review", "decision-approval"]
        let matters = order.enumerated().map { ($1, Matter(id: $1, title: $1, per: .caseFile, order: $0)) }
        let world = try await WebWorld(library: RuleLibrary(matters: Dictionary(uniqueKeysWithValues: matters)))
        let officer = try #require(world.people[.officer]?.thread)
        let now = world.clock.now()
        for number in [1, 2] {
            let thread = ThreadTag(high: 7, low: UInt64(number))
            world.registers.put(
                .caseFile(
                    CaseRow(
                        thread: thread, kind: "penalty", title: "星河第\(number)案", subject: thread, subjectName: "某厂",
                        handlers: [officer], stage: .decision, state: .open, openedAt: now, endedAt: nil, filedAt: nil,
                        lastAt: now, entries: 3)))
            for matter in order {
                world.registers.put(
                    .obligation(
                        ObligationRow(
                            caseThread: thread, key: matter, matter: matter, state: .open,
                            title: "\(matter)-\(number)。",
                            provisions: ["zhaoxian-2017:15"], gate: "pre", who: "handler", due: nil, lateFrom: nil)))
            }
        }
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let body = try await officer.get(officer.address.home).body
            #expect(body.components("打开案件").count == 1 + 2)
            let told = body.components("。</a></h3>").dropLast().map { $0.split(separator: ">").last ?? "" }
            #expect(told == [1, 2].flatMap { number in order.map { "\($0)-\(number)"[...] } })
        }
    }

    @Test("what other offices have to do in an officer's cases is shown and told apart, and never counted as theirs")
    func others() async throws {
        let world = try await WebWorld()
        let officer = try #require(world.people[.officer]?.thread)
        let now = world.clock.now()
        let thread = ThreadTag(high: 7, low: 1)
        world.registers.put(
            .caseFile(
                CaseRow(
                    thread: thread, kind: "penalty", title: "星河案", subject: thread, subjectName: "某厂",
                    handlers: [officer], stage: .decision, state: .open, openedAt: now, endedAt: nil, filedAt: nil,
                    lastAt: now, entries: 3)))
        for (number, holder) in ([""] + DutyHolder.allCases.map(\.rawValue)).enumerated() {
            world.registers.put(
                .obligation(
                    ObligationRow(
                        caseThread: thread, key: "k\(number)", matter: "m", state: .open, title: "待办第\(number)项。",
                        provisions: [], gate: "pre", who: holder, due: now.advanced(byMilliseconds: -2),
                        lateFrom: now.advanced(byMilliseconds: -1))))
        }
        let all = DutyHolder.allCases.count + 1
        // unitHead, legalReviewer, departmentHead, deputyHead, agencyHead, custodian, administrator
        let offices = 7
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            for query in ["", "?term=late", "?q=\(Percent.encode("星河"))"] {
                let page = try await officer.get("\(officer.address.home)\(query)").body
                #expect(page.contains("由您办理\(all - offices)项，等他人办理\(offices)项"), "\(query)")
                #expect(page.contains("有\(all - offices)项已逾期"), "\(query)")
                #expect(page.components("待办第").count - 1 == all, "\(query)")
            }
            let head = try await browser.signedIn("agencyhead")
            let page = try await head.get(head.address.home).body
            #expect(page.contains("共1项") && page.contains("有1项已逾期"))
        }
    }

    @Test("inspections that led to a penalty case wait for their end with who handles them, ended cases for filing")
    func closings() async throws {
        let world = try await WebWorld()
        let officer = try #require(world.people[.officer]?.thread)
        let now = world.clock.now()
        func put(_ number: Int, kind: String, _ state: CaseRow.State, led: Bool = false) {
            let thread = ThreadTag(high: 7, low: UInt64(number))
            world.registers.put(
                .caseFile(
                    CaseRow(
                        thread: thread, kind: kind, title: "第\(number)案。", subject: thread, subjectName: "某厂",
                        handlers: [officer], stage: .investigation, state: state, openedAt: now, endedAt: nil,
                        filedAt: nil, lastAt: now, entries: 3)))
            guard led else { return }
            world.registers.put(
                .claim(
                    ClaimRow(thread: ThreadTag(high: 6, low: UInt64(number)), kind: .findingLed, key: "\(thread)/4")))
        }
        for number in 0..<7 { put(number, kind: "inspection", .open, led: true) }
        put(10, kind: "inspection", .open)
        put(11, kind: "inspection", .ended, led: true)
        put(12, kind: "penalty", .ended)
        put(13, kind: "inspection", .filed, led: true)
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let home = try await officer.get(officer.address.home).body
            #expect(home.contains("等您终结的检查 <span>7件</span>") && home.contains("查看全部7件"))
            #expect(home.components("去终结").count - 1 == HomePage.shownSignatures)
            #expect(home.contains(officer.address.step("ending", in: ThreadTag(high: 7, low: 0))))
            #expect(!home.contains("等您归档的案件") && !home.contains("现在没有等您办理的事"))
            let custodian = try await browser.signedIn("custodian")
            let shelf = try await custodian.get(custodian.address.home).body
            #expect(shelf.contains("等您归档的案件 <span>2件</span>") && !shelf.contains("等您终结的检查"))
            #expect(shelf.contains("第11案。") && shelf.contains("第12案。") && !shelf.contains("第13案。"))
            #expect(try await !browser.signedIn("lin").get(officer.address.home).body.contains("等您终结的检查"))
        }
    }

    @Test("what waits for a person's word is listed with its form, oldest first; all of it on a page of its own")
    func pendingWords() async throws {
        let world = try await WebWorld()
        let officer = try #require(world.people[.officer]?.thread)
        let head = try #require(world.people[.agencyHead]?.thread)
        let now = world.clock.now()
        func put(_ number: Int, _ desk: String, _ matter: String, _ about: String = "", barring person: ThreadTag) {
            let thread = ThreadTag(high: 7, low: UInt64(number))
            world.registers.put(
                .caseFile(
                    CaseRow(
                        thread: thread, kind: "penalty", title: "第\(number)案。", subject: thread, subjectName: "某厂",
                        handlers: [officer], stage: .investigation, state: .open, openedAt: now, endedAt: nil,
                        filedAt: nil, lastAt: now, entries: 9)),
                .claim(
                    ClaimRow(
                        thread: thread, kind: .pendingWord,
                        key: "\(desk)/0\(now.milliseconds + Int64(number))/\(thread)/4/\(matter)/\(about)/-\(person)")))
        }
        for number in 0..<7 { put(number, "heads", "correction", barring: officer) }
        put(7, "superiors", "service", barring: officer)
        put(8, "heads", "chainApproval", "measure", barring: head)
        put(9, "\(officer)", "returnedTime", "activity.began", barring: head)
        try await world.serve { browser in
            let head = try await browser.signedIn("agencyhead")
            let address = browser.address
            let home = try await head.get(address.home).body
            #expect(home.contains("等您审核、批准和核对的事项 <span>8件</span>") && home.contains("查看全部8件"))
            #expect(home.components("去决定").count - 1 == HomePage.shownSignatures)
            #expect(home.contains("\(address.step("correction-decision", in: ThreadTag(high: 7, low: 0)))?proposal=4"))
            let all = try await head.get(address.pendingWords).body
            #expect(all.components("去决定").count - 1 == 7 && all.contains("共8件") && all.contains("起等候"))
            #expect(all.contains("\(address.step("service-confirmation", in: ThreadTag(high: 7, low: 7)))?service=4"))
            #expect(!all.contains("第8案。") && !all.contains("第9案。"), "who is barred is shown it all the same")
            let own = try await browser.signedIn("officer").get(address.home).body
            #expect(own.contains("时间核对被退回") && own.contains("steps/correction?entry=4&amp;member=startAt"))
            let other = try await browser.signedIn("custodian").get(address.pendingWords).body
            #expect(other.contains("没有等您办理的事项"))
        }
    }

    @Test("an officer's own leads stand on their work list until they are closed")
    func leads() async throws {
        let world = try await WebWorld()
        let officer = try #require(world.people[.officer]?.thread)
        let now = world.clock.now()
        for (number, state) in CaseRow.State.allCases.enumerated() {
            let thread = ThreadTag(high: 7, low: UInt64(number))
            world.registers.put(
                .caseFile(
                    CaseRow(
                        thread: thread, kind: CaseRow.leadKind, title: "线索\(state.rawValue)", subject: thread,
                        subjectName: "", handlers: [officer], stage: .initiation, state: state, openedAt: now,
                        endedAt: nil, filedAt: nil, lastAt: now, entries: 1)))
        }
        try await world.serve { browser in
            let home = try await browser.signedIn("officer").get(browser.address.home).body
            #expect(home.contains("您经办的线索 <span>1件</span>") && home.contains("线索open"))
            #expect(home.contains("已启动程序、等办结的线索 <span>1件</span>") && home.contains("线索ended"))
            #expect(!home.contains("线索filed"))
            let others = try await browser.signedIn("lin").get(browser.address.home).body
            #expect(!others.contains("线索open") && !others.contains("您经办的线索"))
        }
    }

    @Test("documents that wait for an office are on its holder's list, none of the cases that they handle themselves")
    func signatures() async throws {
        let world = try await WalkTests.world()
        let officer = try #require(world.people[.officer]?.thread)
        let head = try #require(world.people[.agencyHead]?.thread)
        let now = world.clock.now()
        for number in 0..<28 {
            let thread = ThreadTag(high: 7, low: UInt64(number))
            world.registers.put(
                .caseFile(
                    CaseRow(
                        thread: thread, kind: "penalty", title: "第\(number)案。", subject: thread, subjectName: "某厂",
                        handlers: number == 0 ? [head] : [officer], stage: .initiation, state: .open, openedAt: now,
                        endedAt: nil, filedAt: nil, lastAt: now, entries: 3)),
                .document(
                    DocumentRow(
                        id: DocumentID(high: 8, low: UInt64(number)), caseThread: thread,
                        kind: DocumentKindName.initiationApproval, state: .fixed, fixedAt: now, issuedAt: nil,
                        year: nil,
                        number: nil, numberText: "", openSlots: ["agencyHead"])))
        }
        try await world.serve { browser in
            let head = try await browser.signedIn("agencyhead")
            let home = try await head.get(head.address.home)
            #expect(home.body.contains("有27份文书等您签名") && home.body.contains("查看全部27份"))
            let all = try await head.get("\(head.address.home)?list=signatures&page=2")
            #expect(all.body.components("去签名").count - 1 == 2)
            #expect(!all.body.contains("第0案。"))
            let unit = try await browser.signedIn("unithead")
            #expect(try await !unit.get(unit.address.home).body.contains("等您签名"))
        }
    }
}

extension String {
    /// The parts between occurrences of a text.
    fileprivate func components(_ separator: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return parts + [rest]
    }
}
