import Casework
import Kernel
import Ledger

/// What a step that opens a case sees: nobody's case yet.
public struct OpeningScene: Sendable {
    /// The thread that the case will have; drawn with the page, so that a repeated command names the same case.
    public let thread: ThreadTag
    /// The inspection case that leads to it, with the entries of its thread.
    public let inspection: (work: Case, entries: [Entry])?
    /// The party, if it is registered already.
    public let subject: SubjectRow?
    /// People of the bureau, for rights and certificates.
    public let persons: [PersonRow]
    /// Who acts.
    public let performer: Performer
    /// The server's time of this step.
    public let now: Instant

    /// A scene.
    public init(
        thread: ThreadTag, inspection: (work: Case, entries: [Entry])?, subject: SubjectRow?, persons: [PersonRow],
        performer: Performer, now: Instant
    ) {
        self.thread = thread
        self.inspection = inspection
        self.subject = subject
        self.persons = persons
        self.performer = performer
        self.now = now
    }

    /// Refuses unless every handler is an officer with a certificate valid today, at least two of them
    /// (行政处罚法第四十二条: not fewer than two officers with enforcement qualification).
    func check(handlers: [ThreadTag], in form: inout FormText) {
        Qualification.check(handlers: handlers, on: now.day, among: persons, in: &form)
    }
}

/// A step that begins a case.
public protocol OpeningStep: Sendable {
    /// The command's name in addresses, forms and the API.
    static var name: String { get }
    /// The facts to be recorded; the first of the new thread is `case.opened`.
    func facts(in scene: OpeningScene) throws(StepRefusal) -> [Fact]
}

/// A party as a form gives it, for one that is not registered yet.
public struct NewSubject: Hashable, Sendable {
    /// The thread that the party will have; drawn with the page.
    public var thread: ThreadTag
    /// `organisation` or `individual`.
    public var kind: String
    public var name: String
    public var code: String?
    public var address: String?
    public var representative: String?
    public var phone: String?
    /// The name as it is printed, where it holds a character that no font has; else nil.
    public var writtenName: String?

    /// A party.
    public init(
        thread: ThreadTag, kind: String, name: String, code: String?, address: String?, representative: String?,
        phone: String?, writtenName: String? = nil
    ) {
        self.thread = thread
        self.kind = kind
        self.name = name
        self.code = code
        self.address = address
        self.representative = representative
        self.phone = phone
        self.writtenName = writtenName
    }

    /// The fact that registers the party. A party may have neither number nor phone.
    func fact(checking form: inout FormText) -> Fact {
        if kind != "organisation" && kind != "individual" { form.fail("subjectKind", "请选择单位或者个人。") }
        var fields: [FieldValue] = [
            .init("name", .string(form.required(name, "subjectName", "当事人名称（姓名）", limit: 120)), .party)
        ]
        let optional = [
            ("code", "subjectCode", "统一社会信用代码（身份证件号码）", code), ("address", "subjectAddress", "住所（地址）", address),
            ("representative", "subjectRepresentative", "法定代表人（负责人）", representative),
            ("phone", "subjectPhone", "联系电话", phone),
        ]
        for (field, input, label, value) in optional {
            if let text = form.optional(value, input, label, limit: 200) {
                fields.append(.init(field, .string(text), .party))
            }
        }
        if let text = form.optional(writtenName, "subjectWrittenName", "打印用名", limit: 200) {
            let name = name.trimmedWhitespace
            if WrittenName(text).stands(for: name), !text.utf8.elementsEqual(name.utf8) {
                fields.append(.init("writtenName", .string(text), .party))
            } else {
                form.fail(
                    "subjectWrittenName", "打印用名应当与名称逐字相同，只有字库里没有的字拆写在〔〕里，例如王〔四龙〕。没有这样的字，请不要填写。")
            }
        }
        return Fact(.subjectRegistered, in: thread, plain: ["kind": .string(kind)], fields: fields)
    }
}

/// Opens an inspection case (行政检查).
public struct OpenInspection: OpeningStep {
    public static let name = "inspection"

    public var title: String
    public var source: CaseSource
    public var handlers: [ThreadTag]
    /// Registers a new party; nil when the scene's registered party is meant.
    public var newSubject: NewSubject?
    /// The number by the province's numbering rule, where the case has one already (hejin-2019:2.2.3(1)a).
    public var caseNumber: String?

    /// A new inspection.
    public init(title: String, source: CaseSource, handlers: [ThreadTag], newSubject: NewSubject?) {
        self.title = title
        self.source = source
        self.handlers = handlers
        self.newSubject = newSubject
    }

