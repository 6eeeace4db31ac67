import Casework
import Kernel

/// A marked document or recording, as the page of approval and the closing sheet name it: never by the name of a file.
public struct MarkedPiece: Sendable {
    /// What it is.
    public let title: String
    public let mark: SecrecyMark
    public let isOfSource: Bool

    /// What bears a mark of a case and of the inspection that it was opened from, in order.
    public static func all(_ view: CaseView, source: CaseView?, _ library: RuleLibrary) -> [MarkedPiece] {
        ((source.map { [($0, true)] } ?? []) + [(view, false)]).flatMap { view, isOfSource in
            view.work.secrecyMarks.map { MarkedPiece($0, of: view, isOfSource: isOfSource, library) }
        }
    }

    init(_ mark: SecrecyMark, of view: CaseView, isOfSource: Bool, _ library: RuleLibrary) {
        self.mark = mark
        self.isOfSource = isOfSource
        switch mark.thing {
        case .document(let id):
            let document = view.work.document(id)
            let title = document.flatMap { library.kind(of: $0)?.title } ?? document?.kind ?? ""
            self.title = "《\(title)》\(document?.issue?.numberText ?? "")"
        case .recording(let thread):
            let link = view.work.recordings.first { $0.recording == thread }
            title = "记录线第 \(link?.seq ?? 0) 条归入的音像资料"
        }
    }

    /// A sentence that names it with everybody who answers for it.
    public func sentence(_ name: (ThreadTag?) -> String) -> String {
        "\(isOfSource ? "来源检查" : "本案")\(title)：\(name(mark.by))于\(mark.at.day.chinese)标明涉及\(mark.secret)，可以接触的是\(mark.cleared)；不原样提供给当事人。"
    }
}
