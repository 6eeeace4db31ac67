import Kernel
import Testing

@testable import Store

@Suite("Lists as text columns")
struct RowTextTests {
    @Test("what is read quickly is what JSON reads, of every text of six bytes or fewer")
    func quickly() {
        let alphabet = Array("[]\",\\a ".utf8)
        var texts: [[UInt8]] = [[]]
        var read = 0
        for _ in 0..<6 {
            texts = texts.flatMap { text in alphabet.map { text + [$0] } }
            for text in texts where text.first == UInt8(ascii: "[") {
                let elements = (try? JSON(canonical: text))?.elements
                let strings = elements?.compactMap(\.string)
                let words = strings?.count == elements?.count ? strings : nil
                #expect(RowText.decode(text) == words, "\(String(decoding: text, as: UTF8.self))")
                read += words == nil ? 0 : 1
            }
        }
        #expect(read > 10, "\(read)")
    }

    @Test("words come back as they were written, also such as are not ASCII or are escaped")
    func roundTrip() {
        for words in [[], [""], ["a", ""], ["赵县"], ["a\"b", "\\"], ["\u{7F}", "\u{1F}"], ["e\u{301}", "\u{e9}"]] {
            let read = RowText.decode(RowText.encode(words))
            #expect(read?.map { Array($0.utf8) } == words.map { Array($0.utf8) })
        }
    }
}
