import Kernel

extension DossierManifest {
    /// The format of a dossier whose bureau has one log.
    public static let format = "liuhen/dossier/v1"
    /// The format of a dossier whose bureau has several: the same, with `logs` beside it.
    public static let formatOfSeveralLogs = "liuhen/dossier/v2"
    /// More logs than a bureau will ever lose.
    static let logLimit = 1_000
    /// A dossier with more entries is refused; a case of a lifetime has some thousands.
    static let entryLimit = 1_000_000

    /// The bytes of `data/dossier.json`.
    public var bytes: [UInt8] {
        var members: [JSON.Member] = [
            .init("audience", .string(audience.rawValue)), .init("bureau", .string(bureau.description)),
            .init("case", .string(caseThread.description)), .init("destroyed", .array(destroyed.map(\.json))),
            .init("entries", .array(entries.map(\.json))), .init("files", .array(files.map(\.json))),
            .init("format", .string(formatName)), .init("heads", .array(heads.map(\.json))),
            .init("logKey", logKey.json), .init("mode", .string(mode.rawValue)), .init("origin", .string(origin)),
            .init("threads", .array(threads.map(\.json))), .init("withheld", .array(withheld.map(\.json))),
        ]
        if !laterLogs.isEmpty { members.append(.init("logs", .array(laterLogs.map(\.json)))) }
        return JSON.object(members).canonicalBytes
    }

    private var formatName: String {
        laterLogs.isEmpty ? DossierManifest.format : DossierManifest.formatOfSeveralLogs
    }

    /// What the entry of the export holds as `manifest`.
    public var digest: Digest { Digest.sha256(bytes) }

    /// Reads `data/dossier.json`. Unknown members, lists out of order and every other spelling are refused.
    ///
    /// - Returns: nil unless writing what was read gives the same bytes.
    public init?(_ bytes: [UInt8]) {
        guard let json = try? JSON(canonical: bytes), let format = json["format"]?.string,
            [DossierManifest.format, DossierManifest.formatOfSeveralLogs].contains(format),
            let audience = json["audience"]?.string.flatMap({ DossierAudience(rawValue: $0) }),
            let bureau = json["bureau"]?.string.flatMap({ BureauTag($0) }),
            let caseThread = json["case"]?.string.flatMap({ ThreadTag($0) }),
            let mode = json["mode"]?.string.flatMap({ DossierMode(rawValue: $0) }),
            let origin = json["origin"]?.string, VerifierKey.isValid(name: origin),
            let logKey = json["logKey"].flatMap({ FieldPlace($0) }),
            let threads = json["threads"].list({ WholeThread($0) }),
            let entries = json["entries"].list({ EntryPlace($0) }),
            let files = json["files"].list({ File($0) }),
            let withheld = json["withheld"].list({ Withheld($0) }),
            let destroyed = json["destroyed"].list({ Destroyed($0) }),
            let heads = json["heads"].list({ Head($0) }),
            let laterLogs = json["logs"] == nil ? [] : json["logs"].list({ Log($0) })
        else { return nil }
        self.init(
            origin: origin, bureau: bureau, caseThread: caseThread, audience: audience, mode: mode,
            threads: threads,
            entries: entries, logKey: logKey, laterLogs: laterLogs, files: files, withheld: withheld,
            destroyed: destroyed,
            heads: heads)
        let total = threads.reduce(entries.count) { $0 + $1.head }
        let numbers = logs.map(\.number)
        // Later logs have rising numbers and the names that follow from them, and heads are of logs that are there.
        guard zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }), numbers.count <= DossierManifest.logLimit,
            laterLogs.allSatisfy({
                $0.origin.utf8.elementsEqual(LogSuccession.origin(of: $0.number, first: origin).utf8)
            }), heads.allSatisfy({ numbers.contains($0.log) })
        else { return nil }
        // Each thing is named once, and no single entry belongs to a whole thread.
        guard self.bytes == bytes, total <= DossierManifest.entryLimit,
            Set(threads.map(\.thread)).count == threads.count, Set(entries).count == entries.count,
            Set(files.map(\.path)).count == files.count,
            Set(destroyed.map(\.place)).count == destroyed.count,
            Set(heads).count == heads.count, exportPlace != nil,
            !entries.contains(where: { entry in
                threads.contains { $0.thread == entry.thread && entry.seq <= $0.head }
            })
        else { return nil }
    }
}

extension EntryPlace {
    var json: JSON { ["seq": .integer(Int64(seq)), "thread": .string(thread.description)] }

    init?(_ json: JSON) {
        guard let thread = json["thread"]?.string.flatMap({ ThreadTag($0) }),
            let seq = json["seq"]?.integer,
            (1...Int64(DossierManifest.entryLimit)).contains(seq)
        else { return nil }
        self.init(thread: thread, seq: Int(seq))
    }
}

extension FieldPlace {
    var json: JSON {
        [
            "field": .string(field), "seq": .integer(Int64(entry.seq)),
            "thread": .string(entry.thread.description),
        ]
    }

