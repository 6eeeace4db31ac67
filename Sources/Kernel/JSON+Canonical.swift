extension JSON {
    /// The one spelling of this value (RFC 8785): keys in order of UTF-16 code units, no white space, shortest escapes.
    public var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        write(to: &bytes)
        return bytes
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in JSON.ordered(members).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                JSON.write(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .string(let text):
            JSON.write(text, to: &bytes)
        case .integer(let number):
            bytes.append(contentsOf: String(number).utf8)
        case .boolean(let truth):
            bytes.append(contentsOf: (truth ? "true" : "false").utf8)
        }
    }

    /// Members in the order of their keys. Most are written in that order already: then nothing is moved.
    private static func ordered(_ members: [Member]) -> [Member] {
        let isOrdered = zip(members, members.dropFirst()).allSatisfy { precedes($0.key, $1.key) }
        return isOrdered ? members : members.sorted { precedes($0.key, $1.key) }
    }

    /// Key order of RFC 8785 section 3.2.3: UTF-16 code units, which is not the order of UTF-8 bytes above U+FFFF.
    ///
    /// The two orders part only where one string has a character above U+FFFF (first byte F0 or more) and the other one
    /// from U+E000 to U+FFFF (first byte EE or EF); everywhere else the first byte that differs decides.
    static func precedes(_ left: String, _ right: String) -> Bool {
        var left = left
        var right = right
        let byBytes: Bool? = left.withUTF8 { left in
            right.withUTF8 { right in
                let shared = min(left.count, right.count)
                for index in 0..<shared where left[index] != right[index] {
                    return max(left[index], right[index]) < 0xEE ? left[index] < right[index] : nil
                }
                return left.count < right.count
            }
        }
        return byBytes ?? left.utf16.lexicographicallyPrecedes(right.utf16)
    }

    /// Writes a string with the escapes of RFC 8785 section 3.2.2.2 and no others.
    static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        // Nearly every string goes as it stands.
        let isPlain = text.withUTF8 { utf8 in
            guard utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) else {
                return false
            }
            bytes.append(contentsOf: utf8)
            return true
        }
        for byte in isPlain ? "".utf8 : text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes.append(contentsOf: #"\""#.utf8)
            case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
            case 0x08: bytes.append(contentsOf: #"\b"#.utf8)
            case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
            case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
            case 0x0C: bytes.append(contentsOf: #"\f"#.utf8)
            case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
            case 0..<0x20: bytes.append(contentsOf: (#"\u00"# + Hex.encode([byte])).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

/// Why bytes are not canonical JSON.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public let reason: String
    /// The offset of the first wrong byte.
    public let offset: Int

    public var description: String { "not canonical JSON at byte \(offset): \(reason)" }
}

extension JSON {
    /// Reads canonical bytes and refuses every other spelling, so that what was hashed is what is read.
    ///
    /// - Parameter depthLimit: how many objects and arrays may stand inside one another.
    /// - Throws: `JSONError` with the offset of the first wrong byte.
    public init(canonical bytes: some Collection<UInt8>, depthLimit: Int = 16) throws(JSONError) {
        var reader = CanonicalReader(bytes: ContiguousArray(bytes), depthLimit: depthLimit)
        self = try reader.readDocument()
    }
}

/// Reads one canonical value; every rule of the form is checked while reading.
private struct CanonicalReader {
    let bytes: ContiguousArray<UInt8>
    let depthLimit: Int
    var offset = 0

    init(bytes: ContiguousArray<UInt8>, depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    mutating func readDocument() throws(JSONError) -> JSON {
        let value = try readValue(depth: 0)
        guard offset == bytes.count else { throw error("bytes after the value") }
        return value
    }

    private func error(_ reason: String) -> JSONError {
        JSONError(reason: reason, offset: offset)
    }

    private var next: UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        offset += 1
        return true
    }

    private mutating func readValue(depth: Int) throws(JSONError) -> JSON {
        guard depth < depthLimit else { throw error("more than \(depthLimit) levels") }
        guard let first = next else { throw error("ends where a value should begin") }
        switch first {
        case UInt8(ascii: "{"): return try readObject(depth: depth)
        case UInt8(ascii: "["): return try readArray(depth: depth)
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", .boolean(true))
        case UInt8(ascii: "f"): return try readWord("false", .boolean(false))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .integer(try readInteger())
        default: throw error("no value begins with this byte")
        }
    }

    private mutating func readWord(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        for index in 0..<word.utf8CodeUnitCount {
            guard take(word.utf8Start[index]) else { throw error("expected \(word)") }
        }
        return value
    }

    private mutating func readObject(depth: Int) throws(JSONError) -> JSON {
        offset += 1
        var members: [JSON.Member] = []
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            let keyOffset = offset
            let key = try readString()
            if let last = members.last, !JSON.precedes(last.key, key) {
                offset = keyOffset
                throw error("keys must be in ascending order, once each")
            }
            guard take(UInt8(ascii: ":")) else { throw error("expected a colon") }
            members.append(JSON.Member(key, try readValue(depth: depth + 1)))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw error("expected a comma or a closing brace") }
        return .object(members)
    }

    private mutating func readArray(depth: Int) throws(JSONError) -> JSON {
        offset += 1
        var elements: [JSON] = []
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            elements.append(try readValue(depth: depth + 1))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw error("expected a comma or a closing bracket") }
        return .array(elements)
    }

    private mutating func readInteger() throws(JSONError) -> Int64 {
        let start = offset
        let negative = take(UInt8(ascii: "-"))
        let digits = bytes[offset...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let value = Decimal.strict(digits), !(negative && value == 0), value <= JSON.integerLimit else {
            offset = start
            throw error("expected an integer within 2^53 in its shortest form")
        }
        offset += digits.count
        return negative ? -Int64(value) : Int64(value)
    }

    private mutating func readString() throws(JSONError) -> String {
        let start = offset
        guard take(UInt8(ascii: "\"")) else { throw error("expected a string") }
        // Nearly every string is as it stands; only one with an escape is put together byte by byte.
        let plain = offset
        while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { offset += 1 }
        if next == UInt8(ascii: "\"") {
            guard let string = String(validating: bytes[plain..<offset], as: UTF8.self) else {
                offset = start
                throw error("a string that is not UTF-8")
            }
            offset += 1
            return string
        }
        var text = Array(bytes[plain..<offset])
        while let byte = next, byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") {
                text.append(try readEscape())
            } else if byte < 0x20 {
                throw error("a control character must be escaped")
            } else {
                text.append(byte)
                offset += 1
            }
        }
        guard take(UInt8(ascii: "\"")) else { throw error("a string that never ends") }
        guard let string = String(validating: text, as: UTF8.self) else {
            offset = start
            throw error("a string that is not UTF-8")
        }
        return string
    }

    private mutating func readEscape() throws(JSONError) -> UInt8 {
        let start = offset
        offset += 1
        let letter = next
        offset += 1
        switch letter {
        case UInt8(ascii: "\""): return UInt8(ascii: "\"")
        case UInt8(ascii: "\\"): return UInt8(ascii: "\\")
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "u"):
            let digits = bytes[offset...].prefix(4)
            if digits.count == 4, digits.starts(with: Array("00".utf8)),
                let value = Hex.decode(digits.suffix(2))?.first, value < 0x20,
                ![0x08, 0x09, 0x0A, 0x0C, 0x0D].contains(value)
            {
                offset += 4
                return value
            }
        default: break
        }
        offset = start
        throw error("an escape that the canonical form does not use")
    }
}
