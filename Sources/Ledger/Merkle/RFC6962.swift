import Kernel

import struct Crypto.SHA256

/// The hashes of a Merkle tree as RFC 6962 section 2.1 fixes them.
///
/// One byte in front keeps leaves and nodes apart, so that no node can be passed off as a leaf. Each hash is one
/// gathered buffer and one update: every further update costs as much as hashing another block.
public enum RFC6962 {
    /// The root of the empty tree: `SHA-256("")`.
    public static let emptyRoot = Digest.sha256([])

    /// `SHA-256(0x00 ‖ entry)`.
    public static func leafHash(_ entry: UnsafeRawBufferPointer) -> Digest {
        // A long entry is not worth copying: two updates cost less than moving it.
        guard entry.count <= 4096 else {
            var hash = SHA256()
            withUnsafeBytes(of: UInt8(0)) { hash.update(bufferPointer: $0) }
            hash.update(bufferPointer: entry)
            return Digest(hash.finalize())
        }
        return withUnsafeTemporaryAllocation(byteCount: entry.count + 1, alignment: 8) { buffer in
            buffer[0] = 0
            UnsafeMutableRawBufferPointer(rebasing: buffer[1...]).copyMemory(from: entry)
            return Digest.sha256(UnsafeRawBufferPointer(buffer))
        }
    }

    /// `SHA-256(0x00 ‖ entry)`.
    public static func leafHash(_ entry: [UInt8]) -> Digest {
        entry.withUnsafeBytes { leafHash($0) }
    }

    /// `SHA-256(0x01 ‖ left ‖ right)`.
    public static func nodeHash(_ left: Digest, _ right: Digest) -> Digest {
        withUnsafeTemporaryAllocation(byteCount: 1 + 2 * Digest.byteCount, alignment: 8) { buffer in
            buffer[0] = 1
            left.write(to: UnsafeMutableRawBufferPointer(rebasing: buffer[1...]))
            right.write(to: UnsafeMutableRawBufferPointer(rebasing: buffer[33...]))
            return Digest.sha256(UnsafeRawBufferPointer(buffer))
        }
    }

    /// The root of complete subtrees that stand side by side, largest first: folded from the right.
    ///
    /// - Returns: the root of the empty tree if there are none.
    public static func root(ofSubtrees hashes: some BidirectionalCollection<Digest>) -> Digest {
        guard var root = hashes.last else { return emptyRoot }
        for hash in hashes.dropLast().reversed() { root = nodeHash(hash, root) }
        return root
    }
}
