import Kernel

/// A medium with backups (备份盘), as its last backup left it.
///
/// A destroyed key must not outlive its object for more than 35 days in any backup (ADR 0009): each run later than 28 days
/// after the last generation writes all keys anew and removes the old ones. A medium that is not written in that week keeps
/// keys that may have been destroyed since.
public struct BackupMedium: Hashable, Sendable {
    /// The random id of the backup on it.
    public let id: String
    /// What it is called, or where it lies, as was said last; may be empty.
    public let place: String
    public let writtenAt: Instant
    /// When its object keys were last written anew.
    public let generationBegan: Instant

    /// Days after which a run begins a new generation of object keys.
    public static let generationDays = 28
    /// Days after which no medium may hold the old one.
    public static let limitDays = 35

    /// Reads a `backup.made`; nil for one that says nothing of its medium.
    public init?(_ record: Record) {
        guard record.type == .backupMade, let id = record.word("medium"), let began = record.instant("generationBegan")
        else { return nil }
        self.id = id
        place = record.text("place") ?? ""
        writtenAt = BackupMedium.madeAt(record)
        // A clock that was ahead makes no key younger than its entry.
        generationBegan = min(began, record.recordedAt)
    }

    /// When a backup was made: while recording had stopped, earlier than its entry.
    static func madeAt(_ record: Record) -> Instant {
        min(record.instant("madeAt") ?? record.recordedAt, record.recordedAt)
    }

    /// How old its keys are.
    public enum Age: Hashable, Sendable {
        case fresh
        /// The next run writes them anew, and should come before the limit.
        case due
        /// They are older than any medium may hold.
        case over
    }

    /// How old its keys are at a moment.
    public func age(at now: Instant) -> Age {
        let milliseconds = now.milliseconds(since: generationBegan)
        if milliseconds >= Int64(Self.limitDays) * 86_400_000 { return .over }
        return milliseconds >= Int64(Self.generationDays) * 86_400_000 ? .due : .fresh
    }
}
