import Casework
import Kernel

/// A picture that is to show a signature is one of the sheet that was printed (签名页).
///
/// The rule: a page whose code names another document, or the very file on which another paper of the case was signed, shows
/// nothing about this one and is refused. A page on which no code can be read is taken, and the entry says so.
extension ScanDesk {
    /// Whether the document's own code stands on the scan.
    ///
    /// - Throws: `StepRefusal` if the scan is of another sheet, or was the signature page of another document of the case.
    public func recognises(
        _ scan: ObjectFacts, asSheetOf document: DocumentID, in work: Case
    ) async throws(StepRefusal) -> Bool {
        try await requireOwn(scan, of: document, in: work)
        // What cannot be read now is not read; the entry says so.
        guard let pages = try? await read(scan) else { return false }
        let named = Set(pages.flatMap(\.sheets).map(\.document))
        guard named.isEmpty || named.contains(document) else {
            throw StepRefusal(fields: [
                .init("scan", "图片页脚的编码是另一份文书的，不是这一份。请核对：扫描这份文书签了名的那一页，再上传。")
            ])
        }
        return named.contains(document)
    }

    private func requireOwn(_ scan: ObjectFacts, of document: DocumentID, in work: Case) async throws(StepRefusal) {
        for other in work.documents where other.id != document && !other.isVoid {
            for id in Set(other.slots.values.compactMap(\.scan)) {
                guard let known = try? await facts(of: id), known.sha256 == scan.sha256 else { continue }
                throw StepRefusal(fields: [
                    .init("scan", "这个文件已经是本案另一份文书的签名页。请上传这份文书签了名的那一页。")
                ])
            }
        }
    }
}
