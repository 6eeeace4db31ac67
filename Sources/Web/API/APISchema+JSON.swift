import Kernel

extension APISchema {
    /// As JSON Schema 2020-12, the dialect of OpenAPI 3.1; named ones are put into `names` and referred to.
    func json(_ names: inout [String: JSON], text: String = "") -> JSON {
        var members: [JSON.Member] = text.isEmpty ? [] : [.init("description", .string(text))]
        func add(_ name: String, _ value: JSON) { members.append(.init(name, value)) }
        switch self {
        case .named(let name, let schema):
            if names[name] == nil {
                // Held before it is filled in, so that a schema that names itself ends.
                names[name] = .object([])
                names[name] = schema.json(&names)
            }
            add("$ref", .string("#/components/schemas/\(name)"))
        case .text(let range):
            add("type", "string")
            if range.lowerBound > 0 { add("minLength", .integer(Int64(range.lowerBound))) }
            add("maxLength", .integer(Int64(range.upperBound)))
        case .id:
            add("type", "string")
            add("pattern", "^[0-9a-f]{32}$")
        case .digest:
            add("type", "string")
            add("pattern", "^[0-9a-f]{64}$")
        case .day:
            add("type", "string")
            add("format", "date")
        case .instant:
            add("type", "integer")
            add("format", "int64")
            add("minimum", .integer(APISchema.instants.lowerBound))
            add("maximum", .integer(APISchema.instants.upperBound))
        case .integer(let range):
            add("type", "integer")
            add("format", "int64")
            add("minimum", .integer(range.lowerBound))
            add("maximum", .integer(range.upperBound))
        case .truth: add("type", "boolean")
        case .words(let words):
            add("type", "string")
            add("enum", .array(words.map { .string($0) }))
        case .list(let element, let range, let unique):
            add("type", "array")
            add("items", element.json(&names))
            if range.lowerBound > 0 { add("minItems", .integer(Int64(range.lowerBound))) }
            add("maxItems", .integer(Int64(range.upperBound)))
            if unique { add("uniqueItems", true) }
        case .object(let fields):
            add("type", "object")
            add("additionalProperties", false)
            add("properties", .object(fields.map { .init($0.name, $0.schema.json(&names, text: $0.text)) }))
            let required = fields.filter(\.isRequired).map { JSON.string($0.name) }
            if !required.isEmpty { add("required", .array(required)) }
        case .anything:
            add("type", "object")
            add("additionalProperties", true)
        }
        return .object(members)
    }

    /// A value of this form, for the examples of the document.
    func example(for name: String = "") -> JSON {
        switch self {
        case .named(_, let schema): schema.example(for: name)
        case .text(let range):
            .string(range.lowerBound > 40 ? String(repeating: "示例", count: range.lowerBound) : "示例文字")
        case .id: "0123456789abcdef0123456789abcdef"
        case .digest: .string(String(repeating: "0123456789abcdef", count: 4))
        case .day: "2026-11-20"
        case .instant: 1_795_136_700_000
        case .integer(let range): .integer(range.contains(1) ? 1 : range.lowerBound)
        case .truth: true
        case .words(let words): .string(words.first ?? "")
        case .list(let element, let range, _):
            .array((0..<max(1, range.lowerBound)).map { index in element.example(number: index) })
        case .object(let fields):
            .object(fields.filter(\.isRequired).map { .init($0.name, $0.schema.example(for: $0.name)) })
        case .anything: .object([])
        }
    }

    /// The example of one of several, none like another.
    private func example(number: Int) -> JSON {
        guard case .id = self, let digit = "0123456789abcdef".dropFirst(number % 16).first else { return example() }
        return .string(String(repeating: digit, count: 32))
    }
}
