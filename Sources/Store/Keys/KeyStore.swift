import Foundation
import Glibc
import Kernel
import Ledger

/// The private keys of one bureau in a directory of their own (`--keys`), one file for each use, mode 0600.
///
/// The directory never travels with the data and is in no backup. A key is for one use only; each change of a key is an
/// entry of the ledger, which is for the use cases to make.
public struct KeyStore: Sendable {
    /// The directory of the bureau's keys.
    public let directory: String

    /// What a key is for.
    public enum Use: String, Sendable, CaseIterable {
        /// Signs checkpoints of the bureau's log, nothing else.
        case log
        /// Signs receipts of docks, copies and service.
        case receipt
        /// Wraps the keys of objects.
        case vault
        /// Seals sign-in data: secrets, sessions, access tokens (`SignInSeal`).
        case session
        /// Seals backups; the recovery sheet is its other copy.
        case backup
    }

    /// The keys of a bureau below `directory`.
    public init(directory: String, bureau: BureauTag) {
        self.directory = "\(directory)/\(bureau)"
    }

    /// Why a key cannot be had.
    public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// There is no such file.
        case missing(String)
        /// There is one already; a key is never written over.
        case exists(String)
        /// Others may read it.
        case open(String, mode: UInt32)
        /// It holds no key of this kind.
        case malformed(String)
        /// Its change was begun and is not finished.
        case unfinished(Use)
        /// A call of the system failed.
        case system(String)

        public var description: String {
            switch self {
            case .missing(let path): "no key at \(path): give the directory of keys with --keys"
            case .exists(let path): "a key is at \(path) already"
            case .open(let path, let mode):
                "\(path) has mode \(String(mode, radix: 8)): only its owner may read it (0600)"
            case .malformed(let path): "\(path) holds no key of this kind"
            case .unfinished(let use):
                "the change of the \(use.rawValue) key is not finished: run liuhen key rotate again"
            case .system(let what): what
            }
        }

