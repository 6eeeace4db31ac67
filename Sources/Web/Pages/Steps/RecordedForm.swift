import Application
import Casework
import Kernel

extension StepForm {
    /// The form of a step that is described as data.
    init(_ step: RecordedStep) {
        self.init(
            name: step.name, title: step.title, lead: step.lead, button: step.buttonLabel,
            needsSecret: step.by.asksSecret,
            // The case page asks the course of the case, which is more than the case alone.
            isOffered: { _, _ in false }, fields: { RecordedForm(step: step, scene: $0).fields },
            perform: { scene, input in
                let form = RecordedForm(step: step, scene: scene)
                let answers = form.answers(&input)
                try await input.run(RecordEntry(step, answers), scene)
            })
        course = step
        lasts = step.lasts
    }

    /// The form of this name: a step of its own kind, or one described as data.
    static func named(_ name: String) -> StepForm? {
        all.first { $0.name == name } ?? RecordedStep.named(name).map { StepForm($0) }
    }
}

extension RecordedStep {
    /// What is done with the form, by who takes the step: a word that may send back approves nothing.
    var buttonLabel: String {
        switch by {
        case .handler: "登记"
        case .reviewer: "提交审核意见"
        case .legalReviewer: "登记审核意见"
        case .keeper: "登记"
        case .superior, .second: input("result") == nil ? "核对并登记" : "提交核对结果"
        case .head where RecordedStep.confirmations.contains(where: { $0.name == name }): "提交核对结果"
        // What a court or another authority decided is looked at and registered, approved by nobody here.
        case .head where title.hasPrefix("登记"), .agencyHead where title.hasPrefix("登记"): "核对并登记"
        case .head, .agencyHead: input("result") == nil ? "批准并登记" : "提交批准结果"
        }
    }
}

/// Questions of a step described as data, with what is known filled in, and the answers read back.
struct RecordedForm {
    let step: StepBody
    let ground: AnswerGround
    let law: Law
    let persons: [PersonRow]
    let person: PersonRow
    let now: Instant
    let query: Form
    let names: [ThreadTag: String]
    /// Names of the case's files, as far as this person may read them.
    var files: [ThreadTag: String] = [:]
    /// The matters whose terms the step can change in this case; nil for all that a text lets change.
    private var terms: Set<String>?
    /// The words of a question that are offered; nil for all of them.
    private var offered: (String) -> Set<String>? = { _ in nil }

    private var work: Case? { ground.work }

    init(step: RecordedStep, scene: StepScene) {
        let course = CaseCourse(work: scene.work, records: scene.view.records)
        self.init(
            step: step.body, ground: course.ground, law: scene.law, persons: scene.persons, person: scene.person,
            now: scene.now, query: scene.query)
        offered = { step.words($0, course) }
        terms = RecordedForm.terms(of: step, in: course, scene)
        let sight = Sight(scene.view, by: scene.person, at: scene.now)
        for record in scene.view.history where record.type == .recordingImported {
            if let name = record.text("fileName"), !sight.hidden(record).contains("fileName") {
                files[record.thread] = name
            }
        }
    }

