import Kernel

extension SubjectRow {
    /// Folds the records of a party's thread; nil if the first does not register a party.
    public init?(_ records: [Record]) {
        guard let first = records.first, first.type == .subjectRegistered else { return nil }
        self.init(thread: first.thread, kind: first.word("kind") ?? "organisation", name: "", code: "")
        for record in records where record.type == .subjectRegistered || record.type == .subjectChanged {
            if let kind = record.word("kind") { self.kind = kind }
            if let name = record.text("name") { self.name = name }
            if let code = record.text("code") { self.code = code }
        }
    }

    /// The row of a party's thread.
    public static func rows(_ records: [Record]) -> [ProjectionRow] {
        SubjectRow(records).map { [.subject($0)] } ?? []
    }
}
