import Casework
import Kernel

/// A step that records one fact of the closed list, described as data: what it asks, who may take it, when it is
/// offered. One `CaseStep` (`RecordEntry`) carries all of them out; one form, one test and the API read the same list.
///
/// A step says what may be typed and by whom. What the law asks for first is judged by the regulations, as always.
public struct RecordedStep: Sendable {
    /// The segment of addresses and the API; unique among all steps.
    public let name: String
    /// What it records.
    public let type: EntryType
    /// What is done, in plain Chinese.
    public let title: String
    /// What the step does, with the article behind it.
    public let lead: String
    /// Where in the course of a case it belongs.
    public let part: CasePart
    /// Who takes it.
    public let by: StepTaker
    /// What it asks, in the order of the form.
    public let inputs: [RecordedInput]
    /// Plain words that the step itself says, for example the way of service.
    public var given: [String: String] = [:]
    /// Members that name the person who takes the step.
    public var signed: [String] = []
    /// The power that only a law gives, without which the step is neither offered nor taken; nil for steps of every bureau.
    public var power: BureauPower?
    /// How far into the life of a case it lasts: most end with the act.
    public var lasts = StepSpan.running
    /// Where a case must be for the step to make sense, told by its history.
    public var isOffered: @Sendable (CaseCourse) -> Bool = { _ in true }
    /// What is wrong with a fact that was read from the answers, where that depends on the course of the case.
    var problems: @Sendable (Fact, CaseCourse, Law) -> [StepRefusal.FieldError] = { _, _, _ in [] }
    /// The words of a question that a form offers, where they follow from the course of the case; nil for all of them.
    public private(set) var words: @Sendable (_ input: String, CaseCourse) -> Set<String>? = { _, _ in nil }

    /// A step.
    public init(
        _ name: String, _ type: EntryType, _ title: String, _ lead: String, in part: CasePart,
        by: StepTaker = .handler, lasts: StepSpan = .running, given: [String: String] = [:], signed: [String] = [],
        power: BureauPower? = nil,
        when isOffered: @escaping @Sendable (CaseCourse) -> Bool = { _ in true }, inputs: [RecordedInput]
    ) {
        self.name = name
        self.type = type
        self.title = title
        self.lead = lead
        self.part = part
        self.by = by
        self.lasts = lasts
        self.inputs = inputs
        self.given = given
        self.signed = signed
        self.power = power
        self.isOffered = isOffered
    }

    /// The step with a check of the fact against the course of the case.
    func checked(_ problems: @escaping @Sendable (Fact, CaseCourse) -> [StepRefusal.FieldError]) -> RecordedStep {
        var step = self
        step.problems = { fact, course, _ in problems(fact, course) }
        return step
    }

    /// The step with a check of the fact against the course of the case and the law under which it goes on.
    func judged(_ problems: @escaping @Sendable (Fact, CaseCourse, Law) -> [StepRefusal.FieldError]) -> RecordedStep {
        var step = self
        step.problems = problems
        return step
    }

    /// The step with one question whose words follow from the course of the case.
    func offering(_ input: String, _ words: @escaping @Sendable (CaseCourse) -> Set<String>) -> RecordedStep {
        var step = self
        step.words = { $0.utf8.elementsEqual(input.utf8) ? words($1) : nil }
        return step
    }

    /// What is recorded and asked, apart from who takes the step and when.
    public var body: StepBody { StepBody(type: type, title: title, inputs: inputs, given: given, signed: signed) }

    /// The question of a name.
    public func input(_ name: String) -> RecordedInput? { inputs.first { $0.name == name } }

    /// Whether this person could take the step in this case now. The regulations may still refuse it.
    public func isOffered(in course: CaseCourse, to person: PersonRow) -> Bool {
        lasts.refusal(in: course.work) == nil && by.fits(person, in: course.work) && isOffered(course)
            && inputs.allSatisfy { $0.isOptional || $0.hasChoices(in: course.ground) }
    }
}

/// Parts of the course of a case, as its steps are grouped on screens.
public enum CasePart: String, Hashable, Sendable, CaseIterable {
    case evidence, rights, review, service, execution, remedy, terms, internalChain, summary

    /// The heading.
    public var chinese: String {
        switch self {
        case .evidence: "调查取证"
        case .rights: "告知、申辩和听证"
        case .review: "审查决定"
        case .service: "送达"
        case .execution: "履行和执行"
        case .remedy: "复议诉讼"
        case .terms: "期限"
        case .internalChain: "内部审批"
        case .summary: "简易程序"
        }
    }
}

