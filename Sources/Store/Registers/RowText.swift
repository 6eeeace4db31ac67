import Kernel

/// Lists as text columns that `sqlite3` shows and `json_each` reads: JSON arrays of strings.
enum RowText {
    static func encode(_ words: [String]) -> [UInt8] {
        JSON.array(words.map { .string($0) }).canonicalBytes
    }

    /// Nil for anything that `encode` does not write.
    static func decode(_ bytes: [UInt8]) -> [String]? {
        if let words = plain(bytes) { return words }
        guard let json = try? JSON(canonical: bytes), let elements = json.elements else { return nil }
        let words = elements.compactMap(\.string)
        return words.count == elements.count ? words : nil
    }

    /// Words of visible ASCII that JSON escapes nothing of, as ids and ids of provisions are; nil for anything else.
    private static func plain(_ bytes: [UInt8]) -> [String]? {
        guard bytes.count > 2, bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") else { return nil }
        var words: [String] = []
        var place = 1
        while true {
            guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { return nil }
            let start = place + 1
            place = start
            while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
                guard 0x20...0x7E ~= bytes[place], bytes[place] != UInt8(ascii: "\\") else { return nil }
                place += 1
            }
            guard place + 1 < bytes.count else { return nil }
            words.append(String(decoding: bytes[start..<place], as: UTF8.self))
            place += 1
            if place == bytes.count - 1 { return words }
            guard bytes[place] == UInt8(ascii: ",") else { return nil }
            place += 1
        }
    }
}
