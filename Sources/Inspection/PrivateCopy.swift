import CLinux
import Glibc

/// A copy of plain bytes that has no name: in memory if small, else on the disk, gone when it is closed.
///
/// The tool reads it as its own standard input. Nobody else can open it, and a crash leaves nothing to find by name.
final class PrivateCopy: Sendable {
    let descriptor: Int32

    /// Up to this many bytes stay in memory.
    static let memoryLimit: Int64 = 64 << 20

    /// A system call that failed.
    struct Failure: Error {
        let code: Int32
        var isFull: Bool { [ENOSPC, EDQUOT, ENOMEM, EFBIG].contains(code) }
    }

    /// An empty copy for so many bytes.
    init(byteCount: Int64, scratch: String) throws(Failure) {
        descriptor = byteCount <= PrivateCopy.memoryLimit ? liuhen_memory_file() : liuhen_unnamed_file(scratch)
        guard descriptor >= 0 else { throw Failure(code: -descriptor) }
    }

    func write(_ bytes: [UInt8], at offset: Int64) throws(Failure) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                pwrite(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, Int(offset) + done)
            }
            if count > 0 {
                done += count
            } else if errno != EINTR {
                throw Failure(code: errno)
            }
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }
}