/// Who takes a step (obligations 3(b)).
public enum StepTaker: Hashable, Sendable {
    /// An officer who handles the case.
    case handler
    /// The reviewer of the chain: head of the unit or of the department, with no part in the case as handler.
    case reviewer
    /// The legal reviewer, who took no part in the investigation.
    case legalReviewer
    /// The head of the department or of the agency, not a handler.
    case head
    /// The agency head, not a handler.
    case agencyHead
    /// A head of the unit, the department or the agency who took no part in the investigation.
    case superior
    /// Who keeps the records, or a head of the department or of the agency; not a handler.
    case keeper
    /// Somebody beside whoever recorded it: another officer of the case, or such a head.
    case second

    /// Whether the person's secret is asked again: what everybody but the handler records is a review or an approval,
    /// on which others rest (invariant 8).
    public var asksSecret: Bool { self != .handler }

    /// The roles, any of which will do.
    public var roles: [Role] {
        switch self {
        case .handler: [.officer]
        case .reviewer: [.unitHead, .departmentHead]
        case .legalReviewer: [.legalReviewer]
        case .head: [.departmentHead, .agencyHead]
        case .agencyHead: [.agencyHead]
        case .keeper: [.custodian, .departmentHead, .agencyHead]
        case .superior, .second: [.unitHead, .departmentHead, .agencyHead]
        }
    }

    /// Whether this person may take such a step in this case.
    public func fits(_ person: PersonRow, in work: Case) -> Bool {
        switch self {
        case .handler: work.handlers.contains(person.thread)
        case .legalReviewer: roles.contains(where: person.roles.contains) && !work.investigators.contains(person.thread)
        case .superior: isUninvolvedHead(person, in: work)
        case .second: work.handlers.contains(person.thread) || isUninvolvedHead(person, in: work)
        case .reviewer, .head, .agencyHead, .keeper:
            roles.contains(where: person.roles.contains) && !work.handlers.contains(person.thread)
        }
    }

    private func isUninvolvedHead(_ person: PersonRow, in work: Case) -> Bool {
        roles.contains(where: person.roles.contains) && !StepTaker.involved(in: work).contains(person.thread)
    }

    /// Who handles a case or did, and the officers of its acts.
    static func involved(in work: Case) -> Set<ThreadTag> {
        Set(work.handlers + work.activities.flatMap(\.officers)).union(work.formerHandlers)
    }

    /// Refuses whoever it does not fit.
    func require(_ performer: Performer, in work: Case) throws(StepRefusal) {
        if self == .handler { return try performer.requireHandler(of: work) }
        guard roles.contains(where: performer.has) || self == .second && fits(performer.person, in: work) else {
            let names = roles.map(\.chinese).joined(separator: "或")
            throw StepRefusal(.notAllowed, "这一步由\(names)办理，您没有这项职责。")
        }
        guard fits(performer.person, in: work) else {
            throw StepRefusal(.notAllowed, "这一步由没有承办、调查本案的人员办理，请由其他人员办理。")
        }
        if asksSecret { try performer.requireSecret() }
    }
}

/// A case with the records of its own thread: what tells whether a step makes sense.
public struct CaseCourse: Sendable {
    /// The case.
    public let work: Case
    /// The records of its own thread, in order.
    public let records: [Record]
    private let types: Set<EntryType>

    /// The course of a case.
    public init(work: Case, records: [Record]) {
        self.work = work
        self.records = records
        types = Set(records.map(\.type))
    }

    /// Whether there is a record of one of these types.
    public func has(_ types: EntryType...) -> Bool { !self.types.isDisjoint(with: types) }

    /// What answers are chosen from.
    public var ground: AnswerGround { AnswerGround(thread: work.thread, records: records, entries: [], work: work) }

    /// Whether the case is a penalty case under the general procedure.
    public var isGeneral: Bool { work.kind == .penalty && work.procedure == .general }
    /// Whether the case is a penalty case under the summary procedure.
    public var isSummary: Bool { work.kind == .penalty && work.procedure == .summary }
    /// Whether the decision on the spot was filed with the agency, by a record or by its paper.
    public var isFiledWithAgency: Bool { has(.summaryFiled) || hasDocument("summary-decision-filing") }
    /// Whether a penalty decision was issued and stands.
    public var isDecided: Bool { work.decision != nil }
    /// Whether the decision was served and not returned.
    public var isServed: Bool { work.decision.map { work.isServed($0.id) } ?? false }
    /// Issued documents that stand.
    public var issued: [CaseDocument] { work.documents.filter { $0.issue != nil && !$0.isVoid && !$0.isSuperseded } }
    /// Whether a document of this kind stands in the case.
    public func hasDocument(_ kind: String) -> Bool { work.document(ofKind: kind) != nil }
    /// Whether there was an activity of this kind.
    public func hadActivity(_ kind: String) -> Bool { work.activities.contains { $0.kind == kind } }
}
