import Casework
import Kernel
import Rulebook
import TestKit
import Testing

/// The project's own rule files, read once, and both texts in force.
enum Loaded {
    static let root = String(#filePath.dropLast("/Tests/CaseworkTests/LoadedRules.swift".count))

    static let library: RuleLibrary = {
        do {
            return try RuleFiles.load(regulations: "\(root)/Regulations", documents: "\(root)/Documents")
        } catch {
            fatalError("the rule files do not load:\n\(error)")
        }
    }()

    static let calendar = library.workingDays

    /// Texts in force from the day they name.
    static func rules(_ ids: String...) -> RulesInForce {
        let spans = ids.compactMap { id in
            library.newest(id).map { loaded in
                RulesInForce.Span(
                    regulation: loaded.regulation, digest: loaded.digest,
                    from: loaded.regulation.inForceFrom ?? CivilDay(number: 0))
            }
        }
        precondition(spans.count == ids.count, "a text is missing")
        do {
            return try RulesInForce(spans: spans, matters: library.matters, kinds: library.kinds.mapValues(\.kind))
        } catch {
            fatalError("\(error)")
        }
    }

    static let both = rules("zhaoxian-2017", "parent-law")
}

extension Loaded {
    static let zhaoxian = rules("zhaoxian-2017")
    static let parentLaw = rules("parent-law")
}

extension History {
    /// Everything the rules say of it.
    func evaluated(under rules: RulesInForce = Loaded.both) -> Evaluation {
        Evaluator.evaluate(history: records, rules: rules, calendar: Loaded.calendar)
    }

    /// The states of what one provision asks, in the order in which it arose.
    func states(of provision: String, under rules: RulesInForce = Loaded.both) -> [ObligationRow.State] {
        evaluated(under: rules).obligations.flatMap(\.parts).filter { $0.citation.provision == provision }.map(\.state)
    }

    /// What one provision says is missing.
    func missing(for provision: String) -> [String] {
        evaluated().parts(of: provision).flatMap(\.missing).map(\.sentence)
    }

    /// The verdict on the first event of this name, after everything before it.
    func verdict(on name: String, under rules: RulesInForce = Loaded.both) -> StepVerdict {
        let (history, step) = proposing(name)
        precondition(!step.isEmpty, "no event \(name)")
        return Evaluator.judge(
            step: Array(step.prefix(1)), history: history, rules: rules, calendar: Loaded.calendar)
    }

    /// The provisions that refuse the first event of this name; empty if it is allowed.
    func refusing(_ name: String, under rules: RulesInForce = Loaded.both) -> [String] {
        verdict(on: name, under: rules).refusals.flatMap(\.citations).map(\.provision).sorted()
    }
}
