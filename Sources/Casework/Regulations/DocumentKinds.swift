import Kernel

/// Document kinds as a judgement needs them: those of now by name, and those that fixed documents name by digest.
struct DocumentKinds: Hashable, Sendable {
    /// The kinds of now.
    let named: [String: DocumentKind]
    /// Every kind that is kept, by the digest of its file.
    let kept: [Digest: DocumentKind]

    /// The kind of a document as it was when it was fixed; where that is not kept, as it is now.
    func kind(fixedBy record: Record) -> DocumentKind? {
        if let digest = record.word("kindDigest").flatMap({ Digest($0) }), let kind = kept[digest] { return kind }
        return record.word("kind").flatMap { named[$0] }
    }
}
