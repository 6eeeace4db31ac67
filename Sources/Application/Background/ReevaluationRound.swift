import Casework
import Kernel
import Ledger

/// Judges cases anew after the law changed: a calendar, a text adopted, repaired or repealed, a setting.
///
/// The rule: a case's rows are those of the newest law as soon as the mark is past it. The mark is kept in the same
/// transaction as the rows, so whenever we die the next round goes on with the case after the last that was judged; when
/// the law changes meanwhile, it begins anew. Steps go on all the time: a case that moved while it was judged is judged
/// again before the mark passes it.
public struct ReevaluationRound: Sendable {
    private let casebook: Casebook
    private let store: any ReevaluationStore
    /// For whom the judging stands aside.
    private let pages: PagesInHand

    /// How many cases are judged between two marks, where nobody says otherwise: their rows are one transaction, for
    /// which a step that comes meanwhile has to wait.
    public static let slice = 32
    /// Steps that began this long before a change may have been judged by the law before it, in milliseconds.
    private static let overlap: Int64 = 10 * 60_000

    /// A round over one bureau.
    public init(casebook: Casebook, store: any ReevaluationStore, pages: PagesInHand = .ofProcess) {
        self.casebook = casebook
        self.store = store
        self.pages = pages
    }

    /// Judges the next cases.
    ///
    /// - Returns: whether there may be more.
    @discardableResult
    public func run(limit: Int = ReevaluationRound.slice) async throws -> Bool {
        let (law, change) = try await casebook.chambers.lawAndChange()
        var mark = try await store.reevaluation() ?? ReevaluationMark(law: -1, at: casebook.now)
        if mark.law != change.seq { mark = ReevaluationMark(law: change.seq, at: casebook.now) }
        guard mark.phase != .done else { return false }
        let since = change.at.advanced(byMilliseconds: -ReevaluationRound.overlap)
        let threads = try await store.casesToReevaluate(mark.phase, since: since, after: mark.after, limit: limit)
        guard let last = threads.last else {
            mark.after = nil
            mark.phase = mark.phase == .open ? .others : .done
            if mark.phase == .done { mark.finishedAt = casebook.now }
            _ = try await store.refresh([], mark: mark)
            return mark.phase != .done
        }
        var left = threads
        mark.after = last
        mark.cases += threads.count
        while !left.isEmpty {
            try Task.checkCancellation()
            let refreshed = try await judged(left, by: law)
            mark.changed += refreshed.count { !$0.upserting.isEmpty || !$0.removing.isEmpty }
            left = try await store.refresh(refreshed, mark: mark)
            mark.changed -= refreshed.count {
                left.contains($0.thread) && !($0.upserting.isEmpty && $0.removing.isEmpty)
            }
        }
        return true
    }

    /// Judges cases on quiet threads, each with a part of them.
    private func judged(_ threads: [ThreadTag], by law: Law) async throws -> [RefreshedRows] {
        let size = (threads.count + QuietThread.width - 1) / QuietThread.width
        return try await withThrowingTaskGroup(of: [RefreshedRows].self) { group in
            for start in stride(from: 0, to: threads.count, by: max(1, size)) {
                let part = Array(threads[start..<min(start + size, threads.count)])
                group.addTask {
                    try await QuietThread.run {
                        try part.map { try judged($0, by: law) }
                    }
                }
            }
            var result: [RefreshedRows] = []
            for try await part in group { result += part }
            return result
        }
    }

    /// What of a case's rows comes out otherwise. Only what follows from the law is put in its place, and what waits for
    /// somebody, which an earlier program did not know; any other difference is a fault, and left for the rebuild to find. Case by case, and pages are let by in between, so that neither a processor
    /// nor a connection is held for long. Blocks.
    private func judged(_ thread: ThreadTag, by law: Law) throws -> RefreshedRows {
        pages.standAside()
        let own = try (store.entries(ofAll: [thread])[thread] ?? []).map { try Casebook.record($0.entry) }
        let recordings = ThreadRows.recordings(own)
        let others = recordings.isEmpty ? [:] : try store.entries(ofAll: recordings.uniqued())
        let linked = try recordings.flatMap { try (others[$0] ?? []).map { try Casebook.record($0.entry) } }
        pages.standAside()
        let rows = ThreadRows(law: law).rows(own, linked: linked)
        pages.standAside()
        let found = (try store.differences(from: [thread: rows])[thread] ?? []).filter {
            $0.key.table == .obligation || $0.key.table == .document || $0.key.isWaiting
        }
        return RefreshedRows(
            thread: thread, seq: own.count, upserting: found.compactMap(\.expected),
            removing: found.filter { $0.expected == nil }.map(\.key))
    }
}

extension ReevaluationRound {
    /// How far it came, for pages: nil where everything follows the law as it is.
    public func standing() async throws -> ReevaluationStanding? {
        let (_, change) = try await casebook.chambers.lawAndChange()
        let mark = try await store.reevaluation()
        if let mark, mark.law == change.seq, mark.phase == .done { return nil }
        var filter = CaseFilter()
        filter.pageSize = 1
        let all = try await casebook.registers.cases(filter).total
        filter.state = .filed
        let filed = try await casebook.registers.cases(filter).total
        let current = mark?.law == change.seq ? mark : nil
        return ReevaluationStanding(
            changedAt: change.at, phase: current?.phase ?? .open, cases: current?.cases ?? 0, open: all - filed,
            all: all)
    }
}

/// How far judging anew has come.
public struct ReevaluationStanding: Hashable, Sendable {
    /// When the law changed.
    public let changedAt: Instant
    public let phase: ReevaluationMark.Phase
    /// Cases judged so far.
    public let cases: Int
    /// Cases that are not filed.
    public let open: Int
    /// All cases.
    public let all: Int

    /// A sentence for the administrator.
    public var chinese: String {
        switch phase {
        case .open:
            "规则在\(changedAt.chinese)有变更，正在按新的规则重新计算在办案件的应办事项和期限：已计算 \(min(cases, open)) 件，共 \(open) 件。计算期间可以照常办案。"
        case .others, .done:
            "规则在\(changedAt.chinese)有变更，在办案件 \(open) 件已经重新计算，正在核对已归档的案件：已计算 \(min(cases, all)) 件，共 \(all) 件。"
        }
    }
}
