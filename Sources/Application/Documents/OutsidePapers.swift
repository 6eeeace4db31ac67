import Casework
import Kernel
import Ledger

/// Papers that others make and that come into a case (外来文书): which may, who takes them in, and what is asked of them.
///
/// Pages ask before they offer a form, the desk before it makes a picture, the step again.
public enum OutsidePapers {
    // No field of a kind has a hyphen in its name, so these and those never meet in one form.

    /// The form's field for what is uploaded.
    public static let scanField = "paper-scan"
    /// The form's field for where the paper is kept.
    public static let placeField = "paper-place"
    /// The form's field for the entry that the paper answers.
    public static let answeredField = "paper-answers"
    /// The form's field for the document that it belongs to.
    public static let aboutField = "paper-about"
    /// The form's field for who signed at a place.
    public static func signerField(_ slot: String) -> String { "signer-\(slot)" }
    /// The form's field that says that a place bears a signature or a seal.
    public static func slotField(_ slot: String) -> String { "slot-\(slot)" }

    /// What a person says of a paper that they hold.
    public struct Said: Sendable {
        public var data: JSON
        public var place: String
        public var about: DocumentID?
        public var answered: Int?
        public var signatures: [TakeInPaper.Signature]

        /// What is said of a paper.
        public init(
            data: JSON, place: String, about: DocumentID?, answered: Int?, signatures: [TakeInPaper.Signature]
        ) {
            self.data = data
            self.place = place
            self.about = about
            self.answered = answered
            self.signatures = signatures
        }
    }

    /// What of it is recorded.
    struct Checked {
        let place: String
        let references: [EntryReference]
        let signatures: [TakeInPaper.Signature]
    }

    /// Why a person may not take papers from outside into a case now; nil if they may.
    ///
    /// An act that is over goes on being answered: the bank's receipt and the slip of the post come after its end. Until the
    /// file is closed they belong to it; afterwards only what a remedy brings still comes in.
    public static func refusal(to person: PersonRow, in work: Case) -> StepRefusal? {
        guard work.handlers.contains(person.thread) else {
            return StepRefusal(.notAllowed, "外来文书由本案承办人归入。")
        }
        guard !work.isFiled || work.isContested else {
            return StepRefusal(.outOfOrder, "本案已归档，不能再归入外来文书。登记复议、诉讼等以后，与之有关的可以补充归入。")
        }
        return nil
    }

    /// The kind, where its papers come from outside, the case can have it, and whoever acts may take it in.
    static func require(_ kind: String, in scene: Scene) async throws(StepRefusal) -> LoadedKind {
        let inForce = try scene.law.outsideKind(kind)
        if let refusal = refusal(to: scene.performer.person, in: scene.work) { throw refusal }
        if let refusal = scene.law.refusal(of: inForce.kind, in: scene.work, on: scene.now.day) { throw refusal }
        try await scene.requireUnbound()
        return inForce
    }

    /// Checks what is said of a paper.
    ///
    /// - Throws: `StepRefusal` with every field that is wrong.
    static func check(_ said: Said, of kind: DocumentKind, in scene: Scene) throws(StepRefusal) -> Checked {
        var form = FormText()
        for problem in kind.problems(in: said.data) { form.fail(problem.field, problem.message) }
        for problem in scene.problems(ofTimesIn: said.data, kind: kind)
            + OfficerPlaces.problems(in: said.data, kind: kind, persons: scene.persons)
            + days(in: said.data, kind: kind, now: scene.now)
        {
            form.fail(problem.name, problem.message)
        }
        let place = form.required(said.place, placeField, "纸质原件存放处", limit: 100)
        if let about = said.about, scene.work.document(about)?.isVoid != false {
            form.fail(aboutField, "本案没有所指的文书，或者它已作废。")
        }
        var references: [EntryReference] = []
        if let seq = said.answered {
            if let answers = kind.answers,
                scene.view.records.contains(where: { $0.seq == seq && $0.type == answers.type })
            {
                references = [try scene.reference(answers.role, to: seq)]
            } else {
                form.fail(answeredField, "请选择这份文书回应的是本案的哪一次登记。")
            }
        }
        let signatures = check(said.signatures, of: kind, data: said.data, in: scene, &form)
        try form.finish()
        return Checked(place: place, references: references, signatures: signatures)
    }

    /// Days that nobody can have written on a paper that is here already.
    private static func days(in data: JSON, kind: DocumentKind, now: Instant) -> [StepRefusal.FieldError] {
        kind.fields.compactMap { field in
            guard field.type == .day, !field.mayLieAhead, let day = data[field.name]?.string.flatMap({ CivilDay($0) }),
                day > now.day
            else { return nil }
            return .init(field.name, "“\(field.label)”不能晚于今天（\(now.day.chinese)）。请照纸上写的填写。")
        }
    }

    /// Whether somebody outside the bureau signs here, so that whoever holds the paper says what they see. A place of the
    /// bureau's own persons is signed by those in their own session, wherever the paper comes from.
    public static func isSeen(_ place: SlotPlace) -> Bool {
        [.party, .witness, .recipient, .anyone].contains(place.slot.who) && place.slot.manners.contains(.paper)
            && place.slot.decision == .none
    }

    private static func check(
        _ signatures: [TakeInPaper.Signature], of kind: DocumentKind, data: JSON, in scene: Scene,
        _ form: inout FormText
    ) -> [TakeInPaper.Signature] {
        let places = kind.places(for: data)
        var checked: [TakeInPaper.Signature] = []
        var seen: Set<String> = []
        for signature in signatures {
            let field = signerField(signature.slot)
            guard let place = places.first(where: { $0.name == signature.slot }), isSeen(place),
                seen.insert(signature.slot).inserted
            else {
                form.fail(slotField(signature.slot), "这份文书没有这个签名栏，或者这一栏不能这样登记。")
                continue
            }
            let signer = form.required(signature.signer, field, "“\(place.slot.label)”栏签名、盖章的是谁", limit: 60)
            // Nobody of the bureau signs in the place of those whose paper it is.
            let own = scene.persons.filter { (scene.work.handlers + scene.work.formerHandlers).contains($0.thread) }
            if own.contains(where: { $0.name.utf8.elementsEqual(signer.utf8) }) {
                form.fail(field, "“\(place.slot.label)”栏由外单位或者个人签名、盖章，不能是办理本案的执法人员。")
            }
            checked.append(
                .init(
                    signature.slot, signer: signer,
                    isSealed: place.slot.kind == .seal
                        || place.slot.kind == .signatureAndSeal && signature.isSealed))
        }
        return checked
    }

    /// The records of a case that a paper of a kind can answer; none for a kind that answers nothing.
    public static func answerable(by kind: DocumentKind, in view: CaseView) -> [Record] {
        guard let answers = kind.answers else { return [] }
        return view.records.filter { $0.type == answers.type }
    }

    /// The documents of a case that one from outside can belong to: what the bureau issued in its name.
    public static func abouts(in work: Case, _ library: RuleLibrary) -> [CaseDocument] {
        work.documents.filter { $0.isInForce && library.kind(of: $0)?.inBureausName == true }
    }
}
