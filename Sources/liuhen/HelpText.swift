import Foundation

/// The parser's headings and sentences around our own help, which it has in English only.
enum HelpText {
    private static let headings = [
        ("OVERVIEW: ", "说明："), ("USAGE: ", "用法："), ("ARGUMENTS:", "参数："), ("OPTIONS:", "选项："),
        ("SUBCOMMANDS:", "子命令："),
    ]
    private static let words = [
        ("Show help information.", "显示本说明。"), ("Show the version.", "显示版本。"),
        ("Show subcommand help information.", "显示子命令的用法。"), ("(default: ", "（默认："), ("(values: ", "（可选："),
        ("<subcommand>", "<子命令>"), ("[<options>]", "[选项]"), ("<options>", "[选项]"),
    ]

    /// The same with Chinese headings; what we wrote ourselves stays.
    static func chinese(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { chinese(line: String($0)) }
            .joined(separator: "\n")
    }

    private static func chinese(line: String) -> String {
        if line.hasPrefix("  See '"), line.hasSuffix("' for detailed help.") {
            let command = line.split(separator: "'").dropFirst().first.map(String.init) ?? "liuhen help"
            return "  子命令的用法见 \(command)。".replacingOccurrences(of: "<subcommand>", with: "<子命令>")
        }
        for (heading, word) in headings where line.hasPrefix(heading) {
            return word + translated(String(line.dropFirst(heading.count)))
        }
        return translated(line)
    }

    private static func translated(_ line: String) -> String {
        words.reduce(line) { text, pair in
            guard text.contains(pair.0) else { return text }
            let new = text.replacingOccurrences(of: pair.0, with: pair.1)
            return pair.1.hasPrefix("（") && new.hasSuffix(")") ? String(new.dropLast()) + "）" : new
        }
    }
}
