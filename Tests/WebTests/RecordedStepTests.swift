import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

/// Steps described as data: none is missing, each can be reached, each form records exactly what it asks, and refuses
/// whatever is wrong.
@Suite("Steps described as data")
struct RecordedStepTests {
    @Test("every type of record that stands in cases has a step, and no type two lists")
    func whole() {
        let described = Set(RecordedStep.all.map(\.type))
        for type in EntryType.allCases where type.home == .caseFile {
            #expect(
                described.contains(type) || RecordedStep.dedicated.contains(type),
                "\(type.rawValue) can be recorded by no step")
        }
        // Ways of service, silence and what comes after a demand are data; the first of each has a step of its own.
        #expect(
            described.intersection(RecordedStep.dedicated) == [.statementRecorded, .statementReviewed])
        let names = RecordedStep.all.map(\.name) + StepForm.all.map(\.name)
        #expect(Set(names).count == names.count, "two steps of one name")
    }

    @Test("every question fills a member of its type, and every member of a type is asked by some step")
    func members() {
        for step in RecordedStep.all {
            let members = step.type.members
            for input in step.inputs {
                guard let member = input.member else { continue }
                #expect(members[member] != nil, "\(step.name): \(member) is no member")
                if case .word(let part) = input.control {
                    #expect(part.map { Set(step.type.options(of: member).map(\.word)).isSuperset(of: $0) } ?? true)
                }
                if case .when(let other, let words) = input.need {
                    let asked = step.input(other)
                    #expect(asked != nil, "\(step.name): \(other)")
                    let known = step.type.options(of: other).map(\.word) + ["true", "false"]
                    #expect(words.allSatisfy(known.contains), "\(step.name): \(words)")
                }
            }
            for member in Array(step.given.keys) + step.signed { #expect(members[member] != nil, "\(step.name)") }
        }
        // What no form asks: ids of objects and threads that other steps record, and what the activity tells of a hearing.
        let unasked: [EntryType: Set<String>] = [
            .interestedNamed: ["subject"], .submissionReceived: ["object"], .hearingHeld: ["secrecy"],
        ]
        for type in Set(RecordedStep.all.map(\.type)) where !RecordedStep.dedicated.contains(type) {
            let steps = RecordedStep.all.filter { $0.type == type }
            let asked = Set(steps.flatMap { $0.inputs.compactMap(\.member) + Array($0.given.keys) + $0.signed })
            guard type != .documentServed else { continue }
            #expect(
                Set(type.members.keys).subtracting(asked) == unasked[type] ?? [],
                "\(type.rawValue) asks not all its members")
        }
    }

    @Test("every step can be reached; its form records exactly what it asked, by the right person alone")
    func everyStep() async throws {
        for isTerm in [false, true] {
            let world = isTerm ? try await WalkTests.world() : try await WebWorld()
            try await world.serve { browser in
                for step in RecordedStep.all where (step.part == .terms) == isTerm {
                    try await RecordedStage(world: world, browser: browser, step: step).check()
                }
            }
        }
    }
}

/// One step in a case that was brought to where the step begins.
struct RecordedStage {
    let world: WebWorld
    let browser: Browser
    let step: RecordedStep

