/// The short name of a bureau (机关) in addresses and paths: 1 to 32 of `a-z`, `0-9` and inner hyphens.
public struct BureauTag: Hashable, Sendable, LosslessStringConvertible {
    /// The text, ASCII only.
    public let description: String

    /// Nil for an empty or long name, a foreign character, or a hyphen at either end.
    public init?(_ description: String) {
        let bytes = Array(description.utf8)
        guard (1...32).contains(bytes.count), bytes.first != UInt8(ascii: "-"), bytes.last != UInt8(ascii: "-"),
            bytes.allSatisfy({ byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            })
        else { return nil }
        self.description = description
    }
}
