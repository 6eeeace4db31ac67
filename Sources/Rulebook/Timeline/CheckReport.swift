import Casework
import Foundation
import Kernel

/// The judgement on a timeline: what `liuhen regulation check` prints.
public struct CheckReport: Sendable {
    /// Texts in force in it.
    public let rules: RulesInForce
    /// What the rules say of the history.
    public let evaluation: Evaluation
    /// The verdict on the proposed step; nil where none was proposed.
    public let verdict: StepVerdict?
    /// The instant of asking.
    public let at: Instant
    /// How many records were known.
    public let known: Int
    /// The names used in the timeline.
    public let names: TimelineNames
    /// What was taken for granted.
    public let notes: [String]

    /// Judges the first `known` records of a timeline, and then the step that it proposes.
    ///
    /// - Throws: a Chinese sentence: an unknown text, two versions on one day, more records than there are.
    public init(
        _ timeline: Timeline, texts: [RowHistory.TextInForce], base: RuleBase, known: Int? = nil, at: Instant? = nil
    ) throws(RuleBaseError) {
        let count = known ?? timeline.records.count
        guard (0...timeline.records.count).contains(count) else {
            throw RuleBaseError("时间线只有 \(timeline.records.count) 条记录，不能只看前 \(count) 条。")
        }
        let rules = try base.rules(texts)
        let history = Array(timeline.records.prefix(count))
        let last = history.map(\.recordedAt).max() ?? timeline.records.first?.recordedAt
        let asked = at ?? last ?? Instant(milliseconds: 0)
        self.rules = rules
        self.at = asked
        self.known = count
        evaluation = Evaluator.evaluate(
            history: history, rules: rules, calendar: base.calendar, settings: timeline.settings, asOf: asked)
        verdict = timeline.next.map {
            Evaluator.judge(
                step: $0, history: history, rules: rules, calendar: base.calendar, settings: timeline.settings)
        }
        names = timeline.names
        notes = timeline.notes + CheckReport.doubts(history, of: timeline, rules)
    }

    /// What makes an answer empty without anything being wrong: it must not look like a history that was kept.
    private static func doubts(_ history: [Record], of timeline: Timeline, _ rules: RulesInForce) -> [String] {
        let judged = history + (timeline.next ?? [])
        guard !judged.isEmpty else { return timeline.records.isEmpty ? ["时间线里没有记录"] : [] }
        return rules.spans.filter { span in !judged.contains { span.covers($0.happenedAt.day) } }.map { span in
            "《\(span.regulation.short)》在时间线的各条记录发生时都没有施行，没有据以判断"
        }
    }
}

extension Instant {
    /// RFC 3339 in China time with seconds and no fraction.
    var seconds: String { wholeSecond.description }
}