    public func facts(in scene: OpeningScene) throws(StepRefusal) -> [Fact] {
        try scene.performer.require(.officer)
        var form = FormText()
        let title = form.required(title, "title", "检查事项", limit: 120)
        if source == .inspection { form.fail("source", "请选择检查的来源。") }
        scene.check(handlers: handlers, in: &form)
        var facts: [Fact] = []
        let subject: ThreadTag
        let subjectKind: String
        let subjectName: String
        if let newSubject {
            facts.append(newSubject.fact(checking: &form))
            subject = newSubject.thread
            subjectKind = newSubject.kind
            subjectName = newSubject.name.trimmedWhitespace
        } else if let registered = scene.subject {
            subject = registered.thread
            subjectKind = registered.kind
            subjectName = registered.name
        } else {
            form.fail("subjectName", "请填写被检查对象。")
            try form.finish()
            return []
        }
        let number = form.number(of: caseNumber)
        try form.finish()
        facts.append(
            Fact(
                .caseOpened, in: scene.thread,
                plain: [
                    "handlers": .array(handlers.map { .string($0.description) }), "isEmergency": false,
                    "isMajor": false,
                    "kind": "inspection", "procedure": "general", "source": .string(source.rawValue),
                    "subject": .string(subject.description), "subjectKind": .string(subjectKind),
                ],
                fields: [.init("title", .string(title), .party), .init("subjectName", .string(subjectName), .party)]
                    + number))
        return facts
    }
}

/// Opens a penalty case under the general procedure from an inspection's finding (行政处罚，一般程序).
public struct OpenPenalty: OpeningStep {
    public static let name = "penalty"

    public var title: String
    public var handlers: [ThreadTag]
    public var isMajor: Bool
    /// When the procedure was started ahead of its approval, with the reason (zhaoxian-2017:8b).
    public var emergency: (startedAt: Instant, reason: String)?
    /// The number by the province's numbering rule, where the case has one already (hejin-2019:2.2.3(1)a).
    public var caseNumber: String?

    /// A new penalty case.
    public init(
        title: String, handlers: [ThreadTag], isMajor: Bool, emergency: (startedAt: Instant, reason: String)?
    ) {
        self.title = title
        self.handlers = handlers
        self.isMajor = isMajor
        self.emergency = emergency
    }

    public func facts(in scene: OpeningScene) throws(StepRefusal) -> [Fact] {
        try scene.performer.require(.officer)
        guard let (inspection, entries) = scene.inspection else {
            throw StepRefusal(.notFound, "没有找到作为来源的行政检查。")
        }
        try scene.performer.requireHandler(of: inspection)
        guard let finding = inspection.finding, finding.outcome == .suspected else {
            throw StepRefusal(.outOfOrder, "请先在行政检查中登记检查结果“涉嫌违法”，再启动处罚程序。")
        }
        var form = FormText()
        let title = form.required(title, "title", "案由", limit: 120)
        scene.check(handlers: handlers, in: &form)
        var plain: [JSON.Member] = [
            .init("handlers", .array(handlers.map { .string($0.description) })),
            .init("isEmergency", .boolean(emergency != nil)), .init("isMajor", .boolean(isMajor)),
            .init("kind", "penalty"), .init("procedure", "general"), .init("source", "inspection"),
            .init("subject", .string(inspection.subject.description)),
        ]
        var fields: [FieldValue] = [
            .init("title", .string(title), .party),
            .init("subjectName", .string(inspection.subjectName ?? ""), .party),
        ]
        fields += form.number(of: caseNumber)
        if let kind = inspection.subjectKind { plain.append(.init("subjectKind", .string(kind))) }
        var stated: StatedTime?
        if let emergency {
            let reason = form.required(emergency.reason, "emergencyReason", "紧急情况说明")
            if emergency.startedAt > scene.now { form.fail("startedAt", "启动时间不能晚于现在。") }
            if let problem = Scene.tooEarly(emergency.startedAt, now: scene.now) { form.fail("startedAt", problem) }
            // What it is started from has begun: its earliest act on site, or its opening where nobody went there yet.
            // That no act of this case lies before the start is looked at when an act is declared.
            let first = inspection.activities.map(\.startAt).min() ?? inspection.openedAt
            if emergency.startedAt < first {
                form.fail("startedAt", "启动时间不能早于作为来源的行政检查最早的现场活动（\(first.chinese)）。")
            }
            plain.append(.init("startedAt", .integer(emergency.startedAt.milliseconds)))
            fields.append(.init("emergencyReason", .string(reason), .internal))
            stated = StatedTime(at: emergency.startedAt, source: .officer)
        }
        try form.finish()
        var references = [EntryReference("finding", entries[finding.seq - 1])]
        for document in inspection.documents where !document.isVoid {
            references.append(EntryReference("evidence", entries[document.fixedSeq - 1]))
        }
        for recording in inspection.recordings {
            references.append(EntryReference("evidence", entries[recording.seq - 1]))
        }
        return [
            Fact(
                .caseOpened, in: scene.thread, plain: .object(plain), fields: fields, stated: stated,
                references: references)
        ]
    }
}

extension FormText {
    /// The field for a case's number; none where none was given.
    mutating func number(of text: String?) -> [FieldValue] {
        optional(text, "caseNumber", "案号", limit: 60).map { [FieldValue("caseNumber", .string($0), .party)] } ?? []
    }
}
