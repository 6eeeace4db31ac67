import Foundation
import Kernel
import Ledger

/// What a server keeps beside the ledger about its own backups: runs that could not be recorded yet, and where the newest
/// one went.
///
/// While recording has stopped a backup is wanted most, and its entry cannot be made; the next run makes it. If the file is
/// lost, nothing of the records is: a medium that was written meanwhile is known again when it is next written.
public struct BackupNotes: Hashable, Sendable {
    /// Runs without an entry, oldest first.
    public var unrecorded: [Run] = []
    /// Whether the newest run went onto the file system that holds the data.
    public var isBesideData = false

    /// A run, as its entry will tell it.
    public struct Run: Hashable, Sendable {
        /// The random id of the backup on the medium.
        public let medium: String
        /// Entries that the run wrote, and objects that the medium holds.
        public let entries: Int64
        public let objects: Int64
        /// The newest head on the medium.
        public let size: Int64
        public let root: String
        /// When the object keys on the medium were last written anew.
        public let generationBegan: Instant
        /// When it was made; where the clock had stopped recording, when the last entry was recorded.
        public let madeAt: Instant
        /// What the medium is called, as was said.
        public let label: String?

        /// The run that a report is of.
        public init(_ report: Backup.Report, madeAt: Instant, label: String?) {
            medium = report.medium
            entries = report.newEntries
            objects = Int64(report.objects)
            size = report.head.size
            root = report.head.root.description
            generationBegan = report.generationBegan
            self.madeAt = madeAt
            self.label = label
        }

        /// The members of the entry's `plain`, without `madeAt`.
        public var members: [JSON.Member] {
            [
                .init("entries", .integer(entries)), .init("generationBegan", .integer(generationBegan.milliseconds)),
                .init("medium", .string(medium)), .init("objects", .integer(objects)), .init("root", .string(root)),
                .init("size", .integer(size)),
            ]
        }

        /// The run as it is kept: of the same bytes is the same run.
        public var json: JSON {
            .object(
                members + [.init("madeAt", .integer(madeAt.milliseconds))]
                    + (label.map { [.init("label", .string($0))] } ?? []))
        }

        init?(_ json: JSON) {
            guard let medium = json["medium"]?.string, let entries = json["entries"]?.integer,
                let objects = json["objects"]?.integer, let size = json["size"]?.integer,
                let root = json["root"]?.string,
                let began = json["generationBegan"]?.integer, let made = json["madeAt"]?.integer
            else { return nil }
            self.medium = medium
            self.entries = entries
            self.objects = objects
            self.size = size
            self.root = root
            generationBegan = Instant(milliseconds: began)
            madeAt = Instant(milliseconds: made)
            label = json["label"]?.string
        }
    }

    /// Nothing to keep.
    public init() {}

    private static func path(beside ledger: String) -> String { ledger + ".backups" }

    /// Reads them; nothing where there is no file, or it cannot be read.
    public init(beside ledger: String) {
        guard let data = FileManager.default.contents(atPath: BackupNotes.path(beside: ledger)),
            let json = try? JSON(canonical: [UInt8](data))
        else { return }
        isBesideData = json["besideData"] == .boolean(true)
        unrecorded = (json["unrecorded"]?.elements ?? []).compactMap { Run($0) }
    }

    /// Writes them, durably.
    ///
    /// - Returns: whether they are on disk; whoever is told of a run that they are not, has to note it themselves.
    public func write(beside ledger: String) -> Bool {
        let json: JSON = ["besideData": .boolean(isBesideData), "unrecorded": .array(unrecorded.map(\.json))]
        return (try? Directory.write(json.canonicalBytes, to: BackupNotes.path(beside: ledger))) != nil
    }
}
