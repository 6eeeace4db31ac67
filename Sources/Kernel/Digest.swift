/// A SHA-256 value (摘要): 32 bytes kept as four words, so that it lives in registers and never on the heap.
///
/// Words are big-endian views of the bytes: comparing words compares bytes.
@frozen
public struct Digest: Hashable, Sendable {
    @usableFromInline var word0: UInt64
    @usableFromInline var word1: UInt64
    @usableFromInline var word2: UInt64
    @usableFromInline var word3: UInt64

    /// The number of bytes, 32.
    public static let byteCount = 32

    /// 32 zero bytes: what stands where no earlier value exists.
    public static let zero = Digest(unchecked: 0, 0, 0, 0)

    @inline(__always)
    init(unchecked word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ word3: UInt64) {
        self.word0 = word0
        self.word1 = word1
        self.word2 = word2
        self.word3 = word3
    }

    /// Reads 32 bytes.
    ///
    /// - Returns: nil unless the buffer holds exactly 32 bytes.
    @inlinable
    public init?(_ buffer: UnsafeRawBufferPointer) {
        guard buffer.count == Digest.byteCount else { return nil }
        self.init(loading: buffer)
    }

    /// Reads the first 32 bytes of `buffer`, which must hold at least 32.
    @inlinable
    public init(loading buffer: UnsafeRawBufferPointer) {
        precondition(buffer.count >= Digest.byteCount, "a digest needs 32 bytes")
        word0 = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
        word1 = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        word2 = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
        word3 = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
    }

    /// Reads 32 bytes; nil unless there are exactly 32.
    public init?(_ bytes: some Sequence<UInt8>) {
        let copy = Array(bytes)
        guard let value = copy.withUnsafeBytes({ Digest($0) }) else { return nil }
        self = value
    }

    /// Writes the 32 bytes to the start of `buffer`, which must hold at least 32.
    @inlinable
    public func write(to buffer: UnsafeMutableRawBufferPointer) {
        precondition(buffer.count >= Digest.byteCount, "a digest needs 32 bytes of room")
        buffer.storeBytes(of: word0.bigEndian, toByteOffset: 0, as: UInt64.self)
        buffer.storeBytes(of: word1.bigEndian, toByteOffset: 8, as: UInt64.self)
        buffer.storeBytes(of: word2.bigEndian, toByteOffset: 16, as: UInt64.self)
        buffer.storeBytes(of: word3.bigEndian, toByteOffset: 24, as: UInt64.self)
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Digest.byteCount) { buffer, count in
            write(to: UnsafeMutableRawBufferPointer(buffer))
            count = Digest.byteCount
        }
    }
}

extension Digest: Comparable {
    /// Byte order.
    public static func < (left: Digest, right: Digest) -> Bool {
        (left.word0, left.word1, left.word2, left.word3) < (right.word0, right.word1, right.word2, right.word3)
    }
}

extension Digest: LosslessStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public var description: String { Hex.encode(word0, word1, word2, word3) }

    /// Reads 64 lower-case hexadecimal digits; nil for anything else.
    public init?(_ description: String) {
        var text = description
        guard let value = text.withUTF8({ Digest(hex: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = value
    }

    /// Reads 64 lower-case hexadecimal digits; nil for anything else.
    public init?(hex digits: UnsafeRawBufferPointer) {
        guard let words = Hex.fourWords(digits) else { return nil }
        self.init(unchecked: words.0, words.1, words.2, words.3)
    }

    /// Appends `description` to UTF-8 text.
    public func appendHex(to text: inout [UInt8]) {
        Hex.append(word0, to: &text)
        Hex.append(word1, to: &text)
        Hex.append(word2, to: &text)
        Hex.append(word3, to: &text)
    }
}
