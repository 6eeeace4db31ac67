import Casework
import Testing

@Suite("What a decision orders, beside the draft")
struct OperativeTextTests {
    private func unshared(_ text: String, _ other: String) -> [String] {
        let read = OperativeText(text)
        return zip(read.pieces, read.unshared(with: [OperativeText(other)])).filter(\.1).map(\.0.text)
    }

    @Test("the pieces of a text are the whole of it, whatever it says")
    func whole() {
        for text in ["", "\n", "警告", "一、警告；\n（二）罚款５，０００元。", "1.5万元,2,000元.", "，，。", "（", "12", "。\n\n甲 乙"] {
            #expect(OperativeText(text).pieces.map(\.text).joined() == text)
        }
    }

    @Test("numbers of a list, spaces, punctuation, thousands and the width of letters are no difference")
    func same() {
        let draft = "给予警告，并处罚款人民币5,000元。"
        for text in [
            "1. 给予警告\n2. 并处罚款人民币5000元", "（一）给予 警告；\n（二）并处罚款人民币5,000元", "一、给予警告。\n二、并处罚款人民币５０００元！",
            "并处罚款人民币5,000元，给予警告",
        ] {
            #expect(unshared(text, draft) == [], "\(text)")
        }
    }

    @Test(
        "what one text orders and the other does not is told, and nothing else",
        arguments: [
            ("给予警告，另处罚款999万", "另处罚款999万"), ("给予警告，罚款￥9,990,000", "罚款￥9,990,000"),
            ("给予警告，并关闭门店、上缴全部设备", "并关闭门店、上缴全部设备"), ("给予警告，对直接责任人处罚款5,000元", "对直接责任人处罚款5,000元"),
            ("给予警告。每迟一日再缴5,000元", "每迟一日再缴5,000元"), ("不予警告", "不予警告"), ("给予警告1.5万元", "给予警告1.5万元"),
        ])
    func different(text: String, added: String) {
        #expect(unshared(text, "给予警告，并处罚款人民币5,000元。").joined() == added)
    }

    @Test("a point within a number is a word: 1.5 and 15 differ, and so do per cent and per mille")
    func numbers() {
        #expect(unshared("罚款1.5万元", "罚款15万元") == ["罚款1.5万元"])
        #expect(unshared("加处3%", "加处3‰") == ["加处3%"])
        #expect(unshared("罚款5000元.", "罚款5,000元") == [])
    }
}
