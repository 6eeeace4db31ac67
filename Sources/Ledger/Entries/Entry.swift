import Kernel

/// One recorded fact (记录条目): its skeleton, the salt of its commitment, and the openings that are still there.
public struct Entry: Hashable, Sendable {
    /// What is never destroyed.
    public let skeleton: Skeleton
    /// The salt of the commitment.
    public let salt: Salt
    /// The commitment of the entry before it in the thread; zero for the first.
    public let prev: Digest
    /// The openings that are present, by name in byte order.
    public let openings: [Opening]

    /// An entry from its parts. Unchecked: whether the openings fit the skeleton is for `verdict(of:)` to say.
    public init(unchecked skeleton: Skeleton, salt: Salt, prev: Digest, openings: [Opening]) {
        self.skeleton = skeleton
        self.salt = salt
        self.prev = prev
        self.openings = openings.sorted { $0.name < $1.name }
    }

    /// `Commitment.entry` of the skeleton.
    public var commitment: Digest {
        Commitment.entry(skeleton: skeleton.bytes, salt: salt)
    }

    /// The leaf that the log holds for it.
    public var leaf: Leaf {
        Leaf(
            thread: skeleton.content.thread, seq: skeleton.content.seq, prev: prev, commitment: commitment
        )
    }
}

/// One value to be recorded in an entry, before it has a salt.
public struct FieldValue: Hashable, Sendable {
    /// The field's name.
    public let name: String
    /// Who may see it.
    public let openingClass: OpeningClass
    /// The value.
    public let value: JSON

    /// A value under a name.
    public init(_ name: String, _ value: JSON, _ openingClass: OpeningClass) {
        self.name = name
        self.value = value
        self.openingClass = openingClass
    }
}

extension Entry {
    /// Seals a fact: draws salts, commits to every field, encodes the skeleton once.
    ///
    /// - Parameters:
    ///   - content: the skeleton's content; its `fields` are replaced by commitments to `values`.
    ///   - values: the fields; names must differ.
    ///   - prev: the commitment of the entry before it in the thread; zero for seq 1.
    public static func seal(
        _ content: Skeleton.Content, values: [FieldValue], prev: Digest,
        using source: inout some RandomNumberGenerator
    ) throws(SkeletonError) -> Entry {
        var openings: [Opening] = []
        openings.reserveCapacity(values.count)
        for value in values {
            openings.append(
                Opening(
                    name: value.name, openingClass: value.openingClass, salt: .random(using: &source),
                    value: value.value.canonicalBytes))
        }
        var content = content
        content.fields = openings.map(\.commitment).sorted { $0.name < $1.name }
        guard (content.seq == 1) == (prev == .zero) else {
            throw SkeletonError("the first entry of a thread, and only the first, has no entry before it")
        }
        return Entry(
            unchecked: try Skeleton(content), salt: .random(using: &source), prev: prev,
            openings: openings)
    }
}

/// What can be said of one field of an entry.
public enum FieldVerdict: Hashable, Sendable {
    /// The opening is there and fits the commitment.
    case matches
    /// The opening was left out of this copy.
    case withheld
    /// A disposal entry names the commitment: destroyed with authority.
    case destroyed(by: EntryReference)
    /// The opening is there and does not fit, or it should be there and is not.
    case missing
}

extension Entry {
    /// Fields whose opening is there but does not fit its commitment, and openings without a commitment.
    public var mismatches: [String] {
        var names: [String] = []
        for opening in openings {
            let expected = skeleton.content.fields.first { $0.name == opening.name }
            if expected != opening.commitment { names.append(opening.name) }
        }
        for (first, second) in zip(openings, openings.dropFirst()) where first.name == second.name {
            names.append(first.name)
        }
        return names
    }
}
