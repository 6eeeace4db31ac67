import Casework
import Kernel

/// Forgets drafts that nobody can ever fix (清理草稿): of filed cases, of ended cases but for the sheets of the case file,
/// and of documents that are fixed. They hold data of the party that no disposal would reach (invariant 3).
public struct DraftSweep: Sendable {
    private let office: Office

    /// A sweep over one bureau.
    public init(office: Office) { self.office = office }

    /// Looks at every case that has a draft.
    ///
    /// If we die between two drafts the rest comes up in the next round.
    ///
    /// - Returns: the drafts that were forgotten.
    @discardableResult
    public func run() async throws -> [DocumentID] {
        let drafts = try await office.installation.drafts(of: office.bureau)
        guard !drafts.isEmpty else { return [] }
        let law = try await office.casebook.chambers.law()
        var forgotten: [DocumentID] = []
        for (thread, drafts) in Dictionary(grouping: drafts, by: \.caseThread) {
            let work = try await office.casebook.load(thread).work
            for draft in drafts where DraftRights.isOver(draft, kind: law.library.kind(draft.kind), in: work) {
                try await office.installation.removeDraft(draft.id)
                forgotten.append(draft.id)
            }
        }
        return forgotten
    }
}
