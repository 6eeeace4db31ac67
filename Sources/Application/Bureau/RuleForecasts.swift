import Casework
import Kernel

/// Compares open cases under the rules as they are and as they would be, off the request's way.
///
/// One comparison is kept in memory: that of the newest change that somebody looked at, for the bureau's thread as it was
/// then. Nothing depends on it; whenever we die, the next look begins anew.
public actor RuleForecasts {
    private let casebook: Casebook
    private let store: (any ReevaluationStore)?
    private var known: (key: Key, forecast: RuleForecast, task: Task<Void, Never>)?

    /// Up to so many open cases a look waits for the whole answer.
    public static let few = 100

    private struct Key: Hashable {
        let act: RuleAct
        let members: [UInt8]
        /// Entries of the bureau's thread.
        let seq: Int
    }

    /// Forecasts for one bureau.
    public init(casebook: Casebook, store: (any ReevaluationStore)?) {
        self.casebook = casebook
        self.store = store
    }

    /// What a change would do, so far as it is known: all of it where few cases are open, else what was compared until
    /// now; a later look finds more.
    ///
    /// - Parameter members: the members of the entry that would carry the change out.
    public func forecast(of act: RuleAct, _ members: [JSON.Member]) async throws -> RuleForecast {
        let records = try await casebook.chambers.records()
        let key = Key(act: act, members: JSON.object(members).canonicalBytes, seq: records.count)
        if known?.key != key {
            let before = try await casebook.chambers.law()
            let after = try casebook.law(after: act, members, history: records, library: before.library)
            let open = try await casebook.openFiles(ofAllKinds: store != nil)
            known?.task.cancel()
            let task = Task { await self.compare(key, before, after) }
            known = (key, RuleForecast(open: open), task)
        }
        guard let known, known.key == key else { return RuleForecast() }
        if known.forecast.open <= RuleForecasts.few { await known.task.value }
        return self.known?.key == key ? self.known?.forecast ?? known.forecast : known.forecast
    }

    private func compare(_ key: Key, _ before: Law, _ after: Law) async {
        do {
            var last: ThreadTag?
            var page = 1
            while !Task.isCancelled {
                let threads = try await next(after: last, page: page)
                guard let end = threads.last else { break }
                for thread in threads {
                    try Task.checkCancellation()
                    try await compare(thread, key, before, after)
                }
                last = end
                page += 1
            }
            guard known?.key == key else { return }
            known?.forecast.isComplete = true
        } catch is CancellationError {
            return
        } catch {
            guard known?.key == key else { return }
            known?.forecast.fault = "没有比较完：\((error as? StepRefusal)?.message ?? "系统出现故障，请稍后再看")"
        }
    }

    private func compare(_ thread: ThreadTag, _ key: Key, _ before: Law, _ after: Law) async throws {
        // What is open may be a lead or a request, which has no recordings and is no case.
        let (own, linked) = try await casebook.records(of: thread)
        let history = CaseView.merged(own, linked)
        let changes = RuleForecast.changes(from: before.evaluate(history), to: after.evaluate(history))
        let row = changes.isEmpty ? nil : try await casebook.registers.caseFile(thread)
        guard known?.key == key else { throw CancellationError() }
        known?.forecast.add(changes, row: row, at: casebook.now)
    }

    /// The next open cases: by their threads where the store can, else by the register's pages.
    private func next(after last: ThreadTag?, page: Int) async throws -> [ThreadTag] {
        if let store {
            return try await store.casesToReevaluate(
                .open, since: Instant(milliseconds: 0), after: last, limit: 100)
        }
        var filter = CaseFilter()
        filter.sort = .oldest
        filter.page = page
        filter.pageSize = 100
        let rows = try await casebook.registers.cases(filter).rows
        // A page without open cases is not the end.
        guard rows.contains(where: { $0.state != .filed }) || rows.isEmpty else {
            return try await next(after: last, page: page + 1)
        }
        return rows.filter { $0.state != .filed }.map(\.thread)
    }
}

extension Casebook {
    /// The law as it would be after a change of the rules.
    func law(
        after act: RuleAct, _ members: [JSON.Member], history: [Record], library: RuleLibrary
    ) throws(StepRefusal) -> Law {
        guard let thread = history.first?.thread else { throw StepRefusal(.fault, "机关还没有建立。") }
        let record = Record(
            thread: thread, seq: history.count + 1, type: act.entryType, recordedAt: now, plain: .object(members),
            // A higher rule counts only if it is named.
            fieldNames: act == .override ? ["article", "higherRule", "value"] : [])
        guard let profile = BureauProfile(history + [record]) else {
            throw StepRefusal(.fault, "这些记录不是从一个机关开始的。")
        }
        return try Law(library: library, bureau: profile, history: history + [record])
    }

    /// How many cases, and leads and requests where those are looked at too, are not filed.
    func openFiles(ofAllKinds: Bool) async throws(StoreError) -> Int {
        var open = 0
        let kinds: [String?] = ofAllKinds ? [nil, CaseRow.leadKind, CaseRow.requestKind] : [nil]
        for kind in kinds {
            var filter = CaseFilter()
            filter.kind = kind
            filter.pageSize = 1
            let all = try await registers.cases(filter).total
            filter.state = .filed
            open += all - (try await registers.cases(filter).total)
        }
        return open
    }
}
