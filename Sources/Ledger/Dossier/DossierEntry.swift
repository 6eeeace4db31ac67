import Kernel

/// An entry as a dossier carries it, with the openings its reader may have.
public struct DossierEntry: Hashable, Sendable {
    /// Which of the bureau's logs it stands in, from 1.
    public let log: Int
    /// The position in that log, from 0.
    public let index: Int
    /// The entry; openings that are left out are not in it.
    public let entry: Entry

    /// An entry at a position.
    public init(log: Int = 1, index: Int, entry: Entry) {
        self.log = log
        self.index = index
        self.entry = entry
    }

    /// Its place.
    public var place: EntryPlace {
        EntryPlace(thread: entry.skeleton.content.thread, seq: entry.skeleton.content.seq)
    }

    /// Whether it stands before another in the bureau's logs, or at the same place.
    func isBefore(_ other: DossierEntry) -> Bool { (log, index) <= (other.log, other.index) }

    /// The value of a field whose opening is in; nil if it is not.
    public func value(of field: String) -> JSON? {
        entry.openings.first { $0.name.utf8.elementsEqual(field.utf8) }.flatMap {
            try? JSON(canonical: $0.value)
        }
    }

    /// The file: canonical JSON in which skeleton and values stand as they are.
    ///
    /// The canonical form of a value is the same wherever it stands, so the committed bytes can be cut out of the file.
    /// The class of an opening is not written: nothing commits to it.
    public var bytes: [UInt8] {
        get throws(JSONError) {
            var openings: [JSON] = []
            for opening in entry.openings {
                openings.append([
                    "name": .string(opening.name), "salt": .string(opening.salt.value.description),
                    "value": try JSON(canonical: opening.value),
                ])
            }
            var members: [JSON.Member] = [
                .init("index", .integer(Int64(index))), .init("openings", .array(openings)),
                .init("salt", .string(entry.salt.value.description)),
                .init("skeleton", try JSON(canonical: entry.skeleton.bytes)),
            ]
            if log > 1 { members.append(.init("log", .integer(Int64(log)))) }
            return JSON.object(members).canonicalBytes
        }
    }

    /// Depth of the file: that of a skeleton or a value, and the three levels around it.
    private static let depthLimit = 20

    /// Reads a file and its leaf.
    ///
    /// - Returns: nil for anything that `bytes` would not have written. Whether skeleton, openings and leaf fit one
    ///   another is for the verifier to say.
    public init?(_ bytes: [UInt8], leaf: Leaf) {
        guard let json = try? JSON(canonical: bytes, depthLimit: DossierEntry.depthLimit),
            let log = LogNumber.read(json["log"]), let index = json["index"]?.integer, index >= 0,
            let salt = json["salt"]?.string.flatMap({ Digest($0) }),
            let skeleton = json["skeleton"].flatMap({ try? Skeleton(canonical: $0.canonicalBytes) }),
            let openings = json["openings"].list({ Opening(dossier: $0) })
        else { return nil }
        self.init(
            log: log, index: Int(index),
            entry: Entry(unchecked: skeleton, salt: Salt(salt), prev: leaf.prev, openings: openings))
        guard (try? self.bytes) == bytes else { return nil }
    }
}

extension Opening {
    /// The class is not carried by dossiers; nothing reads this one.
    fileprivate init?(dossier json: JSON) {
        guard json.members?.count == 3, let name = json["name"]?.string, Token.isToken(name),
            let salt = json["salt"]?.string.flatMap({ Digest($0) }), let value = json["value"]
        else { return nil }
        self.init(name: name, openingClass: .party, salt: Salt(salt), value: value.canonicalBytes)
    }
}

/// Consistency proofs from printed heads to the dossier's checkpoint: `data/ledger/heads.json`.
struct HeadProofs {
    /// The hashes for each head of the manifest, in its order.
    let proofs: [ConsistencyProof]

    init(_ proofs: [ConsistencyProof]) {
        self.proofs = proofs
    }

    var bytes: [UInt8] {
        JSON.array(proofs.map { .array($0.hashes.map { .string($0.description) }) }).canonicalBytes
    }

    init?(_ bytes: [UInt8]) {
        guard let json = try? JSON(canonical: bytes),
            let lists = Optional(json).list({ Optional($0).list { $0.string.flatMap { Digest($0) } } })
        else { return nil }
        proofs = lists.map { ConsistencyProof(hashes: $0) }
    }
}
