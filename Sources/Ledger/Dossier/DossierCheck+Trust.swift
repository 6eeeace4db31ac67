import Kernel

/// How far a log is vouched for from outside.
struct LogAnchor: Hashable {
    let log: Int
    let size: Int
}

extension DossierCheck {
    // MARK: what is given from outside

    mutating func checkTrust() {
        for root in trust.roots {
            let sizes = sizes(of: root)
            if sizes.isEmpty {
                if !noteLost(root: root, size: trust.size) { refuse(.rootUnknown, PaperText.grouped(root)) }
            } else if let size = trust.size, !sizes.contains(where: { $0.size == size }) {
                // Root and size stand together on paper: where they do not fit, one of them is misread, or the paper false.
                refuse(.rootUnknown, "\(PaperText.grouped(root))，第 \(size) 条")
            }
        }
        for note in trust.checkpoints { checkOutside(note) }
    }

    /// A signed head that the reader kept: of one of these logs, and one that it grew from, or of the part that was lost.
    private mutating func checkOutside(_ note: [UInt8]) {
        guard
            let (log, checkpoint) = logs.lazy.compactMap({ log in
                (try? VerifiedCheckpoint(note: note, key: log.head.key)).map { (log, $0.checkpoint) }
            }).first
        else {
            let text = (try? SignedNote(note)).flatMap { try? Checkpoint(text: $0.text) }
            // A log of which nothing survived is known by the entry that names it, and by nothing else.
            if let text, noteLost(checkpoint: text) { return }
            refuse(.checkpointForeign, text.map { "\($0.origin) 第 \($0.size) 条" } ?? "检查点")
            return
        }
        // Every log begins with the empty tree: such a head says nothing.
        if checkpoint.size == 0 { return }
        let subject = "\(checkpoint.origin) 第 \(checkpoint.size) 条"
        let known = sizes(of: checkpoint.root)
        if known.contains(LogAnchor(log: log.number, size: checkpoint.size)) { return }
        if checkpoint.size <= log.size {
            // Where every root is known, this one is of another history.
            let isHistory = log.allLeaves == nil && checkpoint.size < log.size
            refuse(isHistory ? .checkpointUnproven : .rootUnknown, subject)
            return
        }
        guard let place = gaps.firstIndex(where: { $0.succession.surviving.log == log.number }) else {
            refuse(.checkpointUnproven, subject)
            return
        }
        let previous = gaps[place].succession.previous
        if previous.log > log.number {
            // All of this log's lost end lies before what is named.
            gaps[place].held.append(.init(size: checkpoint.size, isNamed: false))
        } else if checkpoint.size > previous.size {
            refuse(.gapUnderstated, subject)
        } else if checkpoint.size == previous.size, checkpoint.root != previous.root {
            refuse(.gapContradicted, subject)
        } else {
            gaps[place].held.append(.init(size: checkpoint.size, isNamed: checkpoint.size == previous.size))
        }
    }

    /// Notes a head of a log of which nothing survived.
    private mutating func noteLost(checkpoint: Checkpoint) -> Bool {
        guard let manifest else { return false }
        for place in gaps.indices {
            let previous = gaps[place].succession.previous
            let origin = LogSuccession.origin(of: previous.log, first: manifest.origin)
            guard log(previous.log) == nil, checkpoint.origin.utf8.elementsEqual(origin.utf8),
                checkpoint.size < previous.size
                    || checkpoint.size == previous.size && checkpoint.root == previous.root
            else { continue }
            gaps[place].held.append(.init(size: checkpoint.size, isNamed: checkpoint.size == previous.size))
            return true
        }
        return false
    }

    /// Notes a root from paper that lies in a lost part: it is the one named, or its size lies between. It proves
    /// nothing of the dossier then, and nothing against it.
    private mutating func noteLost(root: Digest, size: Int?) -> Bool {
        for place in gaps.indices {
            let (surviving, previous) = (gaps[place].succession.surviving, gaps[place].succession.previous)
            if previous != surviving, previous.root == root {
                gaps[place].held.append(.init(size: previous.size, isNamed: true))
                return true
            }
            let first = surviving.log == previous.log ? surviving.size : 0
            if let size, first < size, size < previous.size {
                gaps[place].held.append(.init(size: size, isNamed: false))
                return true
            }
        }
        return false
    }

    // MARK: what it reaches

