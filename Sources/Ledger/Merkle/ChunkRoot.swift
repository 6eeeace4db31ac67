import Kernel

import struct Crypto.SHA256

/// The chunk root of a file: the RFC 6962 root over the SHA-256 values of its chunks of 1 MiB.
struct ChunkRoot {
    private var edge = RightEdge()
    private var current = SHA256()
    private var filled = 0

    /// Plain bytes in a chunk; the last may be shorter.
    static let chunk = 1 << 20

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while !rest.isEmpty {
            let count = min(rest.count, ChunkRoot.chunk - filled)
            current.update(bufferPointer: UnsafeRawBufferPointer(rebasing: rest[..<count]))
            filled += count
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            if filled == ChunkRoot.chunk { close() }
        }
    }

    /// The root of what came.
    func finalize() -> Digest {
        var last = self
        if last.filled > 0 { last.close() }
        return last.edge.root
    }

    private mutating func close() {
        edge.append(RFC6962.leafHash(Digest(current.finalize()).bytes))
        current = SHA256()
        filled = 0
    }
}
