import Kernel
import Testing

@Suite("HTML")
struct HTMLTests {
    @Test("a quote with a combining mark cannot leave its attribute")
    func combiningMark() {
        // One Character to Swift, two scalars to a browser: the quote must be escaped all the same.
        let attack = "x\"\u{301} autofocus onfocus=alert(1) y=\"\u{301}"
        #expect(Array(attack).contains("\"") == false)
        let page: HTML = "<input value=\"\(attack)\">"
        #expect(page.string == "<input value=\"x&quot;\u{301} autofocus onfocus=alert(1) y=&quot;\u{301}\">")
        #expect(page.bytes.filter { $0 == UInt8(ascii: "\"") }.count == 2)
    }

    @Test("each of the special characters is escaped before every combining mark")
    func everySpecial() {
        let specials = ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;", "\0": "\u{FFFD}"]
        for (character, escaped) in specials {
            for mark in ["", "\u{301}", "\u{338}", "\u{20DD}", "\u{FE0F}", "\u{200D}"] {
                #expect(HTML(text: character + mark).string.utf8.elementsEqual((escaped + mark).utf8))
            }
        }
    }

    @Test("no byte below 0x80 but the escapes' own comes out unescaped that could open markup")
    func everyByte() {
        for byte in UInt8(0)...0x7F {
            let out = HTML(text: String(decoding: [byte], as: UTF8.self)).bytes
            #expect(!out.contains(UInt8(ascii: "<")) && !out.contains(UInt8(ascii: ">")))
            #expect(!out.contains(UInt8(ascii: "\"")) && !out.contains(UInt8(ascii: "'")) && !out.contains(0))
        }
    }

    @Test("literals and markup go in whole, values do not")
    func composition() {
        let bold: HTML = "<b>\("<i>")</b>"
        let page: HTML = "<p>\(bold)\(["a", "b"].html { "<li>\($0)</li>" })\(7)</p>"
        #expect(page.string == "<p><b>&lt;i&gt;</b><li>a</li><li>b</li>7</p>")
        #expect((bold + HTML.empty).string == bold.string)
    }
}

@Suite("Identifiers")
struct IdentifierTests {
    @Test("bytes and text go in and come out unchanged")
    func roundTrip() {
        for _ in 0..<100 {
            let id = ThreadTag.random()
            #expect(ThreadTag(id.bytes) == id)
            #expect(ThreadTag(id.description) == id)
            #expect(id.description.utf8.count == 32)
        }
        #expect(
            ThreadTag(high: 0x0011_2233_4455_6677, low: 0x8899_AABB_CCDD_EEFF).description
                == "00112233445566778899aabbccddeeff")
    }

    @Test("other lengths, capitals and foreign characters are refused")
    func strict() {
        for count in 0...40 where count != 32 { #expect(ThreadTag(String(repeating: "0", count: count)) == nil) }
        for count in 0...20 where count != 16 { #expect(ThreadTag([UInt8](repeating: 0, count: count)) == nil) }
        #expect(ThreadTag(String(repeating: "A", count: 32)) == nil)
        #expect(ThreadTag(String(repeating: "0", count: 31) + "-") == nil)
    }

    @Test("order is that of the text")
    func order() {
        let ids = (0..<100).map { _ in ThreadTag.random() }.sorted()
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
        #expect(Set(ids).count == 100)
    }

    @Test("a bureau's tag is short, lower case and safe in a path")
    func bureauTag() {
        for good in ["zhaoxian", "a", "a-b", "0", String(repeating: "z", count: 32)] { #expect(BureauTag(good) != nil) }
        for bad in ["", "-a", "a-", "A", "a/b", "..", "a b", "县", String(repeating: "z", count: 33)] {
            #expect(BureauTag(bad) == nil)
        }
    }
}
