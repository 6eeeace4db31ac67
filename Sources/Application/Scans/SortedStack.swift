import Casework
import Kernel

/// A stack of scanned pages, sorted by the documents whose sheets they are (扫描归件).
///
/// It is computed from what was read each time it is asked for, and nothing of it is kept: what counts is what is filed.
public struct SortedStack: Sendable {
    /// What was recognised, case by case in the order of the stack.
    public let piles: [Pile]
    /// Pages that are no sheet of any pile.
    public let others: [Other]

    /// The cases of the piles, in their order.
    public var threads: [ThreadTag] { piles.map(\.thread).uniqued() }

    /// A document of which sheets are in the stack.
    public struct Pile: Sendable {
        public let thread: ThreadTag
        public let caseTitle: String
        public let document: CaseDocument
        public let title: String
        /// Why its sheets cannot be filed by this person now; nil if they can.
        public let obstacle: String?
        /// The places in the stack by the document's page, both in order.
        public let pages: [(page: Int, places: [Int])]
        /// Whether exactly this file is filed with it already.
        public let isFiled: Bool

        /// Pages of the document that neither the stack shows nor what was filed before.
        public var missing: [Int] {
            let here = Set(pages.map(\.page))
            return document.unscannedPages.filter { !here.contains($0) }
        }
        /// Pages that the stack shows more than once.
        public var doubled: [Int] { pages.filter { $0.places.count > 1 }.map(\.page) }
        /// Pages that the document does not have: a sheet of another printing.
        public var beyond: [Int] {
            guard let count = document.paperPages else { return [] }
            return pages.map(\.page).filter { $0 > count }
        }
    }

    /// A page that is no sheet of any pile.
    public struct Other: Hashable, Sendable {
        /// Its place in the stack, from 1.
        public let place: Int
        public let what: What

        /// Why it is none.
        public enum What: String, Hashable, Sendable, CaseIterable {
            case blank, unreadable
            /// Something stands on it and no sheet's code can be read.
            case uncoded
            /// Sheets of two documents, or two sheets of one, lie on each other.
            case several
            /// Its sheet is of no document that this person may see. Whether there is one is not told.
            case stranger
            /// Its code names no page, and the document has several.
            case unnumbered
        }
    }

    /// What is known of a document that a code names.
    public struct Known: Sendable {
        let view: CaseView
        let document: CaseDocument
        let title: String
        let obstacle: String?

        /// A document of a case that the person may see.
        public init(view: CaseView, document: CaseDocument, title: String, obstacle: String?) {
            self.view = view
            self.document = document
            self.title = title
            self.obstacle = obstacle
        }
    }

    /// Sorts a stack.
    ///
    /// - Parameters:
    ///   - known: the documents that this person may see, by id.
    ///   - sent: SHA-256 of the file.
    public init(_ pages: [ScannedPage], known: [DocumentID: Known], sent: Digest) {
        var others: [Other] = []
        var order: [DocumentID] = []
        var found: [DocumentID: [Int: [Int]]] = [:]
        for page in pages {
            func leave(_ what: Other.What) { others.append(Other(place: page.number, what: what)) }
            switch page.state {
            case .blank: leave(.blank)
            case .unreadable: leave(.unreadable)
            case .unknown: leave(.uncoded)
            case .sheet:
                // The same code printed twice on a sheet names one sheet.
                let sheets = Set(page.sheets.map { SheetName(document: $0.document, page: $0.page) })
                guard let sheet = sheets.first, sheets.count == 1 else {
                    leave(.several)
                    continue
                }
                guard let document = known[sheet.document]?.document else {
                    leave(.stranger)
                    continue
                }
                guard let number = sheet.page ?? (document.paperPages == 1 ? 1 : nil) else {
                    leave(.unnumbered)
                    continue
                }
                if found[sheet.document] == nil { order.append(sheet.document) }
                found[sheet.document, default: [:]][number, default: []].append(page.number)
            }
        }
        let piles = order.compactMap { id -> Pile? in
            guard let known = known[id], let pages = found[id] else { return nil }
            return Pile(
                thread: known.view.work.thread, caseTitle: known.view.work.title ?? "", document: known.document,
                title: known.title, obstacle: known.obstacle,
                pages: pages.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
                isFiled: known.document.scans.contains { $0.sent == sent })
        }
        // The documents of one case stand together, in the order in which they were fixed.
        let cases = piles.map(\.thread).uniqued()
        self.piles = cases.flatMap { thread in
            piles.filter { $0.thread == thread }.sorted { $0.document.fixedSeq < $1.document.fixedSeq }
        }
        self.others = others
    }

    private struct SheetName: Hashable {
        let document: DocumentID
        let page: Int?
    }
}

extension FileScan {
    /// Why a person may not file scans with a document now; nil if they may.
    public static func obstacle(
        to person: PersonRow, filing document: CaseDocument, in work: Case
    ) -> StepRefusal? {
        guard work.handlers.contains(person.thread) || person.roles.contains(.custodian) else {
            return StepRefusal(.notAllowed, "扫描件由本案承办人或者档案管理人员归件。")
        }
        if document.isVoid { return StepRefusal(.outOfOrder, "这份文书已作废，扫描件不归件。请把纸质件抽出来，另行处理。") }
        if work.isFiled, !work.isSupplement(document.fixedSeq) {
            return StepRefusal(.outOfOrder, "本案已归档，归档的文书不能再增加扫描件。")
        }
        return nil
    }
}
