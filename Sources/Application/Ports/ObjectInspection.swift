import Kernel

/// Looks whether the files of an object are what they were when it was stored, and changes nothing: neither lock nor
/// recording vault is needed, so a backup and a command beside the running server can look too.
public protocol ObjectInspection: Sendable {
    /// What is wrong with an object; nil for nothing. Blocks for as long as the disk takes.
    ///
    /// - Parameters:
    ///   - depth: how much of it is read.
    ///   - expected: its SHA-256 as an entry tells it, where one does.
    func flaw(of object: ObjectID, _ depth: InspectionDepth, expecting expected: Digest?) -> ObjectFlaw?
}

/// How much of an object is read.
public enum InspectionDepth: Hashable, Sendable {
    /// Key file, head, what was measured, and the length of the file: some hundred bytes.
    case outside
    /// All of it: every segment is authenticated, and the digest of the plain bytes compared.
    case whole
}

/// What is wrong with the files of an object.
public enum ObjectFlaw: Hashable, Sendable {
    /// Its sealed bytes are not there.
    case fileMissing
    /// Its key file is not there.
    case keyMissing
    /// Its key file is shorter than one is.
    case keyCut(Int64)
    /// Its key file does not authenticate.
    case keyDamaged
    /// It is under a vault key that is not at hand.
    case wrongKey
    /// Its key was destroyed.
    case keyDestroyed
    /// Its file is shorter than it was: so many bytes, of so many where the head still says how many.
    case cutShort(Int64, of: Int64?)
    /// Its bytes are not those that were stored.
    case damaged
    /// It is whole, and not what the entry tells of.
    case otherBytes
    /// The disk refused to be read.
    case unreadable

    /// Whether there is nothing left of it to be read; else it is there and wrong.
    public var isMissing: Bool {
        switch self {
        case .fileMissing, .keyMissing, .keyDestroyed: true
        default: false
        }
    }

    /// What the administrator reads.
    public var chinese: String {
        switch self {
        case .fileMissing: "文件不见了"
        case .keyMissing: "密钥文件不见了"
        case .keyCut(let count): "密钥文件被截短，只有 \(count) 字节"
        case .keyDamaged: "密钥文件已损坏"
        case .wrongKey: "封存它的密钥不在密钥目录里"
        case .keyDestroyed: "密钥已被销毁，却没有销毁的记录"
        case .cutShort(let count, let whole): "文件被截短，只有 \(count) 字节" + (whole.map { "，应为 \($0) 字节" } ?? "")
        case .damaged: "内容已损坏，与入库时不一致"
        case .otherBytes: "内容不是记录所说的那一份"
        case .unreadable: "磁盘读取出错"
        }
    }
}
