import Kernel
import TestKit
import Testing

@Suite("Canonical JSON (RFC 8785)")
struct JSONTests {
    private func canonical(_ text: String) throws -> JSON {
        try JSON(canonical: Array(text.utf8))
    }

    private func text(_ json: JSON) -> String {
        String(decoding: json.canonicalBytes, as: UTF8.self)
    }

    @Test("every control character has the one escape that the RFC gives it, and reads back")
    func escapes() throws {
        let short: [UInt8: String] = [
            0x08: #"\b"#, 0x09: #"\t"#, 0x0A: #"\n"#, 0x0C: #"\f"#, 0x0D: #"\r"#, 0x22: #"\""#, 0x5C: #"\\"#,
        ]
        for byte in UInt8(0)...0x7F {
            let value = JSON.string(String(decoding: [byte], as: UTF8.self))
            let expected =
                short[byte] ?? (byte < 0x20 ? #"\u00"# + Hex.encode([byte]) : String(decoding: [byte], as: UTF8.self))
            #expect(text(value) == "\"\(expected)\"")
            #expect(try canonical(text(value)) == value)
        }
    }

    @Test("text above ASCII stands as it is and is not normalised")
    func unicode() throws {
        for sample in ["张三", "€", "é", "e\u{301}", "𬍛", "\u{2028}", "\u{FEFF}", "\u{7F}"] {
            #expect(text(.string(sample)) == "\"" + sample + "\"")
            #expect(try canonical(text(.string(sample))).string?.utf8.elementsEqual(sample.utf8) == true)
        }
        #expect(JSON.string("é") != JSON.string("e\u{301}"))
    }

    @Test("keys stand in the order of UTF-16 code units, the RFC's own example included")
    func keyOrder() throws {
        // RFC 8785 section 3.2.3.
        let value: JSON = [
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh", "1": "One",
            "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis",
        ]
        let order = try canonical(text(value)).members?.map(\.value.string)
        #expect(
            order == [
                "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
                "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
            ])
    }

