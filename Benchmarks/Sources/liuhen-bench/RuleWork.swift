import Casework
import Foundation
import Kernel
import Rulebook
import TestKit

/// Reading and checking every rule file, and the full evaluation of a case of 200 entries under three texts.
enum RuleWork {
    static let rounds = 15
    /// Three texts of bureaus, of which the figures speak.
    static let texts = ["zhaoxian-2017", "luanchuan-2020", "recorder-mgmt"]
    /// What stands beside any of them in a bureau: measured too, and shown.
    static let law = "parent-law"

    static func measure(_ options: Options) throws {
        let root = try options.text("root")
        func load() throws -> RuleLibrary {
            try RuleFiles.load(regulations: root + "/Regulations", documents: root + "/Documents")
        }
        let library = try load()
        var loading = Samples(figure: "rules-load")
        for _ in 0..<rounds { loading.values.append(try Timing.wall { _ = try load() } * 1000) }
        let provisions = library.regulations.reduce(0) { $0 + $1.regulation.provisions.count }
        loading.say(
            note: "\(library.regulations.count) texts, \(provisions) provisions, \(library.kinds.count) document kinds")

        let records = history.records
        guard records.count >= 200 else { throw Failure("the case has \(records.count) entries") }
        // As a server has them: made ready when they were adopted.
        let calendar = library.workingDays
        let rules = try inForce(texts, of: library)
        measureWhole(records, rules: rules, calendar: calendar, figure: "evaluation")
        measureWhole(
            records, rules: try inForce(texts + [law], of: library), calendar: calendar, figure: "evaluation-law")
        try measureGrowth(records, rules: rules, calendar: calendar)
    }

    private static func inForce(_ ids: [String], of library: RuleLibrary) throws -> RulesInForce {
        let spans = try ids.map { id in
            guard let text = library.newest(id) else { throw Failure("there is no text \(id)") }
            return RulesInForce.Span(
                regulation: text.regulation, digest: text.digest,
                from: text.regulation.inForceFrom ?? CivilDay(number: 0))
        }
        return try RulesInForce(
            spans: spans, matters: library.matters, kinds: library.kinds.mapValues(\.kind))
    }

    private static func measureWhole(
        _ records: [Record], rules: RulesInForce, calendar: WorkingDays, figure: String
    ) {
        var evaluation = Samples(figure: figure)
        var obligations = 0
        for _ in 0..<rounds {
            let repeats = 5
            let time = Timing.processor {
                for _ in 0..<repeats {
                    obligations =
                        Evaluator.evaluate(
                            history: records, rules: rules, calendar: calendar
                        ).obligations.count
                }
            }
            evaluation.values.append(time / Double(repeats) * 1000)
        }
        let names = rules.spans.map(\.regulation.id).joined(separator: ", ")
        evaluation.say(note: "\(records.count) entries, \(obligations) obligations, under \(names)")
    }

    /// The evaluation after each new entry from the 150th to the last, each taken in by what is kept of those before.
    private static func measureGrowth(_ records: [Record], rules: RulesInForce, calendar: WorkingDays) throws {
        let plan = EvaluationPlan(rules)
        let first = 150
        var next = Samples(figure: "evaluation-next")
        var worst = Samples(figure: "evaluation-next-worst")
        for _ in 0..<rounds {
            var progress = EvaluationProgress(Array(records[..<first]), plan: plan, calendar: calendar)
            var times: [Double] = []
            for record in records[first...] {
                times.append(
                    Timing.processor {
                        progress.append(record)
                        _ = progress.evaluation
                    } * 1000)
            }
            let whole = Evaluator.evaluate(history: records, rules: rules, calendar: calendar)
            guard progress.evaluation == whole else { throw Failure("what was kept differs from the whole evaluation") }
            next.values.append(times.reduce(0, +) / Double(times.count))
            worst.values.append(times.max() ?? 0)
        }
        next.say(
            note: "mean over the entries from the \(first)th on, \(plan.rules.spans.count) texts")
        worst.say(note: "the slowest of them in each round")
    }

    /// A penalty case with as many visits, each its own session with its record and video, as make 200 entries of it.
    private static var history: History {
        var history = History().opened().then(History.initiation(major: false))
        var visits = 0
        while history.records.count < 180 {
            visits += 1
            history = history.then(History.visit(numbered: "\(visits)"))
        }
        return
            history
            .then(History.rights(hearing: false)).statement().statementReviewed().drafted().then(History.review)
            .approved().then(History.decision).then(History.service).performed().ended("performed")
            .then(History.filing)
    }
}
