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
        let history = Array(timeline.records.prefix(count))
        // A text that is named twice alike is one text: joining it with itself adds nothing.
        var once: [RowHistory.TextInForce] = []
        for text in texts where !once.contains(text) { once.append(text) }
        let texts = once
        let rules = try ToldAdoptions(history).filled(base.rules(texts), asked: texts)
        let last = history.map(\.recordedAt).max() ?? timeline.records.first?.recordedAt
        let asked = at ?? last ?? Instant(milliseconds: 0)
        self.rules = rules
        self.at = asked
        self.known = count
        let untold = UntoldKind(history)
        let proposing = UntoldKind(history + (timeline.next ?? []))
        evaluation = untold.evaluation(
            ToldHistory(untold.filled(history), next: nil)
                .evaluation(rules, base.calendar, timeline.settings, asOf: asked),
            bare: ToldHistory(history, next: nil).evaluation(rules, base.calendar, timeline.settings, asOf: asked))
        verdict = ToldHistory(proposing.filled(history), next: timeline.next.map(proposing.filled))
            .verdict(rules, base.calendar, timeline.settings)
        names = timeline.names
        notes =
            timeline.notes + (timeline.next == nil ? untold : proposing).notes + CheckReport.unopened(history)
            + CheckReport.doubts(history, of: timeline, rules) + CheckReport.strays(history, rules, base)
            + CheckReport.unasked(timeline, rules)
    }

    /// Records that name what nothing here asks: they change nothing, and must not be passed over without a word.
    private static func strays(_ history: [Record], _ rules: RulesInForce, _ base: RuleBase) -> [String] {
        let rows = Set(rules.spans.flatMap(\.regulation.provisions).map(\.id))
        let matters = Set(
            rules.spans.flatMap(\.regulation.provisions).flatMap(\.duties)
                .filter { $0.timing.term != nil }.map(\.matter))
        var result: [String] = []
        for record in history {
            switch record.type {
            case .ruleOverridden:
                guard let row = record.word("provision"), !rows.contains(row) else { continue }
                result.append("“适用上位规定”所指的条款“\(row.short)”不在所用的制度里，没有改变什么")
            case .termSuspended, .termResumed, .termExtended, .termRestarted:
                guard let matter = record.word("matter"), !matters.contains(matter) else { continue }
                let title = base.library.matters[matter].map { "“\($0.title)”（\(matter)）" } ?? "“\(matter.short)”"
                result.append("“\(record.type.chinese)”所指的事项\(title)在所用的制度里没有期限，没有改变什么")
            default: continue
            }
        }
        return Array(result.prefix(RecordReader.noteLimit))
    }

    /// Settings and offices of texts that are not asked, and a step that holds no record: nothing reads them.
    private static func unasked(_ timeline: Timeline, _ rules: RulesInForce) -> [String] {
        let texts = rules.spans.map(\.regulation)
        let settings = Set(texts.flatMap(\.settings).map(\.name))
        let offices = Set(texts.flatMap(\.offices).map(\.name))
        let strange =
            timeline.settings.values.keys.filter { !settings.contains($0) }.sorted().map { "设置“\($0)”" }
            + timeline.settings.offices.keys.filter { !offices.contains($0) }.sorted().map { "职位“\($0)”" }
        return strange.map { "\($0)不在所用的制度里，没有改变什么" }
            + (timeline.next?.isEmpty == true ? ["next 里没有记录：没有提出下一步，没有据以判断"] : [])
    }

    /// A case that nothing opens: what is asked of a case as a whole begins with its opening.
    private static func unopened(_ history: [Record]) -> [String] {
        guard !history.contains(where: { $0.type == .caseOpened }),
            history.contains(where: { UntoldKind.isOfCases($0.type) })
        else { return [] }
        return ["时间线里没有“开立案件”（case.opened）：因开立案件产生的义务没有据以判断"]
    }

    /// What makes an answer empty without anything being wrong: it must not look like a history that was kept.
    private static func doubts(_ history: [Record], of timeline: Timeline, _ rules: RulesInForce) -> [String] {
        let judged = history + (timeline.next ?? [])
        let unknown = history.isEmpty && !timeline.records.isEmpty ? ["只看前 0 条记录：时间线里的记录一条也没有判断"] : []
        guard !judged.isEmpty else { return timeline.records.isEmpty ? ["时间线里没有记录"] : unknown }
        let days = judged.map { $0.actDay ?? $0.happenedAt.day }
        return unknown + untoldFines(judged, timeline.names)
            + rules.spans.flatMap { span -> [String] in
                let name = "《\(span.regulation.short)》"
                // What another window of the same text covers is judged by it.
                let others = rules.spans.filter { $0.regulation.id == span.regulation.id && $0.from != span.from }
                let days = days.filter { day in !others.contains { $0.covers(day) } }
                guard !days.isEmpty else { return [] }
                guard days.contains(where: span.covers) else { return ["\(name)在时间线的各条记录发生时都没有施行，没有据以判断"] }
                var result: [String] = []
                let early = days.count { $0 < span.from }
                if early > 0 { result.append("\(name)自\(span.from.chinese)起施行，没有据以判断此前的\(early)条记录") }
                let late = days.count { day in span.until.map { $0 <= day } ?? false }
                if late > 0, let until = span.until {
                    result.append("\(name)施行到\(until.advanced(by: -1).chinese)为止，没有据以判断此后的\(late)条记录")
                }
                return result + notYetLaw(days, in: span)
            }
    }

    /// Fines that stand in the text of a form alone: no rule about their amount looked at them.
    private static func untoldFines(_ judged: [Record], _ names: TimelineNames) -> [String] {
        judged.compactMap { record in
            guard record.type == .documentFixed, let kind = record.word("kind"), FineAmount.kinds.contains(kind) else {
                return nil
            }
            let data = record.plain["data"] ?? record.fields["data"]
            guard let data, data[FineAmount.field]?.integer == nil, FineAmount.fine(in: data) != nil else { return nil }
            return "“\(names.name(of: record.id))”的内容里有罚款，表单没有写 amount：罚款的数额没有与任何标准比较"
        }
    }

    /// Rows of parent law that were not law yet when something was done: by statute and by the day on which they became it.
    private static func notYetLaw(_ days: [CivilDay], in span: RulesInForce.Span) -> [String] {
        span.regulation.laws.flatMap { law in
            law.days.compactMap { day in
                let all = span.regulation.provisions.filter { $0.force?.law == law.id }
                // A row that took the place of an older one leaves nothing unjudged: the older one was law until then.
                let older = Set(all.filter { $0.force?.until?.advanced(by: 1) == day }.flatMap(\.matters))
                let rows = all.filter {
                    $0.force?.from == day && $0.kind != .policy && older.isDisjoint(with: $0.matters)
                }
                let early = days.count { span.covers($0) && $0 < day }
                guard early > 0, let first = rows.first else { return nil }
                let which = rows.count == 1 ? first.article : "\(first.article)等\(rows.count)条"
                return "\(which)自\(day.chinese)起施行，没有据以判断此前的\(early)条记录"
            }
        }
    }
}

extension Provision {
    /// What its duties and permissions are about.
    fileprivate var matters: [String] { duties.map(\.matter) + allows.map(\.matter) }
}

extension Instant {
    /// RFC 3339 in China time with seconds and no fraction.
    var seconds: String { wholeSecond.description }
}
