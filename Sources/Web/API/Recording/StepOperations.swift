import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

extension APIOperation {
    /// The steps of a case: those described as data that a token may take, and those with a command of their own.
    static let steps: [APIOperation] =
        TokenPower.steps.map { APIOperation($0) } + PlainStep.all.map { APIOperation($0) }

    /// One step described as data: what it asks of people it asks of programs.
    private init(_ step: RecordedStep) {
        var words = step.given.mapValues { Set([$0]) }
        for input in step.inputs {
            switch input.control {
            case .word(let part?), .words(let part?): words[input.name] = Set(part)
            default: break
            }
        }
        self.init(
            id: APIOperation.operationID(step.name), method: .post, path: "/cases/{case}/steps/\(step.name)",
            scope: .recordCases, right: .handling, summary: step.title, text: step.lead,
            body: .named(
                "Step-\(step.name)",
                .object([
                    APIOperation.expectedSeq,
                    .init("answers", .object(step.inputs.map { APIField($0, of: step.type) }), "这一步要填写的内容。"),
                ])), answer: .created(APIOperation.receipt), records: [step.type], words: words
        ) { call in
            let thread: ThreadTag = try call.id("case")
            let answers = Dictionary(
                (call.body["answers"]?.members ?? []).map { ($0.key, $0.value) },
                uniquingKeysWith: { first, _ in first })
            return try await call.record { command, performer in
                _ = try await call.visibleCase()
                return try await call.bureau.casebook.perform(
                    RecordEntry(step, answers), on: thread, expecting: call.expectedSeq, command: command, by: performer
                )
            }
        }
    }

    private init(_ step: PlainStep) {
        self.init(
            id: APIOperation.operationID(step.name), method: .post, path: "/cases/{case}/steps/\(step.name)",
            scope: .recordCases, right: .handling, summary: step.title, text: step.lead,
            body: .named("Step-\(step.name)", .object([APIOperation.expectedSeq] + step.fields)),
            answer: .created(APIOperation.receipt), records: step.records, words: step.words
        ) { call in
            let thread: ThreadTag = try call.id("case")
            return try await call.record { command, performer in
                _ = try await call.visibleCase()
                return try await step.perform(call, command) { made in
                    try await call.bureau.casebook.perform(
                        made, on: thread, expecting: call.expectedSeq, command: command, by: performer)
                }
            }
        }
    }

    /// `service-post` as `recordServicePost`.
    private static func operationID(_ name: String) -> String {
        "record"
            + name.split(separator: "-").map { part in
                String(decoding: part.utf8.prefix(1).map { $0 - 32 } + part.utf8.dropFirst(), as: UTF8.self)
            }.joined()
    }

    /// Steps of the API that this person could take in a case now. The regulations may still refuse them.
    static func stepsOffered(in view: CaseView, law: Law, to person: PersonRow, on day: CivilDay) -> [String] {
        let course = CaseCourse(work: view.work, records: view.records)
        let handles = view.work.handlers.contains(person.thread)
        return TokenPower.steps.filter { step in
            step.isOffered(in: course, to: person)
                && step.power.map { law.refusal(lacking: $0, for: step.title, on: day) == nil } ?? true
        }.map(\.name)
            + (handles
                ? PlainStep.all.filter { $0.lasts.refusal(in: view.work) == nil && $0.isOffered(view.work) }.map(\.name)
                : [])
    }
}

extension APIField {
    /// A question of a step as a member of a request.
    init(_ input: RecordedInput, of type: EntryType) {
        let schema: APISchema =
            switch input.control {
            case .line: .text(0...200)
            case .paragraphs: .text(0...5000)
            case .instant: .instant
            case .day: .day
            case .word(let part): .words(part ?? type.options(of: input.name).map(\.word))
            case .words(let part):
                .list(.words(part ?? type.options(of: input.name).map(\.word)), 1...100, unique: true)
            case .truth: .truth
            case .number(let range): .integer(range)
            case .money: .integer(1...100_000_000_000)
            case .person, .activity, .document, .piece: .id
            case .clearance: .list(.text(1...64), 1...100, unique: true)
            case .persons: .list(.id, 1...100, unique: true)
            case .documents: .list(.id, 1...100)
            case .reference, .approval: .integer(1...1_000_000_000)
            case .term: .text(1...100)
            }
        let label = input.label(of: type)
        let unit: String =
            switch input.control {
            case .money: "单位为分。"
            case .reference, .approval: "写那条记录的 seq。"
            default: ""
            }
        let condition: String =
            if case .when(let other, let words) = input.need {
                "\(type.label(of: other))为\(words.map { type.chinese($0, of: other) }.joined(separator: "、"))时必填。"
            } else {
                ""
            }
        self.init(
            input.name, schema, "\(label)。\(input.help)\(unit)\(condition)", required: input.need == .always)
    }
}
