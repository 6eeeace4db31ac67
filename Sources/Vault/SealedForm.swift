import Kernel

/// The sealed form of one object of known size: where each segment stands, and what it is bound to.
///
///     0    "liuhen/object/v1" LF, seven zero bytes
///     24   object id, 16 bytes
///     40   number of plain bytes, big-endian, 8 bytes
///     48   number of plain bytes of a segment, 262144, big-endian, 4 bytes; 12 zero bytes
///     64   facts: nonce 12 ‖ ciphertext 72 ‖ tag 16; then 92 zero bytes
///     256  segments, each nonce 12 ‖ ciphertext ‖ tag 16; all of 262144 plain bytes but the last, which is 1 to 262144
///
/// AES-256-GCM under the object's own key. Each box is authenticated with bytes 0–63 ‖ kind ‖ number: id, length of
/// the whole and place in it are bound into every segment, so that a segment moved, an object truncated or lengthened,
/// or one object put in place of another does not open. The length says which segment is the last.
struct SealedForm: Sendable {
    let id: ObjectID
    let byteCount: Int64
    let head: [UInt8]

    static let segmentByteCount = 256 << 10
    static let sealedSegmentByteCount = segmentByteCount + overhead
    /// Nonce and tag.
    static let overhead = 28
    static let headByteCount = 64
    static let factsByteCount = 72
    static let sealedFactsByteCount = factsByteCount + overhead
    /// Where segments begin.
    static let bodyOffset: Int64 = 256
    private static let magic = Array("liuhen/object/v1\n\0\0\0\0\0\0\0".utf8)

    init(id: ObjectID, byteCount: Int64) {
        self.id = id
        self.byteCount = byteCount
        head =
            SealedForm.magic + id.bytes + bigEndian(UInt64(byteCount))
            + bigEndian(UInt32(SealedForm.segmentByteCount)) + [UInt8](repeating: 0, count: 12)
    }

    /// Reads a head; nil unless it is exactly that of `id` in this form.
    init?(head: [UInt8], id: ObjectID) {
        guard head.count == SealedForm.headByteCount else { return nil }
        let count = head[40..<48].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard count <= UInt64(SealedForm.largest) else { return nil }
        self.init(id: id, byteCount: Int64(count))
        guard self.head == head else { return nil }
    }

    /// The largest object, 1 PiB: far from every overflow below.
    static let largest: Int64 = 1 << 50

    var segmentCount: Int64 {
        (byteCount + Int64(SealedForm.segmentByteCount) - 1) / Int64(SealedForm.segmentByteCount)
    }

    /// The length of the file.
    var sealedByteCount: Int64 { sealedOffset(ofPlain: byteCount) }

    func plainByteCount(ofSegment number: Int64) -> Int {
        Int(min(Int64(SealedForm.segmentByteCount), byteCount - number * Int64(SealedForm.segmentByteCount)))
    }

    func sealedOffset(ofSegment number: Int64) -> Int64 {
        SealedForm.bodyOffset + number * Int64(SealedForm.sealedSegmentByteCount)
    }

    /// Where the file ends when the first `count` plain bytes are sealed, the last segment counted as begun.
    func sealedOffset(ofPlain count: Int64) -> Int64 {
        let unit = Int64(SealedForm.segmentByteCount)
        let segments = (count + unit - 1) / unit
        return SealedForm.bodyOffset + count + segments * Int64(SealedForm.overhead)
    }

    /// What a box is authenticated with besides its own bytes.
    func binding(_ kind: Box) -> [UInt8] {
        switch kind {
        case .segment(let number): head + [1] + bigEndian(UInt64(number))
        case .facts: head + [2] + bigEndian(UInt64(0))
        }
    }

    enum Box {
        case segment(Int64)
        case facts
    }
}

/// The bytes of a number, most significant first.
func bigEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { [UInt8]($0) }
}
