import Casework
import Kernel
import Ledger

/// Files a straightened scan of printed sheets with its document (扫描归件).
public struct FileScan: CaseStep {
    public static let name = "scan"

    public var document: DocumentID
    /// The straight picture, stored: a PDF of exactly `sheets`.
    public var picture: ObjectFacts
    /// What the scanner sent, stored as it came.
    public var original: ObjectFacts
    /// The sheets in the order of their pages.
    public var sheets: [Sheet]
    /// What read and straightened them.
    public var tool: String
    /// Where the paper is kept.
    public var place: String
    /// Whether the original holds sheets of other cases too.
    public var isShared: Bool

    /// One sheet of the picture.
    public struct Sheet: Hashable, Sendable {
        /// The document's page, from 1.
        public let page: Int
        /// Its page in what the scanner sent, from 1, and how it lay there.
        public let taken: ScanTurn
        /// Whether a person said which page it is: its code could not be read.
        public let byHand: Bool

        /// A sheet.
        public init(page: Int, taken: ScanTurn, byHand: Bool = false) {
            self.page = page
            self.taken = taken
            self.byHand = byHand
        }
    }

    /// A scan to be filed.
    public init(
        document: DocumentID, picture: ObjectFacts, original: ObjectFacts, sheets: [Sheet], tool: String,
        place: String, isShared: Bool = false
    ) {
        self.document = document
        self.picture = picture
        self.original = original
        self.sheets = sheets
        self.tool = tool
        self.place = place
        self.isShared = isShared
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        guard let fixed = scene.work.document(document) else {
            throw StepRefusal(.notFound, "本案没有这份文书。")
        }
        if let refusal = FileScan.obstacle(to: scene.performer.person, filing: fixed, in: scene.work) { throw refusal }
        var form = FormText()
        let place = form.required(place, "place", "纸质原件存放处", limit: 100)
        let pages = sheets.map(\.page)
        if sheets.isEmpty || sheets.contains(where: { $0.page < 1 || $0.taken.page < 1 }) {
            form.fail("sheets", "没有可以归件的页。")
        } else if zip(pages, pages.dropFirst()).contains(where: { $0 >= $1 })
            || Set(sheets.map(\.taken.page)).count != sheets.count
        {
            form.fail("sheets", "同一页重复了，请每一页只选一张。")
        } else if let count = fixed.paperPages, let last = pages.last, last > count {
            form.fail("sheets", "这份文书只有\(count)页，没有第\(last)页。请核对是不是打印的另一份。")
        }
        try form.finish()
        let known = scene.entries[fixed.fixedSeq - 1].openingClass(of: "digest") ?? .internal
        let all = fixed.scannedPages.union(pages)
        var plain: [JSON.Member] = [
            .init("document", .string(document.description)),
            .init("isWhole", .boolean(fixed.paperPages.map { (1...max(1, $0)).allSatisfy(all.contains) } ?? false)),
            .init("object", .string(picture.id.description)),
            .init("original", .string(original.id.description)),
            .init("sheets", .integer(Int64(sheets.count))),
        ]
        if isShared { plain.append(.init("isShared", true)) }
        return [
            Fact(
                .documentScanned, in: scene.work.thread, plain: .object(plain),
                fields: [
                    .init("digest", picture.json, known),
                    .init("making", FileScan.making(of: sheets, from: original, by: tool), .internal),
                    .init("place", .string(place), .internal),
                ],
                references: [try scene.reference("fixed", to: fixed.fixedSeq)])
        ]
    }

    /// What the picture was made from, and how: whoever has the original makes it again with these and finds its digest.
    static func making(of sheets: [Sheet], from original: ObjectFacts, by tool: String) -> JSON {
        [
            "from": [
                "bytes": .integer(original.byteCount), "digest": .string(original.sha256.description),
            ],
            "sheets": .array(
                sheets.map { sheet in
                    var members: [JSON.Member] = [
                        .init("scan", .integer(Int64(sheet.taken.page))), .init("sheet", .integer(Int64(sheet.page))),
                        .init("turn", .integer(Int64(sheet.taken.turn))),
                    ]
                    if sheet.byHand { members.append(.init("byHand", true)) }
                    return .object(members)
                }),
            "tool": .string(tool),
        ]
    }
}

/// Files what a stack holds of one case in one write: all of it, or none.
public struct FileScans: CaseStep {
    public static let name = "scans"

    public var scans: [FileScan]

    /// The scans, one for each document.
    public init(_ scans: [FileScan]) {
        self.scans = scans
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        guard Set(scans.map(\.document)).count == scans.count, !scans.isEmpty else {
            throw StepRefusal(fields: [.init("sheets", "没有可以归件的页。")])
        }
        var facts: [Fact] = []
        for scan in scans { facts += try await scan.facts(in: scene) }
        return facts
    }
}

/// Says that the paper of a document is kept elsewhere from now on (纸质原件存放变更).
public struct MovePaper: CaseStep {
    public static let name = "paper-place"

    public var document: DocumentID
    public var place: String
    public var reason: String?

    /// A move.
    public init(document: DocumentID, place: String, reason: String?) {
        self.document = document
        self.place = place
        self.reason = reason
    }

    /// Why a person may not say so; nil if they may. Paper goes on moving after a case is filed, and its record says where.
    public static func obstacle(to person: PersonRow, in work: Case) -> StepRefusal? {
        if work.isFiled {
            return person.roles.contains(.custodian)
                ? nil : StepRefusal(.notAllowed, "本案已归档，纸质原件由档案管理人员保管和登记。")
        }
        guard work.handlers.contains(person.thread) || person.roles.contains(.custodian) else {
            return StepRefusal(.notAllowed, "纸质原件的存放由本案承办人或者档案管理人员登记。")
        }
        return nil
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        guard let fixed = scene.work.document(document) else {
            throw StepRefusal(.notFound, "本案没有这份文书。")
        }
        if let refusal = MovePaper.obstacle(to: scene.performer.person, in: scene.work) { throw refusal }
        var form = FormText()
        let place = form.required(place, "place", "纸质原件存放处", limit: 100)
        let reason = form.optional(reason, "reason", "变更的原因", limit: 200)
        if let last = fixed.places.last?.text, last.utf8.elementsEqual(place.utf8) {
            form.fail("place", "存放处没有变化。")
        }
        try form.finish()
        return [
            Fact(
                .paperMoved, in: scene.work.thread, plain: ["document": .string(document.description)],
                fields: [.init("place", .string(place), .internal)]
                    + (reason.map { [.init("reason", .string($0), .internal)] } ?? []),
                references: [try scene.reference("fixed", to: fixed.fixedSeq)])
        ]
    }
}
