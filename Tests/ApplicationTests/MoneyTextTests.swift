import Testing

@testable import Application

@Suite("Amounts in capitals")
struct MoneyTextTests {
    @Test(
        "An amount is written as official documents write it",
        arguments: [
            (0, "零元整"), (1, "壹分"), (10, "壹角整"), (11, "壹角壹分"), (100, "壹元整"), (105, "壹元零伍分"), (150, "壹元伍角整"),
            (1_000, "壹拾元整"), (1_050, "壹拾元零伍角整"), (10_100, "壹佰零壹元整"), (100_100, "壹仟零壹元整"), (101_000, "壹仟零壹拾元整"),
            (500_000, "伍仟元整"), (500_050, "伍仟元零伍角整"), (1_000_000, "壹万元整"), (1_000_100, "壹万零壹元整"),
            (1_010_000, "壹万零壹佰元整"), (1_100_000, "壹万壹仟元整"), (10_000_100, "壹拾万零壹元整"), (10_010_000, "壹拾万零壹佰元整"),
            (10_100_000, "壹拾万壹仟元整"), (100_000_000, "壹佰万元整"), (10_000_000_000, "壹亿元整"),
            (10_000_000_100, "壹亿零壹元整"), (10_001_000_000, "壹亿零壹万元整"), (12_345_678_912, "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元壹角贰分"),
        ] as [(Int64, String)])
    func capitals(fen: Int64, expected: String) {
        #expect(MoneyText.capitals(fen: fen) == expected)
    }

    @Test("Digits are grouped by three and decimals are shown only where there are any")
    func digits() {
        #expect(MoneyText.full(fen: 500_000) == "人民币5,000元（伍仟元整）")
        #expect(MoneyText.full(fen: 123_456_789) == "人民币1,234,567.89元（壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分）")
        #expect(MoneyText.full(fen: 99_900) == "人民币999元（玖佰玖拾玖元整）")
    }

    @Test("A negative amount has no text")
    func negative() {
        #expect(MoneyText.full(fen: -1) == nil)
    }

    @Test(
        "Capitals read back to the amount they were written from, for every amount up to 20,000 yuan by single yuan and many beyond"
    )
    func readBack() throws {
        var amounts = Array(Int64(0)...20_000).map { $0 * 100 }
        var source = SystemRandomNumberGenerator()
        for _ in 0..<20_000 { amounts.append(Int64.random(in: 0...99_999_999_999_999, using: &source)) }
        for amount in amounts {
            let text = try #require(MoneyText.capitals(fen: amount))
            #expect(Self.fen(of: text) == amount, "\(amount) \(text)")
            #expect(!text.contains("零零") && !text.contains("零元整") || amount == 0, "\(amount) \(text)")
        }
    }

    /// An independent reader: zeros say nothing, groups add up.
    private static func fen(of text: String) -> Int64 {
        let digits: [Character: Int64] = [
            "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
        ]
        let places: [Character: Int64] = ["拾": 10, "佰": 100, "仟": 1000]
        var total: Int64 = 0
        var high: Int64 = 0
        var group: Int64 = 0
        var digit: Int64 = 0
        for character in text {
            if let value = digits[character] {
                digit = value
            } else if let place = places[character] {
                group += digit * place
                digit = 0
            } else {
                switch character {
                case "万":
                    high += (group + digit) * 10_000
                    (group, digit) = (0, 0)
                case "亿":
                    high = (high + group + digit) * 100_000_000
                    (group, digit) = (0, 0)
                case "元":
                    total = (high + group + digit) * 100
                    (high, group, digit) = (0, 0, 0)
                case "角":
                    total += digit * 10
                    digit = 0
                case "分":
                    total += digit
                    digit = 0
                default: break
                }
            }
        }
        return total
    }
}
