import Crypto
import Kernel
import Ledger

/// SHA-256 of the whole, as far as it got. Copying it copies the state; it cannot be written to disk.
struct WholeDigest: Sendable {
    private var hash = SHA256()

    mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }
    var digest: Kernel.Digest { Kernel.Digest(hash.finalize()) }
}

/// SHA-256 of each chunk of 1 MiB, as far as it got.
struct ChunkDigests: Sendable {
    /// Digests of the chunks that are complete.
    private(set) var complete: [Kernel.Digest]
    private var current = SHA256()
    private var filled = 0

    init(complete: [Kernel.Digest] = []) {
        self.complete = complete
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while !rest.isEmpty {
            let count = min(rest.count, Block.capacity - filled)
            current.update(bufferPointer: UnsafeRawBufferPointer(rebasing: rest[..<count]))
            filled += count
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            if filled == Block.capacity {
                complete.append(Kernel.Digest(current.finalize()))
                current = SHA256()
                filled = 0
            }
        }
    }

    /// The root, the last short chunk included.
    var root: Kernel.Digest {
        var chunks = complete
        if filled > 0 { chunks.append(Kernel.Digest(current.finalize())) }
        var edge = RightEdge()
        for chunk in chunks { edge.append(RFC6962.leafHash(chunk.bytes)) }
        return edge.root
    }
}
