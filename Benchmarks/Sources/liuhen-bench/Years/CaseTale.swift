import Application
import Casework
import Foundation
import Kernel
import Ledger
import TestKit

/// One case from its opening to its filing, sealed step by step as the program does it: entries, openings, chains,
/// references. What lies after the end of the years is cut off, so that the case is open.
struct CaseTale {
    /// A step with its moment.
    struct Step: Sendable {
        let at: Instant
        var request: AppendRequest
    }

    private let plan: YearsPlan
    private let scribe: Scribe
    private let index: Int
    private var random: SeededRandom
    private var now: Instant
    /// How slowly this case goes.
    private let pace: Double
    private var heads: [ThreadTag: ThreadHead] = [:]
    private var logged: [ThreadTag: [LoggedEntry]] = [:]
    private var marks: [String: EntryReference] = [:]
    private var isCut = false
    private(set) var steps: [Step] = []
    private let thread: ThreadTag
    private let handlers: [ThreadTag]
    private let party: YearsPlan.Party
    private let isNewParty: Bool

    init(_ index: Int, of plan: YearsPlan, scribe: Scribe) {
        self.index = index
        self.plan = plan
        self.scribe = scribe
        var random = SeededRandom(plan.seed &* 31 &+ UInt64(index) &* 0x9E37_79B9)
        thread = ThreadTag(high: random.next(), low: random.next())
        let officers = plan.people.officers
        let first = Int.random(in: 0..<officers.count, using: &random)
        let second = (first + Int.random(in: 1..<officers.count, using: &random)) % officers.count
        handlers = [officers[first].thread, officers[second].thread]
        // Every second case has a party that is known already.
        isNewParty = index % 2 == 0
        let known = index / 2
        party =
            plan.parties[
                min(plan.parties.count - 1, isNewParty ? known : Int.random(in: 0...known, using: &random))]
        let spread = Double.random(in: 0..<1, using: &random)
        let slowness =
            spread < 0.8 ? 0.5 + spread : spread < 0.97 ? 1.5 + (spread - 0.8) * 8 : 3 + (spread - 0.97) * 100
        // Two months from opening to end in the mean: of three years' cases one in twenty is open.
        pace = 1.85 * slowness
        now = plan.start(of: index)
        self.random = random
    }

    /// Tells the whole case.
    ///
    /// - Parameter rows: computes the rows of a thread from its entries; the last step of each thread carries them.
    mutating func tell(_ rows: ThreadRows) throws -> [Step] {
        let isInspection = Int.random(in: 0..<4, using: &random) == 0
        var visits = 1
        let draw = Double.random(in: 0..<1, using: &random)
        if draw > 0.72 { visits = draw < 0.9 ? 2 : draw < 0.99 ? Int.random(in: 3...6, using: &random) : 20 }
        // A visit is seven entries of the case's own thread.
        if index == plan.largest { visits = (plan.largestEntries - 32) / 7 }
        if isInspection, index != plan.largest {
            try inspection(visits: min(visits, 2))
        } else {
            try penalty(visits: visits)
        }
        try project(rows)
        return steps
    }

    // MARK: courses

    private mutating func inspection(visits: Int) throws {
        try open(kind: "inspection", title: "\(party.name)统计执法检查")
        for number in 0..<visits { try visit(number, recordings: 2) }
        hours(24)
        try step(
            handlers[0], fact(.findingRecorded, ["outcome": "nothingFound"], ["summary": .string(sentence())]))
        hours(48)
        try step(handlers[0], fact(.caseEnded, ["ground": "nothingFound"], ["reason": "未发现违法行为"]))
        try filing()
    }

