import Casework
import Kernel
import Ledger

/// Files an ended case (归档): from here on nothing but looking, holding and disposing is possible, and what the law itself
/// lets come later (`StepSpan`).
public struct FileCase: CaseStep {
    public static let name = "filing"

    /// A filing.
    public init() {}

    /// The sheets that a case file must have (obligations 3(a), row 59).
    public static let sheets = ["case-file-cover", "case-file-catalogue", "closing-sheet"]

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.performer.require(.custodian)
        try scene.performer.requireSecret()
        guard !scene.work.isFiled else { throw StepRefusal(.outOfOrder, "本案已经归档。") }
        guard scene.work.ending != nil else {
            throw StepRefusal(.outOfOrder, "本案尚未终结，请承办人先办理终结。")
        }
        let unprinted = FileCase.unprinted(in: scene.work, law: scene.law)
        guard unprinted.isEmpty else {
            let titles = unprinted.map { "《\(scene.law.library.kind(of: $0)?.title ?? $0.kind)》" }
            throw StepRefusal(
                .outOfOrder,
                "\(titles.joined(separator: "、"))签名已经齐备，还没有制发：案卷里只有没有签名的文本。请由制作人制发，不再使用的作废，然后再制作目录和备考表、归档。")
        }
        let source = try await scene.source()
        if let refusal = FileCase.barred(scene.view, source: source, law: scene.law) { throw refusal }
        if let source {
            let unfinished = FileCase.unfinished(of: source.work, law: scene.law)
            guard unfinished.isEmpty else {
                let titles = unfinished.map { "《\(scene.law.library.kind(of: $0)?.title ?? $0.kind)》" }
                throw StepRefusal(
                    .outOfOrder,
                    "来源检查的\(titles.joined(separator: "、"))列入本案案卷，还没有签名齐备并制发。请由检查的承办人签名、制发，不用的作废，或者先把检查终结归档，然后再制作目录和备考表、归档。"
                )
            }
        }
        for name in FileCase.sheets {
            guard let sheet = scene.work.document(ofKind: name), sheet.issue != nil else {
                let title = try scene.law.kind(name).kind.title
                throw StepRefusal(.outOfOrder, "还没有制发《\(title)》，请先制作并制发。")
            }
        }
        let unfinished = scene.work.documents.filter { document in
            !document.isVoid && !scene.law.openSlots(of: document, in: scene.work).isEmpty
        }
        guard unfinished.isEmpty else {
            let titles = unfinished.map { "《\(scene.law.library.kind(of: $0)?.title ?? $0.kind)》" }
            throw StepRefusal(.outOfOrder, "\(titles.joined(separator: "、"))还有签名栏没有办理，办理或者作废之后才能归档。")
        }
        // Judged with this very step, so that defects that the head approved are counted as such.
        let filing = Record(
            thread: scene.work.thread, seq: scene.work.entries + 1, type: .caseFiled, recordedAt: scene.now,
            actor: scene.performer.tag)
        let verdict = scene.law.judge([filing], after: scene.history)
        // What was let pass is printed in the closing sheet (design section 2, Gate): one made earlier is silent about it.
        if verdict.isAllowed, let sheet = scene.work.document(ofKind: "closing-sheet"),
            scene.history.contains(where: { record in
                record.thread == scene.work.thread && record.seq > sheet.fixedSeq
                    && FileCase.isPrinted(record, of: scene.work)
            })
        {
            throw StepRefusal(.outOfOrder, "备考表是在批准越过关口、带缺陷归档、更正或者作废文书之前制作的，没有写明这些事项，请重新制作备考表。")
        }
        // What is missing is said first, by the gate; then whether the sheets tell of the case as it is.
        if verdict.isAllowed { try await FileCase.requireFitting(scene) }
        let evaluation = scene.law.evaluate(scene.history)
        let json = evaluation.json
        let sheets = try await CaseFileSheets(scene)
        var fields: [FieldValue] = [
            .init("archivist", .string(scene.performer.person.name), .officer),
            .init("evaluationText", json, .internal),
        ]
        if !verdict.overridden.isEmpty {
            let defects = verdict.overridden.map { JSON.string("\($0.title)：\($0.sentence)") }
            fields.append(.init("defects", .array(defects), .internal))
        }
        return [
            Fact(
                .caseFiled, in: scene.work.thread,
                plain: [
                    "entries": .integer(Int64(scene.work.entries + 1)),
                    "evaluation": .string(Digest.sha256(json.canonicalBytes).description),
                    "pages": .integer(Int64(sheets.pages)), "pieces": .integer(Int64(sheets.pieces)),
                    "withDefects": .boolean(!verdict.overridden.isEmpty),
                ],
                fields: fields)
        ]
    }
}

extension FileCase {
    /// Why a case is not filed although no text asks for more: a delivery that nobody registered, a file that is kept back on
    /// one person's word; nil where nothing is in the way.
    public static func barred(_ view: CaseView, source: CaseView?, law: Law) -> StepRefusal? {
        ReceiptCheck.refusal(in: view.work, before: "归档", law: law)
            ?? KeptBack.refusal(in: [view] + [source].compactMap { $0 }, before: "归档")
    }

    /// Papers that were signed and have no text with the signatures (rendition B): whoever opens the file later would find
    /// empty places in them.
    public static func unprinted(in work: Case, law: Law) -> [CaseDocument] {
        work.documents.filter { document in
            document.issue == nil && !document.isOutside && !document.isVoid && !document.isSuperseded
                && !document.slots.isEmpty && !sheets.contains(document.kind)
                && law.openSlots(of: document, in: work).isEmpty
        }
    }

    /// Papers of the inspection that a case was opened from, which are pieces of its file and have no text with all their
    /// signatures; none where the inspection lies in a volume of its own.
    public static func unfinished(of source: Case, law: Law) -> [CaseDocument] {
        guard !source.isFiled else { return [] }
        return source.documents.filter { document in
            guard !document.isVoid, !document.isSuperseded, !sheets.contains(document.kind) else { return false }
            return document.issue == nil && !document.isOutside && !document.slots.isEmpty
                || !law.openSlots(of: document, in: source).isEmpty
        }
    }

    /// Whether the closing sheet has to tell of a record.
    static func isPrinted(_ record: Record, of work: Case) -> Bool {
        switch record.type {
        case .overrideGiven, .entryCorrected, .documentCorrected: return true
        case .documentVoided:
            // The sheets themselves are made anew without much ado.
            let document = record.word("document").flatMap { DocumentID($0) }.flatMap { work.document($0) }
            return document.map { !sheets.contains($0.kind) } ?? false
        default: return false
        }
    }
}
