import Application
import Testing

/// One step out of order: what is tried, and what the answer must be.
struct Refused {
    let what: String
    let code: StepRefusal.Code
    /// The provisions that a gate names, all of them.
    var provisions: Set<String> = []
    /// The fields that a form is told to mend.
    var fields: [String] = []
    let attempt: () async throws -> Void

    init(
        _ what: String, _ code: StepRefusal.Code, provisions: Set<String> = [], fields: [String] = [],
        _ attempt: @escaping () async throws -> Void
    ) {
        self.what = what
        self.code = code
        self.provisions = provisions
        self.fields = fields
        self.attempt = attempt
    }
}

extension CaseWorld {
    /// Tries each step; each must be refused as its row says.
    func expect(_ rows: [Refused], sourceLocation: SourceLocation = #_sourceLocation) async throws {
        for row in rows {
            let refusal = try await refusal(row.what, sourceLocation: sourceLocation, row.attempt)
            #expect(
                refusal?.code == row.code, "\(row.what): \(String(describing: refusal))",
                sourceLocation: sourceLocation)
            let provisions = Set(refusal?.reasons.flatMap(\.provisions) ?? [])
            #expect(provisions == row.provisions, "\(row.what)", sourceLocation: sourceLocation)
            #expect(refusal?.fields.map(\.name) ?? [] == row.fields, "\(row.what)", sourceLocation: sourceLocation)
        }
    }
}
