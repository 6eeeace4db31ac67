import Foundation
import Kernel
import Store

/// Finds bureaus by their directories, without opening them.
enum BureauPlaces {
    static func tags(in place: ServerPlace, _ wanted: BureauTag?) throws -> [BureauTag] {
        let tags = place.bureaus
        guard !tags.isEmpty else { throw CommandFailure("\(place.data) 里没有机关。") }
        guard let wanted else { return tags }
        guard tags.contains(wanted) else { throw CommandFailure("没有机关 \(wanted)。") }
        return [wanted]
    }

    /// Those whose ledger's file is there, and what is to be said of each of the others.
    static func withLedger(_ tags: [BureauTag], in place: ServerPlace) -> (there: [BureauTag], problems: [String]) {
        var problems: [String] = []
        let there = tags.filter { tag in
            let parts = place.parts(of: tag)
            if FileManager.default.fileExists(atPath: parts.ledger), !parts.isUnfinished { return true }
            // Where only the data are at hand, keys and lock file say nothing: then it is told what the directory lacks.
            problems.append("机关 \(tag)：✗ \(parts.isUnfinished ? parts.unfinished : absent(parts.ledger))")
            return false
        }
        return (there, problems)
    }

    /// What is said of a ledger's file that SQLite cannot open or that holds no log.
    static func unreadable(_ tag: BureauTag, path: String) -> String {
        "机关 \(tag)：✗ 账本文件 \(path) 不能读取，没有核验。请把数据目录整个复制留底，再用备份恢复（liuhen restore）。"
    }

    private static func absent(_ ledger: String) -> String {
        "没有账本文件 \(ledger)，没有核验。请把它放回原处（例如接上它所在的盘）；找不回的，用备份恢复（liuhen restore）。"
    }
}
