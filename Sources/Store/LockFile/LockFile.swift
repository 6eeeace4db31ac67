import Glibc

/// The newest signed head, kept apart from the database so that an old copy of the database is noticed.
///
/// Two fixed slots are written in turn: one write and one fdatasync, where a rename needs two syncs. The file keeps its
/// size, so a full disk cannot stop it. It never travels in a backup.
///
/// Not thread-safe: the sequencer's thread owns it.
final class LockFile {
    private let path: String
    /// Nil until there is a file.
    private var descriptor: Int32?
    private let faults: WriteFaults
    /// The newest whole slot; nil in a new file.
    private(set) var newest: LockSlot?
    /// The newest slot as we wrote it.
    private var written: [UInt8]?

    /// What was found where a lock file should be.
    enum State: Equatable {
        /// There is no file.
        case absent
        /// There is a file without one whole slot.
        case unreadable
        /// The newest head of a whole slot.
        case head(LockedHead)
    }

    /// Reads a lock file without changing anything.
    static func read(_ path: String) throws(SystemError) -> State {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return .absent }
            throw SystemError(path: path, call: "open")
        }
        defer { close(descriptor) }
        return try newestSlot(descriptor, path).map { .head($0.head) } ?? .unreadable
    }

    /// Opens the file. One that is not there is made with the first head that is written, so that an opening which is refused
    /// afterwards leaves nothing behind that looks like a damaged lock file.
    init(path: String, faults: WriteFaults = WriteFaults()) throws(SystemError) {
        self.path = path
        self.faults = faults
        guard access(path, F_OK) == 0 else { return }
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(path: path, call: "open") }
        self.descriptor = descriptor
        newest = try LockFile.newestSlot(descriptor, path)
    }

    /// The open file; made with two empty slots if it is not there.
    private func opened() throws(SystemError) -> Int32 {
        if let descriptor { return descriptor }
        let made = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard made >= 0 else { throw SystemError(path: path, call: "open") }
        descriptor = made
        // Both slots exist on disk before the first head, so that later writes change bytes in place.
        try LockFile.write([UInt8](repeating: 0, count: 2 * LockSlot.byteCount), to: made, at: 0)
        guard fsync(made) == 0 else { throw SystemError(path: path, call: "fsync") }
        try Directory.sync(above: path)
        return made
    }

    deinit {
        if let descriptor { close(descriptor) }
    }

    /// Writes a head into the older slot and waits until it is on disk.
    ///
    /// If we die within the write, the other slot still holds the head before it, and the start finds the database
    /// ahead of the lock file by one group.
    ///
    /// - Parameter clock: what is known of the clock; nil: what was known before.
    /// - Throws: `SystemError` of EBUSY if the slot that we wrote last is another now: somebody else writes this file, and
    ///   two histories may be growing.
    func write(_ head: LockedHead, clock: ClockTrace? = nil) throws {
        try put(LockSlot(counter: (newest?.counter ?? 0) + 1, head: head, clock: clock ?? newest?.clock), faults)
    }

    /// Writes what is known of the clock beside the newest head, where there is one. A head that was not answered for is never
    /// written by it, so that a write of this kind that fails loses no more than minutes of what is known: no step of the
    /// ledger's own road, and nobody waits for it.
    func keep(_ clock: ClockTrace) throws {
        guard let newest, clock != newest.clock else { return }
        try put(LockSlot(counter: newest.counter + 1, head: newest.head, clock: clock), WriteFaults())
    }

    private func put(_ slot: LockSlot, _ faults: WriteFaults) throws {
        let descriptor = try opened()
        if let written, let newest {
            let found = try LockFile.slot(newest.counter % 2, of: descriptor, "")
            guard found == written else {
                throw SystemError(path: "", call: "lock file written by another", code: EBUSY)
            }
        }
        guard let bytes = slot.bytes else { throw SystemError(path: "", call: "note too long for a slot", code: EFBIG) }
        try faults.perform(.lockWrite) {
            try LockFile.write(bytes, to: descriptor, at: slot.counter % 2 * LockSlot.byteCount)
        }
        try faults.perform(.lockSync) {
            guard fdatasync(descriptor) == 0 else { throw SystemError(path: "", call: "fdatasync") }
        }
        newest = slot
        written = bytes
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, at offset: Int) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done, offset + done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SystemError(path: "", call: "pwrite") }
            done += count
        }
    }

    private static func newestSlot(_ descriptor: Int32, _ path: String) throws(SystemError) -> LockSlot? {
        var slots: [LockSlot] = []
        for number in 0..<2 {
            let bytes = try slot(number, of: descriptor, path)
            if let slot = LockSlot(bytes), slot.counter % 2 == number { slots.append(slot) }
        }
        return slots.max { $0.counter < $1.counter }
    }

    /// The bytes of one slot; fewer where the file ends before it does.
    private static func slot(_ number: Int, of descriptor: Int32, _ path: String) throws(SystemError) -> [UInt8] {
        var found = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: LockSlot.byteCount) { buffer, count in
            found = pread(descriptor, buffer.baseAddress, LockSlot.byteCount, number * LockSlot.byteCount)
            count = max(0, found)
        }
        guard found >= 0 else { throw SystemError(path: path, call: "pread") }
        return bytes
    }
}
