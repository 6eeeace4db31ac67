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

    /// A declaration.
    public init(name: String, title: String, standard: Int, range: ClosedRange<Int>, source: String) {
        self.name = name
        self.title = title
        self.standard = standard
        self.range = range
        self.source = source
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

    /// Settings; what is not set has its declared default.
    public init(_ values: [String: Int] = [:]) {
        self.values = values
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
