extension EntryType {
    /// Its place among the cases, from 0: judging asks for types far too often to hash their names.
    ///
    /// Safe because a case without payload is stored as its number; a test holds it against `allCases`.
    var ordinal: Int { withUnsafeBytes(of: self) { Int($0[0]) } }

    public func hash(into hasher: inout Hasher) { hasher.combine(UInt8(truncatingIfNeeded: ordinal)) }

    /// The kind of thread that its entries stand in.
    public var home: ThreadKind { EntryType.homes[ordinal] }

    private static let homes = allCases.map(\.toldHome)
}

/// Positions of records by type, in the order of the log.
struct TypePositions: Sendable {
    private var positions = [[Int]](repeating: [], count: EntryType.allCases.count)

    /// The positions of a type; nil if there is no record of it.
    subscript(type: EntryType) -> [Int]? {
        let found = positions[type.ordinal]
        return found.isEmpty ? nil : found
    }

    /// Whether there is a record of this type.
    func has(_ type: EntryType) -> Bool { !positions[type.ordinal].isEmpty }

    mutating func append(_ position: Int, of type: EntryType) { positions[type.ordinal].append(position) }

    mutating func removeLast(of type: EntryType) { positions[type.ordinal].removeLast() }
}

/// A set of types of record.
struct TypeSet: Hashable, Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init(_ types: some Sequence<EntryType> = []) {
        for type in types { insert(type) }
    }

    mutating func insert(_ type: EntryType) {
        let bit = UInt64(1) << UInt64(type.ordinal & 63)
        switch type.ordinal >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    mutating func formUnion(_ types: some Sequence<EntryType>) {
        for type in types { insert(type) }
    }

    func contains(_ type: EntryType) -> Bool {
        let word =
            switch type.ordinal >> 6 {
            case 0: words.0
            case 1: words.1
            case 2: words.2
            default: words.3
            }
        return word >> UInt64(type.ordinal & 63) & 1 == 1
    }

    /// The ordinals of the types, ascending.
    func forEachOrdinal(_ body: (Int) -> Void) {
        for (place, word) in [words.0, words.1, words.2, words.3].enumerated() {
            var rest = word
            while rest != 0 {
                body(place << 6 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }

    /// The types of both.
    mutating func formUnion(_ other: TypeSet) {
        words.0 |= other.words.0
        words.1 |= other.words.1
        words.2 |= other.words.2
        words.3 |= other.words.3
    }

    /// Whether any type is in both.
    func meets(_ other: TypeSet) -> Bool {
        words.0 & other.words.0 | words.1 & other.words.1 | words.2 & other.words.2 | words.3 & other.words.3 != 0
    }

    static func == (left: TypeSet, right: TypeSet) -> Bool { left.words == right.words }

    func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}
