import Application
import Crypto
import Kernel
import NIOPosix
import Synchronization

/// Bytes of one object from a sender to its file: copied into blocks, and each full block hashed whole, hashed by
/// chunks, and sealed and written, on three threads at once.
///
/// Blocks begin at segment borders. Bytes behind the last whole segment are not written but handed back as the tail,
/// unless they end the object.
final class Pipeline: Sendable {
    /// What the lanes have made of the bytes so far.
    struct Progress: Sendable {
        /// Plain bytes from the start of the object.
        var offset: Int64
        /// Nil when the bytes before this process began were not read back.
        var whole: WholeDigest?
        var chunks: ChunkDigests
        /// Bytes behind the last whole segment.
        var tail: [UInt8]
    }

    private struct Intake {
        var block: Block?
        /// Plain bytes taken, from the start of the object.
        var offset: Int64
        /// Where the next block begins.
        var blockStart: Int64
        /// What the next block begins with: bytes that an earlier append left behind the last whole segment.
        var tail: [UInt8]
    }

    let cipher: ObjectCipher
    private let lanes: Lanes
    private let pool: BlockPool
    private let intake: Mutex<Intake>
    private let writer: BlockPool.Writer
    private let failure = Mutex<VaultError?>(nil)
    private let mapFailure: @Sendable (SystemCallError) -> VaultError

    private let whole: LaneState<WholeDigest?>
    private let chunks: LaneState<(digests: ChunkDigests, checksum: RunningChecksum?)>
    private let sealing: LaneState<Sealing>

    private struct Sealing {
        let output: SealedOutput
        var tail: [UInt8]
    }

    /// - Parameter directFrom: objects of so many bytes and more are written past the page cache.
    init(
        cipher: ObjectCipher, descriptor: Int32, progress: Progress, checksum: RunningChecksum?,
        operations: any FileOperations, directFrom: Int64, lanes: Lanes, pool: BlockPool,
        mapFailure: @escaping @Sendable (SystemCallError) -> VaultError
    ) {
        self.cipher = cipher
        self.lanes = lanes
        self.pool = pool
        writer = pool.join()
        self.mapFailure = mapFailure
        intake = Mutex(
            Intake(
                block: nil, offset: progress.offset, blockStart: progress.offset - Int64(progress.tail.count),
                tail: progress.tail))
        whole = LaneState(progress.whole)
        chunks = LaneState((progress.chunks, checksum))
        let output = SealedOutput(
            descriptor: descriptor, isDirect: cipher.form.byteCount >= directFrom, operations: operations)
        sealing = LaneState(Sealing(output: output, tail: progress.tail))
    }

    /// Plain bytes taken so far, from the start of the object.
    var taken: Int64 { intake.withLock { $0.offset } }

