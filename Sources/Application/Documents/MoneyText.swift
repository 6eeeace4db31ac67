import Kernel

/// Amounts as official documents write them: digits, and capitals that cannot be altered with a stroke.
public enum MoneyText {
    private static let digits = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"]
    private static let places = ["", "拾", "佰", "仟"]
    private static let groups = ["", "万", "亿", "万亿"]

    /// `人民币5,000.50元（伍仟元伍角整）`; nil for negative amounts and from 10^16 yuan on.
    public static func full(fen: Int64) -> String? {
        guard let capitals = capitals(fen: fen) else { return nil }
        return "人民币\(plain(fen: fen))元（\(capitals)）"
    }

    /// `5,000.50`, decimals only where there are any.
    public static func plain(fen: Int64) -> String {
        var yuan = String(fen / 100)
        var grouped = ""
        while yuan.count > 3 {
            grouped = "," + yuan.suffix(3) + grouped
            yuan.removeLast(3)
        }
        let rest = Int(fen % 100)
        return yuan + grouped + (rest == 0 ? "" : "." + Decimal.padded(rest, to: 2))
    }

    /// `伍仟元伍角整`. Four digits make a group; a zero between digits is spoken once, also across groups.
    static func capitals(fen: Int64) -> String? {
        guard fen >= 0, fen / 100 < 10_000_000_000_000_000 else { return nil }
        let jiao = Int(fen / 10 % 10)
        let cent = Int(fen % 10)
        var text = fen >= 100 ? integer(fen / 100) + "元" : ""
        if jiao == 0, cent == 0 { return (text.isEmpty ? "零元" : text) + "整" }
        if jiao > 0 {
            // A zero stands where the yuan end in one and a jiao follows.
            if !text.isEmpty, fen / 100 % 10 == 0 { text += "零" }
            text += digits[jiao] + "角"
        } else if !text.isEmpty {
            text += "零"
        }
        return cent > 0 ? text + digits[cent] + "分" : text + "整"
    }

    private static func integer(_ yuan: Int64) -> String {
        var text = ""
        var pendingZero = false
        for position in stride(from: 3, through: 0, by: -1) {
            var divisor: Int64 = 1
            for _ in 0..<position { divisor *= 10_000 }
            let group = Int(yuan / divisor % 10_000)
            if group == 0 {
                pendingZero = pendingZero || !text.isEmpty
                continue
            }
            if !text.isEmpty, pendingZero || group < 1000 { text += digits[0] }
            text += fourDigits(group) + groups[position]
            pendingZero = group % 10 == 0 && position > 0
            // 拾万 ends a group in zeros: the zero is spoken only if something follows lower down.
            if pendingZero, yuan % divisor >= divisor / 10 { pendingZero = false }
        }
        return text
    }

    private static func fourDigits(_ group: Int) -> String {
        var text = ""
        var zero = false
        for place in stride(from: 3, through: 0, by: -1) {
            let digit = group / [1, 10, 100, 1000][place] % 10
            if digit == 0 {
                zero = !text.isEmpty
            } else {
                if zero { text += digits[0] }
                text += digits[digit] + places[place]
                zero = false
            }
        }
        return text
    }
}
