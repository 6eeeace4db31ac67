import Kernel

extension CaseDocument {
    /// A scan of printed sheets that was filed with the document (扫描归件).
    public struct FiledScan: Hashable, Sendable {
        public let seq: Int
        public let at: Instant
        /// Who filed it.
        public let by: ThreadTag?
        /// The straight picture: a PDF of these sheets in order.
        public let object: ObjectID
        /// What the scanner sent, whole.
        public let original: ObjectID
        /// Whether the original holds sheets of other cases too: nobody looks at it from this case then.
        public let isShared: Bool
        /// How many sheets there are.
        public let count: Int
        /// The document's pages on it, in order; empty once destroyed.
        public let sheets: [Int]
        /// SHA-256 of what the scanner sent; nil once destroyed.
        public let sent: Digest?

        init?(_ record: Record) {
            guard let object = record.word("object").flatMap({ ObjectID($0) }),
                let original = record.word("original").flatMap({ ObjectID($0) })
            else { return nil }
            seq = record.seq
            at = record.recordedAt
            by = record.actor
            self.object = object
            self.original = original
            isShared = record.plain["isShared"]?.boolean ?? false
            count = record.number("sheets").map { Int($0) } ?? 0
            let making = record.fields["making"]
            sheets = (making?["sheets"]?.elements ?? []).compactMap { $0["sheet"]?.integer.map { Int($0) } }
            sent = making?["from"]?["digest"]?.string.flatMap { Digest($0) }
        }
    }

    /// Where the paper was kept from an entry on.
    public struct PaperPlace: Hashable, Sendable {
        /// As it was written; nil once destroyed.
        public let text: String?
        public let seq: Int
        public let at: Instant
        /// Who said so.
        public let by: ThreadTag?
        /// Why it was moved, where that was said.
        public let reason: String?
    }

    mutating func keep(_ record: Record) {
        let place = PaperPlace(
            text: record.text("place"), seq: record.seq, at: record.recordedAt, by: record.actor,
            reason: record.type == .paperMoved ? record.text("reason") : nil)
        // The same word again moves nothing.
        if let text = place.text, let last = places.last?.text, last.utf8.elementsEqual(text.utf8) { return }
        places.append(place)
    }

    /// Pages that the printed document has: of the paper in which it went out, else of the one that was handed over to be
    /// signed; nil where an old entry does not say.
    public var paperPages: Int? { pages }

    /// The pages that scans show, in order.
    public var scannedPages: Set<Int> { Set(scans.flatMap(\.sheets)) }

    /// Pages of the paper that no scan shows yet; empty where it is not known how many there are.
    public var unscannedPages: [Int] {
        guard let count = paperPages, count > 0 else { return [] }
        let scanned = scannedPages
        return (1...count).filter { !scanned.contains($0) }
    }

    /// Whether something of it was done on paper: signed, sealed or fingerprinted on a printed sheet, or scanned.
    public var isOnPaper: Bool { slots.values.contains { $0.manner == "paper" } || !scans.isEmpty }
}
