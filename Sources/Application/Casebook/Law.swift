import Casework
import Kernel

/// The law of one bureau as it is in force: what the regulations ask of a case, and the kinds of its documents.
public struct Law: Sendable {
    /// The kinds of documents by name.
    public let kinds: [String: KindInForce]

    /// A law.
    public init(kinds: [KindInForce]) {
        self.kinds = Dictionary(kinds.map { ($0.kind.name, $0) }) { first, _ in first }
    }

    /// What speaks against recording `proposed` after `history`; empty if nothing does.
    public func reasonsAgainst(_ proposed: [Record], after history: [Record]) -> [StepRefusal.Reason] { [] }
    /// The obligations of a case as rows.
    public func obligations(of thread: ThreadTag, history: [Record]) -> [ObligationRow] { [] }

    /// Places of a document that must still be met.
    public func openSlots(of document: CaseDocument, in work: Case) -> [String] {
        guard let inForce = kinds[document.kind], let data = document.data else { return [] }
        return inForce.kind.places(for: data).filter { $0.isRequired && document.slots[$0.name] == nil }.map(\.name)
    }

    /// A kind by name.
    ///
    /// - Throws: `StepRefusal` if the bureau has no such kind.
    public func kind(_ name: String) throws(StepRefusal) -> KindInForce {
        guard let kind = kinds[name] else { throw StepRefusal(.notFound, "没有这种文书（\(name)）。") }
        return kind
    }
}

/// A kind of document with the digests of the files that say what it is.
public struct KindInForce: Hashable, Sendable {
    /// The kind.
    public let kind: DocumentKind
    /// SHA-256 of `kind.yaml`.
    public let digest: Digest
    /// SHA-256 of the template.
    public let templateDigest: Digest

    /// A kind with its digests.
    public init(kind: DocumentKind, digest: Digest, templateDigest: Digest) {
        self.kind = kind
        self.digest = digest
        self.templateDigest = templateDigest
    }
}
