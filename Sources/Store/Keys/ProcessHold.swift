import Application
import Glibc
import Synchronization

/// Something that one process uses at a time: the data directory, a lock file, a bureau's keys.
///
/// Two servers that share any of the three would sign two histories under one key, however they came by the rest: a copy
/// made "to try something", an old disk that still spins. The hold is the kernel's (`flock`): it ends with the process,
/// however that ends.
final class ProcessHold: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Takes a file, making it if it is not there, or a directory.
    ///
    /// - Parameter name: what the error calls it; the path itself unless told.
    /// - Throws: `LedgerStartError.inUse` if another process has it.
    init(_ path: String, isDirectory: Bool = false, called name: String? = nil) throws(LedgerStartError) {
        let descriptor =
            isDirectory
            ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(SystemError(path: path, call: "open").chinese) }
        // The process before may still be going down, and between fork and exec a child holds a copy of the lock: it
        // is asked for again for three seconds before somebody is sent away.
        var tries = 60
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let error = SystemError(path: path, call: "flock")
            tries -= 1
            if error.code == EWOULDBLOCK, tries > 0 {
                usleep(50_000)
                continue
            }
            close(descriptor)
            throw error.code == EWOULDBLOCK ? .inUse(name ?? path) : .system(error.chinese)
        }
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    /// Lets go of it; a second call does nothing.
    func release() {
        guard
            let held = descriptor.withLock({ held in
                defer { held = nil }
                return held
            })
        else { return }
        // A child that another thread is just starting holds a copy of the descriptor until it runs its program; the
        // lock would stay with that copy.
        _ = flock(held, LOCK_UN)
        close(held)
    }
}
