import Crypto
import Kernel

/// The RFC 6962 root over an object's chunk digests, built from the left with one hash for each full subtree.
///
/// Leaf SHA-256(0x00 ‖ digest), node SHA-256(0x01 ‖ left ‖ right), RFC 6962 section 2.1.
struct ChunkTree: Sendable {
    /// Roots of full subtrees, largest first: one for each bit set in `count`.
    private var roots: [Kernel.Digest] = []
    private(set) var count = 0

    mutating func append(_ chunk: Kernel.Digest) {
        var root = ChunkTree.hash(0, chunk.bytes)
        var size = count
        while size & 1 == 1, let left = roots.popLast() {
            root = ChunkTree.hash(1, left.bytes + root.bytes)
            size >>= 1
        }
        roots.append(root)
        count += 1
    }

    var root: Kernel.Digest {
        guard var root = roots.last else { return ChunkTree.digest(SHA256.hash(data: [UInt8]())) }
        for left in roots.dropLast().reversed() { root = ChunkTree.hash(1, left.bytes + root.bytes) }
        return root
    }

    static func root(of chunks: some Sequence<Kernel.Digest>) -> Kernel.Digest {
        var tree = ChunkTree()
        for chunk in chunks { tree.append(chunk) }
        return tree.root
    }

    private static func hash(_ prefix: UInt8, _ bytes: [UInt8]) -> Kernel.Digest {
        digest(SHA256.hash(data: [prefix] + bytes))
    }

    static func digest(_ value: SHA256.Digest) -> Kernel.Digest {
        value.withUnsafeBytes { Kernel.Digest($0) } ?? .zero
    }
}