    func take(_ bytes: UnsafeRawBufferPointer) -> Int {
        intake.withLock { intake in
            guard let block = intake.block else { return 0 }
            let rest = cipher.form.byteCount - intake.offset
            let count = block.fill(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(Int(min(rest, 1 << 30)))))
            intake.offset += Int64(count)
            return count
        }
    }

    func makeRoom() async throws(VaultError) {
        try check()
        let full: (block: Block, start: Int64)? = try intake.withLock { intake throws(VaultError) in
            guard intake.offset < cipher.form.byteCount else {
                throw VaultError(
                    .tooLong, "more than the announced \(cipher.form.byteCount) bytes; announce the real size")
            }
            guard let block = intake.block, block.isFull else { return nil }
            intake.block = nil
            defer { intake.blockStart += Int64(block.count) }
            return (block, intake.blockStart)
        }
        if let full { submit(full.block, at: full.start) }
        guard intake.withLock({ $0.block == nil }) else { return }
        guard let fresh = await pool.take(writer) else {
            throw VaultError(.busy, "no memory for another block; try again later")
        }
        intake.withLock { intake in
            // The tail of an earlier append begins the block, so that its segment is sealed whole.
            fresh.hashed = intake.tail.withUnsafeBytes { fresh.fill(from: $0) }
            intake.tail = []
            intake.block = fresh
        }
    }

    /// Hands over what is left and waits for the lanes: then everything taken is hashed, and written but for the tail.
    func settle() async throws(VaultError) -> Progress {
        let last: (block: Block, start: Int64)? = intake.withLock { intake in
            guard let block = intake.block else { return nil }
            intake.block = nil
            defer { intake.blockStart += Int64(block.count) }
            return (block, intake.blockStart)
        }
        if let last { submit(last.block, at: last.start) }
        await lanes.whole.drain()
        await lanes.chunk.drain()
        seal { [mapFailure] sealing throws(VaultError) in
            do throws(SystemCallError) {
                try sealing.output.flush()
            } catch {
                throw mapFailure(error)
            }
        }
        await lanes.seal.drain()
        try check()
        let tail = sealing.value { $0.tail }
        return intake.withLock { intake in
            // A tail means that the last segment is not written; it begins the next block.
            intake.blockStart = intake.offset - Int64(tail.count)
            intake.tail = tail
            return Progress(
                offset: intake.offset, whole: whole.value { $0 }, chunks: chunks.value { $0.digests }, tail: tail)
        }
    }

    /// After `settle()`: the digest of what this pipeline took.
    var checksum: [UInt8]? { chunks.value { $0.checksum?.bytes } }

    private func check() throws(VaultError) {
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    private func submit(_ block: Block, at start: Int64) {
        block.begin(users: 3)
        lanes.whole.submit { [self] _ in
            whole.value { $0?.update(block.fresh) }
            release(block)
        }
        lanes.chunk.submit { [self] _ in
            chunks.value { state in
                state.digests.update(block.fresh)
                state.checksum?.update(block.fresh)
            }
            release(block)
        }
        seal { [self] sealing throws(VaultError) in
            try seal(block, at: start, into: &sealing)
        } then: { [self] in
            release(block)
        }
    }

    private func release(_ block: Block) {
        if block.end() { pool.release(block, of: writer) }
    }

    /// Does something on the lane that writes, unless something failed there before.
    private func seal(
        _ work: @escaping @Sendable (inout Sealing) throws(VaultError) -> Void,
        then: @escaping @Sendable () -> Void = {}
    ) {
        lanes.seal.submit { [self] _ in
            if failure.withLock({ $0 == nil }) {
                do throws(VaultError) {
                    try sealing.value(work)
                } catch {
                    failure.withLock { $0 = $0 ?? error }
                }
            }
            then()
        }
    }

    private func seal(_ block: Block, at start: Int64, into sealing: inout Sealing) throws(VaultError) {
        let unit = SealedForm.segmentByteCount
        let first = start / Int64(unit)
        var position = 0
        var written = 0
        let room = sealing.output.room(at: cipher.form.sealedOffset(ofSegment: first))
        while position < block.count {
            let number = first + Int64(position / unit)
            let count = cipher.form.plainByteCount(ofSegment: number)
            guard block.count - position >= count else { break }
            let plain = UnsafeRawBufferPointer(rebasing: block.bytes[position..<position + count])
            try cipher.seal(plain, segment: number, to: UnsafeMutableRawBufferPointer(rebasing: room[written...]))
            position += count
            written += count + SealedForm.overhead
        }
        do throws(SystemCallError) {
            try sealing.output.write(written)
        } catch {
            throw mapFailure(error)
        }
        sealing.tail = Array(block.bytes[position...])
    }
}

/// State that only the jobs of one single-threaded lane touch while they run, and the writer between its drains.
///
/// A mutex although there is no contention: it costs 20 ns for each MiB and needs no argument about memory order.
final class LaneState<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) {
        mutex = Mutex(value)
    }

    func value<Result: Sendable, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let result: Swift.Result<Result, Failure> = mutex.withLock { value in
            do throws(Failure) {
                return .success(try body(&value))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

/// A checksum being taken.
enum RunningChecksum: Sendable {
    case sha256(SHA256)
    case sha1(Insecure.SHA1)

    init(_ algorithm: UploadChecksum.Algorithm) {
        self = algorithm == .sha256 ? .sha256(SHA256()) : .sha1(Insecure.SHA1())
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        switch self {
        case .sha256(var hash):
            hash.update(bufferPointer: bytes)
            self = .sha256(hash)
        case .sha1(var hash):
            hash.update(bufferPointer: bytes)
            self = .sha1(hash)
        }
    }

    var bytes: [UInt8] {
        switch self {
        case .sha256(let hash): Array(hash.finalize())
        case .sha1(let hash): Array(hash.finalize())
        }
    }
}
