import Kernel

import struct Crypto.SHA256

extension Digest {
    /// SHA-256 of `bytes`.
    public static func sha256(_ bytes: some Collection<UInt8>) -> Digest {
        if let digest = bytes.withContiguousStorageIfAvailable({ sha256(UnsafeRawBufferPointer($0)) }) {
            return digest
        }
        return Array(bytes).withUnsafeBytes { sha256($0) }
    }

    /// SHA-256 of a buffer, in one update: each further update costs more than hashing a short text (50–90 ns).
    @inline(__always)
    public static func sha256(_ buffer: UnsafeRawBufferPointer) -> Digest {
        var hash = SHA256()
        hash.update(bufferPointer: buffer)
        return Digest(hash.finalize())
    }

    /// The value of a finished hash.
    @inline(__always)
    public init(_ value: SHA256.Digest) {
        self = value.withUnsafeBytes { Digest(loading: $0) }
    }
}
