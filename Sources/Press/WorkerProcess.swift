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
    private let input: CInt
    private let output: CInt
    private let complaints: CInt
    private var complaintsOpen = true
    private var recentComplaints: [UInt8] = []
    private var ended = false

    /// Starts a program with a clean environment, in a process group of its own.
    ///
    /// - Throws: the call that failed, with its `errno`.
    init(arguments: [String]) throws(SpawnError) {
        // A worker that died while we write must be an error of write, not the end of the server.
        signal(SIGPIPE, SIG_IGN)
        var pipes: [CInt] = []
        for _ in 0..<3 {
            var ends: [CInt] = [-1, -1]
            guard pipe2(&ends, O_CLOEXEC) == 0 else {
                let number = errno
                pipes.forEach { _ = close($0) }
                throw SpawnError(call: "pipe2", number: number)
            }
            pipes += ends
        }
        let theirs = [pipes[0], pipes[3], pipes[5]]
        defer { theirs.forEach { _ = close($0) } }
        do {
            pid = try spawn(arguments, input: theirs[0], output: theirs[1], errors: theirs[2])
        } catch {
            [pipes[1], pipes[2], pipes[4]].forEach { _ = close($0) }
            throw error
        }
        (input, output, complaints) = (pipes[1], pipes[2], pipes[4])
        for end in [input, output, complaints] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
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
        [input, output].forEach { _ = close($0) }
        // A worker that is dying by itself gets a moment, so that its own cause is what the log shows.
        var status: CInt = 0
        var reaped = waitpid(pid, &status, WNOHANG)
        if reaped == 0 {
            var moment = timespec(tv_sec: 0, tv_nsec: 20_000_000)
            nanosleep(&moment, nil)
            reaped = waitpid(pid, &status, WNOHANG)
        }
        kill(-pid, SIGKILL)
        while reaped == 0 || (reaped < 0 && errno == EINTR) { reaped = waitpid(pid, &status, 0) }
        drainComplaints()
        close(complaints)
        let signalNumber = status & 0x7F
        return signalNumber == 0 ? "exit status \(status >> 8 & 0xFF)" : "signal \(signalNumber)"
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
            try wait(for: input, Int16(POLLOUT), until: deadline)
            let count = bytes[offset...].withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
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
            try wait(for: output, Int16(POLLIN), until: deadline)
            let got = bytes[offset...].withUnsafeMutableBytes { Glibc.read(output, $0.baseAddress, $0.count) }
            if got > 0 {
                offset += got
            } else if got == 0 || (errno != EAGAIN && errno != EINTR) {
                throw .closed
            }
        }
        return bytes
    }

    /// Waits until `end` is ready, reading complaints meanwhile so that a talkative worker never blocks.
    private func wait(for end: CInt, _ event: Int16, until deadline: ContinuousClock.Instant) throws(Failure) {
        while true {
            let left = deadline - .now
            guard left > .zero else { throw .deadline }
            let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1
            var waits = [
                pollfd(fd: end, events: event, revents: 0),
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

/// Starts a program with these three standard streams, no other descriptor, and nothing of our environment.
private func spawn(
    _ arguments: [String], input: CInt, output: CInt, errors: CInt
) throws(SpawnError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // Our ends lie above 2 for certain, because a server keeps its own 0, 1 and 2 open.
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var standard = sigset_t()
    sigemptyset(&standard)
    sigaddset(&standard, SIGPIPE)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &standard)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    posix_spawnattr_setflags(&attributes, Int16(flags))

    // Two threads and two arenas: more only cost address space, and documents come one at a time.
    let environment = ["PATH=/usr/bin:/bin", "LANG=C.UTF-8", "RAYON_NUM_THREADS=2", "MALLOC_ARENA_MAX=2"]
    let argv = arguments.map { strdup($0) } + [nil]
    let envp = environment.map { strdup($0) } + [nil]
    defer { (argv + envp).forEach { free($0) } }
    var pid: pid_t = 0
    let number = posix_spawn(&pid, arguments[0], &actions, &attributes, argv, envp)
    guard number == 0 else { throw SpawnError(call: "posix_spawn", number: number) }
    return pid
}
