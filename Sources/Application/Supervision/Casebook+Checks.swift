import Casework
import Kernel
import Ledger

/// A check of how recording is done (监督检查), as a form has it.
public struct NewCheck: Hashable, Sendable {
    /// What was looked at: words of `check.made`.
    public var matters: [String]
    public var findings: String
    public var at: Instant

    /// A check.
    public init(matters: [String], findings: String, at: Instant) {
        self.matters = matters
        self.findings = findings
        self.at = at
    }
}

extension Casebook {
    /// Records a check of recording and what it found (zhaoxian-2017:6a, recorder-mgmt:26).
    ///
    /// - Parameter seq: how many entries the bureau's thread had when the form was drawn.
    public func record(
        _ check: NewCheck, expecting seq: Int, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            try await begin(Supervision.watchers, seq, performer)
            var form = FormText()
            let known = EntryType.checkMade.options(of: "matters").map(\.word)
            let matters = known.filter(check.matters.contains)
            if matters.isEmpty || matters.count != Set(check.matters).count {
                form.fail("matters", "请选择检查的内容，至少一项。")
            }
            let findings = form.required(check.findings, "findings", "检查情况", limit: 5000)
            checkPast(check.at, "at", &form)
            try form.finish()
            return try await record(
                [
                    Fact(
                        .checkMade, in: chambers.thread,
                        plain: ["matters": .array(matters.map { .string($0) })],
                        fields: [.init("findings", .string(findings), .internal)],
                        stated: StatedTime(at: check.at, source: .officer))
                ], by: .person(performer.tag), command: command)
        }
    }
}
