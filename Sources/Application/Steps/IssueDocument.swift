import Casework
import Kernel
import Ledger

/// Issues a document (制发): the number is claimed and rendition B is recorded.
public struct IssueDocument: CaseStep {
    public static let name = "issue"

    public var document: DocumentID
    /// The number, for kinds that are numbered.
    public var number: (year: Int, number: Int, text: String)?
    /// Rendition B, printed and stored.
    public var rendition: ObjectFacts
    /// Its pages.
    public var pages: Int
    /// The press that printed it: `Printer.installationDigest`.
    public var press: Digest
    /// The head printed in its margin: an anchor that leaves the house with every copy.
    public var printed: SheetPosition

    /// An issue.
    public init(
        document: DocumentID, number: (year: Int, number: Int, text: String)?, rendition: ObjectFacts,
        pages: Int, press: Digest, printed: SheetPosition
    ) {
        self.document = document
        self.number = number
        self.rendition = rendition
        self.pages = pages
        self.press = press
        self.printed = printed
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        let fixed = try IssueDocument.check(document, in: scene)
        let kind = try scene.law.kind(of: fixed)
        let templateDigest = try scene.law.template(of: fixed).digest
        var plain: [JSON.Member] = [
            .init("document", .string(document.description)), .init("object", .string(rendition.id.description)),
            .init("pages", .integer(Int64(pages))), .init("printedRoot", .string(printed.root.description)),
            .init("printedSize", .integer(printed.size)), .init("pressDigest", .string(press.description)),
            .init("templateDigest", .string(templateDigest.description)),
        ]
        if let log = printed.closedLog { plain.append(.init("printedLog", .integer(Int64(log)))) }
        var fields: [FieldValue] = [
            .init("digest", rendition.json, kind.openingClass(of: fixed.data ?? .object([])))
        ]
        guard (kind.numbering != nil) == (number != nil) else {
            throw StepRefusal(.fault, "文号与文书种类不符，未作任何更改。")
        }
        if let number {
            try IssueDay.requireYear(number.year, of: fixed)
            plain.append(.init("number", .integer(Int64(number.number))))
            plain.append(.init("year", .integer(Int64(number.year))))
            fields.append(.init("numberText", .string(number.text), .party))
        }
        return [
            Fact(
                .documentIssued, in: scene.work.thread, plain: .object(plain), fields: fields,
                references: [try scene.reference("fixed", to: fixed.fixedSeq)])
        ]
    }

    /// Whether the document can be issued by this person now.
    static func check(_ document: DocumentID, in scene: Scene) throws(StepRefusal) -> CaseDocument {
        guard let fixed = scene.work.document(document), !fixed.isVoid else {
            throw StepRefusal(.notFound, "本案没有这份文书，或者它已作废。")
        }
        guard fixed.issue == nil else { throw StepRefusal(.outOfOrder, "这份文书已经制发。") }
        guard !fixed.isOutside else {
            throw StepRefusal(.outOfOrder, "这份文书由外单位或者个人出具，归入以后已经完成，不由本机关制发。")
        }
        let kind = try scene.law.kind(of: fixed)
        try DocumentRights.requireAuthor(of: kind, in: scene, isSigned: true)
        if scene.work.isOver, !scene.work.isAfterEnd(fixed.fixedSeq), !AfterEnd.mayComplete(kind, in: scene.work) {
            throw StepRefusal(.outOfOrder, "这份文书是终结以前定稿的，本案已经终结，不能再制发。不再使用的，请作废。")
        }
        try scene.performer.requireSecret()
        // A power that was taken back between fixing and issuing is no power any more.
        if let power = kind.taken.power,
            let refusal = scene.law.refusal(lacking: power, for: "《\(kind.title)》", on: scene.now.day)
        {
            throw refusal
        }
        let open = scene.law.openSlots(of: fixed, in: scene.work)
        guard open.isEmpty else {
            let places = kind.places(for: fixed.data ?? .object([])).filter { open.contains($0.name) }
            let labels = places.map { "“\($0.slot.label)”" }.joined(separator: "、")
            throw StepRefusal(.outOfOrder, "还有签名栏没有办理：\(labels)。全部办理后才能制发。")
        }
        try DecisionCheck.requireIssuable(fixed, in: scene)
        // What it repeated may be void by now.
        if let problem = PunishingPaper.problems(in: fixed.data ?? .object([]), kind: kind, work: scene.work).first {
            throw StepRefusal(.outOfOrder, "这份文书现在不能制发，请作废后重做。\(problem.message)")
        }
        return fixed
    }
}

/// Makes a document void (作废): its number stays taken, and what it had met is open again.
public struct VoidDocument: CaseStep {
    public static let name = "void"

    public var document: DocumentID
    public var reason: String

