import Casework
import Kernel
import Ledger

/// Who watches over recording (记录监督): whoever reviews and decides, never the officers whose records are looked at.
public enum Supervision {
    /// Roles that record breaches and how they were rectified.
    public static let watchers: [Role] = [.unitHead, .legalReviewer, .departmentHead, .agencyHead]
    /// Roles that enter orders and liability.
    public static let deciders: [Role] = [.departmentHead, .agencyHead]

    /// Whether this person sees every breach; whom one is about sees that one.
    public static func watches(_ person: PersonRow) -> Bool { watchers.contains(where: person.roles.contains) }
}

/// A breach, as a form has it (zhaoxian-2017:40).
public struct NewViolation: Sendable {
    public var kind: String
    public var severity: String
    public var person: ThreadTag?
    public var caseThread: ThreadTag?
    public var facts: String
    public var foundAt: Instant
    /// The recording of the case that was found altered, and a word of `way` of `recording.altered`.
    public var altered: (recording: ThreadTag, way: String)?

    /// A breach.
    public init(
        kind: String, severity: String, person: ThreadTag?, caseThread: ThreadTag?, facts: String, foundAt: Instant,
        altered: (recording: ThreadTag, way: String)? = nil
    ) {
        self.altered = altered
        self.kind = kind
        self.severity = severity
        self.person = person
        self.caseThread = caseThread
        self.facts = facts
        self.foundAt = foundAt
    }
}

/// What is done about a breach.
public enum ViolationAct: Hashable, Sendable {
    /// An order to rectify until a day, by the bureau or by whoever is above it.
    case order(by: String, until: CivilDay?, content: String)
    /// How it was rectified.
    case rectification(isCorrected: Bool, findings: String)
    /// What followed for whoever answers for it.
    case liability(result: String, decision: String)
}

