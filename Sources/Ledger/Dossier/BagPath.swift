import Kernel

/// The path of a file in a bag, relative to its top: bytes of UTF-8, compared as bytes.
///
/// A `String` would not do as a key: Swift takes two spellings of é for equal, a file system does not.
public struct BagPath: Hashable, Sendable {
    /// The UTF-8 bytes.
    public let bytes: [UInt8]

    /// A longer path is refused.
    public static let byteLimit = 1024

    /// Nil for a path that could leave the bag, or that some file system or BagIt manifest cannot carry: empty, `.` or
    /// `..` parts, control characters and others that nobody sees or that turn a line round, any of
    /// `\ : * ? " < > | %`, invalid UTF-8, parts over 255 bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        let forbidden = Array("\\:*?\"<>|%".utf8)
        guard (1...BagPath.byteLimit).contains(bytes.count),
            let text = String(validating: bytes, as: UTF8.self),
            bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && !forbidden.contains($0) }),
            !text.unicodeScalars.contains(where: \.isHidden)
        else { return nil }
        for part in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard (1...255).contains(part.count), !part.elementsEqual(".".utf8),
                !part.elementsEqual("..".utf8),
                part.last != UInt8(ascii: " "), part.last != UInt8(ascii: ".")
            else { return nil }
        }
        self.bytes = bytes
    }

    /// A path that the program composes itself from parts that cannot break the rules.
    init(unchecked path: String) {
        bytes = Array(path.utf8)
    }

    /// Whether the path begins with these bytes.
    func hasPrefix(_ prefix: String) -> Bool {
        bytes.starts(with: prefix.utf8)
    }
}

extension BagPath: Comparable {
    /// Byte order.
    public static func < (left: BagPath, right: BagPath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension BagPath: LosslessStringConvertible {
    /// The path as text.
    public var description: String { String(decoding: bytes, as: UTF8.self) }

    /// Reads a path; nil where `init(_:)` of bytes gives nil.
    public init?(_ description: String) {
        self.init(description.utf8)
    }
}
