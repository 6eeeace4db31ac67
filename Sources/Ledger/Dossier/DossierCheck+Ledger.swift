import Kernel

extension DossierCheck {
    // MARK: the whole log

    /// Recomputes the tree from all leaves and compares every tile and the root.
    mutating func checkLog(_ place: Int) throws(DossierUnreadable) {
        let (log, head) = (logs[place].number, logs[place].head)
        let (size, folder) = (head.checkpoint.size, DossierLayout.folder(of: log))
        // A log that was really exported has its files here; do not go looking for the tiles of an invented size.
        guard size <= files.count * Tile.fullWidth else {
            refuse(.log, "\(folder)tile")
            return
        }
        for tile in TileLayout.tiles(to: size) { accounted.insert(DossierLayout.tile(tile, of: log)) }
        var leaves: [Leaf] = []
        let (files, source) = (files, source)
        do {
            try TileLog(size: size) { path in
                let path = BagPath(unchecked: "\(folder)\(path)")
                guard files[path] != nil else { return nil }
                return try source.read(path, limit: DossierLayout.tileLimit)
            }.check(root: head.checkpoint.root) { index, bytes in
                guard let leaf = Leaf(bytes), leaf.bytes == bytes else { throw ForeignLeaf(index: index) }
                leaves.append(leaf)
            }
            logs[place].allLeaves = leaves
        } catch let error as DossierUnreadable {
            throw error
        } catch let error as ForeignLeaf {
            refuse(.foreignLeaf, "\(log > 1 ? "第 \(log) 个" : "")账本第 \(error.index) 号叶")
        } catch let error as TileError {
            switch error.code {
            case .missing(let tile), .malformed(let tile), .content(let tile):
                refuse(.log, "\(folder)\(tile)")
            default: refuse(.log, "\(folder)tile")
            }
        } catch {
            refuse(.log, "\(folder)tile")
        }
    }

    // MARK: entries

    mutating func checkEntries(_ manifest: DossierManifest) throws(DossierUnreadable) {
        for place in manifest.places {
            if let entry = try checkEntry(place, manifest) { entries[place] = entry }
        }
    }

    private mutating func checkEntry(
        _ place: EntryPlace, _ manifest: DossierManifest
    ) throws(DossierUnreadable) -> DossierEntry? {
        let path = DossierLayout.entry(place.thread, place.seq)
        guard let bytes = try read(path),
            let leafBytes = try read(DossierLayout.leaf(place.thread, place.seq))
        else {
            if manifest.mode == .compact {
                accounted.insert(DossierLayout.proof(place.thread, place.seq))
            }
            return nil
        }
        guard let leaf = Leaf(leafBytes), leaf.bytes == leafBytes,
            let entry = DossierEntry(bytes, leaf: leaf)
        else {
            refuse(.entryForm, place.chinese)
            return nil
        }
        guard entry.place == place, EntryPlace(thread: leaf.thread, seq: leaf.seq) == place,
            entry.entry.skeleton.content.bureau == manifest.bureau
        else {
            refuse(.entryPlace, place.chinese)
            return nil
        }
        guard entry.entry.commitment == leaf.commitment else {
            refuse(.commitment, place.chinese)
            return nil
        }
        guard try isIncluded(entry, leafBytes, manifest) else {
            refuse(.inclusion, place.chinese)
            return nil
        }
        return entry
    }

    private mutating func isIncluded(
        _ entry: DossierEntry, _ leaf: [UInt8], _ manifest: DossierManifest
    ) throws(DossierUnreadable) -> Bool {
        let log = log(entry.log)
        switch manifest.mode {
        case .complete:
            // The leaves were shown to be those of the root; this entry's must stand at its index.
            guard let allLeaves = log?.allLeaves, allLeaves.indices.contains(entry.index) else { return false }
            return allLeaves[entry.index].bytes == leaf
        case .compact:
            guard let bytes = try read(DossierLayout.proof(entry.place.thread, entry.place.seq)), let head = log?.head
            else { return false }
            // The checkpoint inside was verified once; the same bytes need no second look.
            guard let proof = try? LogProof(bytes), proof.bytes == bytes, proof.extra == nil,
                proof.index == entry.index,
                proof.checkpoint == head.note
            else { return false }
            return
                (try? proof.inclusion.verify(
                    leafHash: RFC6962.leafHash(leaf), index: entry.index, size: head.checkpoint.size,
                    root: head.checkpoint.root)) != nil
        }
    }

