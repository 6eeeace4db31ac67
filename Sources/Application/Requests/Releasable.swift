import Casework
import Kernel

/// What of a case can be asked for and given out: an issued document that stands, or a recording (zhaoxian-2017:32).
public struct Releasable: Hashable, Sendable {
    /// The document or recording.
    public let item: RequestItem
    /// Its name on screens.
    public let title: String
    /// The name of the file that it is given out as.
    public let fileName: String
    /// Its bytes: rendition B of a document, the original of a recording.
    public let object: ObjectID
    /// Their SHA-256, as its own entry tells it.
    public let sha256: Digest
    /// How many they are.
    public let byteCount: Int64
    /// Whether it is a document of the internal volume (副卷), which parties are not shown.
    public let isInternal: Bool
    /// Whether it is a recording.
    public let isRecording: Bool
}

extension CaseView {
    /// What can be given out, documents first, each in the order in which it came about.
    public func releasables(_ library: RuleLibrary) -> [Releasable] {
        work.documents.compactMap { releasable($0, library) } + work.recordings.compactMap { releasable($0) }
    }

    private func releasable(_ document: CaseDocument, _ library: RuleLibrary) -> Releasable? {
        guard document.isInForce, let issue = document.issue, let object = issue.object,
            records.indices.contains(issue.seq - 1), let digest = records[issue.seq - 1].fileDigest
        else { return nil }
        let kind = library.kind(of: document)
        let title = kind?.title ?? document.kind
        return Releasable(
            item: RequestItem(document.id), title: issue.numberText.map { "《\(title)》\($0)" } ?? "《\(title)》",
            fileName: "\(title).pdf", object: object, sha256: digest.sha256, byteCount: digest.size,
            isInternal: kind?.volume == .internal, isRecording: false)
    }

    private func releasable(_ link: LinkedRecording) -> Releasable? {
        guard let first = recordings[link.recording]?.first, let record = Record(first.entry),
            record.type == .recordingImported, let digest = record.fileDigest,
            let object = record.word("object").flatMap({ ObjectID($0) })
        else { return nil }
        let name = record.text("fileName") ?? "音像资料"
        return Releasable(
            item: RequestItem(recording: link.recording), title: name, fileName: name, object: object,
            sha256: digest.sha256, byteCount: digest.size, isInternal: false, isRecording: true)
    }
}

extension Record {
    /// The SHA-256 and size that a `digest` field tells.
    var fileDigest: (sha256: Digest, size: Int64)? {
        guard let value = fields["digest"], let sha256 = value["sha256"]?.string.flatMap({ Digest($0) }),
            let size = value["size"]?.integer
        else { return nil }
        return (sha256, size)
    }
}
