import Kernel

/// A mark that a document or recording of a case holds a secret or touches privacy (标明秘密事项; zhaoxian-2017:33), with who
/// may see what it stands on. The last one for a thing counts; one of the class `none` lifts it.
public struct SecrecyMark: Hashable, Sendable {
    /// What it stands on.
    public let thing: Thing
    /// `state`, `trade` or `privacy`.
    public let kind: String
    /// Who may see it: words of `Role`, of which `officer` means the officers who handle the case, and tags of persons.
    public let clearance: [String]
    /// Its place in the case's thread.
    public let seq: Int
    /// Who marked it.
    public let by: ThreadTag?
    /// When it was recorded.
    public let at: Instant

    /// What can be marked.
    public enum Thing: Hashable, Sendable {
        case document(DocumentID)
        case recording(ThreadTag)
    }

    /// The thing that a record of marking names; nil where it names none, or other records.
    public static func thing(of record: Record) -> Thing? {
        guard record.type == .secrecyMarked else { return nil }
        if let document = record.word("document").flatMap({ DocumentID($0) }) { return .document(document) }
        return record.thread("recording").map { .recording($0) }
    }

    /// Whether a person may see what it stands on, in the case in which it was made.
    ///
    /// Nobody is cleared but whom it names: neither who marked it nor the administrator.
    public func clears(_ person: PersonRow, in work: Case) -> Bool {
        clearance.contains { word in
            switch Role(rawValue: word) {
            case .officer?: work.handlers.contains(person.thread)
            case .administrator?: false
            case let role?: person.roles.contains(role)
            case nil: word.utf8.elementsEqual(person.thread.description.utf8)
            }
        }
    }
}

extension Case {
    /// The mark in force on a document or recording of this case; nil where there is none, or it was lifted.
    public func secrecyMark(of thing: SecrecyMark.Thing) -> SecrecyMark? {
        secrecyMarks.first { $0.thing == thing }
    }

    /// Takes in a mark, or the lifting of one.
    mutating func applyMark(_ record: Record) {
        guard let thing = SecrecyMark.thing(of: record), let kind = record.word("class") else { return }
        secrecyMarks.removeAll { $0.thing == thing }
        guard kind != "none" else { return }
        secrecyMarks.append(
            SecrecyMark(
                thing: thing, kind: kind, clearance: record.words("clearance"), seq: record.seq, by: record.actor,
                at: record.recordedAt))
    }
}
