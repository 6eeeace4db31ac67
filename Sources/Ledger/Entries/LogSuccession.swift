import Kernel

/// How a later log of a bureau began, after records were lost or to change the log's key: what its first entry,
/// `log.opened`, says.
///
/// A shorter log is never continued: whoever holds a head of the longer one would see two histories. Instead log n + 1
/// begins, with an origin and a key of its own, and its first leaf names what survived, what was last known, and so the
/// gap between. What it says is the bureau's statement; that it was said before anything else of the new log is proven.
public struct LogSuccession: Hashable, Sendable {
    /// A head of one of the bureau's logs.
    public struct Head: Hashable, Sendable {
        /// Which log, from 1.
        public let log: Int
        /// The number of leaves.
        public let size: Int
        /// The root.
        public let root: Digest

        /// A head.
        public init(log: Int, size: Int, root: Digest) {
            self.log = log
            self.size = size
            self.root = root
        }
    }

    /// From where the last known head is known.
    public enum Source: String, Hashable, Sendable, CaseIterable {
        /// The lock file, which holds the newest head that was ever answered for.
        case lock
        /// A checkpoint kept outside; later records may have been answered for.
        case checkpoint
        /// Nothing later than the surviving head is known.
        case nothing
        /// Nothing was lost: the log was closed at its newest head, as the lock file had it, to change its key.
        case rotation
    }

    /// The number of the log that begins.
    public let log: Int
    /// The end of what survived.
    public let surviving: Head
    /// The last head known to have been answered for; the surviving one if nothing later is known.
    public let previous: Head
    /// From where that is known.
    public let source: Source
    /// When the last surviving entry was recorded, by the bureau's clock.
    public let gapFrom: Instant

    /// What the first entry of a log says; nil if it cannot be so: a log before itself, a last known head before the
    /// surviving one, or two roots of one size.
    public init?(log: Int, surviving: Head, previous: Head, source: Source, gapFrom: Instant) {
        guard surviving.log > 0, surviving.size > 0, previous.log < log, surviving.log <= previous.log,
            surviving.log < previous.log || surviving.size < previous.size || surviving == previous,
            source != .nothing && source != .rotation || surviving == previous
        else { return nil }
        self.log = log
        self.surviving = surviving
        self.previous = previous
        self.source = source
        self.gapFrom = gapFrom
    }

    /// How many records are known to be lost; nil if nobody knows of any.
    public var knownLost: Int? {
        if source == .nothing { return nil }
        if source == .rotation { return 0 }
        return surviving.log == previous.log ? previous.size - surviving.size : previous.size
    }

    /// Whether no more than `knownLost` can be lost, if the bureau says the truth.
    public var isWholeLoss: Bool { isRotation || source == .lock && surviving.log == previous.log }

    /// Whether the log was closed to change its key, and nothing was lost.
    public var isRotation: Bool { source == .rotation }

    /// The origin of a bureau's n-th log: that of the first, and from the second on a slash and the number behind it.
    public static func origin(of log: Int, first: String) -> String {
        log == 1 ? first : "\(first)/\(log)"
    }

    /// Whether a name is that of one of the logs whose first is named `first`, also of one that was lost.
    public static func isOrigin(_ name: String, first: String) -> Bool {
        if name.utf8.elementsEqual(first.utf8) { return true }
        guard name.utf8.starts(with: "\(first)/".utf8) else { return false }
        return Decimal.strict(name.utf8.dropFirst(first.utf8.count + 1)).map { $0 > 1 } ?? false
    }

    /// The members of `plain` that say all this. The two persons who decided stand beside them.
    public var members: [JSON.Member] {
        [
            .init("gapFrom", .integer(gapFrom.milliseconds)), .init("knownBy", .string(source.rawValue)),
            .init("log", .integer(Int64(log))),
            .init("previousLog", .integer(Int64(previous.log))),
            .init("previousRoot", .string(previous.root.description)),
            .init("previousSize", .integer(Int64(previous.size))),
            .init("survivingLog", .integer(Int64(surviving.log))),
            .init("survivingRoot", .string(surviving.root.description)),
            .init("survivingSize", .integer(Int64(surviving.size))),
        ]
    }

    /// Reads `plain` of an entry `log.opened`; nil if it says nothing that can be so.
    public init?(plain: JSON) {
        func number(_ name: String) -> Int? {
            plain[name]?.integer.flatMap { (0...Int64(StoredHash.sizeLimit)).contains($0) ? Int($0) : nil }
        }
        func head(_ name: String) -> Head? {
            guard let log = number("\(name)Log"), let size = number("\(name)Size"),
                let root = plain["\(name)Root"]?.string.flatMap({ Digest($0) })
            else { return nil }
            return Head(log: log, size: size, root: root)
        }
        guard let log = number("log"), let surviving = head("surviving"), let previous = head("previous"),
            let source = plain["knownBy"]?.string.flatMap({ Source(rawValue: $0) }),
            let gapFrom = plain["gapFrom"]?.integer
        else { return nil }
        self.init(
            log: log, surviving: surviving, previous: previous, source: source,
            gapFrom: Instant(milliseconds: gapFrom))
    }
}
