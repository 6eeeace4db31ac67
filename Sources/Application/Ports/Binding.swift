/// Sheets of several PDFs that are put together as one (合订), each with what is printed in its outer corner.
public struct Binding: Sendable {
    /// A PDF of which sheets are taken.
    public struct File: Sendable {
        /// What a refusal calls it.
        public let name: String
        public let bytes: [UInt8]
        /// How many pages it has to have: one with more or fewer is not the one that the order was made for.
        public let pages: Int

        /// A file by its name, its bytes and the pages that are known of it.
        public init(name: String, bytes: [UInt8], pages: Int) {
            self.name = name
            self.bytes = bytes
            self.pages = pages
        }
    }

    /// One sheet.
    public struct Sheet: Hashable, Sendable {
        /// What a sheet can show.
        public enum Face: Hashable, Sendable {
            /// A page, counted from 1, of one of the files, counted from 0.
            case page(Int, file: Int)
            /// Words that stand for what is not bound: a title, and paragraphs that fit on one sheet.
            case words(title: String, lines: [String])
        }

        /// What it shows.
        public let face: Face
        /// The number in the corner; empty for a sheet without one.
        public let number: String
        /// Small print under the number; empty for none.
        public let note: String

        /// A sheet with its number.
        public init(_ face: Face, number: String = "", note: String = "") {
            self.face = face
            self.number = number
            self.note = note
        }
    }

    /// What is taken from.
    public var files: [File] = []
    /// What is taken, in order.
    public var sheets: [Sheet] = []

    /// Nothing to bind yet.
    public init() {}

    /// The most bytes of all files together.
    public static let byteLimit: Int64 = 112 << 20
    /// The most files.
    public static let fileLimit = 800
}
