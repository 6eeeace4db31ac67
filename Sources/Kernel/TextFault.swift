/// What nobody should be made to print or to compare: why a typed text is not taken.
///
/// The rule for all that is typed, whatever form or program it comes from: white space at both ends is taken off; what
/// nobody sees is refused; marks that stand above, below or through a character (accents, vowel signs, variation
/// selectors) need one to stand on and are few; a line holds no line break and no tab inside.
public enum TextFault: Hashable, Sendable {
    /// A character that nobody sees, see `Unicode.Scalar.isHidden`.
    case hidden(Unicode.Scalar)
    /// A mark at the beginning or after white space: it prints over what stands before it.
    case loneMark(Unicode.Scalar)
    /// So many marks on one character that they print over the lines above and below.
    case piledMarks(Int)
    /// A line break or a tab in what is one line.
    case notALine(Unicode.Scalar)

    /// The most marks on one character. Vietnamese needs two, Tibetan up to four.
    public static let mostMarks = 4
}

extension StringProtocol {
    /// The first thing that is wrong with a text, which is trimmed already; nil if nothing is.
    public func fault(isLine: Bool) -> TextFault? {
        var marks = 0
        var mayCarry = false
        var piled = 0
        for scalar in unicodeScalars {
            if scalar.isHidden { return .hidden(scalar) }
            if isLine, scalar == "\n" || scalar == "\t" { return .notALine(scalar) }
            if scalar.isMark {
                guard mayCarry else { return .loneMark(scalar) }
                marks += 1
                piled = Swift.max(piled, marks)
            } else {
                if piled > TextFault.mostMarks { return .piledMarks(piled) }
                marks = 0
                mayCarry = !scalar.properties.isWhitespace
            }
        }
        return piled > TextFault.mostMarks ? .piledMarks(piled) : nil
    }

    /// The text as a message may show it back: what nobody sees, what turns the direction of writing, line breaks and
    /// tabs, and marks that stand on nothing or pile up are shown by their number, 〔U+202E〕.
    ///
    /// For what was typed or sent and is not taken yet, and for what somebody else's file says; what is recorded was looked
    /// at before.
    public var shownBack: String {
        var result = String.UnicodeScalarView()
        var marks = 0
        var mayCarry = false
        for scalar in unicodeScalars {
            let isShown: Bool
            if scalar.isMark {
                marks += 1
                isShown = mayCarry && marks <= TextFault.mostMarks
            } else {
                marks = 0
                isShown = !scalar.isControl
                mayCarry = isShown && !scalar.properties.isWhitespace
            }
            if isShown {
                result.append(scalar)
            } else {
                result.append(contentsOf: "〔\(scalar.codePoint)〕".unicodeScalars)
            }
        }
        return String(result)
    }
}

extension Unicode.Scalar {
    /// Whether it is a mark (Unicode general categories Mn, Mc, Me): it belongs to the character before it.
    public var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}
