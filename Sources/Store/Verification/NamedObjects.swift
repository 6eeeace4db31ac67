import Application
import Casework
import GRDB
import Kernel
import Ledger

/// An object of the vault that an entry names, and what is told of it.
public struct NamedObject: Hashable, Sendable {
    /// The object.
    public let id: ObjectID
    /// The thread of the first entry that names it.
    public let thread: ThreadTag
    /// Its place in that thread.
    public let seq: Int
    /// The type of that entry.
    public let type: String
    /// The document that the entry is about, if any.
    public let document: DocumentID?
    /// Its SHA-256 as that entry tells it; nil where none does.
    public internal(set) var sha256: Digest?
}

/// Every object that entries of a ledger name and no disposal destroyed: what the vault has to hold.
struct NamedObjects {
    /// Members of `plain` that name objects, each with the fields that may hold its digest.
    static let members = [
        ("object", ["digest", "copyDigest"]), ("original", []), ("scan", ["scanDigest", "digest"]),
        ("receiptObject", []), ("objects", []),
    ]

    /// Reads them all, in the order in which they were first named.
    static func read(_ connection: Connection) throws -> [NamedObject] {
        let destroyed = try destroyedEntries(connection)
        // Most entries name no object: their skeletons are not read at all.
        let naming = members.map { "instr(skeleton, '\"\($0.0)\":')" }.joined(separator: " OR ")
        let rows = try connection.all(
            "SELECT position, skeleton, salt FROM entry WHERE \(naming) ORDER BY position",
            row: { row in (row.integer(0), row.bytes(1), row.digest(2)) })
        var objects: [NamedObject] = []
        var places: [ObjectID: Int] = [:]
        var gone: Set<ObjectID> = []
        for (position, bytes, salt) in rows {
            guard let salt, let skeleton = try? Skeleton(canonical: bytes) else {
                throw BackupError.ledger("an entry does not read")
            }
            let isDestroyed =
                !destroyed.isEmpty && destroyed.contains(Commitment.entry(skeleton: bytes, salt: Salt(salt)))
            if isDestroyed { gone.formUnion(Disposals.objects(of: skeleton)) }
            let content = skeleton.content
            for (member, fields) in members {
                for id in ids(content.plain[member]) {
                    if let place = places[id] {
                        if objects[place].sha256 == nil {
                            objects[place].sha256 = try digest(fields, at: position, connection)
                        }
                        continue
                    }
                    places[id] = objects.count
                    objects.append(
                        NamedObject(
                            id: id, thread: content.thread, seq: content.seq, type: content.type,
                            document: content.plain["document"]?.string.flatMap { DocumentID($0) },
                            sha256: try digest(fields, at: position, connection)))
                }
            }
        }
        return objects.filter { !gone.contains($0.id) }
    }

    /// Commitments of the entries whose content a disposal destroyed.
    private static func destroyedEntries(_ connection: Connection) throws -> Set<Digest> {
        let rows = try connection.all(
            "SELECT skeleton FROM entry WHERE instr(skeleton, '\"\(Disposals.role)\"')", row: { $0.bytes(0) })
        var destroyed: Set<Digest> = []
        for bytes in rows {
            guard let skeleton = try? Skeleton(canonical: bytes) else { continue }
            for reference in skeleton.content.references where reference.role == Disposals.role {
                destroyed.insert(reference.commitment)
            }
        }
        return destroyed
    }

    /// The ids of a member: one, or a list of them.
    private static func ids(_ member: JSON?) -> [ObjectID] {
        switch member {
        case .string(let text): ObjectID(text).map { [$0] } ?? []
        case .array(let elements): elements.compactMap { $0.string.flatMap { ObjectID($0) } }
        default: []
        }
    }

    private static func digest(_ fields: [String], at position: Int64, _ connection: Connection) throws -> Digest? {
        for field in fields {
            let value = try connection.first(
                "SELECT value FROM opening WHERE position = ? AND name = ?", .integer(position), .text(field),
                row: { $0.bytes(0) })
            if let value, let json = try? JSON(canonical: value), let text = json["sha256"]?.string {
                return Digest(text)
            }
        }
        return nil
    }
}

/// Where an object belongs, in words that registers have; what they do not have is nil.
public struct ObjectPlace: Hashable, Sendable {
    /// The title of the case.
    public var caseTitle: String?
    /// The id of the document's kind.
    public var kind: String?
    /// The document's number.
    public var number: String?
    /// The name of the recording's file; nil where it is kept from those who read a report of the vault.
    public var fileName: String?
    /// Whether the recording is kept back: of a reporter, or secret (zhaoxian-2017:13). Its name may say whose it is.
    public var isVeiled = false
}

extension LedgerVerification {
    /// Every object that entries name and no disposal destroyed, in the order in which they were first named.
    ///
    /// - Throws: `StoreError` if the file cannot be read.
    public func namedObjects() throws(StoreError) -> [NamedObject] {
        do {
            return try connect().read { try NamedObjects.read(Connection($0)) }
        } catch {
            throw StoreError(error)
        }
    }

    /// Where objects belong. Registers that are damaged say nothing, and the object is named all the same.
    public func places(of objects: [NamedObject]) -> [ObjectPlace] {
        let found = try? connect().read { db in
            let connection = try Connection(db)
            return objects.map { LedgerVerification.place(of: $0, connection) }
        }
        return found ?? objects.map { _ in ObjectPlace() }
    }

    private static func place(of object: NamedObject, _ connection: Connection) -> ObjectPlace {
        var place = ObjectPlace()
        var thread = object.thread
        if let document = object.document,
            let row = try? connection.first(
                "SELECT kind, number_text FROM document WHERE id = ?", .blob(document.bytes),
                row: { ($0.text(0), $0.text(1)) })
        {
            (place.kind, place.number) = (row.0, row.1.isEmpty ? nil : row.1)
        }
        if let name = try? connection.first(
            "SELECT file_name FROM recording WHERE thread = ?", .id(thread), row: { $0.text(0) })
        {
            place.isVeiled = isVeiled(recording: thread, connection)
            place.fileName = place.isVeiled ? nil : name
            // The case names the recording, not the recording the case.
            let linked = try? connection.first(
                "SELECT thread FROM entry WHERE type = ? AND instr(skeleton, ?) ORDER BY position LIMIT 1",
                .text(EntryType.recordingLinked.rawValue), .text(thread.description),
                row: { row -> ThreadTag? in row.id(0) })
            if let linked = linked ?? nil { thread = linked }
        }
        place.caseTitle = try? connection.first(
            "SELECT title FROM case_file WHERE thread = ?", .id(thread), row: { $0.text(0) })
        return place
    }

    /// By the class of its name in the entry by which it came in. What cannot be read is kept back.
    private static func isVeiled(recording: ThreadTag, _ connection: Connection) -> Bool {
        let found = try? connection.first(
            """
            SELECT opening.class FROM entry JOIN opening ON opening.position = entry.position AND opening.name = 'fileName'
            WHERE entry.thread = ? AND entry.type = ? ORDER BY entry.position LIMIT 1
            """,
            .id(recording), .text(EntryType.recordingImported.rawValue), row: { $0.text(0) })
        guard let found = found ?? nil else { return true }
        return OpeningRule.veiled.contains { $0.rawValue == found }
    }
}
