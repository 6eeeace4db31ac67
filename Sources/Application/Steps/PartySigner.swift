import Casework
import Kernel

/// Who may sign, speak and receive in a party's place (行政处罚法第四十四条、第四十五条、第六十一条; 民事诉讼法第八十八条).
///
/// Officers hold the pad, so a name alone proves nothing: whoever signs says how they stand to the party, what is said is
/// compared with the party as it is registered, and what cannot be compared is printed for whoever reads the paper.
public struct PartySigner: Sendable {
    /// The party of the case, as it is registered.
    let name: String
    /// Nil where nobody says whether it is an organisation or a person.
    let isOrganisation: Bool?
    /// Its legal representative, or who heads it; nil where nobody is registered.
    let representative: String?

    /// The paper by which a party agrees to be served by wire: its own act, like an answer.
    private static let consent = "electronic-service-consent"

    /// The party of a case. A scene of a test, which has no casebook, knows what the case itself says.
    init(of scene: Scene) async throws(StepRefusal) {
        name = scene.work.subjectName?.trimmedWhitespace ?? ""
        isOrganisation = scene.work.subjectKind.map { $0 != "individual" }
        let records = try await scene.casebook?.history(of: scene.work.subject) ?? []
        representative = records.compactMap { $0.text("representative")?.trimmedWhitespace }.last { !$0.isEmpty }
    }

    /// Whether somebody signs a place for the party: then it is asked how they stand to it.
    public static func isAsked(at place: SlotPlace, of kind: DocumentKind) -> Bool {
        place.slot.who == .party || (place.slot.who == .recipient && kind.name == DocumentKindName.serviceReceipt)
    }

    /// Whether two names mean the same person: who is registered as 言有信（厂长） signs as 言有信. What stands beside a name that is
    /// given now is no part of it: 言有信（之弟代签） is somebody else.
    static func isSame(_ given: String, _ known: String) -> Bool {
        let (given, known) = (given.trimmedWhitespace, known.trimmedWhitespace)
        guard !given.isEmpty, !known.isEmpty else { return false }
        func begins(_ long: String, _ short: String) -> Bool {
            let (long, short) = (Array(long.unicodeScalars), Array(short.unicodeScalars))
            return long.count > short.count && long.starts(with: short)
                && "（(，,、；; ".unicodeScalars.contains(long[short.count])
        }
        return WrittenName(given).stands(for: known) || WrittenName(known).stands(for: given)
            || begins(known, given)
    }

    /// Whether a name is the party's own or its representative's.
    func isParty(_ signer: String) -> Bool {
        PartySigner.isSame(signer, name) || representative.map { PartySigner.isSame(signer, $0) } == true
    }

    /// Whether somebody signs as the party that a paper is for; a receipt may be for another than the case's.
    private func isFor(_ recipient: String?) -> Bool {
        guard let recipient, !recipient.trimmedWhitespace.isEmpty, !name.isEmpty else { return true }
        return isParty(recipient)
    }

    // MARK: signing

    /// Who is registered as the party's representative by this signature: the first who signs as one, where nobody is.
    func learned(from step: SignSlot, on paper: CaseDocument) -> String? {
        let recipient = paper.kind == DocumentKindName.serviceReceipt ? paper.data?["recipient"]?.string : nil
        guard step.capacity == .representative, representative == nil, isOrganisation != false, isFor(recipient) else {
            return nil
        }
        let signer = step.signer.trimmedWhitespace
        return signer.isEmpty ? nil : signer
    }

    /// Checks a signature in the party's place, and gives what is recorded of its capacity.
    func check(
        _ step: SignSlot, on paper: CaseDocument, form: inout FormText
    ) -> (word: JSON.Member, authority: String?)? {
        guard let capacity = step.capacity else {
            form.fail("capacity", "请选择签名人与当事人的关系。不是当事人本人或者法定代表人（负责人）的，照实选择。")
            return nil
        }
        let authority = form.optional(step.authority, "authority", "授权委托书", limit: 200)
        let recipient = paper.kind == DocumentKindName.serviceReceipt ? paper.data?["recipient"]?.string : nil
        if let problem = problem(of: capacity, step, recipient: recipient, paper) {
            form.fail("capacity", problem)
        }
        if capacity == .delegate, authority == nil {
            form.fail("authority", "委托代理人签名的，写明授权委托书的日期和代理权限；没有授权委托书的，不能作为代理人签名。")
        }
        if capacity != .delegate, authority != nil { form.fail("authority", "只有委托代理人才填写授权委托书。") }
        if capacity == .other, step.relation?.trimmedWhitespace.isEmpty != false {
            form.fail("relation", "请写明签名人与当事人是什么关系。")
        }
        return (.init("capacity", .string(capacity.rawValue)), authority)
    }

