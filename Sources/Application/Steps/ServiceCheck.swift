import Casework
import Kernel
import Ledger

/// What holds for every way of service (zhaoxian-2017:22–26; 行政处罚法第六十一条): nothing is served before it is issued, and
/// to nobody but whom it is for; what a receipt says is what is recorded of it; what was served is served.
///
/// Terms run from a service: of performing, of suing, of the bureau's own application to the court. So none rests on the
/// word of whoever records it.
enum ServiceCheck {
    /// What is wrong with a record of service, by question.
    static func problems(_ fact: Fact, in scene: Scene) -> [StepRefusal.FieldError] {
        guard fact.type == .documentServed, let document = paper(fact, "document", in: scene),
            let issue = document.issue
        else { return [] }
        var errors: [StepRefusal.FieldError] = []
        if scene.work.isOver, !scene.work.isAfterEnd(document.fixedSeq) {
            errors.append(.init("document", "这份文书是终结以前的，本案已经终结，不能再登记它的送达。请选择终结以后制发的文书。"))
        }
        let servedAt = fact.plain["servedAt"]?.integer.map { Instant(milliseconds: $0) }
        let mailedAt = fact.plain["mailedAt"]?.integer.map { Instant(milliseconds: $0) }
        // Minutes of a form are whole; the issue has milliseconds.
        if let servedAt, servedAt.milliseconds(since: issue.at) < -60_000 {
            errors.append(.init("servedAt", "送达时间不能早于文书制发时间（\(issue.at.chinese)）。"))
        }
        if let mailedAt {
            if mailedAt.milliseconds(since: issue.at) < -60_000 {
                errors.append(.init("mailedAt", "交寄时间不能早于文书制发时间（\(issue.at.chinese)）。"))
            }
            if let servedAt, servedAt <= mailedAt {
                errors.append(.init("servedAt", "签收（退回）时间应当在交寄时间（\(mailedAt.chinese)）以后。"))
            }
        }
        if let recipient = text(fact, "recipient"), !isFor(recipient, document, in: scene.work) {
            errors.append(
                .init("recipient", "“\(recipient)”不是这份文书写明的当事人或者收件的单位。请照文书填写；由别人代收的，受送达人仍写当事人，签收人写在回证或者回执里。"))
        }
        errors += proofProblems(fact, since: mailedAt ?? issue.at, in: scene)
        errors += receiptProblems(fact, of: document, issue, in: scene)
        errors += PublicNotice.problems(fact, of: document, in: scene)
        if document.isHandedOver {
            errors.append(.init("document", "这份决定书已经当场交付，当事人签收了，期限从那时算起，不用再登记送达。"))
        }
        let isOnce = document.isCaseDecision || document.kind == DocumentKindName.rightsNotice
        if isOnce,
            (scene.work.services + scene.work.heldServices).contains(where: {
                $0.document == document.id && !$0.isReturned
            })
        {
            errors.append(.init("document", "这份文书已经登记送达，期限从那一次算起，不能再登记一次。登记有误的，申请更正。"))
        }
        // One sentence for each question: the first says what is wrong most.
        var named: Set<String> = []
        return errors.filter { named.insert($0.name).inserted }
    }

    /// Refuses a receipt with open places. Where a text in force says so itself, its own refusal names the article.
    static func requireSigned(_ fact: Fact, in scene: Scene) async throws(StepRefusal) {
        guard fact.type == .documentServed, let proof = paper(fact, "receipt", in: scene) else { return }
        try await requireSigned(proof, in: scene, isDirect: fact.plain["method"]?.string == "direct")
    }

    /// The same for a receipt at hand; whoever signed it must be one who may receive. Of a direct service the texts in force
    /// say so themselves (zhaoxian-2017:22); of other ways they ask before the case is closed, and nothing is served until.
    static func requireSigned(
        _ proof: CaseDocument, in scene: Scene, isDirect: Bool = true
    ) async throws(StepRefusal) {
        guard !scene.law.openSlots(of: proof, in: scene.work).isEmpty else {
            let title = scene.law.library.kind(of: proof)?.title ?? proof.kind
            return try await PartySigner(of: scene).requireReceived(proof, title: title)
        }
        let gates = Foresight(view: scene.view, law: scene.law, person: scene.performer.person, now: scene.now)
            .refusals(of: .service)
        guard gates.isEmpty || !isDirect else { return }
        throw StepRefusal(.outOfOrder, "送达回证还有签名栏没有办理。全部办理之后才登记送达。")
    }

    /// What shows that something was sent was made after it was sent.
    private static func proofProblems(
        _ fact: Fact, since sent: Instant, in scene: Scene
    ) -> [StepRefusal.FieldError] {
        guard let seq = fact.references.first(where: { $0.role == "proofFile" })?.seq,
            let link = scene.view.records.first(where: { $0.seq == seq })
        else { return [] }
        if link.recordedAt.milliseconds(since: sent) < -60_000 {
            return [.init("proofFile", "这份资料在寄出（发送）以前就登记了（\(link.recordedAt.chinese)），不能证明这次送达。请上传这次的凭证和回执。")]
        }
        // What shows a lien is the recording of that very session (zhaoxian-2017:24): one road for both.
        guard fact.plain["method"]?.string == "lien", link.word("activity") != fact.plain["activity"]?.string else {
            return []
        }
        return [.init("proofFile", "这份资料没有归入所选的送达活动，不能反映留置的过程和现场。请上传时选择这一次送达活动，再回到这里选择。")]
    }

