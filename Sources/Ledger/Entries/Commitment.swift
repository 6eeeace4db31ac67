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
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Digest.byteCount)
        for _ in 0..<4 {
            let word: UInt64 = source.next()
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        return Salt(Digest(bytes) ?? .zero)
    }
}

/// The two salted commitments of the entry format (design section 5). Each can be recomputed with `sha256sum`.
public enum Commitment {
    static let fieldPrefix = Array("liuhen/field/v1\n".utf8)
    static let entryPrefix = Array("liuhen/commit/v1\n".utf8)

    /// SHA-256(`liuhen/field/v1` LF ‖ salt ‖ value): what stands in a skeleton for a field's value.
    public static func field(_ value: some Collection<UInt8>, salt: Salt) -> Digest {
        Digest.sha256(fieldPrefix + salt.value.bytes + value)
    }

    /// SHA-256(`liuhen/commit/v1` LF ‖ salt ‖ skeleton): what stands in a leaf for an entry.
    public static func entry(skeleton: some Collection<UInt8>, salt: Salt) -> Digest {
        Digest.sha256(entryPrefix + salt.value.bytes + skeleton)
    }
}
