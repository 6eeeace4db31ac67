import Casework
import Kernel
import Rulebook
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
