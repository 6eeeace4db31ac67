import Kernel

/// What a client announces when it opens an upload.
public struct UploadDeclaration: Sendable, Equatable {
    /// The size of the whole upload in bytes. Always known: a sender of evidence has the file.
    public let byteCount: Int64
    /// The person whose session opened it; nobody else may go on with it.
    public let owner: ThreadTag
    /// What the client says of the file.
    public let metadata: UploadMetadata
    /// When it was opened.
    public let created: Instant
    /// When it may be removed, complete or not; 30 days later at the earliest, see ``end(countedFrom:)``.
    public let expires: Instant

    /// Puts a declaration together.
    public init(byteCount: Int64, owner: ThreadTag, metadata: UploadMetadata, created: Instant, expires: Instant) {
        self.byteCount = byteCount
        self.owner = owner
        self.metadata = metadata
        self.created = created
        self.expires = expires
    }

    /// 30 days in milliseconds, the shortest life of an upload.
    public static let shortestLife: Int64 = 30 * 86_400_000

    /// How many uploads one person may have on record, unfinished ones and finished ones that are not registered: more than
    /// the recorders of a busy week hold.
    public static let mostOfOnePerson = 500

    /// When it may be removed: never before 30 days are over, whatever was declared.
    ///
    /// - Parameter base: an instant before which no time counts, because it was told by a clock that was not right; nil: all
    ///   of it counts.
    public func end(countedFrom base: Instant? = nil) -> Instant {
        let life = max(expires.milliseconds(since: created), UploadDeclaration.shortestLife)
        return max(created, base ?? created).advanced(byMilliseconds: life)
    }
}

/// Where an upload stands.
public struct UploadStatus: Sendable, Equatable {
    /// The upload.
    public let id: UploadID
    /// What was announced.
    public let declaration: UploadDeclaration
    /// Durable bytes, counted from the start.
    public let offset: Int64
    /// The object's facts once the upload is finished.
    public let facts: ObjectFacts?
    /// Whether `finish` can answer without reading the upload back.
    public let isDigestAtHand: Bool

    /// Puts a status together.
    public init(
        id: UploadID, declaration: UploadDeclaration, offset: Int64, facts: ObjectFacts?, isDigestAtHand: Bool
    ) {
        self.id = id
        self.declaration = declaration
        self.offset = offset
        self.facts = facts
        self.isDigestAtHand = isDigestAtHand
    }

    /// Whether all bytes are here.
    public var isComplete: Bool { offset == declaration.byteCount }

    /// The object that this upload becomes.
    public var object: ObjectID { id.unchecked(as: OfObject.self) }
}

/// A digest that came with appended bytes (tus 1.0, Checksum).
public struct UploadChecksum: Sendable, Equatable {
    /// The algorithms offered, best first. tus demands SHA-1; it guards against accidents only.
    public enum Algorithm: String, Sendable, CaseIterable {
        case sha256
        case sha1

        /// The length of a digest in bytes.
        public var byteCount: Int { self == .sha256 ? 32 : 20 }
    }

    /// The algorithm.
    public let algorithm: Algorithm
    /// The digest.
    public let bytes: [UInt8]

    /// Nil when the digest has the wrong length for the algorithm.
    public init?(algorithm: Algorithm, bytes: [UInt8]) {
        guard bytes.count == algorithm.byteCount else { return nil }
        self.algorithm = algorithm
        self.bytes = bytes
    }
}

/// The `Upload-Metadata` field of tus 1.0: comma-separated pairs of key and base64 value, kept as it was sent.
public struct UploadMetadata: Sendable, Equatable {
    /// The field as the client sent it; ASCII.
    public let text: String
    private let members: [Member]

    struct Member: Sendable, Equatable {
        let key: [UInt8]
        let value: [UInt8]
    }

    /// No metadata.
    public static let none = UploadMetadata(text: "", members: [])

    /// The longest field accepted, in bytes.
    public static let byteLimit = 16 * 1024

    private init(text: String, members: [Member]) {
        self.text = text
        self.members = members
    }

    /// Reads a field; nil when it is too long, not printable ASCII, has an empty or repeated key, or a value that is
    /// not base64.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= UploadMetadata.byteLimit, bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            return nil
        }
        var members: [Member] = []
        if !bytes.isEmpty {
            for pair in bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
                guard let member = Member(pair), !members.contains(where: { $0.key == member.key }) else { return nil }
                members.append(member)
            }
        }
        self.init(text: text, members: members)
    }

    /// The decoded bytes of a key, keys compared byte by byte; nil when there is none.
    public subscript(key: String) -> [UInt8]? {
        members.first { $0.key.elementsEqual(key.utf8) }?.value
    }

    /// The file name the client gave, if it is UTF-8. Untrusted: show it, never use it as a path.
    public var fileName: String? {
        self["filename"].flatMap { String(validating: $0, as: UTF8.self) }
    }
}

extension UploadMetadata.Member {
    init?(_ pair: ArraySlice<UInt8>) {
        // Clients put a space after the comma, against the letter of the protocol; it cannot be part of a key.
        let trimmed = pair.drop { $0 == UInt8(ascii: " ") }
        let parts = trimmed.split(
            separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
        guard let key = parts.first, !key.isEmpty else { return nil }
        guard parts.count == 2 else {
            self.init(key: Array(key), value: [])
            return
        }
        guard let value = Base64.decode(parts[1]) else { return nil }
        self.init(key: Array(key), value: value)
    }
}
