import Kernel

/// Everything that was read from `Regulations/` and `Documents/`: texts, matters, document kinds, calendars.
public struct RuleLibrary: Hashable, Sendable {
    /// Texts with the SHA-256 of their file.
    public var regulations: [LoadedRegulation]
    /// Matters by id.
    public var matters: [String: Matter]
    /// Document kinds by name, with the SHA-256 of their file.
    public var kinds: [String: LoadedKind]
    /// Calendars, every version of every year, with the SHA-256 of their file.
    public var calendars: [LoadedCalendar]
    /// How the file of a case is scored; nil where no sheet was read.
    public var scoreSheet: ScoreSheet?
    /// The digest of the list of all these files (ADR 0018): what an adoption names, so that a text is judged with the
    /// matters that it was adopted with. Nil where nothing is kept, as in a check of files.
    public var edition: Digest?
    /// The matters of editions, this one's and kept ones'.
    public var mattersOfEditions: [Digest: [String: Matter]] = [:]
    /// Document kinds by the SHA-256 of their `kind.yaml`: these and kept ones.
    public var keptKinds: [Digest: DocumentKind] = [:]

    /// A library.
    public init(
        regulations: [LoadedRegulation] = [], matters: [String: Matter] = [:], kinds: [String: LoadedKind] = [:],
        calendars: [LoadedCalendar] = []
    ) {
        self.regulations = regulations
        self.matters = matters
        self.kinds = kinds
        self.calendars = calendars
    }

    /// The text whose file has this digest; nil if it was not read.
    public func regulation(_ digest: Digest) -> Regulation? {
        regulations.first { $0.digest == digest }?.regulation
    }

    /// The newest version of a text by its id.
    public func newest(_ id: String) -> LoadedRegulation? {
        // By place, so that texts that are passed over are not taken out.
        var newest: Int?
        for place in regulations.indices where regulations[place].regulation.id == id {
            guard let known = newest,
                !(regulations[known].regulation.version < regulations[place].regulation.version)
            else {
                newest = place
                continue
            }
        }
        return newest.map { regulations[$0] }
    }

    /// A document kind; nil if there is none of this name.
    public func kind(_ name: String) -> DocumentKind? { kinds[name]?.kind }

    /// The kind of a document as it was when the document was fixed; where that file is not kept, as it is now.
    public func kind(of document: CaseDocument) -> DocumentKind? {
        document.kindDigest.flatMap { keptKinds[$0] } ?? kind(document.kind)
    }

    /// The edition that an adoption of a text names: the newest one that the text is in.
    public func edition(of text: Digest) -> Digest? {
        regulations.first { $0.digest == text }?.edition ?? edition
    }

    /// The newest version of each year's calendar, in order of the years.
    public var newestCalendars: [LoadedCalendar] {
        Dictionary(grouping: calendars, by: \.year.year).values
            .compactMap { $0.max { $0.year.version < $1.year.version } }
            .sorted { $0.year.year < $1.year.year }
    }

    /// The kinds that are drawn up on screen, by name.
    public var drawnKinds: [DocumentKind] {
        kinds.values.filter { $0.templateDigest != nil }.map(\.kind).sorted { $0.name < $1.name }
    }

    /// The kinds whose papers others make and bring, by name.
    public var outsideKinds: [DocumentKind] {
        kinds.values.map(\.kind).filter(\.isOutside).sorted { $0.name < $1.name }
    }

    /// The newest calendars together.
    public var workingDays: WorkingDays { WorkingDays(years: newestCalendars.map(\.year)) }

    /// The same with every place of a form that an office signs given to its holder; where nobody declares the office, who
    /// the form names signs.
    public func seated(_ holder: (String) -> DutyHolder?) -> RuleLibrary {
        var result = self
        for (name, loaded) in kinds where loaded.kind.hasOffices {
            result.kinds[name] = LoadedKind(
                kind: loaded.kind.seated(holder), digest: loaded.digest, templateDigest: loaded.templateDigest)
        }
        for (digest, kind) in keptKinds where kind.hasOffices { result.keptKinds[digest] = kind.seated(holder) }
        return result
    }

    /// A provision by id, from the newest version of its text.
    public func provision(_ id: String) -> Provision? {
        guard let colon = id.firstIndex(of: ":") else { return nil }
        guard let text = newest(String(id[..<colon])) else { return nil }
        let provisions = text.regulation.provisions
        return provisions.indices.first { provisions[$0].id == id }.map { provisions[$0] }
    }
}

/// A text as read from a file.
public struct LoadedRegulation: Hashable, Sendable {
    public let regulation: Regulation
    /// SHA-256 of the file's bytes.
    public let digest: Digest
    /// The file's name.
    public let file: String
    /// The kept edition that it was read from; nil for the program's own files.
    public var edition: Digest?

    /// A text with its digest.
    public init(regulation: Regulation, digest: Digest, file: String) {
        self.regulation = regulation
        self.digest = digest
        self.file = file
    }
}

/// A document kind as read from a file.
public struct LoadedKind: Hashable, Sendable {
    public let kind: DocumentKind
    /// SHA-256 of the bytes of `kind.yaml`.
    public let digest: Digest
    /// One digest of its template and of every other file that the template may read (docs/formats.md); nil for a kind
    /// without one, which is not drawn up on screen.
    public let templateDigest: Digest?

    /// A kind with the digests of its files.
    public init(kind: DocumentKind, digest: Digest, templateDigest: Digest?) {
        self.kind = kind
        self.digest = digest
        self.templateDigest = templateDigest
    }
}

/// A year's table of public holidays as read from a file.
public struct LoadedCalendar: Hashable, Sendable {
    public let year: HolidayYear
    /// SHA-256 of the file's bytes.
    public let digest: Digest

    /// A year with its digest.
    public init(year: HolidayYear, digest: Digest) {
        self.year = year
        self.digest = digest
    }

    /// The name of its file: `2026.yaml`, of a later version `2026-2.yaml`.
    public var file: String {
        year.version == 1 ? "\(year.year).yaml" : "\(year.year)-\(year.version).yaml"
    }
}

extension DocumentKind {
    /// Whether the holder of an office signs somewhere.
    var hasOffices: Bool { slots.contains { $0.office != nil } }

    /// The kind with the places of offices given to their holders.
    func seated(_ holder: (String) -> DutyHolder?) -> DocumentKind {
        var kind = self
        for index in kind.slots.indices {
            if let office = kind.slots[index].office, let who = holder(office) { kind.slots[index].who = who }
        }
        return kind
    }
}
