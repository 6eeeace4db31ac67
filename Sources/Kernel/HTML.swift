/// Markup that is safe to send: literals stand as written, every interpolated value is escaped on its UTF-8 bytes.
///
/// Only another `HTML` goes in whole, so a page cannot forget to escape: there is no call that lets text through.
/// Escaping looks at bytes, not characters: `"` followed by a combining mark is one `Character` and not equal to `"`,
/// and an escaper that compares characters would let the quote through.
public struct HTML: Sendable, ExpressibleByStringInterpolation {
    /// UTF-8.
    public private(set) var bytes: [UInt8]

    /// No markup.
    public static let empty: HTML = ""

    /// Markup written in the source. The lint forbids calling this by name: that would let a value through unescaped.
    public init(stringLiteral markup: String) {
        bytes = Array(markup.utf8)
    }

    public init(stringInterpolation: StringInterpolation) {
        bytes = stringInterpolation.bytes
    }

    /// Text with `& < > " '` escaped, fit for element content and for quoted attribute values.
    public init(text: String) {
        bytes = []
        HTML.escape(text, into: &bytes)
    }

    /// The markup as a string.
    public var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether there is no markup.
    public var isEmpty: Bool { bytes.isEmpty }

    /// Appends markup.
    public static func += (left: inout HTML, right: HTML) {
        left.bytes.append(contentsOf: right.bytes)
    }

    /// Two pieces of markup, one after the other.
    public static func + (left: HTML, right: HTML) -> HTML {
        var result = left
        result += right
        return result
    }

    static func escape(_ text: String, into bytes: inout [UInt8]) {
        if text.utf8.withContiguousStorageIfAvailable({ escape($0, into: &bytes) }) == nil {
            Array(text.utf8).withUnsafeBufferPointer { escape($0, into: &bytes) }
        }
    }

    /// What needs no escape goes in whole runs.
    private static func escape(_ text: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8]) {
        var plain = 0
        // No byte above `>` is escaped, and most are above.
        for place in text.indices where text[place] <= UInt8(ascii: ">") {
            guard let entity = entity(text[place]) else { continue }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[plain..<place]))
            bytes.append(contentsOf: entity.utf8)
            plain = place + 1
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[plain...]))
    }

    private static func entity(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        // NUL is not allowed in HTML at all; the replacement character shows that something stood here.
        case 0: "\u{FFFD}"
        default: nil
        }
    }

    /// Collects literals as they are and values escaped.
    public struct StringInterpolation: StringInterpolationProtocol {
        var bytes: [UInt8] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + interpolationCount * 32)
        }

        public mutating func appendLiteral(_ literal: String) {
            bytes.append(contentsOf: literal.utf8)
        }

        /// Markup, as it is.
        public mutating func appendInterpolation(_ html: HTML) {
            bytes.append(contentsOf: html.bytes)
        }

        /// Markup if there is any.
        public mutating func appendInterpolation(_ html: HTML?) {
            if let html { bytes.append(contentsOf: html.bytes) }
        }

        /// Pieces of markup, one after the other.
        public mutating func appendInterpolation(_ pieces: [HTML]) {
            for piece in pieces { bytes.append(contentsOf: piece.bytes) }
        }

        /// Text, escaped.
        public mutating func appendInterpolation(_ text: String) {
            HTML.escape(text, into: &bytes)
        }

        /// The text of a value, escaped.
        public mutating func appendInterpolation(_ value: some LosslessStringConvertible) {
            HTML.escape(value.description, into: &bytes)
        }
    }
}

extension Sequence {
    /// Markup made from each element.
    public func html(_ view: (Element) -> HTML) -> HTML {
        reduce(into: HTML.empty) { $0 += view($1) }
    }
}
