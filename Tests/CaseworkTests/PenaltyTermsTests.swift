import Casework
import Testing

@Suite("What a text punishes with")
struct PenaltyTermsTests {
    @Test(
        "an amount is read in digits, with commas, by ten thousands and in capitals",
        arguments: [
            ("罚款人民币5,000元", 500_000), ("罚款5000元", 500_000), ("罚款 5000.50 元", 500_050), ("罚款0.5万元", 500_000),
            ("罚款伍仟元整", 500_000), ("罚款人民币贰万元整", 2_000_000), ("罚款壹万零伍佰元", 1_050_000), ("罚款五千元", 500_000),
            ("罚款十元", 1_000), ("罚款一百二十元", 12_000), ("罚款玖佰玖拾玖万元", 999_000_000), ("罚款1.2亿元", 12_000_000_000),
            ("罚款伍仟元伍角整", 500_050), ("罚款伍仟元零伍分", 500_005), ("罚款５０００元", 500_000), ("罚款一百二十万三千元", 120_300_000),
        ] as [(String, Int64)])
    func amounts(text: String, fen: Int64) {
        #expect(PenaltyTerms(text).amounts == [fen])
        #expect(PenaltyTerms(text).fines == [fen])
    }

    @Test(
        "an amount without its 元 is read too: by ten thousands, after a sign, in the spoken unit, and bare behind 罚款",
        arguments: [
            ("另处罚款999万", 999_000_000), ("另处罚款￥9,990,000", 999_000_000), ("罚款¥5000", 500_000), ("罚款5000块", 500_000),
            ("罚款人民币5000", 500_000), ("罚款：5000", 500_000), ("罚款9990000", 999_000_000), ("罚款 1.5亿；警告", 15_000_000_000),
            ("罚款RMB5000", 500_000),
        ] as [(String, Int64)])
    func unitless(text: String, fen: Int64) {
        #expect(PenaltyTerms(text).fines == [fen])
    }

    @Test(
        "a fine is read where its amount stands before the word, as the statutes say it, and place by place",
        arguments: [
            ("处五万元罚款", 5_000_000), ("处以人民币5万元的罚款", 5_000_000), ("处5,000元（伍仟元整）罚款", 500_000),
            ("处五百元行政罚款", 50_000), ("处5万罚款", 5_000_000), ("处以50000罚款", 5_000_000),
            ("罚款人民币五〇〇〇〇元", 5_000_000), ("对多报256万元的行为处罚款五千元", 500_000), ("处五千零五十元罚款", 505_000),
        ] as [(String, Int64)])
    func before(text: String, fen: Int64) {
        #expect(PenaltyTerms(text).fines == [fen])
        #expect(PenaltyTerms(text).fineTotal == fen && !PenaltyTerms(text).isFineUnreadable)
    }

    @Test("a fine whose amount cannot be read is said to be so, and not taken for none")
    func unreadable() {
        for text in ["处罚款若干", "给予警告，并处罚款", "罚款三倍", "处违法所得三倍的罚款"] {
            #expect(PenaltyTerms(text).isFineUnreadable, "\(text)")
        }
        #expect(!PenaltyTerms("给予警告").isFineUnreadable)
    }

    @Test(
        "heavier than told is heavier, in whatever part",
        arguments: [
            ("处五千元罚款", "处五十万元罚款"), ("罚款5000元", "罚款5000元\n另处罚款5000元"), ("没收违法所得5000元", "没收违法所得500000元"),
            ("没收违法所得", "没收违法所得500000元"), ("责令停产停业三日", "责令停产停业六个月"), ("责令停产停业三日", "责令停产停业"),
            ("责令停产停业", "责令停产停业六个月"), ("给予警告", "给予警告，责令停业整顿六个月"), ("给予警告", "给予警告，取消统计从业资格"),
            ("罚款五千元", "罚款人民币五〇〇〇〇元"), ("暂扣许可证三十日", "暂扣许可证三个月"), ("限制从业一年", "限制从业三年"),
        ])
    func heavier(told: String, decided: String) {
        #expect(!PenaltyTerms(decided).excess(over: PenaltyTerms(told)).isEmpty)
    }

    @Test(
        "the same, or lighter, is not",
        arguments: [
            ("处五千元罚款", "罚款5,000元（伍仟元整）"), ("罚款5000元", "处一千元罚款"), ("没收违法所得5000元", "没收违法所得4000元"),
            ("责令停产停业六个月", "责令停产停业30日"), ("责令停产停业三日", "自2026年3月1日起责令停产停业三日"), ("给予警告，罚款5000元", "给予警告"),
            ("罚款5000元；对负责人罚款5000元", "罚款5000元；对负责人罚款5000元"),
        ])
    func lighter(told: String, decided: String) {
        #expect(PenaltyTerms(decided).excess(over: PenaltyTerms(told)) == [])
    }

    @Test(
        "a count is no amount", arguments: ["罚款一次", "罚款三倍", "第62条第2款", "罚款按5%计算", "15日内缴纳", "2026年3月1日", "3家门店", "1万吨"])
    func counts(text: String) {
        #expect(PenaltyTerms(text).amounts.isEmpty)
    }

    @Test("what is no fine of this clause is none, and a number without end is no amount")
    func others() {
        #expect(PenaltyTerms("多报256万元，给予警告").fines.isEmpty)
        #expect(PenaltyTerms("多报256万元，处罚款5,000元（伍仟元整）").fines == [500_000])
        #expect(PenaltyTerms("元").amounts.isEmpty)
        #expect(PenaltyTerms("罚款99999999999999999999999999元").amounts.isEmpty)
        #expect(PenaltyTerms("").kinds.isEmpty)
    }

    @Test("the same penalty in other words is the same; another kind or amount is told")
    func differences() {
        let approved = PenaltyTerms("给予警告，并处罚款人民币5,000元。")
        func said(_ text: String) -> [String] { approved.differences(in: PenaltyTerms(text), called: "决定书") }
        #expect(said("给予警告\n处罚款人民币5,000元（伍仟元整）").isEmpty)
        #expect(said("警告；罚款伍仟元").isEmpty)
        #expect(said("给予警告\n罚款9,990,000元").first?.contains("9990000元") == true)
        #expect(said("给予警告").count == 2, "the fine is gone")
        #expect(said("给予警告\n罚款5,000元\n吊销许可证").first?.contains("吊销") == true)
        #expect(said("罚款5,000元").first?.contains("警告") == true)
        #expect(said("给予警告\n罚款5,000元（玖佰万元整）").count == 1, "capitals that say otherwise")
        #expect(said("给予警告，罚款5,000元\n另缴费用300元").first?.contains("300元") == true)
        #expect(said("给予警告，处罚款5,000元\n对直接责任人处罚款5,000元").first?.contains("2笔") == true, "another person")
        #expect(said("给予警告，罚款5,000元\n另处罚款999万").first?.contains("9990000元") == true)
        #expect(said("给予警告，罚款5,000元\n另缴￥9,990,000").first?.contains("9990000元") == true)
    }
}
