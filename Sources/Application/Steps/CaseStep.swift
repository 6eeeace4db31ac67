import Casework
import Kernel
import Ledger

/// One step in a case: a command that form and JSON decode into, and the facts it records if it is allowed.
///
/// A step checks the shape of its input, the rights of the person and the order of things that no regulation changes
/// (a document must exist to be signed). What the law asks for first is judged on the facts it returns.
public protocol CaseStep: Sendable {
    /// The command's name in addresses, forms and the API.
    static var name: String { get }
    /// The facts to be recorded.
    ///
    /// - Throws: `StepRefusal`; nothing has been changed then.
    func facts(in scene: Scene) async throws(StepRefusal) -> [Fact]
}

/// What a step sees: the case as it stands, who acts, and when.
public struct Scene: Sendable {
    /// The case as loaded.
    public let view: CaseView
    /// The case.
    public let work: Case
    /// The entries of its own thread, in order.
    public let entries: [Entry]
    /// Records of the case and of its recordings, in the order in which they were recorded.
    public let history: [Record]
    /// Who acts.
    public let performer: Performer
    /// People of the bureau, for certificates.
    public let persons: [PersonRow]
    /// The bureau.
    public let bureau: BureauProfile
    /// The law in force, with the kinds of documents.
    public let law: Law
    /// The server's time of this step.
    public let now: Instant
    /// The penalty case that was opened from the finding of this inspection.
    public let ledTo: ThreadTag?
    /// Where other cases are loaded from; nil where a test makes the scene.
    let casebook: Casebook?

    /// A scene.
    public init(
        view: CaseView, performer: Performer, persons: [PersonRow], bureau: BureauProfile, law: Law, now: Instant,
        ledTo: ThreadTag? = nil, casebook: Casebook? = nil
    ) {
        self.ledTo = ledTo
        self.casebook = casebook
        self.persons = persons
        self.view = view
        work = view.work
        entries = view.entries.map(\.entry)
        history = view.history
        self.performer = performer
        self.bureau = bureau
        self.law = law
        self.now = now
    }

    /// Names one of the case's entries in a role.
    ///
    /// - Throws: `StepRefusal` if the case has no such entry.
    public func reference(_ role: String, to seq: Int) throws(StepRefusal) -> EntryReference {
        guard entries.indices.contains(seq - 1) else {
            throw StepRefusal(.notFound, "本案没有第 \(seq) 条记录。")
        }
        return EntryReference(role, entries[seq - 1])
    }

    /// How far back a stated time may lie, in years: what is earlier is a year typed wrongly.
    public static let yearsBack: Int64 = 10

    /// What is wrong with a time that lies too far back; nil if it does not.
    static func tooEarly(_ at: Instant, now: Instant) -> String? {
        guard at <= now.advanced(byMilliseconds: -yearsBack * 366 * 86_400_000) else { return nil }
        return "这个时间（\(at.chinese)）太早，请检查年份。"
    }

    /// A time in the world that somebody states: never in the future (design section 5, Time), nor before the last ten
    /// years.
    public func stated(_ at: Instant, field: String, source: StatedTime.Source = .officer) throws(StepRefusal)
        -> StatedTime
    {
        guard at <= now else {
            throw StepRefusal(fields: [.init(field, "时间不能晚于现在（\(now.chinese)）。")])
        }
        if let problem = Scene.tooEarly(at, now: now) { throw StepRefusal(fields: [.init(field, problem)]) }
        return StatedTime(at: at, source: source)
    }

    /// What is wrong with the times in a form: a paper that is fixed and signed tells of what was done, and nobody can have
    /// done it later than now.
    func problems(ofTimesIn data: JSON, kind: DocumentKind) -> [StepRefusal.FieldError] {
        Scene.problems(ofTimesIn: data, kind: kind, now: now)
    }

    /// The same where there is no case.
    static func problems(ofTimesIn data: JSON, kind: DocumentKind, now: Instant) -> [StepRefusal.FieldError] {
        kind.fields.compactMap { field in
            guard field.type == .instant, let at = data[field.name]?.string.flatMap({ Instant($0) }) else { return nil }
            if at > now, !field.mayLieAhead {
                return .init(field.name, "“\(field.label)”不能晚于现在（\(now.chinese)）。还没有办的，办了以后再定稿。")
            }
            return Scene.tooEarly(at, now: now).map { .init(field.name, $0) }
        }
    }
}

/// Checks text from a form.
public struct FormText: Sendable {
    private(set) var errors: [StepRefusal.FieldError] = []

    /// The most characters of what is one line: names, places, numbers, short reasons. What has room for more is paragraphs
    /// and keeps its line breaks.
    public static let lineLimit = 300

    /// A check without errors so far.
    public init() {}

    /// Trimmed text that must not be empty nor longer than `limit` characters.
    ///
    /// - Parameter least: how many letters and digits it has to have; signs and spaces say nothing.
    public mutating func required(
        _ text: String, _ field: String, _ label: String, atLeast least: Int = 0, limit: Int = 2000
    ) -> String {
        let value = text.trimmedWhitespace
        if value.isEmpty {
            errors.append(.init(field, "请填写\(label)。"))
        } else if value.count(where: { $0.isLetter || $0.isNumber }) < least {
            errors.append(.init(field, "\(label)至少写 \(least) 个字（标点和空格不算），让不在场的人看得明白。"))
        }
        return checked(value, field, label, limit: limit)
    }

    /// Trimmed text, or nil if empty.
    public mutating func optional(_ text: String?, _ field: String, _ label: String, limit: Int = 2000) -> String? {
        guard let value = text?.trimmedWhitespace, !value.isEmpty else { return nil }
        return checked(value, field, label, limit: limit)
    }

    /// Adds an error.
    public mutating func fail(_ field: String, _ message: String) {
        errors.append(.init(field, message))
    }

    /// Refuses if anything was wrong.
    public func finish() throws(StepRefusal) {
        if !errors.isEmpty { throw StepRefusal(fields: errors) }
    }

    private mutating func checked(_ value: String, _ field: String, _ label: String, limit: Int) -> String {
        if value.count > limit { errors.append(.init(field, "\(label)最多 \(limit) 个字，现有 \(value.count) 个字。")) }
        if let fault = value.fault(isLine: limit <= FormText.lineLimit) {
            errors.append(.init(field, "\(label)\(fault.chinese)。"))
        }
        return value
    }
}

extension String {
    /// Without white space at either end, line breaks as LF.
    var trimmedWhitespace: String {
        var scalars = Substring(self.replacingCarriageReturns).unicodeScalars
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(Substring(scalars))
    }

    private var replacingCarriageReturns: String {
        guard utf8.contains(0x0D) else { return self }
        var bytes: [UInt8] = []
        var last: UInt8 = 0
        for byte in utf8 {
            if byte == 0x0D { bytes.append(0x0A) } else if !(byte == 0x0A && last == 0x0D) { bytes.append(byte) }
            last = byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
