import ArgumentParser
import Casework
import Foundation
import Kernel
import Rulebook

/// Two texts side by side.
struct RegulationCompare: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "制度对照：两部制度逐项比较，规定不同的标 ★。",
        discussion: """
            ★ 表示规定本身不同：约束力、适用情形、要求、期限、关口、责任人、音像要求，或者只有一部制度规定。
            只是文字不同、判断相同的，不标 ★。
            """)

    @OptionGroup var options: RuleOptions

    @Argument(help: ArgumentHelp("第一部制度。", valueName: "甲"))
    var left: String

    @Argument(help: ArgumentHelp("第二部制度。", valueName: "乙"))
    var right: String

    @Flag(help: "只列不同之处。")
    var differences = false

    @Flag(help: "以 JSON 输出。")
    var json = false

    func run() throws {
        let library = try options.library()
        let one = try text(left, in: library)
        let other = try text(right, in: library)
        let comparison = RegulationComparison(
            one.regulation, other.regulation, matters: library.matters, kinds: library.kinds.mapValues(\.kind))
        let shown = comparison.items.filter { !differences || !$0.differences.isEmpty }
        let different = comparison.items.count { !$0.differences.isEmpty }
        guard !json else {
            return print(
                try RegulationJSON.written([
                    "left": Self.object(one), "right": Self.object(other), "items": shown.map(Self.object),
                    "matters": comparison.items.count, "different": different,
                ]))
        }
        print("制度对照：甲 \(one.regulation.title)；乙 \(other.regulation.title)")
        for item in shown { show(item) }
        print("")
        print("共 \(comparison.items.count) 项，不同 \(different) 项。")
    }

    private func show(_ item: RegulationComparison.Item) {
        let names = item.differences.map(\.chinese).joined(separator: "、")
        print("")
        print(
            "\(item.differences.isEmpty ? "  " : "★ ")\(item.title)（\(item.matter)）\(names.isEmpty ? "" : "：\(names)")"
                + (item.isOtherWording ? "：文字不同，规定相同" : ""))
        show("甲", item.left, item.differences)
        show("乙", item.right, item.differences)
    }

    private func show(
        _ name: String, _ sides: [RegulationComparison.Side], _ differences: [RegulationComparison.Aspect]
    ) {
        if sides.isEmpty { print("    \(name)  没有规定") }
        for side in sides {
            print("    \(name)  \(side.article)〔\(side.modality.chinese)〕：\(side.demand)")
            var parts: [String] = side.isPermission ? ["许可"] : ["由\(side.who)办理"]
            if !side.term.isEmpty { parts.append(side.term) }
            if side.gate != .none { parts.append(side.gate.chinese) }
            if let level = side.level { parts.append("音像记录：\(level.chinese)") }
            print("        \(parts.joined(separator: "；"))")
            // Long sentences stand only where they say what differs.
            for aspect in differences where [.condition, .demand, .gate].contains(aspect) {
                let text = side.text(of: aspect)
                if !text.isEmpty, text != side.demand, text != side.gate.chinese {
                    print("        \(aspect.chinese)——\(text)")
                }
            }
        }
    }

    // MARK: JSON

    private static func object(_ text: LoadedRegulation) -> [String: Any] {
        [
            "id": text.regulation.id, "version": text.regulation.version, "title": text.regulation.title,
            "digest": text.digest.description,
        ]
    }

    private static func object(_ item: RegulationComparison.Item) -> [String: Any] {
        [
            "matter": item.matter, "title": item.title, "different": !item.differences.isEmpty,
            "differences": item.differences.map(\.rawValue), "other_wording": item.isOtherWording,
            "left": item.left.map(object), "right": item.right.map(object),
        ]
    }

    private static func object(_ side: RegulationComparison.Side) -> [String: Any] {
        [
            "row": side.provision, "article": side.article, "modality": side.modality.rawValue,
            "permission": side.isPermission, "demand": side.demand, "condition": side.text(of: .condition),
            "requirement": side.requirement, "term": side.term, "gate": side.gate.rawValue,
            "gate_text": side.gateText, "who": side.who, "level": (side.level?.rawValue as Any?) ?? NSNull(),
        ]
    }
}
