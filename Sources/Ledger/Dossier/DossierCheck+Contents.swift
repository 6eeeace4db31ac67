import Kernel

extension DossierCheck {
    // MARK: fields

    /// Each field matches, or is withheld with a ground, or was destroyed with authority, or is missing.
    mutating func checkFields(_ manifest: DossierManifest) {
        var withheld = Set(manifest.withheld.filter { $0.what == .field }.map(\.place))
        var destroyed = Dictionary(
            manifest.destroyed.map { ($0.place, $0.authority) }, uniquingKeysWith: { first, _ in first })
        if withheld.count != manifest.withheld.count(where: { $0.what == .field }) {
            refuse(.listing, DossierLayout.manifest.description)
        }
        for (place, entry) in entries.sorted(by: { $0.key < $1.key }) {
            for name in entry.entry.mismatches {
                refuse(.fieldMismatch, FieldPlace(entry: place, field: name).chinese)
            }
            let present = Set(entry.entry.openings.map(\.name))
            for commitment in entry.entry.skeleton.content.fields {
                let field = FieldPlace(entry: place, field: commitment.name)
                // Only where the class is known: an entry of a newer program is judged by its commitment alone.
                let ground = entry.entry.openingClass(of: commitment.name).map { manifest.audience.ground(against: $0) }
                let isWithheld = withheld.remove(field) != nil
                let authority = destroyed.removeValue(forKey: field)
                if present.contains(commitment.name) {
                    if isWithheld || authority != nil { refuse(.listing, field.chinese) }
                    if case .some(.some) = ground { refuse(.notForThisReader, field.chinese) }
                    fieldsMatching += 1
                } else if let authority {
                    if isWithheld { refuse(.listing, field.chinese) }
                    if isDestroyed(entry, by: authority) {
                        fieldsDestroyed += 1
                    } else {
                        refuse(.destroyedWithoutAuthority, field.chinese)
                    }
                } else if isWithheld {
                    if case .some(.none) = ground { refuse(.withheldWithoutGround, field.chinese) }
                    fieldsWithheld += 1
                } else {
                    refuse(.fieldMissing, field.chinese)
                }
            }
        }
        // What is left names fields that no entry of the dossier has.
        for place in withheld.union(destroyed.keys).sorted() { refuse(.listing, place.chinese) }
    }

    /// Each ground is one of the format's words for this reader, so that nobody's own sentence stands among them.
    mutating func checkGrounds(_ manifest: DossierManifest) {
        let grounds = Set(manifest.audience.grounds)
        for item in manifest.withheld where !grounds.contains(item.ground) {
            // Only a file can be lost: a field stands in the ledger.
            if item.what == .file, LostOriginal(ground: item.ground) != nil { continue }
            refuse(.groundForm, item.place.chinese)
        }
    }

    /// A file is held to its class as a field is: left out only where this reader may not have it, on the ground of that
    /// class; or because its original is lost, which an entry has to say.
    private mutating func checkGround(
        of item: DossierManifest.Withheld, _ entry: DossierEntry, for audience: DossierAudience
    ) {
        if let lost = LostOriginal(ground: item.ground) {
            if !isFound(lost, entry) { refuse(.lostUnfounded, item.place.chinese) }
            return
        }
        guard let openingClass = entry.entry.openingClass(of: item.place.field) else { return }
        let ground = audience.ground(against: openingClass)
        guard let ground, ground.utf8.elementsEqual(item.ground.utf8) else {
            return refuse(.withheldWithoutGround, item.place.chinese)
        }
    }

    /// Whether an entry of the dossier says that the file whose digest another entry holds was found so.
    private func isFound(_ lost: LostOriginal, _ entry: DossierEntry) -> Bool {
        entries.values.contains { found in
            let content = found.entry.skeleton.content
            return content.type == DossierVocabulary.fixityChecked && content.plain["result"]?.string == lost.rawValue
                && content.references.contains {
                    $0.role == DossierVocabulary.lost && $0.thread == entry.place.thread && $0.seq == entry.place.seq
                        && $0.commitment == entry.entry.commitment
                }
        }
    }

    private func isDestroyed(_ entry: DossierEntry, by authority: EntryPlace) -> Bool {
        entries[authority]?.entry.skeleton.content.references.contains { reference in
            reference.role == DossierVocabulary.destroys && reference.thread == entry.place.thread
                && reference.seq == entry.place.seq && reference.commitment == entry.entry.commitment
        } ?? false
    }

