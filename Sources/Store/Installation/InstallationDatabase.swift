import Application
import GRDB
import Kernel
import Synchronization

/// Sign-in data, sessions and drafts of an installation, in `installation.sqlite`. No proof needs any of it.
///
/// Writes are synced like those of a ledger: what somebody typed and saw as saved is not lost to a power cut.
public final class InstallationDatabase: Sendable {
    let pool: DatabasePool
    private let readers: Readers
    let clock: any WallClock
    private let seals = Mutex<[BureauTag: SignInSeal]>([:])
    // Held so that no other process writes while this one does.
    private let data: DataDirectory

    /// Opens the database, making it if it is not there, and forgets sessions that have ended. Blocks; for the start.
    public init(in data: DataDirectory, clock: any WallClock) throws(LedgerStartError) {
        do {
            var settings = LedgerSettings()
            settings.readers = 2
            settings.readerCache = 1024
            settings.writerCache = 1024
            let pool = try DurablePool.open(data.path + "/installation.sqlite", settings)
            let migrator = InstallationSchema.migrator()
            if try pool.read({ try migrator.hasBeenSuperseded($0) }) {
                throw LedgerStartError.newerProgram("installation")
            }
            try migrator.migrate(pool)
            let now = clock.now()
            try pool.write { db in
                try Connection(db).run("DELETE FROM session WHERE ends_at <= ?", .instant(now))
            }
            self.pool = pool
            readers = Readers(path: data.path + "/installation.sqlite", cache: settings.readerCache)
            self.clock = clock
            self.data = data
        } catch let error as LedgerStartError {
            throw error
        } catch let error as SystemError {
            throw .system(error.chinese)
        } catch {
            throw .system(String(describing: error))
        }
    }

    /// Closes the file. Blocks; for the end of the program.
    public func close() {
        readers.close()
        DurablePool.close(pool)
    }

    /// Forgets sessions that have ended.
    ///
    /// - Returns: how many there were.
    @discardableResult
    public func purgeSessions() async throws(StoreError) -> Int {
        let now = clock.now()
        return try await write { connection in
            try connection.all("DELETE FROM session WHERE ends_at <= ? RETURNING 1", .instant(now), row: { _ in }).count
        }
    }

    /// Takes the session key by which the sign-in data of a bureau are sealed. Without it none can be read or written.
    public func hold(_ sessionKey: [UInt8], of bureau: BureauTag) {
        seals.withLock { $0[bureau] = SignInSeal(sessionKey) }
    }

    /// The seal of a row that is about to be written.
    func seal(_ row: SealedRow) throws -> SQLValue {
        .blob(try seal(of: row.bureau).seal(row))
    }

    /// Refuses a row that was not written by this program under the bureau's key.
    func check(_ seal: [UInt8]?, of row: SealedRow, named name: String) throws {
        guard let seal, try self.seal(of: row.bureau).holds(seal, of: row) else {
            throw StoreError.disagreeing("\(name) is not sealed by this bureau's key")
        }
    }

    private func seal(of bureau: BureauTag) throws -> SignInSeal {
        guard let seal = seals.withLock({ $0[bureau] }) else {
            throw StoreError.failed("the session key of \(bureau) is not held")
        }
        return seal
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws(StoreError) -> T {
        do {
            return try await readers.read(body)
        } catch {
            throw StoreError(error)
        }
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws(StoreError) -> T {
        do {
            return try await pool.write { try body(Connection($0)) }
        } catch {
            throw SQLiteFailure(error)?.primaryCode == 13 ? .full : StoreError(error)
        }
    }
}
