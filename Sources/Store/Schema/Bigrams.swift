/// Search words as tokens that any SQLite can index: every pair of neighbouring characters is one word of ASCII.
///
/// `张三丰` becomes `5f20x4e09 4e09x4e30 4e30x`. A search word is the same pairs in a row, so that two characters are
/// found and nothing depends on a table of word characters; one character is found by the beginning of a pair. Hits
/// are checked once more with `instr`. Latin letters are folded as SQLite's `lower` folds them.
enum Bigrams {
    /// The tokens of a text, separated by spaces.
    static func tokens(of text: String) -> String {
        let scalars = folded(text)
        var tokens: [String] = []
        tokens.reserveCapacity(scalars.count)
        for (index, scalar) in scalars.enumerated() {
            tokens.append(token(scalar, index + 1 < scalars.count ? scalars[index + 1] : nil))
        }
        return tokens.joined(separator: " ")
    }

    /// The FTS5 query that finds a word; nil for an empty word.
    static func query(for word: String) -> String? {
        let scalars = folded(word)
        guard let only = scalars.first else { return nil }
        guard scalars.count > 1 else { return token(only, nil) + "*" }
        let pairs = zip(scalars, scalars.dropFirst()).map { token($0, $1) }
        return "\"\(pairs.joined(separator: " "))\""
    }

    /// The words of what somebody typed: split at white space, also the ideographic one.
    static func words(in text: String) -> [String] {
        text.unicodeScalars.split { $0.properties.isWhitespace }.map { String($0) }
    }

    private static func token(_ first: UInt32, _ second: UInt32?) -> String {
        String(first, radix: 16) + "x" + (second.map { String($0, radix: 16) } ?? "")
    }

    private static func folded(_ text: String) -> [UInt32] {
        text.unicodeScalars.map { (0x41...0x5A).contains($0.value) ? $0.value + 0x20 : $0.value }
    }
}
