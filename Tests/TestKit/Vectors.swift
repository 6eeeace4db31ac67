import Foundation

/// Public test vectors in the directory that `LIUHEN_VECTORS` names. None of them is part of the project.
public enum Vectors {
    /// The directory; nil if the variable is not set.
    public static let directory = ProcessInfo.processInfo.environment["LIUHEN_VECTORS"].map {
        URL(fileURLWithPath: $0, isDirectory: true)
    }

    /// Whether the vectors are there. Tests that need them are `.enabled(if: Vectors.present)` and else say so.
    public static var present: Bool { directory != nil }

    /// The bytes of one file.
    public static func bytes(_ path: String) throws -> [UInt8] {
        guard let directory else { throw CocoaError(.fileNoSuchFile) }
        return Array(try Data(contentsOf: directory.appendingPathComponent(path)))
    }

    /// One JSON file as the loose type that suits reading vectors.
    public static func json(_ path: String) throws -> VectorJSON {
        VectorJSON(value: try JSONSerialization.jsonObject(with: Data(bytes(path))))
    }
}

/// A value of a vector file: missing members read as nil.
public struct VectorJSON {
    let value: Any?

    /// A member of an object.
    public subscript(_ key: String) -> VectorJSON { VectorJSON(value: (value as? [String: Any])?[key]) }
    /// The elements of an array.
    public var array: [VectorJSON] { (value as? [Any] ?? []).map { VectorJSON(value: $0) } }
    /// The text.
    public var string: String? { value as? String }
    /// The number.
    public var int: Int? { value as? Int }
    /// The truth value.
    public var bool: Bool? { value as? Bool }
}
