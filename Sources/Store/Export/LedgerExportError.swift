import Glibc
import Kernel

/// Why a log is not exported into a directory. What was there before is there unchanged.
public enum LedgerExportError: Error, Hashable, Sendable {
    /// The directory holds the tiles of another log, or a checkpoint that this log's key has not signed.
    case otherLog(String)
    /// It holds more records than the ledger: an old copy of the ledger was put back, or records were lost.
    case newerThere(String, there: Int, here: Int64)
    /// It holds a head of this log that the ledger never had.
    case forked(String, size: Int)
    /// A file cannot be written.
    case file(String, code: Int32)

    init(_ error: SystemError) { self = .file(error.path, code: error.code) }

    /// What the administrator reads: what it means, what was not touched, what to do.
    public var chinese: String {
        switch self {
        case .otherLog(let directory):
            "\(directory) 里是另一本记录链，或者它的检查点不是用这里的密钥签的，没有导出，那里的文件没有改动。请换一个空的目录；"
                + "那里本该是这个机关的，先查明数据目录和密钥目录是不是放错了。"
        case .newerThere(let directory, let there, let here):
            "\(directory) 里已有 \(there) 条记录，账本现在只有 \(here) 条：可能放回了旧的数据目录，或者丢失了记录。没有导出，那里的文件没有改动。"
                + "请停止使用，保留那个目录，找回较新的数据目录或者用最新的备份恢复（liuhen restore）；确实找不回的，"
                + "由系统管理员和第二人决定启用新的账本（liuhen ledger new-log）。"
        case .forked(let directory, let size):
            "\(directory) 里前 \(size) 条记录的历史与账本不一致，而两边都有本机关密钥的签名：历史可能被改写过。没有导出，那里的文件没有改动。"
                + "请停止使用，把两份都保留，运行 liuhen ledger verify --since \(directory)/checkpoint，并报告。"
        case .file(let path, let code) where code == ENOSPC || code == EDQUOT:
            "磁盘已满，写不下 \(path)，没有导出完。请腾出空间或者换一个目录，再运行一次：已经写好的会接着用。"
        case .file(let path, let code):
            "\(path)：\(SystemWords.chinese(code))，没有导出完。请给出一个能写的目录（没有的会建立），再运行一次。"
        }
    }
}
