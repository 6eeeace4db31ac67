import Kernel

/// What the program does for one duty, in plain Chinese made from the rule itself.
public struct DutyExplanation: Hashable, Sendable {
    /// The matter's name.
    public let title: String
    /// What is to be done.
    public let demand: String
    /// When it arises.
    public let cause: String
    /// What meets it.
    public let requirement: String
    /// Until when; empty without term.
    public let term: String
    /// What is refused while it is open; empty where nothing is.
    public let gate: String
    /// What excuses it or ends its application; empty where nothing does.
    public let exceptions: String
    /// Who has to act.
    public let who: String

    /// The explanation of a duty, with the matters, document kinds, settings and offices that it names.
    public init(
        _ duty: Duty, matters: [String: Matter], kinds: [String: DocumentKind], settings: [SettingDeclaration] = [],
        offices: [OfficeDeclaration] = []
    ) {
        /// Names of settings and offices give way to their titles and defaults.
        func told(_ text: String) -> String {
            var result = text
            for setting in settings {
                result = result.replacing("〔设置 \(setting.name)〕", with: "\(setting.standard)（可设“\(setting.title)”）")
            }
            for office in offices { result = result.replacing("“\(office.name)”", with: "“\(office.title)”") }
            return result
        }
        title = matters[duty.matter]?.title ?? duty.matter
        demand = duty.demand
        let times = duty.recurrence.map { $0.chinese } ?? ""
        let each = duty.occurrence == .each ? "，每条各自计算" : ""
        cause = told("有\(duty.trigger.chinese(kinds))时产生\(each)\(times)")
        requirement = told(duty.requirement.chinese(kinds))
        term = told(duty.timing.chinese(kinds))
        gate = told(duty.gate.chinese(kinds))
        var ways: [String] = []
        if !duty.excuses.isEmpty {
            ways.append("有\(duty.excuses.map { $0.chinese(kinds) }.joined(separator: "或"))的，免除")
        }
        if !duty.lapses.isEmpty {
            ways.append("有\(duty.lapses.map { $0.chinese(kinds) }.joined(separator: "或"))的，不再适用")
        }
        if !duty.yields { ways.append("登记了上位规定的，仍要具备上面所列") }
        exceptions = told(ways.joined(separator: "；"))
        let office = duty.office.flatMap { name in offices.first { $0.name == name } }
        who = office.map { "\(duty.who.chinese)（“\($0.title)”由本机关选定）" } ?? duty.who.chinese
    }

    /// Sentences, each with a full stop.
    public var sentences: [String] {
        var result = ["\(title)：\(demand)。", "\(cause)；由\(who)办理。", "\(requirement)。"]
        for part in [term, gate, exceptions] where !part.isEmpty { result.append("\(part)。") }
        return result
    }
}

extension Recurrence {
    var chinese: String {
        switch self {
        case .quarter: "，每季度一次"
        case .year: "，每年一次"
        case .days(let count): "，每\(count.chinese)日一次"
        }
    }
}

extension Timing {
    func chinese(_ kinds: [String: DocumentKind]) -> String {
        var parts: [String] = []
        if let term { parts.append("期限：\(term.chinese(kinds))") }
        if let reminder { parts.append("只作提醒，不计逾期：\(reminder.chinese(kinds))") }
        if !before.isEmpty { parts.append("应在\(before.map { $0.chinese(kinds) }.joined(separator: "、"))之前") }
        return parts.joined(separator: "；")
    }
}

extension Term {
    /// `自发生时间起24小时内，逢休息日顺延`.
    public func chinese(_ kinds: [String: DocumentKind]) -> String {
        let start = from.map { $0.chinese(kinds) }.joined(separator: "（没有的，\(from.count > 1 ? "自" : "")")
        let close = String(repeating: "）", count: max(0, from.count - 1))
        var text: String
        switch length {
        case .hours(let count): text = "自\(start)\(close)起\(count.chinese)小时内"
        case .days(let count): text = "自\(start)\(close)起\(count.chinese)日内"
        case .workingDays(let count): text = "自\(start)\(close)起\(count.chinese)个工作日内"
        case .months(let count): text = "自\(start)\(close)起\(count.chinese)个月内"
        case .untilDay(let path):
            text = "到\(Glossary.member(path, kinds: kinds.values.sorted { $0.name < $1.name }))当日为止"
        case .fixed(let day): text = "到\(day.chinese)为止"
        case .dayOfYear(let month, let day): text = "到\(month)月\(day)日为止"
        }
        if roll { text += "，逢休息日顺延" }
        for stage in then {
            switch stage.length {
            case .days(let count): text += "，届满之日起再\(count.chinese)日内"
            case .workingDays(let count): text += "，届满之日起再\(count.chinese)个工作日内"
            case .months(let count): text += "，届满之日起再\(count.chinese)个月内"
            case .hours, .untilDay, .fixed, .dayOfYear: continue
            }
            if stage.roll { text += "，逢休息日顺延" }
        }
        let names: [(Change, String)] = [(.suspended, "中止"), (.extended, "延长"), (.restarted, "重新计算")]
        let allowed = names.filter { changes.contains($0.0) }.map(\.1)
        if !allowed.isEmpty { text += "，可以\(allowed.joined(separator: "、"))" }
        if let most {
            let unit =
                switch length {
                case .workingDays: "个工作日"
                case .months: "个月"
                case .days, .hours, .untilDay, .fixed, .dayOfYear: "日"
                }
            text += "，延长不超过\(most.chinese)\(unit)"
        }
        if let one = `extension` {
            text += "（“\(one.type.chinese)”也延长期限\(one.most.map { "，延长不超过\($0.chinese)日" } ?? "")）"
        }
        return text
    }
}

extension TimeSource {
    func chinese(_ kinds: [String: DocumentKind]) -> String {
        switch self {
        case .recorded: "记录时间"
        case .happened: "发生时间"
        case .member(let path): Glossary.member(path, kinds: kinds.values.sorted { $0.name < $1.name })
        case .period: "期间届满"
        }
    }
}

extension Gate {
    func chinese(_ kinds: [String: DocumentKind]) -> String {
        guard level != .none else { return "" }
        let steps = refuses.map { $0.chinese(kinds) }.joined(separator: "、")
        let lifted =
            overridableBy.isEmpty ? "任何人不能批准越过" : "\(overridableBy.map(\.chinese).joined(separator: "或"))可以批准越过"
        switch level {
        case .none: return ""
        case .close: return "关口：未履行的，案件不能归档；\(lifted)，作为缺陷写入备考表"
        case .pre, .hard: return "关口：未履行的，不能\(steps)；\(lifted)"
        }
    }
}
