import Casework
import Kernel

/// Computes the rows of a thread from its records: the whole meaning of the projections.
///
/// The same function serves a step (before and after) and a rebuild, so both agree by construction.
public struct Projector: Sendable {
    private let law: Law
    /// Evaluations that are kept while cases grow; nil to judge all of each history.
    private let judged: JudgedCases?
    /// Whether the records stand in the ledger.
    private let isRecorded: Bool

    /// A projector under the law of a bureau.
    public init(law: Law) {
        self.init(law: law, judged: nil, isRecorded: true)
    }

    /// The same with what is kept of cases at hand.
    init(law: Law, judged: JudgedCases?, isRecorded: Bool) {
        self.law = law
        self.judged = judged
        self.isRecorded = isRecorded
    }

    /// The rows of one thread.
    ///
    /// - Parameters:
    ///   - records: all records of the thread, in order.
    ///   - linked: for a case, the records of its recordings' threads.
    public func rows(thread records: [Record], linked: [Record] = []) -> [ProjectionRow] {
        switch records.first?.type {
        case .caseOpened: caseRows(records, linked: linked)
        case .personRegistered: PersonRow.rows(records)
        case .subjectRegistered: SubjectRow.rows(records)
        case .recordingImported: RecordingRow.rows(records)
        case .leadReceived, .applicationRegistered: leadRows(records)
        case .requestMade: requestRows(records)
        default: []
        }
    }

    /// A lead stands in the register of files like a case, under its own kind, with what the law asks of it.
    private func leadRows(_ records: [Record]) -> [ProjectionRow] {
        guard let file = LeadFile(records) else { return [] }
        return [.caseFile(CaseRow(file))] + file.documents.flatMap { papers($0, of: file) }
            + PendingWord.words(in: file, records).map { .claim($0.claim) }
            + law.obligations(of: file.thread, history: records).map { .obligation($0) }
    }

    /// A paper of a lead stands in the register of documents, and its number is taken as one of a case's is.
    private func papers(_ document: CaseDocument, of file: LeadFile) -> [ProjectionRow] {
        let places = law.library.kind(of: document)?.places(for: document.data ?? .object([])) ?? []
        let isComplete = places.allSatisfy { !$0.isRequired || document.slots[$0.name] != nil }
        return [.document(DocumentRow(document, of: file.thread, isComplete: isComplete))]
            + (numberClaim(of: document, in: file.thread).map { [$0] } ?? [])
    }

    /// What keeps the number of an issued document from being given once more; nil for one without a number.
    private func numberClaim(of document: CaseDocument, in thread: ThreadTag) -> ProjectionRow? {
        guard let issue = document.issue, let year = issue.year, let number = issue.number else { return nil }
        return .claim(
            ClaimRow(thread: thread, kind: .documentNumber, key: "\(document.kind)/\(year)/\(number)"))
    }

    /// So does a request to consult or copy.
    private func requestRows(_ records: [Record]) -> [ProjectionRow] {
        guard let file = RequestFile(records) else { return [] }
        return [.caseFile(CaseRow(file))]
            + law.obligations(of: file.thread, history: records).map { .obligation($0) }
    }

    private func caseRows(_ records: [Record], linked: [Record]) -> [ProjectionRow] {
        guard let work = Case(records) else { return [] }
        var rows: [ProjectionRow] = [.caseFile(CaseRow(work))]
        for document in work.documents {
            rows.append(.document(DocumentRow(document, in: work, openSlots: law.openSlots(of: document, in: work))))
            if let claim = numberClaim(of: document, in: work.thread) { rows.append(claim) }
        }
        if let finding = work.foundBy {
            let key = "\(finding.thread)/\(finding.seq)"
            rows.append(.claim(ClaimRow(thread: work.thread, kind: .findingLed, key: key)))
        }
        if let drafting = work.drafting, work.awaitsUnitReview {
            let key = "\(drafting.unitReviewer)/\(work.thread)"
            rows.append(.claim(ClaimRow(thread: work.thread, kind: .unitReview, key: key)))
        }
        rows += PendingWord.words(in: work, records).map { .claim($0.claim) }
        if let number = work.caseNumber.map({ CaseNumber.key($0) }), !number.isEmpty {
            rows.append(.claim(ClaimRow(thread: work.thread, kind: .caseNumber, key: number)))
        }
        let history = CaseView.merged(records, linked)
        let evaluation =
            judged?.evaluation(of: work.thread, history, by: law, isRecorded: isRecorded) ?? law.evaluate(history)
        return rows + evaluation.obligations.map { .obligation(ObligationRow($0, in: work.thread)) }
    }
}

