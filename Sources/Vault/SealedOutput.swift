import Glibc

/// Sealed bytes on their way into a data file, run after run, each where the one before ended.
///
/// A large object is written past the page cache (open(2), O_DIRECT): through it every byte is copied once more, and a film that
/// nobody reads again soon drives the pages of the database out. That way wants memory, place and length in whole pages, and
/// sealed segments have none of these. So a run is laid out in memory as it will lie in the file's pages; what is behind its last
/// whole page is kept and begins the next run, and only `flush()` writes it through the cache. The run after a flush
/// writes the rest of that page through the cache as well: no byte is written twice, so nothing acknowledged can be torn.
///
/// Nothing here is durable: fdatasync of the data file is, also for what went past the cache (its extents, and the cache of
/// the medium).
///
/// `@unchecked Sendable`. Safe because: only jobs of one single-threaded lane touch it, within the lane's mutex.
final class SealedOutput: @unchecked Sendable {
    /// What O_DIRECT asks multiples of. Larger than the blocks of any medium in use; where it is not, the kernel refuses,
    /// and everything goes through the cache.
    static let page = 4096
    /// The longest run.
    static let capacity = Block.capacity / SealedForm.segmentByteCount * SealedForm.sealedSegmentByteCount
    /// How many bytes go through the cache before write-back is started, so that the last fsync is short.
    private static let writebackStride: Int64 = 8 << 20

    private let descriptor: Int32
    private let direct: Int32?
    private let operations: any FileOperations
    private let memory: UnsafeMutableRawBufferPointer
    /// Whether the way past the cache was refused when it was tried.
    private var isDirectRefused = false
    /// Where the page in the file begins that the first byte of `memory` stands for, or, through the cache, the run.
    private var base: Int64 = 0
    /// Where the bytes begin in `memory` that are not written yet.
    private var start = 0
    /// Where they end, and the next run begins.
    private var end = 0
    private var unflushed: Int64 = 0

    /// - Parameter isDirect: whether to write past the page cache, where the file system can.
    init(descriptor: Int32, isDirect: Bool, operations: any FileOperations) {
        self.descriptor = descriptor
        self.operations = operations
        direct = isDirect ? operations.openDirect(descriptor) : nil
        memory = .allocate(byteCount: SealedOutput.capacity + 2 * SealedOutput.page, alignment: SealedOutput.page)
    }

    deinit {
        memory.deallocate()
        if let direct { operations.close(direct) }
    }

    /// Where to put the next run, whose first byte stands at `offset` of the file: behind what was kept of the run before.
    func room(at offset: Int64) -> UnsafeMutableRawBufferPointer {
        if start == end {
            let lead = direct == nil ? 0 : offset % Int64(SealedOutput.page)
            base = offset - lead
            start = Int(lead)
            end = start
        }
        precondition(base + Int64(end) == offset, "runs follow one another")
        return UnsafeMutableRawBufferPointer(rebasing: memory[end...])
    }

    /// Writes the run of `count` bytes that was put there, but for what does not fill its last page.
    func write(_ count: Int) throws(SystemCallError) {
        end += count
        guard direct != nil, !isDirectRefused else { return try flush() }
        if start > 0 {
            // An earlier run was flushed into this page: its rest goes the same way.
            try writeCached(upTo: min(end, SealedOutput.page))
        }
        let whole = end / SealedOutput.page * SealedOutput.page
        if start < whole { try writeDirect(upTo: whole) }
        // What is left moves to the front: it begins the page that stands there next.
        guard end > whole, start >= whole else { return }
        UnsafeMutableRawBufferPointer(rebasing: memory[..<(end - whole)]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: memory[whole..<end]))
        base += Int64(whole)
        start -= whole
        end -= whole
    }

    /// Writes what was kept.
    func flush() throws(SystemCallError) {
        if start < end { try writeCached(upTo: end) }
    }

    private func writeDirect(upTo whole: Int) throws(SystemCallError) {
        guard let direct else { return }
        let bytes = UnsafeRawBufferPointer(rebasing: memory[start..<whole])
        do throws(SystemCallError) {
            try operations.write(direct, bytes, at: base + Int64(start))
            start = whole
        } catch {
            guard error.code == EINVAL else { throw error }
            isDirectRefused = true
            try writeCached(upTo: whole)
        }
    }

    private func writeCached(upTo limit: Int) throws(SystemCallError) {
        let bytes = UnsafeRawBufferPointer(rebasing: memory[start..<limit])
        let offset = base + Int64(start)
        try operations.write(descriptor, bytes, at: offset)
        start = limit
        unflushed += Int64(bytes.count)
        guard unflushed >= SealedOutput.writebackStride else { return }
        let end = offset + Int64(bytes.count)
        operations.startWriteback(descriptor, at: end - unflushed, count: unflushed)
        unflushed = 0
    }
}
