import Kernel

/// Lists as text columns that `sqlite3` shows and `json_each` reads: JSON arrays of strings.
enum RowText {
    static func encode(_ words: [String]) -> [UInt8] {
        JSON.array(words.map { .string($0) }).canonicalBytes
    }

    /// Nil for anything that `encode` does not write.
    static func decode(_ bytes: [UInt8]) -> [String]? {
        guard let json = try? JSON(canonical: bytes), let elements = json.elements else { return nil }
        let words = elements.compactMap(\.string)
        return words.count == elements.count ? words : nil
    }
}
