import Application
import Ledger

/// The entries of a bureau's own thread: its name, its settings, its keys and adoptions stand there.
enum OwnEntries {
    /// Says which of them do not say any more what was recorded; nil for none. Everything else is read by them, and commands
    /// print of them: what was put in their place is not repeated as if it were true. Other threads are for `ledger verify`.
    static func changed(in entries: [LoggedEntry]) -> String? {
        let fields = entries.flatMap { logged in
            let entry = logged.entry
            let there = Set(entry.openings.map(\.name))
            let absent = entry.skeleton.content.fields.map(\.name).filter { !there.contains($0) }
            let names = entry.mismatches.map { "\($0)（被改动）" } + absent.map { "\($0)（不在）" }
            return names.map { "第 \(entry.skeleton.content.seq) 条的 \($0)" }
        }
        guard !fields.isEmpty else { return nil }
        return
            "机关本身的记录与承诺不符：\(fields.prefix(4).joined(separator: "、"))\(fields.count > 4 ? "等 \(fields.count) 处" : "")。"
            + "存储的内容被改动过。请停止服务，把数据目录整个复制留底，运行 liuhen ledger verify，再用备份恢复（liuhen restore）。"
    }
}
