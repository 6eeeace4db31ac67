/// What a text orders, clause by clause, compared with another text by its words alone (主文).
///
/// A draft that was approved and a decision that is issued are written by hand twice. What one orders and the other does
/// not is found without reading either: a clause stands in the other text with the same words, or it is shown as
/// different. Spaces, punctuation, the numbers of a list and the width of letters are no words.
public struct OperativeText: Hashable, Sendable {
    /// The text as it was written, in pieces; together they are the whole of it.
    public let pieces: [Piece]

    /// A clause with the punctuation behind it, or what stands between clauses.
    public struct Piece: Hashable, Sendable {
        /// As it was written.
        public let text: String
        /// Its words alone, as UTF-8; empty where it has none.
        let words: [UInt8]
    }

    /// Reads a text.
    public init(_ text: String) {
        pieces = OperativeText.lines(of: Array(text.unicodeScalars)).flatMap(OperativeText.pieces)
    }

    /// Which pieces of this text do not stand in the others, by place.
    public func unshared(with others: [OperativeText]) -> [Bool] {
        let known = Set(others.flatMap(\.pieces).map(\.words))
        return pieces.map { !$0.words.isEmpty && !known.contains($0.words) }
    }

    // MARK: reading

    private typealias Scalars = [Unicode.Scalar]

    private static func lines(of scalars: Scalars) -> [ArraySlice<Unicode.Scalar>] {
        var lines: [ArraySlice<Unicode.Scalar>] = []
        var start = scalars.startIndex
        for place in scalars.indices where scalars[place] == "\n" {
            lines.append(scalars[start...place])
            start = place + 1
        }
        if start < scalars.endIndex { lines.append(scalars[start...]) }
        return lines
    }

    private static func pieces(_ line: ArraySlice<Unicode.Scalar>) -> [Piece] {
        var pieces: [Piece] = []
        let number = numberEnd(line)
        var start = number
        func take(_ range: ArraySlice<Unicode.Scalar>, isNumber: Bool = false) {
            guard !range.isEmpty else { return }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: range)
            var words = String.UnicodeScalarView()
            if !isNumber { words.append(contentsOf: range.compactMap(word)) }
            while words.last == "." { words.removeLast() }
            pieces.append(Piece(text: String(view), words: Array(String(words).utf8)))
        }
        take(line[line.startIndex..<number], isNumber: true)
        for place in line.indices where place >= start && isEnd(place, in: line) {
            take(line[start...place])
            start = place + 1
        }
        take(line[start...])
        return pieces
    }

    /// Whether a clause ends here: at a stop, or at a comma that does not part the thousands of a number.
    private static func isEnd(_ place: Int, in line: ArraySlice<Unicode.Scalar>) -> Bool {
        let scalar = line[place]
        if ["。", "；", ";", "，", "、", "：", ":", "！", "!", "\n"].contains(scalar) { return true }
        guard scalar == "," || scalar == "." else { return false }
        let before = line.indices.contains(place - 1) && isDigit(line[place - 1])
        let after = line.indices.contains(place + 1) && isDigit(line[place + 1])
        return !(before && after)
    }

    /// Where the number that a line begins with ends: `1.`, `一、`, `（二）`.
    private static func numberEnd(_ line: ArraySlice<Unicode.Scalar>) -> Int {
        var place = line.startIndex
        func at(_ place: Int) -> Unicode.Scalar? { line.indices.contains(place) ? line[place] : nil }
        while at(place) == " " || at(place) == "\u{3000}" { place += 1 }
        let isBracketed = at(place) == "（" || at(place) == "("
        if isBracketed { place += 1 }
        let first = place
        while let scalar = at(place), isDigit(scalar) || "一二三四五六七八九十".unicodeScalars.contains(scalar) {
            place += 1
        }
        guard place > first, let end = at(place) else { return line.startIndex }
        let isEnd = isBracketed ? end == "）" || end == ")" : ["、", ".", "．"].contains(end)
        // 1.5 is a number of its own.
        guard isEnd, isBracketed || at(place + 1).map({ !isDigit($0) }) ?? true else { return line.startIndex }
        return place + 1
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar) || (0xFF10...0xFF19).contains(scalar.value)
    }

    /// A letter or digit, of narrow width; a point or a sign of money stays, for 1.5万元 is not 15万元 and ￥5 is no 5.
    private static func word(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        if (0xFF01...0xFF5E).contains(scalar.value), let narrow = Unicode.Scalar(scalar.value - 0xFEE0) {
            return word(narrow)
        }
        if scalar == "￥" { return "¥" }
        if scalar == "." || scalar == "¥" || scalar == "%" || scalar == "‰" { return scalar }
        return scalar.properties.isAlphabetic || scalar.properties.numericType != nil ? scalar : nil
    }
}
