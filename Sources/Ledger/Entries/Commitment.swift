import Kernel

/// 32 random bytes that keep a commitment from being guessed back from a name or a number.
public struct Salt: Hashable, Sendable {
    /// The bytes.
    public let value: Digest

    /// A salt read back from storage or from a dossier.
    public init(_ value: Digest) {
        self.value = value
    }

    /// Draws a salt.
    public static func random(using source: inout some RandomNumberGenerator) -> Salt {
        withUnsafeTemporaryAllocation(byteCount: Digest.byteCount, alignment: 8) { buffer in
            for offset in stride(from: 0, to: Digest.byteCount, by: 8) {
                let word: UInt64 = source.next()
                buffer.storeBytes(of: word.bigEndian, toByteOffset: offset, as: UInt64.self)
            }
            return Salt(Digest(loading: UnsafeRawBufferPointer(buffer)))
        }
    }
}

/// The two salted commitments of the entry format (design section 5). Each can be recomputed with `sha256sum`.
public enum Commitment {
    static let fieldPrefix = Array("liuhen/field/v1\n".utf8)
    static let entryPrefix = Array("liuhen/commit/v1\n".utf8)

    /// SHA-256(`liuhen/field/v1` LF ‖ salt ‖ value): what stands in a skeleton for a field's value.
    public static func field(_ value: some Collection<UInt8>, salt: Salt) -> Digest {
        value.withContiguousStorageIfAvailable { field(UnsafeRawBufferPointer($0), salt: salt) }
            ?? Array(value).withUnsafeBytes { field($0, salt: salt) }
    }

    /// The same of bytes in a buffer.
    public static func field(_ value: UnsafeRawBufferPointer, salt: Salt) -> Digest {
        hash(fieldPrefix, salt, value)
    }

    /// SHA-256(`liuhen/commit/v1` LF ‖ salt ‖ skeleton): what stands in a leaf for an entry.
    public static func entry(skeleton: some Collection<UInt8>, salt: Salt) -> Digest {
        skeleton.withContiguousStorageIfAvailable { entry(skeleton: UnsafeRawBufferPointer($0), salt: salt) }
            ?? Array(skeleton).withUnsafeBytes { entry(skeleton: $0, salt: salt) }
    }

    /// The same of bytes in a buffer.
    public static func entry(skeleton: UnsafeRawBufferPointer, salt: Salt) -> Digest {
        hash(entryPrefix, salt, skeleton)
    }

    /// SHA-256(prefix ‖ salt ‖ value), gathered on the stack for one update.
    private static func hash(_ prefix: [UInt8], _ salt: Salt, _ value: UnsafeRawBufferPointer) -> Digest {
        let start = prefix.count + Digest.byteCount
        return withUnsafeTemporaryAllocation(byteCount: start + value.count, alignment: 8) { buffer in
            buffer.copyBytes(from: prefix)
            salt.value.write(to: UnsafeMutableRawBufferPointer(rebasing: buffer[prefix.count...]))
            UnsafeMutableRawBufferPointer(rebasing: buffer[start...]).copyBytes(from: value)
            return Digest.sha256(UnsafeRawBufferPointer(buffer))
        }
    }
}
