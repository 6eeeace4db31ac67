import GRDBSQLite

/// The steps on the road to durability at which a disk can fail.
enum WriteStep: CaseIterable {
    /// COMMIT of the group, with the fdatasync of the write-ahead log.
    case commit
    /// Writing a slot of the lock file.
    case lockWrite
    /// fdatasync of the lock file.
    case lockSync
}

/// How a step fails: both ways are seen on real disks.
enum WriteFault: CaseIterable {
    /// Nothing reached the disk.
    case notStored
    /// It reached the disk, and the disk said that it did not.
    case storedButReportedFailed
}

/// Where tests break a write. In the program it is empty.
struct WriteFaults: Sendable {
    var fault: @Sendable (WriteStep) -> WriteFault? = { _ in nil }

    /// Does a step, or fails it as the test wants.
    func perform(_ step: WriteStep, _ action: () throws -> Void) throws {
        let fault = fault(step)
        if fault != .notStored { try action() }
        if fault != nil { throw SQLiteFailure(code: SQLITE_IOERR, message: "disk I/O error", statement: "\(step)") }
    }
}
