import Casework
import Kernel
import Ledger

/// Reads the answers of one step into a fact.
struct AnswerReading {
    let step: StepBody
    let answers: [String: JSON]
    let ground: AnswerGround
    let persons: [PersonRow]
    let law: Law
    let performer: Performer
    let now: Instant
    private var errors: [StepRefusal.FieldError] = []
    private var plain: [JSON.Member] = []
    private var fields: [FieldValue] = []
    private var references: [EntryReference] = []
    private var stated: StatedTime?

    init(
        step: StepBody, answers: [String: JSON], ground: AnswerGround, persons: [PersonRow], law: Law,
        performer: Performer, now: Instant
    ) {
        self.step = step
        self.answers = answers
        self.ground = ground
        self.persons = persons
        self.law = law
        self.performer = performer
        self.now = now
    }

    mutating func fact() throws(StepRefusal) -> Fact {
        let known = Set(step.inputs.map(\.name))
        for name in answers.keys.sorted() where !known.contains(name) { fail(name, "这一步没有“\(name.shownBack)”这一项。") }
        for (member, word) in step.given.sorted(by: { $0.key < $1.key }) {
            plain.append(.init(member, .string(word)))
        }
        for member in step.signed {
            plain.append(.init(member, .string(performer.tag.description)))
        }
        for input in step.inputs {
            guard let answer = answers[input.name] else {
                if isNeeded(input) { fail(input.name, "请\(verb(input))\(input.label(of: step.type))。") }
                continue
            }
            try read(answer, for: input)
        }
        checkOrder()
        if !errors.isEmpty { throw StepRefusal(fields: errors) }
        return Fact(
            step.type, in: ground.thread, plain: .object(plain), fields: fields, stated: stated,
            references: references)
    }

    private mutating func fail(_ name: String, _ message: String) { errors.append(.init(name, message)) }

    /// Whether an answer is needed here.
    private func isNeeded(_ input: RecordedInput) -> Bool {
        switch input.need {
        case .always: true
        case .never: false
        case .when(let other, let words):
            answers[other].map { answer in
                let given =
                    answer.elements?.compactMap(\.string) ?? [answer.string ?? answer.boolean.map(String.init) ?? ""]
                return given.contains(where: words.contains)
            } ?? false
        }
    }

    private func verb(_ input: RecordedInput) -> String {
        switch input.control {
        case .line, .paragraphs, .instant, .day, .number, .money: "填写"
        default: "选择"
        }
    }

    private mutating func read(_ answer: JSON, for input: RecordedInput) throws(StepRefusal) {
        let label = input.label(of: step.type)
        switch input.control {
        case .line: readText(answer, input, label, limit: 200)
        case .paragraphs: readText(answer, input, label, limit: 5000)
        case .instant(let states):
            guard let number = answer.integer else { return fail(input.name, "请填写\(label)，例如 2026-11-20 09:05。") }
            let at = Instant(milliseconds: number)
            guard at <= now else { return fail(input.name, "时间不能晚于现在（\(now.chinese)）。") }
            if let problem = Scene.tooEarly(at, now: now) { return fail(input.name, problem) }
            guard ground.begins.map({ at.day >= $0 }) ?? true else {
                return fail(input.name, "\(label)不能早于本案开始的日期。")
            }
            if states || input.member == nil { stated = StatedTime(at: at, source: .officer) }
            if let member = input.member { plain.append(.init(member, answer)) }
        case .day:
            guard let day = answer.string.flatMap({ CivilDay($0) }) else {
                return fail(input.name, "请按“2026-11-20”的样子填写\(label)。")
            }
            guard ground.begins.map({ day >= $0 }) ?? true else {
                return fail(input.name, "\(label)不能早于本案开始的日期。")
            }
            plain.append(.init(input.name, .string(day.description)))
        case .word(let part):
            let words = step.type.options(of: input.name).map(\.word)
            guard let word = answer.string, (part ?? words).contains(word), words.contains(word) else {
                return fail(input.name, "请选择\(label)。")
            }
            plain.append(.init(input.name, answer))
        case .words(let part):
            let words = step.type.options(of: input.name).map(\.word)
            let chosen = answer.elements?.compactMap(\.string) ?? []
            guard !chosen.isEmpty, Set(chosen).count == chosen.count, chosen.count == answer.elements?.count,
                chosen.allSatisfy((part ?? words).contains), chosen.allSatisfy(words.contains)
            else { return fail(input.name, "请选择\(label)。") }
            plain.append(.init(input.name, answer))
        case .truth:
            guard answer.boolean != nil else { return fail(input.name, "请选择\(label)。") }
            plain.append(.init(input.name, answer))
        case .number(let range):
            guard let number = answer.integer, range.contains(number) else {
                return fail(input.name, "\(label)请填写\(range.lowerBound)到\(range.upperBound)的整数。")
            }
            plain.append(.init(input.name, answer))
        case .money:
            guard let fen = answer.integer, (1...100_000_000_000).contains(fen) else {
                return fail(input.name, "\(label)请填写金额，例如 5000 或者 5000.50。")
            }
            plain.append(.init(input.name, answer))
        default: try readChosen(answer, for: input, label)
        }
    }

