import ArgumentParser
import Casework
import Kernel
import Rulebook

/// Two texts side by side.
struct RegulationCompare: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "制度对照：两部制度逐项比较，不同之处标 ★。")

    @OptionGroup var options: RuleOptions

    @Argument(help: ArgumentHelp("第一部制度。", valueName: "甲"))
    var left: String

    @Argument(help: ArgumentHelp("第二部制度。", valueName: "乙"))
    var right: String

    @Flag(help: "只列不同之处。")
    var differences = false

    func run() throws {
        let library = try options.library()
        let one = try text(left, in: library).regulation
        let other = try text(right, in: library).regulation
        let comparison = RegulationComparison(
            one, other, matters: library.matters, kinds: library.kinds.mapValues(\.kind))
        print("制度对照：甲 \(one.title)；乙 \(other.title)")
        for item in comparison.items where !differences || !item.differences.isEmpty {
            print("")
            let mark = item.differences.isEmpty ? "  " : "★ "
            print(
                "\(mark)\(item.title)（\(item.matter)）\(item.differences.isEmpty ? "" : "：\(item.differences.joined(separator: "、"))")"
            )
            show("甲", item.left)
            show("乙", item.right)
        }
        let different = comparison.items.count { !$0.differences.isEmpty }
        print("")
        print("共 \(comparison.items.count) 项，不同 \(different) 项。")
    }

    private func show(_ name: String, _ sides: [RegulationComparison.Side]) {
        if sides.isEmpty { print("    \(name)  没有规定") }
        for side in sides {
            print("    \(name)  \(side.article)：\(side.demand)")
            var parts: [String] = side.isPermission ? ["可以"] : ["\(side.who)"]
            if !side.term.isEmpty { parts.append(side.term) }
            if side.gate != .none { parts.append(side.gate.chinese) }
            if let level = side.level { parts.append("音像记录：\(level.chinese)") }
            print("        \(parts.joined(separator: "；"))")
        }
    }
}
