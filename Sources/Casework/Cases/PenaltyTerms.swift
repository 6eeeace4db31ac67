/// What a text says a party is punished with: the kinds of penalty that it names, and every amount of money in it.
///
/// A draft that was approved and a decision that is issued are written by hand twice; these are the parts of both that
/// must be the same. The rest is for the head to read, who signs the fixed document itself.
///
/// What cannot be read here is refused where it counts (`isFineUnreadable`), and not taken for nothing: a text that fines
/// nobody is bounded by nothing.
public struct PenaltyTerms: Hashable, Sendable {
    /// Kinds named, of `kinds`.
    public let kinds: Set<String>
    /// Amounts that the word 罚款 of their clause is about, in fen: 罚款5000元, and as the statutes say it 处五千元罚款.
    public let fines: Set<Int64>
    /// All amounts in yuan, in fen.
    public let amounts: Set<Int64>
    /// How many clauses fine somebody by an amount: the same sum for a second person is a second fine.
    public let fineClauses: Int
    /// The sum of all of them, in fen.
    public let fineTotal: Int64
    /// The sum of the amounts that are taken away (没收), in fen.
    public let confiscated: Int64
    /// Whether something is taken away that no amount of its clause says: goods, tools, or a gain not reckoned in money.
    public let takesThings: Bool
    /// For how many days at most something is forbidden, by the kind of penalty whose clause says so.
    public let days: [String: Int64]

    /// Kinds of administrative penalty (行政处罚法第九条第一项至第五项), by the words that name them.
    public static let named = [
        "警告", "通报批评", "罚款", "没收", "暂扣", "降低资质等级", "吊销", "限制开展生产经营", "责令停产停业", "责令关闭",
        "限制从业", "行政拘留",
    ]
    /// Words of other laws for what they punish with (第九条第六项).
    public static let ofOtherLaws = ["停业整顿", "停止执业", "取消", "撤销", "禁止"]
    /// All of them.
    public static let kinds = named + ofOtherLaws
    /// Kinds before which a party may ask for a hearing, whatever the amount (行政处罚法第六十三条第一款第三项、第四项).
    public static let heard: Set<String> = ["降低资质等级", "吊销", "责令停产停业", "停业整顿", "停止执业", "责令关闭", "限制从业"]

    /// Whether a fine is named and its amount cannot be read.
    public var isFineUnreadable: Bool { kinds.contains("罚款") && fines.isEmpty }

    /// Reads a text.
    public init(_ text: String) {
        let scalars = Array(text.unicodeScalars)
        kinds = Set(PenaltyTerms.kinds.filter { PenaltyTerms.find($0, in: scalars) != nil })
        var found: [Amount] = []
        var longest: [String: Int64] = [:]
        for end in PenaltyTerms.numberEnds(in: scalars) {
            guard let amount = PenaltyTerms.amount(endingAt: end, in: scalars) else { continue }
            let clause = PenaltyTerms.clause(of: amount.start, in: scalars)
            if PenaltyTerms.isMoney(amount.start..<end, in: scalars) {
                let isFine = PenaltyTerms.isFine(amount.start..<end, in: scalars)
                found.append(Amount(clause: clause.lowerBound, fen: amount.fen, isFine: isFine))
            } else if let days = PenaltyTerms.days(amount.start..<end, fen: amount.fen, in: scalars) {
                for kind in kinds where PenaltyTerms.find(kind, in: Array(scalars[clause])) != nil {
                    longest[kind] = max(longest[kind] ?? 0, days)
                }
            }
        }
        days = longest
        amounts = Set(found.map(\.fen))
        // A sum and the same in capitals behind it are one; in another clause it is another.
        let fining = Set(found.filter(\.isFine))
        fines = Set(fining.map(\.fen))
        fineClauses = Set(fining.map(\.clause)).count
        fineTotal = fining.map(\.fen).reduce(0, PenaltyTerms.sum)
        let taken = Set(
            found.filter { amount in
                !amount.isFine
                    && PenaltyTerms.find("没收", in: Array(scalars[PenaltyTerms.clause(of: amount.clause, in: scalars)]))
                        != nil
            })
        confiscated = taken.map(\.fen).reduce(0, PenaltyTerms.sum)
        let clauses = Set(
            scalars.indices.filter { scalars[$0...].starts(with: "没收".unicodeScalars) }
                .map { PenaltyTerms.clause(of: $0, in: scalars).lowerBound })
        takesThings = !clauses.subtracting(taken.map(\.clause)).isEmpty
    }

