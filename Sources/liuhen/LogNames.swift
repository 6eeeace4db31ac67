import Foundation
import Kernel
import Ledger
import Store

/// Names of the logs of all bureaus on a server. A log is known by its name: papers print it, witnesses and kept checkpoints
/// go by it, and it cannot be changed.
enum LogNames {
    /// Refuses a name for a new bureau's log that a log of another bureau has, or that one of the two will have when its next
    /// log begins.
    static func requireFree(_ origin: String, in place: ServerPlace) throws {
        for tag in place.bureaus where !place.parts(of: tag).isUnfinished {
            guard let names = names(of: tag, in: place) else {
                throw CommandFailure(
                    "机关 \(tag) 的账本 \(place.parts(of: tag).ledger) 读不到，不能确定记录链名称没有重复，没有建立机关。"
                        + "请先运行 liuhen doctor，照它说的修好。")
            }
            guard let taken = names.first(where: { clash($0, origin) }) else { continue }
            throw CommandFailure(
                "--origin：记录链名称 \(origin.shownBack) 与机关 \(tag) 的 \(taken) 相同，或者只差末尾的序号（下一本账本会用它）。"
                    + "文书、检查点都按名称认记录链，名称定下后不能更改。没有建立机关，没有留下任何文件。请另取一个名称。")
        }
    }

    /// Pairs of bureaus of which logs have one name, or will; each with what to do, Chinese.
    static func clashes(in place: ServerPlace) -> [String] {
        let known = place.bureaus.compactMap { tag in names(of: tag, in: place).map { (tag: tag, names: $0) } }
        return known.indices.flatMap { first in
            known[..<first].compactMap { other in
                let pairs = known[first].names.flatMap { name in other.names.map { (name, $0) } }
                guard let (name, its) = pairs.first(where: { clash($0.0, $0.1) }) else { return nil }
                return "机关 \(other.tag) 的记录链 \(its) 与机关 \(known[first].tag) 的 \(name) 同名，或者只差末尾的序号，以后会同名。"
                    + "名称不能更改：公布和核对这两本记录链时，一律同时写明公钥（网页“记录链”上有），检查点分开存放、注明机关。"
            }
        }
    }

    /// Nil where the ledger cannot be read.
    private static func names(of tag: BureauTag, in place: ServerPlace) -> [String]? {
        try? LedgerVerification(path: place.parts(of: tag).ledger).origins()
    }

    private static func clash(_ one: String, _ other: String) -> Bool {
        one.utf8.elementsEqual(other.utf8) || isNumbered(one, after: other) || isNumbered(other, after: one)
    }

    /// Whether a name is another one with a slash and a number behind it, as later logs are named.
    private static func isNumbered(_ name: String, after first: String) -> Bool {
        guard name.utf8.starts(with: "\(first)/".utf8) else { return false }
        let rest = name.utf8.dropFirst(first.utf8.count + 1)
        return !rest.isEmpty && rest.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