    // MARK: threads

    /// The recordings that the case names are in, and the filed count is that of the thread.
    mutating func checkThreads(_ manifest: DossierManifest) {
        let whole = Set(manifest.threads.map(\.thread))
        for (place, entry) in entries.sorted(by: { $0.key < $1.key })
        where place.thread == manifest.caseThread {
            let content = entry.entry.skeleton.content
            if content.type == DossierVocabulary.recordingLinked,
                let recording = content.plain["recording"]?.string.flatMap({ ThreadTag($0) }),
                !whole.contains(recording)
            {
                refuse(.threadLeftOut, place.chinese)
            }
            if content.type == DossierVocabulary.caseFiled, let count = content.plain["entries"]?.integer,
                count != Int64(place.seq)
            {
                refuse(.filedCount, place.chinese)
            }
        }
    }

    // MARK: evidence and pages

    /// Every file is the one whose digest an entry holds, and every digest in an entry has its file or a ground.
    mutating func checkEvidence(_ manifest: DossierManifest) {
        for file in manifest.files {
            let path = file.path.description
            guard let found = files[file.path] else {
                refuse(.fileMissing, path)
                continue
            }
            accounted.insert(file.path)
            if found.size != file.size || found.sha256 != file.sha256 { refuse(.evidenceChanged, path) }
            guard let source = file.source else { continue }
            guard let value = entries[source.entry]?.value(of: source.field),
                let named = EvidenceDigest(value),
                named.sha256 == file.sha256, named.size == file.size
            else {
                refuse(.evidenceUnbound, path)
                continue
            }
            // Other bytes have another root anyway, and were told already.
            if found.sha256 == named.sha256, let root = named.chunkRoot, root != chunkRoots[file.path] {
                refuse(.chunkRoot, path)
            }
        }
        var known = Set(manifest.files.map(\.sha256))
        for item in manifest.withheld where item.what == .file {
            // A file may be withheld together with the opening of its digest.
            guard let entry = entries[item.place.entry],
                entry.entry.skeleton.content.fields.contains(where: { $0.name == item.place.field })
            else {
                refuse(.listing, item.place.chinese)
                continue
            }
            checkGround(of: item, entry, for: manifest.audience)
            if let digest = entry.value(of: item.place.field).flatMap({ EvidenceDigest($0) }) {
                if manifest.files.contains(where: { $0.sha256 == digest.sha256 }) {
                    refuse(.listing, item.place.chinese)
                }
                known.insert(digest.sha256)
            }
        }
        for (place, entry) in entries.sorted(by: { $0.key < $1.key }) {
            for opening in entry.entry.openings {
                if let digest = entry.value(of: opening.name).flatMap({ EvidenceDigest($0) }),
                    !known.contains(digest.sha256)
                {
                    refuse(.evidenceLeftOut, FieldPlace(entry: place, field: opening.name).chinese)
                }
            }
        }
    }

    mutating func checkPages(_ manifest: DossierManifest) throws(DossierUnreadable) {
        let expected = VerifyPage.bytes(manifest, heads: logs.map(\.head))
        if let bytes = try read(DossierLayout.instructions), bytes != expected {
            refuse(.page, DossierLayout.instructions.description)
        }
        // It counts the payload, so any file that is gone or changed would be told a second time here.
        guard let bytes = try read(DossierLayout.info), let exportedAt,
            !reasons.contains(where: { [.fileChanged, .fileMissing, .fileExtra].contains($0.code) })
        else { return }
        let payload = files.filter { $0.key.hasPrefix("data/") }
        if bytes != BagTags.info(manifest, exportedAt: exportedAt, payload: payload) {
            refuse(.bagForm, DossierLayout.info.description)
        }
    }
}

/// The digest of a file as entries hold it: an object with `sha256`, `size` and, where it was recorded, `chunkRoot`.
struct EvidenceDigest {
    let sha256: Digest
    let size: Int
    /// Zero where something stands in its place that is no digest, so that no file has it.
    let chunkRoot: Digest?

    init?(_ json: JSON) {
        guard let sha256 = json["sha256"]?.string.flatMap({ Digest($0) }),
            let size = json["size"]?.integer, size >= 0
        else { return nil }
        self.sha256 = sha256
        self.size = Int(size)
        chunkRoot = json["chunkRoot"].map { $0.string.flatMap { Digest($0) } ?? .zero }
    }
}
