import Kernel

import struct Crypto.SHA256

extension Digest {
    /// SHA-256 of bytes in memory.
    public init(sha256 buffer: UnsafeRawBufferPointer) {
        var hash = SHA256()
        hash.update(bufferPointer: buffer)
        self.init(hash.finalize())
    }

    /// SHA-256 of bytes.
    public init(sha256 bytes: some Collection<UInt8>) {
        if let value = bytes.withContiguousStorageIfAvailable({ Digest(sha256: UnsafeRawBufferPointer($0)) }) {
            self = value
        } else {
            self = Array(bytes).withUnsafeBytes { Digest(sha256: $0) }
        }
    }

    /// The value of a finished hash.
    public init(_ value: SHA256.Digest) {
        self = value.withUnsafeBytes { Digest(loading: $0) }
    }
}
