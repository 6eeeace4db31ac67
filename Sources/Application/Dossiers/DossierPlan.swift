import Casework
import Kernel
import Ledger

/// What goes into a dossier and what stays out, for one reader (案卷).
///
/// In are the case's thread, the threads of its recordings, the inspection that led to it with its recordings, the lead
/// that it was started from, and single entries: the party, the persons who acted, the published log key.
struct DossierPlan {
    let manifest: DossierManifest
    /// Entries by place, with the openings that this reader may have. The export's own entry is not among them yet.
    let entries: [EntryPlace: LoggedEntry]
    /// The vault's objects by the path of their file.
    let objects: [BagPath: ObjectID]
}

/// Chooses entries, openings and files for a dossier.
struct DossierPlanner {
    let audience: DossierAudience
    let mode: DossierMode
    let origin: String
    let bureau: BureauTag
    let library: RuleLibrary

    private var entries: [EntryPlace: LoggedEntry] = [:]
    private var withheld: [DossierManifest.Withheld] = []
    private var files: [DossierManifest.File] = []
    private var objects: [BagPath: ObjectID] = [:]
    private var heads: [DossierManifest.Head] = []
    private var pieces = 0
    private var recordings = 0
    /// Formats of the scans that people sent, read from their first bytes.
    private let formats: [ObjectID: ScanFormat]
    /// Objects that the vault has lost, and what was found of them.
    private let lost: [ObjectID: LostOriginal]
    /// The entries that hold the digests of what is lost and would have gone in.
    private(set) var lostSources: [EntryPlace: LostOriginal] = [:]
    /// Every object that goes in, with the entry that holds its digest.
    private(set) var sources: [ObjectID: EntryPlace] = [:]
    private var laterLogs: [DossierManifest.Log] = []
    /// Fields whose stored class is not theirs. What may be shown to whom cannot be said then, so nothing is handed out.
    private(set) var misclassified: [FieldPlace] = []

    init(
        audience: DossierAudience, mode: DossierMode, origin: String, bureau: BureauTag, library: RuleLibrary,
        formats: [ObjectID: ScanFormat] = [:], lost: [ObjectID: LostOriginal] = [:]
    ) {
        self.formats = formats
        self.lost = lost
        self.audience = audience
        self.mode = mode
        self.origin = origin
        self.bureau = bureau
        self.library = library
    }

    /// Takes in an entry, leaving out the openings that this reader may not have.
    mutating func add(_ logged: LoggedEntry) {
        let content = logged.entry.skeleton.content
        let place = EntryPlace(thread: content.thread, seq: content.seq)
        misclassified += logged.entry.misclassified.map { FieldPlace(entry: place, field: $0) }
        var openings: [Opening] = []
        for opening in logged.entry.openings {
            if let ground = audience.ground(against: opening.openingClass) {
                withheld.append(
                    .init(place: .init(entry: place, field: opening.name), what: .field, ground: ground))
            } else {
                openings.append(opening)
            }
        }
        entries[place] = LoggedEntry(
            log: logged.log, index: logged.index,
            entry: Entry(
                unchecked: logged.entry.skeleton, salt: logged.entry.salt, prev: logged.entry.prev, openings: openings))
    }

    /// Leaves out a field of an entry that is still to be written, if this reader may not have it.
    mutating func withhold(_ field: String, of place: EntryPlace, class openingClass: OpeningClass) {
        guard let ground = audience.ground(against: openingClass) else { return }
        withheld.append(.init(place: .init(entry: place, field: field), what: .field, ground: ground))
    }

    /// Takes in a later log: its first entry, which names the gap before it, and the entry that published its key.
    mutating func add(_ log: LedgerLog, opening: LoggedEntry, key: LoggedEntry) {
        add(opening)
        add(key)
        laterLogs.append(
            .init(number: log.number, origin: log.origin, key: DossierPlanner.verifierKeyPlace(of: key)))
    }

    /// The field that holds the key in an entry that published one.
    static func verifierKeyPlace(of key: LoggedEntry) -> FieldPlace {
        let content = key.entry.skeleton.content
        return FieldPlace(entry: .init(thread: content.thread, seq: content.seq), field: "vkey")
    }

    /// Takes in a case's thread with the files that its documents and recordings stand for.
    mutating func add(_ view: CaseView, in folder: String) {
        for logged in view.entries { add(logged) }
        for document in view.work.documents {
            add(
                document, of: view.entries, note: view.work.isSupplement(document.fixedSeq) ? "（归档以后补充）" : "",
                in: folder)
        }
        for link in view.work.recordings {
            guard let thread = view.recordings[link.recording] else { continue }
            for logged in thread { add(logged) }
            add(recording: thread, in: folder)
        }
    }

    /// Takes in the thread of the lead that the case was started from, with its papers (ADR 0078).
    ///
    /// An application is the party's own. That somebody reported, by which way and on which day, tells more of them than any
    /// paper that is withheld: such a thread goes to the archive alone.
    mutating func add(_ lead: LeadView, in folder: String) {
        for logged in lead.entries { add(logged) }
        for document in lead.file.documents { add(document, of: lead.entries, note: "", in: folder) }
    }

    /// Whether a reader gets the thread of a lead.
    static func takes(_ lead: LeadView, for audience: DossierAudience) -> Bool {
        lead.file.kind == .application || audience == .archive
    }

