import Casework
import Kernel
import Ledger

/// What a bureau sets about itself (机关设置), as a form has it.
public struct BureauSettings: Hashable, Sendable {
    public var name: String
    public var letterhead: String
    public var region: String
    public var superior: String
    /// 机关代字, the `{mark}` in document numbers.
    public var mark: String
    /// The first number of a kind in a year, where a register on paper goes on: by kind and year.
    public var firstNumbers: [FirstNumber]
    /// Numbers that the texts in force leave to the bureau, by name.
    public var numbers: [String: Int]
    /// Who holds the offices that the texts in force leave to the bureau, by name of the office.
    public var offices: [String: String] = [:]
    /// Why what the texts leave to the bureau changes: read by the second person.
    public var reason = ""

    /// Where the numbers of a kind begin in a year.
    public struct FirstNumber: Hashable, Sendable {
        public let kind: String
        public let year: Int
        public var number: Int

        /// A first number.
        public init(kind: String, year: Int, number: Int) {
            self.kind = kind
            self.year = year
            self.number = number
        }

        /// The name of the setting.
        public var setting: String { "firstNumber/\(kind)/\(year)" }

        /// Reads the name of a setting; nil for another one.
        init?(setting: String, number: Int) {
            let parts = setting.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0] == "firstNumber", let year = Decimal.strict(Array(parts[2].utf8)) else {
                return nil
            }
            self.init(kind: String(parts[1]), year: year, number: number)
        }
    }

    /// Settings.
    public init(
        name: String, letterhead: String, region: String, superior: String, mark: String,
        firstNumbers: [FirstNumber] = [], numbers: [String: Int] = [:]
    ) {
        self.name = name
        self.letterhead = letterhead
        self.region = region
        self.superior = superior
        self.mark = mark
        self.firstNumbers = firstNumbers
        self.numbers = numbers
    }

    /// The settings as they stand.
    public init(_ profile: BureauProfile) {
        self.init(
            name: profile.name, letterhead: profile.letterhead, region: profile.region, superior: profile.superior,
            mark: profile.settings["documentMark"]?.string ?? "")
    }
}

extension BureauSettings {
    /// 机关代字 as a document number takes it, without white space at its ends; what is wrong with it goes to `form` as
    /// `documentMark`.
    public static func checked(mark: String, _ form: inout FormText) -> String {
        let mark = form.required(mark, "documentMark", "机关代字", limit: 12)
        if mark.unicodeScalars.contains(where: { "{}〔〕[]0123456789 ".unicodeScalars.contains($0) }) {
            form.fail("documentMark", "机关代字只写汉字，例如“赵统”；年份、序号和括号由系统加上。")
        }
        return mark
    }
}

extension BureauProfile {
    /// The least number that a document of a kind may have in a year: 1, or where a register on paper left off.
    public func firstNumber(of kind: String, in year: Int) -> Int {
        let name = BureauSettings.FirstNumber(kind: kind, year: year, number: 1).setting
        return settings[name]?.integer.map { Int($0) } ?? 1
    }
}

extension Casebook {
    /// Records what differs from the settings as they stand; only the administrator may. Once the bureau works all of it
    /// waits for a second person (`waits` in the answer).
    ///
    /// - Parameter seq: how many entries the bureau's thread had when the form was drawn.
    public func change(
        _ settings: BureauSettings, expecting seq: Int, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try performer.require(.administrator)
        try performer.requireSecret()
        return try await once(command) { () async throws(StepRefusal) in
            let history = try await chambers.records()
            guard history.count == seq else {
                throw StepRefusal(.stale, "您打开页面之后，机关设置又有变化。请看看新的内容，再决定是否提交。已填内容都还在。")
            }
            let profile = try await chambers.profile()
            let change = try await facts(
                setting: try await differences(settings, profile), reason: settings.reason)
            guard !change.facts.isEmpty else { throw StepRefusal(fields: [.init("name", "没有需要保存的更改。")]) }
            return try await record(
                change.facts, by: .person(performer.tag), command: command, answer: ["waits": .boolean(change.waits)])
        }
    }

