import Crypto
import Kernel

extension Kernel.Digest {
    /// SHA-256 of `bytes`.
    public static func sha256(_ bytes: some Collection<UInt8>) -> Kernel.Digest {
        if let digest = bytes.withContiguousStorageIfAvailable({ sha256(UnsafeRawBufferPointer($0)) }) { return digest }
        return Array(bytes).withUnsafeBytes { sha256($0) }
    }

    /// SHA-256 of a buffer, in one update: each further update costs more than hashing a short text (50–90 ns).
    @inline(__always)
    static func sha256(_ buffer: UnsafeRawBufferPointer) -> Kernel.Digest {
        var hash = SHA256()
        hash.update(bufferPointer: buffer)
        // A SHA-256 value always has 32 bytes, so the fallback is never taken.
        return hash.finalize().withUnsafeBytes { Kernel.Digest($0) } ?? .zero
    }
}
