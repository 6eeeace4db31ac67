import Kernel

/// Reads scans of printed sheets (扫描件) and makes straight pictures of them.
///
/// The bytes are untrusted. Whatever they are, the answer is what stands on each page or a refusal in the words of whoever
/// sent them; no input makes the program fail, run anything, or reach for another file or the network.
public protocol SheetReader: Sendable {
    /// What reads, with the versions of its parts, as entries name it; nil while it is not installed.
    func tool() async -> String?

    /// What stands on each page of a PDF, TIFF, JPEG or PNG that `read` gives: at an offset, at most so many bytes, fewer
    /// only at the end.
    ///
    /// Takes a part of a second for a page; one file at a time.
    func pages(of source: ScanSource) async throws(ScanRefusal) -> [ScannedPage]

    /// A PDF of exactly these pages in this order, each turned back upright. The same bytes, pages and tool give the same
    /// PDF.
    func straightened(_ source: ScanSource, pages: [ScanTurn]) async throws(ScanRefusal) -> [UInt8]
}

/// A file to be read, piece by piece.
public struct ScanSource: Sendable {
    public let byteCount: Int64
    /// Bytes at an offset, at most so many, fewer only at the end.
    public let read: @Sendable (Int64, Int) async throws -> [UInt8]

    /// A file.
    public init(byteCount: Int64, read: @escaping @Sendable (Int64, Int) async throws -> [UInt8]) {
        self.byteCount = byteCount
        self.read = read
    }

    /// An object of the vault.
    public init(_ object: ObjectFacts, in vault: any EvidenceVault) {
        self.init(byteCount: object.byteCount) { offset, count in
            try await vault.read(object.id, at: offset, upTo: count)
        }
    }
}

/// A page of a scan, and how far it is turned.
public struct ScanTurn: Hashable, Sendable {
    /// Its place in the scan, from 1.
    public let page: Int
    /// Hundredths of a degree by which it lies turned clockwise, from -18,000 to 18,000.
    public let turn: Int

    /// A page.
    public init(page: Int, turn: Int) {
        self.page = page
        self.turn = turn
    }
}

/// What stands on one page of a scan.
public struct ScannedPage: Hashable, Sendable {
    /// Its place in the scan, from 1.
    public let number: Int
    public let state: State
    /// Hundredths of a degree by which it lies turned clockwise. Of a page without a sheet's code only the slant is known.
    public let turn: Int
    /// Every sheet that a code on it names. More than one: a sheet lies on another.
    public let sheets: [Sheet]
    /// Codes that name no sheet.
    public let otherCodes: Int

    /// What a page is.
    public enum State: String, Hashable, Sendable {
        /// At least one sheet's code was read.
        case sheet
        /// Nothing stands on it.
        case blank
        /// Something stands on it, and no sheet's code.
        case unknown
        /// The picture is damaged.
        case unreadable
    }

    /// A printed sheet, by its code.
    public struct Sheet: Hashable, Sendable {
        public let document: DocumentID
        /// The document's page, from 1; nil for sheets printed before codes said it.
        public let page: Int?
        /// The corners of the code in points of the page as it was scanned: top left as the code stands, then clockwise.
        public let polygon: [Point]

        /// A sheet.
        public init(document: DocumentID, page: Int?, polygon: [Point]) {
            self.document = document
            self.page = page
            self.polygon = polygon
        }
    }

    /// A point: to the right and down from the top left corner.
    public struct Point: Hashable, Sendable {
        public let x: Int
        public let y: Int

        /// A point.
        public init(x: Int, y: Int) {
            self.x = x
            self.y = y
        }
    }

    /// A page.
    public init(number: Int, state: State, turn: Int, sheets: [Sheet], otherCodes: Int = 0) {
        self.number = number
        self.state = state
        self.turn = turn
        self.sheets = sheets
        self.otherCodes = otherCodes
    }
}

/// Why a scan is not read.
public struct ScanRefusal: Error, Hashable, Sendable {
    /// The kinds of reasons.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// Not a PDF, TIFF, JPEG or PNG.
        case format
        /// Cut short or damaged.
        case damaged
        /// A PDF with a password.
        case locked
        /// More bytes, pages or points than are read.
        case tooLarge, tooManyPages
        /// Too few points to read.
        case tooSmall
        /// It took longer than it may.
        case tooSlow
        /// The object could not be read, or there is no room for the copy.
        case noRoom
        /// What reads is not installed, or died.
        case unavailable
    }

    /// The kind.
    public let code: Code
    /// What is wrong and how to mend it, in Chinese.
    public let message: String
    /// More for the operator; untrusted text of at most 500 bytes.
    public let detail: String

    /// A refusal.
    public init(_ code: Code, _ message: String, detail: String = "") {
        self.code = code
        self.message = message
        self.detail = MediaDoubt(.toolConfused, detail: detail).detail
    }
}

extension StepRefusal {
    /// What an unreadable scan means to the person at the screen.
    public init(_ refusal: ScanRefusal) {
        self.init(refusal.code == .unavailable || refusal.code == .noRoom ? .unavailable : .invalid, refusal.message)
    }
}