extension Casebook {
    /// Records a breach that was found, and tells whom it is about and the agency heads.
    ///
    /// - Parameter seq: how many entries the bureau's thread had when the form was drawn.
    public func record(
        _ violation: NewViolation, expecting seq: Int, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            try await recordAnew(violation, expecting: seq, command: command, by: performer)
        }
    }

    private func recordAnew(
        _ violation: NewViolation, expecting seq: Int, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await begin(Supervision.watchers, seq, performer)
        var form = FormText()
        let type = EntryType.violationRecorded
        let facts = form.required(violation.facts, "facts", "违规的事实", limit: 2000)
        if !type.options(of: "kind").contains(where: { $0.word == violation.kind }) { form.fail("kind", "请选择违规种类。") }
        if !type.options(of: "severity").contains(where: { $0.word == violation.severity }) {
            form.fail("severity", "请选择情节。")
        }
        checkPast(violation.foundAt, "foundAt", &form)
        var plain: [JSON.Member] = [
            .init("kind", .string(violation.kind)), .init("severity", .string(violation.severity)),
        ]
        let source = try await alteredCase(violation, &form)
        do {
            if let tag = violation.person {
                plain.append(.init("person", .string(tag.description)))
                let row = try await registers.person(tag)
                if row == nil { form.fail("person", "请选择本机关登记的人员。") }
                if tag == performer.tag { form.fail("person", "自己的违规由其他负责监督的人员登记。") }
            }
            if let thread = violation.caseThread {
                plain.append(.init("case", .string(thread.description)))
                if try await registers.caseFile(thread)?.isCase != true { form.fail("case", "没有这个案件。") }
            }
        } catch { throw StepRefusal(error) }
        try form.finish()
        var recorded = [
            Fact(
                type, in: chambers.thread, plain: .object(plain), fields: [.init("facts", .string(facts), .internal)],
                stated: StatedTime(at: violation.foundAt, source: .officer))
        ]
        // Filming what one was let see is a breach of the viewing itself as well.
        if violation.kind == "filmedViewing" {
            recorded.append(
                Fact(
                    .viewingBreached, in: chambers.thread,
                    plain: .object(violation.person.map { [.init("person", .string($0.description))] } ?? []),
                    fields: [.init("facts", .string(facts), .internal)],
                    stated: StatedTime(at: violation.foundAt, source: .officer)))
        }
        if let person = violation.person { recorded.append(told(person)) }
        guard let source, let altered = violation.altered else {
            return try await record(recorded, by: .person(performer.tag), command: command)
        }
        // What was done to a recording is told in its own thread as well: there the case and the dossier read it.
        recorded.append(
            Fact(
                .recordingAltered, in: altered.recording,
                plain: .object(
                    (violation.person.map { [.init("person", .string($0.description))] } ?? [])
                        + [.init("way", .string(altered.way))]),
                fields: [.init("facts", .string(facts), .internal)],
                stated: StatedTime(at: violation.foundAt, source: .officer)))
        return try await record(
            recorded, heads: try await heads(of: recorded, known: [:]), view: source, law: try await chambers.law(),
            actor: .person(performer.tag), command: command, at: now, answer: .object([]))
    }

    /// Kinds of breach by which a recording is no longer what it was.
    public static let alterations = ["altered", "forged", "destroyed"]

    /// The case whose recording was found altered; nil where none is named.
    private func alteredCase(
        _ violation: NewViolation, _ form: inout FormText
    ) async throws(StepRefusal) -> CaseView? {
        guard let altered = violation.altered else { return nil }
        let type = EntryType.violationRecorded
        guard Casebook.alterations.contains(violation.kind) else {
            let names = Casebook.alterations.map { type.chinese($0, of: "kind") }.joined(separator: "、")
            form.fail("recording", "违规种类是\(names)的，才写明被改动的音像资料。")
            return nil
        }
        if !EntryType.recordingAltered.options(of: "way").contains(where: { $0.word == altered.way }) {
            form.fail("way", "请选择音像资料被怎样改动。")
        }
        guard let thread = violation.caseThread else {
            form.fail("recording", "写明被改动的音像资料的，从那个案件的页面登记。")
            return nil
        }
        let view = try await load(thread)
        guard view.work.recordings.contains(where: { $0.recording == altered.recording }) else {
            form.fail("recording", "请选择这个案件的音像资料。")
            return nil
        }
        return view
    }

    /// Records what is done about a breach. Whoever answers for it takes no such step, and is told of each.
    public func act(
        _ act: ViolationAct, on violation: Int, at: Instant, expecting seq: Int, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            try await actAnew(act, on: violation, at: at, expecting: seq, command: command, by: performer)
        }
    }

    private func actAnew(
        _ act: ViolationAct, on violation: Int, at: Instant, expecting seq: Int, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        let isCheck = if case .rectification = act { true } else { false }
        let roles = isCheck ? Supervision.watchers : Supervision.deciders
        try await begin(roles, seq, performer)
        guard let known = Violations(try await chambers.records())[violation] else {
            throw StepRefusal(.notFound, "没有这条违规记录。")
        }
        guard known.person != performer.tag else {
            throw StepRefusal(.notAllowed, "这条违规记录与您本人有关，请由其他负责监督的人员办理。")
        }
        var form = FormText()
        var references = [try await reference("violation", to: violation)]
        checkPast(at, "at", &form)
        if at < known.foundAt { form.fail("at", "时间不能早于发现违规的时间（\(known.foundAt.chinese)）。") }
        let type: EntryType
        var plain: [JSON.Member] = []
        let field: FieldValue
        switch act {
        case .order(let by, let until, let content):
            type = .violationOrdered
            if !type.options(of: "orderedBy").contains(where: { $0.word == by }) { form.fail("orderedBy", "请选择由谁责令。") }
            plain.append(.init("orderedBy", .string(by)))
            if let until {
                plain.append(.init("correctBy", .string(until.description)))
                if until < at.day { form.fail("correctBy", "整改期限不能早于责令的日期。") }
            } else {
                form.fail("correctBy", "请填写整改的期限。")
            }
            field = .init("content", .string(form.required(content, "content", "责令改正的内容", limit: 2000)), .internal)
        case .rectification(let isCorrected, let findings):
            type = .violationRectified
            guard let order = known.orders.last else {
                throw StepRefusal(.outOfOrder, "还没有责令整改，请先登记责令的内容和期限，再登记整改情况。")
            }
            guard !known.checks.contains(where: { $0.isCorrected && $0.seq > order.seq }) else {
                throw StepRefusal(.outOfOrder, "已经登记完成整改。又发现违规的，另行登记。")
            }
            references.append(try await reference("order", to: order.seq))
            plain.append(.init("result", .string(isCorrected ? "corrected" : "notCorrected")))
            field = .init("findings", .string(form.required(findings, "findings", "整改的情况", limit: 2000)), .internal)
        case .liability(let result, let decision):
            type = .violationPunished
            if !type.options(of: "result").contains(where: { $0.word == result }) { form.fail("result", "请选择处理结果。") }
            plain.append(.init("result", .string(result)))
            field = .init("decision", .string(form.required(decision, "decision", "处理决定", limit: 2000)), .internal)
        }
        try form.finish()
        var facts = [
            Fact(
                type, in: chambers.thread, plain: .object(plain), fields: [field],
                stated: StatedTime(at: at, source: .officer), references: references)
        ]
        if let person = known.person { facts.append(told(person)) }
        return try await record(facts, by: .person(performer.tag), command: command)
    }

    /// Records that a year's assessment took recording in (评议考核; zhaoxian-2017:39).
    public func assess(
        year: Int, subjectKind: String, content: String, at: Instant, expecting seq: Int, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            try await assessAnew(
                year: year, subjectKind: subjectKind, content: content, at: at, expecting: seq, command: command,
                by: performer)
        }
    }

    private func assessAnew(
        year: Int, subjectKind: String, content: String, at: Instant, expecting seq: Int, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await begin(Supervision.deciders, seq, performer)
        var form = FormText()
        let text = form.required(content, "content", "评议考核情况", limit: 5000)
        if !EntryType.assessmentMade.options(of: "subjectKind").contains(where: { $0.word == subjectKind }) {
            form.fail("subjectKind", "请选择考核的对象。")
        }
        if !(2000...now.day.parts.year).contains(year) { form.fail("year", "请填写考核的年度，不晚于今年。") }
        checkPast(at, "at", &form)
        try form.finish()
        return try await record(
            [
                Fact(
                    .assessmentMade, in: chambers.thread,
                    plain: ["period": .string(String(year)), "subjectKind": .string(subjectKind)],
                    fields: [.init("content", .string(text), .internal)],
                    stated: StatedTime(at: at, source: .officer))
            ], by: .person(performer.tag), command: command)
    }

    /// A notice to whom a breach is about; the agency heads read it too.
    private func told(_ person: ThreadTag) -> Fact { notice(.violation, person) }

    func begin(
        _ roles: [Role], _ seq: Int, _ performer: Performer
    ) async throws(StepRefusal) {
        guard roles.contains(where: performer.has) else {
            let names = roles.map(\.chinese).joined(separator: "、")
            throw StepRefusal(.notAllowed, "记录监督的这一步由\(names)办理，您没有这项职责。")
        }
        try performer.requireSecret()
        guard try await chambers.records().count == seq else {
            throw StepRefusal(.stale, "您打开页面之后，机关的登记又有变化。请看看新的内容，再决定是否提交。已填内容都还在。")
        }
    }

    func checkPast(_ at: Instant, _ field: String, _ form: inout FormText) {
        if at > now { form.fail(field, "时间不能晚于现在（\(now.chinese)）。") }
        if let problem = Scene.tooEarly(at, now: now) { form.fail(field, problem) }
    }

    private func reference(_ role: String, to seq: Int) async throws(StepRefusal) -> EntryReference {
        do {
            guard let logged = try await store.entries(of: chambers.thread, from: seq).first else {
                throw StepRefusal(.notFound, "没有找到这条记录。")
            }
            return EntryReference(role, logged.entry)
        } catch let error as StoreError {
            throw StepRefusal(error)
        } catch {
            throw (error as? StepRefusal) ?? StepRefusal(.fault, "系统出现故障：\(error)")
        }
    }
}
