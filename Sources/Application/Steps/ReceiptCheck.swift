import Casework
import Kernel

/// A receipt (送达回证) belongs to one service: one that nobody registered says that something was handed over of which the
/// record knows nothing, and a second one says it twice (zhaoxian-2017:22).
enum ReceiptCheck {
    /// Receipts that were issued and by which no service is registered.
    static func dangling(in work: Case) -> [CaseDocument] {
        let used = Set((work.services + work.heldServices).compactMap(\.receipt))
        return work.documents.filter {
            $0.kind == DocumentKindName.serviceReceipt && $0.issue != nil && !$0.isVoid && !$0.isSuperseded
                && !used.contains($0.id)
        }
    }

    /// Refuses an end, or a filing, while there is one that can still be put right; nil where there is none.
    static func refusal(in work: Case, before what: String, law: Law) -> StepRefusal? {
        let open = dangling(in: work).filter { !work.isOver || work.isAfterEnd($0.fixedSeq) }
        guard !open.isEmpty else { return nil }
        let names = open.map { name(of: $0, in: work, law: law) }.joined(separator: "、")
        return StepRefusal(
            .outOfOrder, "\(names)已经制发，没有凭它登记送达。\(what)以前，请登记送达；没有送达或者做重了的，由行政机关负责人作废。")
    }

    /// What a receipt is of, and who signed it.
    static func name(of receipt: CaseDocument, in work: Case, law: Law) -> String {
        let about = receipt.about.flatMap { work.document($0) }
        let served = about.map { "《\(law.library.kind(of: $0)?.title ?? $0.kind)》\($0.issue?.numberText ?? "")" } ?? ""
        return "\(served)的《送达回证》（\(receipt.fixedAt.day.chinese)制作）"
    }

    /// Why no receipt of a document is made or signed any more: it was served, and the receipt of that service is another
    /// one; nil where it may be. Mail that came back reached nobody; other papers may go to several.
    ///
    /// - Parameter recipient: whom the receipt names.
    static func refusal(
        ofSecond receipt: DocumentID?, of served: CaseDocument, to recipient: String?, in work: Case
    ) -> StepRefusal? {
        let isOnce = served.isCaseDecision || served.kind == DocumentKindName.rightsNotice
        let done = (work.services + work.heldServices).contains { service in
            guard service.document == served.id, !service.isReturned,
                service.receipt == nil || service.receipt != receipt
            else { return false }
            let earlier = service.receipt.flatMap { work.document($0) }?.data?["recipient"]?.string
            return isOnce || earlier.map { $0.utf8.elementsEqual((recipient ?? "").utf8) } == true
        }
        guard done else { return nil }
        return StepRefusal(.outOfOrder, "这份文书已经登记送达，不再为它制作、签署送达回证。做重了的，请作废；送达登记有误的，在全过程里找到它，申请更正。")
    }
}
