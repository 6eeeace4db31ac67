import Ledger

/// Why a ledger is not opened. Each says what is wrong and how to go on; `chinese` is what the administrator reads.
public enum LedgerStartError: Error, Hashable, Sendable {
    /// Another process holds the data directory.
    case inUse(String)
    /// There is no ledger here.
    case missing(String)
    /// There is a ledger here already.
    case exists(String)
    /// The ledger holds fewer records than were once answered for: an old copy was put back, or records were lost.
    case behindLock(ledger: Int64, lock: Int64)
    /// The ledger is not empty and there is no lock file to compare it with.
    case noLock(ledger: Int64)
    /// The lock file has no whole slot.
    case lockDamaged(ledger: Int64)
    /// Ledger and lock file hold different histories.
    case forked(size: Int64)
    /// The key is not that of the ledger's open log.
    case wrongKey(expected: String)
    /// A newer program wrote this ledger.
    case newerProgram(String)
    /// The database does not sync each commit (PRAGMA synchronous read back).
    case notDurable(Int)
    /// A checkpoint given from outside does not fit.
    case checkpoint(String)
    /// A checkpoint given from outside proves the beginning of the ledger only: records may be lost after its end.
    case unproven(ledger: Int64, checkpoint: Int64)
    /// The key of the open log cannot be had; Chinese.
    case keys(String)
    /// Nothing is known to be lost, so no later log begins.
    case nothingLost(size: Int64)
    /// What is stored does not fit together.
    case damaged(String)
    /// A call of the system failed.
    case system(String)
}

extension LedgerStartError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .inUse(let path): "another process uses \(path): stop it first"
        case .missing(let path): "no ledger at \(path): run liuhen init, or restore a backup"
        case .exists(let path): "a ledger is at \(path) already"
        case .behindLock(let ledger, let lock):
            "the ledger holds \(ledger) records, the lock file \(lock): restore the newest backup; nothing was changed"
        case .noLock(let ledger): "the ledger holds \(ledger) records and there is no lock file: see ledger adopt"
        case .lockDamaged(let ledger): "no slot of the lock file is whole; the ledger holds \(ledger) records"
        case .forked(let size): "ledger and lock file disagree about the first \(size) records"
        case .wrongKey(let expected): "the log key is another one: expected \(expected)"
        case .newerProgram(let what): "a newer program wrote this ledger: \(what)"
        case .notDurable(let level): "PRAGMA synchronous reads back \(level), not 2 (FULL)"
        case .checkpoint(let reason): "the checkpoint does not fit: \(reason)"
        case .unproven(let ledger, let checkpoint):
            "the checkpoint proves \(checkpoint) of \(ledger) records: see ledger new-log; nothing was changed"
        case .keys(let what): "no key for the open log: \(what)"
        case .nothingLost(let size): "the lock file agrees with the ledger at size \(size): nothing is lost"
        case .damaged(let what): "the ledger is damaged: \(what)"
        case .system(let what): what
        }
    }

    /// What the administrator reads: what happened, what was not touched, what to do.
    public var chinese: String {
        switch self {
        case .inUse(let path): "数据目录 \(path) 正由另一个进程使用。请先停止那个进程。"
        case .missing(let path): "\(path) 没有账本。请先运行 liuhen init，或从备份恢复（liuhen restore）。"
        case .exists(let path): "\(path) 已有账本，没有改动。"
        case .behindLock(let ledger, let lock):
            "账本只有\(ledger)条记录，而曾经确认过\(lock)条：可能放回了旧的数据目录，或丢失了记录。"
                + "没有改动任何内容。请停止使用，找回较新的数据目录，或用最新的备份恢复（liuhen restore）。"
                + "确实找不回时，由系统管理员和第二人决定启用新的账本：liuhen ledger new-log。"
        case .noLock(let ledger):
            "账本有\(ledger)条记录，但没有锁文件，无法确认它是不是最新的。请找回锁文件；"
                + "确实丢失时，用保存在外面的检查点继续：liuhen ledger adopt --checkpoint 文件。"
        case .lockDamaged(let ledger):
            "锁文件已损坏，账本有\(ledger)条记录。请用保存在外面的检查点继续：liuhen ledger adopt --checkpoint 文件。"
        case .forked(let size):
            "账本与锁文件在前\(size)条记录上不一致，历史可能被改动。请保留两份文件，停止使用并报告。"
        case .wrongKey(let expected): "日志密钥不是这个账本的（应为 \(expected)）。请检查密钥目录 --keys。"
        case .newerProgram(let what): "这个账本由更新的程序写成（\(what)）。请使用更新的程序。"
        case .notDurable: "数据库没有按要求逐次落盘，已拒绝启动。请报告这个问题。"
        case .checkpoint(let reason): "检查点不符，没有改动任何内容。请核对文件是不是本机关这个账本的检查点。（\(reason)）"
        case .unproven(let ledger, let checkpoint):
            "检查点只证明前\(checkpoint)条记录；账本现有\(ledger)条，后面是不是还丢失过记录，它不能证明。没有改动任何内容。"
                + "请用账本最后一条记录之后保存的检查点；没有的，由系统管理员和第二人决定启用新的账本：liuhen ledger new-log。"
        case .keys(let what): what
        case .nothingLost(let size): "锁文件与账本一致（\(size)条记录），没有丢失任何记录，不需要启用新的账本。没有改动任何内容。"
        case .damaged:
            "账本文件有损坏或者内容前后不符，没有改动任何内容。请停止服务，把数据目录整个复制留底，运行 liuhen ledger verify，"
                + "照它说的重建或者用备份恢复（liuhen restore）。"
        case .system(let what): "文件或者目录不能用，没有改动任何内容：\(what)。请检查它所在的盘、路径和权限。"
        }
    }
}

extension LedgerStartError {
    /// What is wrong with a checkpoint's note, in the administrator's words.
    static func chinese(_ error: NoteError) -> String {
        switch error.code {
        case .text: "文件不是检查点：不是以换行结尾的 UTF-8 文本，或者含有控制字符"
        case .noSignatures: "文件不是检查点：正文之后没有空行和签名"
        case .signatureLine(let line): "第 \(line) 行签名不合格式"
        case .tooManySignatures: "签名太多"
        case .badSignature: "签名与正文不符：正文或者签名被改动过"
        case .unknownSigner: "没有本机关日志密钥的签名"
        case .checkpoint(let line): "第 \(line) 行不是检查点应有的内容：依次为记录链名称、条数、根"
        case .origin: "是另一本记录链的检查点"
        case .cannotSign: "不能签名"
        }
    }
}
