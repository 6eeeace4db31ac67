import Casework
import Kernel

extension DossierPlanner {
    /// What the name of rendition A says of its document, lest it pass for a paper that somebody answers for.
    ///
    /// It is never the paper itself where one was issued. Where none was, a paper that goes out under a number says so;
    /// any other is finished with its signatures, and says what is missing of them. A void one says that alone.
    static func mark(of document: CaseDocument, _ kind: DocumentKind?) -> String {
        if document.issue != nil { return "（签名前文本）" }
        if kind?.numbering != nil { return "（未制发）" }
        if document.isVoid { return "" }
        guard let kind else { return document.isSigned ? "" : unsigned }
        if document.isOutside {
            guard let data = document.data else { return "" }
            // What others made is whole as it came in; only what it had to bear and nobody saw is said.
            return kind.places(for: data).contains { $0.isRequired && document.slots[$0.name] == nil } ? "（签章未登记齐）" : ""
        }
        // The bureau's seal is set at the issue; covers and catalogues ask for nobody's name.
        let places = kind.places(for: document.data ?? .object([])).filter { $0.slot.who != .bureau }
        if places.isEmpty { return "" }
        guard document.isSigned else { return unsigned }
        // With the form destroyed nobody can say any more which of its places were required.
        guard document.data != nil else { return "" }
        return places.contains { $0.isRequired && document.slots[$0.name] == nil } ? "（签名未齐）" : ""
    }

    private static let unsigned = "（定稿，无人签署）"
}
