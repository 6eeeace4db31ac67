import Application
import Casework
import Foundation
import Glibc
import Kernel
import Ledger
import Synchronization
import TestKit

@testable import Store

/// A clock that tests set.
final class TestClock: WallClock {
    private let state: Mutex<(wall: Int64, monotonic: Int64, run: Int)>

    init(_ wall: Instant = TestClock.start) {
        state = Mutex((wall.milliseconds, 1_000_000, 0))
    }

    static let start = Instant(milliseconds: 1_795_000_000_000)

    func now() -> Instant { state.withLock { Instant(milliseconds: $0.wall) } }
    func monotonicMilliseconds() -> Int64 { state.withLock { $0.monotonic } }
    func machineRun() -> MachineRun? { state.withLock { MachineRun(id: "run-\($0.run)", uptime: $0.monotonic) } }

    /// The machine is switched off, and on again after a time that its clock alone knows.
    func switchOff(for milliseconds: Int64) {
        state.withLock {
            $0.wall += milliseconds
            $0.monotonic = 20_000
            $0.run += 1
        }
    }

    /// Time passes.
    func advance(_ milliseconds: Int64) {
        state.withLock {
            $0.wall += milliseconds
            $0.monotonic += milliseconds
        }
    }

    /// Somebody sets the clock.
    func leap(_ milliseconds: Int64) {
        state.withLock { $0.wall += milliseconds }
    }
}

/// A bureau's ledger in a directory of its own.
final class Fixture {
    let directory: TemporaryDirectory
    let clock = TestClock()
    let bureau = BureauTag("zhaoxian")!
    var key = SigningKey(name: "demo.liuhen.invalid/log/zhaoxian", seed: [UInt8](repeating: 7, count: 32))!
    var settings = LedgerSettings()
    private var data: DataDirectory?
    private(set) var ledger: LedgerDatabase!

    init(_ directory: TemporaryDirectory? = nil) throws {
        self.directory = try directory ?? TemporaryDirectory()
        settings.reserve = 0
    }

    deinit {
        ledger?.close()
    }

    /// A ledger that was just made.
    static func made(_ change: (inout LedgerSettings) -> Void = { _ in }) throws -> Fixture {
        let fixture = try Fixture()
        change(&fixture.settings)
        try fixture.create()
        return fixture
    }

    var dataPath: String { directory.path + "/data" }
    var lockDirectory: String { directory.path + "/lock" }
    var databasePath: String { dataPath + "/bureaus/zhaoxian/ledger.sqlite" }
    var lockPath: String { lockDirectory + "/zhaoxian.lock" }

    func place() throws -> LedgerDatabase.Place {
        let held = try data ?? DataDirectory(path: dataPath)
        data = held
        return LedgerDatabase.Place(data: held, lockDirectory: lockDirectory, bureau: bureau)
    }

    func create() throws {
        ledger = try LedgerDatabase.create(at: place(), key: key, clock: clock, settings: settings)
    }

    func open() throws {
        ledger = try LedgerDatabase.open(at: place(), key: key, clock: clock, settings: settings)
    }

    func openAdopting(_ note: [UInt8]) throws {
        ledger = try LedgerDatabase.openAdopting(
            checkpoint: note, at: place(), key: key, clock: clock, settings: settings)
    }

    func close() {
        ledger?.close()
        ledger = nil
        data = nil
    }

    func reopen() throws {
        close()
        try open()
    }

    /// Runs SQL on the file with the database closed, past every guard, as an intruder or a bad disk would.
    func tamper(_ sql: String) throws {
        try Shell.run("/usr/bin/sqlite3", databasePath, sql)
    }

    // MARK: writing

    /// Threads as the test last saw them.
    private var heads: [ThreadTag: ThreadHead] = [:]
    private var random = SeededRandom(1)

    func tag() -> ThreadTag { ThreadTag(high: random.next(), low: random.next()) }

