import Application
import GRDB
import Kernel
import Ledger
import Synchronization

/// The ledger of one bureau in one SQLite file: `bureaus/<tag>/ledger.sqlite`.
///
/// One thread writes (`Sequencer`), a few read (`ReadingThreads`). Opening checks what `StartRule` asks for and refuses in
/// words.
public final class LedgerDatabase: Sendable {
    public let bureau: BureauTag
    /// The number of the open log, from 1.
    public let log: Int
    public let origin: String
    public let verifierKey: String
    /// The file.
    public let path: String

    let pool: DatabasePool
    private let readers: Readers
    let sequencer: Sequencer
    // Held so that no other process writes while this one does.
    let data: DataDirectory
    private let holds: [ProcessHold]
    private let isClosed = Mutex(false)

    init(
        place: Place, log: Int, key: SigningKey, pool: DatabasePool, sequencer: Sequencer, settings: LedgerSettings,
        holds: [ProcessHold]
    ) {
        bureau = place.bureau
        data = place.data
        path = place.path
        self.log = log
        origin = key.verifier.name
        verifierKey = key.verifier.description
        self.pool = pool
        readers = Readers(path: place.path, cache: settings.readerCache)
        self.sequencer = sequencer
        self.holds = holds
    }

    deinit {
        sequencer.finish()
    }

    /// Finishes what is pending, refuses further appends and closes the file; a second call does nothing. Blocks; for the
    /// end of the program.
    public func close() {
        guard
            isClosed.withLock({ wasClosed in
                defer { wasClosed = true }
                return !wasClosed
            })
        else { return }
        sequencer.close()
        readers.close()
        DurablePool.close(pool)
        for hold in holds { hold.release() }
    }

    /// Where a bureau's ledger and its lock file are.
    public struct Place: Sendable {
        /// The data directory, held by this process.
        public let data: DataDirectory
        /// The directory of lock files (`--lock`); it never travels with the data.
        public let lockDirectory: String
        /// The bureau.
        public let bureau: BureauTag

        /// A place.
        public init(data: DataDirectory, lockDirectory: String, bureau: BureauTag) {
            self.data = data
            self.lockDirectory = lockDirectory
            self.bureau = bureau
        }

        var path: String { data.ledger(of: bureau) }
        var lockPath: String { "\(lockDirectory)/\(bureau).lock" }
    }

    /// Reads on the thread that asks, which has a low priority of its own.
    func readHere<T>(_ body: (Connection) throws -> T) throws(StoreError) -> T {
        let heard = ReadTrace.heard
        do {
            return try pool.read { db in try body(Connection(db, heard: heard)) }
        } catch {
            throw StoreError(error)
        }
    }

    /// Reads on one of the reading threads, off the cooperative pool.
    func read<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws(StoreError) -> T {
        do {
            return try await readers.read(heard: ReadTrace.heard, body)
        } catch {
            throw StoreError(error)
        }
    }
}
