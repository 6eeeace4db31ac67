/// Lower-case hexadecimal, strict in reading: one value has one spelling.
public enum Hex {
    /// Two lower-case digits a byte.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads lower-case digits; nil for an odd count, an upper-case digit, or anything else.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        var high: UInt8?
        for character in text {
            guard let value = value(character) else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }

    /// The sixteen digits of each word, as text. Ids and digests are words: every entry has a dozen of them.
    @usableFromInline
    static func encode(_ word0: UInt64, _ word1: UInt64) -> String {
        String(unsafeUninitializedCapacity: 32) { buffer in
            write(word0, to: buffer, at: 0)
            write(word1, to: buffer, at: 16)
            return 32
        }
    }

    /// The digits of a digest's words, as text.
    static func encode(_ word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ word3: UInt64) -> String {
        String(unsafeUninitializedCapacity: 64) { buffer in
            write(word0, to: buffer, at: 0)
            write(word1, to: buffer, at: 16)
            write(word2, to: buffer, at: 32)
            write(word3, to: buffer, at: 48)
            return 64
        }
    }

    /// Appends the sixteen digits of a word.
    @usableFromInline
    static func append(_ word: UInt64, to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { buffer in
            write(word, to: buffer, at: 0)
            bytes.append(contentsOf: buffer)
        }
    }

    /// Reads two words of sixteen digits each and nothing else.
    @usableFromInline
    static func twoWords(_ text: String) -> (UInt64, UInt64)? {
        var text = text
        return text.withUTF8 { twoWords(UnsafeRawBufferPointer($0)) }
    }

    /// Reads two words of sixteen digits each and nothing else.
    @usableFromInline
    static func twoWords(_ digits: UnsafeRawBufferPointer) -> (UInt64, UInt64)? {
        guard digits.count == 32, let word0 = word(digits, at: 0), let word1 = word(digits, at: 16) else { return nil }
        return (word0, word1)
    }

    /// Reads four words of sixteen digits each and nothing else.
    static func fourWords(_ digits: UnsafeRawBufferPointer) -> (UInt64, UInt64, UInt64, UInt64)? {
        guard digits.count == 64, let word0 = word(digits, at: 0), let word1 = word(digits, at: 16),
            let word2 = word(digits, at: 32), let word3 = word(digits, at: 48)
        else { return nil }
        return (word0, word1, word2, word3)
    }

    private static func write(_ word: UInt64, to buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int) {
        for place in 0..<16 {
            buffer[offset + place] = digit(UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * place)) & 15)
        }
    }

    private static func word(_ digits: UnsafeRawBufferPointer, at offset: Int) -> UInt64? {
        var word: UInt64 = 0
        for place in offset..<offset + 16 {
            guard let value = value(digits[place]) else { return nil }
            word = word << 4 | UInt64(value)
        }
        return word
    }

    @inline(__always)
    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    @inline(__always)
    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