    /// Whole threads: 1 to the head, each naming the one before, in the order of the log. Complete dossiers: no second one.
    mutating func checkChains(_ manifest: DossierManifest) {
        for whole in manifest.threads {
            var previous: DossierEntry?
            for seq in 1...whole.head {
                let place = EntryPlace(thread: whole.thread, seq: seq)
                // An entry that is not proven has its reason already.
                guard let entry = entries[place] else { break }
                let expected = previous?.entry.commitment ?? .zero
                if entry.entry.prev != expected || previous.map({ entry.isBefore($0) }) == true {
                    refuse(.chain, place.chinese)
                }
                previous = entry
            }
        }
        let heads = Dictionary(manifest.threads.map { ($0.thread, $0.head) }, uniquingKeysWith: max)
        for log in logs {
            for (index, leaf) in (log.allLeaves ?? []).enumerated() {
                guard let head = heads[leaf.thread] else { continue }
                let place = EntryPlace(thread: leaf.thread, seq: leaf.seq)
                if leaf.seq > head {
                    laterEntries += 1
                } else if let entry = entries[place], (entry.log, entry.index) != (log.number, index) {
                    refuse(.secondBranch, place.chinese)
                }
            }
        }
    }

    // MARK: entries that bind the rest

    mutating func checkExport(_ manifest: DossierManifest) {
        guard let place = manifest.exportPlace, let entry = entries[place] else { return }
        let content = entry.entry.skeleton.content
        exportedAt = content.recordedAt
        guard content.type == DossierVocabulary.exported,
            content.plain["manifest"]?.string == files[DossierLayout.manifest]?.sha256.description,
            content.plain["audience"]?.string == manifest.audience.rawValue,
            content.plain["mode"]?.string == manifest.mode.rawValue
        else {
            refuse(.exportEntry, DossierLayout.manifest.description)
            return
        }
    }

    /// The log itself holds the entry that published its key.
    mutating func checkKeyEntry(_ log: LogFindings) {
        let place = log.key.entry
        guard let entry = entries[place], entry.log == log.number,
            entry.entry.skeleton.content.type == DossierVocabulary.keyPublished,
            entry.entry.skeleton.content.plain["use"]?.string == "log",
            let value = entry.value(of: log.key.field)?.string,
            value.utf8.elementsEqual(log.head.key.description.utf8)
        else {
            refuse(.keyEntry, place.chinese)
            return
        }
    }

    mutating func checkHeads(_ manifest: DossierManifest, _ place: Int) throws(DossierUnreadable) {
        let log = logs[place]
        let path = DossierLayout.heads(of: log.number)
        let listed = manifest.heads.filter { $0.log == log.number }
        guard let bytes = try read(path) else { return }
        guard let proofs = HeadProofs(bytes), proofs.bytes == bytes, proofs.proofs.count == listed.count else {
            refuse(.head, path.description)
            return
        }
        for (older, proof) in zip(listed, proofs.proofs) {
            do throws(ProofError) {
                try proof.verify(old: older.size, oldRoot: older.root, new: log.size, newRoot: log.root)
                logs[place].provenHeads.append(older)
            } catch {
                refuse(.head, "\(log.number > 1 ? "第 \(log.number) 个账本" : "")共 \(older.size) 条时的检查点")
            }
        }
    }

    /// Other entries that an entry names are still those, and heads that it says were printed are heads of their log:
    /// the entry's own, unless it names another with `printedLog`.
    mutating func checkReferences() {
        for (place, entry) in entries.sorted(by: { $0.key < $1.key }) {
            let plain = entry.entry.skeleton.content.plain
            if let size = plain["printedSize"]?.integer,
                let root = plain["printedRoot"]?.string.flatMap({ Digest($0) })
            {
                let number = plain["printedLog"]?.integer.map { Int($0) } ?? entry.log
                let printed = DossierManifest.Head(log: number, size: Int(size), root: root)
                if log(number)?.provenHeads.contains(printed) != true { refuse(.head, place.chinese) }
            }
            for reference in entry.entry.skeleton.content.references {
                let target = EntryPlace(thread: reference.thread, seq: reference.seq)
                if let found = entries[target], found.entry.commitment != reference.commitment {
                    refuse(.reference, place.chinese)
                }
            }
        }
    }
}

/// A leaf that no program of ours wrote.
private struct ForeignLeaf: Error {
    let index: Int
}

extension EntryPlace {
    /// 记录线 … 第 n 条.
    var chinese: String { "记录线 \(thread) 第 \(seq) 条" }
}

extension FieldPlace {
    var chinese: String { "\(entry.chinese)的字段 \(field)" }
}
