import Kernel

/// A value for a statement. Two are equal when SQLite stores the same bytes.
enum SQLValue: Equatable, Sendable {
    case null
    case integer(Int64)
    /// Text, stored as its UTF-8 bytes; bound without an array of its own.
    case text(String)
    /// Text by its UTF-8 bytes, stored exactly so.
    case utf8([UInt8])
    case blob([UInt8])
    // Blobs of a fixed size that need no array: an entry binds a dozen of them.
    /// A blob of 32 bytes.
    case digest(Digest)
    /// A blob of 16 bytes, as big-endian words.
    case words(UInt64, UInt64)

    /// How many bytes the value has outside itself when it is bound.
    var byteCount: Int {
        switch self {
        case .null, .integer: 0
        case .text(let text): text.utf8.count
        case .utf8(let bytes), .blob(let bytes): bytes.count
        case .digest: Digest.byteCount
        case .words: 16
        }
    }

    // Text is compared by its bytes: characters that look alike may be stored otherwise.
    static func == (left: SQLValue, right: SQLValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.integer(let one), .integer(let other)): one == other
        case (.text(let one), .text(let other)): one.utf8.elementsEqual(other.utf8)
        case (.text(let one), .utf8(let other)), (.utf8(let other), .text(let one)): one.utf8.elementsEqual(other)
        case (.utf8(let one), .utf8(let other)), (.blob(let one), .blob(let other)): one == other
        case (.digest(let one), .digest(let other)): one == other
        case (.words(let one, let two), .words(let other, let another)): one == other && two == another
        default: false
        }
    }

    static func id<Of>(_ id: Identifier<Of>) -> SQLValue { .words(id.high, id.low) }
    static func number(_ number: Int?) -> SQLValue { number.map { .integer(Int64($0)) } ?? .null }
    static func instant(_ instant: Instant?) -> SQLValue { instant.map { .integer($0.milliseconds) } ?? .null }
    static func optional(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
    static func position(_ log: Int, _ number: Int64) -> SQLValue {
        .integer(Position(log: log, number: number).value)
    }
}
