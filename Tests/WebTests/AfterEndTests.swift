import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

/// What may still be recorded when the act is over, and when its file is closed (ADR 0053).
@Suite("After the end")
struct AfterEndTests {
    /// Steps that last longer than the act; every other one ends with it.
    private static let spans: [String: StepSpan] = [
        "remedy": .always, "remedy-result": .always, "decision-change": .always, "correction-check": .always,
        "handlers": .always, "override": .contested, "correction-decision": .always, "filing": .unfiled,
        "defect": .unfiled, "term-suspension": .contested, "term-resumption": .contested,
        "term-extension": .contested, "term-restart": .contested, "service-confirmation": .contested,
        "secrecy-confirmation": .always, "secrecy": .always, "secrecy-lift": .always,
        "activity-confirmation": .contested, "activity": .contested, "activity-end": .contested,
        "av-exemption": .contested, "service": .served, "service-post": .served, "service-lien": .served,
        "service-entrusted": .served, "service-public": .served, "service-electronic": .served,
        "performance": .owed, "fine": .owed, "fine-remittance": .owed, "instalment": .owed, "court-ruling": .owed,
        "court-end": .owed,
    ]

    /// How far a case came.
    private struct Standing: CustomTestStringConvertible {
        let testDescription: String
        var isOver = true
        var isFiled = false
        var isContested = false
        var isServed = false
        var isPerformed = false

        func allows(_ span: StepSpan) -> Bool {
            switch span {
            case .always: true
            case .running: !isOver
            case .unfiled: !isFiled
            case .contested: !isOver || isContested
            // Every one of these cases has a decision.
            case .decided: true
            case .served: !isOver || isServed
            case .owed: !isOver || !isPerformed
            }
        }
    }

    private static let standings = [
        Standing(testDescription: "running", isOver: false),
        Standing(testDescription: "ended"),
        Standing(testDescription: "ended, sued", isContested: true),
        Standing(testDescription: "filed", isFiled: true),
        Standing(testDescription: "filed, performed", isFiled: true, isPerformed: true),
        Standing(testDescription: "filed, sued", isFiled: true, isContested: true),
        Standing(testDescription: "filed, sued, decided anew", isFiled: true, isContested: true, isServed: true),
    ]

    private static func fixed(_ kind: String, _ id: DocumentID, in thread: ThreadTag) -> Fact {
        Fact(.documentFixed, in: thread, plain: ["document": .string(id.description), "kind": .string(kind)])
    }

    private static func issued(_ id: DocumentID, in thread: ThreadTag) -> Fact {
        Fact(.documentIssued, in: thread, plain: ["document": .string(id.description)])
    }

    /// A case as entries; who may take which step is tested elsewhere.
    private func make(_ standing: Standing, in world: WebWorld) async throws -> ThreadTag {
        let thread = ThreadTag.random()
        let officer = try #require(world.people[.officer]).thread
        let (decision, later) = (DocumentID.random(), DocumentID.random())
        var facts = [
            Fact(
                .caseOpened, in: thread,
                plain: [
                    "handlers": [.string(officer.description), .string(ThreadTag(high: 2, low: 99).description)],
                    "isEmergency": false, "isMajor": false, "kind": "penalty", "procedure": "general",
                    "source": "inspection", "subject": .string(ThreadTag.random().description),
                    "subjectKind": "organisation",
                ],
                fields: [.init("title", "统计违法案", .party), .init("subjectName", "星河纸品厂（演示）", .party)]),
            Self.fixed("penalty-decision", decision, in: thread), Self.issued(decision, in: thread),
        ]
        if standing.isPerformed {
            facts.append(Fact(.performanceRecorded, in: thread, plain: ["status": "complete"]))
        }
        if standing.isOver { facts.append(Fact(.caseEnded, in: thread, plain: ["ground": "terminated"])) }
        if standing.isFiled { facts.append(Fact(.caseFiled, in: thread)) }
        if standing.isContested { facts.append(Fact(.remedyOpened, in: thread, plain: ["kind": "litigation"])) }
        if standing.isServed {
            facts += [Self.fixed("enforcement-decision", later, in: thread), Self.issued(later, in: thread)]
        }
        let entries = try Scribe(bureau: world.tag).seal(
            facts, after: [:], by: .person(officer), command: .random(), at: world.clock.now())
        _ = try await world.store.append(AppendRequest(command: .random(), entries: entries))
        return thread
    }

