import Foundation
import Glibc
import Kernel
import Ledger

/// The change of a key, in steps of which each may be the last before a death:
///
/// 1. `stage`: the next key stands beside the present one, as `<use>.key.next`.
/// 2. What is under the present key goes under the next one, and the ledger says so.
/// 3. `promote`: the next key takes the place of the present one, which is overwritten in its own blocks.
///
/// Until `promote` both keys are at hand. A change that was cut off goes on where it stopped.
extension KeyStore {
    /// Uses whose change was begun and is not finished.
    public var unfinished: [Use] {
        Use.allCases.filter { hasNext($0) || exists(oldPath($0)) }
    }

    /// Whether the next key of a use stands beside the present one.
    public func hasNext(_ use: Use) -> Bool { exists(nextPath(use)) }

    /// Whether a use has a key.
    public func has(_ use: Use) -> Bool { exists(path(of: use)) }

    /// Puts the next signing key beside the present one; one that stands there already is kept.
    public func stage(_ key: SigningKey, for use: Use) throws(Failure) {
        try stage(Array((key.encoded + "\n").utf8), for: use)
    }

    /// Puts the next secret beside the present one; one that stands there already is kept.
    public func stage(secret: [UInt8], for use: Use) throws(Failure) {
        guard secret.count == 32 else { throw .malformed(nextPath(use)) }
        try stage(Array((Hex.encode(secret) + "\n").utf8), for: use)
    }

    /// The next signing key of a use.
    public func nextSigningKey(for use: Use) throws(Failure) -> SigningKey {
        try signingKey(at: nextPath(use))
    }

    /// The next secret of a use.
    public func nextSecret(for use: Use) throws(Failure) -> [UInt8] {
        try secret(at: nextPath(use))
    }

    /// Puts the next key in the place of the present one and overwrites that one. Done already: does nothing.
    public func promote(_ use: Use) throws(Failure) {
        let (present, next, old) = (path(of: use), nextPath(use), oldPath(use))
        do throws(SystemError) {
            if exists(next) {
                // A second name keeps the present key's blocks within reach when the rename takes its name away.
                if exists(present), link(present, old) != 0, errno != EEXIST {
                    throw SystemError(path: old, call: "link")
                }
                // If we die here the present key has two names and both keys are at hand.
                guard rename(next, present) == 0 else { throw SystemError(path: present, call: "rename") }
                try Directory.sync(above: present)
            }
            // If we die here the next key is the present one, and the old one is still to be overwritten.
            if exists(old) {
                try overwrite(old)
                guard unlink(old) == 0 else { throw SystemError(path: old, call: "unlink") }
                try Directory.sync(above: present)
            }
        } catch {
            throw .system(error.chinese)
        }
    }

    private func stage(_ bytes: [UInt8], for use: Use) throws(Failure) {
        guard !exists(nextPath(use)) else { return }
        do throws(SystemError) {
            try Directory.make(directory)
            try Directory.write(bytes, to: nextPath(use))
        } catch {
            throw .system(error.chinese)
        }
    }

    private func overwrite(_ path: String) throws(SystemError) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw SystemError(path: path, call: "open") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemError(path: path, call: "fstat") }
        let zeros = [UInt8](repeating: 0, count: Int(status.st_size))
        guard pwrite(descriptor, zeros, zeros.count, 0) == zeros.count else {
            throw SystemError(path: path, call: "pwrite")
        }
        guard fsync(descriptor) == 0 else { throw SystemError(path: path, call: "fsync") }
    }

    private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
    private func nextPath(_ use: Use) -> String { path(of: use) + ".next" }
    private func oldPath(_ use: Use) -> String { path(of: use) + ".old" }
}
