/// A value of the restricted JSON that Liuhen hashes: objects, arrays, strings, booleans, and integers within ±2^53.
///
/// RFC 8785 fixes one spelling for each value. Fractions, exponents and null are left out, because they are where
/// canonical forms go wrong; money is counted in fen.
public enum JSON: Sendable {
    // Not indirect: an array keeps its elements elsewhere already, and a box for each value would be one more allocation.
    case object([Member])
    case array([JSON])
    case string(String)
    case integer(Int64)
    case boolean(Bool)

    /// One key of an object with its value.
    public struct Member: Sendable {
        /// The key; unique in its object.
        public let key: String
        /// The value.
        public let value: JSON

        /// A member of an object.
        public init(_ key: String, _ value: JSON) {
            self.key = key
            self.value = value
        }
    }

    /// The largest integer that every JSON reader keeps exact, 2^53.
    public static let integerLimit: Int64 = 9_007_199_254_740_992
}

extension JSON {
    /// The value of a key; nil if this is no object or has no such key.
    public subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        let length = key.utf8.count
        // By place, so that members that are passed over are not taken out.
        for place in members.indices
        where members[place].key.utf8.count == length && members[place].key.hasSameBytes(as: key) {
            return members[place].value
        }
        return nil
    }

    /// The members of an object; nil if this is none.
    public var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// The elements of an array; nil if this is none.
    public var elements: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The text of a string; nil if this is none.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The number; nil if this is none.
    public var integer: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    /// The truth value; nil if this is none.
    public var boolean: Bool? {
        guard case .boolean(let truth) = self else { return nil }
        return truth
    }
}

extension JSON: Hashable {
    /// Equal when the canonical bytes are equal; text that only looks alike (é composed or not) differs.
    public static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.integer(let left), .integer(let right)): left == right
        case (.boolean(let left), .boolean(let right)): left == right
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)):
            if left.count == right.count, zip(left, right).allSatisfy({ $0.key.hasSameBytes(as: $1.key) }) {
                zip(left, right).allSatisfy { $0.value == $1.value }
            } else {
                // Members may stand in another order; what decides is the one spelling.
                JSON.object(left).canonicalBytes == JSON.object(right).canonicalBytes
            }
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(canonicalBytes)
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral text: String) { self = .string(text) }
    public init(integerLiteral number: Int64) { self = .integer(number) }
    public init(booleanLiteral truth: Bool) { self = .boolean(truth) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral members: (String, JSON)...) {
        self = .object(members.map { Member($0.0, $0.1) })
    }
}

extension String {
    /// Whether the UTF-8 bytes are the same: `==` holds composed and decomposed letters for equal.
    fileprivate func hasSameBytes(as other: String) -> Bool {
        // Compared where they lie: byte by byte out of a text is several times as much.
        let told = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in
                guard left.count == right.count else { return false }
                for place in left.indices where left[place] != right[place] { return false }
                return true
            }
        }
        return (told ?? nil) ?? utf8.elementsEqual(other.utf8)
    }
}