    private mutating func readText(_ answer: JSON, _ input: RecordedInput, _ label: String, limit: Int) {
        var form = FormText()
        guard let typed = answer.string else { return fail(input.name, "请填写\(label)。") }
        let text =
            isNeeded(input)
            ? form.required(typed, input.name, label, limit: limit)
            : form.optional(typed, input.name, label, limit: limit) ?? ""
        errors += form.errors
        guard !text.isEmpty, form.errors.isEmpty else { return }
        if case .field? = step.type.members[input.name] {
            let rule = OpeningRule.rule(type: step.type.rawValue, version: step.type.version, field: input.name)
            switch rule {
            case .always(let opening)?, .otherwise(let opening, _)?:
                fields.append(FieldValue(input.name, .string(text), opening))
            case .stated?, .unstated?, nil: fail(input.name, "这一项的公开范围不明，系统不能记录。请联系系统管理员。")
            }
        } else {
            plain.append(.init(input.name, .string(text)))
        }
    }

    /// What is chosen from the case.
    private mutating func readChosen(
        _ answer: JSON, for input: RecordedInput, _ label: String
    ) throws(StepRefusal) {
        switch input.control {
        case .person(let who):
            guard let tag = answer.string.flatMap({ ThreadTag($0) }), isFit(tag, who) else {
                return fail(input.name, "请选择\(label)。")
            }
            plain.append(.init(input.name, answer))
        case .persons(let who):
            let tags = answer.elements?.compactMap { $0.string.flatMap { ThreadTag($0) } } ?? []
            guard !tags.isEmpty, tags.count == answer.elements?.count, Set(tags).count == tags.count,
                tags.allSatisfy({ isFit($0, who) })
            else { return fail(input.name, "请选择\(label)。") }
            plain.append(.init(input.name, answer))
        case .activity(let kinds):
            let id = answer.string.flatMap { ActivityID($0) }
            guard input.activities(kinds, in: ground).contains(where: { $0.id == id }) else {
                return fail(input.name, "请选择本案的一次\(label)。")
            }
            plain.append(.init(input.name, answer))
        case .document(let kinds, let issued, let role):
            let id = answer.string.flatMap { DocumentID($0) }
            let documents = input.documents(kinds, issued: issued, in: ground)
            guard let document = documents.first(where: { $0.id == id }) else {
                return fail(input.name, "请选择本案的\(label)。")
            }
            plain.append(.init(input.name, answer))
            if let role, let issue = document.issue {
                references.append(try ground.reference(role, to: issue.seq))
            }
        case .documents(let kinds):
            let ids = answer.elements?.compactMap { $0.string.flatMap { DocumentID($0) } } ?? []
            let documents = Set(input.documents(kinds, issued: false, in: ground).map(\.id))
            guard !ids.isEmpty, ids.count == answer.elements?.count, documents.isSuperset(of: ids) else {
                return fail(input.name, "请选择本案的\(label)。")
            }
            plain.append(.init(input.name, answer))
        case .piece(let piece, let isMarked):
            let named = answer.string.flatMap { text -> SecrecyMark.Thing? in
                switch piece {
                case .document: DocumentID(text).map { .document($0) }
                case .recording: ThreadTag(text).map { .recording($0) }
                }
            }
            guard let named, input.pieces(piece, isMarked: isMarked, in: ground).contains(named) else {
                return fail(input.name, "请选择\(label)。")
            }
            plain.append(.init(input.name, answer))
        case .clearance:
            let words = answer.elements?.compactMap(\.string) ?? []
            let isKnown = { (word: String) in
                Role(rawValue: word).map(RecordedInput.clearable.contains)
                    ?? ThreadTag(word).map { tag in
                        persons.contains { $0.thread == tag && RecordedInput.isClearable($0) }
                    }
                    ?? false
            }
            guard !words.isEmpty, words.count == answer.elements?.count, Set(words).count == words.count,
                words.allSatisfy(isKnown)
            else { return fail(input.name, "请选择\(label)。") }
            plain.append(.init(input.name, answer))
        case .reference:
            guard let seq = answer.integer,
                let record = input.references(in: ground).first(where: { Int64($0.seq) == seq })
            else { return fail(input.name, "请选择\(label)。") }
            references.append(try ground.reference(input.name, to: record.seq))
        case .approval:
            guard let seq = answer.integer,
                let record = input.approvals(in: ground).first(where: { Int64($0.seq) == seq }),
                let person = record.word("person")
            else { return fail(input.name, "请选择\(label)。") }
            plain.append(.init("approvedBy", .string(person)))
            references.append(try ground.reference("approval", to: record.seq))
        case .term(let change):
            guard let matter = answer.string, law.terms(thatMayBe: change).contains(where: { $0.id == matter })
            else { return fail(input.name, "请选择\(label)。") }
            plain.append(.init(input.name, answer))
        default: break
        }
    }

    private func isFit(_ tag: ThreadTag, _ who: RecordedInput.Persons) -> Bool {
        persons.contains { $0.thread == tag && who.includes($0, in: ground.work) }
    }

    /// What ends does not end before it begins.
    private mutating func checkOrder() {
        guard let start = answers["startAt"]?.integer, let end = answers["endAt"]?.integer, end < start else { return }
        fail("endAt", "结束时间不能早于开始时间。")
    }
}
