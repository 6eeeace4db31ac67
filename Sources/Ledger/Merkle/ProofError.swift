/// Why a proof could not be made or does not hold.
public struct ProofError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Code: Equatable, Sendable {
        /// No tree has this size, or it is beyond what this program handles.
        case size(Int)
        /// The leaf does not stand in a tree of this size.
        case index(Int, size: Int)
        /// The older tree is larger than the newer.
        case order(old: Int, new: Int)
        /// The proof has another number of hashes than the sizes ask for.
        case length(Int, expected: Int)
        /// The proof leads to another root than the one given.
        case root
        /// The root given for the empty tree is not `SHA-256("")`.
        case emptyRoot
        /// The reader has no hash with this number.
        case missingHash(Int)
        /// The reader gave another number of hashes than were asked for.
        case reader
    }

    /// What is wrong.
    public let code: Code

    /// An error with this code.
    public init(_ code: Code) {
        self.code = code
    }

    public var description: String {
        switch code {
        case .size(let size): "no tree of size \(size) can be handled: give a size from 0 to 2^60"
        case .index(let index, let size):
            "leaf \(index) is not in a tree of \(size) leaves: check index and size"
        case .order(let old, let new):
            "the older tree (\(old)) is larger than the newer (\(new)): a log never shrinks"
        case .length(let length, let expected):
            "the proof has \(length) hashes where \(expected) belong: it is cut or padded"
        case .root: "the proof leads to another root: the leaf, the proof or the root was changed"
        case .emptyRoot: "the root of an empty tree must be the SHA-256 of nothing"
        case .missingHash(let index): "stored hash \(index) is missing: the log's storage is incomplete"
        case .reader: "the storage gave another number of hashes than were asked for"
        }
    }
}