    private mutating func add(
        _ document: CaseDocument, of entries: [LoggedEntry], note: String, in folder: String
    ) {
        let kind = library.kind(of: document)
        let title = kind?.title ?? document.kind
        let suffix = (document.isVoid ? "（作废）" : "") + note
        // Both renditions are evidence: what was shown to be read and signed, and what was issued.
        if let object = document.fixedObject {
            let name = "\(title)\(suffix)\(DossierPlanner.mark(of: document, kind))"
            add(
                object, digest: "digest", of: entries[document.fixedSeq - 1], kind: .document, title: name,
                name: "\(name).pdf", in: "\(folder)/文书")
        }
        if let issue = document.issue, let object = issue.object {
            add(
                object, digest: "digest", of: entries[issue.seq - 1], kind: .document, title: title + suffix,
                name: "\(title)\(suffix).pdf", in: "\(folder)/文书")
            let printed = entries[issue.seq - 1].entry.skeleton.content.plain
            if let size = printed["printedSize"]?.integer,
                let root = printed["printedRoot"]?.string.flatMap({ Digest($0) }),
                size > 0
            {
                let log = printed["printedLog"]?.integer.map { Int($0) } ?? entries[issue.seq - 1].log
                heads.append(.init(log: log, size: Int(size), root: root))
            }
        }
        for scan in document.scans {
            add(
                scan.object, digest: "digest", of: entries[scan.seq - 1], kind: .scan,
                title: "\(title)\(suffix)扫描件",
                name: "\(title)\(suffix)扫描件.pdf", in: "\(folder)/扫描件")
        }
        for slot in document.slots.values.sorted(by: { $0.seq < $1.seq }) {
            guard let scan = slot.scan else { continue }
            add(
                scan, digest: "scanDigest", of: entries[slot.seq - 1], kind: .scan, title: "\(title)签名页扫描件",
                name: "\(title)签名页\(formats[scan].map { ".\($0.fileExtension)" } ?? "")", in: "\(folder)/扫描件")
        }
    }

    private mutating func add(recording thread: [LoggedEntry], in folder: String) {
        guard let first = thread.first, let record = Record(first.entry), record.type == .recordingImported,
            let object = record.word("object").flatMap({ ObjectID($0) })
        else { return }
        recordings += 1
        // The name of the file is an opening like any other: who may not have it gets a number.
        let given = first.entry.openings.first { $0.name == "fileName" }
        let isOpen = given.map { audience.ground(against: $0.openingClass) == nil } ?? false
        let fileName = record.text("fileName")
        let name = (isOpen ? fileName : nil) ?? RecordingName.neutral(recordings, like: fileName)
        add(object, digest: "digest", of: first, kind: .recording, title: name, name: name, in: "\(folder)/音像")
    }

    private mutating func add(
        _ object: ObjectID, digest field: String, of logged: LoggedEntry, kind: DossierManifest.File.Kind,
        title: String, name: String, in folder: String
    ) {
        let content = logged.entry.skeleton.content
        let place = FieldPlace(entry: .init(thread: content.thread, seq: content.seq), field: field)
        guard let opening = logged.entry.openings.first(where: { $0.name == field }),
            let value = try? JSON(canonical: opening.value), let size = value["size"]?.integer,
            let sha256 = value["sha256"]?.string.flatMap({ Digest($0) })
        else { return }
        if let ground = audience.ground(against: opening.openingClass) {
            withheld.append(.init(place: place, what: .file, ground: ground))
            return
        }
        if let loss = lost[object] {
            withheld.append(.init(place: place, what: .file, ground: loss.ground))
            lostSources[place.entry] = loss
            return
        }
        sources[object] = place.entry
        pieces += 1
        // A path of our own folder and a number is always one; a name that is none falls back to the number alone.
        guard let path = DossierPlanner.path(folder: folder, piece: pieces, name: name) else { return }
        files.append(.init(path: path, kind: kind, title: title, size: Int(size), sha256: sha256, source: place))
        objects[path] = object
    }

    /// The plan for a case whose thread stands at `head` before the export's own entry.
    func plan(case thread: ThreadTag, head: Int, logKey: FieldPlace, whole: [ThreadTag: Int]) -> DossierPlan {
        var threads = whole
        threads[thread] = head + 1
        let wholeThreads = threads.map { DossierManifest.WholeThread(thread: $0.key, head: $0.value) }
        let singles = entries.keys.filter { threads[$0.thread] == nil }
        let manifest = DossierManifest(
            origin: origin, bureau: bureau, caseThread: thread, audience: audience, mode: mode, threads: wholeThreads,
            entries: singles, logKey: logKey, laterLogs: laterLogs, files: files, withheld: withheld,
            heads: Array(Set(heads)))
        return DossierPlan(manifest: manifest, entries: entries, objects: objects)
    }

    /// A path for a file: the piece's number, and the name without what no file system carries.
    static func path(folder: String, piece: Int, name: String) -> BagPath? {
        let number = Decimal.padded(piece, to: 3)
        let clean = String(
            String.UnicodeScalarView(
                name.unicodeScalars.map { scalar in
                    scalar.isControl || "\\/:*?\"<>|%".unicodeScalars.contains(scalar)
                        ? "_" : scalar
                }))
        // 255 bytes is the limit of a part; 60 characters of any script stay below it.
        let short = clean.count > 60 ? String(clean.prefix(40)) + "…" + String(clean.suffix(15)) : clean
        let trimmed = short.last == "." || short.last == " " ? short + "_" : short
        return BagPath("data/\(folder)/\(number)-\(trimmed)") ?? BagPath("data/\(folder)/\(number)")
    }
}
