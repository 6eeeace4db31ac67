import Kernel
import Ledger

/// The bytes of leaves, written into one buffer that is used again for each: checking a million entries must not make a
/// million strings. The bytes are those of `Leaf.bytes`, and a test says so.
struct LeafText {
    private var buffer: [UInt8]
    private static let head = Array("liuhen/entry/v1\nthread ".utf8)
    private static let seqLabel = Array("\nseq ".utf8)
    private static let prevLabel = Array("\nprev ".utf8)
    private static let commitmentLabel = Array("\ncommitment ".utf8)
    private static let digits = Array("0123456789abcdef".utf8)

    init() {
        buffer = []
        buffer.reserveCapacity(256)
    }

    /// The leaf hash of a leaf with these parts; `thread` has 16 bytes, `prev` and `commitment` 32.
    mutating func hash(
        thread: UnsafeRawBufferPointer, seq: Int64, prev: UnsafeRawBufferPointer, commitment: UnsafeRawBufferPointer
    ) -> Digest {
        buffer.removeAll(keepingCapacity: true)
        buffer.append(contentsOf: LeafText.head)
        appendHex(thread)
        buffer.append(contentsOf: LeafText.seqLabel)
        appendDecimal(seq)
        buffer.append(contentsOf: LeafText.prevLabel)
        appendHex(prev)
        buffer.append(contentsOf: LeafText.commitmentLabel)
        appendHex(commitment)
        buffer.append(UInt8(ascii: "\n"))
        return buffer.withUnsafeBytes { RFC6962.leafHash($0) }
    }

    private mutating func appendHex(_ bytes: UnsafeRawBufferPointer) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count * 2) { text in
            LeafText.digits.withUnsafeBufferPointer { digits in
                for (place, byte) in zip(stride(from: 0, to: text.count, by: 2), bytes) {
                    text[place] = digits[Int(byte >> 4)]
                    text[place + 1] = digits[Int(byte & 15)]
                }
            }
            buffer.append(contentsOf: text)
        }
    }

    private mutating func appendDecimal(_ number: Int64) {
        guard number >= 10 else { return buffer.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number)) }
        appendDecimal(number / 10)
        buffer.append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