    /// Where the logs had this root, as far as the dossier can tell. A complete one knows every older root.
    private func sizes(of root: Digest) -> [LogAnchor] {
        var found: [LogAnchor] = []
        for log in logs {
            if root == log.root {
                found.append(LogAnchor(log: log.number, size: log.size))
            } else if let older = log.provenHeads.first(where: { $0.root == root }) {
                found.append(LogAnchor(log: log.number, size: older.size))
            } else if let leaves = log.allLeaves {
                var edge = RightEdge()
                for leaf in leaves {
                    edge.append(RFC6962.leafHash(leaf.bytes))
                    guard edge.root == root else { continue }
                    found.append(LogAnchor(log: log.number, size: edge.size))
                    break
                }
            }
        }
        return found
    }

    /// How far each log is vouched for by roots from outside, by its number.
    ///
    /// Whoever vouches for any part of a later log vouches for its first entry, and so for what that names of the log
    /// before: all that survived of it.
    var anchors: [Int: Int] {
        var reached: [Int: Int] = [:]
        var roots = trust.roots
        for note in trust.checkpoints {
            for log in logs {
                if let head = try? VerifiedCheckpoint(note: note, key: log.head.key) {
                    roots.append(head.checkpoint.root)
                }
            }
        }
        for root in roots {
            for anchor in sizes(of: root) { reached[anchor.log] = max(anchor.size, reached[anchor.log] ?? 0) }
        }
        for (before, after) in zip(logs, logs.dropFirst()).reversed() where (reached[after.number] ?? 0) > 0 {
            reached[before.number] = before.size
        }
        return reached
    }

    /// The logs whose whole head is vouched for from outside.
    ///
    /// A key does it. So does the root of the head itself. An older root vouches for what stood in the log then; if the
    /// entry that published the key is among that, the key is vouched for, and with it the later head. And a log of which
    /// a later one was confirmed is confirmed as far as it survived, for the later one's first entry names its head. The
    /// other way round nothing follows: who knows only the old key cannot tell who opened the new log.
    func confirmed(_ anchors: [Int: Int]) -> Set<Int> {
        var confirmed: Set<Int> = []
        var isLaterConfirmed = false
        for log in logs.reversed() {
            let anchor = anchors[log.number] ?? -1
            let isKeyAnchored = entries[log.key.entry].map { $0.log == log.number && $0.index < anchor } ?? false
            if trust.keys.contains(log.head.key) || anchor == log.size || isKeyAnchored || isLaterConfirmed {
                confirmed.insert(log.number)
                isLaterConfirmed = true
            }
        }
        return confirmed
    }

    var verdict: DossierVerdict {
        let anchors = anchors
        let confirmed = confirmed(anchors)
        let isConfirmed = !logs.isEmpty && confirmed.count == logs.count
        let outcome: DossierVerdict.Outcome = !reasons.isEmpty ? .refused : isConfirmed ? .accepted : .unconfirmed
        guard let manifest, let newest = logs.last, let exportedAt else {
            // Without a list, a head and the entry of the export there is at least one reason.
            return DossierVerdict(outcome: .refused, reasons: reasons, facts: nil)
        }
        func isAnchored(_ entry: DossierEntry) -> Bool { entry.index < anchors[entry.log] ?? 0 }
        let ordered = entries.values.sorted { ($0.log, $0.index) < ($1.log, $1.index) }
        let beyond = ordered.filter { !isAnchored($0) }
        let times = ordered.map { $0.entry.skeleton.content.recordedAt }
        let lastAnchored = ordered.last { isAnchored($0) }?.entry.skeleton.content.recordedAt
        let span =
            beyond.isEmpty
            ? 0
            : (times.last ?? exportedAt).milliseconds(since: lastAnchored ?? times.first ?? exportedAt)
        return DossierVerdict(
            outcome: outcome, reasons: reasons,
            facts: DossierVerdict.Facts(
                manifest: manifest, standing: DossierStanding(entries, manifest),
                logs: logs.map {
                    .init(
                        number: $0.number, head: $0.head.checkpoint, key: $0.head.key, anchoredSize: anchors[$0.number],
                        isConfirmed: confirmed.contains($0.number))
                },
                gaps: gaps, head: newest.head.checkpoint, key: newest.head.key, exportedAt: exportedAt,
                entries: entries.count,
                fieldsMatching: fieldsMatching, fieldsWithheld: fieldsWithheld,
                fieldsDestroyed: fieldsDestroyed,
                anchoredSize: anchors[newest.number], entriesBeyondAnchor: beyond.count,
                timeBeyondAnchor: max(0, span), laterEntries: laterEntries,
                lostNames: manifest.lostOriginals.reduce(into: [:]) { names, item in
                    names[item.place.entry] = DossierVerdict.name(of: item.place.entry, among: entries)
                }))
    }
}
