import Kernel

/// Marks the words of a search where they stand in a text. Latin letters are found in either case, as the search finds
/// them.
struct Highlight: Sendable {
    private let words: [[UInt32]]

    /// - Parameter search: what was typed; words are separated by white space, also the ideographic one.
    init(_ search: String) {
        words = Self.words(in: search).prefix(8).map { $0.unicodeScalars.map(Self.folded) }
    }

    /// The words of what was typed.
    static func words(in search: String) -> [String] {
        search.unicodeScalars.split { $0.properties.isWhitespace }.map { String($0) }
    }

    /// The text with `mark` around every place where a word stands.
    func html(_ text: String) -> HTML {
        let scalars = Array(text.unicodeScalars)
        let folded = scalars.map(Self.folded)
        var isMarked = [Bool](repeating: false, count: scalars.count)
        for word in words where !word.isEmpty && word.count <= folded.count {
            for start in 0...(folded.count - word.count) where folded[start..<start + word.count].elementsEqual(word) {
                for place in start..<start + word.count { isMarked[place] = true }
            }
        }
        var result: HTML = ""
        var start = 0
        while start < scalars.count {
            let end = isMarked[start...].firstIndex { $0 != isMarked[start] } ?? scalars.count
            var part = String.UnicodeScalarView()
            part.append(contentsOf: scalars[start..<end])
            result += isMarked[start] ? "<mark>\(String(part))</mark>" : "\(String(part))"
            start = end
        }
        return result
    }

    private static func folded(_ scalar: Unicode.Scalar) -> UInt32 {
        (0x41...0x5A).contains(scalar.value) ? scalar.value + 0x20 : scalar.value
    }
}