    private mutating func penalty(visits: Int) throws {
        try open(
            kind: "penalty",
            title: "\(party.name)\(Self.charges[Int.random(in: 0..<Self.charges.count, using: &random)])")
        let unit = plan.people.unitHeads[index % plan.people.unitHeads.count].thread
        let head = plan.people.head.thread
        hours(6)
        try document(
            "procedure-initiation-approval", as: "form", by: handlers[0],
            data: [
                "startReason": .string(sentence()), "partyBasicInfo": .string(party.name), "handlerOpinion": "建议启动",
                "isMajor": "no", "isEmergency": "no",
            ], plain: ["isMajor": "no"])
        try sign("form", "handler", by: handlers[0])
        hours(4)
        try sign("form", "handlingUnit", by: unit, decision: "agree", opinion: "同意")
        hours(20)
        try sign("form", "agencyHead", by: head, decision: "agree", opinion: "同意启动")
        for number in 0..<visits { try visit(number, recordings: number == 0 && index % 9 != 0 ? 2 : 1) }
        hours(30)
        try document(
            "evidence-registration-list", as: "list", by: handlers[1], data: ["items": [["name": "账册", "pages": "12"]]])
        try sign("list", "party", manner: "paper")
        try sign("list", "officer1", by: handlers[0])
        try sign("list", "officer2", by: handlers[1])
        hours(72)
        try rights()
        hours(100)
        try statement()
        hours(40)
        try document(
            "decision-drafting-record", as: "draftRecord", by: handlers[0], data: ["facts": .string(sentence())])
        try sign("draftRecord", "drafter", by: handlers[0])
        try step(
            handlers[0],
            fact(
                .decisionDrafted,
                [
                    "drafter": .string(handlers[0].description), "unitReviewer": .string(unit.description),
                    "outcome": "penalty",
                ],
                [
                    "legalBasis": "《中华人民共和国统计法》有关条款", "evidence": .string(sentence()), "factors": "初次违法",
                    "draft": "警告，罚款",
                ]), as: "draft")
        hours(10)
        try step(
            unit,
            fact(
                .approvalStepped,
                ["about": "decision", "person": .string(unit.description), "result": "passed", "step": "reviewer"],
                ["opinion": "经核对，同意"], references: ["draft"]))
        try sign("draftRecord", "unitReviewer", by: unit, decision: "agree", opinion: "经核对，同意")
        hours(20)
        let reviewer = plan.people.reviewers[index % plan.people.reviewers.count].thread
        try document(
            "legal-review-record", as: "review", by: reviewer,
            data: ["reviewer": "法制审查人员", "opinion": .string(sentence()), "suggestions": "无"])
        try sign("review", "reviewer", by: reviewer, decision: "passed", opinion: "通过")
        hours(20)
        try step(
            head, fact(.decisionApproved, ["decision": "approve"], ["opinion": "同意"], references: ["draft"]))
        hours(10)
        try decision()
        hours(160)
        try step(
            handlers[0],
            fact(
                .performanceRecorded, ["status": "complete", "performedAt": .integer(now.milliseconds)],
                ["obligation": "缴纳罚款"], stated: now))
        try document("execution-result-record", as: "result", by: handlers[0], data: ["result": "已履行"])
        try sign("result", "officer", by: handlers[0])
        hours(24)
        try step(handlers[0], fact(.caseEnded, ["ground": "performed"]))
        try filing()
    }

    private static let charges = [
        "提供不真实统计资料案", "拒绝提供统计资料案", "迟报统计资料案", "提供不完整统计资料案", "未按照规定设置统计台账案", "拒绝接受统计检查案",
    ]

    private mutating func open(kind: String, title: String) throws {
        var facts: [Fact] = []
        if isNewParty {
            facts.append(
                Fact(
                    .subjectRegistered, in: party.thread, plain: ["kind": .string(party.kind)],
                    fields: fields(
                        .subjectRegistered,
                        [
                            "name": .string(party.name), "code": .string("9199\(String(format: "%014d", index))"),
                            "address": .string("清禾县示例路\(index % 900 + 1)号"),
                        ])))
        }
        facts.append(
            fact(
                .caseOpened,
                [
                    "handlers": .array(handlers.map { .string($0.description) }), "isEmergency": false,
                    "isMajor": false, "kind": .string(kind), "procedure": "general", "source": "plan",
                    "subject": .string(party.thread.description), "subjectKind": .string(party.kind),
                ], ["title": .string(title), "subjectName": .string(party.name)]))
        try step(handlers[0], facts)
    }

