import Application
import Glibc
import Kernel

/// Why a backup is not made or not put back. Nothing that was there before is touched then.
public enum BackupError: Error, Hashable, Sendable {
    /// There is no backup in this directory.
    case none(String)
    /// A file that the manifest names is not there.
    case missing(String)
    /// A file does not open or is not what the manifest says.
    case damaged(String)
    /// A newer program wrote it.
    case newerProgram(String)
    /// The recovery key is another one.
    case wrongKey
    /// The medium holds a backup of another bureau.
    case otherBureau(String)
    /// The medium holds a later state than this ledger.
    case newerThere(BackupHead, here: BackupHead)
    /// The medium holds a state that this ledger never had.
    case forked(BackupHead, here: BackupHead)
    /// The medium holds records that were lost here, before a later log began: it may be all that is left of them.
    case holdsLost(BackupHead, here: BackupHead)
    /// The backup is older than a head that was kept outside.
    case older(BackupHead, here: BackupHead)
    /// Nothing from outside shows that no record came after the backup.
    case unproven(BackupHead)
    /// A checkpoint that was given is not signed by a log of this backup.
    case foreignCheckpoint
    /// What was just written reads back otherwise.
    case readBack(String)
    /// The ledger's own records do not fit together.
    case ledger(String)
    /// The place to restore to is not empty.
    case notEmpty(String)
    /// The lock file at a path is older than the backup: it says nothing of what came after either.
    case olderLock(String, BackupHead, here: BackupHead)
    /// The lock file at a path cannot be read.
    case lockDamaged(String)
    /// The keys or the start of a ledger say why; Chinese.
    case told(String)
    /// The disk that holds a path has no room.
    case full(String)
    /// A call of the system on a path failed; the second is why, Chinese.
    case call(String, String)
    /// A call of the system failed.
    case system(String)
}

/// A head as two sides of a comparison show it.
public struct BackupHead: Hashable, Sendable {
    /// Which of the bureau's logs, from 1.
    public let log: Int
    /// The number of entries.
    public let size: Int64
    /// The root.
    public let root: Digest

    /// A head.
    public init(log: Int, size: Int64, root: Digest) {
        self.log = log
        self.size = size
        self.root = root
    }
}

extension BackupHead: CustomStringConvertible {
    public var description: String { "log \(log), size \(size), root \(root)" }
    var chinese: String { (log > 1 ? "第\(log)个账本，" : "") + "\(size)条记录，根 \(root)" }
}