    private struct Amount: Hashable {
        let clause: Int
        let fen: Int64
        let isFine: Bool
    }

    private static func sum(_ one: Int64, _ other: Int64) -> Int64 {
        let (sum, isTooMuch) = one.addingReportingOverflow(other)
        return isTooMuch ? .max : sum
    }

    /// What another text says otherwise, in words; empty if both say the same.
    ///
    /// - Parameters:
    ///   - other: the text that is to say the same as this one.
    ///   - name: what the other text is called.
    public func differences(in other: PenaltyTerms, called name: String) -> [String] {
        var differences: [String] = []
        let list = { (words: Set<String>) in PenaltyTerms.kinds.filter(words.contains).joined(separator: "、") }
        let missing = kinds.subtracting(other.kinds)
        let added = other.kinds.subtracting(kinds)
        if !missing.isEmpty { differences.append("批准的有“\(list(missing))”，\(name)没有") }
        if !added.isEmpty { differences.append("\(name)有“\(list(added))”，批准的没有") }
        if fines != other.fines {
            differences.append("批准的罚款是\(PenaltyTerms.text(fines))，\(name)是\(PenaltyTerms.text(other.fines))")
        }
        if fines == other.fines, other.fineClauses > fineClauses {
            differences.append("批准的罚款有\(fineClauses)笔，\(name)写了\(other.fineClauses)笔（同一笔罚款只写一处）")
        }
        let unknown = other.amounts.subtracting(amounts)
        if !unknown.isEmpty, fines == other.fines {
            differences.append("\(name)中的金额\(PenaltyTerms.text(unknown))，批准的内容里没有")
        }
        return differences
    }

    /// What this text punishes with beyond another, in words; empty if it punishes with the same or less.
    ///
    /// - Parameter told: what the party was told.
    public func excess(over told: PenaltyTerms) -> [String] {
        var excess: [String] = []
        let added = kinds.subtracting(told.kinds)
        if !added.isEmpty {
            excess.append("告知里没有“\(PenaltyTerms.kinds.filter(added.contains).joined(separator: "、"))”")
        }
        if fineTotal > told.fineTotal, added.isEmpty || told.kinds.contains("罚款") {
            let sums = fineClauses > 1 ? "，共\(fineClauses)笔\(PenaltyTerms.text([fineTotal]))（同一笔罚款只写一处）" : ""
            excess.append("告知的罚款是\(PenaltyTerms.text(told.fines))，现在是\(PenaltyTerms.text(fines))\(sums)")
        }
        if confiscated > told.confiscated, told.kinds.contains("没收") {
            excess.append(
                "告知没收的金额是\(PenaltyTerms.text(told.confiscated > 0 ? [told.confiscated] : []))，现在是\(PenaltyTerms.text([confiscated]))"
            )
        }
        for kind in PenaltyTerms.kinds where told.kinds.contains(kind) && kinds.contains(kind) {
            switch (told.days[kind], days[kind]) {
            case (let before?, nil): excess.append("告知的“\(kind)”有期限（\(before)日），现在没有写期限")
            case (nil, let now?): excess.append("告知的“\(kind)”没有写期限，现在写了\(now)日")
            case (let before?, let now?) where now > before: excess.append("告知的“\(kind)”是\(before)日，现在是\(now)日")
            default: break
            }
        }
        return excess
    }

    private static func text(_ fens: Set<Int64>) -> String {
        guard !fens.isEmpty else { return "没有写明金额" }
        return fens.sorted().map { fen in
            let rest = fen % 100
            return "\(fen / 100)\(rest == 0 ? "" : ".\(rest / 10)\(rest % 10)")元"
        }.joined(separator: "、")
    }

    private static func find(_ word: String, in scalars: [Unicode.Scalar], upTo end: Int? = nil) -> Int? {
        let word = Array(word.unicodeScalars)
        let end = end ?? scalars.count
        guard end >= word.count else { return nil }
        return (0...end - word.count).last { start in scalars[start..<start + word.count].elementsEqual(word) }
    }

