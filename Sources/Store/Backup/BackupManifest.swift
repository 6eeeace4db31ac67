import Kernel

/// What a backup consists of: the sealed file `manifest`, canonical JSON, written last and by rename.
///
/// Whatever it does not name is not part of the backup.
struct BackupManifest: Hashable, Sendable {
    /// Versions that are read; the least that holds everything is written, so that an older program reads what it can.
    static let versions: ClosedRange<Int64> = 1...2
    static let name = "manifest"

    var bureau: BureauTag
    /// Rises by one with each run.
    var run = 0
    var madeAt: Instant
    /// The bureau's logs in order, each with its newest head.
    var logs: [Log] = []
    /// Files of entries in the order of the entries.
    var segments: [Segment] = []
    /// The generation of object keys.
    var generation = 0
    var generationBegan: Instant
    /// Its files, oldest first; a later record of an object replaces an earlier one.
    var keyFiles: [File] = []
    /// Sign-in data and drafts.
    var installation: File?
    /// Files of kept rules (ADR 0018), oldest first.
    var ruleFiles: [File] = []
    /// The bureau's own keys by use, as their files hold them.
    var serverKeys: [String: [UInt8]] = [:]

    struct File: Hashable, Sendable {
        let name: String
        let stamp: FileStamp
    }

    struct Log: Hashable, Sendable {
        let number: Int
        let origin: String
        let verifierKey: String
        let opened: Instant
        var size: Int64
        var root: Digest
        var note: [UInt8]
    }

    /// Entries `first ..< first + count` of one log.
    struct Segment: Hashable, Sendable {
        let log: Int
        let first: Int64
        let count: Int64
        /// How many openings were there; fewer in the ledger means that some were destroyed since.
        var openings: Int64
        var file: File
    }

    /// The newest head.
    var head: BackupHead? { logs.last.map { BackupHead(log: $0.number, size: $0.size, root: $0.root) } }

    /// Every sealed file that the manifest names.
    var files: [File] { segments.map(\.file) + keyFiles + ruleFiles + (installation.map { [$0] } ?? []) }
}

extension BackupManifest {
    var bytes: [UInt8] {
        var json: [JSON.Member] = [
            .init("v", .integer(ruleFiles.isEmpty ? 1 : 2)), .init("bureau", .string(bureau.description)),
            .init("run", .integer(Int64(run))), .init("madeAt", .integer(madeAt.milliseconds)),
            .init("generation", .integer(Int64(generation))),
            .init("generationBegan", .integer(generationBegan.milliseconds)),
            .init("logs", .array(logs.map(\.json))), .init("segments", .array(segments.map(\.json))),
            .init("keyFiles", .array(keyFiles.map(\.json))),
            .init(
                "serverKeys",
                .object(serverKeys.map { JSON.Member($0.key, .string(String(decoding: $0.value, as: UTF8.self))) })),
        ]
        if let installation { json.append(.init("installation", installation.json)) }
        if !ruleFiles.isEmpty { json.append(.init("ruleFiles", .array(ruleFiles.map(\.json)))) }
        return JSON.object(json).canonicalBytes
    }

    /// - Throws: `BackupError`.
    init(_ bytes: [UInt8]) throws(BackupError) {
        let damaged = BackupError.damaged(BackupManifest.name)
        guard let json = try? JSON(canonical: bytes) else { throw damaged }
        guard let version = json["v"]?.integer else { throw damaged }
        guard BackupManifest.versions.contains(version) else { throw .newerProgram("manifest \(version)") }
        guard let bureau = json["bureau"]?.string.flatMap({ BureauTag($0) }), let run = json["run"]?.integer,
            let madeAt = json["madeAt"]?.integer, let generation = json["generation"]?.integer,
            let began = json["generationBegan"]?.integer, let logs = json["logs"]?.elements,
            let segments = json["segments"]?.elements, let keyFiles = json["keyFiles"]?.elements,
            let serverKeys = json["serverKeys"]?.members
        else { throw damaged }
        self.init(
            bureau: bureau, run: Int(run), madeAt: Instant(milliseconds: madeAt), logs: logs.compactMap { Log($0) },
            segments: segments.compactMap { Segment($0) }, generation: Int(generation),
            generationBegan: Instant(milliseconds: began), keyFiles: keyFiles.compactMap { File($0) },
            installation: json["installation"].flatMap { File($0) },
            ruleFiles: json["ruleFiles"]?.elements?.compactMap { File($0) } ?? [], serverKeys: [:])
        for member in serverKeys { self.serverKeys[member.key] = Array((member.value.string ?? "").utf8) }
        // One spelling: whatever was not understood would be missing here.
        guard self.bytes == bytes else { throw damaged }
    }
}

extension BackupManifest.File {
    var json: JSON {
        ["bytes": .integer(stamp.byteCount), "name": .string(name), "sha256": .string(stamp.sha256.description)]
    }

    init?(_ json: JSON) {
        // A name of our own making: nothing in it can lead out of the backup's directory.
        guard let name = json["name"]?.string, !name.isEmpty,
            name.utf8.allSatisfy({ byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            }), let count = json["bytes"]?.integer,
            let sha256 = json["sha256"]?.string.flatMap({ Digest($0) })
        else { return nil }
        self.init(name: name, stamp: FileStamp(byteCount: count, sha256: sha256))
    }
}

extension BackupManifest.Log {
    var json: JSON {
        [
            "n": .integer(Int64(number)), "note": .string(String(decoding: note, as: UTF8.self)),
            "opened": .integer(opened.milliseconds), "origin": .string(origin), "root": .string(root.description),
            "size": .integer(size), "vkey": .string(verifierKey),
        ]
    }

    init?(_ json: JSON) {
        guard let number = json["n"]?.integer, let note = json["note"]?.string, let opened = json["opened"]?.integer,
            let origin = json["origin"]?.string, let root = json["root"]?.string.flatMap({ Digest($0) }),
            let size = json["size"]?.integer, size >= 0, let verifierKey = json["vkey"]?.string
        else { return nil }
        self.init(
            number: Int(number), origin: origin, verifierKey: verifierKey, opened: Instant(milliseconds: opened),
            size: size, root: root, note: Array(note.utf8))
    }
}

extension BackupManifest.Segment {
    var json: JSON {
        [
            "count": .integer(count), "file": file.json, "first": .integer(first), "log": .integer(Int64(log)),
            "openings": .integer(openings),
        ]
    }

    init?(_ json: JSON) {
        guard let log = json["log"]?.integer, let first = json["first"]?.integer, let count = json["count"]?.integer,
            count >= 0, first >= 0, let openings = json["openings"]?.integer,
            let file = json["file"].flatMap({ BackupManifest.File($0) })
        else { return nil }
        self.init(log: Int(log), first: first, count: count, openings: openings, file: file)
    }
}