    @Test("keys of up to three characters from both sides of every boundary stand as their UTF-16 code units do")
    func keysInOrderExhaustively() {
        let characters = [
            "", "!", "\u{7F}", "\u{80}", "\u{7FF}", "一", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}",
        ]
        let keys = Set(
            characters.flatMap { first in
                characters.flatMap { second in characters.map { Array((first + second + $0).utf16) } }
            })
        let sorted = keys.sorted { $0.lexicographicallyPrecedes($1) }
        let object = JSON.object(keys.map { .init(String(decoding: $0, as: UTF16.self), .integer(0)) })
        let body = sorted.map { "\"\(String(decoding: $0, as: UTF16.self))\":0" }.joined(separator: ",")
        #expect(object.canonicalBytes == Array("{\(body)}".utf8))
        #expect(keys.count > 1000)
    }

    @Test("integers to 2^53 on both sides go through; beyond it they are refused")
    func integers() throws {
        for number in [0, 1, -1, 9, 10, 100, -900, 9_007_199_254_740_992, -9_007_199_254_740_992] as [Int64] {
            #expect(text(.integer(number)) == String(number))
            #expect(try canonical(String(number)).integer == number)
        }
        for spelling in [
            "9007199254740993", "-9007199254740993", "99999999999999999999", "01", "-0", "00", "1.0", "1e3", "+1", "-",
            "0x1", "--1",
        ] {
            #expect(throws: JSONError.self) { try canonical(spelling) }
        }
    }

    @Test(
        "a refusal names the byte where the form is left",
        arguments: [
            ("", 0), (" 1", 0), ("1 ", 1), ("null", 0), ("tru", 3), ("[1,]", 3), ("[1 ,2]", 2), ("{\"a\":1,}", 7),
            ("{\"b\":1,\"a\":2}", 7), ("{\"a\":1,\"a\":2}", 7), ("{\"a\" :1}", 4), ("{a:1}", 1), ("\"\\/\"", 1),
            ("\"\\u0041\"", 1), ("\"\\u000A\"", 1), ("\"\\u000a\"", 1), ("\"\\u001F\"", 1), ("\"\u{9}\"", 1),
            ("\"abc", 4),
            ("[[1]", 4), ("{\"a\":1", 6), ("1.5", 1), ("\"\\ud800\"", 1), ("[1]x", 3), ("'a'", 0),
        ])
    func refusals(text: String, offset: Int) {
        #expect { try canonical(text) } throws: { ($0 as? JSONError)?.offset == offset }
    }

    @Test("bytes that are not UTF-8 are refused")
    func encoding() {
        for bad in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE4, 0xBC]] as [[UInt8]] {
            #expect(throws: JSONError.self) { try JSON(canonical: [UInt8(ascii: "\"")] + bad + [UInt8(ascii: "\"")]) }
        }
    }

    @Test("nesting beyond the limit is refused, not followed")
    func depth() throws {
        let deepest = String(repeating: "[", count: 16) + String(repeating: "]", count: 16)
        #expect(text(try canonical(deepest)) == deepest)
        #expect(throws: JSONError.self) { try canonical("[" + deepest + "]") }
        #expect(throws: JSONError.self) { try canonical(String(repeating: "[", count: 100_000)) }
    }

    @Test("two values are equal exactly when their one spelling is: member order says nothing, composed letters do")
    func equality() {
        var values: [JSON] = [
            .object([]), .array([]), "", "é", "e\u{301}", "1", 1, -1, 0, true, false, "true",
            .object([.init("a", 1), .init("a", 2)]), .object([.init("a", 2), .init("a", 1)]),
        ]
        for one in values.prefix(10) {
            values += [
                .array([one]), .array([one, one]), .object([.init("é", one)]), .object([.init("e\u{301}", one)]),
                .object([.init("b", one), .init("a", 1)]), .object([.init("a", 1), .init("b", one)]),
            ]
        }
        for left in values {
            for right in values {
                let isSame = left.canonicalBytes == right.canonicalBytes
                #expect((left == right) == isSame, "\(text(left)) \(text(right))")
                #expect(!isSame || left.hashValue == right.hashValue)
            }
        }
    }

    @Test("random values read back; no changed byte of them is another spelling of the same value")
    func random() throws {
        var random = SeededRandom(8)
        for _ in 0..<300 {
            let bytes = value(&random, depth: 0).canonicalBytes
            let read = try JSON(canonical: bytes)
            #expect(read.canonicalBytes == bytes)
            for position in bytes.indices {
                var changed = bytes
                changed[position] ^= 1 << UInt8.random(in: 0...7, using: &random)
                if let other = try? JSON(canonical: changed) { #expect(other.canonicalBytes == changed) }
            }
        }
    }

    private func value(_ random: inout SeededRandom, depth: Int) -> JSON {
        switch Int.random(in: 0...(depth < 3 ? 5 : 3), using: &random) {
        case 0: .integer(Int64.random(in: -JSON.integerLimit...JSON.integerLimit, using: &random))
        case 1: .boolean(Bool.random(using: &random))
        case 2, 3: .string(word(&random))
        case 4: .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(&random, depth: depth + 1) })
        default:
            .object(
                Set((0..<Int.random(in: 0...4, using: &random)).map { _ in word(&random) })
                    .map { JSON.Member($0, value(&random, depth: depth + 1)) })
        }
    }

    private func word(_ random: inout SeededRandom) -> String {
        let scalars: [Unicode.Scalar] = ["a", "\"", "\\", "\n", "\u{1}", "张", "𬍛", "\u{FB33}", "é"]
        return String(
            String.UnicodeScalarView(
                (0..<Int.random(in: 0...5, using: &random)).compactMap { _ in scalars.randomElement(using: &random) }))
    }
}
