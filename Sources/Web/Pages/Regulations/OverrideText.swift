import Application
import Casework
import Kernel

/// A higher rule in words: which row, what it says, what becomes of the row, from when until when.
struct OverrideText: Sendable, Hashable {
    /// `《实施办法》第八条`.
    let title: String
    let lines: [String]
    /// What becomes of the row.
    let effect: String

    /// The title before the lines.
    var all: [String] { ["条文：\(title)"] + lines }

    init(_ override: RuleOverride, _ library: RuleLibrary) {
        title = OverrideText.title(override.provision, library)
        var effect = ""
        switch override.effect {
        case "off": effect += "本条不再适用"
        case "term": effect += "期限改为\(OverrideText.length(override.length, override.unit))"
        case "medium":
            let level = override.level.map { EntryType.ruleOverridden.chinese($0, of: "level") } ?? ""
            effect += "音像记录改为“\(level)”"
        default: effect += override.effect
        }
        self.effect = effect
        let from = override.fromDay.map { "自\($0.chinese)起的行为" } ?? "自登记起的行为"
        let until = override.untilDay.map { "，至\($0.chinese)为止" } ?? ""
        lines = [
            "上位规定：\(override.higherRule) \(override.article)", "内容：\(override.value)", "效果：\(effect)",
            "适用于：\(from)\(until)",
        ]
    }

    /// Of a record that holds its parts: the entry itself, or what was prepared.
    init(_ record: Record, _ provision: String, _ library: RuleLibrary) {
        self.init(
            RuleOverride(
                provision: provision, effect: record.word("effect") ?? "", unit: record.word("unit"),
                length: record.number("length"), level: record.word("level"),
                higherRule: record.text("higherRule") ?? "", article: record.text("article") ?? "",
                value: record.text("value") ?? "", fromDay: record.word("fromDay").flatMap { CivilDay($0) },
                untilDay: record.word("untilDay").flatMap { CivilDay($0) }, reason: ""), library)
    }

    /// A row as its readers call it.
    static func title(_ provision: String, _ library: RuleLibrary) -> String {
        let text = library.newest(String(provision.prefix { $0 != ":" }))?.regulation
        guard let row = library.provision(provision) else { return provision }
        return text?.standing == .parentLaw ? row.article : "《\(text?.short ?? "")》\(row.article)"
    }

    private static func length(_ length: Int64?, _ unit: String?) -> String {
        let name = unit.map { EntryType.ruleOverridden.chinese($0, of: "unit") } ?? ""
        return "\(length ?? 0)\(name)"
    }
}
