import Casework
import Kernel

/// A history told in a file as the law reads it.
///
/// The rule: a told history is judged exactly as the product judges the same records (`Corrections.lawReading`): what was
/// corrected is read corrected, a document that another took the place of is void, a recording that no player reads has
/// no form.
struct ToldHistory {
    private let history: [Record]
    private let next: [Record]?

    init(_ history: [Record], next: [Record]?) {
        self.history = history
        self.next = next
    }

    func evaluation(
        _ rules: RulesInForce, _ calendar: WorkingDays, _ settings: Settings, asOf: Instant
    ) -> Evaluation {
        Evaluator.evaluate(
            history: Corrections.lawReading(history), rules: rules, calendar: calendar, settings: settings, asOf: asOf)
    }

    /// The verdict on the proposed step; nil where none is proposed. A correction that is proposed is read into what
    /// stands before it.
    func verdict(_ rules: RulesInForce, _ calendar: WorkingDays, _ settings: Settings) -> StepVerdict? {
        guard let next else { return nil }
        let read = Corrections.lawReading(history + next, proposed: next.count)
        return Evaluator.judge(
            step: Array(read.suffix(next.count)), history: Array(read.prefix(history.count)), rules: rules,
            calendar: calendar, settings: settings)
    }
}