    /// The receipt is of this paper, was written after the issue, and says what is recorded.
    private static func receiptProblems(
        _ fact: Fact, of document: CaseDocument, _ issue: CaseDocument.Issue, in scene: Scene
    ) -> [StepRefusal.FieldError] {
        guard let proof = paper(fact, "receipt", in: scene) else { return [] }
        guard proof.about == document.id else {
            return [.init("receipt", "这份送达回证不是为所送的文书制作的。请选择这份文书的送达回证；还没有的，先制作。")]
        }
        let (named, way) = (ServiceMethod(of: proof), fact.plain["method"]?.string)
        // What was taken along for a direct service becomes another where nobody takes it.
        guard ["direct", way].contains(named.word) else {
            return [.init("receipt", "送达回证写明的送达方式与这里登记的不一致。请在“\(named.title)”里登记；回证写错了的，作废后重新制作。")]
        }
        guard !RecordService.isBefore(issue, receipt: proof.data) else {
            return [.init("receipt", "送达回证写明的送达时间早于文书制发的时间（\(issue.at.chinese)），不能用来登记送达。请作废后重新制作送达回证。")]
        }
        var errors: [StepRefusal.FieldError] = []
        if let slot = proof.slots["recipient"], let signer = slot.name, !signer.isEmpty {
            if let typed = text(fact, "signatory"), !PartySigner.isSame(typed, signer) {
                errors.append(.init("signatory", "签收人应当是在送达回证上签名的人。请照送达回证填写。"))
            }
            if let relation = slot.relationText, let typed = text(fact, "relation"),
                !relation.contains(typed.trimmedWhitespace)
            {
                errors.append(.init("relation", "与送达回证签收栏登记的关系不一致。请照送达回证填写，或者留空，由系统照送达回证登记。"))
            }
        }
        for (field, label) in [("recipient", "受送达人"), ("place", "送达地点")] {
            guard let said = proof.data?[field]?.string, let typed = text(fact, field),
                !said.trimmedWhitespace.utf8.elementsEqual(typed.trimmedWhitespace.utf8)
            else { continue }
            errors.append(.init(field, "与送达回证写的\(label)不一致。请照送达回证填写；回证写错了的，作废后重新制作。"))
        }
        if let said = proof.data?["servedAt"]?.string.flatMap({ Instant($0) }),
            let servedAt = fact.plain["servedAt"]?.integer, said.milliseconds / 60_000 != servedAt / 60_000
        {
            errors.append(.init("servedAt", "与送达回证写的送达时间不一致。请照送达回证填写；回证写错了的，作废后重新制作。"))
        }
        return errors
    }

    /// Whether a recipient is one whom the paper is for: whom it names, or the party of the case.
    static func isFor(_ recipient: String, _ document: CaseDocument, in work: Case) -> Bool {
        let data = document.data
        // A case is handed to an authority; its party receives no such letter (行政处罚法第二十七条).
        let isToAuthority = document.kind == DocumentKindName.caseTransfer
        var names = isToAuthority ? [] : [work.subjectName].compactMap { $0 }
        // Whom a notice of rights was handed to is no other party: it is told who signed it, and how they stand to the party.
        let isToParty = document.kind == DocumentKindName.rightsNotice
        let members =
            isToAuthority
            ? ["recipient"] : isToParty ? ["subjectName"] : ["recipient", "subjectName", "complainant", "applicant"]
        names += members.compactMap { data?[$0]?.string }
        for list in ["recipients", "interestedParties"] {
            names += data?[list]?.elements?.compactMap(\.string) ?? []
        }
        // Of a paper that names nobody, nor the case a party, nothing can be said.
        guard !names.isEmpty else { return true }
        let given = Array(recipient.trimmedWhitespace.unicodeScalars)
        return names.contains { name in
            let name = name.trimmedWhitespace
            if WrittenName(recipient.trimmedWhitespace).stands(for: name) { return true }
            // 王明（法定代表人）is 王明, and 王明华 is somebody else.
            let own = Array(name.unicodeScalars)
            guard !own.isEmpty, given.count > own.count, given.starts(with: own) else { return false }
            return "（(，,、；; ".unicodeScalars.contains(given[own.count])
        }
    }

    private static func paper(_ fact: Fact, _ member: String, in scene: Scene) -> CaseDocument? {
        fact.plain[member]?.string.flatMap { DocumentID($0) }.flatMap { scene.work.document($0) }
    }

    private static func text(_ fact: Fact, _ name: String) -> String? {
        fact.fields.first { $0.name == name }?.value.string
    }
}