extension BackupError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .none(let path): "no backup in \(path)"
        case .missing(let name): "\(name) is missing from the backup"
        case .damaged(let name): "\(name) is damaged, of another state, or of another backup"
        case .newerProgram(let what): "a newer program wrote this backup: \(what)"
        case .wrongKey: "the key is not that of this backup"
        case .otherBureau(let tag): "the medium holds a backup of bureau \(tag)"
        case .newerThere(let there, let here): "the medium holds \(there); here are \(here)"
        case .forked(let there, let here): "the medium holds \(there), which is no beginning of what is here: \(here)"
        case .holdsLost(let there, let here): "the medium holds \(there), which was declared lost; here are \(here)"
        case .older(let there, let here): "a head kept outside is \(there); the backup holds \(here)"
        case .unproven(let here): "nothing from outside shows that no record came after \(here)"
        case .foreignCheckpoint: "the checkpoint is not signed by a log of this backup"
        case .readBack(let name): "\(name) reads back otherwise than it was written"
        case .ledger(let what): "the records do not fit together: \(what)"
        case .notEmpty(let path): "\(path) is there already"
        case .olderLock(let path, let there, let here): "\(path) has \(there), older than the backup's \(here)"
        case .lockDamaged(let path): "\(path) has no whole slot"
        case .told(let what): what
        case .full(let path): "no space left for \(path)"
        case .call(let path, let why): "\(path): \(why)"
        case .system(let what): what
        }
    }

    /// What the administrator reads: what happened, what was not touched, what to do.
    public var chinese: String {
        switch self {
        case .none(let path): "\(path) 里没有备份。请检查备份盘是否接好、目录是否写对。"
        case .missing(let name): "备份缺少文件 \(name)，不能使用。请换用另一份备份。"
        case .damaged(let name): "备份文件 \(name) 已损坏、被替换或不属于这份备份，不能使用。请换用另一份备份。"
        case .newerProgram(let what): "这份备份由更新的程序写成（\(what)）。请使用更新的程序。"
        case .wrongKey: "恢复密钥与这份备份不符。请核对恢复单是不是这个机关的。"
        case .otherBureau(let tag): "备份盘上是另一个机关（\(tag)）的备份，没有改动。请换一个目录。"
        case .newerThere(let there, let here):
            "备份盘上的状态比这里的新，没有覆盖。备份盘：\(there.chinese)；这里：\(here.chinese)。"
                + "可能放回了旧的数据目录，请停止使用并核对。"
        case .forked(let there, let here):
            "历史不一致，没有继续。外面：\(there.chinese)；这里：\(here.chinese)。"
                + "请保留两份，停止使用并报告。"
        case .holdsLost(let there, let here):
            "备份盘上有这里已经丢失的记录，没有覆盖。备份盘：\(there.chinese)；这里：\(here.chinese)。"
                + "请封存这块盘（它可能是那些记录仅存的一份），换另一块盘备份。"
        case .older(let there, let here):
            "保存在外面的检查点或锁文件比这份备份新，没有恢复。外面：\(there.chinese)；备份：\(here.chinese)。"
                + "之后的记录不在这份备份里，请先找较新的备份（也许在另一块盘上）。"
                + "确实找不到时，由系统管理员和第二人决定，以这份备份恢复并启用新的账本：liuhen restore --new-log。"
        case .unproven(let here):
            "没有恢复：没有什么能证明这份备份之后再没有过记录（备份：\(here.chinese)）。请选其一："
                + "（一）把原服务器的锁文件放进锁文件目录（--lock）；它与备份的末尾相同的，照原来的账本接着写。"
                + "只有保存在外面的检查点（--checkpoint）与备份的末尾相同的，由系统管理员和第二人共同决定接着写。（二）两样都没有，或者外面的检查点比备份早的，由系统管理员和第二人共同决定，"
                + "以这份备份恢复并启用新的账本，缺口写明：liuhen restore --new-log --account … --second-account … --reason …。"
        case .foreignCheckpoint: "检查点不是这个账本的，或者签名不符，没有恢复。"
        case .readBack(let name): "刚写入的备份文件 \(name) 读回来不一样，备份没有完成，原有备份未动。请更换备份盘。"
        case .ledger(let what): "记录前后不符（\(what)），没有继续。原有数据和备份都没有改动。请运行 liuhen ledger verify，它说明哪一条、怎样恢复。"
        case .notEmpty(let path): "\(path) 已有内容，没有改动。恢复只能写入空的位置。"
        case .olderLock(let path, let there, let here):
            "锁文件 \(path) 比这份备份旧，没有恢复，没有改动任何内容。锁文件：\(there.chinese)；备份：\(here.chinese)。它是较早时候的副本，"
                + "证明不了备份之后再没有过记录。请找原服务器最后用的锁文件换上；找不到的，把这个锁文件移到别处留底（不要删除），"
                + "再用保存在外面的检查点恢复（--checkpoint），没有的启用新的账本（--new-log）。"
        case .lockDamaged(let path):
            "锁文件 \(path) 已损坏，证明不了备份之后再没有过记录，没有恢复，没有改动任何内容。请找原服务器最后用的锁文件换上；"
                + "找不到的，把它移到别处留底（不要删除），再用保存在外面的检查点恢复（--checkpoint），没有的启用新的账本（--new-log）。"
        case .told(let what): "\(what)原有数据和备份都没有改动。"
        case .full(let path): "磁盘已满，写不下 \(path)，没有做完。请腾出空间或者换一块盘，再运行一次。原有数据和备份都没有改动。"
        case .call(let path, let why):
            "\(path)：\(why)，没有做完。请检查这个路径：备份的目标要是能读能写的目录（没有的会建立），它的上一级目录要在。原有数据和备份都没有改动。"
        case .system(let what): "没有做完，原有数据和备份都没有改动。请把下面这句告诉系统的提供者：\(what)"
        }
    }

    /// The error for whatever went wrong within a backup or a restore.
    init(_ error: any Error) {
        self =
            switch error {
            case let error as BackupError: error
            case let error as LedgerStartError: .told(error.chinese)
            case let error as KeyStore.Failure: .told(error.chinese)
            case let error as SystemError where error.code == ENOSPC || error.code == EDQUOT: .full(error.path)
            case let error as SystemError: .call(error.path, SystemWords.chinese(error.code))
            case StoreError.damaged(let what): .ledger(what)
            default: .system(String(describing: error))
            }
    }
}