    @Test("a case that was broken off says of each stage that never was that it was not held, in words")
    func unheld() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            func strip(_ facts: (ThreadTag) -> [Fact]) async throws -> [String] {
                let thread = ThreadTag.random()
                let handler = try #require(world.people[.officer]).thread
                let opened = Fact(
                    .caseOpened, in: thread,
                    plain: [
                        "handlers": [.string(handler.description), .string(ThreadTag(high: 2, low: 99).description)],
                        "isEmergency": false, "isMajor": false, "kind": "penalty", "procedure": "general",
                        "source": "inspection", "subject": .string(ThreadTag.random().description),
                        "subjectKind": "organisation",
                    ],
                    fields: [.init("title", "统计违法案", .party), .init("subjectName", "星河纸品厂（演示）", .party)])
                let ended = Fact(.caseEnded, in: thread, plain: ["ground": "terminated"])
                let entries = try Scribe(bureau: world.tag).seal(
                    [opened] + facts(thread) + [ended], after: [:], by: .person(handler), command: .random(),
                    at: world.clock.now())
                _ = try await world.store.append(AppendRequest(command: .random(), entries: entries))
                let page = try await officer.get(officer.address.caseFile(thread)).body
                let start = try #require(page.range(of: "<ol class=\"stages\">")?.upperBound)
                let end = try #require(page.range(of: "</ol>", range: start..<page.endIndex)?.lowerBound)
                return page[start..<end].components(separatedBy: "</li>").filter { $0.contains("<li") }
            }
            let bare = try await strip { _ in [] }
            #expect(bare.map { $0.contains("✓") } == [true, false, false, false, false], "\(bare)")
            #expect(bare.map { $0.contains("没有进行") } == [false, true, true, true, false])
            let decided = try await strip { thread in
                let id = DocumentID.random()
                return [Self.fixed("penalty-decision", id, in: thread), Self.issued(id, in: thread)]
            }
            #expect(decided.map { $0.contains("没有进行") } == [false, false, false, true, false], "\(decided)")
        }
    }

    /// What a score page says that costs points.
    private static func faults(_ page: String) -> String {
        page.components(separatedBy: "<ul class=\"reasons\">").dropFirst()
            .map {
                $0.prefix { $0 != "\u{1}" }.replacingOccurrences(of: "<[^>]*>", with: " ", options: .regularExpression)
            }
            .joined(separator: " | ")
    }

    /// Who would take a step.
    private static func account(_ form: StepForm) -> String {
        switch form.course?.by {
        case .handler: return "officer"
        case .reviewer, .superior, .second: return "unithead"
        case .legalReviewer: return "legalreviewer"
        case .head: return "departmenthead"
        case .agencyHead: return "agencyhead"
        case .keeper: return "custodian"
        case nil: break
        }
        switch form.name {
        case "av-exemption", "correction-decision": return "departmenthead"
        case "draft-review", "handlers": return "unithead"
        case "approval", "override", "defect": return "agencyhead"
        case "filing": return "custodian"
        default: return "officer"
        }
    }

    @Test("every step is asked for and taken exactly as long as it lasts: running, ended, filed, and after a remedy")
    func everyStep() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            var signedIn: [String: Browser] = [:]
            var tokens: [String: String] = [:]
            for account in ["officer", "unithead", "legalreviewer", "departmenthead", "agencyhead", "custodian"] {
                let taker = try await browser.signedIn(account)
                (signedIn[account], tokens[account]) = (taker, try await taker.token())
            }
            let forms = StepForm.all.filter { $0.hasSubject == nil } + RecordedStep.all.map { StepForm($0) }
            #expect(Self.spans.keys.allSatisfy { name in forms.contains { $0.name == name } }, "a step is gone")
            for standing in Self.standings {
                let thread = try await make(standing, in: world)
                let entries = try await world.office.casebook.load(thread).work.entries
                for form in forms {
                    let what = "\(form.name), \(standing.testDescription)"
                    let taker = try #require(signedIn[Self.account(form)])
                    let isAllowed = standing.allows(Self.spans[form.name] ?? .running)
                    let path = taker.address.step(form.name, in: thread)
                    let page = try await taker.get(path)
                    #expect(page.status == 200, "\(what)")
                    // A page of these has no form where there is nothing to pass, to accept or to serve.
                    let isEmpty =
                        ["override", "defect", "service"].contains(form.name) || form.name.hasSuffix("-confirmation")
                    #expect(
                        isEmpty || (PageForm(in: page.body, action: path) != nil) == isAllowed, "\(what): form or none")
                    #expect(page.body.contains("不能再办理这一步") == !isAllowed, "\(what) on the page")
                    // A visit is no act that follows the end, whatever else is on record.
                    if form.name == "activity" {
                        #expect(page.body.contains("value=\"siteInspection\"") == !standing.isOver, "\(what)")
                    }
                    let answer = try await taker.post(
                        path,
                        [
                            ForgeryGuard.field: tokens[Self.account(form)] ?? "",
                            FormFrame.commandField: CommandID.random().description,
                            FormFrame.seqField: String(entries), "kind": "siteInspection", "secret": WebWorld.secret,
                        ])
                    #expect(answer.status == 422, "\(what) was answered \(answer.status)")
                    let isLate = ["不能再办理这一步", "本案已经归档。"].contains { answer.body.contains($0) }
                    #expect(isLate == !isAllowed, "\(what): \(Browser.problem(answer.body))")
                    #expect(try await world.office.casebook.load(thread).work.entries == entries, "\(what) was stored")
                }
            }
        }
    }

    @Test("the page of a filed case offers what may still come, under its own heading, and nothing that is refused")
    func offers() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            for standing in Self.standings where standing.isOver {
                let thread = try await make(standing, in: world)
                for account in ["officer", "departmenthead", "agencyhead", "custodian", "unithead"] {
                    let reader = try await browser.signedIn(account)
                    let page = try await reader.get(reader.address.caseFile(thread)).body
                    let steps = page.components(separatedBy: "/steps/").dropFirst()
                        .map { String($0.prefix { $0 != "\"" && $0 != "?" }) }
                    for step in steps {
                        #expect(
                            standing.allows(step == "correction" ? .unfiled : Self.spans[step] ?? .running),
                            "\(step) is offered to \(account), \(standing.testDescription)")
                    }
                    let heading = standing.isFiled ? "归档以后 <span>" : "终结以后 <span>"
                    if account == "officer" {
                        #expect(steps.contains("remedy") && page.contains(heading), "\(standing.testDescription)")
                        let recordings = try await reader.get(reader.address.newRecording(in: thread))
                        #expect((recordings.status == 200) == standing.isContested, "\(standing.testDescription)")
                    }
                }
            }
        }
    }

    @Test(
        "a suit that is lost after the filing: registered, concluded, the penalty eased, the paper served; the file stays"
    )
    func lostSuit() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let (address, officer) = (walk.address, walk.officer)
            let thread = try await WalkTests().file(walk, browser)
            let filed = try await world.office.casebook.load(thread)
            world.clock.advance(minutes: 20 * 24 * 60)
            let score = try await officer.get(address.score(of: thread)).body
            let known = Set(try await world.office.casebook.registers.obligations(of: thread).map(\.key))
            let unasked = try await officer.get(address.newDocument("enforcement-decision", in: thread))
            #expect(unasked.status != 200, "a decision is drawn up though nothing happened")
            try await officer.carryOut(
                address.step("remedy", in: thread),
                ["kind": "litigation", "body": "清禾县人民法院（虚构）", "content": "请求撤销处罚。", "stay": "no"])
            let sued = try await officer.get(address.caseFile(thread)).body
            #expect(sued.contains("归档以后补充"))
            // The law's own duty about the suit is on the officer's work list.
            let open = try await world.office.casebook.registers.obligations(of: thread).filter { $0.state == .open }
            #expect(open.contains { $0.matter == "court-wait" && !known.contains($0.key) })
            #expect(try await officer.get(address.home).body.contains(thread.description))
            world.clock.advance(minutes: 24 * 60)
            let ruling = try await walk.voucher(in: thread)
            try await walk.head.carryOut(
                address.step("remedy-result", in: thread),
                ["result": "changed", "content": "罚款变更为三千元。", "proofFile": ruling, "secret": WebWorld.secret])
            #expect(try await walk.head.get(address.caseFile(thread)).body.contains("下一步：登记决定变更撤销"))
            let decision = try #require(filed.work.decision)
            try await walk.head.carryOut(
                address.step("decision-change", in: thread),
                [
                    "change": "changed", "document": decision.id.description, "isPenalty": "yes", "reason": "法院判决变更。",
                    "proofFile": ruling,
                    "changedDay": world.clock.now().day.description, "secret": WebWorld.secret,
                ])
            let eased: Fields = [
                "decisionKind": "other", "facts": "法院判决变更。", "reasons": "判决生效。", "legalBasis": "行政诉讼法。",
                "content": "变更后，罚款人民币3000元", "remedies": "判决已经生效。",
            ]
            let changed = try await walk.write(officer, "enforcement-decision", in: thread, eased)
            let approval = try await walk.write(
                officer, "head-approval-record", in: thread, about: changed, ["proposal": "变更后，罚款人民币3000元"])
            let agree: Fields = ["decision": "agree", "opinion": "同意。", "secret": WebWorld.secret]
            // Whoever signs finds the paper on the work list, though the case is filed.
            #expect(try await walk.head.get(address.home).body.contains(approval.description))
            try await walk.sign(walk.head, "agencyHead", of: approval, in: thread, agree)
            let slot = address.slot("agencyHead", of: changed, in: thread)
            try await walk.look(walk.head, at: slot, in: thread)
            try await walk.sign(
                walk.head, "agencyHead", of: changed, in: thread, ["secret": WebWorld.secret, "compared": "yes"])
            try await walk.issue(officer, changed, in: thread)
            world.clock.advance(minutes: 60)
            let receipt = try await walk.write(
                officer, "service-receipt", in: thread, about: changed,
                [
                    "place": "清禾县星河纸品厂", "servedAt": FieldReading.local(world.clock.now()), "server": "周一舟",
                ])
            try await walk.sign(
                officer, "recipient", of: receipt, in: thread,
                ["signer": "钱有余", "capacity": "representative", "drawing": WalkTests.Walk.stroke])
            try await walk.sign(officer, "server1", of: receipt, in: thread, [:])
            try await officer.carryOut(address.step("service", in: thread))
            let view = try await world.office.casebook.load(thread)
            #expect(view.work.isServed(changed) && view.work.isFiled)
            // What was filed is as it was: the sheets, the filing with what it counted, and the points of the file.
            #expect(Array(view.records.prefix(filed.records.count)) == filed.records)
            #expect(FileCase.sheets.allSatisfy { view.work.document(ofKind: $0) == filed.work.document(ofKind: $0) })
            let scored = try await officer.get(address.score(of: thread)).body
            func points(_ page: String) -> String? {
                page.range(of: "<b>[0-9]+ 分</b>", options: .regularExpression).map { String(page[$0]) }
            }
            #expect(points(score) != nil && points(scored) == points(score), "\(Self.faults(scored))")
            #expect(scored.contains("<h2>归档以后</h2>") && !score.contains("<h2>归档以后</h2>"))
            // Nothing of the file itself moves.
            for path in [
                address.step("void", in: thread, about: ("document", decision.id.description)),
                address.newDocument("closing-sheet", in: thread), address.newDocument("rights-notice", in: thread),
            ] {
                for browser in [officer, walk.custodian, walk.head] {
                    let page = try await browser.get(path)
                    #expect(
                        PageForm(in: page.body, action: path) == nil && !page.body.contains("data-draft"), "\(path)")
                }
            }
        }
    }
}
