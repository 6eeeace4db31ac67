import Kernel

/// What a `Range` field asks of a representation (RFC 9110 section 14).
enum ByteRange: Equatable {
    /// No range, or one that may be ignored: malformed, of another unit, or several ranges.
    case whole
    /// One range within the representation.
    case part(Range<Int64>)
    /// A well-formed range outside of it: 416.
    case unsatisfiable

    /// Reads a field for a representation of `byteCount` bytes.
    init(_ field: String?, byteCount: Int64) {
        self = .whole
        let unit = Array("bytes=".utf8)
        guard let field, field.utf8.prefix(unit.count).elementsEqual(unit, by: { $0 | 0x20 == $1 | 0x20 }) else {
            return
        }
        let text = field.utf8.dropFirst(unit.count).filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        let parts = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 2 else { return }
        switch (ByteRange.number(parts[0]), ByteRange.number(parts[1])) {
        case (.value(let first), .value(let last)) where first <= last:
            self = first < byteCount ? .part(first..<min(byteCount, last + 1)) : .unsatisfiable
        case (.value(let first), .none):
            self = first < byteCount ? .part(first..<byteCount) : .unsatisfiable
        case (.none, .value(let count)):
            self = count > 0 && byteCount > 0 ? .part(max(0, byteCount - count)..<byteCount) : .unsatisfiable
        default:
            break
        }
    }

    private enum Number {
        case none
        case value(Int64)
        case malformed
    }

    /// Digits; a number beyond every object counts as the largest one.
    private static func number(_ text: ArraySlice<UInt8>) -> Number {
        if text.isEmpty { return .none }
        var value: Int64 = 0
        for byte in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return .malformed }
            value = min(value * 10 + Int64(byte - UInt8(ascii: "0")), 1 << 56)
        }
        return .value(value)
    }
}
