import Ledger

/// A bag in memory: written by `DossierWriter`, changed by tests, read by the verifier.
public struct MemoryBag: BagSink, DossierSource {
    /// Every file.
    public var files: [BagPath: [UInt8]] = [:]
    /// Files that stand there a second time.
    public var doubled: [BagPath] = []
    private var open: BagPath?

    /// An empty bag.
    public init() {}

    public mutating func begin(_ path: BagPath, size: Int) {
        open = path
        files[path] = []
        files[path]?.reserveCapacity(size)
    }

    public mutating func write(_ bytes: UnsafeRawBufferPointer) {
        if let open { files[open]?.append(contentsOf: bytes) }
    }

    public mutating func end() {
        open = nil
    }

    public mutating func finish() {}

    public func paths() -> [BagPath] {
        files.keys.sorted() + doubled
    }

    public func size(_ path: BagPath) throws(DossierUnreadable) -> Int {
        try read(path, limit: .max).count
    }

    public func read(_ path: BagPath, limit: Int) throws(DossierUnreadable) -> [UInt8] {
        guard let bytes = files[path] else { throw DossierUnreadable(.system, path.description) }
        guard bytes.count <= limit else { throw DossierUnreadable(.tooLarge, path.description) }
        return bytes
    }

    public func stream(
        _ path: BagPath, _ body: (UnsafeRawBufferPointer) -> Void
    ) throws(DossierUnreadable) -> String? {
        try read(path, limit: .max).withUnsafeBytes { body($0) }
        return nil
    }

    public var containerFault: String? { nil }
}
