/// How a ledger is kept.
public struct LedgerSettings: Sendable {
    /// Bytes that must be free on the disk before something is recorded; below, appends are refused with `full`.
    public var reserve: UInt64 = 64 << 20
    /// How many connections read at once.
    public var readers = 3
    /// Page cache of each reader, in KiB.
    public var readerCache = 2560
    /// Page cache of the writer, in KiB. All caches together are what the process grows to as the ledger grows.
    public var writerCache = 6144
    /// From how many pages of the write-ahead log on they are moved into the database beside the writing.
    var checkpointFrames: Int32 = 6000
    /// Where tests break a write.
    var faults = WriteFaults()

    /// The settings in force everywhere but in tests.
    public init() {}

    #if DEBUG || FAULTS
    /// Whether each commit is synced. Only a test build can switch it off, so that the power-cut test can show that it
    /// notices.
    public var syncsEachCommit = true
    #else
    var syncsEachCommit: Bool { true }
    #endif
}
