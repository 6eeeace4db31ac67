import Casework
import Kernel

/// What stands against destroying the file of a case (销毁), judged as the entry of it would be; nothing is recorded, and the program
/// destroys nothing.
public struct DisposalForesight: Sendable {
    private let view: CaseView
    private let law: Law
    private let now: Instant

    /// What stands against it now, in this case.
    public init(view: CaseView, law: Law, now: Instant) {
        self.view = view
        self.law = law
        self.now = now
    }

    /// The requirements in force that are not met, with everything filled that a form could ask: who approved, who
    /// confirmed, the certificate. What is lacking then is lacking in the case.
    public var refusals: [Refusal] {
        let disposal = Record(
            thread: view.work.thread, seq: view.work.entries + 1, type: .disposalPerformed, recordedAt: now,
            actor: .random(),
            plain: [
                "approvedBy": .string(ThreadTag.random().description), "case": .string(view.work.thread.description),
                "confirmedBy": .string(ThreadTag.random().description), "what": "case",
            ], fieldNames: ["certificate"])
        return law.judge([disposal], after: view.history).refusals
    }
}
