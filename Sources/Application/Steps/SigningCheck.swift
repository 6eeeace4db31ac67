import Casework
import Kernel

/// What an office that signs a decision (签发) has to have seen first: the fixed text itself, opened in a view session, and
/// where it differs from the draft that was approved.
///
/// The look is two entries already (invariant 4), so nobody has to believe that the document was read before it was signed:
/// the record says when it was opened, by whom, and whether enough of it was given out to have been read (`GivenBytes`).
/// A session in which less was asked for is no look.
public enum SigningCheck {
    /// Whether whoever signs here answers for a decision: then rendition A has to be looked at first.
    public static func asksLook(at place: SlotPlace, of kind: DocumentKind) -> Bool {
        kind.category == .decision && place.slot.who.role != nil && place.slot.who != .officer
    }

    /// Whether a person has opened the fixed text of a document since it was fixed, and read of it.
    public static func hasLooked(_ person: ThreadTag, at document: CaseDocument, in view: CaseView) -> Bool {
        guard let object = document.fixedObject else { return false }
        let sessions = view.records.filter { record in
            record.type == .accessOpened && record.actor == person && record.seq > document.fixedSeq
                && record.word("document").flatMap { DocumentID($0) } == document.id
                && record.word("object").flatMap { ObjectID($0) } == object
        }.compactMap { $0.word("session") }
        return view.records.contains { record in
            record.type == .accessClosed && record.actor == person
                && record.word("session").map(sessions.contains) == true
                && record.plain["isRead"] == .boolean(true)
        }
    }

    static func require(
        _ step: SignSlot, at place: SlotPlace, of document: CaseDocument, kind: DocumentKind, in scene: Scene
    ) throws(StepRefusal) {
        guard asksLook(at: place, of: kind) else { return }
        guard hasLooked(scene.performer.tag, at: document, in: scene.view) else {
            throw StepRefusal(
                .outOfOrder,
                "签署《\(kind.title)》以前，请先打开它看过：点“查看文书”，再点“打开 PDF”，看完定稿文本再回到这一栏签署。打开的时间和读取的字节都留有记录，这里按记录核对：读取不到一半的，不算看过。")
        }
        guard let comparison = DecisionComparison(document, kind: kind, in: scene.work), comparison.isDifferent,
            !step.isCompared
        else { return }
        throw StepRefusal(fields: [
            .init("compared", "决定书与批准的处理意见有不同的字句，已在上面标出。逐处看过、同意按决定书签发的，请勾选；不同意的不要签署，由承办人作废后重做。")
        ])
    }
}

/// A decision's operative fields beside the newest draft of its case, compared by their words.
public struct DecisionComparison: Sendable {
    /// What the decision orders, field by field.
    public let decision: [Passage]
    /// What the draft says is to be ordered.
    public let draft: Passage

    /// A text with what of it the other side does not say.
    public struct Passage: Sendable {
        public let label: String
        public internal(set) var pieces: [(text: String, isDifferent: Bool)]
    }

    /// Whether one side says something in words that the other has not.
    public var isDifferent: Bool {
        (decision + [draft]).contains { $0.pieces.contains(where: \.isDifferent) }
    }

    /// How and by when the party performs (履行方式和期限): the one operative field that drafts do not have.
    private static let performance = "performance"

    /// Whether a clause about performance orders more than that what the draft orders is performed: another kind of penalty,
    /// another sum, a sum once more, or another rate than the three percent a day of the law (行政处罚法第七十二条).
    private static func orders(_ clause: String, beyond draft: PenaltyTerms) -> Bool {
        let terms = PenaltyTerms(clause)
        if !terms.kinds.subtracting(draft.kinds).isSubset(of: ["罚款"]) { return true }
        if !terms.amounts.isSubset(of: draft.amounts) { return true }
        if !terms.amounts.isEmpty, clause.contains(where: { "每再另加".contains($0) }) { return true }
        for sign in ["百分之三", "3%", "3％", "３％"] where clause.hasSuffix(sign) || clause.contains(sign + "加") {
            return clause.contains(where: { "12456789".contains($0) })
        }
        return clause.contains("分之") || clause.contains("%") || clause.contains("％") || clause.contains("‰")
    }

    /// Compares a document with the draft; nil where it decides no case, or either text is not there.
    public init?(_ document: CaseDocument, kind: DocumentKind, in work: Case) {
        guard document.isCaseDecision, let data = document.data else { return nil }
        self.init(data, kind: kind, in: work)
    }

    /// Compares what a form says with the draft.
    public init?(_ data: JSON, kind: DocumentKind, in work: Case) {
        guard CaseDocument.decidedOutcome(kind: kind.name, data: data) != nil, let drafted = work.drafting?.text else {
            return nil
        }
        // A kind that was kept from before operative fields were marked has nothing to be compared.
        guard kind.fields.contains(where: \.operative) else { return nil }
        let fields = kind.fields.filter(\.operative).compactMap {
            field -> (name: String, label: String, text: OperativeText)? in
            guard let value = data[field.name] else { return nil }
            let text = value.string ?? value.elements?.compactMap(\.string).joined(separator: "\n") ?? ""
            return (field.name, field.label, OperativeText(text))
        }
        let draft = OperativeText(drafted)
        let ordered = PenaltyTerms(drafted)
        func passage(_ label: String, _ text: OperativeText, besides others: [OperativeText]) -> Passage {
            Passage(
                label: label,
                pieces: zip(text.pieces, text.unshared(with: others)).map { (text: $0.text, isDifferent: $1) })
        }
        decision = fields.map { field in
            var passage = passage(field.label, field.text, besides: [draft])
            // A draft has no such field: words about where and when to pay are always others. A mark that stood on every
            // decision would be one that nobody looks at; it stands where such a clause orders something of its own.
            if field.name == Self.performance {
                passage.pieces = passage.pieces.map { piece in
                    (piece.text, piece.isDifferent && Self.orders(piece.text, beyond: ordered))
                }
            }
            return passage
        }
        self.draft = passage("拟作出的决定", draft, besides: fields.map(\.text))
    }
}