    private mutating func visit(_ number: Int, recordings: Int) throws {
        hours(index == plan.largest ? 0.3 : 40)
        let activity = id()
        let officers: JSON = .array(handlers.map { .string($0.description) })
        try step(
            handlers[0],
            fact(
                .activityBegan,
                [
                    "activity": activity, "kind": "siteInspection", "officers": officers,
                    "startAt": .integer(now.milliseconds),
                ], ["place": .string("清禾县示例路\(index % 900 + 1)号")]))
        minutes(50)
        try step(
            handlers[0], fact(.activityEnded, ["activity": activity, "endAt": .integer(now.milliseconds)]))
        try document(
            "site-inspection-record", as: "record\(number)", by: handlers[0],
            data: [
                "findings": .string(sentence() + sentence()), "place": .string("清禾县示例路\(index % 900 + 1)号"),
                "certShown": "已出示统计执法证",
            ], activity: activity)
        try sign("record\(number)", "party", manner: "paper", sealed: true)
        try sign("record\(number)", "officer1", by: handlers[0])
        try sign("record\(number)", "officer2", by: handlers[1])
        for _ in 0..<recordings { try recording(of: activity) }
    }

    private mutating func recording(of activity: JSON) throws {
        minutes(30)
        let recording = ThreadTag(high: random.next(), low: random.next())
        let at = now.advanced(byMilliseconds: -600_000)
        try step(
            handlers[1],
            [
                Fact(
                    .recordingImported, in: recording,
                    plain: [
                        "completedAt": .integer(at.milliseconds), "device": "recorder", "form": "video", "object": id(),
                    ],
                    fields: fields(
                        .recordingImported,
                        [
                            "digest": object(size: 400_000_000),
                            "fileName": .string("VID_\(random.next() % 1_000_000).mp4"),
                            "mediaType": "video/mp4",
                        ]), stated: StatedTime(at: at, source: .officer)),
                Fact(
                    .recordingLinked, in: thread,
                    plain: ["activity": activity, "recording": .string(recording.description)],
                    siblings: [.init("recording", at: 0)]),
            ])
        minutes(1)
        guard !isCut, let imported = logged[recording]?.first?.entry else { return }
        try step(
            nil,
            [
                Fact(
                    .recordingInspected, in: recording, plain: ["tool": "ffprobe-5.1"],
                    fields: fields(
                        .recordingInspected,
                        ["facts": ["container": "mp4", "durationMs": 1_800_000, "tool": "ffprobe 5.1"]]),
                    references: [EntryReference("recording", imported)])
            ])
    }

    private mutating func rights() throws {
        let told: JSON = ["statement", "defence", "recusal"]
        try document(
            "rights-notice", as: "notice", by: handlers[0],
            data: [
                "facts": .string(sentence()), "reasons": "违反统计法有关规定", "legalBasis": "统计法", "content": ["警告"],
                "rights": told, "method": "written", "notifiedAt": "2026-03-02T14:00:00+08:00",
                "recipient": .string(party.name),
            ], plain: ["rights": told, "method": "written"])
        try sign("notice", "agency")
        try sign("notice", "party")
        try sign("notice", "officer1", by: handlers[0])
        try sign("notice", "officer2", by: handlers[1])
        try issue("notice", "rights-notice", mark: "清禾统罚告")
    }

    /// Every second party states something in writing; the others waive it. Nothing is decided without either.
    private mutating func statement() throws {
        guard index % 2 == 0 else {
            return try step(
                handlers[0],
                fact(
                    .statementRecorded, ["manner": "waived", "speaker": "party"],
                    ["facts": "当事人表示没有陈述、申辩意见", "name": .string(party.name)]))
        }
        try step(
            handlers[0],
            fact(
                .statementRecorded, ["manner": "written", "speaker": "party"],
                ["facts": .string(sentence()), "reasons": "误解统计口径", "name": .string(party.name)]), as: "statement")
        hours(20)
        try step(
            handlers[0],
            fact(
                .statementReviewed, ["accepted": "no"], ["review": "经复核，理由不成立", "reason": .string(sentence())],
                references: ["statement"]))
    }

    private mutating func decision() throws {
        try document(
            "penalty-decision", as: "decision", by: handlers[0],
            data: [
                "subjectName": .string(party.name), "facts": .string(sentence() + sentence()), "evidence": "现场检查笔录、账册",
                "reasons": "初次违法，主动改正", "legalBasis": "统计法", "content": ["警告", "罚款一万元"], "performance": "十五日内缴纳",
                "remedies": "六十日内申请行政复议，六个月内提起行政诉讼",
            ])
        try sign("decision", "agencyHead", by: plan.people.head.thread)
        try sign("decision", "agency")
        try issue("decision", "penalty-decision", mark: "清禾统罚决")
        hours(30)
        try document("service-receipt", as: "receipt", by: handlers[0], data: ["method": "direct"], about: "decision")
        try sign("receipt", "server1", by: handlers[0])
        try sign("receipt", "recipient", manner: "paper")
        guard let decision = ids["decision"], let receipt = ids["receipt"] else { return }
        try step(
            handlers[0],
            fact(
                .documentServed,
                [
                    "document": decision, "method": "direct", "receipt": receipt,
                    "servedAt": .integer(now.milliseconds),
                ], ["recipient": .string(party.name), "place": "当事人住所"], stated: now))
    }

