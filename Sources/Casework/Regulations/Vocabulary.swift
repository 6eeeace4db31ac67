/// The words that conditions of the texts in force name, as numbers from 1.
///
/// Every word of a history is looked up here, so the table hashes bytes plainly: its words are the law's, and what
/// somebody writes into a record can be looked up in it, never put into it.
struct Vocabulary: Sendable {
    private let numbers: [String: Int16]
    /// By number, from 1: the word.
    private var words: [String]
    /// By hash: numbers of words of ASCII; 0 where there is none.
    private var slots: [Int16]
    private let shift: UInt64

    init(_ numbers: [String: Int16]) {
        self.numbers = numbers
        words = Array(repeating: "", count: numbers.count + 1)
        let bits = Int.bitWidth - max(numbers.count * 2, 2).leadingZeroBitCount
        slots = Array(repeating: 0, count: 1 << bits)
        shift = UInt64(64 - bits)
        for (word, number) in numbers {
            words[Int(number)] = word
            guard let hash = Vocabulary.hash(word) else { continue }
            var slot = Int(truncatingIfNeeded: hash >> shift)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = number
        }
    }

    /// The number of a word; nil if no condition names it.
    subscript(word: String) -> Int16? {
        // Beyond ASCII one text has several spellings, which are the same word.
        guard let hash = Vocabulary.hash(word) else { return numbers[word] }
        var slot = Int(truncatingIfNeeded: hash >> shift)
        while slots[slot] != 0 {
            if words[Int(slots[slot])] == word { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Of a word of ASCII: its bytes as one number (FNV-1a), spread over all bits; nil for any other.
    private static func hash(_ word: String) -> UInt64? {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var all: UInt8 = 0
        for byte in word.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
            all |= byte
        }
        return all < 0x80 ? hash &* 0x9E37_79B9_7F4A_7C15 : nil
    }
}
