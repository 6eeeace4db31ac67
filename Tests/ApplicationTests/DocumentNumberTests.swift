import Application
import Testing

@Suite("A document's number as people type it")
struct DocumentNumberTests {
    @Test(
        "year, running number and mark are found in every usual spelling",
        arguments: [
            ("清禾统罚决〔2026〕12号", "清禾统罚决"), ("清禾统罚决[2026]12号", "清禾统罚决"), ("罚决（2026）12", "罚决"),
            ("2026-12", ""), ("〔2026〕12号", ""), ("2026 12", ""), ("二局3科〔2026〕第12号", "二局3科"),
            (" 清禾〔2026〕12 号 ", "清禾"),
        ])
    func known(text: String, mark: String) throws {
        let number = try #require(DocumentNumber(text))
        #expect((number.year, number.number) == (2026, 12))
        #expect(number.mark == mark)
    }

    @Test(
        "other words are no number",
        arguments: [
            "", "向阳罐头", "2026", "12号", "2026年", "2026.12", "202612", "1〔26〕12号", "〔2026〕0号", "2026〕12条",
            "〔2026〕1234567890号", "〔3026〕1号", "2026〕〕x12",
        ])
    func other(text: String) {
        #expect(DocumentNumber(text) == nil)
    }
}
