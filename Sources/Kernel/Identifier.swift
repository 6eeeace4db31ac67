/// A random id of 16 bytes, typed by what it names, so that a case's id cannot be passed for a recording's.
///
/// Ids are drawn, and an id says nothing about the thing it names. Where one is made of another (the command of a form,
/// ADR 0035), it is made with a digest, of one that was drawn. Ids of commands lie near those that were drawn just before
/// (`CommandID.random()`).
@frozen
public struct Identifier<Of>: Sendable {
    // Inlinable throughout: what is generic and not inlined asks the runtime for the type at every call, and ids are
    // read and written a dozen times for each entry.
    /// The first eight bytes, big-endian.
    public let high: UInt64
    /// The last eight bytes, big-endian.
    public let low: UInt64

    /// The number of bytes, 16.
    @inlinable
    public static var byteCount: Int { 16 }

    /// An id from two words, for fixtures and stored values.
    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Draws an id from the system's random source.
    public static func random() -> Identifier {
        withUnsafeTemporaryAllocation(byteCount: 16, alignment: 8) { buffer in
            if SystemRandom.fill(buffer) {
                return Identifier(
                    high: buffer.loadUnaligned(as: UInt64.self),
                    low: buffer.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            }
            var source = SystemRandomNumberGenerator()
            return Identifier(high: source.next(), low: source.next())
        }
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
    @inlinable
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            raw.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
            raw.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            count = 16
        }
    }

    /// The same id read as the name of something else. Unchecked: the caller knows that both are one thing.
    @inlinable
    public func unchecked<Other>(as: Other.Type) -> Identifier<Other> {
        Identifier<Other>(high: high, low: low)
    }
}

extension Identifier: Hashable {
    /// Whether all bytes are the same.
    @inlinable
    public static func == (left: Identifier, right: Identifier) -> Bool {
        left.high == right.high && left.low == right.low
    }

    @inlinable
    public func hash(into hasher: inout Hasher) {
        hasher.combine(high)
        hasher.combine(low)
    }
}

extension Identifier: LosslessStringConvertible {
    /// 32 lower-case hexadecimal digits.
    @inlinable
    public var description: String { Hex.encode(high, low) }

    /// Reads 32 lower-case hexadecimal digits; nil for anything else.
    @inlinable
    public init?(_ description: String) {
        guard let (high, low) = Hex.twoWords(description) else { return nil }
        self.init(high: high, low: low)
    }

    /// Reads 32 lower-case hexadecimal digits; nil for anything else.
    @inlinable
    public init?(hex digits: UnsafeRawBufferPointer) {
        guard let (high, low) = Hex.twoWords(digits) else { return nil }
        self.init(high: high, low: low)
    }

    /// Appends `description` to UTF-8 text.
    @inlinable
    public func appendHex(to text: inout [UInt8]) {
        Hex.append(high, to: &text)
        Hex.append(low, to: &text)
    }
}

extension Identifier: Comparable {
    /// Byte order.
    @inlinable
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
