extension Unicode.Scalar {
    /// Whether it shows nothing and changes how the text beside it is read: a control character other than LF and TAB, one
    /// that turns the direction of writing (Unicode Standard Annex 9), or one without width. With it two names that look
    /// alike are two, and a document can read otherwise than it is stored.
    public var isHidden: Bool {
        switch value {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x061C, 0x115F, 0x1160, 0x180E, 0x200B...0x200F, 0x2028...0x202E,
            0x2060...0x206F, 0x3164, 0xFEFF, 0xFFA0, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
            true
        default: false
        }
    }

    /// Whether whoever prints it obeys it instead of showing it: every hidden one, LF and TAB, and whatever else is of the
    /// general categories Cc, Cf, Zl, Zp. A terminal that is sent one can be made to wipe what stands above.
    public var isControl: Bool {
        if isHidden { return true }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    /// Its number as tables of characters name it: `U+200B`.
    public var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
