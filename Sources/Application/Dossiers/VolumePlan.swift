import Casework
import Kernel

/// What is bound in one volume of a case (正卷、副卷), in the order and with the numbers of its catalogue (卷内目录).
///
/// Pieces and page numbers are those of `CaseFileSheets`, from which the catalogue itself is filled, as they stood when the
/// catalogue on file was fixed. Where that catalogue says otherwise there is no plan: a wrong number on paper is worse
/// than none.
public struct VolumePlan: Sendable {
    /// The two volumes. Pieces of both are counted through, so each has the numbers that the one catalogue gives.
    public enum Part: String, Hashable, Sendable, CaseIterable {
        case open
        case `internal`

        /// 正卷、副卷.
        public var chinese: String { self == .open ? "正卷" : "副卷" }
    }

    /// A document with its place in the volume.
    public struct Piece: Sendable {
        /// Its number in the catalogue; of what was fixed after the catalogue, that it came later.
        public let label: String
        public let title: String
        /// Its pages as the catalogue says them.
        public let range: String
        /// Whether it comes from the inspection that the case was opened from.
        public let isOfSource: Bool
        /// Why a sheet stands for it; nil where it is bound.
        public let withheld: String?
        /// Whether the picture of its paper is bound, in part at least.
        public var isScanned: Bool { pages.contains(where: \.isScan) }
        /// Where each of its pages is taken from; empty where a sheet stands for it.
        let pages: [Page]
        /// The number of its first page in the volume.
        let first: Int

        /// The number of a page of it in the outer corner.
        func number(_ pages: String) -> String { "\(label) · 卷内第 \(pages) 页" }
    }

    /// One page of a stored PDF.
    struct Page: Sendable {
        let object: ObjectID
        /// How many pages the PDF has.
        let count: Int
        /// Which of them it is, from 1.
        let page: Int
        let isScan: Bool
        /// What the sheet says under its number.
        let note: String
    }

    /// Which of the two it is.
    public let part: Part
    /// The documents in it, in order.
    public let pieces: [Piece]
    /// Cover and catalogue, closing sheet: bound before and behind, without numbers, as their own forms have none.
    let front: [CaseDocument]
    let back: [CaseDocument]
    /// What the catalogue lists without pages: recordings, and an inspection that was filed apart.
    public let unpaged: [String]
    /// Whether there is a catalogue whose numbers these are.
    public var isCatalogued: Bool { front.contains { $0.kind == VolumePlan.catalogue } }

    static let catalogue = "case-file-catalogue"
    /// So many lines of what has no pages stand on one sheet.
    static let linesOfSheet = 22

    /// The lines of what has no pages, sheet by sheet.
    var unpagedSheets: [[String]] {
        stride(from: 0, to: unpaged.count, by: VolumePlan.linesOfSheet).map { start in
            Array(unpaged[start..<min(start + VolumePlan.linesOfSheet, unpaged.count)])
        }
    }

    /// Whether there is anything in this volume.
    public var isEmpty: Bool { pieces.isEmpty && unpaged.isEmpty }

    /// How many sheets it has.
    public var sheets: Int {
        (front + back).reduce(0) { $0 + max(1, $1.pages ?? 1) } + pieces.reduce(0) { $0 + max(1, $1.pages.count) }
            + unpagedSheets.count
    }

    /// Why a person does not get this volume; nil where they do.
    ///
    /// Who may see the case gets the open one. The internal one is for whoever handles the case, reviews, heads or keeps it:
    /// who only signed a paper of it sees that paper in a look of its own.
    public static func refusal(of part: Part, in work: Case, to person: PersonRow) -> StepRefusal? {
        guard let right = work.viewRight(of: person) else { return StepRefusal(.notFound, "没有这个案件。") }
        guard part == .internal, right == "handler", !work.handlers.contains(person.thread) else { return nil }
        return StepRefusal(.notAllowed, "副卷由本案承办人、审查人员、负责人和档案管理人员合订。您不是本案的承办人，签过名的文书请在文书页单独打开。")
    }

