import Kernel
import Testing

/// What is typed is looked at the same everywhere.
@Suite("What is wrong with a typed text")
struct TextFaultTests {
    @Test(
        "ordinary names pass: Han, Latin with accents, Vietnamese, Uyghur, Tibetan, Mongolian, variants of characters")
    func sound() {
        let names = [
            "王小明", "王〔四龙〕", "José", "Nguye\u{302}\u{303}n", "ئالىم", "བསྒྲུབས་རྒྱལ་མཚན", "ᠪᠠᠶᠠᠷ", "葛\u{E0100}飾", "O’Brien",
            "",
            "清禾县星河纸品厂（演示）", "a b",
        ]
        for name in names {
            #expect(name.fault(isLine: true) == nil, "\(name)")
            #expect(name.shownBack == name, "\(name)")
        }
    }

    @Test("line breaks and tabs are refused in a line alone, wherever they stand")
    func lines() {
        for scalar in ["\n", "\t"] as [Unicode.Scalar] {
            for text in ["\(scalar)甲", "甲\(scalar)乙", "甲\(scalar)"] {
                #expect(text.fault(isLine: true) == .notALine(scalar))
                #expect(text.fault(isLine: false) == nil)
            }
        }
    }

    @Test("each hidden character is refused in lines and paragraphs, and shown by its number")
    func hidden() {
        var count = 0
        for value in UInt32(0)...0xE0FFF {
            guard let scalar = Unicode.Scalar(value), scalar.isHidden else { continue }
            count += 1
            let text = "甲\(scalar)乙"
            #expect(text.fault(isLine: true) == .hidden(scalar) && text.fault(isLine: false) == .hidden(scalar))
            #expect(text.shownBack == "甲〔\(scalar.codePoint)〕乙")
        }
        #expect(count > 150)
    }

    @Test("a mark needs a character before it, and a character carries four at the most")
    func marks() {
        let accent: Unicode.Scalar = "\u{301}"
        for start in ["", " ", "甲 ", "甲\n", "甲\u{3000}"] {
            #expect("\(start)\(accent)乙".fault(isLine: false) == .loneMark(accent), "\(start)")
            #expect("\(start)\(accent)乙".shownBack.hasSuffix("〔U+0301〕乙"), "\(start)")
        }
        for count in 1...40 {
            let text = "甲乙" + String(repeating: "\u{301}", count: count)
            for whole in [text, text + "丙"] {
                #expect(whole.fault(isLine: true) == (count > 4 ? .piledMarks(count) : nil), "\(count)")
                let numbers = whole.shownBack.unicodeScalars.count { $0 == "〔" }
                #expect(numbers == max(0, count - 4))
            }
        }
    }

    @Test("what is shown back holds nothing that is refused in a line")
    func shown() {
        let parts: [String] = ["甲", "a", " ", "\n", "\t", "\u{202E}", "\u{301}", "\u{20DD}", "〔"]
        for one in parts {
            for two in parts {
                for three in parts {
                    let text = one + two + three
                    #expect(text.shownBack.fault(isLine: true) == nil, "\(Array(text.unicodeScalars.map(\.codePoint)))")
                    if text.fault(isLine: true) == nil { #expect(text.shownBack == text) }
                }
            }
        }
    }
}
