import Glibc

/// One running worker: its process, and the pipes to speak with it. Every wait has a deadline.
///
/// Belongs to one thread at a time. Whoever gives it up calls ``end()``.
final class WorkerProcess {
    /// Why a conversation broke off.
    enum Failure: Error, Equatable {
        /// The deadline passed.
        case deadline
        /// The worker closed its end.
        case closed
        /// A frame was announced that is longer than allowed.
        case tooLong(Int)
        /// A frame does not say what it must.
        case nonsense(String)
    }

    let pid: pid_t
    /// Our end of the worker's standard input and output, and of its standard error.
    private let line: CInt
    private let complaints: CInt
    private var complaintsOpen = true
    private var recentComplaints: [UInt8] = []
    private var ended = false

    /// Starts a program with a clean environment, in a process group of its own.
    ///
    /// - Throws: the call that failed, with its `errno`.
    init(arguments: [String]) throws(SpawnError) {
        let talk = try pair()
        defer { close(talk.theirs) }
        let errors: (ours: CInt, theirs: CInt)
        do throws(SpawnError) {
            errors = try pair()
        } catch {
            close(talk.ours)
            throw error
        }
        defer { close(errors.theirs) }
        do throws(SpawnError) {
            pid = try spawn(arguments, line: talk.theirs, errors: errors.theirs)
        } catch {
            close(talk.ours)
            close(errors.ours)
            throw error
        }
        (line, complaints) = (talk.ours, errors.ours)
        _ = fcntl(line, F_SETFL, O_NONBLOCK)
        _ = fcntl(complaints, F_SETFL, O_NONBLOCK)
    }

    deinit {
        end()
    }

    /// What the worker last wrote to standard error: the cause of its death, as a rule.
    var lastWords: String {
        let text = String(decoding: recentComplaints, as: UTF8.self)
        return text.split(separator: "\n").suffix(4).joined(separator: " | ")
    }

    /// Ends the worker and everything it started, and reaps it. Tells how it ended. Safe to repeat.
    @discardableResult
    func end() -> String {
        guard !ended else { return "ended before" }
        ended = true
        close(line)
        // A worker that is dying by itself gets a moment, so that its own cause is what the log shows.
        for _ in 0..<10 where !exited {
            var moment = timespec(tv_sec: 0, tv_nsec: 2_000_000)
            nanosleep(&moment, nil)
        }
        // Before it is reaped: until then its number cannot belong to anybody else.
        kill(-pid, SIGKILL)
        var status: CInt = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        drainComplaints()
        close(complaints)
        let signalNumber = status & 0x7F
        return signalNumber == 0 ? "exit status \(status >> 8 & 0xFF)" : "signal \(signalNumber)"
    }

    private var exited: Bool {
        var info = siginfo_t()
        guard waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 else { return true }
        return info.si_signo == SIGCHLD
    }

    /// Resident memory in bytes; nil when the kernel does not tell.
    var residentMemory: Int? {
        guard let file = fopen("/proc/\(pid)/statm", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, CInt(line.count), file) != nil else { return nil }
        let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: " ")
        guard words.count > 1, let pages = Int(words[1]) else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Sends one frame.
    func send(_ body: [UInt8], until deadline: ContinuousClock.Instant) throws(Failure) {
        try write(Frame.header(for: body.count), until: deadline)
        try write(body, until: deadline)
    }

    /// Receives one frame of at most `limit` bytes.
    func receive(limit: Int, until deadline: ContinuousClock.Instant) throws(Failure) -> [UInt8] {
        let length = Frame.length(try read(Frame.headerLength, until: deadline))
        guard length <= limit else { throw .tooLong(length) }
        return try read(length, until: deadline)
    }

    private func write(_ bytes: [UInt8], until deadline: ContinuousClock.Instant) throws(Failure) {
        var offset = 0
        while offset < bytes.count {
            try wait(for: Int16(POLLOUT), until: deadline)
            // A worker that died while we write is an error of send, not a signal that ends the server.
            let count = bytes[offset...].withUnsafeBytes {
                Glibc.send(line, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            if count > 0 {
                offset += count
            } else if errno != EAGAIN && errno != EINTR {
                throw .closed
            }
        }
    }

    private func read(_ count: Int, until deadline: ContinuousClock.Instant) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var offset = 0
        while offset < count {
            try wait(for: Int16(POLLIN), until: deadline)
            let got = bytes[offset...].withUnsafeMutableBytes { Glibc.read(line, $0.baseAddress, $0.count) }
            if got > 0 {
                offset += got
            } else if got == 0 || (errno != EAGAIN && errno != EINTR) {
                throw .closed
            }
        }
        return bytes
    }

    /// Waits until the line is ready, reading complaints meanwhile so that a talkative worker never blocks.
    private func wait(for event: Int16, until deadline: ContinuousClock.Instant) throws(Failure) {
        while true {
            let left = deadline - .now
            guard left > .zero else { throw .deadline }
            let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1
            var waits = [
                pollfd(fd: line, events: event, revents: 0),
                pollfd(fd: complaintsOpen ? complaints : -1, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&waits, 2, CInt(clamping: milliseconds))
            if ready < 0 && errno != EINTR { throw .closed }
            guard ready > 0 else { continue }
            if waits[1].revents != 0 { drainComplaints() }
            if waits[0].revents != 0 { return }
        }
    }

    private func drainComplaints() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while complaintsOpen {
            let count = Glibc.read(complaints, &buffer, buffer.count)
            if count > 0 {
                recentComplaints = (recentComplaints + buffer[..<count]).suffix(4096)
            } else {
                if count == 0 { complaintsOpen = false }
                return
            }
        }
    }
}

/// A program that could not be started.
struct SpawnError: Error {
    /// The call that failed.
    let call: String
    /// Its `errno`.
    let number: CInt
}

/// Two connected ends that no child inherits by accident. A socket pair is used where a pipe would do, because the flag
/// that closes it on exec is set in the same call: no other thread can start a child in between.
private func pair() throws(SpawnError) -> (ours: CInt, theirs: CInt) {
    var ends: [CInt] = [-1, -1]
    let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw SpawnError(call: "socketpair", number: errno) }
    return (ends[0], ends[1])
}

/// Starts a program with `line` as standard input and output, and nothing of our environment.
private func spawn(_ arguments: [String], line: CInt, errors: CInt) throws(SpawnError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, line, 0)
    posix_spawn_file_actions_adddup2(&actions, line, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))

    // One thread of typst's: a document of few pages is done sooner than its parts are handed out and gathered. Documents
    // come one at a time, and more arenas only cost address space.
    let environment = ["PATH=/usr/bin:/bin", "LANG=C.UTF-8", "RAYON_NUM_THREADS=1", "MALLOC_ARENA_MAX=2"]
    let argv = arguments.map { strdup($0) } + [nil]
    let envp = environment.map { strdup($0) } + [nil]
    defer { (argv + envp).forEach { free($0) } }
    var pid: pid_t = 0
    let number = posix_spawn(&pid, arguments[0], &actions, &attributes, argv, envp)
    guard number == 0 else { throw SpawnError(call: "posix_spawn", number: number) }
    return pid
}
