import Casework
import Kernel

/// One question of a recorded step: what member it fills, how, and when it must be answered.
public struct RecordedInput: Sendable {
    /// The member that it fills; for references the role; `happenedAt` for the time in the world.
    public let name: String
    /// The question; nil takes the member's name.
    public var label: String?
    /// A sentence of help.
    public var help = ""
    /// How it is answered.
    public let control: Control
    /// When it must be answered.
    public var need = Need.always

    /// Ways of answering.
    public enum Control: Hashable, Sendable {
        /// A line of text.
        case line
        /// Paragraphs.
        case paragraphs
        /// A time up to now; `states` makes it the time at which the fact happened.
        case instant(states: Bool)
        /// A day, not before the case began.
        case day
        /// One word of the member's vocabulary, or of a part of it.
        case word([String]?)
        /// Several words.
        case words([String]?)
        /// Yes or no.
        case truth
        /// A whole number.
        case number(ClosedRange<Int64>)
        /// An amount in fen.
        case money
        /// A person of the bureau.
        case person(Persons)
        /// Several persons.
        case persons(Persons)
        /// An activity of the case of one of these kinds; of any if none is named.
        case activity([String])
        /// A document of the case, of one of these kinds; of any if none is named.
        case document(kinds: [String], issued: Bool, role: String?)
        /// Several documents of the case.
        case documents([String])
        /// A document or recording of the case that may be marked as secret; `isMarked`: one that is.
        case piece(Piece, isMarked: Bool)
        /// Roles and persons who may see something.
        case clearance
        /// An earlier record of the case, named as a reference. `once`: not one that was named so before.
        case reference([EntryType], once: Bool)
        /// An approval that an approver gave in their own session; fills `approvedBy` and is named as a reference.
        case approval(about: [String])
        /// A matter of the law whose term may change in this way.
        case term(Term.Change)
    }

    /// What a mark of secrecy stands on.
    public enum Piece: Hashable, Sendable { case document, recording }

    /// Which persons may be chosen.
    public enum Persons: Hashable, Sendable {
        /// Officers with a certificate.
        case officers
        /// Officers with an account in use, who can go on with what somebody leaves.
        case successors
        /// Officers who handle the case.
        case handlers
        /// Heads of department and agency.
        case heads
        /// Whoever took no part in the investigation.
        case uninvolved
        /// Anybody registered.
        case anybody

        /// Whether a person may be chosen in this case.
        public func includes(_ person: PersonRow, in work: Case?) -> Bool {
            switch self {
            case .officers: person.roles.contains(.officer)
            case .successors: person.roles.contains(.officer) && person.isActive
            case .handlers: work?.handlers.contains(person.thread) ?? false
            case .heads: person.roles.contains(.departmentHead) || person.roles.contains(.agencyHead)
            case .uninvolved: work?.investigators.contains(person.thread) != true && person.roles != [.administrator]
            case .anybody: true
            }
        }
    }

    /// When an answer is needed.
    public enum Need: Hashable, Sendable {
        case always
        case never
        /// When another question was answered with one of these words (`true`, `false` for yes and no).
        case when(String, [String])
    }

    /// A question.
    public init(_ name: String, _ control: Control, label: String? = nil, help: String = "", need: Need = .always) {
        self.name = name
        self.control = control
        self.label = label
        self.help = help
        self.need = need
    }

    /// The member that carries the answer; nil where the answer is a reference or a time alone.
    public var member: String? {
        switch control {
        case .reference: nil
        case .approval: "approvedBy"
        default: name == RecordedInput.happened ? nil : name
        }
    }

    /// The name of a question that asks only when the fact happened.
    public static let happened = "happenedAt"

    /// Whether the question may be left out in every case.
    var isOptional: Bool { need != .always }

    /// What the question is called for this type.
    public func label(of type: EntryType) -> String { label ?? type.label(of: name) }

