import Casework
import Kernel

/// A list of people from a file (人员名单): each row a person to be registered, or what is wrong with it and where.
public struct Roster: Hashable, Sendable {
    /// The persons, in the order of the file.
    public private(set) var persons: [NewPerson] = []
    /// What is wrong; nothing is registered unless this is empty.
    public private(set) var problems: [Problem] = []

    /// What is wrong at one place of the file.
    public struct Problem: Hashable, Sendable {
        /// The line, from 1.
        public let line: Int
        /// The column's heading; empty where it is about the whole line.
        public let column: String
        /// What to do about it, in plain Chinese.
        public let text: String

        /// A problem at a place.
        public init(line: Int, column: String, text: String) {
            self.line = line
            self.column = column
            self.text = text
        }
    }

    /// The columns, in the order of the template.
    public enum Column: String, Hashable, Sendable, CaseIterable {
        case name, section, certificateKind, certificateNumber, certificateUntil, roles, account

        /// The heading in the file.
        public var heading: String {
            switch self {
            case .name: "姓名"
            case .section: "科室"
            case .certificateKind: "证件名称"
            case .certificateNumber: "证件号码"
            case .certificateUntil: "有效期至"
            case .roles: "职责"
            case .account: "登录名"
            }
        }
    }

    /// The most persons of one file.
    public static let limit = 200

    /// The template: headings and two plainly fictional rows.
    public static let template = """
        \(Column.allCases.map(\.heading).joined(separator: ","))\r
        示例甲,检查科,统计执法证,示例0001,2029-12-31,执法人员,shili.jia\r
        示例乙,法规科,,,,法制审查人员、承办机构负责人,shili.yi\r

        """

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - text: the file as text.
    ///   - known: persons who are registered already.
    ///   - thread: gives the nth person a thread, the same each time, so that a form sent twice is one step.
    public init(_ text: String, known: [PersonRow], thread: (Int) -> ThreadTag) {
        let records: [[CommaSeparated.Cell]]
        do {
            records = try CommaSeparated.records(text)
        } catch {
            problems = [Problem(line: error.line, column: "", text: error.text)]
            return
        }
        guard let head = records.first else {
            problems = [Problem(line: 1, column: "", text: "文件是空的。第一行应当是表头。")]
            return
        }
        guard let places = columns(head) else { return }
        guard records.count > 1 else {
            problems.append(Problem(line: 1, column: "", text: "表头下面没有人员。"))
            return
        }
        guard records.count - 1 <= Roster.limit else {
            problems.append(
                Problem(line: 1, column: "", text: "一次最多导入 \(Roster.limit) 人，现有 \(records.count - 1) 人。请分成几个文件。"))
            return
        }
        var taken = Taken(known)
        for (number, record) in records.dropFirst().enumerated() {
            let row = Row(cells: record, places: places)
            if record.count > head.count {
                problems.append(
                    Problem(line: row.line, column: "", text: "这一行有 \(record.count) 格，表头只有 \(head.count) 格。"))
            }
            read(row, as: thread(number), &taken)
        }
    }

    private struct Row {
        let cells: [CommaSeparated.Cell]
        let places: [Column: Int]
        var line: Int { cells.first?.line ?? 0 }

        func text(_ column: Column) -> String {
            guard let place = places[column], cells.indices.contains(place) else { return "" }
            return cells[place].text
        }
    }

    /// Names and numbers that exist once, with the line that has them; 0 for those in the register.
    private struct Taken {
        var accounts: [String: Int] = [:]
        var certificates: [String: Int] = [:]

        init(_ known: [PersonRow]) {
            for person in known {
                if let account = person.account { accounts[account] = 0 }
                if !person.certificateNumber.isEmpty { certificates[person.certificateNumber] = 0 }
            }
        }
    }