    func check() async throws {
        guard let thread = try await reach() else {
            Issue.record("\(step.name): no case was found in which it is offered")
            return
        }
        // A party is silent when its time is over.
        if step.name == "silence" {
            world.clock.set(world.clock.now().advanced(byMilliseconds: 14 * 86_400_000))
        }
        if step.name == "discussion" { try await signByHeads(thread) }
        let account = account
        let taker = try await browser.signedIn(account)
        let path = taker.address.step(step.name, in: thread)
        let page = try await taker.get(path)
        #expect(page.status == 200, "\(step.name)")
        for text in [step.title] + step.inputs.filter({ $0.need != .never }).map({ $0.label(of: step.type) }) {
            #expect(page.body.contains(text), "\(step.name) does not show \(text)")
        }
        let files = try await taker.get(taker.address.caseFile(thread))
        #expect(
            files.body.contains("/steps/\(step.name)\"")
                || files.body.contains("<span class=\"off\">\(step.title)</span>"))
        try await refuseWrong(taker, path, thread)
        try await refuseOthers(path, thread)
        try await record(taker, path, thread)
    }

    /// Whose session takes the step.
    private var account: String {
        switch step.by {
        case .handler: "officer"
        case .reviewer, .superior, .second: "unithead"
        case .legalReviewer: "legalreviewer"
        case .head: "departmenthead"
        case .agencyHead: "agencyhead"
        case .keeper: "custodian"
        }
    }

    // MARK: bringing a case there

    /// A case in which the step is offered to its person.
    private func reach() async throws -> ThreadTag? {
        let role: Role =
            switch step.by {
            case .handler: .officer
            case .reviewer, .superior, .second: .unitHead
            case .legalReviewer: .legalReviewer
            case .head: .departmentHead
            case .agencyHead: .agencyHead
            case .keeper: .custodian
            }
        let person = try #require(world.people[role])
        for procedure in ["general", "summary"] {
            for stage in RecordedStage.stages {
                let thread = ThreadTag.random()
                try await append(opening(thread, procedure) + stage.map { $0(thread) })
                let view = try await world.office.casebook.load(thread)
                if step.isOffered(in: CaseCourse(work: view.work, records: view.records), to: person) { return thread }
            }
        }
        return nil
    }

    /// Two heads sign the record of their discussion.
    private func signByHeads(_ thread: ThreadTag) async throws {
        let head = try #require(try await world.store.head(of: thread))
        try await append(
            [Role.departmentHead, .agencyHead].enumerated().map { index, role in
                Fact(
                    .documentSigned, in: thread,
                    plain: [
                        "by": .string(try #require(world.people[role]).thread.description),
                        "document": .string(RecordedStage.discussionID.description), "manner": "screen",
                        "slot": .string("attendee\(index + 1)"),
                    ])
            }, after: [thread: head])
    }

    private func append(_ facts: [Fact], after heads: [ThreadTag: ThreadHead] = [:]) async throws {
        let entries = try Scribe(bureau: world.tag).seal(
            facts, after: heads, by: .person(try #require(world.people[.officer]).thread), command: .random(),
            at: world.clock.now())
        _ = try await world.store.append(AppendRequest(command: .random(), entries: entries))
    }

    private func opening(_ thread: ThreadTag, _ procedure: String) -> [Fact] {
        let officer = world.people[.officer]?.thread.description ?? ""
        let subject = ThreadTag.random().description
        return [
            Fact(
                .caseOpened, in: thread,
                plain: [
                    "handlers": [.string(officer), .string(ThreadTag(high: 2, low: 99).description)],
                    "isEmergency": false, "isMajor": false, "kind": "penalty", "procedure": .string(procedure),
                    "source": "inspection", "subject": .string(subject), "subjectKind": "organisation",
                ],
                fields: [.init("title", "统计违法案", .party), .init("subjectName", .string(RecordedStage.party), .party)])
        ]
    }

    private static let party = "星河纸品厂（演示）"
    private typealias Event = @Sendable (ThreadTag) -> Fact

    private static func activity(_ kind: String) -> Event {
        { thread in
            Fact(
                .activityBegan, in: thread,
                plain: [
                    // A service has one session, which what shows it belongs to.
                    "activity": .string((kind == "service" ? deliveryID : .random()).description),
                    "kind": .string(kind), "officers": [], "startAt": 0,
                ])
        }
    }

    private static func fixed(_ kind: String, _ id: DocumentID) -> Event {
        { Fact(.documentFixed, in: $0, plain: ["document": .string(id.description), "kind": .string(kind)]) }
    }

    private static func issued(_ id: DocumentID) -> Event {
        { Fact(.documentIssued, in: $0, plain: ["document": .string(id.description), "number": 1, "year": 2026]) }
    }

    private static func plain(_ type: EntryType, _ plain: JSON = .object([])) -> Event {
        { Fact(type, in: $0, plain: plain) }
    }

    private static func signed(_ slot: String, _ id: DocumentID) -> Event {
        plain(
            .documentSigned,
            ["document": .string(id.description), "manner": "paper", "sealed": true, "slot": .string(slot)])
    }

    private static let deliveryID = ActivityID.random()
    private static let decisionID = DocumentID.random()
    private static let transcriptID = DocumentID.random()
    private static let receiptID = DocumentID.random()
    private static let noticeID = DocumentID.random()
    private static let discussionID = DocumentID.random()
    private static let person = ThreadTag(high: 2, low: 5).description

    /// Where steps begin, from nothing on; each holds what the one before holds where that is the way of a case.
    private static let stages: [[Event]] = {
        let acts = ["siteInspection", "hearing", "expertArgument", "collectiveDiscussion", "talk", "service"].map(
            activity)
        let drafting: [Event] =
            acts + [
                plain(
                    .decisionDrafted,
                    ["drafter": .string(person), "outcome": "penalty", "unitReviewer": .string(person)]),
                fixed("collective-discussion-record", discussionID),
            ]
        func chain(_ about: String) -> [Event] {
            ["handler", "reviewer", "approver"].map { step in
                plain(
                    .approvalStepped, ["about": .string(about), "person": .string(person), "step": .string(step)])
            }
        }
        let approved = chain("measure")
        // What the form offers first is what waits.
        let first = chain(EntryType.approvalStepped.options(of: "about").first?.word ?? "")
        let decided =
            acts + [
                fixed("penalty-decision", decisionID), issued(decisionID),
                plain(
                    .documentFixed,
                    [
                        "about": .string(decisionID.description), "document": .string(receiptID.description),
                        "kind": "service-receipt",
                    ]),
                signed("recipient", receiptID), signed("server1", receiptID),
                plain(
                    .recordingLinked,
                    ["activity": .string(deliveryID.description), "recording": .string(person)]),
                // A service in public is of a document that a notice names.
                plain(
                    .documentFixed,
                    [
                        "about": .string(decisionID.description), "document": .string(noticeID.description),
                        "kind": "public-notice",
                    ]),
                issued(noticeID),
            ]
        let served =
            decided + [
                plain(
                    .documentServed, ["document": .string(decisionID.description), "method": "direct", "servedAt": 0])
            ]
        let waiting =
            decided + [
                plain(
                    .documentServed,
                    [
                        "awaitsConfirmation": true, "document": .string(decisionID.description), "method": "direct",
                        "servedAt": 0,
                    ]),
                plain(
                    .activityBegan,
                    [
                        "activity": .string(ActivityID.random().description), "awaitsConfirmation": true,
                        "kind": "talk", "officers": [], "startAt": 0,
                    ]),
                plain(.statementRecorded, ["awaitsConfirmation": true, "manner": "oral", "speaker": "party"]),
                plain(.performanceRecorded, ["awaitsConfirmation": true, "status": "complete"]),
                plain(
                    .recordingLinked,
                    ["awaitsConfirmation": true, "recording": .string(person), "secrecy": "trade"]),
            ]
        let demanded = served + [plain(.demandMade)]
        let afterDemand =
            demanded + [
                plain(.statementRecorded, ["manner": "oral", "phase": "afterDemand", "speaker": "party"])
            ]
        let others: [Event] = [
            plain(.appraisalCommissioned), plain(.appraisalReceived), plain(.preservationStarted), plain(.measureTaken),
            plain(.recusalRequested), plain(.reviewSubmitted), plain(.correctionOrdered),
            plain(.remedyOpened), plain(.fineCollected), plain(.recordingLinked, ["recording": .string(person)]),
            fixed("statement-defence-transcript", transcriptID), signed("party", transcriptID),
            plain(
                .rightsNotified,
                ["notifiedAt": 0, "phase": "beforeDecision", "recipient": "party", "rights": ["statement", "defence"]]),
        ]
        return [
            [], acts + others, drafting + others, Array(first.prefix(1)), Array(first.prefix(2)), approved + acts,
            decided,
            served, demanded,
            demanded + [plain(.executionDecided)], demanded + [plain(.courtApplied)], afterDemand, decided + others,
            [plain(.termSuspended, ["matter": "court-term"])], waiting,
            [
                fixed("statement-defence-transcript", transcriptID),
                plain(
                    .secrecyMarked,
                    [
                        "class": "trade", "clearance": ["departmentHead"],
                        "document": .string(transcriptID.description),
                    ]),
            ],
        ]
    }()

    // MARK: taking the step

    /// Values that answer every question of the form, with what the page offers where it offers something.
    private func answers(_ form: PageForm, _ page: String) -> [(name: String, value: String)] {
        var fields = form.fields
        for input in step.inputs {
            let offered = fields.first { $0.name == input.name }?.value ?? ""
            guard offered.isEmpty else { continue }
            // One thing is marked at a time.
            if input.control == .piece(.recording, isMarked: false) { continue }
            fields.removeAll { $0.name == input.name }
            let value: String? =
                switch input.control {
                // A service goes to the party, after its paper was mailed.
                case .line where step.type == .documentServed && input.name == "recipient":
                    "\(RecordedStage.party)\(HostileTests.text)"
                case .instant where input.name == "mailedAt":
                    FieldReading.local(world.clock.now().advanced(byMilliseconds: -60_000))
                case .line, .paragraphs: "答\(input.name)\(HostileTests.text)"
                case .day: world.clock.now().day.advanced(by: 10).description
                case .money: "50.5"
                case .number(let range): String(range.lowerBound)
                case .truth: "yes"
                // What nobody opened is turned down.
                case .word where step.name == "secrecy-confirmation": "returned"
                // The form offers what is open in the case; what a text lets change is taken in any.
                case .term(.extended): Self.firstOption(of: input.name, in: page) ?? "party-performance"
                case .term: Self.firstOption(of: input.name, in: page) ?? "court-term"
                // Not the first: advance registration asks for an approval.
                case .words: Self.lastBox(of: input.name, in: page)
                default: Self.firstOption(of: input.name, in: page)
                }
            if let value { fields.append((input.name, value)) }
            if input.control == .persons(.heads), let other = Self.lastBox(of: input.name, in: page) {
                fields.append((input.name, other))
            }
        }
        if step.by.asksSecret {
            fields.removeAll { $0.name == ConfirmSecret.field }
            fields.append((ConfirmSecret.field, WebWorld.secret))
        }
        return fields
    }

    /// The first box or button of a name on the page.
    private static func firstOption(of name: String, in page: String) -> String? {
        for kind in ["radio", "checkbox"] {
            guard let start = page.range(of: "<input type=\"\(kind)\" name=\"\(name)\" value=\"")?.upperBound,
                let end = page[start...].firstIndex(of: "\"")
            else { continue }
            return String(page[start..<end])
        }
        return nil
    }

    private static func lastBox(of name: String, in page: String) -> String? {
        let head = "<input type=\"checkbox\" name=\"\(name)\" value=\""
        guard let start = page.range(of: head, options: .backwards)?.upperBound,
            let end = page[start...].firstIndex(of: "\"")
        else { return nil }
        return String(page[start..<end])
    }

    private func send(_ browser: Browser, _ path: String, _ fields: [(name: String, value: String)]) async throws
        -> Browser.Answer
    {
        let body = fields.map { "\(Percent.encode($0.name))=\(Percent.encode($0.value))" }.joined(separator: "&")
        return try await browser.send(.post, path, body: body)
    }

    private func record(_ taker: Browser, _ path: String, _ thread: ThreadTag) async throws {
        let page = try await taker.get(path)
        let form = try #require(PageForm(in: page.body, action: path), "\(step.name) has no form")
        let fields = answers(form, page.body)
        let old = try await taker.get(path)
        let answer = try await send(taker, path, fields)
        #expect(answer.status == 303, "\(step.name): \(Browser.problem(answer.body))")
        // Sent twice is one, and a page drawn before it is told so.
        let entries = try await world.office.casebook.load(thread).work.entries
        let again = try await send(taker, path, fields)
        #expect(again.status == 303 && again.location == answer.location, "\(step.name) twice: \(again.status)")
        let oldForm = try #require(PageForm(in: old.body, action: path), "\(step.name) has no form")
        let late = try await send(taker, path, answers(oldForm, old.body))
        #expect(late.status == 422 && HostileTests.clean(late.body), "\(step.name) too late: \(late.status)")
        #expect(try await world.office.casebook.load(thread).work.entries == entries, "\(step.name) twice")
        let record = try #require(try await world.office.casebook.load(thread).records.last)
        #expect(record.type == step.type, "\(step.name)")
        let names = Set(fields.filter { !$0.value.isEmpty }.map(\.name))
        let expected = Set(
            step.inputs.filter { names.contains($0.name) }.compactMap(\.member) + step.signed + step.given.keys)
        // What another has to confirm is marked by the step itself.
        let recorded = Set((record.plain.members ?? []).map(\.key)).union(record.fieldNames)
            .subtracting([Confirmations.member])
        #expect(recorded == expected, "\(step.name) recorded \(recorded.symmetricDifference(expected))")
        for input in step.inputs where record.fieldNames.contains(input.name) {
            #expect(record.text(input.name) == fields.first { $0.name == input.name }?.value, "\(step.name)")
        }
        for (member, word) in step.given { #expect(record.word(member) == word, "\(step.name)") }
        for member in step.signed {
            #expect(record.word(member) == record.actor?.description, "\(step.name): \(member) is not who did it")
        }
        let roles = step.inputs.compactMap { input -> String? in
            switch input.control {
            case .reference: return input.name
            case .approval: return names.contains(input.name) ? "approval" : nil
            case .document(_, _, let role): return role
            default: return nil
            }
        }
        #expect(Set(record.references.map(\.role)) == Set(roles), "\(step.name)")
        if step.inputs.contains(where: { $0.control == .instant(states: true) }) {
            #expect(record.statedAt != nil, "\(step.name) does not say when it happened")
        }
        // The timeline tells it in Chinese.
        let told = try await taker.get(taker.address.caseFile(thread))
        for input in step.inputs where record.fieldNames.contains(input.name) {
            let text = "答\(input.name)"
            let isTold = told.body.contains(text) || record.text(input.name)?.hasPrefix(text) != true
            #expect(isTold, "\(step.name): \(text) is not told")
        }
        #expect(HostileTests.clean(told.body), "\(step.name) shows markup that was typed")
        for word in (record.plain.members ?? []).compactMap(\.value.string) where word.utf8.count > 40 {
            Issue.record("\(step.name): \(word)")
        }
    }

    private func refuseWrong(_ taker: Browser, _ path: String, _ thread: ThreadTag) async throws {
        let seq = try await world.office.casebook.load(thread).work.entries
        let page = try await taker.get(path)
        let form = try #require(PageForm(in: page.body, action: path), "\(step.name) has no form")
        let good = answers(form, page.body)
        for input in step.inputs {
            var missing = good.filter { $0.name != input.name }
            if input.need == .always {
                let answer = try await send(taker, path, missing)
                #expect(
                    answer.status == 422 && answer.body.contains("href=\"#f-\(input.name)\""),
                    "\(step.name) without \(input.name) was answered \(answer.status)")
            }
            let wrong: String? =
                switch input.control {
                case .line: String(repeating: "长", count: 201)
                case .paragraphs: String(repeating: "长", count: 5001)
                case .instant: "2999-01-01T00:00"
                case .day: "1999-01-01"
                case .money: "-5"
                default: "nonsense"
                }
            guard let wrong else { continue }
            missing.append((input.name, wrong))
            let answer = try await send(taker, path, missing)
            #expect(
                answer.status == 422 && answer.body.contains("href=\"#f-\(input.name)\""),
                "\(step.name) with a wrong \(input.name) was answered \(answer.status)")
        }
        if step.by.asksSecret {
            let answer = try await send(taker, path, good.filter { $0.name != ConfirmSecret.field })
            #expect(answer.status == 422, "\(step.name) without the secret was answered \(answer.status)")
        }
        #expect(try await world.office.casebook.load(thread).work.entries == seq, "\(step.name) recorded a wrong form")
    }

    /// The custodian takes no step of a case but to mark what is secret, and whoever approves is no handler.
    private func refuseOthers(_ path: String, _ thread: ThreadTag) async throws {
        let seq = try await world.office.casebook.load(thread).work.entries
        let others =
            step.by == .handler
            ? ["custodian", "agencyhead"] : [step.by == .keeper ? "legalreviewer" : "custodian", "officer"]
        for account in others {
            let other = try await browser.signedIn(account)
            let page = try await other.get(path)
            let form = try #require(PageForm(in: page.body, action: path), "\(step.name) has no form")
            let answer = try await send(other, path, answers(form, page.body))
            #expect(
                answer.status == 422 && HostileTests.clean(answer.body),
                "\(step.name) by \(account) was answered \(answer.status)")
        }
        #expect(try await world.office.casebook.load(thread).work.entries == seq, "\(step.name) by another")
    }
}
