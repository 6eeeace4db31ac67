import Casework
import Kernel

/// The law of one bureau as it is in force: what the regulations ask of a case, and the kinds of its documents.
public struct Law: Sendable {
    /// What speaks against recording `proposed` after `history`; empty if nothing does.
    public func reasonsAgainst(_ proposed: [Record], after history: [Record]) -> [StepRefusal.Reason] { [] }
    /// The obligations of a case as rows.
    public func obligations(of thread: ThreadTag, history: [Record]) -> [ObligationRow] { [] }
    /// Slots of a document that must still be met.
    public func openSlots(of document: CaseDocument, in work: Case) -> [String] { [] }
}
