import Kernel

/// The form of a value that the API takes or gives. One declaration serves three: requests are checked by it, the OpenAPI
/// document is generated from it, and tests hold answers against it.
indirect enum APISchema: Sendable {
    /// Text of so many characters (Unicode scalars), as JSON Schema counts them.
    case text(ClosedRange<Int> = 0...5000)
    /// An id: 32 lower-case hexadecimal digits.
    case id
    /// SHA-256: 64 lower-case hexadecimal digits.
    case digest
    /// A day: 2026-11-20.
    case day
    /// Milliseconds since 1970-01-01T00:00:00Z.
    case instant
    /// A whole number.
    case integer(ClosedRange<Int64>)
    case truth
    /// One word of a closed vocabulary.
    case words([String])
    /// A list of so many; `unique`: none twice.
    case list(APISchema, ClosedRange<Int>, unique: Bool = false)
    /// An object with these members and no other.
    case object([APIField])
    /// An object with members of any name: values of a form, members of a record.
    case anything
    /// A schema with a name of its own in the document.
    case named(String, APISchema)

    /// Any text that is not empty.
    static let label = APISchema.text(0...20_000)
}

/// One member of an object.
struct APIField: Sendable {
    let name: String
    let schema: APISchema
    let isRequired: Bool
    /// What it means (Chinese).
    let text: String

    init(_ name: String, _ schema: APISchema, _ text: String = "", required: Bool = true) {
        self.name = name
        self.schema = schema
        self.text = text
        isRequired = required
    }
}

/// What is wrong with one member of a request.
struct SchemaProblem: Hashable, Sendable {
    /// Its name, with its parents' before it: `answers.notifiedAt`.
    let name: String
    /// What to do about it (Chinese).
    let message: String
}

extension APISchema {
    /// What is wrong with a value; empty if nothing is.
    func problems(of value: JSON, at name: String = "") -> [SchemaProblem] {
        func wrong(_ message: String) -> [SchemaProblem] { [SchemaProblem(name: name, message: message)] }
        switch self {
        case .named(_, let schema): return schema.problems(of: value, at: name)
        case .anything: return value.members == nil ? wrong("应为对象。") : []
        case .truth: return value.boolean == nil ? wrong("应为 true 或者 false。") : []
        case .text(let range):
            guard let text = value.string, range.contains(text.unicodeScalars.count) else {
                return wrong("应为\(range.lowerBound)到\(range.upperBound)个字符的文字。")
            }
            return []
        case .id:
            return value.string.flatMap { Identifier<Never>($0) } == nil ? wrong("应为32位小写十六进制编号。") : []
        case .digest: return value.string.flatMap { Digest($0) } == nil ? wrong("应为64位小写十六进制摘要。") : []
        case .day: return value.string.flatMap { CivilDay($0) } == nil ? wrong("应为日期，例如 2026-11-20。") : []
        case .instant: return APISchema.integer(APISchema.instants).problems(of: value, at: name)
        case .integer(let range):
            guard let number = value.integer, range.contains(number) else {
                return wrong("应为\(range.lowerBound)到\(range.upperBound)的整数。")
            }
            return []
        case .words(let words):
            guard let word = value.string, words.contains(where: { $0.utf8.elementsEqual(word.utf8) }) else {
                return wrong("应为下列用词之一：\(words.joined(separator: "、"))。")
            }
            return []
        case .list(let element, let range, let unique):
            guard let elements = value.elements, range.contains(elements.count) else {
                return wrong("应为\(range.lowerBound)到\(range.upperBound)项的列表。")
            }
            if unique, Set(elements).count != elements.count { return wrong("不能有相同的项。") }
            return elements.enumerated().flatMap { element.problems(of: $1, at: "\(name)[\($0)]") }
        case .object(let fields): return APISchema.problems(of: value, fields, at: name)
        }
    }

    /// Instants that a request can name: from 1970 to the year 9999.
    static let instants: ClosedRange<Int64> = 0...253_402_300_799_999

    private static func problems(of value: JSON, _ fields: [APIField], at name: String) -> [SchemaProblem] {
        guard let members = value.members else { return [SchemaProblem(name: name, message: "应为对象。")] }
        func path(_ member: String) -> String { name.isEmpty ? member : "\(name).\(member)" }
        var found: [SchemaProblem] = []
        for member in members where !fields.contains(where: { $0.name.utf8.elementsEqual(member.key.utf8) }) {
            found.append(SchemaProblem(name: path(member.key), message: "没有这一项。"))
        }
        for field in fields {
            if let member = value[field.name] {
                found += field.schema.problems(of: member, at: path(field.name))
            } else if field.isRequired {
                found.append(SchemaProblem(name: path(field.name), message: "缺少这一项。"))
            }
        }
        return found
    }
}
