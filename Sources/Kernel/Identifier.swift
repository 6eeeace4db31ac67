/// A random id of 16 bytes, typed by what it names, so that a case's id cannot be passed for a recording's.
///
/// Ids are drawn, never derived: an id says nothing about the thing it names.
public struct Identifier<Of>: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    /// The number of bytes, 16.
    public static var byteCount: Int { 16 }

    /// An id from two words, for fixtures and stored values.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Draws an id from the system's random source.
    public static func random() -> Identifier {
        var source = SystemRandomNumberGenerator()
        return Identifier(high: source.next(), low: source.next())
    }

    /// Reads 16 bytes; nil for any other count.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            if index < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
        }
        self.init(high: high, low: low)
    }

    /// The 16 bytes.
    public var bytes: [UInt8] {
        (0..<16).map { index in
            UInt8(truncatingIfNeeded: (index < 8 ? high : low) >> UInt64(56 - index % 8 * 8))
        }
    }

    /// The same id read as the name of something else. Unchecked: the caller knows that both are one thing.
    public func unchecked<Other>(as: Other.Type) -> Identifier<Other> {
        Identifier<Other>(high: high, low: low)
    }
}

extension Identifier: LosslessStringConvertible {
    /// 32 lower-case hexadecimal digits.
    public var description: String { Hex.encode(bytes) }

    /// Reads 32 lower-case hexadecimal digits; nil for anything else.
    public init?(_ description: String) {
        guard description.utf8.count == 32, let bytes = Hex.decode(description.utf8) else { return nil }
        self.init(bytes)
    }
}

extension Identifier: Comparable {
    /// Byte order.
    public static func < (left: Identifier, right: Identifier) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

/// What a thread tag names (记录线).
public enum OfThread {}
/// What a command id names: one intended step, however often it is sent.
public enum OfCommand {}
/// What an object id names: evidence bytes in the vault.
public enum OfObject {}
/// What a document id names (文书).
public enum OfDocument {}
/// What an activity id names (执法活动).
public enum OfActivity {}
/// What an upload id names.
public enum OfUpload {}
/// What a view session's id names (查看会话).
public enum OfViewSession {}

/// The random tag of a thread. Cases, subjects, persons and recordings are threads and are named by their tag.
public typealias ThreadTag = Identifier<OfThread>
/// Names one intended step; the same id gets the first answer again.
public typealias CommandID = Identifier<OfCommand>
/// Names one object of the vault.
public typealias ObjectID = Identifier<OfObject>
/// Names one document within a case.
public typealias DocumentID = Identifier<OfDocument>
/// Names one on-site session or act within a case.
public typealias ActivityID = Identifier<OfActivity>
/// Names one unfinished upload.
public typealias UploadID = Identifier<OfUpload>
/// Names one view session.
public typealias ViewSessionID = Identifier<OfViewSession>