    init(
        step: StepBody, ground: AnswerGround, law: Law, persons: [PersonRow], person: PersonRow, now: Instant,
        query: Form = Form()
    ) {
        self.step = step
        self.ground = ground
        self.law = law
        self.persons = persons
        self.person = person
        self.now = now
        self.query = query
        names = Dictionary(persons.map { ($0.thread, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    /// The matters whose terms a step can change here: of what is open in the case; only what stands still runs on again.
    private static func terms(of step: RecordedStep, in course: CaseCourse, _ scene: StepScene) -> Set<String>? {
        let asksTerm = step.inputs.contains { if case .term = $0.control { true } else { false } }
        guard asksTerm else { return nil }
        guard step.type != .termResumed else { return course.standingTerms }
        let open = scene.law.evaluate(scene.view.history).obligations.filter { $0.state == .open }
        let matters = Set(open.map(\.key.matter))
        return step.type == .termSuspended ? matters.subtracting(course.standingTerms) : matters
    }

    /// The questions; one that may be left out and has nothing to choose from is not asked.
    var fields: [FieldModel] {
        zip(step.inputs, step.inputs.map(field)).compactMap { input, field in
            guard input.need == .never else { return field }
            switch field.control {
            case .choice(let options), .choices(let options): return options.isEmpty ? nil : field
            default: return field
            }
        }
    }

    private func field(_ input: RecordedInput) -> FieldModel {
        var field = FieldModel(
            name: input.name, label: input.label(of: step.type), control: control(input),
            isRequired: input.need == .always || asksAlways(input), help: input.help)
        field.requiredFor = requiredFor(input)
        field.input = initial(input, field.control)
        if case .term = input.control, case .choice(let options) = field.control, options.isEmpty {
            field.help = "本案现在没有可以这样变更的期限。"
        }
        return field
    }

    /// Whether every answer to another question asks for this one: it has to be answered, and is offered before there is
    /// anything to choose from.
    private func asksAlways(_ input: RecordedInput) -> Bool {
        guard case .when(let other, let words) = input.need, let asked = step.input(other) else { return false }
        switch asked.control {
        case .truth: return Set(words) == ["true", "false"]
        case .word(let part): return Set(words) == Set(part ?? step.type.options(of: other).map(\.word))
        default: return false
        }
    }

    /// A question that only some answers to another one ask for says which; of many, which do not.
    private func requiredFor(_ input: RecordedInput) -> String {
        guard !asksAlways(input), case .when(let other, let words) = input.need, let asked = step.input(other) else {
            return ""
        }
        func named(_ words: [String]) -> String {
            words.map { $0 == "true" ? "是" : $0 == "false" ? "否" : step.type.chinese($0, of: other) }
                .joined(separator: "、")
        }
        let label = asked.label(of: step.type)
        if case .word(let part) = asked.control {
            let rest = (part ?? step.type.options(of: other).map(\.word)).filter { !words.contains($0) }
            if rest.count < words.count { return "除“\(label)”为“\(named(rest))”外必填" }
        }
        return "“\(label)”为“\(named(words))”的必填"
    }

    private func control(_ input: RecordedInput) -> FieldModel.Control {
        switch input.control {
        case .line: .line()
        case .paragraphs: .paragraphs(rows: 4)
        case .instant: .instant
        case .day: .day
        case .word(let part): .choice(words(input, part))
        case .words(let part): .choices(words(input, part))
        case .truth: .choice([.init(word: "yes", label: "是"), .init(word: "no", label: "否")])
        case .number(let range): .integer(range)
        case .money: .money
        case .person(let who): .choice(people(who))
        case .persons(let who): .choices(people(who))
        case .documents, .clearance: .choices(choices(input))
        case .activity, .document, .piece, .reference, .approval, .term: .choice(choices(input))
        }
    }

    private func words(_ input: RecordedInput, _ part: [String]?) -> [FieldModel.Option] {
        let offered = offered(input.name)
        return step.type.options(of: input.name)
            .filter { part?.contains($0.word) ?? true && offered?.contains($0.word) ?? true }
            .map { .init(word: $0.word, label: $0.chinese) }
    }

    private func people(_ who: RecordedInput.Persons) -> [FieldModel.Option] {
        persons.filter { who.includes($0, in: work) }.map(FieldModel.Option.init(person:))
    }

    private func choices(_ input: RecordedInput) -> [FieldModel.Option] {
        switch input.control {
        case .activity(let kinds):
            input.activities(kinds, in: ground).map { activity in
                .init(
                    word: activity.id.description,
                    label: "\(EntryType.activityBegan.chinese(activity.kind, of: "kind")) \(activity.startAt.chinese)")
            }
        case .document(let kinds, let issued, _):
            input.documents(kinds, issued: issued, in: ground).filter { document in
                offered(input.name).map { $0.contains(document.id.description) } ?? true
            }.map(option)
        case .documents(let kinds): input.documents(kinds, issued: false, in: ground).map(option)
        case .piece(let piece, let isMarked): input.pieces(piece, isMarked: isMarked, in: ground).map(option)
        case .clearance:
            RecordedInput.clearable.map { .init(word: $0.rawValue, label: SecrecyMark.chinese($0)) }
                + persons.filter(RecordedInput.isClearable).map(FieldModel.Option.init(person:))
        case .reference: input.references(in: ground).map { option($0) }
        case .approval: input.approvals(in: ground).map { option($0) }
        case .term(let change):
            law.terms(thatMayBe: change).filter { terms?.contains($0.id) ?? true }
                .map { .init(word: $0.id, label: $0.title) }
        default: []
        }
    }

    private func option(_ document: CaseDocument) -> FieldModel.Option {
        let title = law.library.kind(document.kind)?.title ?? document.kind
        return .init(
            word: document.id.description, label: "\(title)\(document.issue?.numberText.map { " \($0)" } ?? "")",
            hint: document.fixedAt.chinese)
    }

    /// A document or recording that can be marked, with the mark that it bears.
    private func option(_ thing: SecrecyMark.Thing) -> FieldModel.Option {
        let mark = work?.secrecyMark(of: thing).map { "已标明涉及\($0.secret)" }
        switch thing {
        case .document(let id):
            guard let document = work?.document(id) else { return .init(word: id.description, label: "") }
            var option = option(document)
            let hints = [option.hint, document.isVoid ? "已作废" : nil, mark].compactMap { $0 }
            option.hint = hints.joined(separator: "；")
            return option
        case .recording(let thread):
            let link = work?.recordings.first { $0.recording == thread }
            return .init(
                word: thread.description, label: files[thread] ?? "依法保密的资料",
                hint: [link.map { "\($0.linkedAt.chinese)归入" }, mark].compactMap { $0 }.joined(separator: "；"))
        }
    }

    private func option(_ record: Record) -> FieldModel.Option {
        var detail: [String] = [record.happenedAt.chinese]
        // The note of a file may be one that is only read within a look: it is told by its place in the case.
        if record.type == .recordingLinked, let thread = record.thread("recording") {
            detail.append(files[thread] ?? "依法保密的资料")
        }
        if let about = record.word("about") { detail.append(record.type.chinese(about, of: "about")) }
        if let person = record.thread("person").flatMap({ names[$0] }) { detail.append(person) }
        let said = ["content", "reason", "matter", "body", "opinion", "objects", "name", "facts"].lazy
            .compactMap(record.text).first
        if let said { detail.append(String(said.prefix(30))) }
        return .init(
            word: String(record.seq), label: record.type.chinese, hint: detail.joined(separator: "；"))
    }

    /// What is known already: the address, the only choice, the case itself. Nothing is typed twice.
    private func initial(_ input: RecordedInput, _ control: FieldModel.Control) -> FieldModel.Input {
        if let said = query[input.name], !said.isEmpty {
            if case .choices = control { return .words([said]) }
            return .text(said)
        }
        if let work, let known = KnownMoney(work, ground.records).answer(input.name, of: step.type) { return known }
        // The party agreed to be served by wire on a paper of its own, if at all.
        if input.name == "hasConsent", let consent = work?.document(ofKind: "electronic-service-consent"),
            consent.isSigned
        {
            return .text("yes")
        }
        // When a paper was mailed nobody knows from now: it lies before what is recorded.
        if input.name == "mailedAt" { return .text("") }
        switch control {
        case .instant: return .text(FieldReading.local(now))
        case .choices(let options):
            if case .persons(.officers) = input.control { return .words(work?.handlers.map(\.description) ?? []) }
            if input.name == "failedMethods" {
                return .words(Set((work?.services ?? []).filter(\.isReturned).map(\.method)).sorted())
            }
            return .words(options.count == 1 ? options.map(\.word) : [])
        case .choice(let options):
            if case .person(.officers) = input.control,
                options.contains(where: { $0.word == person.thread.description })
            {
                return .text(person.thread.description)
            }
            switch input.control {
            // Which file proves a service nobody knows but who made it.
            case .reference where input.name == "proofFile": return .text("")
            case .activity, .document, .reference, .approval, .term:
                return .text(options.count == 1 ? options.first?.word ?? "" : "")
            default: return .text(offered(input.name) != nil && options.count == 1 ? options.first?.word ?? "" : "")
            }
        case .line where ["recipient", "name"].contains(input.name): return .text(work?.subjectName ?? "")
        default: return .text("")
        }
    }

    /// What was typed, as the answers that the step takes; what cannot be read is said at its field.
    func answers(_ input: inout StepInput) -> [String: JSON] {
        var answers: [String: JSON] = [:]
        for question in step.inputs {
            let name = question.name
            let typed = input.form.text(name)
            let label = question.label(of: step.type)
            switch question.control {
            case .words, .persons, .documents, .clearance:
                let chosen = input.form.all(name)
                if !chosen.isEmpty { answers[name] = .array(chosen.map { .string($0) }) }
                continue
            default: if typed.isEmpty { continue }
            }
            switch question.control {
            case .instant: answers[name] = .integer(input.instant(name, label).milliseconds)
            case .truth:
                answers[name] = ["yes": .boolean(true), "no": .boolean(false)][typed] ?? .string(typed)
            case .number:
                if let number = FieldReading.integer(typed) {
                    answers[name] = .integer(number)
                } else {
                    input.fail(name, "\(label)请填写整数。")
                }
            case .money: if let fen = input.money(name, label) { answers[name] = .integer(fen) }
            case .reference, .approval:
                if let seq = Decimal.strict(Array(typed.utf8)) {
                    answers[name] = .integer(Int64(seq))
                } else {
                    input.fail(name, "请选择\(label)。")
                }
            default: answers[name] = .string(typed)
            }
        }
        return answers
    }
}
