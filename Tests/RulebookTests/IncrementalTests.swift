import Casework
import Kernel
import Rulebook
import TestKit
import Testing

/// Judging a growing history by what each record touches, held against judging it whole.
@Suite("Incremental evaluation")
struct IncrementalTests {
    static let place = HistoryTests.place
    static let base = HistoryTests.base
    static let texts = ["zhaoxian-2017", "luanchuan-2020", "hejin-2019", "qinghe", "recorder-mgmt", "parent-law"]

    static let loaded = Result { try HistoryFiles.load(place.histories, library: Sample.library) }

    static func plan(_ texts: [String]) throws -> EvaluationPlan {
        EvaluationPlan(try base.rules(texts.map { RowHistory.TextInForce(regulation: $0) }))
    }

    /// The places at which what was kept differs from what is judged whole.
    static func differences(
        _ records: [Record], _ plan: EvaluationPlan, settings: Settings, every step: Int
    ) -> [String] {
        var result: [String] = []
        var progress = EvaluationProgress([], plan: plan, calendar: base.calendar, settings: settings)
        for (place, record) in records.enumerated() {
            progress.append(record)
            guard place % step == 0 || place == records.count - 1 else { continue }
            let whole = Evaluator.evaluate(
                history: Array(records[...place]), rules: plan.rules, calendar: base.calendar, settings: settings)
            let kept = progress.evaluation
            guard kept != whole else { continue }
            let lost = whole.obligations.filter { !kept.obligations.contains($0) }.map(\.key.description)
            let extra = kept.obligations.filter { !whole.obligations.contains($0) }.map(\.key.description)
            result.append(
                "\(place) \(record.type.rawValue): lost \(lost), extra \(extra), order \(lost.isEmpty && extra.isEmpty), "
                    + "grants \(kept.grants == whole.grants), media \(kept.media == whole.media), "
                    + "figures \(kept.figures == whole.figures), years \(kept.yearsWithoutCalendar == whole.yearsWithoutCalendar)"
            )
            break
        }
        return result
    }

    @Test("of every history of a row, the evaluation that was kept equals the whole one", arguments: texts)
    func rows(text: String) throws {
        var plans: [[RowHistory.TextInForce]: EvaluationPlan] = [:]
        var count = 0
        for file in try Self.loaded.get() where file.histories.row.hasPrefix("\(text):") {
            for history in file.histories.histories {
                let plan = try plans[history.regulations] ?? EvaluationPlan(try Self.base.rules(history.regulations))
                plans[history.regulations] = plan
                let found = Self.differences(
                    history.timeline.records, plan, settings: history.timeline.settings, every: 3)
                #expect(found == [], "\(file.histories.row) \(history.name)")
                count += 1
            }
        }
        #expect(count > 50)
    }

    @Test("of mixtures of histories, under each text, pairs and all, the evaluation that was kept equals the whole one")
    func mixtures() throws {
        var random = SeededRandom(3)
        let histories = try Self.loaded.get().flatMap(\.histories.histories)
        var sets = Self.texts.map { [$0] }
        for one in Self.texts { for other in Self.texts where one < other { sets.append([one, other]) } }
        sets.append(Self.texts)
        let plans = try sets.map { try Self.plan($0) }
        for round in 0..<Self.rounds {
            let chosen = (0..<Int.random(in: 2...4, using: &random)).compactMap { _ in
                histories.randomElement(using: &random)?.timeline
            }
            let mixed = Self.mixture(chosen.map(\.records), numbered: round % 3 != 0, &random)
            let place = round % plans.count
            let settings = chosen.first?.settings ?? Settings()
            let found = Self.differences(mixed, plans[place], settings: settings, every: 4)
            #expect(found == [], "round \(round) under \(sets[place])")
        }
    }

    @Test("of mixtures of histories under texts that give way to themselves halfway, likewise")
    func versions() throws {
        var random = SeededRandom(11)
        let histories = try Self.loaded.get().flatMap(\.histories.histories)
        let days = ["2026-03-05", "2026-03-20", "2026-01-21"].compactMap { CivilDay($0) }
        for (place, text) in Self.texts.enumerated() {
            let day = days[place % days.count]
            let plan = EvaluationPlan(
                try Self.base.rules([
                    .init(regulation: text, until: day.advanced(by: -1)), .init(regulation: text, from: day),
                ]))
            #expect(plan.rules.spans.count == 2)
            for round in 0..<Self.rounds / 10 {
                let chosen = (0..<3).compactMap { _ in histories.randomElement(using: &random)?.timeline }
                let mixed = Self.mixture(chosen.map(\.records), numbered: true, &random)
                let found = Self.differences(mixed, plan, settings: chosen.first?.settings ?? Settings(), every: 3)
                #expect(found == [], "round \(round) under \(text)")
            }
        }
    }

    @Test("a calendar or settings that differ make another value, and a record that comes twice is taken as it comes")
    func repeated() throws {
        let plan = try Self.plan(["zhaoxian-2017", "parent-law"])
        let records = History.penaltyCase.records
        #expect(Self.differences(records + records, plan, settings: Settings(), every: 1) == [])
        #expect(Self.differences(Array(records.reversed()), plan, settings: Settings(), every: 1) == [])
        var progress = EvaluationProgress(
            Array(records.prefix(20)), plan: plan, calendar: Self.base.calendar, settings: Settings())
        progress.append(Array(records.dropFirst(20)))
        #expect(progress.history == records)
        #expect(
            progress.evaluation
                == Evaluator.evaluate(history: records, rules: plan.rules, calendar: Self.base.calendar))
    }

    private static let rounds = 220

    /// Records of several histories in a random order that keeps each history's own; numbered anew, so that no two have
    /// one name, or as they were.
    private static func mixture(
        _ histories: [[Record]], numbered: Bool, _ random: inout SeededRandom
    ) -> [Record] {
        var left = histories.map { $0[...] }
        var seqs: [ThreadTag: Int] = [:]
        var names: [[RecordID: Int]] = Array(repeating: [:], count: histories.count)
        var result: [Record] = []
        while let place = left.indices.filter({ !left[$0].isEmpty }).randomElement(using: &random) {
            guard var record = left[place].popFirst() else { break }
            if numbered {
                let id = RecordID(thread: record.thread, seq: record.seq)
                record.seq = (seqs[record.thread] ?? 0) + 1
                seqs[record.thread] = record.seq
                names[place][id] = record.seq
                record.references = record.references.map { reference in
                    let old = RecordID(thread: reference.thread, seq: reference.seq)
                    return RecordReference(
                        role: reference.role, thread: reference.thread, seq: names[place][old] ?? reference.seq)
                }
            }
            result.append(record)
        }
        return result
    }
}