    private mutating func columns(_ head: [CommaSeparated.Cell]) -> [Column: Int]? {
        var places: [Column: Int] = [:]
        for (place, cell) in head.enumerated() where !cell.text.isEmpty {
            guard let column = Column.allCases.first(where: { $0.heading.utf8.elementsEqual(cell.text.utf8) }) else {
                let known = Column.allCases.map(\.heading).joined(separator: "、")
                problems.append(Problem(line: cell.line, column: cell.text.shownBack, text: "没有这一列。可用的列：\(known)。"))
                continue
            }
            if places.updateValue(place, forKey: column) != nil {
                problems.append(Problem(line: cell.line, column: cell.text, text: "这一列出现了两次。"))
            }
        }
        for column in [Column.name, .roles] where places[column] == nil {
            problems.append(Problem(line: 1, column: column.heading, text: "第一行应当是表头，并且有“\(column.heading)”这一列。"))
        }
        return problems.isEmpty ? places : nil
    }

    private mutating func read(_ row: Row, as thread: ThreadTag, _ taken: inout Taken) {
        let before = problems.count
        func fail(_ column: Column, _ text: String) {
            problems.append(Problem(line: row.line, column: column.heading, text: text))
        }
        let number = row.text(.certificateNumber)
        let account = row.text(.account)
        var until: CivilDay?
        let day = row.text(.certificateUntil)
        if !day.isEmpty {
            until = Roster.day(day)
            if until == nil { fail(.certificateUntil, "“\(day.shownBack)”不是日期。请写成 2029-12-31。") }
        }
        if Roster.isMangled(number) {
            fail(.certificateNumber, "“\(number.shownBack)”被表格软件改成了科学计数。请先把这一列设为文本，再填写完整号码。")
        }
        var roles: [Role] = []
        for word in Roster.words(row.text(.roles)) {
            guard let role = Role.allCases.first(where: { $0.chinese == word || $0.rawValue == word }) else {
                fail(.roles, "没有“\(word.shownBack)”这项职责。可用：\(Role.allCases.map(\.chinese).joined(separator: "、"))。")
                continue
            }
            if !roles.contains(role) { roles.append(role) }
        }
        if row.text(.roles).isEmpty { fail(.roles, "请填写职责。") }
        if roles.contains(.officer), number.isEmpty { fail(.certificateNumber, "执法人员应当有执法证件号码。") }
        if !number.isEmpty, let line = taken.certificates.updateValue(row.line, forKey: number) {
            fail(.certificateNumber, line == 0 ? "这个号码已经登记在别人名下。" : "这个号码与第 \(line) 行重复。")
        }
        if !account.isEmpty, let line = taken.accounts.updateValue(row.line, forKey: account) {
            fail(.account, line == 0 ? "这个登录名已有人使用。" : "这个登录名与第 \(line) 行重复。")
        }
        let person = NewPerson(
            thread: thread, name: row.text(.name), section: row.text(.section),
            certificateKind: number.isEmpty ? "" : row.text(.certificateKind), certificateNumber: number,
            certificateUntil: until, roles: roles, account: account.isEmpty ? nil : account)
        do {
            _ = try person.facts()
        } catch {
            for wrong in error.fields {
                fail(Column(rawValue: wrong.name) ?? .name, wrong.message)
            }
        }
        if problems.count == before { persons.append(person) }
    }

    private static func words(_ text: String) -> [String] {
        let separators: Set<Unicode.Scalar> = ["、", "，", ";", "；", "/", "|", " ", "\n"]
        return text.unicodeScalars.split { separators.contains($0) }.map { String(Substring($0)) }
    }

    /// A day as people and spreadsheets write it: `2029-12-31`, `2029/12/31`, `2029.1.5`, `2029年12月31日`.
    static func day(_ text: String) -> CivilDay? {
        var parts: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            switch scalar {
            case "0"..."9": parts[parts.count - 1].append(UInt8(scalar.value))
            case "-", "/", ".", "年", "月": parts.append([])
            case "日": break
            default: return nil
            }
        }
        let numbers = parts.compactMap { Decimal.digits($0[...]) }
        guard parts.count == 3, numbers.count == 3, parts[0].count == 4 else { return nil }
        return CivilDay(year: numbers[0], month: numbers[1], day: numbers[2])
    }

    /// `1.30E+17`: a spreadsheet took a long number for a quantity, and its last digits are lost.
    private static func isMangled(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let e = bytes.firstIndex(where: { $0 == UInt8(ascii: "E") || $0 == UInt8(ascii: "e") }), e > 0,
            e + 1 < bytes.count, bytes[e + 1] == UInt8(ascii: "+")
        else { return false }
        return bytes[..<e].allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
    }
}