    /// A voiding.
    public init(document: DocumentID, reason: String) {
        self.document = document
        self.reason = reason
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        guard let fixed = scene.work.document(document), !fixed.isVoid else {
            throw StepRefusal(.notFound, "本案没有这份文书，或者它已经作废。")
        }
        try scene.requireUnfiled(fixed, "本案已归档，归档的文书不能再作废。")
        if let refusal = VoidDocument.refusal(
            of: fixed, kind: scene.law.library.kind(of: fixed), to: scene.performer.person, in: scene.work,
            led: try await scene.casebook?.led(from: scene.work))
        {
            throw refusal
        }
        try scene.performer.requireSecret()
        var form = FormText()
        let reason = form.required(reason, "reason", "作废的理由")
        try form.finish()
        let role = fixed.issue == nil ? "fixed" : "issued"
        return [
            Fact(
                .documentVoided, in: scene.work.thread, plain: ["document": .string(document.description)],
                fields: [.init("reason", .string(reason), .internal)],
                references: [try scene.reference(role, to: fixed.issue?.seq ?? fixed.fixedSeq)])
        ]
    }
}

extension VoidDocument {
    /// What of the case stands on a document, so that nobody makes it void (ADR 0056); nil where nothing does.
    ///
    /// - Parameter led: the penalty case that was opened from this one.
    private static func bound(_ document: CaseDocument, in work: Case, led: Case?) -> StepRefusal? {
        let isIssued = document.issue != nil
        // What a party was served is undone by a decision that it is told of; and what a case ended on stands.
        if isIssued, document.isCaseDecision || document.kind == DocumentKindName.enforcementDecision,
            work.services.contains(where: { $0.document == document.id && !$0.isReturned })
        {
            return StepRefusal(.outOfOrder, "决定书已经送达当事人，不能作废。写错了的，制作补正的文书；要变更、撤销的，登记决定变更撤销，制作决定书送达当事人。")
        }
        // What proves that a party received something stands as long as that service does.
        if (work.services + work.heldServices).contains(where: { $0.receipt == document.id && !$0.isReturned }) {
            return StepRefusal(.outOfOrder, "已经凭这份文书登记送达，不能作废。写错了的，在全过程里找到送达的登记，申请更正。")
        }
        // What a decision rests on stands as long as the decision does.
        let carries = work.documents.contains { decision in
            decision.isCaseDecision && decision.isInForce && decision.id != document.id
                && decision.issue.map { $0.seq > document.fixedSeq } == true
        }
        if carries, !document.slots.isEmpty {
            return StepRefusal(
                .outOfOrder, "处罚决定书已经制发，它所依据的文书不能再作废。决定书还没有送达的，先由行政机关负责人作废决定书；已经送达的，登记决定变更撤销。")
        }
        // What an inspection found is the evidence of the case that it led to: it stands as long as that decision does, and
        // as that file does.
        if let led, !document.slots.isEmpty {
            if led.documents.contains(where: { $0.isCaseDecision && $0.isInForce }) {
                return StepRefusal(
                    .outOfOrder, "由本次检查立案的案件已经制发处罚决定书，检查的文书是它的证据，不能再作废。决定书还没有送达的，先由行政机关负责人作废决定书；已经送达的，登记决定变更撤销。")
            }
            if led.isFiled || isIssued && led.isOver {
                return StepRefusal(.outOfOrder, "由本次检查立案的案件已经终结，检查的文书随该案归档，不能再作废。")
            }
        }
        if isIssued, work.isOver, !work.isAfterEnd(document.fixedSeq) {
            return StepRefusal(.outOfOrder, "本案已经终结，终结以前制发的文书不能再作废。决定要变更、撤销的，登记决定变更撤销。")
        }
        return nil
    }

    /// Why a person may not make a document void; nil if they may.
    ///
    /// What was sent out in the bureau's name is taken back by its head. Before that the handlers answer for their own
    /// papers, the custodian for the sheets of the case file. The legal review is nobody's but its author's: whoever is
    /// reviewed does not take an unwelcome result away; once it is signed the head may.
    ///
    /// - Parameter led: the penalty case that was opened from this one.
    public static func refusal(
        of document: CaseDocument, kind: DocumentKind?, to person: PersonRow, in work: Case, led: Case?
    ) -> StepRefusal? {
        func refused(_ text: String) -> StepRefusal { StepRefusal(.notAllowed, text) }
        let isHead = person.roles.contains(.agencyHead)
        if let refusal = bound(document, in: work, led: led) { return refusal }
        guard document.issue == nil else {
            return isHead ? nil : refused("文书已经制发，由行政机关负责人作废。")
        }
        // What a party has put its name to is not taken away by whoever wrote it or whom it is addressed to.
        if ["screen", "paper"].contains(document.slots["party"]?.manner ?? "") {
            return isHead ? nil : refused("当事人已经签名的文书，由行政机关负责人写明理由作废。")
        }
        switch kind?.category {
        case .review:
            if document.author == person.thread || !document.slots.isEmpty && isHead { return nil }
            return refused("法制审查文书只能由制作的审查人员本人作废；签名之后，行政机关负责人也可以作废。")
        case .caseFile:
            return person.roles.contains(.custodian) ? nil : refused("案卷文书由档案管理人员作废。")
        default:
            return work.handlers.contains(person.thread) ? nil : refused("您不是本案承办人，不能作废这份文书。")
        }
    }
}
