import Glibc
import Synchronization

/// 1 MiB of plain bytes on their way to the disk, four segments.
///
/// `@unchecked Sendable`. Safe because: one writer fills it before it is handed over; from then on the lanes only read
/// it, and it returns to the pool when the last of them has released it (`users` is atomic).
final class Block: @unchecked Sendable {
    static let capacity = 1 << 20

    let memory: UnsafeMutableRawBufferPointer
    /// How many bytes are in it.
    var count = 0
    /// How many of them, at the start, were hashed by an earlier append.
    var hashed = 0
    private let users = Atomic<Int>(0)

    init?() {
        let address = mmap(nil, Block.capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let address, address != MAP_FAILED else { return nil }
        memory = UnsafeMutableRawBufferPointer(start: address, count: Block.capacity)
    }

    deinit {
        munmap(memory.baseAddress, memory.count)
    }

    var isFull: Bool { count == Block.capacity }
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }
    var fresh: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[hashed..<count]) }

    func fill(from source: UnsafeRawBufferPointer) -> Int {
        let taken = min(source.count, Block.capacity - count)
        if taken > 0 {
            UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: source[..<taken]))
            count += taken
        }
        return taken
    }

    func begin(users: Int) { self.users.store(users, ordering: .releasing) }

    /// True for the last user.
    func end() -> Bool { users.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
}

/// All blocks of a vault. Waiting for one is the back pressure that a sender feels.
///
/// A writer that holds no block gets one even above the limit, so that slow senders sitting on half-filled blocks
/// cannot starve the others: at most `limit` + the number of writers are ever in use.
final class BlockPool: Sendable {
    /// One writer, by number.
    struct Writer: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    private struct Waiting {
        let writer: Writer
        let continuation: CheckedContinuation<Block?, Never>
    }

    private struct State {
        var free: [Block] = []
        var inUse = 0
        var held: [Writer: Int] = [:]
        var waiting: [Waiting] = []
        var writers: UInt64 = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    func join() -> Writer {
        state.withLock { state in
            state.writers += 1
            return Writer(number: state.writers)
        }
    }

    /// A block for `writer`, which waits for at most one at a time. Nil when the system has no memory left.
    func take(_ writer: Writer) async -> Block? {
        let block: Block? = await withCheckedContinuation { continuation in
            let block: Block?? = state.withLock { state in
                guard state.held[writer] == nil || state.inUse < limit else {
                    state.waiting.append(Waiting(writer: writer, continuation: continuation))
                    return nil
                }
                state.held[writer, default: 0] += 1
                state.inUse += 1
                return .some(state.free.popLast() ?? Block())
            }
            if let block { continuation.resume(returning: block) }
        }
        if block == nil { release(nil, of: writer) }
        return block
    }

    func release(_ block: Block?, of writer: Writer) {
        block?.count = 0
        block?.hashed = 0
        let next: Waiting? = state.withLock { state in
            let left = (state.held[writer] ?? 1) - 1
            state.held[writer] = left == 0 ? nil : left
            // The writer's own wait comes first when it holds nothing now: the limit must not keep it from its one.
            let own = left == 0 ? state.waiting.firstIndex { $0.writer == writer } : nil
            guard let index = own ?? (state.inUse <= limit && !state.waiting.isEmpty ? 0 : nil) else {
                state.inUse -= 1
                // When nobody writes the memory goes back to the system: an idle server stays small.
                if state.inUse == 0 { state.free.removeAll() } else if let block { state.free.append(block) }
                return nil
            }
            let next = state.waiting.remove(at: index)
            state.held[next.writer, default: 0] += 1
            return next
        }
        next?.continuation.resume(returning: block ?? Block())
    }
}
