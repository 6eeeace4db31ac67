import Kernel

/// A loss of records after which a later log began, as the dossier proves it (缺口).
public struct DossierGap: Hashable, Sendable {
    /// What the first entry of the later log says.
    public let succession: LogSuccession
    /// When it was recorded: no record can have been lost after it.
    public let until: Instant
    /// Threads that are in whole and had begun before the loss: a record of theirs may be among those lost.
    public let threads: [ThreadTag]
    /// Whether the case's own thread is one of them.
    public let concernsCase: Bool
    /// The administrator and the second person who decided: their names, or their threads where the names are not in.
    public let decidedBy: [String]
    /// Heads given from outside that lie within what was lost.
    public internal(set) var held: [Held] = []

    /// A head from outside that no surviving record can prove.
    public struct Held: Hashable, Sendable {
        /// Its size.
        public let size: Int
        /// Whether it is exactly the last known head that the later log names.
        public let isNamed: Bool
    }
}

extension DossierCheck {
    /// The first entry of each later log names the end of the one before, which is the head given here.
    ///
    /// Why this is checked though only the bureau can say what was lost: everything of the later log comes after this
    /// entry, so the statement cannot be changed later, and what survived is bound by the later log's key.
    mutating func checkSuccessions(_ manifest: DossierManifest) {
        for (before, after) in zip(logs, logs.dropFirst()) {
            guard let opening = entries.values.first(where: { $0.log == after.number && $0.index == 0 }),
                let succession = succession(opening, manifest),
                succession.log == after.number, succession.surviving.log == before.number,
                succession.surviving.size == before.size, succession.surviving.root == before.root,
                isSigned(succession, opening, manifest)
            else {
                refuse(.succession, "第 \(after.number) 个账本")
                continue
            }
            let begun = manifest.threads.map(\.thread).filter { thread in
                entries[EntryPlace(thread: thread, seq: 1)].map { $0.log <= before.number } ?? true
            }
            gaps.append(
                DossierGap(
                    succession: succession, until: opening.entry.skeleton.content.recordedAt, threads: begun,
                    concernsCase: begun.contains(manifest.caseThread), decidedBy: persons(of: opening)))
        }
    }

    private func persons(of opening: DossierEntry) -> [String] {
        ["decidedBy", "confirmedBy"].compactMap { member in
            guard let text = opening.entry.skeleton.content.plain[member]?.string, let thread = ThreadTag(text) else {
                return nil
            }
            return entries[EntryPlace(thread: thread, seq: 1)]?.value(of: "name")?.string ?? text
        }
    }

    /// What the entry says, if it is one that opens a log and stands in the bureau's own thread.
    private func succession(_ opening: DossierEntry, _ manifest: DossierManifest) -> LogSuccession? {
        let content = opening.entry.skeleton.content
        guard content.type == DossierVocabulary.logOpened, content.thread == manifest.logKey.entry.thread else {
            return nil
        }
        return LogSuccession(plain: content.plain)
    }

    /// The last known head stands in the entry as it was signed, so that nobody names one that never was.
    ///
    /// The key of a log of which nothing survived is not here; then only the words of the head are compared.
    private func isSigned(
        _ succession: LogSuccession, _ opening: DossierEntry, _ manifest: DossierManifest
    ) -> Bool {
        let origin = LogSuccession.origin(of: succession.previous.log, first: manifest.origin)
        guard opening.value(of: "previousOrigin")?.string?.utf8.elementsEqual(origin.utf8) == true else { return false }
        guard succession.source != .nothing else { return true }
        guard let note = opening.value(of: "previousCheckpoint")?.string.map({ Array($0.utf8) }) else { return false }
        let named: Checkpoint?
        if let key = log(succession.previous.log)?.head.key {
            named = try? VerifiedCheckpoint(note: note, key: key, origin: origin).checkpoint
        } else {
            named = (try? SignedNote(note)).flatMap { try? Checkpoint(text: $0.text) }
        }
        return named == Checkpoint(origin: origin, size: succession.previous.size, root: succession.previous.root)
    }
}