    /// Whether there is anything to choose from; questions that are not chosen from the case always have.
    func hasChoices(in ground: AnswerGround) -> Bool {
        switch control {
        case .activity(let kinds): !activities(kinds, in: ground).isEmpty
        case .document(let kinds, let issued, _): !documents(kinds, issued: issued, in: ground).isEmpty
        case .documents(let kinds): !documents(kinds, issued: false, in: ground).isEmpty
        case .reference: !references(in: ground).isEmpty
        case .approval: !approvals(in: ground).isEmpty
        default: true
        }
    }
}

extension RecordedInput {
    /// Activities that can be chosen.
    public func activities(_ kinds: [String], in ground: AnswerGround) -> [Activity] {
        (ground.work?.activities ?? []).filter { kinds.isEmpty || kinds.contains($0.kind) }
    }

    /// Documents that can be chosen.
    public func documents(_ kinds: [String], issued: Bool, in ground: AnswerGround) -> [CaseDocument] {
        (ground.work?.documents ?? []).filter {
            !$0.isVoid && !$0.isSuperseded && (!issued || $0.issue != nil)
                && (kinds.isEmpty ? !issued || ServiceMethod.isServed($0) : kinds.contains($0.kind))
        }
    }

    /// Roles that may be cleared for something secret, those that decide first.
    public static let clearable: [Role] = [
        .agencyHead, .departmentHead, .unitHead, .legalReviewer, .custodian, .officer,
    ]

    /// Persons who may be cleared by name: whoever could have a right to a case at all.
    public static func isClearable(_ person: PersonRow) -> Bool { person.roles.contains { $0 != .administrator } }

    /// Documents and recordings that can be marked, void ones among them: they lie in the file as well.
    public func pieces(_ piece: Piece, isMarked: Bool, in ground: AnswerGround) -> [SecrecyMark.Thing] {
        guard let work = ground.work else { return [] }
        let all: [SecrecyMark.Thing] =
            switch piece {
            case .document: work.documents.map { .document($0.id) }
            case .recording: work.recordings.map { .recording($0.recording) }
            }
        return isMarked ? all.filter { work.secrecyMark(of: $0) != nil } : all
    }

    /// Records that can be named.
    public func references(in ground: AnswerGround) -> [Record] {
        guard case .reference(let types, let once) = control else { return [] }
        guard once else { return ground.records.filter { types.contains($0.type) } }
        if types.allSatisfy({ Confirmations.roles[$0] == name }) {
            let open = Set(ground.work?.awaited.filter { !$0.isTurnedDown }.map(\.seq) ?? [])
            return ground.records.filter { types.contains($0.type) && open.contains($0.seq) }
        }
        // What was turned down named nothing: a service that was compared and sent back is entered anew with the same paper.
        let turnedDown = Confirmations.turnedDown(in: ground.records)
        let named = Set(
            // A paper from outside that names what it answers is what the step tells of, not the step.
            ground.records.filter { !turnedDown.contains($0.id) && $0.type != .documentFixed }.flatMap(\.references)
                .filter {
                    $0.role == name && $0.thread == ground.thread
                }.map(\.seq))
        return ground.records.filter { types.contains($0.type) && !named.contains($0.seq) }
    }

    /// Approvals that can be rested on: given, not refused, by an approver who does not handle the case, and not used up:
    /// what was approved is done once.
    public func approvals(in ground: AnswerGround) -> [Record] {
        guard case .approval(let about) = control else { return [] }
        let handlers = ground.work?.handlers ?? []
        let used = Set(
            ground.records.flatMap(\.references).filter { $0.role == "approval" && $0.thread == ground.thread }.map(
                \.seq))
        return ground.records.filter { record in
            record.type == .approvalStepped && record.word("step") == "approver"
                && !used.contains(record.seq) && record.word("result") != "returned"
                && record.word("about").map(about.contains) == true
                && record.thread("person").map { !handlers.contains($0) } == true
        }
    }
}
