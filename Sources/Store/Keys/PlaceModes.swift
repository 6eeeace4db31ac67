import Application
import Foundation
import Glibc
import Kernel

/// Whether other users of the machine can read or change what is the server's alone: keys, data, lock files. Only looks.
public struct PlaceModes: Sendable {
    /// One file or directory that is open to others, in plain Chinese with what to run.
    public struct Finding: Hashable, Sendable {
        public let path: String
        public let chinese: String
    }

    private let data: String
    private let keys: String
    private let lock: String

    /// The three directories of a server.
    public init(data: String, keys: String, lock: String) {
        self.data = data
        self.keys = keys
        self.lock = lock
    }

    /// The directory of keys, those of bureaus in it, and every key.
    public func keyFindings() -> [Finding] {
        findings(tree(keys), closed: 0o077, "能看到或者换掉密钥")
    }

    /// The data directory, and what in it others could write.
    public func dataFindings() -> [Finding] {
        findings([data], closed: 0o077, "能看到案件和登录数据")
            + findings(
                [data + "/installation.sqlite", data + "/bureaus"]
                    + tags.flatMap { tag in
                        let bureau = "\(data)/bureaus/\(tag)"
                        return [bureau, bureau + "/ledger.sqlite", bureau + "/vault"]
                    }, closed: 0o022, "能改动账本或者证据")
    }

    /// The directory of lock files and each of them.
    public func lockFindings() -> [Finding] {
        findings(tree(lock), closed: 0o022, "能换掉锁文件，使旧的账本看起来像新的")
    }

    private var tags: [String] { names(data + "/bureaus").filter { BureauTag($0) != nil } }

    private func names(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// A directory, what is in it, and what is in that.
    private func tree(_ path: String) -> [String] {
        [path]
            + names(path).flatMap { name -> [String] in
                let inner = "\(path)/\(name)"
                return [inner] + names(inner).map { "\(inner)/\($0)" }
            }
    }

    private func findings(_ paths: [String], closed: mode_t, _ harm: String) -> [Finding] {
        paths.compactMap { path in
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            let isDirectory = status.st_mode & S_IFMT == S_IFDIR
            let mode = status.st_mode & 0o777
            let ours = geteuid()
            // Root opens everything; for others, what belongs to somebody else can be changed by them.
            if ours != 0, status.st_uid != ours, status.st_uid != 0 {
                return Finding(path: path, chinese: "\(path) 属于本机的另一个用户，他\(harm)。请运行 chown -R \(ours) \(path)。")
            }
            guard mode & closed != 0 else { return nil }
            return Finding(
                path: path,
                chinese:
                    "\(path) 的权限是 \(String(mode, radix: 8))，本机的其他用户\(harm)。请运行 chmod \(isDirectory ? "700" : "600") \(path)。"
            )
        }
    }
}
