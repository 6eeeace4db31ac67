import Casework
import Kernel
import Ledger

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
    /// For whom it is: as the entries say that fixed and issued the document or registered the recording, never less than
    /// its volume, and a secret while it is marked as one.
    public let openingClass: OpeningClass
    /// Whether it is a recording.
    public let isRecording: Bool

    /// What a mark of secrecy would stand on.
    var markable: SecrecyMark.Thing? {
        isRecording ? ThreadTag(item.id).map { .recording($0) } : DocumentID(item.id).map { .document($0) }
    }
    /// Whether it says something of a reporter, or is a secret: such a thing is never given to a party as it is.
    public var isVeiled: Bool { OpeningRule.veiled.contains(openingClass) }
    /// Whether parties are not given it as it is.
    public var isInternal: Bool { isVeiled || openingClass == .internal }
    /// What screens say of it beside its name; empty where everybody may have it.
    public var mark: String {
        switch openingClass {
        case .reporter: "含举报人信息"
        case .secret: "涉密"
        case .internal: isRecording ? "内部资料" : "副卷"
        case .party, .officer: ""
        }
    }
}

extension CaseView {
    /// What can be given out, documents first, each in the order in which it came about.
    public func releasables(_ library: RuleLibrary) -> [Releasable] {
        work.documents.compactMap { releasable($0, library) }
            + work.recordings.enumerated().compactMap { releasable($0.element, number: $0.offset + 1) }
    }

    private func releasable(_ document: CaseDocument, _ library: RuleLibrary) -> Releasable? {
        // What others made is nobody's to issue: it is given out as it came in.
        let seq = document.isOutside ? document.fixedSeq : document.issue?.seq
        let text = document.isOutside ? document.fixedObject : document.issue?.object
        guard !document.isVoid, !document.isSuperseded, let seq, let object = text,
            records.indices.contains(seq - 1), let digest = records[seq - 1].fileDigest
        else { return nil }
        let kind = library.kind(of: document)
        let stated = [
            openingClass(of: "data", at: document.fixedSeq), openingClass(of: "digest", at: seq),
            work.secrecyMark(of: .document(document.id)).map { _ in .secret },
        ]
        let title = kind?.title ?? document.kind
        return Releasable(
            item: RequestItem(document.id), title: document.issue?.numberText.map { "《\(title)》\($0)" } ?? "《\(title)》",
            fileName: "\(title).pdf", object: object, sha256: digest.sha256, byteCount: digest.size,
            openingClass: OpeningClass.strictest(
                stated.compactMap { $0 } + (kind?.volume == .open ? [] : [.internal])), isRecording: false)
    }

    private func releasable(_ link: LinkedRecording, number: Int) -> Releasable? {
        guard let first = recordings[link.recording]?.first, let record = Record(first.entry),
            record.type == .recordingImported, let digest = record.fileDigest,
            let object = record.word("object").flatMap({ ObjectID($0) })
        else { return nil }
        // A mark makes it a secret whatever it came in as; its own class is never less for a mark that was lifted.
        let own = first.entry.openingClass(of: "digest") ?? .secret
        let isMarked = work.secrecyMark(of: .recording(link.recording)) != nil
        let openingClass = isMarked ? OpeningClass.strictest([own, .secret]) : own
        let isVeiled = OpeningRule.veiled.contains(openingClass)
        // The name that somebody gave the file is for the bureau, and tells as much as the recording itself.
        let name = record.text("fileName")
        let neutral = RecordingName.neutral(number, like: name)
        return Releasable(
            item: RequestItem(recording: link.recording), title: isVeiled ? neutral : name ?? neutral,
            fileName: neutral, object: object, sha256: digest.sha256, byteCount: digest.size,
            openingClass: openingClass, isRecording: true)
    }
}

extension Record {
    /// The SHA-256 and size that a `digest` field tells.
    public var fileDigest: (sha256: Digest, size: Int64)? {
        guard let value = fields["digest"], let sha256 = value["sha256"]?.string.flatMap({ Digest($0) }),
            let size = value["size"]?.integer
        else { return nil }
        return (sha256, size)
    }
}

extension OpeningClass {
    /// The class of a thing whose parts have these.
    static func strictest(_ classes: [OpeningClass]) -> OpeningClass {
        [.secret, .reporter, .internal].first(where: classes.contains) ?? .party
    }
}
