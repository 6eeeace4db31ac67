import Casework
import Kernel
import Ledger

/// A party that lets its time go by (行政处罚法第四十四条、第四十五条、第六十二条): before the time is over nobody knows that it
/// is silent.
enum Silence {
    /// Holds where the notice says no term that can be read: what the law gives for asking for a hearing (第六十四条第一项).
    static let usual = TermLength.workingDays(5)

    /// What is wrong with a record of silence, by question.
    static func problems(_ fact: Fact, in scene: Scene) -> [StepRefusal.FieldError] {
        let isSilence = fact.type == .statementRecorded && fact.plain["manner"] == "silent"
        guard isSilence, let told = scene.course.tellings.last, let stated = fact.stated?.at, stated >= told.at else {
            return []
        }
        if let paper = spoken(since: told, in: scene) {
            let title = scene.law.library.kind(of: paper)?.title ?? paper.kind
            return [
                .init(
                    RecordedInput.happened,
                    "告知以后已经有当事人签名的《\(title)》，当事人陈述、申辩过，不能登记逾期没有陈述申辩。请凭这份材料登记陈述申辩。")
            ]
        }
        let written = scene.course.toldPenalty?.term.flatMap(WrittenTerm.length)
        let term = scene.law.calendar.sum(of: written ?? usual, from: told.runsFrom, roll: true)
        guard let last = term.lastDay else { return [] }
        let source = written == nil ? "告知书没有写明期限，按\(usual.chinese)计算" : "告知书写明的期限是\(term.length)"
        if scene.now < term.lateFrom {
            let entered = told.runsFrom == told.at ? "" : "（\(told.runsFrom.chinese)才登记，从登记之日起计算）"
            return [
                .init(
                    RecordedInput.happened,
                    "陈述申辩的期限还没有届满：最近一次告知是\(told.at.chinese)\(entered)，\(source)，\(last.chinese)届满，次日才能登记。")
            ]
        }
        guard stated.day < last else { return [] }
        return [.init(RecordedInput.happened, "期限届满的日期是\(last.chinese)（\(source)），不能早于这一天。")]
    }

    /// A paper that the party signed since it was told, in which it states or defends itself: whoever spoke was not silent.
    private static func spoken(since told: Telling, in scene: Scene) -> CaseDocument? {
        RecordStatement.papers(in: scene.work).last { paper in
            guard let data = paper.data, let field = PartyPaper.spoken(paper.kind, data),
                let at = data[field]?.string.flatMap({ Instant($0) }), at.milliseconds(since: told.at) >= -60_000
            else { return false }
            return paper.kind != "oral-waiver-record" && data["submissionKind"]?.string != "waiver"
        }
    }
}

/// A term as a notice says it in words: 自收到本告知书之日起五个工作日内.
enum WrittenTerm {
    /// The first number of days in a text; nil where there is none.
    static func length(_ text: String) -> TermLength? {
        let scalars = Array(text.unicodeScalars)
        for start in scalars.indices where start == 0 || number(scalars[start - 1]) == nil {
            var end = start
            while end < scalars.count, number(scalars[end]) != nil { end += 1 }
            guard end > start, let count = value(scalars[start..<end]), (1...366).contains(count) else { continue }
            var rest = scalars[end...].drop { $0 == " " }
            if rest.first == "个" { rest = rest.dropFirst() }
            if rest.starts(with: "工作日".unicodeScalars) { return .workingDays(count) }
            for unit in ["日", "天", "自然日"] where rest.starts(with: unit.unicodeScalars) { return .days(count) }
        }
        return nil
    }

    /// The value of a digit; ten counts as 10.
    private static func number(_ scalar: Unicode.Scalar) -> Int? {
        switch scalar.value {
        case 0x30...0x39: Int(scalar.value - 0x30)
        case 0xFF10...0xFF19: Int(scalar.value - 0xFF10)
        default: characters.firstIndex(of: scalar)
        }
    }

    private static let characters = Array("〇一二三四五六七八九十".unicodeScalars)

    private static func value(_ digits: ArraySlice<Unicode.Scalar>) -> Int? {
        let values = digits.compactMap(number)
        guard let ten = values.firstIndex(of: 10) else {
            return values.count > 3 ? nil : values.reduce(0) { $0 * 10 + $1 }
        }
        // 十五, 三十, 二十五.
        guard ten <= 1, values.count - ten <= 2 else { return nil }
        return (ten == 0 ? 1 : values[0]) * 10 + (values.count > ten + 1 ? values[ten + 1] : 0)
    }
}
