import Kernel

extension DossierCheck {
    /// The size of the tree that has the root given from outside; nil if no root was given or none fits.
    var anchoredSize: Int? {
        guard let root = trust.root, let head else { return nil }
        if root == head.checkpoint.root { return head.checkpoint.size }
        if let older = provenHeads.first(where: { $0.root == root }) { return older.size }
        // A complete dossier knows every older root.
        var edge = RightEdge()
        for leaf in allLeaves ?? [] {
            edge.append(RFC6962.leafHash(leaf.bytes))
            if edge.root == root { return edge.size }
        }
        return nil
    }

    mutating func checkTrust(_ head: VerifiedCheckpoint) {
        if let root = trust.root, anchoredSize == nil { refuse(.rootUnknown, PaperText.grouped(root)) }
    }

    /// Whether what is given from outside vouches for the whole checkpoint.
    ///
    /// A key does. So does the root of the checkpoint itself. An older root vouches for what stood in the log then; if the
    /// entry that published the key is among that, the key is vouched for, and with it the later checkpoint.
    private func isConfirmed(anchored: Int?) -> Bool {
        guard let head, let manifest else { return false }
        if trust.key != nil { return true }
        guard let anchored else { return false }
        if anchored == head.checkpoint.size { return true }
        return entries[manifest.logKey.entry].map { $0.index < anchored } ?? false
    }

    var verdict: DossierVerdict {
        let anchored = anchoredSize
        let outcome: DossierVerdict.Outcome =
            !reasons.isEmpty ? .refused : isConfirmed(anchored: anchored) ? .accepted : .unconfirmed
        guard let manifest, let head, let exportedAt else {
            // Without a list, a head and the entry of the export there is at least one reason.
            return DossierVerdict(outcome: .refused, reasons: reasons, facts: nil)
        }
        let ordered = entries.values.sorted { $0.index < $1.index }
        let beyond = ordered.filter { $0.index >= anchored ?? 0 }
        let times = ordered.map { $0.entry.skeleton.content.recordedAt }
        let lastAnchored = anchored.flatMap { size in
            ordered.last { $0.index < size }?.entry.skeleton.content.recordedAt
        }
        let span =
            beyond.isEmpty
            ? 0
            : (times.last ?? exportedAt).milliseconds(since: lastAnchored ?? times.first ?? exportedAt)
        return DossierVerdict(
            outcome: outcome, reasons: reasons,
            facts: DossierVerdict.Facts(
                manifest: manifest, head: head.checkpoint, key: head.key, exportedAt: exportedAt,
                entries: entries.count,
                fieldsMatching: fieldsMatching, fieldsWithheld: fieldsWithheld,
                fieldsDestroyed: fieldsDestroyed,
                anchoredSize: anchored, entriesBeyondAnchor: beyond.count, timeBeyondAnchor: max(0, span),
                laterEntries: laterEntries))
    }
}