    private mutating func filing() throws {
        hours(120)
        let custodian = plan.people.custodians[index % plan.people.custodians.count].thread
        let number: JSON = .string("\(now.day.description.prefix(4))-\(index + 1)")
        try document(
            "case-file-cover", as: "cover", by: custodian, data: ["caseNumber": number, "retention": "years30"])
        try document(
            "case-file-catalogue", as: "catalogue", by: custodian,
            data: ["caseNumber": number, "items": [["piece": "1", "title": "现场检查笔录"]]])
        try document("closing-sheet", as: "closing", by: custodian, data: ["caseNumber": number])
        // A case is filed with no place open: what waits for signatures stays short, however many years there are.
        try sign("closing", "archivist", by: custodian)
        let checkers = plan.people.custodians.map(\.thread).filter { $0 != custodian }
        try sign("closing", "checker", by: checkers.first ?? plan.people.unitHeads[0].thread)
        try step(
            custodian,
            fact(.caseFiled, ["withDefects": false, "pieces": 9, "entries": 40], ["archivist": "档案管理人员"]))
    }

    // MARK: documents

    private var ids: [String: JSON] = [:]

    private mutating func document(
        _ kind: String, as name: String, by author: ThreadTag, data: JSON, plain: JSON? = nil, activity: JSON? = nil,
        about: String? = nil
    ) throws {
        minutes(25)
        let document = id()
        ids[name] = document
        var members: [JSON.Member] = [
            .init("document", document), .init("kind", .string(kind)), .init("object", id()), .init("pages", 2),
        ]
        if let activity { members.append(.init("activity", activity)) }
        if let about, let its = ids[about] { members.append(.init("about", its)) }
        if let plain { members.append(.init("data", plain)) }
        try step(
            author,
            fact(
                .documentFixed, .object(members), ["data": data, "digest": object(size: 210_000)],
                isInternal: plan.kinds[kind]?.volume == .internal), as: name)
    }

    private mutating func sign(
        _ name: String, _ slot: String, by person: ThreadTag? = nil, manner: String = "screen", sealed: Bool = false,
        decision: String? = nil, opinion: String? = nil
    ) throws {
        minutes(4)
        guard let document = ids[name] else { return }
        var members: [JSON.Member] = [
            .init("document", document), .init("slot", .string(slot)), .init("manner", .string(manner)),
            .init("signedAt", .integer(now.milliseconds)),
        ]
        if sealed { members.append(.init("sealed", true)) }
        if let decision { members.append(.init("decision", .string(decision))) }
        if let person { members.append(.init("by", .string(person.description))) }
        var values: [(String, JSON)] = [("name", person == nil ? .string(party.name) : "签名人")]
        if let opinion { values.append(("opinion", .string(opinion))) }
        try step(
            person ?? handlers[0],
            fact(.documentSigned, .object(members), Dictionary(uniqueKeysWithValues: values), references: [name]))
    }

    private mutating func issue(_ name: String, _ kind: String, mark: String) throws {
        minutes(20)
        guard let document = ids[name] else { return }
        let year = Int64(now.day.description.prefix(4)) ?? 0
        try step(
            handlers[0],
            fact(
                .documentIssued,
                [
                    "document": document, "year": .integer(year), "number": .integer(Int64(index + 1)), "object": id(),
                    "pages": 2,
                ], ["numberText": .string("\(mark)〔\(year)〕\(index + 1)号"), "digest": object(size: 215_000)],
                references: [name]))
    }

    // MARK: facts and steps

