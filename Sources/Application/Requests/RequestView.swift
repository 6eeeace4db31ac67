import Casework
import Kernel
import Ledger

/// A request as loaded, with the case that it is about.
public struct RequestView: Sendable {
    /// The request.
    public let file: RequestFile
    /// Its entries with positions.
    public let entries: [LoggedEntry]
    /// The same as records.
    public let records: [Record]
    /// The case whose records are asked for.
    public let source: CaseView

    /// The newest entry.
    var head: ThreadHead { ThreadHead(seq: file.entries, commitment: entries.last?.entry.commitment ?? .zero) }

    /// What answers are chosen from. The thread is no case: its days are not bound to when the case began.
    public var ground: AnswerGround {
        AnswerGround(thread: file.thread, records: records, entries: entries.map(\.entry))
    }

    /// What was asked for and can still be given, in the order of the request.
    public func asked(_ library: RuleLibrary) -> [Releasable] {
        let things = source.releasables(library)
        return file.wanted.compactMap { item in things.first { $0.item == item } }
    }

    /// Whether a person may see the request at all: whoever works on it, and who may see its case in an office.
    public func isVisible(to person: PersonRow) -> Bool {
        let offices: Set<Role> = [
            .unitHead, .departmentHead, .deputyHead, .agencyHead, .custodian, .legalReviewer,
        ]
        if !offices.isDisjoint(with: person.roles) { return true }
        guard person.roles.contains(.officer) else { return false }
        return file.handlers.contains(person.thread) || source.work.handlers.contains(person.thread)
    }

    /// Whether a person hands out what is released: whoever keeps the records or registered the request, and the colleague
    /// who asked.
    public func mayFetch(_ person: PersonRow) -> Bool {
        person.roles.contains(.custodian) || person.thread == file.registrar || person.thread == file.applicantPerson
    }
}
