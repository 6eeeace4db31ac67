import Kernel

extension RecordingRow {
    /// Folds the records of a recording's thread; nil if the first does not import one.
    public init?(_ records: [Record]) {
        guard let first = records.first, first.type == .recordingImported,
            let object = first.word("object").flatMap({ ObjectID($0) })
        else { return nil }
        self.init(
            thread: first.thread, object: object, form: first.word("form") ?? "document",
            fileName: first.text("fileName") ?? "", mediaType: first.text("mediaType") ?? "",
            byteCount: first.fields["digest"]?["size"]?.integer ?? 0, importedAt: first.recordedAt,
            inspected: records.contains { $0.type == .recordingInspected })
    }

    /// The rows of a recording's thread: the recording, its object, and each result of background work, once.
    public static func rows(_ records: [Record]) -> [ProjectionRow] {
        guard let recording = RecordingRow(records) else { return [] }
        var rows: [ProjectionRow] = [
            .recording(recording),
            .claim(
                ClaimRow(thread: recording.thread, kind: .objectRecording, key: recording.object.description)),
        ]
        for record in records where record.type == .recordingInspected {
            let key = "inspection/\(recording.object)/\(record.word("tool") ?? "")"
            rows.append(.claim(ClaimRow(thread: recording.thread, kind: .result, key: key)))
        }
        return rows
    }
}
