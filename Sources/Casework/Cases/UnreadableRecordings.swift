import Kernel

/// Recordings that are none (无法识别的音像文件): what came in under the name of a film or a sound and whose bytes no player
/// reads.
///
/// The rule: from the inspection on, the law reads the form of such a recording as `unreadable`, which meets no duty to
/// record; duties about keeping and filing it stay. What a tool could not do (no room, hung, died) says nothing of the
/// file, and one result with facts outweighs any doubt. Photographs and papers are not inspected by a player.
public enum UnreadableRecordings {
    /// The form that the law reads.
    public static let form = "unreadable"

    /// Words of `recording.inspected`'s `doubt` that speak of the file itself.
    public static let doubts: Set<String> = ["empty", "containerUnknown", "unplayable"]

    /// Threads of recordings whose file is none.
    public static func threads(in records: [Record]) -> Set<ThreadTag> {
        var found: Set<ThreadTag> = []
        var read: Set<ThreadTag> = []
        for record in records where record.type == .recordingInspected {
            if record.word("result") == "facts" { read.insert(record.thread) }
            if let doubt = record.inspectionDoubt, doubts.contains(doubt) { found.insert(record.thread) }
        }
        guard !found.isEmpty else { return [] }
        let claimed = records.filter { record in
            record.type == .recordingImported && record.word("form").map { ["video", "audio"].contains($0) } == true
        }
        return found.subtracting(read).intersection(claimed.map(\.thread))
    }

    /// Records as the law reads them.
    static func reading(_ records: [Record]) -> [Record] {
        let unreadable = threads(in: records)
        guard !unreadable.isEmpty else { return records }
        return records.map { record in
            guard record.type == .recordingImported, unreadable.contains(record.thread) else { return record }
            var read = record
            read.set("form", .string(form))
            return read
        }
    }
}

extension Record {
    /// Why an inspection could tell nothing: the plain word, or in older entries the word in its facts.
    public var inspectionDoubt: String? {
        guard type == .recordingInspected else { return nil }
        return word("doubt") ?? fields["facts"]?["reason"]?.string
    }
}
