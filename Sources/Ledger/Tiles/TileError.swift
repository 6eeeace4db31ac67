/// Why tiles cannot be written or read.
public struct TileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Code: Equatable, Sendable {
        /// Neither this file nor the full one in its place is there.
        case missing(Tile)
        /// The file has another length than its width asks for, or a bundle that does not end where it should.
        case malformed(Tile)
        /// The hashes in the file are not those of the entries.
        case content(Tile)
        /// An entry is longer than 65,535 bytes.
        case entryTooLong(Int)
        /// The caller gave another number of entries than the bundle holds.
        case entryCount(Tile)
        /// The entries lead to another root than the checkpoint's.
        case root
        /// The size is beyond what this program handles.
        case size(Int)
    }

    /// What is wrong.
    public let code: Code

    /// An error with this code.
    public init(_ code: Code) {
        self.code = code
    }

    public var description: String {
        switch code {
        case .missing(let tile): "\(tile) is missing: the copy of the log is incomplete"
        case .malformed(let tile): "\(tile) is cut, padded or not of the form its name promises"
        case .content(let tile): "\(tile) does not fit the entries: one of them was changed"
        case .entryTooLong(let length):
            "an entry of \(length) bytes does not fit a bundle: the limit is 65,535"
        case .entryCount(let tile): "another number of entries than \(tile) holds"
        case .root: "the entries lead to another root than the checkpoint's"
        case .size(let size): "a log of \(size) leaves is beyond what this program handles"
        }
    }
}