    private func fact(
        _ type: EntryType, _ plain: JSON, _ values: [String: JSON] = [:], stated: Instant? = nil,
        references: [String] = [], isInternal: Bool = false
    ) -> Fact {
        Fact(
            type, in: thread, plain: plain, fields: fields(type, values, isInternal: isInternal),
            stated: stated.map { StatedTime(at: $0, source: .officer) },
            references: references.compactMap { name in
                marks[name].map {
                    EntryReference(
                        role: type == .documentSigned || type == .documentIssued ? "fixed" : name, thread: $0.thread,
                        seq: $0.seq, commitment: $0.commitment)
                }
            })
    }

    /// Values with the classes that `OpeningRule` gives them.
    private func fields(_ type: EntryType, _ values: [String: JSON], isInternal: Bool = false) -> [FieldValue] {
        values.sorted { $0.key < $1.key }.compactMap { name, value in
            switch OpeningRule.rule(type: type.rawValue, version: type.version, field: name) {
            case .always(let its), .otherwise(let its, _): FieldValue(name, value, its)
            case .stated, .unstated: FieldValue(name, value, isInternal ? .internal : .party)
            case nil: nil
            }
        }
    }

    private mutating func step(_ person: ThreadTag?, _ fact: Fact, as name: String? = nil) throws {
        try step(person, [fact], as: name)
    }

    private mutating func step(_ person: ThreadTag?, _ facts: [Fact], as name: String? = nil) throws {
        guard !isCut, now < plan.end else {
            isCut = true
            return
        }
        let command = CommandID(high: random.next(), low: random.next())
        let actor: Actor = person.map { .person($0) } ?? .system
        let entries = try scribe.seal(facts, after: heads, by: actor, command: command, at: now)
        for entry in entries {
            let content = entry.skeleton.content
            heads[content.thread] = ThreadHead(seq: content.seq, commitment: entry.commitment)
            logged[content.thread, default: []].append(LoggedEntry(index: 0, entry: entry))
        }
        if let name, let entry = entries.last { marks[name] = EntryReference("", entry) }
        steps.append(
            Step(
                at: now,
                request: AppendRequest(
                    command: command, entries: entries, answer: ["thread": .string(thread.description)])))
        minutes(2)
    }

    /// The rows of every thread, carried by the step that touched it last.
    private mutating func project(_ rows: ThreadRows) throws {
        for tag in logged.keys.sorted() {
            guard
                let last = steps.lastIndex(where: { $0.request.entries.contains { $0.skeleton.content.thread == tag } })
            else { continue }
            // Within a case a recording's result comes after its link: the case is judged with all of them at its end.
            let carrier = tag == thread ? steps.count - 1 : last
            steps[carrier].request.upserting += try rows.rows(of: tag) { logged[$0] ?? [] }
        }
    }

    private mutating func hours(_ count: Double) {
        let factor = index == plan.largest ? 0.2 : pace
        now = now.advanced(
            byMilliseconds: Int64(count * factor * Double.random(in: 0.5..<1.5, using: &random) * 3_600_000))
        // Nobody works at night.
        let hour = now.timeOfDay.hour
        if hour < 8 || hour >= 18 {
            let wait = hour < 8 ? 8 - hour : 32 - hour
            now = now.advanced(
                byMilliseconds: Int64(wait) * 3_600_000 + Int64.random(in: 0..<1_800_000, using: &random))
        }
    }

    private mutating func minutes(_ count: Int64) {
        now = now.advanced(byMilliseconds: Int64.random(in: count * 30_000...count * 90_000, using: &random))
    }

    private mutating func id() -> JSON { .string(ThreadTag(high: random.next(), low: random.next()).description) }

    private mutating func object(size: Int64) -> JSON {
        let words = (0..<4).map { _ in random.next() }
        let hex = words.map { String(format: "%016lx", $0) }.joined()
        return [
            "chunkRoot": .string(hex), "sha256": .string(String(hex.reversed())),
            "size": .integer(size + Int64(words[0] % 9999)),
        ]
    }

    private static let parts = [
        "经核查有关账册和报表，", "上报数与原始凭证不一致，", "多报工业总产值二百五十六万元，", "现场负责人对核对结果无异议，", "已责令十五日内改正，",
        "当事人配合检查并提供了原始记录，", "统计台账设置不完整，", "抽查三个月的从业人员报表，", "工资发放表与报表相差十二人，", "情节较轻并主动改正，",
    ]

    private mutating func sentence() -> String {
        (0..<4).map { _ in Self.parts[Int.random(in: 0..<Self.parts.count, using: &random)] }.joined() + "情况属实。"
    }
}
