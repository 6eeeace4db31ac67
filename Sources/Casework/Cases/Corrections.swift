import Kernel

/// Corrections (更正、补正) as later readers take them: nothing recorded changes, but what was approved later is read in
/// the place of what it corrects.
public enum Corrections {
    /// Records with every approved correction read into the record that it names.
    ///
    /// The number, order and names of the records stay: a reference to one of them still finds it.
    public static func reading(_ records: [Record]) -> [Record] {
        guard records.contains(where: { $0.type == .entryCorrected }) else { return records }
        var places: [RecordID: Int] = [:]
        for (place, record) in records.enumerated() { places[record.id] = place }
        var result = records
        for record in records where record.type == .entryCorrected {
            guard let target = record.references.first(where: { $0.role == "corrects" }),
                let place = places[RecordID(thread: target.thread, seq: target.seq)]
            else { continue }
            result[place].correct(by: record)
        }
        return result
    }

    /// Whether new records change how earlier ones are read: a correction, a confirmation, or what an inspection says of a recording.
    ///
    /// - Parameters:
    ///   - added: the newest records of the history.
    ///   - known: how many stood before them.
    public static func changeEarlier(_ added: [Record], after known: Int, of history: [Record]) -> Bool {
        if added.contains(where: { $0.type == .entryCorrected || Confirmations.target(of: $0) != nil }) { return true }
        let inspected = Set(added.filter { $0.type == .recordingInspected }.map(\.thread))
        guard !inspected.isEmpty else { return false }
        return !UnreadableRecordings.threads(in: history).intersection(inspected).isEmpty
            || !UnreadableRecordings.threads(in: Array(history.prefix(known))).intersection(inspected).isEmpty
    }

    /// Records as the law judges them: corrected, and a document that another took the place of (替代) reads as void.
    ///
    /// A document that was amended (补正) keeps what it had met: it did its service on its day. A recording whose file no
    /// player reads has no form that a duty asks for. A service that waits to be confirmed serves nobody yet.
    ///
    /// - Parameter proposed: how many records at the end are not recorded yet, only asked about.
    public static func lawReading(_ records: [Record], proposed: Int = 0) -> [Record] {
        let corrected = UnreadableRecordings.reading(reading(records))
        return Confirmations.reading(corrected, proposed: proposed).map { record in
            guard record.type == .documentCorrected,
                record.word("manner") == DocumentCorrection.Manner.supersedes.rawValue
            else { return record }
            var voiding = record
            voiding.type = .documentVoided
            return voiding
        }
    }
}

extension Record {
    /// Takes in one approved correction.
    fileprivate mutating func correct(by correction: Record) {
        guard let member = correction.word("member") else { return }
        if let at = correction.instant("instant") {
            if plain[member] != nil { set(member, .integer(at.milliseconds)) }
            // These times are the ones at which the act is stated to have happened.
            if statedAt != nil { statedAt = at }
        } else if let word = correction.word("word") {
            set(member, .string(word))
        } else {
            // A value that was destroyed is not there any more, in the correction as in the corrected.
            fields[member] = correction.fields["value"]
            if !fieldNames.contains(member) { fieldNames.append(member) }
        }
    }

    mutating func set(_ name: String, _ value: JSON) {
        let rest = (plain.members ?? []).filter { !$0.key.utf8.elementsEqual(name.utf8) }
        plain = .object(rest + [.init(name, value)])
    }
}

extension Record {
    /// What a correction puts in the place of what was recorded, in words.
    public var correctedText: String {
        if let at = instant("instant") { return at.chinese }
        if let word = word("word") { return Finding.Outcome(rawValue: word)?.chinese ?? word }
        return text("value") ?? "（内容已依法销毁）"
    }
}

/// A correction of an entry (更正): proposed by a handler, decided by a head in their own session.
public struct Correction: Hashable, Sendable {
    /// The proposal's place in the case's thread.
    public let seq: Int
    /// The entry to be corrected, in the same thread.
    public let target: Int
    /// The member to be corrected.
    public let member: String
    /// Who proposed it.
    public let by: ThreadTag?
    /// Where it stands.
    public internal(set) var state = State.proposed

    /// States of a correction.
    public enum State: String, Hashable, Sendable, CaseIterable { case proposed, approved, refused }
}

/// How a later document corrects one that was issued.
public struct DocumentCorrection: Hashable, Sendable {
    /// The later document.
    public let by: DocumentID
    public let manner: Manner
    public let at: Instant

    /// Manners of correcting an issued document.
    public enum Manner: String, Hashable, Sendable, CaseIterable {
        /// 补正: it stays in force and is read with the later one.
        case amends
        /// 替代: the later one, of the same kind, takes its place.
        case supersedes

        /// The name on screens.
        public var chinese: String {
            switch self {
            case .amends: "补正：原文书继续有效，与补正文书一并使用"
            case .supersedes: "替代：原文书不再使用，以后一份为准"
            }
        }
    }
}

extension EntryType {
    /// What of an entry can be corrected later: slips of text and stated times. What somebody decided, signed or
    /// approved cannot; that is done anew.
    public var correctable: [Correctable] {
        switch self {
        case .caseOpened:
            [
                .init("title", "案由（检查事项）", .text), .init("caseNumber", "案号", .text),
                .init("startedAt", "紧急启动的时间", .instant),
            ]
        case .activityBegan:
            [.init("startAt", "开始时间", .instant), .init("place", "地点", .text), .init("persons", "在场人员", .text)]
        case .activityEnded: [.init("endAt", "结束时间", .instant), .init("note", "备注", .text)]
        case .findingRecorded:
            [
                .init("summary", "检查结果说明", .text), .init("recipient", "接收机关", .text),
                .init("outcome", "检查结果", .word(Finding.Outcome.allCases.map(\.rawValue))),
            ]
        case .statementRecorded:
            [
                .init("statedAt", "陈述时间", .instant), .init("name", "陈述人姓名", .text), .init("facts", "陈述的事实", .text),
                .init("reasons", "申辩的理由", .text), .init("evidence", "提出的证据", .text),
            ]
        case .statementReviewed: [.init("review", "复核情况", .text), .init("reason", "采纳或者不采纳的理由", .text)]
        case .documentServed:
            [
                .init("servedAt", "送达时间", .instant), .init("recipient", "受送达人", .text),
                .init("signatory", "签收人", .text), .init("relation", "签收人与受送达人的关系", .text),
                .init("place", "送达地点", .text),
            ]
        case .performanceRecorded:
            [
                .init("performedAt", "履行时间", .instant), .init("obligation", "应履行的内容", .text),
                .init("evidence", "履行凭证", .text),
            ]
        case .recordingLinked: [.init("note", "备注", .text)]
        case .caseEnded: [.init("reason", "终结说明", .text)]
        default: []
        }
    }

    /// A member that can be corrected.
    public struct Correctable: Hashable, Sendable {
        /// The member's name in the entry.
        public let name: String
        /// Its name on screens.
        public let label: String
        public let form: Form
        /// Whether its text is one line: a name, a place, a number.
        public var isLine: Bool {
            ["title", "caseNumber", "place", "name", "recipient", "signatory", "relation"].contains(name)
        }

        /// What stands in it.
        public enum Form: Hashable, Sendable {
            /// A field of text.
            case text
            /// A stated time.
            case instant
            /// One of these words.
            case word([String])
        }

        init(_ name: String, _ label: String, _ form: Form) {
            self.name = name
            self.label = label
            self.form = form
        }
    }
}