    private func differences(
        _ settings: BureauSettings, _ profile: BureauProfile
    ) async throws(StepRefusal) -> [JSON.Member] {
        let before = BureauSettings(profile)
        var form = FormText()
        var members: [JSON.Member] = []
        let texts = [
            ("name", "机关名称", settings.name, before.name),
            ("letterhead", "文书抬头", settings.letterhead, before.letterhead),
            ("region", "行政区域", settings.region, before.region), ("documentMark", "机关代字", settings.mark, before.mark),
        ]
        for (field, label, value, old) in texts {
            let new =
                field == "documentMark"
                ? BureauSettings.checked(mark: value, &form) : form.required(value, field, label, limit: 60)
            if !new.utf8.elementsEqual(old.utf8) { members.append(.init(field, .string(new))) }
        }
        let superior = form.optional(settings.superior, "superior", "上级机关", limit: 60) ?? ""
        if !superior.utf8.elementsEqual(before.superior.utf8) { members.append(.init("superior", .string(superior))) }
        let law = try await chambers.law()
        for first in settings.firstNumbers where first.number != profile.firstNumber(of: first.kind, in: first.year) {
            let last: Int
            do { last = try await registers.lastNumber(kind: first.kind, year: first.year) } catch {
                throw StepRefusal(error)
            }
            let title = law.library.kind(first.kind)?.title ?? first.kind
            if !(1...99_999).contains(first.number) {
                form.fail(first.setting, "《\(title)》的起始号请填写 1 到 99999 的整数。")
            } else if first.number <= last {
                form.fail(first.setting, "《\(title)》本年已经用到第 \(last) 号，起始号不能再改小。")
            }
            members.append(.init(first.setting, .integer(Int64(first.number))))
        }
        for declared in law.rules.declaredSettings(on: now.day) {
            guard let number = settings.numbers[declared.name] else { continue }
            if !declared.range.contains(number) {
                form.fail(
                    "setting.\(declared.name)",
                    "\(declared.question)请填写\(declared.bounds)的\(declared.isMoney ? "金额" : "整数")。")
            }
            if number != profile.settings[declared.name]?.integer.map({ Int($0) }) ?? declared.standard {
                members.append(.init(declared.name, .integer(Int64(number))))
            }
        }
        for declared in law.rules.declaredOffices(on: now.day) {
            guard let holder = settings.offices[declared.name] else { continue }
            if !declared.choices.contains(holder) {
                form.fail("office.\(declared.name)", "请为“\(declared.title)”选择列出的一项。")
            }
            if holder != law.rules.holder(of: declared, law.settings, on: now.day) {
                members.append(.init(declared.name, .string(holder)))
            }
        }
        try form.finish()
        return members.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
    }
}

extension RulesInForce {
    /// What the texts in force on a day leave to the bureau, in the order of the texts.
    public func declaredSettings(on day: CivilDay) -> [SettingDeclaration] {
        var names: Set<String> = []
        return spans.filter { $0.covers(day) }.flatMap(\.regulation.settings).filter { names.insert($0.name).inserted }
    }

    /// Who holds an office on a day: whom the bureau set, else whom it chose on adopting the text, else the default.
    public func holder(of office: OfficeDeclaration, _ settings: Settings, on day: CivilDay) -> String {
        let span = spans.first { span in
            span.covers(day) && span.regulation.offices.contains { $0.name == office.name }
        }
        guard let span else { return office.standard }
        return settings.filled(by: span.chosen, declared: span.regulation.offices)
            .holder(of: office.name, declared: span.regulation.offices) ?? office.standard
    }

    /// Offices that the texts in force on a day leave to the bureau, in the order of the texts.
    public func declaredOffices(on day: CivilDay) -> [OfficeDeclaration] {
        var names: Set<String> = []
        return spans.filter { $0.covers(day) }.flatMap(\.regulation.offices).filter { names.insert($0.name).inserted }
    }
}
