import Kernel

/// Text that may stand open in a skeleton: words of closed vocabularies, never words of people.
enum Token {
    /// A type, role or field name: 1 to 64 of letters, digits, `.`, `-`, beginning with a letter.
    static func isToken(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count), let first = text.utf8.first, isLetter(first) else {
            return false
        }
        return text.utf8.allSatisfy {
            isLetter($0) || isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
        }
    }

    /// A word of a vocabulary, an id or a provision such as `zhaoxian-2017:12(3)`: ASCII without spaces, 1 to 128 bytes.
    ///
    /// Chinese names, addresses and free text cannot pass, so a skeleton cannot hold them by mistake.
    static func isVocabulary(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    /// Whether every string in `json` is a word of a vocabulary.
    static func isPlain(_ json: JSON) -> Bool {
        switch json {
        case .object(let members): members.allSatisfy { isToken($0.key) && isPlain($0.value) }
        case .array(let elements): elements.allSatisfy { isPlain($0) }
        case .string(let text): isVocabulary(text)
        case .integer, .boolean: true
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