    /// A sealed entry that follows the last one of its thread.
    func entry(
        _ thread: ThreadTag, type: EntryType = .caseHandlersChanged, version: Int = 1, command: CommandID,
        plain: JSON = .object([]), references: [EntryReference] = [], values given: [FieldValue]? = nil,
        at: Instant? = nil
    ) throws -> Entry {
        let head = heads[thread]
        // One field that the type has, of the class that it has there.
        let values =
            given
            ?? OpeningRule.fields(of: type.rawValue).sorted().prefix(1).compactMap { field in
                switch OpeningRule.rule(type: type.rawValue, version: 1, field: field) {
                case .always(let its), .otherwise(let its, _): FieldValue(field, .string("换人"), its)
                case .unstated(let some), .stated(let some): some.first.map { FieldValue(field, .string("换人"), $0) }
                case nil: nil
                }
            }
        let entry = try Entry.seal(
            Skeleton.Content(
                type: type.rawValue, typeVersion: version, bureau: bureau, thread: thread, seq: (head?.seq ?? 0) + 1,
                recordedAt: at ?? clock.now(), actor: .system, command: command,
                references: references, plain: plain),
            values: values, prev: head?.commitment ?? .zero, using: &random)
        heads[thread] = ThreadHead(seq: entry.skeleton.content.seq, commitment: entry.commitment)
        return entry
    }

    func command() -> CommandID { CommandID(high: random.next(), low: random.next()) }

    /// A request with one entry in each of these threads, in order.
    func request(
        _ threads: [ThreadTag], type: EntryType = .caseHandlersChanged, upserting: [ProjectionRow] = [],
        removing: [ProjectionKey] = [], at: Instant? = nil
    ) throws -> AppendRequest {
        let command = command()
        return AppendRequest(
            command: command, entries: try threads.map { try entry($0, type: type, command: command, at: at) },
            upserting: upserting, removing: removing, answer: ["case": .string(threads[0].description)])
    }

    /// Appends one entry to each of these threads.
    @discardableResult
    func append(_ threads: ThreadTag..., upserting: [ProjectionRow] = []) async throws -> AppendReceipt {
        try await ledger.append(try request(threads, upserting: upserting))
    }

    /// Forgets what the test thought of a thread, after an append that failed.
    func forget(_ thread: ThreadTag, _ head: ThreadHead?) { heads[thread] = head }
    func known(_ thread: ThreadTag) -> ThreadHead? { heads[thread] }

    /// A case with its row.
    func caseRow(
        _ thread: ThreadTag, title: String = "对赵县测试面粉厂的检查", party: String = "赵县测试面粉厂",
        kind: String = "inspection", handlers: [ThreadTag] = [], stage: Stage = .initiation,
        state: CaseRow.State = .open, openedAt: Instant = TestClock.start, lastAt: Instant = TestClock.start
    ) -> CaseRow {
        CaseRow(
            thread: thread, kind: kind, title: title, subject: ThreadTag(high: 1, low: 1), subjectName: party,
            handlers: handlers, stage: stage, state: state, openedAt: openedAt, endedAt: nil, filedAt: nil,
            lastAt: lastAt, entries: 1)
    }
}

/// Other programs that tests ask.
enum Shell {
    struct Failed: Error { let status: Int32, output: String }

    @discardableResult
    static func run(_ program: String, _ arguments: String...) throws -> String {
        let ended = try Program.run(program, arguments)
        guard ended.status == 0 else { throw Failed(status: ended.status, output: ended.output) }
        return ended.output
    }
}

extension Shell {
    /// Starts a program with no signal blocked or ignored, whatever the thread that calls has blocked.
    static func spawn(_ arguments: [String], errorsTo path: String) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGTERM)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 2, path, O_WRONLY | O_CREAT, 0o600)
        var words = arguments.map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var child = pid_t()
        let code = posix_spawn(&child, arguments[0], &actions, &attributes, &words, environ)
        guard code == 0 else { throw Failed(status: code, output: String(cString: strerror(code))) }
        return child
    }

    /// Asks a program to end, and after five seconds ends it. Nothing happens if it has ended already.
    static func end(_ child: pid_t) {
        kill(child, SIGTERM)
        for _ in 0..<500 {
            if waitpid(child, nil, WNOHANG) != 0 { return }
            usleep(10_000)
        }
        kill(child, SIGKILL)
        waitpid(child, nil, 0)
    }
}

extension StoreError {
    var isStopped: Bool { if case .stopped = self { true } else { false } }
    var isFull: Bool { if case .full = self { true } else { false } }
}

/// The error that a body throws; nil if it throws none.
func storeError<T>(_ body: () async throws -> T) async -> StoreError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? StoreError
    }
}
