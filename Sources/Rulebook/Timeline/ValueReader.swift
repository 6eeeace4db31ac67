import Casework
import Kernel
import Yams

/// Reads values of records: by the sort of the member, or free JSON.
struct ValueReader {
    let source: YAMLSource

    /// How deep a value may nest.
    static let depthLimit = 32

    /// A time: RFC 3339 with seconds optional, China time where no offset stands, or milliseconds since 1970.
    func instant(_ node: Node, _ what: String) -> Instant? {
        guard let text = source.text(node, what) else { return nil }
        if let instant = Instant(text) ?? ValueReader.integer(text).map({ Instant(milliseconds: $0) }) {
            guard instant.isCounted else {
                source.fail(node, .value, "\(what)应在1949年到9000年之间，写成“\(text.short)”不可以")
                return nil
            }
            return instant
        }
        source.fail(node, .value, "\(what)应是形如 2026-03-02T09:00+08:00 的时间，写成“\(text.short)”无法读取")
        return nil
    }

    /// A number, or a time as milliseconds, or a day as it is written.
    func number(_ node: Node, _ what: String) -> JSON? {
        guard let text = source.text(node, what) else { return nil }
        if let number = ValueReader.integer(text) { return .integer(number) }
        let instant = Instant(text)
        if let time = CivilDay(text).map({ Instant(startOf: $0) }) ?? instant, !time.isCounted {
            source.fail(node, .value, "\(what)应在1949年到9000年之间，写成“\(text.short)”不可以")
            return nil
        }
        if CivilDay(text) != nil { return .string(text) }
        if let instant { return .integer(instant.milliseconds) }
        source.fail(
            node, .value, "\(what)应是整数、形如 2026-03-02T09:00+08:00 的时间，或者形如 2026-03-02 的日期，写成“\(text.short)”无法读取")
        return nil
    }

    /// A word or several.
    func words(_ node: Node, _ what: String, take: (String, Node) -> String?) -> JSON? {
        guard case .sequence(let sequence) = node else {
            guard let text = word(node, what) else { return nil }
            return take(text, node).map { .string($0) }
        }
        return .array(
            sequence.compactMap { element in
                word(element, what).flatMap { take($0, element) }.map { .string($0) }
            })
    }

    private func word(_ node: Node, _ what: String) -> String? {
        guard let text = source.text(node, what) else { return nil }
        guard text.utf8.count <= 400 else {
            source.fail(node, .value, "\(what)过长")
            return nil
        }
        return text
    }

    /// Free JSON: what stands in a field or a form. Unquoted `true`, `false` and whole numbers are what they look like;
    /// nil where there is `null`, or a problem that was noted.
    func json(_ node: Node, _ what: String, depth: Int = 0) -> JSON? {
        guard depth < ValueReader.depthLimit else {
            source.fail(node, .value, "\(what)嵌套过深")
            return nil
        }
        switch node {
        case .scalar(let scalar): return self.scalar(scalar, node, what)
        case .sequence(let sequence):
            return .array(sequence.compactMap { json($0, what, depth: depth + 1) })
        case .mapping:
            guard let fields = source.fields(node, what) else { return nil }
            return .object(
                fields.all.compactMap { name, _, value in
                    json(value, "\(what)的“\(name.short)”", depth: depth + 1).map { .init(name, $0) }
                })
        case .alias: return nil
        }
    }

    private func scalar(_ scalar: Node.Scalar, _ node: Node, _ what: String) -> JSON? {
        guard scalar.style == .plain else { return .string(scalar.string) }
        if node.isNull { return nil }
        switch scalar.string {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default: break
        }
        if let number = ValueReader.integer(scalar.string) { return .integer(number) }
        if ValueReader.isFraction(scalar.string) {
            source.fail(node, .value, "\(what)只能用整数，金额以分计；“\(scalar.string.short)”若是文字，请加引号")
            return nil
        }
        return .string(scalar.string)
    }

    /// A whole number within ±2^53 in its one spelling.
    static func integer(_ text: String) -> Int64? {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard let number = Decimal.strict(digits), Int64(number) <= JSON.integerLimit else { return nil }
        return text.utf8.first == UInt8(ascii: "-") ? -Int64(number) : Int64(number)
    }

    /// Whether JSON would read it as a number that is not whole, or too large.
    private static func isFraction(_ text: String) -> Bool {
        guard let first = text.utf8.first, first == UInt8(ascii: "-") || (48...57).contains(first) else { return false }
        return text.utf8.allSatisfy { (48...57).contains($0) || "+-.eE".utf8.contains($0) } && Double(text) != nil
            && (text.utf8.contains { ".eE".utf8.contains($0) } || text.utf8.count > 15)
    }
}

extension Node {
    /// Whether it is the unquoted `null`, `~` or nothing at all.
    var isNull: Bool {
        guard case .scalar(let scalar) = self, scalar.style == .plain else { return false }
        return scalar.string.isEmpty || scalar.string == "null" || scalar.string == "~"
    }
}

extension Instant {
    /// Whether it lies in the years for which terms are counted, 1949 to 9000: what comes of it can still be written.
    var isCounted: Bool { (1949...9000).contains(day.parts.year) }
}

extension String {
    /// Enough of a text to know it by in a message.
    var short: String {
        unicodeScalars.count > 40 ? String(String.UnicodeScalarView(unicodeScalars.prefix(40))) + "…" : self
    }
}
