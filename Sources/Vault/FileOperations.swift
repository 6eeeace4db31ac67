/// The few system calls that the vault makes, as a seam: tests break each of them once.
///
/// Deliberately thin. Nothing here retries but what the kernel interrupted, and nothing hides an error.
protocol FileOperations: Sendable {
    func open(_ path: String, _ purpose: OpenPurpose) throws(SystemCallError) -> Int32
    /// The file that is open as `descriptor` once more, for writing past the page cache: memory, place and length have to be
    /// multiples of `SealedOutput.page`. Nil where the file system has no such way.
    func openDirect(_ descriptor: Int32) -> Int32?
    func close(_ descriptor: Int32)
    /// Reads until `buffer` is full or the file ends; returns how many bytes.
    func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int64)
        throws(SystemCallError) -> Int
    /// Writes all of `buffer`, or fails; after a failure any part may have been written.
    func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer, at offset: Int64) throws(SystemCallError)
    /// fdatasync(2): the file's bytes and what is needed to read them are on the medium.
    func synchronize(_ descriptor: Int32) throws(SystemCallError)
    /// fsync(2) on a directory: the names in it are on the medium.
    func synchronizeDirectory(_ path: String) throws(SystemCallError)
    /// Starts write-back of a range, so that the last fsync is short. A hint: failure does not matter.
    func startWriteback(_ descriptor: Int32, at offset: Int64, count: Int64)
    /// Reserves blocks for a range. Does nothing where the file system cannot.
    func allocate(_ descriptor: Int32, at offset: Int64, count: Int64) throws(SystemCallError)
    func size(_ descriptor: Int32) throws(SystemCallError) -> Int64
    /// rename(2); replaces the target.
    func rename(_ source: String, to target: String) throws(SystemCallError)
    func unlink(_ path: String) throws(SystemCallError)
    func makeDirectory(_ path: String) throws(SystemCallError)
    func removeDirectory(_ path: String) throws(SystemCallError)
    /// The names in a directory, without `.` and `..`, sorted by bytes.
    func names(in directory: String) throws(SystemCallError) -> [String]
    func exists(_ path: String) throws(SystemCallError) -> Bool
    /// Bytes that this process may still allocate on the file system of `path`.
    func freeBytes(at path: String) throws(SystemCallError) -> Int64
    /// Takes an exclusive lock that ends with the descriptor; false when another holds it.
    func lock(_ descriptor: Int32) throws(SystemCallError) -> Bool
}

/// How a file is opened.
enum OpenPurpose: Sendable {
    /// For reading; it must exist.
    case reading
    /// For reading and writing; it must exist.
    case writing
    /// Made new, mode 0600; it must not exist.
    case creating
}

/// A system call that failed.
struct SystemCallError: Error, Sendable, CustomStringConvertible {
    let call: String
    let code: Int32

    var description: String { "\(call): errno \(code)" }
}
