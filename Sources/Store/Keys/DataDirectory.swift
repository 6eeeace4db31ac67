import Application
import Glibc
import Kernel

/// The data directory (`--data`), held by one process at a time.
///
/// Everything that writes a ledger asks for it, so that a second server or a repair command cannot write beside the
/// first. The lock is the kernel's (`flock`): it ends with the process, however that ends.
public final class DataDirectory: Sendable {
    /// Where it is.
    public let path: String
    private let descriptor: Int32

    /// Takes the directory, making it if it is not there.
    ///
    /// - Throws: `LedgerStartError.inUse` if another process has it.
    public init(path: String) throws(LedgerStartError) {
        do {
            try Directory.make(path)
        } catch {
            throw .system(error.description)
        }
        let file = path + "/process.lock"
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(SystemError(path: file, call: "open").description) }
        // The process before may still be going down, and between fork and exec a child holds a copy of the lock: it
        // is asked for again for three seconds before somebody is sent away.
        var tries = 60
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let error = SystemError(path: file, call: "flock")
            tries -= 1
            if error.code == EWOULDBLOCK, tries > 0 {
                usleep(50_000)
                continue
            }
            close(descriptor)
            throw error.code == EWOULDBLOCK ? .inUse(path) : .system(error.description)
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        // A child that another thread is just starting holds a copy of the descriptor until it runs its program; the
        // lock would stay with that copy.
        _ = flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// The rule files that are kept by digest, for all bureaus (ADR 0018).
    public var rules: String { path + "/rules" }

    /// The directory of one bureau.
    public func bureau(_ tag: BureauTag) -> String { "\(path)/bureaus/\(tag)" }

    /// The file of one bureau's ledger.
    public func ledger(of tag: BureauTag) -> String { bureau(tag) + "/ledger.sqlite" }
}
