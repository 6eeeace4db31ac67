import Casework
import Kernel
import Ledger

extension Record {
    /// The entry as the law and the case see it.
    ///
    /// - Returns: nil if the type or its version is not known to this program, or an opening is not canonical JSON.
    public init?(_ entry: Entry) {
        let content = entry.skeleton.content
        guard let type = EntryType(rawValue: content.type), content.typeVersion <= type.version else { return nil }
        var fields: [String: JSON] = [:]
        for opening in entry.openings {
            guard let value = try? JSON(canonical: opening.value) else { return nil }
            fields[opening.name] = value
        }
        var actor: ThreadTag?
        if case .person(let tag) = content.actor { actor = tag }
        self.init(
            thread: content.thread, seq: content.seq, type: type, recordedAt: content.recordedAt,
            statedAt: content.stated?.at, actor: actor, plain: content.plain, fields: fields,
            fieldNames: content.fields.map(\.name),
            references: content.references.map { RecordReference(role: $0.role, thread: $0.thread, seq: $0.seq) })
    }
}

extension EntryReference {
    /// Names a logged entry in a role.
    public init(_ role: String, _ entry: Entry) {
        self.init(
            role: role, thread: entry.skeleton.content.thread, seq: entry.skeleton.content.seq,
            commitment: entry.commitment)
    }
}
