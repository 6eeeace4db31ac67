/// A case number (案号, 立案号) as it is compared: what is written in another way is the same number.
public enum CaseNumber {
    /// The number without white space, with one sort of brackets and of letters and digits: `清禾统查 [2026] 1号`,
    /// `清禾统查〔２０２６〕1号` and `清禾统查（2026）1号` are one. Empty if nothing is left.
    public static func key(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !scalar.properties.isWhitespace {
            result.append(plain(scalar))
        }
        return String(result)
    }

    /// The beginning of a number as it is compared, where somebody who searches writes one: a mark, and a year in brackets.
    /// Nil for any other words, which are looked for in titles and names.
    public static func searched(_ text: String) -> String? {
        let key = Array(key(text).unicodeScalars)
        let year = key.indices.first { start in
            start > 0 && key[start] == "〔" && start + 5 < key.count && key[start + 5] == "〕"
                && key[start + 1..<start + 5].allSatisfy { ("0"..."9").contains($0) }
        }
        return year == nil ? nil : String(String.UnicodeScalarView(key))
    }

    private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        var scalar = scalar
        // Full-width forms stand in the order of ASCII.
        if (0xFF01...0xFF5E).contains(scalar.value), let narrow = Unicode.Scalar(scalar.value - 0xFEE0) {
            scalar = narrow
        }
        switch scalar {
        case "[", "(", "{", "【", "「", "『", "〈", "《": return "〔"
        case "]", ")", "}", "】", "」", "』", "〉", "》": return "〕"
        case "a"..."z": return Unicode.Scalar(scalar.value - 0x20) ?? scalar
        default: return scalar
        }
    }
}
