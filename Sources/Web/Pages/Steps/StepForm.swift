import Application
import Casework
import Kernel

/// One step's page: what it asks, and the command it becomes. All steps without a page of their own stand in
/// `StepForm.all`, in the order of a case.
struct StepForm: Sendable {
    /// The segment of the address; the step's own name.
    let name: String
    let title: String
    /// What the step does and what follows.
    var lead = ""
    var button = "登记"
    /// Whether the person's secret is asked again.
    var needsSecret = false
    /// Whether it is asked again of this person in this case, where that differs.
    var needsSecretHere: (@Sendable (StepScene) -> Bool)?
    /// Whether the address names what the step is about; without it there is no such page. Nil for steps about the case.
    var hasSubject: (@Sendable (StepScene) -> Bool)?
    /// How far into the life of a case it lasts; what looks at that itself, by what it is about, is always shown.
    var lasts = StepSpan.always
    /// Whether the step begins where the case is, for this person. What the law asks for first is judged at the step.
    var isOffered: @Sendable (Case, PersonRow) -> Bool
    var fields: @Sendable (StepScene) -> [FieldModel]
    var perform: @Sendable (StepScene, inout StepInput) async throws -> Void
    /// The description that the form was made from, where it was.
    var course: RecordedStep?
    /// Types of record that it makes, where `PageReach` does not name them.
    var records: [EntryType] = []
}

extension StepForm {
    func asksSecret(_ scene: StepScene) -> Bool { needsSecretHere?(scene) ?? needsSecret }

    /// Why it comes too late where the case stands, or for the paper or entry that it is about; nil if it does not.
    func late(_ scene: StepScene) -> StepRefusal? {
        let work = scene.work
        if let refusal = lasts.refusal(in: work) { return refusal }
        guard let about = scene.document?.fixedSeq ?? scene.corrected?.record.seq else { return nil }
        if work.isFiled, !work.isSupplement(about) { return StepSpan.unfiled.refusal(in: work) }
        guard name == IssueDocument.name, work.isOver, !work.isAfterEnd(about) else { return nil }
        let kind = scene.document.flatMap { scene.law.library.kind(of: $0) }
        return kind.map { AfterEnd.mayComplete($0, in: work) } == true ? nil : StepSpan.running.refusal(in: work)
    }

    /// Whether a page offers it to this person.
    func isOpen(in work: Case, to person: PersonRow) -> Bool {
        lasts.refusal(in: work) == nil && isOffered(work, person)
    }

    /// The record by which the step is told, with what is given of it: the articles that ask for such records are the form's.
    ///
    /// Nil for an issue, which every kind of paper has, and of which each asks something else.
    var told: (type: EntryType, words: [String: String])? {
        if let course { return (course.type, course.given) }
        guard name != IssueDocument.name, let type = PageReach.byName[name]?.first else { return nil }
        return (type, name == ReviewDraft.name ? ["step": "reviewer", "about": "decision"] : [:])
    }

    /// The step whose gates are shown before it is tried; nil where the law has none.
    func foreseen(_ document: DocumentID?) -> Foresight.Step? {
        switch name {
        case BeginActivity.name: .visit
        case RecordStatement.name: .statement
        case DraftDecision.name: .draft
        case ApproveDecision.name: .approval
        case RecordService.name: .service
        case IssueDocument.name: document.map { .issuing($0) }
        case _ where course != nil: course.map { .recorded($0.name) }
        default: nil
        }
    }
}

/// What a step's page sees.
struct StepScene: Sendable {
    let view: CaseView
    let law: Law
    let persons: [PersonRow]
    let person: PersonRow
    let now: Instant
    /// What the address says the step is about.
    let query: Form
    let services: WebServices
    let context: SignedInContext

    var work: Case { view.work }

    /// What of the case this person may read now.
    var sight: Sight { Sight(view, by: person, at: now) }

    /// Persons to choose from.
    func options(_ isFit: (PersonRow) -> Bool) -> [FieldModel.Option] {
        persons.filter(isFit).map(FieldModel.Option.init(person:))
    }

    var officers: [FieldModel.Option] { options { $0.roles.contains(.officer) } }

    /// The document in the address.
    var document: CaseDocument? { query["document"].flatMap { DocumentID($0) }.flatMap { work.document($0) } }
}

/// What was typed into a step's form, read as values; what cannot be read is collected.
struct StepInput: Sendable {
    let form: Form
    let command: CommandID
    let performer: Performer
    private(set) var errors: [StepRefusal.FieldError] = []

    init(form: Form, command: CommandID, performer: Performer) {
        self.form = form
        self.command = command
        self.performer = performer
    }

    /// Text, empty if missing.
    func text(_ name: String) -> String { form.text(name) }
    /// Text, nil if empty.
    func optional(_ name: String) -> String? { form.text(name).nonEmpty }

    /// A time that must be there.
    mutating func instant(_ name: String, _ label: String) -> Instant {
        guard let instant = Instant(form.text(name)) else {
            errors.append(.init(name, "请填写\(label)，例如 2026-11-20 09:05。"))
            return Instant(milliseconds: 0)
        }
        return instant
    }

    /// A time, nil if empty.
    mutating func optionalInstant(_ name: String, _ label: String) -> Instant? {
        form.text(name).isEmpty ? nil : instant(name, label)
    }

    /// Money in fen, nil if empty.
    mutating func money(_ name: String, _ label: String) -> Int64? {
        let typed = form.text(name)
        guard !typed.isEmpty else { return nil }
        guard let fen = FieldReading.money(typed) else {
            errors.append(.init(name, "\(label)请填写金额，例如 5000 或者 5000.50。"))
            return nil
        }
        return fen
    }

    /// The persons whose boxes are ticked.
    func persons(_ name: String) -> [ThreadTag] { form.all(name).compactMap { ThreadTag($0) } }

    /// Says that a field has to be mended.
    mutating func fail(_ name: String, _ text: String) { errors.append(.init(name, text)) }

    /// Refuses if anything could not be read.
    func finish() throws(StepRefusal) {
        if !errors.isEmpty { throw StepRefusal(fields: errors) }
    }

    /// Carries the step out.
    func run(_ step: some CaseStep, _ scene: StepScene) async throws {
        try finish()
        _ = try await scene.context.bureau.casebook.perform(
            step, on: scene.work.thread, expecting: form.seq, command: command, by: performer)
    }
}

extension FieldModel {
    /// A time, already filled with now.
    static func now(_ name: String, _ label: String, _ now: Instant, help: String = "") -> FieldModel {
        FieldModel(
            name: name, label: label, control: .instant, input: .text(FieldReading.local(now)), isRequired: true,
            help: help)
    }

    /// Paragraphs that must be there.
    static func paragraphs(_ name: String, _ label: String, help: String = "", isRequired: Bool = true) -> FieldModel {
        FieldModel(name: name, label: label, control: .paragraphs(), isRequired: isRequired, help: help)
    }

    /// A line that must be there.
    static func line(_ name: String, _ label: String, _ text: String = "", help: String = "", isRequired: Bool = true)
        -> FieldModel
    {
        FieldModel(
            name: name, label: label, control: .line(), input: .text(text), isRequired: isRequired, help: help)
    }

    /// A choice of words.
    static func choice(_ name: String, _ label: String, _ options: [(word: String, chinese: String)], help: String = "")
        -> FieldModel
    {
        FieldModel(
            name: name, label: label,
            control: .choice(options.map { .init(word: $0.word, label: $0.chinese) }), isRequired: true, help: help)
    }
}
