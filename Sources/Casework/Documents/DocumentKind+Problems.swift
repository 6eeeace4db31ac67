import Kernel

/// What is wrong with one field of a form.
public struct FieldProblem: Error, Hashable, Sendable {
    /// The field, or a place in it: `officers`, `items[2].basis`.
    public let field: String
    /// What sort.
    public let code: Code
    /// What is wrong and how to mend it: a Chinese sentence.
    public let message: String

    /// Sorts of problems.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// It must be filled.
        case missing
        /// It is not of the field's type: not a day, not a word of the vocabulary.
        case type
        /// It is too long, too many or out of range.
        case bounds
        /// The form has no such field.
        case unknown
        /// It holds control characters.
        case characters
    }
}

extension DocumentKind {
    /// Everything that keeps a form with this data from being fixed: types, bounds and what is not filled.
    ///
    /// Opinions that are given while signing are no fields and are not asked here.
    public func problems(in data: JSON) -> [FieldProblem] {
        problems(in: data, complete: true)
    }

    /// Checks a form; an unfinished draft passes where `complete` is false, as long as what is there is sound.
    public func problems(in data: JSON, complete: Bool) -> [FieldProblem] {
        guard let members = data.members else {
            return [FieldProblem(field: "", code: .type, message: "表单内容无法读取，请重新打开文书填写。")]
        }
        var result: [FieldProblem] = []
        for member in members where field(member.key) == nil {
            result.append(
                FieldProblem(field: member.key, code: .unknown, message: "《\(title)》没有“\(member.key.shownBack)”这一栏。"))
        }
        for field in fields {
            if let value = data[field.name], !value.isBlank {
                result += field.problems(of: value)
            } else if complete, field.required.holds(in: data) {
                let verb = field.type.isChosen ? "选择" : "填写"
                result.append(FieldProblem(field: field.name, code: .missing, message: "请\(verb)\(field.label)。"))
            }
        }
        return result
    }
}

extension FieldType {
    /// Whether a reader picks rather than writes.
    fileprivate var isChosen: Bool {
        switch self {
        case .choice, .choices: true
        default: false
        }
    }

    /// The most characters (Unicode scalars) of a line.
    public static let lineLimit = 200
    /// The most characters of paragraphs.
    public static let textLimit = 20_000
    /// The most sentences of a list.
    public static let listLimit = 100
    /// The most persons.
    public static let personLimit = 20
    /// The most rows of a table.
    public static let rowLimit = 500
}

extension FieldDefinition {
    /// What is wrong with a value that is not empty.
    func problems(of value: JSON) -> [FieldProblem] {
        switch type {
        case .text: line(value, at: name)
        case .longText: paragraphs(value, at: name)
        case .day:
            value.string.flatMap { CivilDay($0) } == nil ? [wrong("应是日期，如 2026-11-20")] : []
        case .instant:
            value.string.flatMap { Instant($0) }?.ordinary == nil ? [wrong("应是日期和时间，如 2026-11-20 09:05")] : []
        case .integer(let range): number(value, in: range, unit: "")
        case .money: number(value, in: 0...100_000_000_000_000, unit: "（分）")
        case .choice(let options):
            options.contains { $0.word == value.string } ? [] : [wrong("应从所列选项中选择")]
        case .choices(let options): choices(value, among: options.map(\.word))
        case .list: elements(value, most: FieldType.listLimit) { line($1, at: "\(name)[\($0)]", limit: 2000) }
        case .persons:
            elements(value, most: FieldType.personLimit) {
                row($1, at: "\(name)[\($0)]", columns: FieldDefinition.person(certified: certificates))
            }
        case .table(let columns):
            elements(value, most: FieldType.rowLimit) { row($1, at: "\(name)[\($0)]", columns: columns) }
        }
    }

    private static func person(certified: Bool) -> [FieldType.Column] {
        [
            FieldType.Column(name: "name", label: "姓名", required: true),
            FieldType.Column(name: "certificate", label: "执法证件编号", required: certified),
            FieldType.Column(name: "person", label: "人员", required: false),
        ]
    }

    private func wrong(_ what: String, at place: String? = nil, _ code: FieldProblem.Code = .type) -> FieldProblem {
        FieldProblem(field: place ?? name, code: code, message: "\(label)\(what)。")
    }

    // MARK: texts

    private func line(_ value: JSON, at place: String, limit: Int = FieldType.lineLimit) -> [FieldProblem] {
        guard let text = value.string else { return [wrong("应是文字", at: place)] }
        let scalars = text.unicodeScalars
        if scalars.count > limit { return [wrong("最多\(limit)字，现有\(scalars.count)字", at: place, .bounds)] }
        return text.fault(isLine: true).map { [wrong($0.chinese, at: place, .characters)] } ?? []
    }

    private func paragraphs(_ value: JSON, at place: String) -> [FieldProblem] {
        guard let text = value.string else { return [wrong("应是文字", at: place)] }
        let scalars = text.unicodeScalars
        if scalars.count > FieldType.textLimit {
            return [wrong("最多\(FieldType.textLimit)字，现有\(scalars.count)字", at: place, .bounds)]
        }
        if scalars.contains("\t") { return [wrong("不能含有制表符，请改用空格", at: place, .characters)] }
        return text.fault(isLine: false).map { [wrong($0.chinese, at: place, .characters)] } ?? []
    }

    // MARK: numbers and words

    private func number(_ value: JSON, in range: ClosedRange<Int64>, unit: String) -> [FieldProblem] {
        guard let number = value.integer else { return [wrong("应是整数\(unit)")] }
        guard range.contains(number) else {
            return [wrong("应在\(range.lowerBound)到\(range.upperBound)之间\(unit)", .bounds)]
        }
        return []
    }

    private func wrong(_ what: String, _ code: FieldProblem.Code) -> FieldProblem { wrong(what, at: nil, code) }

    private func choices(_ value: JSON, among words: [String]) -> [FieldProblem] {
        guard let elements = value.elements else { return [wrong("应从所列选项中选择")] }
        let chosen = elements.map(\.string)
        guard chosen.allSatisfy({ $0.map(words.contains) ?? false }) else { return [wrong("应从所列选项中选择")] }
        return Set(chosen).count == chosen.count ? [] : [wrong("重复选择了同一项", .bounds)]
    }

    // MARK: lists and rows

    private func elements(
        _ value: JSON, most: Int, check: (Int, JSON) -> [FieldProblem]
    ) -> [FieldProblem] {
        guard let elements = value.elements else { return [wrong("应是列表")] }
        guard elements.count <= most else { return [wrong("最多\(most)项，现有\(elements.count)项", .bounds)] }
        return elements.enumerated().flatMap { check($0.offset, $0.element) }
    }

    private func row(_ value: JSON, at place: String, columns: [FieldType.Column]) -> [FieldProblem] {
        guard let members = value.members else { return [wrong("每一行应按列填写", at: place)] }
        var result: [FieldProblem] = []
        for member in members where !columns.contains(where: { $0.name == member.key }) {
            result.append(wrong("没有“\(member.key.shownBack)”这一列", at: "\(place).\(member.key)", .unknown))
        }
        for column in columns {
            if let cell = value[column.name], !cell.isBlank {
                result += paragraphs(cell, at: "\(place).\(column.name)")
            } else if column.required {
                result.append(
                    FieldProblem(
                        field: "\(place).\(column.name)", code: .missing, message: "请填写\(label)的\(column.label)。"))
            }
        }
        return result
    }
}