    init?(_ json: JSON) {
        guard let entry = EntryPlace(json), let field = json["field"]?.string, Token.isToken(field)
        else { return nil }
        self.init(entry: entry, field: field)
    }
}

extension DossierManifest.WholeThread {
    fileprivate var json: JSON {
        ["head": .integer(Int64(head)), "thread": .string(thread.description)]
    }

    fileprivate init?(_ json: JSON) {
        guard let thread = json["thread"]?.string.flatMap({ ThreadTag($0) }),
            let head = json["head"]?.integer,
            (1...Int64(DossierManifest.entryLimit)).contains(head)
        else { return nil }
        self.init(thread: thread, head: Int(head))
    }
}

extension DossierManifest.File {
    fileprivate var json: JSON {
        var members: [JSON.Member] = [
            .init("kind", .string(kind.rawValue)), .init("path", .string(path.description)),
            .init("sha256", .string(sha256.description)), .init("size", .integer(Int64(size))),
            .init("title", .string(title)),
        ]
        if let source { members.append(.init("source", source.json)) }
        return .object(members)
    }

    fileprivate init?(_ json: JSON) {
        guard let kind = json["kind"]?.string.flatMap({ Kind(rawValue: $0) }),
            let path = json["path"]?.string.flatMap({ BagPath($0) }), path.hasPrefix("data/"),
            !path.hasPrefix(DossierLayout.ledgerPrefix), path != DossierLayout.manifest,
            path != DossierLayout.instructions, let title = json["title"]?.string,
            let size = json["size"]?.integer, size >= 0,
            let sha256 = json["sha256"]?.string.flatMap({ Digest($0) })
        else { return nil }
        var source: FieldPlace?
        if let json = json["source"] {
            guard let place = FieldPlace(json) else { return nil }
            source = place
        }
        // Evidence is bound to the fact that recorded it; only pages are bound by the export alone.
        guard (kind == .page) == (source == nil) else { return nil }
        self.init(path: path, kind: kind, title: title, size: Int(size), sha256: sha256, source: source)
    }
}

extension DossierManifest.Withheld {
    fileprivate var json: JSON {
        [
            "field": .string(place.field), "ground": .string(ground),
            "seq": .integer(Int64(place.entry.seq)),
            "thread": .string(place.entry.thread.description), "what": .string(what.rawValue),
        ]
    }

    fileprivate init?(_ json: JSON) {
        guard let place = FieldPlace(json), let ground = json["ground"]?.string, !ground.isEmpty,
            let what = json["what"]?.string.flatMap({ What(rawValue: $0) })
        else { return nil }
        self.init(place: place, what: what, ground: ground)
    }
}

extension DossierManifest.Destroyed {
    fileprivate var json: JSON {
        [
            "by": authority.json, "field": .string(place.field), "seq": .integer(Int64(place.entry.seq)),
            "thread": .string(place.entry.thread.description),
        ]
    }

    fileprivate init?(_ json: JSON) {
        guard let place = FieldPlace(json), let authority = json["by"].flatMap({ EntryPlace($0) })
        else { return nil }
        self.init(place: place, authority: authority)
    }
}

extension DossierManifest.Head {
    fileprivate var json: JSON {
        var members: [JSON.Member] = [
            .init("root", .string(root.description)), .init("size", .integer(Int64(size))),
        ]
        if log > 1 { members.append(.init("log", .integer(Int64(log)))) }
        return .object(members)
    }

    fileprivate init?(_ json: JSON) {
        guard let root = json["root"]?.string.flatMap({ Digest($0) }), let size = json["size"]?.integer,
            size >= 0, let log = LogNumber.read(json["log"])
        else { return nil }
        self.init(log: log, size: Int(size), root: root)
    }
}

extension DossierManifest.Log {
    fileprivate var json: JSON {
        ["key": key.json, "n": .integer(Int64(number)), "origin": .string(origin)]
    }

    fileprivate init?(_ json: JSON) {
        guard let number = LogNumber.read(json["n"]), number > 1, let origin = json["origin"]?.string,
            VerifierKey.isValid(name: origin), let key = json["key"].flatMap({ FieldPlace($0) })
        else { return nil }
        self.init(number: number, origin: origin, key: key)
    }
}

/// The number of a log where it may be left out: it is left out for the first.
enum LogNumber {
    static func read(_ json: JSON?) -> Int? {
        guard let json else { return 1 }
        return json.integer.flatMap { (2...Int64(1) << 18).contains($0) ? Int($0) : nil }
    }
}

extension JSON? {
    /// Every element read; nil if this is no array or one element cannot be read.
    func list<Element>(_ read: (JSON) -> Element?) -> [Element]? {
        guard let elements = self?.elements else { return nil }
        var list: [Element] = []
        for json in elements {
            guard let element = read(json) else { return nil }
            list.append(element)
        }
        return list
    }
}
