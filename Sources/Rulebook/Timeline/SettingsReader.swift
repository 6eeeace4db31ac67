import Casework
import Kernel
import Yams

/// Reads what a bureau has chosen: `settings` (numbers) and `offices` (who approves, who keeps).
struct SettingsReader {
    let source: YAMLSource
    let library: RuleLibrary

    /// Both, as they stand in the file; names that no text declares are problems.
    func settings(_ fields: YAMLFields) -> Settings {
        Settings(numbers(fields.optional("settings")), offices: offices(fields.optional("offices")))
    }

    private func numbers(_ node: Node?) -> [String: Int] {
        guard let node, !node.isNull, let fields = source.fields(node, "settings") else { return [:] }
        let declared = library.regulations.flatMap(\.regulation.settings)
        var result: [String: Int] = [:]
        for (name, key, value) in fields.all {
            let known = declared.filter { $0.name == name }
            if known.isEmpty { source.unknown(name, at: key, "设置", among: declared.map(\.name)) }
            guard let number = source.integer(value, "设置“\(name)”", in: 0...1_000_000_000) else { continue }
            if !known.isEmpty, !known.contains(where: { $0.range.contains(number) }), let first = known.first {
                let range = "\(first.range.lowerBound) 到 \(first.range.upperBound)"
                source.fail(value, .value, "设置“\(name)”应在 \(range) 之间，写成“\(number)”不可以")
            }
            result[name] = number
        }
        return result
    }

    private func offices(_ node: Node?) -> [String: String] {
        guard let node, !node.isNull, let fields = source.fields(node, "offices") else { return [:] }
        let declared = library.regulations.flatMap(\.regulation.offices)
        var result: [String: String] = [:]
        for (name, key, value) in fields.all {
            let known = declared.filter { $0.name == name }
            if known.isEmpty { source.unknown(name, at: key, "职位", among: declared.map(\.name)) }
            guard let word = source.text(value, "职位“\(name)”") else { continue }
            if !known.isEmpty, !known.contains(where: { $0.choices.contains(word) }) {
                source.unknown(word, at: value, "职位“\(name)”", among: known.flatMap(\.choices))
            }
            result[name] = word
        }
        return result
    }
}
