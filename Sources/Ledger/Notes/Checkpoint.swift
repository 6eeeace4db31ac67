import Kernel

/// The head of a log: origin, size and root (检查点, c2sp.org/tlog-checkpoint). What it says is not verified.
public struct Checkpoint: Hashable, Sendable {
    /// The log's name: not empty, without white space, plus sign or newline.
    public let origin: String
    /// The number of leaves, 0 to 2^63 − 1.
    public let size: Int
    /// The root of the tree of that size.
    public let root: Digest

    /// A head to be signed; nil for an origin that no log of ours may bear, a negative size, or a root that is not that
    /// of the empty tree at size 0.
    public init?(origin: String, size: Int, root: Digest) {
        guard VerifierKey.isValid(name: origin), size >= 0, size > 0 || root == RFC6962.emptyRoot else {
            return nil
        }
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// Reads the text of a checkpoint. Extension lines are tolerated and dropped; we never write them.
    ///
    /// - Throws: `NoteError` with the line that is wrong.
    public init(text: [UInt8]) throws(NoteError) {
        guard SignedNote.isValid(text: text) else { throw NoteError(.text) }
        let lines = text.dropLast().split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let line = lines.first, !line.isEmpty,
            let origin = String(validating: line, as: UTF8.self)
        else { throw NoteError(.checkpoint(line: 1)) }
        guard lines.count > 1, let size = Decimal.strict(lines[1]) else {
            throw NoteError(.checkpoint(line: 2))
        }
        guard lines.count > 2, let root = Base64.decode(lines[2]).flatMap({ Digest($0) }),
            size > 0 || root == RFC6962.emptyRoot
        else { throw NoteError(.checkpoint(line: 3)) }
        if let empty = lines.firstIndex(where: \.isEmpty) {
            throw NoteError(.checkpoint(line: empty + 1))
        }
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// The text to be signed, without extension lines.
    public var text: [UInt8] {
        Array("\(origin)\n\(size)\n\(Base64.encode(root.bytes))\n".utf8)
    }

    /// Signs this head.
    ///
    /// - Throws: `NoteError`, which for a head made by `init(origin:size:root:)` means that the key is broken.
    public func signed(by key: SigningKey) throws(NoteError) -> [UInt8] {
        try key.sign(text)
    }

    /// Two heads are equal when their texts are.
    public static func == (left: Checkpoint, right: Checkpoint) -> Bool {
        left.size == right.size && left.root == right.root
            && left.origin.utf8.elementsEqual(right.origin.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(size)
        hasher.combine(root)
    }
}

/// A head whose signature fits a key. Only checking makes one.
public struct VerifiedCheckpoint: Hashable, Sendable {
    /// What was signed.
    public let checkpoint: Checkpoint
    /// The key that it was checked with. Whether to trust that key is another question.
    public let key: VerifierKey
    /// The note as it was read, with all its signature lines.
    public let note: [UInt8]

    /// Opens a signed checkpoint.
    ///
    /// - Parameter origin: the log expected; without it the key's name, as our logs have it.
    /// - Throws: `NoteError` for a bad form, a bad or missing signature, or another origin.
    public init(note: [UInt8], key: VerifierKey, origin: String? = nil) throws(NoteError) {
        let signed = try SignedNote(note)
        try signed.verify(with: [key])
        let checkpoint = try Checkpoint(text: signed.text)
        guard checkpoint.origin.utf8.elementsEqual((origin ?? key.name).utf8) else {
            throw NoteError(.origin)
        }
        self.checkpoint = checkpoint
        self.key = key
        self.note = note
    }
}
