import Casework
import Kernel
import Synchronization

/// What the law says of cases, kept while they grow: after a new entry only what it touches is judged (ADR 0020).
///
/// The rule: every answer equals `Law.evaluate` of the same history. What is kept belongs to one law, and only to what
/// stands in the ledger: a step that is tried is judged on a copy, since it may be refused. A change of the law, a
/// destroyed value or an order that is another makes it begin anew. Nothing depends on it; it is lost with the process.
public final class JudgedCases: Sendable {
    private let kept = Mutex(Kept())

    /// How many cases are kept, and how many entries of one at most: some hundred kilobytes each, some megabytes at the
    /// longest.
    public static let bound = 16
    public static let longest = 2000

    /// Nothing yet.
    public init() {}

    private struct Kept {
        var cases: [ThreadTag: Held] = [:]
        /// Grows with every use.
        var turn = 0
    }

    private struct Held {
        let law: Law.Identity
        let marks: [Mark]
        let progress: EvaluationProgress
        var used: Int
    }

    /// What tells an entry as it was read: its bytes are those of its place, but for values that were destroyed since.
    private struct Mark: Hashable {
        let thread: ThreadTag
        let seq: Int
        let fields: Int

        init(_ record: Record) {
            thread = record.thread
            seq = record.seq
            fields = record.fields.count
        }
    }

    /// What the law says of a history.
    ///
    /// - Parameters:
    ///   - thread: the case.
    ///   - isRecorded: whether all of the history stands in the ledger.
    ///   - grows: whether the case is at hand. What is filed is looked at and hardly grows: it would drive others out, and
    ///     the plain evaluation takes less than one that is ready to grow.
    public func evaluation(
        of thread: ThreadTag, _ history: [Record], by law: Law, isRecorded: Bool = true, grows: Bool = true
    ) -> Evaluation {
        guard history.count <= JudgedCases.longest else { return law.evaluate(history) }
        let marks = history.map { Mark($0) }
        let held = kept.withLock { $0.cases[thread] }
        guard let held, held.law === law.identity, marks.starts(with: held.marks) else {
            guard isRecorded, grows else { return law.evaluate(history) }
            let progress = law.progress(history)
            keep(Held(law: law.identity, marks: marks, progress: progress, used: 0), of: thread)
            return law.withoutOverrides(progress.evaluation)
        }
        let added = Array(history.dropFirst(held.marks.count))
        var progress = held.progress
        if Corrections.changeEarlier(added, after: held.marks.count, of: history) {
            progress = law.progress(history)
        } else if !added.isEmpty {
            progress.append(Corrections.lawReading(added))
        }
        if isRecorded { keep(Held(law: law.identity, marks: marks, progress: progress, used: 0), of: thread) }
        return law.withoutOverrides(progress.evaluation)
    }

    /// How many cases are kept now.
    public var count: Int { kept.withLock { $0.cases.count } }

    private func keep(_ held: Held, of thread: ThreadTag) {
        // What goes is some thousand objects: it is let go of when nobody waits for the lock any more.
        let gone = kept.withLock { kept -> [Held?] in
            kept.turn += 1
            var held = held
            held.used = kept.turn
            var gone = [kept.cases.updateValue(held, forKey: thread)]
            // Of another law nothing is of use.
            for other in kept.cases.filter({ $0.value.law !== held.law }).keys {
                gone.append(kept.cases.removeValue(forKey: other))
            }
            while kept.cases.count > JudgedCases.bound,
                let oldest = kept.cases.min(by: { $0.value.used < $1.value.used })?.key
            {
                gone.append(kept.cases.removeValue(forKey: oldest))
            }
            return gone
        }
        withExtendedLifetime(gone) {}
    }
}

extension Law {
    /// Tells one reading of the bureau's thread from another.
    final class Identity: Sendable {}

    /// A history ready to grow.
    func progress(_ history: [Record]) -> EvaluationProgress {
        EvaluationProgress(
            reading(history), plan: EvaluationPlan(rules), calendar: calendar, settings: settings)
    }
}

extension Casebook {
    /// What the law says of a case.
    public func evaluation(of view: CaseView, by law: Law) -> Evaluation {
        judged.evaluation(of: view.work.thread, view.history, by: law, grows: !view.work.isFiled)
    }
}
