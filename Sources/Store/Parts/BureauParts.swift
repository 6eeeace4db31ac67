import Application
import Foundation
import GRDB
import Kernel

/// What lies where the parts of one bureau should lie: ledger, vault, keys, lock file, sign-in data. Only looks, and opens
/// nothing for writing, so that it can be asked of half a bureau and beside a server that runs.
public struct BureauParts: Sendable {
    /// The bureau that is asked about.
    public let bureau: BureauTag
    private let data: String
    private let keys: String
    private let lock: String

    /// One that is not where it should be.
    public struct Missing: Hashable, Sendable {
        /// Where it should be.
        public let path: String
        /// What is missing, where, and how to go on; plain Chinese.
        public let chinese: String
    }

    /// Looks at a bureau in the three directories of a server.
    public init(data: String, keys: String, lock: String, bureau: BureauTag) {
        self.bureau = bureau
        self.data = data
        self.keys = keys
        self.lock = lock
    }

    /// Every bureau of which anything lies in one of the three directories, in order.
    public static func bureaus(data: String, keys: String, lock: String) -> [BureauTag] {
        let locks = names(lock).filter { $0.hasSuffix(".lock") }.map { String($0.dropLast(5)) }
        let found = (names(data + "/bureaus") + directories(in: keys) + locks).compactMap { BureauTag($0) }
        return Set(found).sorted { $0.description < $1.description }
    }

    /// The file of the ledger.
    public var ledger: String { "\(data)/bureaus/\(bureau)/ledger.sqlite" }
    private var vault: String { "\(data)/bureaus/\(bureau)/vault" }
    private var keyDirectory: String { "\(keys)/\(bureau)" }
    /// The lock file of the bureau.
    public var lockFile: String { "\(lock)/\(bureau).lock" }
    private var installation: String { "\(data)/installation.sqlite" }

    /// What of the bureau is there, as the paths that would have to be moved away to make it anew.
    public var leftOvers: [String] {
        ["\(data)/bureaus/\(bureau)", keyDirectory, lockFile].filter { FileManager.default.fileExists(atPath: $0) }
    }

    /// Whether a founding was cut off before it recorded anything: nothing is in the ledger, the lock file remembers no
    /// record, the vault holds no object, nobody has sign-in data. A bureau that has lost a part keeps one of the others.
    public var isUnfinished: Bool {
        guard !leftOvers.isEmpty, !hasObjects, (accounts ?? 0) == 0 else { return false }
        // Keys are made first: a ledger without any is a copy, or what is left of a bureau.
        let files = FileManager.default
        guard files.fileExists(atPath: keyDirectory) || !files.fileExists(atPath: ledger) else { return false }
        if case .head(let head)? = try? LockFile.read(lockFile), head.size > 0 || head.log > 1 { return false }
        return !hasRecords
    }

    /// Whether the ledger's file is there and a record can be read in it.
    public var hasRecords: Bool {
        guard FileManager.default.fileExists(atPath: ledger) else { return false }
        return BureauParts.count("SELECT count(*) FROM (SELECT 1 FROM entry LIMIT 1)", in: ledger) == 1
    }

    /// Accounts of the bureau with sign-in data; nil if there is no file of them or it cannot be read.
    public var accounts: Int64? {
        guard FileManager.default.fileExists(atPath: installation) else { return nil }
        return BureauParts.count("SELECT count(*) FROM credential WHERE bureau = '\(bureau)'", in: installation)
    }

    /// Parts without which the bureau cannot be opened and that are not there. The lock file is the start's to judge.
    public var missing: [Missing] {
        let files = FileManager.default
        var missing: [Missing] = []
        if !files.fileExists(atPath: ledger) {
            missing.append(
                Missing(
                    path: ledger, chinese: "没有账本文件 \(ledger)。请把它放回原处（例如接上它所在的盘）；找不回的，用备份恢复（liuhen restore）。"))
        }
        if !files.fileExists(atPath: vault + "/format") {
            missing.append(
                Missing(
                    path: vault,
                    chinese: "没有证据库 \(vault)（\(files.fileExists(atPath: vault) ? "目录里没有 format 文件" : "没有这个目录")）。"
                        + "请把它放回原处（例如接上它所在的盘）；找不回的，用备份恢复（liuhen restore）。"))
        }
        guard files.fileExists(atPath: keyDirectory) else {
            let chinese = "没有密钥目录 \(keyDirectory)。请用 --keys 指明密钥目录；确实丢失的，用备份和恢复单恢复（liuhen restore）。"
            return missing + [Missing(path: keyDirectory, chinese: chinese)]
        }
        let there = BureauParts.names(keyDirectory)
        for use in [KeyStore.Use.vault, .session, .receipt] where !there.contains("\(use.rawValue).key") {
            missing.append(key("\(keyDirectory)/\(use.rawValue).key"))
        }
        if !there.contains(where: { $0.hasSuffix(".key") && KeyStore.log(named: String($0.dropLast(4))) != nil }) {
            missing.append(key("\(keyDirectory)/log.key"))
        }
        return missing
    }

    /// Whether the file of sign-in data is there and can be read.
    public var hasSignInData: Bool { accounts != nil }

    /// What is wrong with the sign-in data, if nobody can sign in at this bureau; plain Chinese.
    public var signInProblem: String? {
        let reset =
            "请停止服务，运行 liuhen account reset --bureau \(bureau) --reason 理由 登录名，给系统管理员设一次性密码；其余人员的密码由他登录后在“人员”页重置。"
        guard FileManager.default.fileExists(atPath: installation) else {
            return "没有登录数据文件 \(installation)，没有人能够登录。请把它放回原处；找不回的，\(reset)"
        }
        guard let accounts else {
            return "登录数据文件 \(installation) 不能读取，没有人能够登录。请把它移到别处留底，\(reset)"
        }
        return accounts == 0 ? "没有一个账号设有密码，没有人能够登录。\(reset)" : nil
    }

    private func key(_ path: String) -> Missing {
        Missing(path: path, chinese: "没有密钥文件 \(path)。请用 --keys 指明密钥目录；确实丢失的，用备份和恢复单恢复（liuhen restore）。")
    }

    private var hasObjects: Bool {
        BureauParts.names(vault + "/objects").contains { !BureauParts.names("\(vault)/objects/\($0)").isEmpty }
    }

    private static func count(_ sql: String, in path: String) -> Int64? {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        return try? DatabaseQueue(path: path, configuration: configuration).read { try Int64.fetchOne($0, sql: sql) }
    }

    private static func names(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// Directories that are empty or hold keys of a bureau; that of the machine's own certificate is none of them.
    private static func directories(in path: String) -> [String] {
        let uses = Set(KeyStore.Use.allCases.map(\.rawValue))
        return names(path).filter { name in
            guard let inner = try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(name)") else {
                return false
            }
            return inner.isEmpty || inner.contains { uses.contains(String($0.prefix { $0 != "." && $0 != "-" })) }
        }
    }
}
