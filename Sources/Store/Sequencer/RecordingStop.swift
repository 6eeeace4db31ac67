import Application
import Kernel

/// Why recording has stopped. Reading goes on.
enum RecordingStop: Hashable {
    /// A fault of disk or database; only a new start ends it.
    case fault(String)
    /// The disk is full; only a new start ends it, so that somebody looks.
    case diskFull
    /// The clock; an entry `clock.resumed` ends it. `at` is what the clock said when it stopped recording, nil where that was not
    /// kept.
    case clock(ClockRule.Verdict, lastEntry: Instant?, at: Instant?)
    /// Records were lost: this ledger is open for reading, until a later log begins.
    case surviving
    /// The program is ending.
    case closed

    /// Whether `clock.resumed` ends it.
    var isClock: Bool { if case .clock = self { true } else { false } }

    /// What users read.
    var chinese: String {
        switch self {
        case .fault:
            "记录已停止：保存数据时磁盘或数据库出错。已保存的内容仍可查阅。请管理员检查磁盘，运行 liuhen doctor，排除故障后重新启动。"
        case .diskFull:
            "记录已停止：磁盘已满。已保存的内容仍可查阅。请管理员腾出空间后重新启动。"
        case .clock(let verdict, let lastEntry, let at):
            "记录已停止：\(verdict.chinese)。最后一条记录的时间是\(lastEntry?.chinese ?? "（无）")"
                + (at.map { "，停止记录时服务器的时间是\($0.chinese)。" } ?? "。")
                + "请系统管理员停止服务、校准时钟，与第二人一同运行 liuhen clock resume，再启动服务。"
        case .surviving:
            "记录已停止：账本丢失了较新的记录，不能接着写。请启用新的账本（liuhen ledger new-log）。"
        case .closed:
            "系统正在停止，暂不接受记录。"
        }
    }

    /// What the log reads.
    var detail: String {
        switch self {
        case .fault(let detail): detail
        case .diskFull: "disk full"
        case .clock(let verdict, _, _): "clock \(verdict)"
        case .surviving: "records were lost"
        case .closed: "closed"
        }
    }
}
