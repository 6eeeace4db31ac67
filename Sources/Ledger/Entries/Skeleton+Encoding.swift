import Kernel

extension Skeleton {
    /// The version of the skeleton format itself.
    public static let formatVersion: Int64 = 1
    /// The greatest size of a skeleton in bytes.
    public static let byteLimit = 32_768

    private static let known = [
        "actor", "at", "bureau", "command", "fields", "plain", "refs", "rules", "seq", "stated", "thread", "type",
        "typeVersion", "v",
    ]

    /// Encodes `content` once; from here on only the bytes count.
    ///
    /// - Throws: `SkeletonError` if a part breaks the format, above all if `plain` holds text that could be personal.
    public init(_ content: Content) throws(SkeletonError) {
        var members: [JSON.Member] = [
            .init("actor", .string(content.actor.text)),
            .init("at", .integer(content.recordedAt.milliseconds)),
            .init("bureau", .string(content.bureau.description)),
            .init("command", .string(content.command.description)),
            .init(
                "fields", .object(content.fields.map { .init($0.name, .string($0.commitment.description)) })
            ),
            .init("plain", content.plain),
            .init("refs", .array(content.references.map(\.json))),
            .init("rules", .array(content.rules.map(\.json))),
            .init("seq", .integer(Int64(content.seq))),
            .init("thread", .string(content.thread.description)),
            .init("type", .string(content.type)),
            .init("typeVersion", .integer(Int64(content.typeVersion))),
            .init("v", .integer(Skeleton.formatVersion)),
        ]
        if let stated = content.stated {
            members.append(
                .init(
                    "stated", ["at": .integer(stated.at.milliseconds), "by": .string(stated.source.rawValue)])
            )
        }
        // Reading back what was written applies every rule of the reader to the writer as well.
        let bytes = JSON.object(members).canonicalBytes
        let read = try Skeleton(canonical: bytes)
        guard read.content == content else { throw SkeletonError("a value does not survive encoding") }
        self = read
    }

    /// Reads stored or foreign bytes; every other spelling, unknown member or unsafe text is refused.
    public init(canonical bytes: [UInt8]) throws(SkeletonError) {
        guard bytes.count <= Skeleton.byteLimit else {
            throw SkeletonError("larger than \(Skeleton.byteLimit) bytes")
        }
        let json: JSON
        do { json = try JSON(canonical: bytes) } catch { throw SkeletonError(error.description) }
        guard let members = json.members else { throw SkeletonError("not an object") }
        // Both are in ascending order.
        var known = Skeleton.known[...]
        for member in members {
            guard let place = known.firstIndex(of: member.key) else {
                throw SkeletonError("unknown member \(member.key)")
            }
            known = known[(place + 1)...]
        }
        guard json["v"]?.integer == Skeleton.formatVersion else {
            throw SkeletonError(
                "format version is not \(Skeleton.formatVersion); a newer program is needed")
        }
        self.bytes = bytes
        content = try Content(json)
    }
}

/// Why a skeleton is refused.
public struct SkeletonError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, in English.
    public let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    public var description: String { "skeleton: \(reason)" }
}

extension Skeleton.Content {
    fileprivate init(_ json: JSON) throws(SkeletonError) {
        guard let type = json["type"]?.string, Token.isToken(type),
            let typeVersion = json["typeVersion"]?.integer, (1...1000).contains(typeVersion)
        else { throw SkeletonError("no valid type and version") }
        guard let bureau = json["bureau"]?.string.flatMap({ BureauTag($0) }),
            let thread = json["thread"]?.string.flatMap({ ThreadTag($0) }),
            let seq = json["seq"]?.integer, seq > 0
        else { throw SkeletonError("no valid bureau, thread and seq") }
        guard let at = json["at"]?.integer,
            let actor = json["actor"]?.string.flatMap({ Actor(text: $0) }),
            let command = json["command"]?.string.flatMap({ CommandID($0) })
        else { throw SkeletonError("no valid time, actor and command") }
        guard let plain = json["plain"], plain.members != nil else {
            throw SkeletonError("plain is no object")
        }
        guard Token.isPlain(plain) else {
            throw SkeletonError("plain holds text that is not from a vocabulary")
        }
        var rules: [RuleReference] = []
        for element in json["rules"]?.elements ?? [] {
            guard let rule = RuleReference(element) else {
                throw SkeletonError("a rule reference is malformed")
            }
            rules.append(rule)
        }
        var references: [EntryReference] = []
        for element in json["refs"]?.elements ?? [] {
            guard let reference = EntryReference(element) else {
                throw SkeletonError("a reference is malformed")
            }
            references.append(reference)
        }
        var fields: [FieldCommitment] = []
        for member in json["fields"]?.members ?? [] {
            guard Token.isToken(member.key), let commitment = member.value.string.flatMap({ Digest($0) })
            else {
                throw SkeletonError("field \(member.key) is malformed")
            }
            fields.append(FieldCommitment(name: member.key, commitment: commitment))
        }
        var stated: StatedTime?
        if let value = json["stated"] {
            guard value.members?.count == 2, let at = value["at"]?.integer,
                let source = value["by"]?.string.flatMap({ StatedTime.Source(rawValue: $0) })
            else { throw SkeletonError("the stated time is malformed") }
            stated = StatedTime(at: Instant(milliseconds: at), source: source)
        }
        guard json["rules"]?.elements != nil, json["refs"]?.elements != nil,
            json["fields"]?.members != nil
        else {
            throw SkeletonError("rules, refs and fields must be there, if empty")
        }
        self.init(
            type: type, typeVersion: Int(typeVersion), bureau: bureau, thread: thread, seq: Int(seq),
            recordedAt: Instant(milliseconds: at), stated: stated, actor: actor, command: command,
            rules: rules,
            references: references, plain: plain, fields: fields)
    }
}

extension Actor {
    /// `system`, or the tag of the person's thread.
    public var text: String {
        switch self {
        case .person(let tag): tag.description
        case .system: "system"
        }
    }

    init?(text: String) {
        if text == "system" {
            self = .system
        } else if let tag = ThreadTag(text) {
            self = .person(tag)
        } else {
            return nil
        }
    }
}

extension RuleReference {
    fileprivate var json: JSON {
        ["digest": .string(regulation.description), "id": .string(provision)]
    }

    fileprivate init?(_ json: JSON) {
        guard json.members?.count == 2, let provision = json["id"]?.string,
            Token.isVocabulary(provision),
            let digest = json["digest"]?.string.flatMap({ Digest($0) })
        else { return nil }
        self.init(provision: provision, regulation: digest)
    }
}

extension EntryReference {
    fileprivate var json: JSON {
        [
            "as": .string(role), "commitment": .string(commitment.description),
            "seq": .integer(Int64(seq)),
            "thread": .string(thread.description),
        ]
    }

    fileprivate init?(_ json: JSON) {
        guard json.members?.count == 4, let role = json["as"]?.string, Token.isToken(role),
            let commitment = json["commitment"]?.string.flatMap({ Digest($0) }),
            let seq = json["seq"]?.integer,
            seq > 0, let thread = json["thread"]?.string.flatMap({ ThreadTag($0) })
        else { return nil }
        self.init(role: role, thread: thread, seq: Int(seq), commitment: commitment)
    }
}
