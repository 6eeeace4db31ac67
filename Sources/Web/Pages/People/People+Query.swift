import Application
import Casework
import Kernel

/// Which people a list shows, and in which order.
struct PeopleQuery: Sendable, Hashable {
    var text = ""
    var role: Role?
    var section = ""
    var state = ""
    var sort = Sort.name
    var page = 1

    /// Orders of the list.
    enum Sort: String, Sendable, CaseIterable {
        case name, section, certificate

        var chinese: String {
            switch self {
            case .name: "按姓名"
            case .section: "按科室"
            case .certificate: "证件先到期的在前"
            }
        }
    }

    static let pageSize = 25

    init() {}

    init(_ query: Form) {
        text = query.text("q")
        role = query["role"].flatMap { Role(rawValue: $0) }
        section = query.text("section")
        state = query.text("state")
        sort = query["sort"].flatMap { Sort(rawValue: $0) } ?? .name
        page = query["page"].flatMap { Decimal.strict(Array($0.utf8)) }.map { min(max($0, 1), 10_000) } ?? 1
    }

    /// The query as an address has it, without the page.
    var pairs: [(name: String, value: String)] {
        [
            ("q", text), ("role", role?.rawValue ?? ""), ("section", section), ("state", state),
            ("sort", sort == .name ? "" : sort.rawValue),
        ]
    }

    /// The people it finds, in order. A bureau has dozens of people: the register is read whole.
    func find(in persons: [PersonRow]) -> [PersonRow] {
        let found = persons.filter { person in
            (role.map { person.roles.contains($0) } ?? true)
                && (section.isEmpty || person.section.utf8.elementsEqual(section.utf8))
                && (state.isEmpty || person.accountState.rawValue == state)
                && (sort != .certificate || !person.certificateNumber.isEmpty) && has(person)
        }
        switch sort {
        case .name: return found
        case .section: return found.sorted { Self.bytes($0.section).lexicographicallyPrecedes(Self.bytes($1.section)) }
        case .certificate:
            // One without an end never lapses and stands last.
            return found.sorted { left, right in
                guard let one = left.certificateUntil else { return false }
                guard let other = right.certificateUntil else { return true }
                return one < other
            }
        }
    }

    private func has(_ person: PersonRow) -> Bool {
        let wanted = Self.bytes(text)
        guard !wanted.isEmpty else { return true }
        return [person.name, person.account ?? "", person.certificateNumber].contains {
            Self.bytes($0).contains(sequence: wanted)
        }
    }

    private static func bytes(_ text: String) -> [UInt8] {
        text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 32 : $0 }
    }
}

/// How a certificate stands on a day.
enum CertificateStanding: Sendable, Hashable {
    case none
    case lapsed(days: Int)
    case lapsing(days: Int)
    case valid(until: CivilDay?)

    init(_ person: PersonRow, on day: CivilDay) {
        guard !person.certificateNumber.isEmpty else {
            self = .none
            return
        }
        guard let until = person.certificateUntil else {
            self = .valid(until: nil)
            return
        }
        let left = until.days(since: day)
        self =
            left < 0
            ? .lapsed(days: -left) : left <= SetupTask.certificateDays ? .lapsing(days: left) : .valid(until: until)
    }

    /// A word about it; nil where there is nothing to say.
    var tag: Tag? {
        switch self {
        case .none: nil
        case .lapsed(let days): Tag(text: "已过期 \(days) 天", tone: .late)
        case .lapsing(let days): Tag(text: days == 0 ? "今天到期" : "还有 \(days) 天到期", tone: .soon)
        case .valid(let until): Tag(text: until.map { "有效至 \($0.description)" } ?? "长期有效", tone: .done)
        }
    }
}

extension PersonRow.AccountState {
    /// Whether nobody else may have set the account's secret: only such an account records anything (invariant 8).
    var mayRecord: Bool { self != .reset && self != .waiting }

    var tag: Tag {
        switch self {
        case .none: Tag(text: chinese, tone: .quiet)
        case .open: Tag(text: chinese, tone: .done)
        case .reset, .waiting: Tag(text: chinese, tone: .soon)
        case .closed: Tag(text: chinese, tone: .quiet)
        }
    }
}
