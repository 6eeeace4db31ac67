import Casework
import Kernel

/// What a case or a lead waits for from somebody else, and no text makes a duty (等候他人办理的事项): the next step of the
/// internal chain, the decision on a correction, the confirmation of what another recorded, the review of a complaint.
///
/// It stands among the projections as a claim, so that a work list loads no case for it (ADR 0054): one claim for each
/// thing and desk, given up with the word that it waits for.
public struct PendingWord: Hashable, Sendable {
    /// The case or lead.
    public let thread: ThreadTag
    /// What is to be done.
    public let matter: Matter
    /// The entry that waits.
    public let seq: Int
    /// Since when.
    public let since: Instant
    /// Whose word it waits for.
    public let desk: Desk
    /// What a step of the chain is about, as a word of `approval.stepped`; the type of the entry whose time was turned down;
    /// empty for other matters.
    public let about: String
    /// Who may not give it, whatever their office: who proposed, recorded, or had a part (invariant 8).
    public let barred: Set<ThreadTag>

    /// What is to be done.
    public enum Matter: String, Hashable, Sendable, CaseIterable {
        /// 内部审批：审核
        case chainReview
        /// 内部审批：批准
        case chainApproval
        /// 决定更正申请
        case correction
        /// 核对送达
        case service
        /// 核对履行凭证
        case performance
        /// 核对依法保密的资料
        case secrecy
        /// A file whose class was turned down: a handler takes it in anew in the right one.
        case returnedFile
        /// 核对执法活动的时间
        case activity
        /// 核对陈述申辩的时间
        case statement
        /// A time that was turned down: a handler asks for its correction.
        case returnedTime
        /// 登记简易程序备案
        case summaryFiling
        /// 审查投诉举报
        case leadReview

        /// What is to be done, in words.
        public var chinese: String {
            switch self {
            case .chainReview: "内部审批：审核"
            case .chainApproval: "内部审批：批准"
            case .correction: "决定更正申请"
            case .service: "核对送达"
            case .performance: "核对履行凭证"
            case .secrecy: "核对依法保密的资料"
            case .returnedFile: "保密归类被退回，按正确的类别重新上传"
            case .activity: "核对执法活动的时间"
            case .statement: "核对陈述申辩的时间"
            case .returnedTime: "时间核对被退回，查明后申请更正"
            case .summaryFiling: "登记简易程序备案"
            case .leadReview: "审查投诉举报"
            }
        }
    }

    /// Where it lies: with whoever holds an office, or with one person.
    public enum Desk: Hashable, Sendable {
        case reviewers, heads, superiors
        case person(ThreadTag)
    }
}

extension PendingWord.Desk {
    /// The desks of offices.
    static let offices: [PendingWord.Desk] = [.reviewers, .heads, .superiors]

    /// The desks at which somebody sits.
    static func desks(of person: PersonRow) -> [PendingWord.Desk] {
        offices.filter { $0.roles.contains(where: person.roles.contains) } + [.person(person.thread)]
    }

    /// The offices, any of which will do; none for the desk of one person.
    public var roles: [Role] {
        switch self {
        case .reviewers: StepTaker.reviewer.roles
        case .heads: StepTaker.head.roles
        case .superiors: StepTaker.superior.roles
        case .person: []
        }
    }

    /// How keys of claims begin.
    var word: String {
        switch self {
        case .reviewers: "reviewers"
        case .heads: "heads"
        case .superiors: "superiors"
        case .person(let tag): tag.description
        }
    }

    init?(_ word: String) {
        if let office = Self.offices.first(where: { $0.word.utf8.elementsEqual(word.utf8) }) {
            self = office
        } else if let tag = ThreadTag(word) {
            self = .person(tag)
        } else {
            return nil
        }
    }
}

extension PendingWord {
    /// `<desk>/<since>/<thread>/<seq>/<matter>/<about>/<barred>`: in the order of time at each desk. Each who is barred
    /// stands there as `-<person>`, so that a read leaves out what is not theirs.
    public var claim: ClaimRow {
        let time = String(since.milliseconds)
        let key = [
            desk.word, String(repeating: "0", count: max(0, 14 - time.utf8.count)) + time, thread.description,
            String(seq),
            matter.rawValue, about, barred.map(PendingWord.bar).sorted().joined(),
        ]
        return ClaimRow(thread: thread, kind: .pendingWord, key: key.joined(separator: "/"))
    }

    /// What a claim says; nil where it is another's kind.
    public init?(_ claim: ClaimRow) {
        let parts = claim.key.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard claim.kind == .pendingWord, parts.count == 7, let desk = Desk(parts[0]), let time = Int64(parts[1]),
            let seq = Int(parts[3]), let matter = Matter(rawValue: parts[4])
        else { return nil }
        self.init(
            thread: claim.thread, matter: matter, seq: seq, since: Instant(milliseconds: time), desk: desk,
            about: parts[5], barred: Set(parts[6].split(separator: "-").compactMap { ThreadTag(String($0)) }))
    }

    /// How somebody who is barred stands in a key.
    static func bar(_ person: ThreadTag) -> String { "-\(person)" }

    /// Whether this person may give the word.
    public func isOpen(to person: PersonRow) -> Bool {
        Desk.desks(of: person).contains(desk) && !barred.contains(person.thread)
    }
}

