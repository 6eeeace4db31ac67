import Casework
import Kernel

/// The kind of a case whose opening does not tell it, as a told history shows it.
///
/// Most of what the law asks of a case depends on its kind, so that an opening without one would be judged as if nothing
/// were asked. What was filled in causes duties and meets none: of what was to be told itself, nothing is told.
struct UntoldKind {
    /// The kind that openings without one are read with; nil where every opening tells its kind.
    private let kind: String?

    init(_ records: [Record]) {
        let openings = records.filter { $0.type == .caseOpened }
        guard openings.contains(where: { $0.word("kind") == nil }) else {
            kind = nil
            return
        }
        // Without a word about it the case is read as the kind of which most is asked: a gap opens no gate.
        kind =
            records.contains(where: UntoldKind.isOfPenalties) || !records.contains(where: UntoldKind.isOfInspections)
            ? "penalty" : "inspection"
    }

    /// The records with the kind in openings that tell none.
    func filled(_ records: [Record]) -> [Record] {
        guard let kind else { return records }
        return records.map { record in
            guard record.type == .caseOpened, record.word("kind") == nil else { return record }
            var record = record
            record.plain = .object((record.plain.members ?? []) + [.init("kind", .string(kind))])
            return record
        }
    }

    /// The evaluation of the filled records, save what is only met by what was filled in.
    ///
    /// - Parameter bare: that of the records as they are told.
    func evaluation(_ filled: Evaluation, bare: @autoclosure () -> Evaluation) -> Evaluation {
        guard kind != nil else { return filled }
        let told = Dictionary(bare().obligations.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        var result = filled
        result.obligations = filled.obligations.map { one in
            guard one.state == .met || one.state == .metLate, let other = told[one.key], other.state == .open else {
                return one
            }
            return other
        }
        return result
    }

    /// What a reader is told of it.
    var notes: [String] {
        switch kind {
        case "inspection": ["“开立案件”没有写 kind（案件种类），从其他记录看按行政检查判断；是行政处罚的，请写明 kind: penalty"]
        case .some: ["“开立案件”没有写 kind（案件种类），按行政处罚判断；是行政检查的，请写明 kind: inspection"]
        case nil: []
        }
    }

    /// Whether a record belongs to penalties.
    private static func isOfPenalties(_ record: Record) -> Bool {
        switch record.type {
        case .caseOpened: record.word("procedure") != nil
        case .decisionDrafted: !["noPenalty", "withdraw", "transfer"].contains(record.word("outcome") ?? "")
        case .documentFixed: record.word("kind").map(penaltyPapers.contains) ?? false
        default: penaltyActs.contains(record.type)
        }
    }

    private static let penaltyActs: Set<EntryType> = [
        .decisionApproved, .rightsNotified, .hearingRequested, .hearingHeld, .reviewSubmitted, .summaryRecorded,
        .summaryFiled, .fineCollected, .fineRemitted, .instalmentApproved,
    ]
    private static let penaltyPapers: Set<String> = [
        "procedure-initiation-approval", "rights-notice", "hearing-notice", "decision-drafting-record",
        "penalty-decision",
        "summary-penalty-decision", "summary-procedure-record", "summary-decision-filing", "on-the-spot-fine-record",
    ]

    /// Whether records of a type stand in the thread of a case.
    static func isOfCases(_ type: EntryType) -> Bool { type.home == .caseFile }

    /// Whether a record belongs to inspections, where nothing belongs to penalties.
    private static func isOfInspections(_ record: Record) -> Bool {
        switch record.type {
        case .caseOpened: record.word("source").map { ["plan", "draw"].contains($0) } ?? (record.word("draw") != nil)
        case .findingRecorded: true
        case .caseEnded: record.word("ground") == "nothingFound"
        default: false
        }
    }
}