    /// The clause of a place.
    private static func clause(of place: Int, in scalars: [Unicode.Scalar]) -> Range<Int> {
        // The comma within a number parts no clauses.
        func isStop(_ place: Int) -> Bool {
            stops.contains(scalars[place])
                && !(scalars[place] == "," && place > 0 && place + 1 < scalars.count
                    && narrow(scalars[place - 1]) != nil
                    && narrow(scalars[place + 1]) != nil)
        }
        let start = (scalars.indices[..<place].last(where: isStop) ?? -1) + 1
        return start..<(scalars.indices[max(start, place)...].first(where: isStop) ?? scalars.count)
    }

    private static let stops: Set<Unicode.Scalar> = ["，", "；", "。", "\n", ";", ",", "、"]

    /// Whether an amount is what somebody is fined; 加处罚款 by the day is none.
    private static func isFine(_ number: Range<Int>, in scalars: [Unicode.Scalar]) -> Bool {
        let clause = clause(of: number.lowerBound, in: scalars)
        // 罚款人民币（大写）伍仟元: the word may stand before a bracket, never before a stop.
        if let word = find("罚款", in: scalars, upTo: number.lowerBound), word >= clause.lowerBound { return true }
        return isBeforeFine(number.upperBound, in: scalars)
    }

    /// 处五万元罚款, 处以人民币5万元（伍万元整）的罚款: the word stands behind its amount, with nothing between that says more.
    private static func isBeforeFine(_ end: Int, in scalars: [Unicode.Scalar]) -> Bool {
        var place = end
        while place < scalars.count, joining.contains(scalars[place]) || isPart(scalars[place]) { place += 1 }
        return scalars[place...].starts(with: "罚款".unicodeScalars)
    }

    private static let joining = Set("元圆块钱整正角分的（）()大写人民币行政".unicodeScalars)

    /// How many days a number with its unit is; nil for a date, and for what is no time.
    private static func days(_ number: Range<Int>, fen: Int64, in scalars: [Unicode.Scalar]) -> Int64? {
        let count = fen / 100
        guard count < 100_000 else { return nil }
        func unit(_ text: String) -> Bool { scalars[number.upperBound...].starts(with: text.unicodeScalars) }
        if unit("个月") { return count * 30 }
        if unit("年"), count < 1900 { return count * 365 }
        if unit("周") || unit("个星期") { return count * 7 }
        let isDate = number.lowerBound > 0 && scalars[number.lowerBound - 1] == "月"
        if unit("日") || unit("天") || unit("个工作日") || unit("个自然日"), !isDate { return count }
        return nil
    }

    // MARK: amounts

    /// Where numbers end: the places behind them.
    private static func numberEnds(in scalars: [Unicode.Scalar]) -> [Int] {
        scalars.indices.filter { place in
            place > 0 && isPart(scalars[place - 1]) && !isPart(scalars[place])
        } + (scalars.last.map(isPart) == true ? [scalars.count] : [])
    }

    /// Whether a number is an amount of money: by the unit behind it, by what stands before it, or because it ends with
    /// 万 or 亿 and nothing is counted with it.
    private static func isMoney(_ number: Range<Int>, in scalars: [Unicode.Scalar]) -> Bool {
        let next = scalars.indices.contains(number.upperBound) ? scalars[number.upperBound] : nil
        if let next, ["元", "圆", "块"].contains(next) { return true }
        if let next, counted.contains(next) { return false }
        if isBeforeFine(number.upperBound, in: scalars) { return true }
        var before = scalars[..<number.lowerBound]
        while let last = before.last, [" ", "：", ":", "（", "("].contains(last) { before.removeLast() }
        let marks = ["￥", "¥", "RMB", "rmb", "人民币", "罚款", "处罚", "缴纳", "上缴", "缴"]
        if marks.contains(where: { before.suffix($0.unicodeScalars.count).elementsEqual($0.unicodeScalars) }) {
            return true
        }
        let last = scalars[number].last { $0 != " " }
        return (last == "万" || last == "萬" || last == "亿") && next.map { !isLetter($0) } ?? true
    }