extension PendingWord {
    /// What a case waits for.
    ///
    /// - Parameter records: those of its own thread, in order.
    public static func words(in work: Case, _ records: [Record]) -> [PendingWord] {
        guard !work.isFiled else { return [] }
        let handlers = Set(work.handlers)
        let corrections = work.corrections.filter { $0.state == .proposed }.compactMap { correction in
            records.first { $0.seq == correction.seq }.map { asked in
                PendingWord(
                    asked, .correction, at: .heads, barring: handlers.union([correction.by].compactMap { $0 }))
            }
        }
        guard work.ending == nil else {
            // What came in after the end is kept back on one person's word as well.
            return corrections
                + work.awaited.filter { $0.type == .recordingLinked }.flatMap { confirmations(of: $0, work, records) }
        }
        return corrections + chain(records, handlers) + work.awaited.flatMap { confirmations(of: $0, work, records) }
            + filing(work, records)
    }

    /// A decision on the spot waits for a head who had no part in it to file it with the agency (zhaoxian-2017:21).
    private static func filing(_ work: Case, _ records: [Record]) -> [PendingWord] {
        let course = CaseCourse(work: work, records: records)
        guard course.isSummary, !course.isFiledWithAgency, let issue = work.decision?.issue,
            let issued = records.first(where: { $0.seq == issue.seq })
        else { return [] }
        return [PendingWord(issued, .summaryFiling, at: .superiors, barring: StepTaker.involved(in: work))]
    }

    /// The oldest step of each matter of the chain that waits for the next.
    private static func chain(_ records: [Record], _ handlers: Set<ThreadTag>) -> [PendingWord] {
        let chain = InternalChain(records)
        func words(_ matter: Matter, _ step: String, after before: String, at desk: Desk) -> [PendingWord] {
            var seen: Set<String> = []
            return chain.waiting(for: step, after: before).compactMap { one in
                guard let about = one.word("about"), seen.insert(about).inserted else { return nil }
                let others = [one.stepper, matter == .chainApproval ? chain.proposer(before: one) : nil].compactMap {
                    $0
                }
                return PendingWord(one, matter, at: desk, about: about, barring: handlers.union(others))
            }
        }
        return words(.chainReview, "reviewer", after: "handler", at: .reviewers)
            + words(.chainApproval, "approver", after: "reviewer", at: .heads)
    }

    /// What somebody else has to confirm, or what a handler has to mend after it was turned down.
    private static func confirmations(
        of awaited: AwaitedRecord, _ work: Case, _ records: [Record]
    ) -> [PendingWord] {
        guard let record = records.first(where: { $0.seq == awaited.seq }) else { return [] }
        let involved = StepTaker.involved(in: work).union([awaited.by].compactMap { $0 })
        let matter: Matter =
            switch awaited.type {
            case .activityBegan: .activity
            case .statementRecorded: .statement
            case .performanceRecorded: .performance
            case .recordingLinked: .secrecy
            default: .service
            }
        let isReturned = records.contains {
            Confirmations.target(of: $0) == awaited.seq && $0.word("result") == "returned"
        }
        if matter == .activity || matter == .statement, isReturned {
            // Until a handler asks for a correction it is theirs; then it is the head's.
            guard !work.corrections.contains(where: { $0.target == awaited.seq && $0.state == .proposed }) else {
                return []
            }
            return work.handlers.map {
                PendingWord(record, .returnedTime, at: .person($0), about: awaited.type.rawValue, barring: [])
            }
        }
        if matter == .secrecy {
            guard isReturned else { return [PendingWord(record, .secrecy, at: .heads, barring: involved)] }
            // Whether it came in anew is not told by this thread alone: any later file may be it.
            guard !work.recordings.contains(where: { $0.seq > awaited.seq }) else { return [] }
            return work.handlers.map { PendingWord(record, .returnedFile, at: .person($0), barring: []) }
        }
        let above = PendingWord(record, matter, at: .superiors, barring: involved)
        guard awaited.proof != nil else { return [above] }
        return [above]
            + work.handlers.filter { $0 != awaited.by }.map {
                PendingWord(record, matter, at: .person($0), barring: [])
            }
    }

    /// What a lead waits for: a complaint that is examined waits for the word of a head (zhaoxian-2017:9).
    ///
    /// - Parameter records: those of its thread, in order.
    public static func words(in file: LeadFile, _ records: [Record]) -> [PendingWord] {
        guard file.kind == .complaint, !file.isClosed, file.startedCase == nil, file.review == nil,
            let accepted = records.last(where: { $0.type == .leadAccepted })
        else { return [] }
        let verified = records.last { $0.type == .leadVerified }
        guard let last = verified ?? (accepted.word("outcome") == "notAccepted" ? accepted : nil) else { return [] }
        return [
            PendingWord(
                max(accepted.seq, last.seq) == last.seq ? last : accepted, .leadReview, at: .superiors, barring: [])
        ]
    }

    private init(
        _ record: Record, _ matter: Matter, at desk: Desk, about: String = "", barring barred: Set<ThreadTag>
    ) {
        self.init(
            thread: record.thread, matter: matter, seq: record.seq, since: record.recordedAt, desk: desk, about: about,
            barred: barred)
    }
}

extension Casebook {
    /// What waits for this person, oldest first, at most `limit` of each desk.
    public func pendingWords(for person: PersonRow, limit: Int) async throws(StoreError) -> [PendingWord] {
        var words: [PendingWord] = []
        for desk in PendingWord.Desk.desks(of: person) {
            words += try await registers.claims(
                of: .pendingWord, under: desk.word, without: PendingWord.bar(person.thread), limit: limit
            ).compactMap(PendingWord.init)
        }
        func rank(_ word: PendingWord) -> (Instant, String, Int) { (word.since, word.thread.description, word.seq) }
        return words.sorted { rank($0) < rank($1) }
    }
}
