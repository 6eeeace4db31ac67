import Foundation
import Glibc

/// Other programs, each run to its end.
///
/// Not by Foundation's `Process`: it reads every entry of /proc/self/fd as 256 bytes, also the last ones of what the kernel
/// filled in, and where so many files are open that they fill its buffer, as hundreds of tests at once have them, it reads past
/// the end of its memory, and the process that tests is gone.
public enum Program {
    /// How a run ended.
    public struct Ended: Sendable {
        /// The exit code, or the signal that ended it.
        public let status: Int32
        /// What it printed, as bytes.
        public let bytes: [UInt8]
        /// The same as text.
        public var output: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// A program that could not be started.
    public struct NotStarted: Error {
        /// errno
        public let code: Int32
        /// Which.
        public let program: String
    }

    /// What is done with a program's standard error.
    public enum Errors: Sendable {
        /// It goes where the output goes.
        case merged
        /// Nobody reads it.
        case dropped
    }

    /// Runs a program with no input and these variables beside our own; our files are opened to be closed when another program
    /// begins. What it prints goes through a file, so a full pipe cannot stop it.
    @discardableResult
    public static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], errors: Errors = .merged
    ) throws -> Ended {
        let path = FileManager.default.temporaryDirectory.path + "/liuhen-program-\(UUID().uuidString)"
        let log = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard log >= 0 else { throw NotStarted(code: errno, program: path) }
        defer { close(log) }
        unlink(path)
        let child = try start(program, arguments, environment: environment, log: log, errors: errors)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        var bytes = [UInt8](repeating: 0, count: Int(lseek(log, 0, SEEK_END)))
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes { pread(log, $0.baseAddress! + done, $0.count - done, done) }
            guard count > 0 else { break }
            done += count
        }
        let signal = status & 0x7F
        return Ended(status: signal == 0 ? status >> 8 & 0xFF : signal, bytes: bytes)
    }

    private static func start(
        _ program: String, _ arguments: [String], environment: [String: String], log: Int32, errors: Errors
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, log, 1)
        switch errors {
        case .merged: posix_spawn_file_actions_adddup2(&actions, log, 2)
        case .dropped: posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Whatever the thread that calls has blocked.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        let merged = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        var variables: [UnsafeMutablePointer<CChar>?] = merged.map { strdup("\($0)=\($1)") } + [nil]
        defer { variables.forEach { free($0) } }
        var child = pid_t()
        let code = posix_spawn(&child, program, &actions, &attributes, &words, &variables)
        guard code == 0 else { throw NotStarted(code: code, program: program) }
        return child
    }
}