extension CaseRow {
    /// The row of a case.
    init(_ work: Case) {
        self.init(
            thread: work.thread, kind: work.kind.rawValue, title: work.title ?? "", subject: work.subject,
            subjectName: work.subjectName ?? "", handlers: work.handlers, stage: work.stage, state: work.state,
            openedAt: work.openedAt, endedAt: work.ending?.at, filedAt: work.filedAt, lastAt: work.lastAt,
            entries: work.entries)
    }
}

extension CaseRow {
    /// The row of a lead. Its applicant stands where a case has its party; a reporter stands nowhere.
    init(_ file: LeadFile) {
        self.init(
            thread: file.thread, kind: CaseRow.leadKind, title: file.title, subject: file.thread,
            subjectName: file.applicant ?? file.about ?? "", handlers: file.handlers,
            stage: file.isClosed ? .filing : .initiation,
            state: file.isClosed ? .filed : file.startedCase != nil ? .ended : .open, openedAt: file.openedAt,
            endedAt: nil, filedAt: file.closedAt, lastAt: file.lastAt, entries: file.entries)
    }
}

extension CaseRow {
    /// The row of a request. Its stage says what it waits for; its subject is the case that it is about.
    init(_ file: RequestFile) {
        let state: State =
            switch file.standing {
            case .closed: .filed
            case .receipted, .refused, .withdrawn: .ended
            default: .open
            }
        self.init(
            thread: file.thread, kind: CaseRow.requestKind, title: file.title,
            subject: file.caseThread ?? file.thread, subjectName: file.applicant ?? "", handlers: file.handlers,
            stage: file.standing.stage, state: state, openedAt: file.openedAt, endedAt: nil, filedAt: file.closedAt,
            lastAt: file.lastAt, entries: file.entries)
    }
}

extension DocumentRow {
    /// The row of a lead's paper. Its places are signed on the sheet that is handed out, so nobody's work list waits for
    /// them.
    init(_ document: CaseDocument, of lead: ThreadTag, isComplete: Bool) {
        self.init(
            id: document.id, caseThread: lead, kind: document.kind,
            state: document.isVoid ? .void : document.issue != nil ? .issued : isComplete ? .signed : .fixed,
            fixedAt: document.fixedAt, issuedAt: document.issue?.at, year: document.issue?.year,
            number: document.issue?.number, numberText: document.issue?.numberText ?? "", openSlots: [])
    }

    /// The row of a document.
    init(_ document: CaseDocument, in work: Case, openSlots: [String]) {
        let state: State =
            if document.isVoid {
                .void
            } else if let correction = document.correction {
                correction.manner == .supersedes ? .superseded : .corrected
            } else {
                document.issue != nil ? .issued : openSlots.isEmpty ? .signed : .fixed
            }
        self.init(
            id: document.id, caseThread: work.thread, kind: document.kind, state: state, fixedAt: document.fixedAt,
            issuedAt: document.issue?.at, year: document.issue?.year, number: document.issue?.number,
            numberText: document.issue?.numberText ?? "", openSlots: openSlots)
    }
}

extension CaseView {
    /// The records of a case and of its recordings in the order in which they were recorded.
    ///
    /// At equal times a recording's records come first: the case's link names them.
    static func merged(_ records: [Record], _ linked: [Record]) -> [Record] {
        guard !linked.isEmpty, let own = records.first?.thread else { return records }
        func rank(_ record: Record) -> (Instant, Int, Int) {
            (record.recordedAt, record.thread == own ? 1 : 0, record.seq)
        }
        return (records + linked).sorted { rank($0) < rank($1) }
    }
}
