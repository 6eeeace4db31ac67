import Casework
import Kernel

/// What became of a draft that was to be saved.
public enum SavedDraft: Hashable, Sendable {
    /// It is stored as it was given.
    case saved
    /// Somebody else saved first: their draft is stored and nothing was changed.
    case overtaken(Draft)
    /// The document was fixed meanwhile; nothing was changed.
    case fixed
    /// The draft was discarded meanwhile; nothing was changed.
    case discarded
}

extension DocumentDesk {
    /// Saves what was written so far. A draft stands outside the ledger and may be incomplete.
    ///
    /// - Parameter view: the case as it is now.
    public func save(
        _ draft: Draft, of kind: DocumentKind, in view: CaseView, by person: PersonRow
    ) async throws(StepRefusal) -> SavedDraft {
        guard view.work.document(draft.id) == nil else { return .fixed }
        if let refusal = DraftRights.refusal(of: kind, to: person, in: view.work) { throw refusal }
        do throws(StoreError) {
            let stored = try await installation.saveDraft(draft)
            return stored == draft ? .saved : .overtaken(stored)
        } catch {
            // A draft that is no longer there: fixed or discarded since the case was read.
            guard draft.version > 1, try await isGone(draft.id) else { throw StepRefusal(error) }
        }
        return try await casebook.load(draft.caseThread).work.document(draft.id) == nil ? .discarded : .fixed
    }

    /// Discards a draft (放弃草稿) as its page showed it.
    ///
    /// - Parameter version: the version that was shown; of a later one nothing is discarded.
    /// - Returns: the draft that stands in its place if somebody saved meanwhile.
    public func discard(
        _ id: DocumentID, version: Int, of kind: DocumentKind, in view: CaseView, by person: PersonRow
    ) async throws(StepRefusal) -> Draft? {
        if let refusal = DraftRights.refusal(of: kind, to: person, in: view.work) { throw refusal }
        do throws(StoreError) {
            guard let stored = try await installation.draft(id) else { return nil }
            guard stored.version == version, stored.caseThread == view.work.thread else { return stored }
            try await installation.removeDraft(id)
            return nil
        } catch { throw StepRefusal(error) }
    }

    private func isGone(_ id: DocumentID) async throws(StepRefusal) -> Bool {
        do throws(StoreError) { return try await installation.draft(id) == nil } catch { throw StepRefusal(error) }
    }
}
