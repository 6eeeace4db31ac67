import Kernel
import Ledger

/// What checking needs from a skeleton, found by one pass over its bytes. It builds no tree of values; that the bytes
/// are those that were recorded is for their commitment to say.
struct SkeletonScan {
    private(set) var recordedAt: Int64 = 0
    private(set) var seq: Int64 = 0
    private(set) var thread: ThreadTag
    private(set) var command: CommandID
    private(set) var type: Range<Int> = 0..<0
    private(set) var typeVersion: Int64 = 0
    /// The bytes of the plain members.
    private(set) var plain: Range<Int> = 0..<0
    /// Name (a range of the bytes) and commitment of each field, in byte order of the names.
    private(set) var fields: [(name: Range<Int>, commitment: Digest)] = []
    /// The bytes of the references.
    private(set) var references: Range<Int> = 0..<0

    /// Nil unless the bytes have the form of a skeleton with all these members.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var scanner = Scanner(bytes: bytes)
        var thread: ThreadTag?
        var command: CommandID?
        var found = 0
        guard scanner.take(UInt8(ascii: "{")) else { return nil }
        repeat {
            guard let key = scanner.string(), scanner.take(UInt8(ascii: ":")) else { return nil }
            let start = scanner.index
            guard scanner.skipValue() else { return nil }
            let value = start..<scanner.index
            if scanner.equals(key, "at") {
                guard let number = scanner.integer(value) else { return nil }
                recordedAt = number
            } else if scanner.equals(key, "seq") {
                guard let number = scanner.integer(value) else { return nil }
                seq = number
            } else if scanner.equals(key, "typeVersion") {
                guard let number = scanner.integer(value) else { return nil }
                typeVersion = number
            } else if scanner.equals(key, "thread") {
                thread = ThreadTag(hex: scanner.quoted(value))
            } else if scanner.equals(key, "command") {
                command = CommandID(hex: scanner.quoted(value))
            } else if scanner.equals(key, "type") {
                guard value.count > 2 else { return nil }
                type = value.lowerBound + 1..<value.upperBound - 1
            } else if scanner.equals(key, "plain") {
                plain = value
            } else if scanner.equals(key, "fields") {
                var inner = Scanner(bytes: bytes, index: value.lowerBound)
                guard let fields = inner.fields() else { return nil }
                self.fields = fields
            } else if scanner.equals(key, "refs") {
                references = value
            } else {
                continue
            }
            found += 1
        } while scanner.take(UInt8(ascii: ","))
        guard scanner.take(UInt8(ascii: "}")), scanner.index == bytes.count, found == 9, let thread, let command
        else { return nil }
        self.thread = thread
        self.command = command
    }
}

/// Walks over canonical JSON: no white space, no other spelling.
private struct Scanner {
    let bytes: UnsafeRawBufferPointer
    var index = 0

    mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    /// The bytes between two quotes, escapes left as they are.
    mutating func string() -> Range<Int>? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return start..<index - 1
            case UInt8(ascii: "\\"): index += 2
            default: index += 1
            }
        }
        return nil
    }

    /// Moves behind one value of any kind.
    mutating func skipValue() -> Bool {
        var depth = 0
        repeat {
            guard index < bytes.count else { return false }
            switch bytes[index] {
            case UInt8(ascii: "\""):
                guard string() != nil else { return false }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                index += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                index += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                index += 1
            default:
                while index < bytes.count, Scanner.isWord(bytes[index]) { index += 1 }
            }
        } while depth > 0
        return depth == 0
    }

    mutating func fields() -> [(name: Range<Int>, commitment: Digest)]? {
        guard take(UInt8(ascii: "{")) else { return nil }
        var fields: [(name: Range<Int>, commitment: Digest)] = []
        if take(UInt8(ascii: "}")) { return fields }
        repeat {
            guard let name = string(), take(UInt8(ascii: ":")) else { return nil }
            let start = index
            guard string() != nil, let commitment = Digest(hex: quoted(start..<index)) else { return nil }
            fields.append((name, commitment))
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}")) ? fields : nil
    }

    func equals(_ range: Range<Int>, _ word: StaticString) -> Bool {
        range.count == word.utf8CodeUnitCount
            && UnsafeRawBufferPointer(rebasing: bytes[range])
                .elementsEqual(UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    func integer(_ range: Range<Int>) -> Int64? {
        let negative = range.first.map { bytes[$0] == UInt8(ascii: "-") } ?? false
        let digits = negative ? range.dropFirst() : range
        // 2^53 has sixteen digits, so nothing overflows; no leading zero save 0 itself.
        guard (1...16).contains(digits.count), digits.count == 1 || bytes[digits.lowerBound] != UInt8(ascii: "0") else {
            return nil
        }
        var value: Int64 = 0
        for place in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) else { return nil }
            value = value * 10 + Int64(bytes[place] - UInt8(ascii: "0"))
        }
        return negative ? -value : value
    }

    /// What stands between the quotes of a text; empty if it is none.
    func quoted(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        guard range.count >= 2 else { return UnsafeRawBufferPointer(rebasing: bytes[0..<0]) }
        return UnsafeRawBufferPointer(rebasing: bytes[range.lowerBound + 1..<range.upperBound - 1])
    }

    // Digits, the minus sign and the letters of true and false.
    private static func isWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