    /// - Parameters:
    ///   - source: the inspection that the case was opened from.
    ///   - person: who binds it; what they may not see is not in it.
    /// - Throws: where the catalogue on file says other numbers.
    public init(
        _ part: Part, of view: CaseView, source: CaseView?, law: Law, for person: PersonRow, at now: Instant
    ) throws(StepRefusal) {
        let sheets = CaseFileSheets(view: view, source: source, law: law, archivist: person, persons: [], now: now)
        let catalogue = view.work.document(ofKind: VolumePlan.catalogue)
        let items = sheets.items(asOf: catalogue)
        let counted = items.filter { item in
            guard let catalogue else { return true }
            return item.isOfSource
                ? item.document.fixedAt <= catalogue.fixedAt : item.document.fixedSeq < catalogue.fixedSeq
        }.count
        let rows = catalogue?.data?["items"]?.elements
        try VolumePlan.requireTrue(rows, to: Array(items.prefix(counted)), in: view.work)
        var pieces: [Piece] = []
        for (index, item) in items.enumerated() {
            let isInternal = law.library.kind(of: item.document)?.volume == .internal
            guard isInternal == (part == .internal) else { continue }
            let home = item.isOfSource ? source ?? view : view
            let ground = VolumePlan.ground(against: item.document, in: home, part, item.isOfSource, person)
            pieces.append(
                Piece(
                    label: index < counted ? "第 \(index + 1) 件" : "目录以后第 \(index - counted + 1) 件",
                    title: item.title, range: item.range("—"), isOfSource: item.isOfSource, withheld: ground,
                    pages: ground == nil ? VolumePlan.pages(of: item.document, item.pages.count) : [],
                    first: item.pages.lowerBound))
        }
        self.part = part
        self.pieces = pieces
        let filed = { (kinds: [String]) in kinds.compactMap { view.work.document(ofKind: $0) } }
        front = filed(["case-file-cover", VolumePlan.catalogue])
        back = filed(["closing-sheet"])
        let unpaged = (rows ?? sheets.data(for: VolumePlan.catalogue)?["items"]?.elements ?? [])
            .filter { $0["pages"]?.string?.isEmpty != false && $0["title"]?.string != CaseFileSheets.nothing }
        // They are listed once: in the volume that everybody with the right to the case gets.
        self.unpaged = part == .internal ? [] : unpaged.map(VolumePlan.line)
    }

    /// Where each page comes from: the picture of its paper where that was filed, else what was printed.
    private static func pages(of document: CaseDocument, _ count: Int) -> [Page] {
        let printed = document.issue?.object ?? document.fixedObject
        let unscanned = document.isOnPaper && !document.isOutside ? Set(document.unscannedPages) : []
        var pages: [Page] = []
        for number in 1...count {
            let notes = [document.isVoid ? "已作废" : "", unscanned.contains(number) ? "纸上签名的原件没有扫描" : ""]
            let note = notes.filter { !$0.isEmpty }.joined(separator: "，")
            if let scan = document.scans.last(where: { $0.sheets.contains(number) }),
                let place = scan.sheets.firstIndex(of: number)
            {
                pages.append(Page(object: scan.object, count: scan.count, page: place + 1, isScan: true, note: note))
            } else if let printed {
                pages.append(Page(object: printed, count: count, page: number, isScan: false, note: note))
            } else {
                return []
            }
        }
        return pages
    }

    /// Why a document is not bound for a person; nil where it is.
    ///
    /// What is kept for looks of its own is bound for nobody: a volume is handed on, and whoever holds it asks nobody.
    private static func ground(
        against document: CaseDocument, in home: CaseView, _ part: Part, _ isOfSource: Bool, _ person: PersonRow
    ) -> String? {
        if isOfSource, refusal(of: part, in: home.work, to: person) != nil {
            return "它是来源行政检查的材料，合订的人没有查看那个案件的权限"
        }
        if let mark = home.work.secrecyMark(of: .document(document.id)) {
            return "标明涉及\(mark.secret)，可以接触的是\(mark.cleared)"
        }
        if home.isVeiled(document) { return "含有投诉举报人的信息或者秘密，依法保密" }
        return document.issue?.object ?? document.fixedObject == nil ? "系统里没有它的文本" : nil
    }

    /// Refuses where the catalogue on file gives other numbers than the sheets would bear.
    private static func requireTrue(
        _ rows: [JSON]?, to items: [CaseFileSheets.Item], in work: Case
    ) throws(StepRefusal) {
        guard let rows else { return }
        let listed = rows.filter { $0["pages"]?.string?.isEmpty == false }
            .map { [$0["piece"]?.string ?? "", $0["pages"]?.string ?? ""] }
        let planned = items.enumerated().map { ["\($0.offset + 1)", $0.element.range()] }
        guard listed != planned else { return }
        let first = zip(listed, planned).first { $0 != $1 }?.1 ?? planned.dropFirst(listed.count).first
        let which = first.map { "第\($0[0])件现在是第\($0[1])页" } ?? "目录多出\(listed.count - planned.count)件"
        throw StepRefusal(
            .outOfOrder,
            "《卷内目录》与本案现在的记录不符（\(which)），照它编页号，纸上就对不上。"
                + (work.isFiled ? "本案已经归档，目录不再重做：请逐份打开文书打印，需要整卷的由行政机关负责人导出案卷。" : "请档案管理人员作废后重新制作《卷内目录》，再合订。"))
    }

    /// A line of the catalogue without pages, in words.
    private static func line(_ row: JSON) -> String {
        let piece = row["piece"]?.string ?? "—"
        let remarks = row["remarks"]?.string ?? ""
        return
            "\(piece == "—" ? "另卷" : "第 \(piece) 件")　\(row["title"]?.string ?? "")\(remarks.isEmpty ? "" : "（\(remarks)）")"
    }
}
