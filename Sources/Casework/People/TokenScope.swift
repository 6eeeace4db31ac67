/// What an access token (访问令牌) opens to a program: one act upon one kind of resource. A token has what its person has
/// and its scopes name, and never more.
public enum TokenScope: String, Hashable, Sendable, CaseIterable {
    /// Cases, their timelines and obligations, the work list, people and parties.
    case readCases
    /// Documents and the bytes of their renditions; each look is recorded.
    case readDocuments
    /// Regulations in force with their rows.
    case readRules
    /// Opening cases, and steps that a handler records.
    case recordCases
    /// Drafts of documents, and fixing them.
    case recordDocuments
    /// The terms of the person's own obligations, as a calendar. Alone in its token: it opens an address, not the API.
    case readCalendar

    /// The scopes of programs, which the operations of the API ask for.
    public static let ofPrograms = allCases.filter { $0 != .readCalendar }

    /// Whether it lets a program record anything.
    public var isRecording: Bool { self == .recordCases || self == .recordDocuments }

    /// The name on screens.
    public var chinese: String { EntryType.tokenMade.chinese(rawValue, of: "scopes") }
}
