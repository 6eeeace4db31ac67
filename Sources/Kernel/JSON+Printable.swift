extension JSON {
    /// The canonical bytes with an escape, `\u202e`, in place of each character that a screen would obey instead of showing
    /// it. Still JSON, of the same value, but no longer its one spelling: for people and programs that read an answer, never
    /// for what is hashed.
    public var printableBytes: [UInt8] {
        // Outside of strings the canonical form is printable ASCII, so whatever is found here stands in a string.
        var result = String.UnicodeScalarView()
        for scalar in String(decoding: canonicalBytes, as: UTF8.self).unicodeScalars {
            guard scalar.isControl else {
                result.append(scalar)
                continue
            }
            for unit in UTF16.encode(scalar) ?? .init() {
                let digits = String(unit, radix: 16)
                result.append(
                    contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits).unicodeScalars)
            }
        }
        return Array(String(result).utf8)
    }
}
