/// A number that a bureau may set, as a text declares it (设置): with default, range and source.
public struct SettingDeclaration: Hashable, Sendable {
    /// The name by which duties refer to it.
    public var name: String
    /// The name on pages.
    public var title: String
    /// The value where the bureau has set none.
    public var standard: Int
    /// What may be set.
    public var range: ClosedRange<Int>
    /// Where the default comes from, in Chinese.
    public var source: String
    /// What the values mean, from the least on; empty where they are numbers.
    public var words: [String]

    /// Whether the number is a sum of money, declared and kept in fen as its title says. People are asked for yuan.
    public var isMoney: Bool { title.hasSuffix("（分）") }

    /// The name on pages without the unit in which the number is kept.
    public var question: String { isMoney ? String(title.dropLast("（分）".count)) : title }

    /// The title with what each number stands for, for those who write the number.
    public var explained: String {
        words.isEmpty
            ? title : "\(title)（\(zip(range, words).map { "\($0) \($1)" }.joined(separator: "，"))）"
    }

    /// A value as people read it: yuan for a sum of money.
    public func text(of value: Int) -> String {
        if range.contains(value), words.indices.contains(value - range.lowerBound) {
            return words[value - range.lowerBound]
        }
        guard isMoney else { return String(value) }
        let yuan = value % 100 == 0 ? "\(value / 100)" : "\(value / 100).\(value % 100 < 10 ? "0" : "")\(value % 100)"
        return "\(yuan)元"
    }

    /// What may be set, as people read it.
    public var bounds: String {
        words.isEmpty ? "\(text(of: range.lowerBound))到\(text(of: range.upperBound))" : words.joined(separator: "、")
    }

    /// A declaration.
    public init(
        name: String, title: String, standard: Int, range: ClosedRange<Int>, source: String, words: [String] = []
    ) {
        self.name = name
        self.title = title
        self.standard = standard
        self.range = range
        self.source = source
        self.words = words
    }
}

/// An office that a text leaves to the bureau, or that texts name differently (design invariant 9): which role or
/// signature place holds it.
public struct OfficeDeclaration: Hashable, Sendable {
    /// The name by which conditions refer to it.
    public var name: String
    /// The name on pages.
    public var title: String
    /// Who holds it where the bureau has chosen nobody else; a word of a closed vocabulary, such as a role.
    public var standard: String
    /// What may be chosen.
    public var choices: [String]
    /// Where the default comes from, in Chinese.
    public var source: String
    /// Which of the choices that every bureau makes on adoption fills it, unless the bureau sets this office itself.
    public var adopted: AdoptedOffices.Post?

    /// A declaration.
    public init(
        name: String, title: String, standard: String, choices: [String], source: String,
        adopted: AdoptedOffices.Post? = nil
    ) {
        self.name = name
        self.title = title
        self.standard = standard
        self.choices = choices
        self.source = source
        self.adopted = adopted
    }
}

/// A number in a duty: written in the text, or left to the bureau.
public enum Quantity: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// As the text says.
    case fixed(Int)
    /// What the bureau set for this name, else the declared default.
    case setting(String)

    public init(integerLiteral value: Int) { self = .fixed(value) }
}

/// What a bureau has set, by name of the setting.
public struct Settings: Hashable, Sendable {
    /// Values by name.
    public var values: [String: Int]
    /// Who holds an office, by name of the office.
    public var offices: [String: String]

    /// Settings; what is not set has its declared default.
    public init(_ values: [String: Int] = [:], offices: [String: String] = [:]) {
        self.values = values
        self.offices = offices
    }

    /// Who holds an office: who was chosen, if that is one of the choices; else the declared default.
    /// Nil for a name that is not declared.
    public func holder(of office: String, declared: [OfficeDeclaration]) -> String? {
        guard let declaration = declared.first(where: { $0.name == office }) else { return nil }
        guard let chosen = offices[office], declaration.choices.contains(chosen) else { return declaration.standard }
        return chosen
    }

    /// The settings of one text: offices that the bureau did not set itself are held by whom it chose on adoption.
    public func filled(by chosen: AdoptedOffices, declared: [OfficeDeclaration]) -> Settings {
        guard chosen != .none else { return self }
        var result = self
        for declaration in declared where result.offices[declaration.name] == nil {
            guard let role = declaration.adopted.flatMap({ chosen.role(for: $0) }) else { continue }
            result.offices[declaration.name] = role.rawValue
        }
        return result
    }

    /// The value of a quantity under these declarations: what was set, held within the declared range.
    /// Nil for a name that is not declared.
    public func value(of quantity: Quantity, declared: [SettingDeclaration]) -> Int? {
        switch quantity {
        case .fixed(let number): return number
        case .setting(let name):
            guard let declaration = declared.first(where: { $0.name == name }) else { return nil }
            guard let set = values[name] else { return declaration.standard }
            return min(max(set, declaration.range.lowerBound), declaration.range.upperBound)
        }
    }
}
