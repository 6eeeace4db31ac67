import Kernel

/// What is wrong with how the program was called, in Chinese; the parser's own words are English.
enum Usage {
    private static let taking: Set<String> = ["--vkey", "--root", "--size", "--checkpoint"]
    private static let plain: Set<String> = ["--json", "-h", "--help"]

    /// The first fault among the arguments; nil if none is found here.
    static func fault(in arguments: [String]) -> String? {
        var paths: [String] = []
        var rest = arguments[...]
        var given: Set<String> = []
        while let argument = rest.popFirst() {
            let name = String(argument.prefix { $0 != "=" })
            if taking.contains(name) {
                guard let value = argument.contains("=") ? String(argument.dropFirst(name.count + 1)) : rest.popFirst()
                else { return "\(name) 后面没有写内容。" }
                // A dash would be read as the next option.
                if value.hasPrefix("-"), !argument.contains("=") { return "\(name) 后面没有写内容，“\(value)”不能作它的内容。" }
                if name == "--size", Decimal.strict(value.utf8) == nil { return "--size 应为条数，例如 185，不是“\(value)”。" }
                if name == "--root" || name == "--size", !given.insert(name).inserted { return "\(name) 只能给一次。" }
            } else if plain.contains(argument) {
                continue
            } else if argument.hasPrefix("-"), argument != "-" {
                return "没有“\(argument)”这个选项。"
            } else {
                paths.append(argument)
            }
        }
        if paths.isEmpty { return "没有写要校验的案卷或者账本。" }
        if paths.count > 1 {
            return "一次只校验一份案卷或者账本，这里写了 \(paths.count) 个：\(paths.map { "“\($0)”" }.joined(separator: "、"))。根和公钥请加引号。"
        }
        return nil
    }
}
