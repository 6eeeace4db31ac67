import Application
import Foundation
import GRDB
import Kernel
import Ledger
import Synchronization

/// Re-checks a whole stored ledger, tree and content, from its file alone: what is on disk, not what was written.
///
/// skeleton and salt → commitment → leaf → every stored hash → root → every signed head with its signature; seq and
/// previous commitment of each thread; openings against their commitments. Two threads read halves of each log on two
/// connections. The server may go on writing: what came after the newest head at the beginning is not looked at.
public struct LedgerVerification: Sendable {
    /// The ledger's file.
    public var path: String
    /// Whose ledger it has to be; nil where nobody says. A whole ledger in another bureau's place is not this bureau's.
    public var bureau: BureauTag?
    /// Heads kept outside, with names for the report: checkpoints given, witnessed, or from a lock file elsewhere.
    public var outside: [(name: String, note: [UInt8])] = []
    /// The lock file that remembers the newest head that was ever answered for; nil where only the ledger is at hand. It lies
    /// on the bureau's own machine, so it anchors nothing; but a ledger behind it, or beside it, is not the newest.
    public var lock: String?
    /// Without it only leaves, chains, tree and heads are checked.
    public var withContent = true
    /// How many threads read.
    public var threads = 2
    /// Below this size a log is read by one thread.
    var smallLog: Int64 = 4096

    /// A check of the ledger at `path`.
    public init(path: String, bureau: BureauTag? = nil) {
        self.path = path
        self.bureau = bureau
    }

    /// Runs the check. Blocks for as long as it takes; call it from a thread of its own.
    ///
    /// - Throws: `StoreError` if the file cannot be opened or is no ledger; damage found on the way is a finding.
    public func run() throws(StoreError) -> LedgerVerdict {
        do {
            // Read before the ledger: the server goes on writing, and the lock file is never ahead of the ledger.
            let remembered = try lock.map { try LockFile.read($0) }
            return try connect().read { db in
                let connection = try Connection(db)
                var check = WholeCheck(verification: self, connection: connection)
                return try check.run(remembered)
            }
        } catch {
            throw StoreError(error)
        }
    }

    /// Names of the logs in the file, in order.
    ///
    /// - Throws: `StoreError` if the file cannot be opened or is no ledger.
    public func origins() throws(StoreError) -> [String] {
        do {
            return try connect().read { try EntryReader(connection: Connection($0)).logs().map(\.origin) }
        } catch {
            throw StoreError(error)
        }
    }

    /// What is wrong with the file itself, page by page, as SQLite finds it (English); empty for nothing.
    ///
    /// `run` reads what the ledger is made of. Pages of work lists and registers it does not look at: their damage takes
    /// nothing from the entries and makes every page of the server fail. Blocks; reads the whole file.
    ///
    /// - Parameter thorough: compares each index with its table too, which takes several times as long.
    /// - Throws: `StoreError` if the file cannot be opened.
    public func fileProblems(thorough: Bool = false) throws(StoreError) -> [String] {
        // What was found is worth more than the end of the transaction that found it: that fails on damage too.
        var found: [String] = []
        do {
            try connect().read { db in
                found = try String.fetchAll(db, sql: "PRAGMA \(thorough ? "integrity" : "quick")_check(20)")
            }
        } catch {
            guard let failure = SQLiteFailure(error), failure.isDamage else { throw StoreError(error) }
            if found.isEmpty || found == ["ok"] { found = [failure.description] }
        }
        return found == ["ok"] ? [] : found
    }

    func connect() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -16384") }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Checks ranges of one log side by side, each on a connection and a thread of its own.
    func check(_ ranges: [Range<Int64>], of log: Int, key: VerifierKey?) -> [Result<RangeCheck.Result, any Error>] {
        let results = Mutex<[Int: Result<RangeCheck.Result, any Error>]>([:])
        let group = DispatchGroup()
        for (number, range) in ranges.enumerated() {
            group.enter()
            let thread = Thread {
                let result = Result {
                    try connect().read { db in
                        try RangeCheck(
                            connection: Connection(db), log: log, range: range, key: key, withContent: withContent
                        ).run()
                    }
                }
                results.withLock { $0[number] = result }
                group.leave()
            }
            thread.start()
        }
        group.wait()
        return ranges.indices.compactMap { number in results.withLock { $0[number] } }
    }
}