    /// What speaks against a capacity; nil where nothing does.
    private func problem(
        of capacity: SignerCapacity, _ step: SignSlot, recipient: String?, _ paper: CaseDocument
    ) -> String? {
        let signer = step.signer.trimmedWhitespace
        let isForParty = isFor(recipient)
        // A case is not handed to the police by a receipt that the suspect signs.
        if !isForParty, isParty(signer) {
            return "“\(signer)”是当事人一方，不能替“\(recipient ?? "")”签收。请由受送达人一方签收。"
        }
        switch capacity {
        case .principal:
            let own = isForParty ? name : recipient ?? ""
            let isSeal = step.manner == .paper && step.isSealed
            if isForParty, isOrganisation == true, [.screen, .paper].contains(step.manner), !isSeal {
                return "单位不能自己签名：签名的是谁，就写谁的姓名，并选择他与单位的关系。只盖公章的，在纸上盖章，签名人写单位名称。"
            }
            guard !own.isEmpty, !signer.isEmpty, !PartySigner.isSame(signer, own) else { break }
            return "“\(signer)”不是\(isForParty ? "当事人" : "受送达人")“\(own)”本人，请照实选择关系。"
        case .representative:
            guard isForParty, !signer.isEmpty else { break }
            let known = representative ?? paper.data?["subjectRepresentative"]?.string?.trimmedWhitespace ?? ""
            if known.isEmpty { return isOrganisation == false ? "当事人是个人，没有登记负责人。请照实选择关系。" : nil }
            guard !PartySigner.isSame(signer, known) else { break }
            return "当事人登记的法定代表人（负责人）是“\(known)”，不是“\(signer)”。请照实选择关系；已经换人的，选“委托代理人”，写明任职文件或者授权委托书。"
        case .receiver:
            if isForParty, isOrganisation == false { return "当事人是个人，没有负责收件的人。可以代收的是同住的成年家属或者委托代理人。" }
        case .family:
            if isForParty, isOrganisation == true { return "当事人是单位，不能由家属代签。可以代收的是负责收件的人或者委托代理人。" }
        case .delegate, .employee, .interested, .other: break
        }
        return nil
    }

    /// Refuses a notice or a receipt in the hands of somebody whom the law does not let receive it.
    ///
    /// A notice to somebody whose interests are touched is one to that person; it tells the party nothing.
    func requireReceiver(
        _ capacity: SignerCapacity, on paper: CaseDocument, title: String
    ) throws(StepRefusal) {
        if paper.kind == PartySigner.consent, !capacity.isParty, capacity != .delegate {
            var refusal = StepRefusal(.gate, "《\(title)》是当事人自己的同意，不能由这个人（\(capacity.chinese)）签名。")
            refusal.reasons = [
                .init(
                    provisions: ["parent-law:penalty-61.p2"],
                    missing: "当事人本人、法定代表人（负责人）的签名，或者委托代理人的授权委托书", who: "当事人，由承办人收取")
            ]
            throw refusal
        }
        let isReceipt = paper.kind == DocumentKindName.serviceReceipt
        guard isReceipt || paper.kind == DocumentKindName.rightsNotice else { return }
        if !isReceipt, capacity == .interested { return }
        let recipient = isReceipt ? paper.data?["recipient"]?.string : nil
        guard !capacity.mayReceive(for: isFor(recipient) ? isOrganisation : nil) else { return }
        throw PartySigner.stranger(capacity.chinese, at: title)
    }

    /// The refusal: nobody but these receives a paper for the party. No name is told: the paper may be one that is only shown
    /// within a look.
    private static func stranger(_ relation: String, at title: String) -> StepRefusal {
        var refusal = StepRefusal(
            .gate, "《\(title)》不能由这个人（\(relation)）签收。受送达人不能本人签收的，依法改由能代收的人签收，或者用其他方式送达。")
        refusal.reasons = [
            .init(
                provisions: ["parent-law:penalty-61", "parent-law:civil-88"],
                missing: "当事人本人、法定代表人（负责人）、委托代理人、单位负责收件的人或者个人同住成年家属的签收", who: "承办人")
        ]
        return refusal
    }

    // MARK: what rests on a signature

    /// Refuses a receipt that nobody signed who may receive for the recipient. Entries from before it was asked say it in
    /// words, or by a name that is the party's own.
    func requireReceived(_ receipt: CaseDocument, title: String) throws(StepRefusal) {
        guard let slot = receipt.slots["recipient"], let signer = slot.name, !signer.isEmpty else { return }
        if let capacity = slot.capacity {
            return try requireReceiver(capacity, on: receipt, title: title)
        }
        let recipient = receipt.data?["recipient"]?.string ?? ""
        guard !isParty(signer), !PartySigner.isSame(signer, recipient),
            slot.relation?.isEmpty != false, receipt.data?["signatoryRelation"]?.string?.isEmpty != false
        else { return }
        throw PartySigner.stranger("没有写明与受送达人的关系", at: title)
    }

    /// Refuses a statement or a waiver of somebody who may not speak for the party, and one that is recorded as the
    /// party's own while another made it.
    func requireSpeaker(_ step: RecordStatement, of paper: CaseDocument, title: String) throws(StepRefusal) {
        guard let slot = paper.slots["party"], let signer = slot.name, !signer.isEmpty else { return }
        let isOwn = slot.capacity?.isParty ?? isParty(signer)
        if isOwn {
            guard step.speaker == "party" else {
                throw StepRefusal(fields: [.init("speaker", "这份材料由当事人本人（法定代表人、负责人）签名，陈述人身份请选当事人。")])
            }
            return
        }
        let hasAuthority = slot.capacity == .delegate && slot.authority?.isEmpty == false
        guard hasAuthority || (slot.capacity == nil && step.manner != "waived") else {
            let what = step.manner == "waived" ? "放弃陈述申辩" : "陈述、申辩"
            var refusal = StepRefusal(
                .gate,
                "在《\(title)》上签名的（\(slot.capacity?.chinese ?? "没有写明与当事人的关系")）不能代当事人\(what)。请由当事人本人、法定代表人（负责人）另行签名；由他人代为\(what)的，应当有授权委托书。"
            )
            refusal.reasons = [
                .init(
                    provisions: ["parent-law:penalty-45"], missing: "当事人本人、法定代表人（负责人）的签名，或者委托代理人的授权委托书",
                    who: "当事人，由承办人收取")
            ]
            throw refusal
        }
        guard step.speaker == "agent" else {
            throw StepRefusal(fields: [
                .init("speaker", "在这份材料上签名的不是当事人本人，也不是登记的法定代表人（负责人）。由他人代为陈述的，陈述人身份选委托代理人。")
            ])
        }
    }
}
