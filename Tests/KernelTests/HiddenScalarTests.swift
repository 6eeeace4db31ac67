import Kernel
import Testing

@Suite("Characters that nobody sees")
struct HiddenScalarTests {
    @Test("whatever Unicode calls a control, a format character or a filler is hidden, but for line feed and tab")
    func categories() {
        for value in UInt32(0)...0x2FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            switch scalar.properties.generalCategory {
            case .control: #expect(scalar.isHidden == (value != 9 && value != 10), "\(scalar.codePoint)")
            case .lineSeparator, .paragraphSeparator: #expect(scalar.isHidden, "\(scalar.codePoint)")
            // Signs of Arabic, Syriac, Kaithi, Egyptian and musical writing are seen, and of no names here.
            case .format
            where ![
                0x0600...0x0605, 0x06DD...0x06DD, 0x070F...0x070F, 0x0890...0x0891, 0x08E2...0x08E2,
                0x110BD...0x110CD, 0x13430...0x1343F, 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A,
            ]
            .contains { $0.contains(value) }:
                #expect(scalar.isHidden, "\(scalar.codePoint)")
            case .otherLetter where scalar.isHidden:
                #expect(scalar.properties.isDefaultIgnorableCodePoint, "\(scalar.codePoint)")
            case .uppercaseLetter, .lowercaseLetter, .decimalNumber, .otherPunctuation:
                #expect(!scalar.isHidden, "\(scalar.codePoint)")
            default: break
            }
        }
    }

    @Test("a character is named as tables name it")
    func names() {
        #expect((Unicode.Scalar(0x7) as Unicode.Scalar?)?.codePoint == "U+0007")
        #expect(("\u{200B}" as Unicode.Scalar).codePoint == "U+200B")
        #expect(("\u{E0001}" as Unicode.Scalar).codePoint == "U+E0001")
    }
}
