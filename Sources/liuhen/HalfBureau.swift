import Foundation
import Kernel
import Store

extension ServerPlace {
    /// What of a bureau lies in the three directories.
    func parts(of bureau: BureauTag) -> BureauParts { BureauParts(data: data, keys: keys, lock: lock, bureau: bureau) }

    /// Every bureau of which anything lies in one of the three directories.
    var traces: [BureauTag] { BureauParts.bureaus(data: data, keys: keys, lock: lock) }
}

extension BureauParts {
    /// Why the bureau cannot be opened, and what to do; nil if every part of it is there.
    var problem: String? {
        if isUnfinished { return unfinished }
        return missing.isEmpty ? nil : "机关 \(bureau) 不完整，没有改动任何内容。" + missing.map(\.chinese).joined(separator: "")
    }

    /// What to do about a founding that was cut off before it recorded anything.
    var unfinished: String {
        "上一次建立机关 \(bureau) 没有做完，还没有登记过任何记录。请把下列各项移到别处，再运行一次 liuhen init：\n"
            + leftOvers.map { "  \($0)" }.joined(separator: "\n")
    }
}

/// Damage of a ledger's file as SQLite tells it, in Chinese.
enum FileDamage {
    /// What a line of its check says, as far as it helps whoever mends: page, table, index. Its words themselves are English.
    static func chinese(_ line: String) -> String {
        if let index = word(after: "missing from index ", in: line) ?? word(after: "entries in index ", in: line)
            ?? word(after: "entry in index ", in: line)
        {
            return "索引 \(index) 与所属的表不符"
        }
        if let column = word(after: "NULL value in ", in: line) { return "\(column) 缺少内容" }
        var places: [String] = []
        if let tree = word(after: "Tree ", in: line) { places.append("第 \(tree) 棵树") }
        if let page = word(after: "page ", in: line) ?? word(after: "Page ", in: line) { places.append("第 \(page) 页") }
        if line.contains("Freelist") { places.append("空闲页清单") }
        return places.isEmpty ? "文件的内容不能读取" : "\(places.joined(separator: "，"))损坏"
    }

    private static func word(after label: String, in line: String) -> String? {
        guard let start = line.range(of: label)?.upperBound else { return nil }
        let word = line[start...].prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
        return word.isEmpty ? nil : String(word)
    }
}
