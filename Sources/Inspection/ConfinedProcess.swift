import CLinux
import Glibc

/// Runs an outside program on untrusted bytes: without network, without files but programs and libraries, within
/// limits of memory, processor time, time and output, and ends it with everything it started.
///
/// Blocks its thread until the program has ended.
struct ConfinedProcess: Sendable {
    /// The program.
    var path: String
    var arguments: [String]
    /// Bytes of address space.
    var memory: UInt64 = 2 << 30
    /// Seconds of processor time; a whole second more than the deadline never ends first.
    var processorSeconds: UInt64 = 30
    /// Milliseconds from start to end; and until the program runs, which is counted for itself.
    var deadline: Int64 = 30_000
    /// Bytes read of each of the two outputs.
    var outputLimit = 1 << 20
    /// Where it may read besides the system's programs and libraries.
    var readable: [String] = []

    /// How it ended.
    enum Outcome: Sendable, Equatable {
        case exited(code: Int32, output: [UInt8], errors: [UInt8])
        case signalled(Int32)
        case timedOut
        case tooMuchOutput
        case notStarted(errno: Int32)
    }

    /// How far the program was confined.
    struct Confinement: OptionSet, Sendable {
        let rawValue: Int32
        static let noNetwork = Confinement(rawValue: Int32(LIUHEN_NO_NETWORK))
        static let files = Confinement(rawValue: Int32(LIUHEN_LANDLOCK_FILES))
        static let tcp = Confinement(rawValue: Int32(LIUHEN_LANDLOCK_TCP))
    }

    private static let systemPaths = [
        "/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/dev/null", "/dev/zero", "/dev/urandom",
    ]

    /// Runs it with `input` as its standard input.
    func run(input: Int32) -> (outcome: Outcome, confinement: Confinement) {
        guard let output = Pipe(), let errors = Pipe() else { return (.notStarted(errno: EMFILE), []) }
        var reached: Int32 = 0
        let child = withCStrings([path] + arguments) { argv in
            withCStrings(["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"]) { envp in
                withCStrings(ConfinedProcess.systemPaths + [path] + readable) { paths in
                    paths.withMemoryRebound(to: UnsafePointer<CChar>?.self, capacity: 1) { paths in
                        var confinement = liuhen_confinement(
                            address_space: memory, cpu_seconds: processorSeconds,
                            start_milliseconds: UInt32(clamping: min(max(deadline, 1), Int64(Int32.max))),
                            readable: paths)
                        return liuhen_spawn(
                            path, argv, envp, input, output.writing, errors.writing, &confinement, &reached)
                    }
                }
            }
        }
        let confinement = Confinement(rawValue: reached)
        output.closeWriting()
        errors.closeWriting()
        if child == -ETIMEDOUT { return (.timedOut, confinement) }
        guard child > 0 else { return (.notStarted(errno: -child), confinement) }

        let failure = awaitEnd(of: child, output, errors)
        // The whole group, whatever the leader did: nothing it started may go on. The leader is not reaped yet, so its
        // number still names this group and no other.
        kill(-child, SIGKILL)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        if let failure { return (failure, confinement) }
        if status & 0x7F != 0 { return (.signalled(status & 0x7F), confinement) }
        return (.exited(code: status >> 8 & 0xFF, output: output.bytes, errors: errors.bytes), confinement)
    }

    /// Reads both outputs to their end and waits for the program's; a failure if that is late or too long.
    private func awaitEnd(of child: pid_t, _ output: Pipe, _ errors: Pipe) -> Outcome? {
        let start = now
        while output.isOpen || errors.isOpen {
            let left = deadline - (now - start)
            guard left > 0 else { return .timedOut }
            var polls = [output, errors].map {
                pollfd(fd: $0.isOpen ? $0.reading : -1, events: Int16(POLLIN), revents: 0)
            }
            guard poll(&polls, nfds_t(polls.count), Int32(min(left, 1000))) >= 0 || errno == EINTR else {
                return .timedOut
            }
            for (pipe, poll) in zip([output, errors], polls) where poll.revents != 0 {
                pipe.readSome()
                if pipe.bytes.count > outputLimit { return .tooMuchOutput }
            }
        }
        while liuhen_has_ended(child) == 0 {
            guard now - start < deadline else { return .timedOut }
            // A pause of a millisecond; this thread is the queue's own and waits for nothing else.
            _ = poll(nil, 0, 1)
        }
        return nil
    }

    private var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

/// One output of a program.
private final class Pipe {
    let reading: Int32
    private(set) var writing: Int32
    private(set) var bytes: [UInt8] = []
    private(set) var isOpen = true

    init?() {
        var ends: [Int32] = [-1, -1]
        guard liuhen_pipe(&ends) == 0 else { return nil }
        reading = ends[0]
        writing = ends[1]
    }

    func closeWriting() {
        if writing >= 0 { close(writing) }
        writing = -1
    }

    func readSome() {
        let count = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
            let count = read(reading, buffer.baseAddress, buffer.count)
            if count > 0 { bytes += UnsafeRawBufferPointer(rebasing: buffer[..<count]) }
            return count
        }
        if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) { isOpen = false }
    }

    deinit {
        closeWriting()
        close(reading)
    }
}

/// An array of C strings, ended by nil, for the length of a call.
private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<CChar>?.self, capacity: copies.count + 1) { array in
        _ = array.initialize(from: copies + [nil])
        guard let base = array.baseAddress else { preconditionFailure("an allocation of at least one has an address") }
        return body(base)
    }
}
