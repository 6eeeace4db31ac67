import Casework
import Kernel

/// Papers of a lead (线索文书): which it can have now, who makes them, and what is asked of them.
///
/// A case may never come of a lead, and whoever applied or reported is told on paper all the same (ADR 0078). Pages ask here
/// before they offer a form, the desk before it prints.
public enum LeadPapers {
    // No field of a kind has a hyphen in its name, so these and those never meet in one form.

    /// The form's field for the scan of the signed sheet.
    public static let scanField = "paper-scan"
    /// The form's field for where the paper is kept.
    public static let placeField = "paper-place"
    /// The form's field for when it was signed.
    public static let signedAtField = "paper-signed-at"
    /// The form's field for who signed at a place.
    public static func signerField(_ slot: String) -> String { "signer-\(slot)" }

    /// The kinds of which the lead can have a paper now, in the order of the catalogue of documents.
    public static func kinds(of view: LeadView, law: Law) -> [DocumentKind] {
        law.drawnKinds.filter { $0.fits(lead: view.records) && standing($0, in: view.file) == nil }
    }

    /// Why a person may not make, issue, sign or void papers of a lead now; nil if they may.
    public static func refusal(to person: PersonRow, in view: LeadView) -> StepRefusal? {
        guard LeadStep.workers.contains(where: person.roles.contains), view.viewRight(of: person) != nil else {
            let roles = LeadStep.workers.map(\.chinese).joined(separator: "或者")
            return StepRefusal(.notAllowed, "线索的文书由办理这条线索的\(roles)制作、制发和登记签收。")
        }
        guard !view.file.isClosed else {
            return StepRefusal(.outOfOrder, "这条线索已经办结，不能再制作文书，也不能再登记签收。")
        }
        return nil
    }

    /// Why a person may not make a paper void; nil if they may. What was sent out in the bureau's name, or bears the hand of
    /// whoever applied or reported, is taken back by the head.
    public static func refusal(ofVoiding document: CaseDocument, to person: PersonRow, in view: LeadView)
        -> StepRefusal?
    {
        if view.file.isClosed { return StepRefusal(.outOfOrder, "这条线索已经办结，文书不能再作废。") }
        if person.roles.contains(.agencyHead) { return nil }
        if document.issue != nil { return StepRefusal(.notAllowed, "文书已经制发，由行政机关负责人作废。") }
        if document.slots.values.contains(where: { $0.by == nil }) {
            return StepRefusal(.notAllowed, "申请人、投诉举报人已经签名的文书，由行政机关负责人写明理由作废。")
        }
        return refusal(to: person, in: view)
    }

    /// The paper of a kind that a lead has and that stands, where it can have one only: what was told is told once.
    static func standing(_ kind: DocumentKind, in file: LeadFile) -> CaseDocument? {
        guard kind.isSentOut else { return nil }
        return file.documents.first { $0.kind == kind.name && !$0.isVoid }
    }

    /// Checks what is to be printed.
    ///
    /// - Throws: `StepRefusal` with every field that is wrong.
    static func check(
        _ data: JSON, of kind: DocumentKind, in view: LeadView, persons: [PersonRow], now: Instant
    ) throws(StepRefusal) {
        guard kind.fits(lead: view.records) else {
            guard !kind.leads.isEmpty else {
                throw StepRefusal(.outOfOrder, "《\(kind.title)》不是线索的文书，在案件里制作。")
            }
            let wanted = kind.leads.map { "“\($0.type.chinese)”" }.joined(separator: "、")
            throw StepRefusal(.outOfOrder, "还不能制作《\(kind.title)》：先由经办人在这条线索里登记\(wanted)，并且登记的内容与这份文书相符。")
        }
        if let standing = standing(kind, in: view.file) {
            let which = standing.issue?.numberText ?? "\(standing.fixedAt.chinese)定稿"
            throw StepRefusal(
                .taken, "这条线索已经有一份《\(kind.title)》（\(which)），不另做一份。写错了的，先作废那一份；已经制发的由行政机关负责人作废。")
        }
        var form = FormText()
        for problem in kind.problems(in: data) { form.fail(problem.field, problem.message) }
        for problem in Scene.problems(ofTimesIn: data, kind: kind, now: now)
            + OfficerPlaces.problems(in: data, kind: kind, persons: persons)
            + days(in: data, kind: kind, file: view.file, now: now)
        {
            form.fail(problem.name, problem.message)
        }
        try form.finish()
    }

    /// The day under the paper lies between the day on which the lead came in and today.
    private static func days(
        in data: JSON, kind: DocumentKind, file: LeadFile, now: Instant
    ) -> [StepRefusal.FieldError] {
        guard let field = kind.field(IssueDay.field), let day = data[field.name]?.string.flatMap({ CivilDay($0) })
        else { return [] }
        if day > now.day {
            return [.init(field.name, "“\(field.label)”不能晚于今天（\(now.day.chinese)）。可以留空，由系统印制发的日期。")]
        }
        guard day < file.receivedAt.day else { return [] }
        return [.init(field.name, "“\(field.label)”不能早于收到这条线索的那一天（\(file.receivedAt.day.chinese)）。")]
    }

    /// The places of a paper that this person can say are signed: their own as an officer's, and those of whoever applied or
    /// reported. The bureau's seal is set on the printed sheet, and every other office speaks for itself.
    public static func places(of document: CaseDocument, kind: DocumentKind, by person: PersonRow) -> [SlotPlace] {
        kind.places(for: document.data ?? .object([])).filter { place in
            guard document.slots[place.name] == nil, place.slot.decision == .none,
                place.slot.manners.contains(.paper)
            else { return false }
            return isOutside(place) || place.slot.who == .officer && person.roles.contains(.officer)
        }
    }

    /// Whether somebody outside the bureau signs here.
    public static func isOutside(_ place: SlotPlace) -> Bool {
        [.party, .witness, .recipient, .anyone].contains(place.slot.who)
    }

    /// What is still to be done before a paper is signed: sent-out papers bear their number first.
    public static func awaitsIssue(_ document: CaseDocument, kind: DocumentKind) -> Bool {
        kind.isSentOut && document.issue == nil && !document.isVoid
    }
}