    /// What is counted, and is no money.
    private static let counted: Set<Unicode.Scalar> = [
        "次", "日", "倍", "项", "种", "成", "%", "％", "个", "名", "人", "天", "月", "年", "条", "款", "份", "号", "家", "户", "时", "分",
        "周",
    ]

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        narrow(scalar).map { ("0"..."9").contains($0) || $0 == "," || $0 == "." } ?? false
            || scalar == " " || digits[scalar] != nil || places[scalar] != nil || groups[scalar] != nil
    }

    private static let digits: [Unicode.Scalar: Int64] = [
        "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
        "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
    ]
    private static let places: [Unicode.Scalar: Int64] = ["十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000]
    private static let groups: [Unicode.Scalar: Int64] = ["万": 10_000, "萬": 10_000, "亿": 100_000_000]

    /// The amount that ends before a place, where its 元 stands if it has one: digits (`5,000.50`, `1.2万`) or characters (`伍仟`), with 角 and 分 after it.
    private static func amount(endingAt yuan: Int, in scalars: [Unicode.Scalar]) -> (start: Int, fen: Int64)? {
        var start = yuan
        while start > 0, isPart(scalars[start - 1]) { start -= 1 }
        let part = scalars[start..<yuan].filter { $0 != " " }
        guard !part.isEmpty, var fen = value(Array(part)) else { return nil }
        var next = yuan + 1
        for unit: (Unicode.Scalar, Int64) in [("角", 10), ("分", 1)] where scalars.indices.contains(next + 1) {
            if scalars[next] == "零" { next += 1 }
            guard scalars.indices.contains(next + 1), let digit = digits[scalars[next]], scalars[next + 1] == unit.0
            else { continue }
            fen += digit * unit.1
            next += 2
        }
        return (start, fen)
    }

    /// A digit, comma or point, also of full width.
    private static func narrow(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0x30...0x39, 0x2C, 0x2E: scalar
        case 0xFF10...0xFF19, 0xFF0E: Unicode.Scalar(scalar.value - 0xFEE0)
        default: nil
        }
    }

    /// In fen; nil if it is no number or too great to be an amount.
    private static func value(_ part: [Unicode.Scalar]) -> Int64? {
        // Decimals may be followed by 万 and 亿 only: in ten-thousandths of a yuan until the end.
        var whole: Int64 = 0
        var fraction: Int64 = 0
        var decimals = 0
        var hasPoint = false
        var section: Int64 = 0
        var total: Int64 = 0
        var hasDigits = false
        for scalar in part {
            if total > 1_000_000_000_000 || section > 1_000_000_000_000 || whole > 1_000_000_000_000 { return nil }
            if let narrow = narrow(scalar) {
                switch narrow {
                case ",": continue
                case ".":
                    if hasPoint { return nil }
                    hasPoint = true
                default:
                    let digit = Int64(narrow.value - 0x30)
                    hasDigits = true
                    if hasPoint {
                        guard decimals < 6 else { continue }
                        fraction = fraction * 10 + digit
                        decimals += 1
                    } else {
                        whole = whole * 10 + digit
                    }
                }
            } else if let digit = digits[scalar] {
                // 五〇〇〇〇 is written place by place; behind 千 and 百 nothing is left to multiply.
                whole = whole * 10 + digit
                hasDigits = true
            } else if let place = places[scalar] {
                section += (hasDigits && whole == 0 && section == 0 ? 0 : max(whole, 1)) * place
                whole = 0
                hasDigits = true
            } else if let group = groups[scalar] {
                guard hasDigits else { return nil }
                var scaled = (section + whole) * group
                if decimals > 0 {
                    var unit: Int64 = 1
                    for _ in 0..<decimals { unit *= 10 }
                    scaled += fraction * group / unit
                    (fraction, decimals, hasPoint) = (0, 0, false)
                }
                total += scaled
                (section, whole) = (0, 0)
            }
        }
        guard hasDigits else { return nil }
        var fen = (total + section + whole) * 100
        if decimals > 0 {
            var unit: Int64 = 1
            for _ in 0..<decimals { unit *= 10 }
            fen += fraction * 100 / unit
        }
        return fen
    }
}