        /// What the administrator reads.
        public var chinese: String {
            switch self {
            case .missing(let path): "找不到密钥文件 \(path)。请用 --keys 指明密钥目录，或从恢复单恢复。"
            case .exists(let path): "密钥文件 \(path) 已存在，没有改动。"
            case .open(let path, _): "密钥文件 \(path) 可被其他用户读取。请改为仅所有者可读（chmod 600）。"
            case .malformed(let path):
                "密钥文件 \(path) 的内容不是所需的密钥，可能已损坏或者放错。请把原来的密钥文件放回；找不回的，用备份和恢复单恢复（liuhen restore）。没有改动任何内容。"
            case .unfinished(let use): "\(use.rawValue) 密钥的更换没有做完。请先再运行一次更换密钥的命令（liuhen key），做完再备份。"
            case .system(let what): "密钥文件不能读写：\(what)。请检查密钥目录所在的盘、路径和权限。"
            }
        }
    }

    /// Keeps a signing key; durable when it returns.
    public func store(_ key: SigningKey, for use: Use) throws(Failure) {
        try write(Array((key.encoded + "\n").utf8), named: use.rawValue)
    }

    /// The signing key of the bureau's n-th log. The first stands in `log.key`, later ones in `log-2.key`, `log-3.key` ….
    public func logKey(_ log: Int) throws(Failure) -> SigningKey {
        try signingKey(named: KeyStore.name(ofLog: log))
    }

    /// Keeps the key of a log that is about to begin; durable when it returns.
    ///
    /// One that is there already is destroyed, not taken up: an attempt that was cut off left it, it signed nothing that
    /// anybody saw, and whoever saw this directory since has it. Call it only where the ledger has no such log.
    func keepLogKey(_ key: SigningKey, of log: Int) throws(Failure) {
        do throws(SystemError) { try retireLogKey(log) } catch { throw .system(error.chinese) }
        try write(Array((key.encoded + "\n").utf8), named: KeyStore.name(ofLog: log))
    }

    /// Files of keys for logs later than the ledger's open one, by path. Where the lock file agrees with the ledger, none of
    /// them ever counted.
    public func unusedLogKeys(after log: Int) -> [String] {
        logKeys.filter { $0.number > log }.map { path(of: $0.name) }
    }

    private var logKeys: [(name: String, number: Int)] {
        ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).filter { $0.hasSuffix(".key") }
            .sorted()
            .compactMap { file in
                let name = String(file.dropLast(4))
                return KeyStore.log(named: name).map { (name, $0) }
            }
    }

    /// Destroys the key of a log that will not be continued, so that nobody signs another head of it.
    func retireLogKey(_ log: Int) throws(SystemError) {
        let path = path(of: KeyStore.name(ofLog: log))
        guard access(path, F_OK) == 0 else { return }
        var status = stat()
        guard stat(path, &status) == 0 else { throw SystemError(path: path, call: "stat") }
        try LinuxBackupDisk().overwrite(path, byteCount: Int64(status.st_size))
        guard unlink(path) == 0 else { throw SystemError(path: path, call: "unlink") }
        try Directory.sync(above: path)
    }

    private static func name(ofLog log: Int) -> String { log == 1 ? Use.log.rawValue : "\(Use.log.rawValue)-\(log)" }

    /// The log that a key's name is for; nil for keys of other uses.
    static func log(named name: String) -> Int? {
        if name == Use.log.rawValue { return 1 }
        guard name.hasPrefix("\(Use.log.rawValue)-"), let log = Decimal.strict(name.dropFirst(4).utf8), log > 1 else {
            return nil
        }
        return log
    }

    /// Keeps a secret of 32 bytes; durable when it returns.
    public func store(secret: [UInt8], for use: Use) throws(Failure) {
        guard secret.count == 32 else { throw .malformed(path(of: use.rawValue)) }
        try write(Array((Hex.encode(secret) + "\n").utf8), named: use.rawValue)
    }

    /// The signing key of a use.
    public func signingKey(for use: Use) throws(Failure) -> SigningKey {
        try signingKey(at: path(of: use.rawValue))
    }

    private func signingKey(named name: String) throws(Failure) -> SigningKey {
        try signingKey(at: path(of: name))
    }

    func signingKey(at path: String) throws(Failure) -> SigningKey {
        let text = String(decoding: try read(path), as: UTF8.self)
        guard text.utf8.last == UInt8(ascii: "\n"), let key = SigningKey(encoded: String(text.dropLast())) else {
            throw .malformed(path)
        }
        return key
    }

    /// The secret of a use, 32 bytes.
    public func secret(for use: Use) throws(Failure) -> [UInt8] {
        try secret(at: path(of: use))
    }

    func secret(at path: String) throws(Failure) -> [UInt8] {
        let bytes = try read(path)
        guard bytes.last == UInt8(ascii: "\n"), let secret = Hex.decode(bytes.dropLast()), secret.count == 32 else {
            throw .malformed(path)
        }
        return secret
    }

    /// The files of all keys that are there but the backup key, by name: what a backup carries, sealed.
    ///
    /// - Parameter logs: the logs that the ledger has; keys of others are left out. Nil for all that are there.
    func files(ofLogs logs: Set<Int>? = nil) throws(Failure) -> [String: [UInt8]] {
        // Keys and what is under them would not fit one another when it is put back.
        if let use = unfinished.first(where: { $0 != .backup }) { throw .unfinished(use) }
        var names = Use.allCases.filter { $0 != .backup }.map(\.rawValue)
        names += logKeys.filter { $0.number > 1 }.map(\.name)
        if let logs { names.removeAll { KeyStore.log(named: $0).map { !logs.contains($0) } ?? false } }
        var files: [String: [UInt8]] = [:]
        for name in names where access(path(of: name), F_OK) == 0 { files[name] = try read(path(of: name)) }
        return files
    }

    /// Puts a key's file back; one with the same bytes is left as it is.
    func restore(_ bytes: [UInt8], named name: String) throws(Failure) {
        if access(path(of: name), F_OK) == 0, try read(path(of: name)) == bytes { return }
        try write(bytes, named: name)
    }

    /// Draws 32 random bytes from the system.
    public static func randomSecret() -> [UInt8] {
        var source = SystemRandomNumberGenerator()
        return (0..<32).map { _ in UInt8.random(in: 0...255, using: &source) }
    }

    private func path(of name: String) -> String { "\(directory)/\(name).key" }

    func path(of use: Use) -> String { path(of: use.rawValue) }

    private func write(_ bytes: [UInt8], named name: String) throws(Failure) {
        let path = path(of: name)
        guard access(path, F_OK) != 0 else { throw .exists(path) }
        do throws(SystemError) {
            try Directory.make(directory)
            try Directory.write(bytes, to: path)
        } catch {
            throw .system(error.chinese)
        }
    }

    private func read(_ path: String) throws(Failure) -> [UInt8] {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .missing(path) }
        guard status.st_mode & 0o077 == 0 else { throw .open(path, mode: status.st_mode & 0o777) }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .system(SystemError(path: path, call: "read").chinese)
        }
        return Array(data)
    }
}
