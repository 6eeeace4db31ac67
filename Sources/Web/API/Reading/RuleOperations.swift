import Application
import Casework
import Hummingbird
import Kernel

extension APIOperation {
    /// Reading the law: texts, rows, kinds of documents.
    static let rules: [APIOperation] = [
        APIOperation(
            id: "listRegulations", method: .get, path: "/regulations", scope: .readRules, summary: "施行中的制度",
            answer: .json(.named("Regulations", .object([.init("items", .list(regulationLine, 0...1000))])))
        ) { call in
            let law = try await call.law()
            let day = call.now.day
            return .json(["items": .array(law.rules.spans.filter { $0.covers(day) }.map { $0.line })])
        },
        APIOperation(
            id: "getRegulation", method: .get, path: "/regulations/{regulation}", scope: .readRules, summary: "一部制度的各条",
            answer: .json(
                .named(
                    "Regulation",
                    .object(regulationFields + [.init("provisions", .list(provision, 0...10_000), "各条。")])))
        ) { call in
            let law = try await call.law()
            let day = call.now.day
            let id = call.segment("regulation")
            guard
                let span = law.rules.spans.first(where: {
                    $0.covers(day) && $0.regulation.id.utf8.elementsEqual(id.utf8)
                })
            else { throw APIProblem.notFound }
            let rows = span.regulation.provisions.map { row in
                JSON.object([
                    .init("article", .string(row.article)), .init("kind", .string(row.kind.rawValue)),
                    .init("modality", .string(row.modality.rawValue)), .init("provision", .string(row.id)),
                    .init("summary", .string(row.summary)),
                ])
            }
            return .json(.object((span.line.members ?? []) + [.init("provisions", .array(rows))]))
        },
        APIOperation(
            id: "listDocumentKinds", method: .get, path: "/document-kinds", scope: .readRules, summary: "可以制作的文书种类",
            text: "每种文书的各栏，供起草时填写 values。",
            answer: .json(.named("DocumentKinds", .object([.init("items", .list(documentKind, 0...1000))])))
        ) { call in
            let kinds = try await call.law().drawnKinds.map { kind in
                JSON.object([
                    .init("category", .string(kind.category.rawValue)),
                    .init(
                        "fields",
                        .array(
                            kind.fields.map {
                                [
                                    "isRequired": .boolean($0.required == .always), "label": .string($0.label),
                                    "name": .string($0.name), "type": .string($0.type.word),
                                ]
                            })), .init("kind", .string(kind.name)), .init("title", .string(kind.title)),
                ])
            }
            return .json(["items": .array(kinds)])
        },
    ]

    private static let regulationFields: [APIField] = [
        .init("regulation", .text(1...100), "制度代号。"), .init("title", .label), .init("issuer", .label),
        .init("digest", .digest, "所用文本的摘要。"), .init("from", .day, "施行日。"),
        .init("until", .day, "最后一日。", required: false),
    ]

    private static let regulationLine = APISchema.named("RegulationLine", .object(regulationFields))

    private static let provision = APISchema.named(
        "Provision",
        .object([
            .init("provision", .text(1...200), "条款编号，例如 zhaoxian-2017:11。"), .init("article", .label),
            .init("kind", .text()), .init("modality", .text()), .init("summary", .label),
        ]))

    private static let documentKind = APISchema.named(
        "DocumentKind",
        .object([
            .init("kind", .text(1...100)), .init("title", .label), .init("category", .text()),
            .init(
                "fields",
                .list(
                    .object([
                        .init("name", .text(1...100)), .init("label", .label), .init("type", .text()),
                        .init("isRequired", .truth),
                    ]), 0...1000)),
        ]))
}

extension RulesInForce.Span {
    fileprivate var line: JSON {
        .object(
            [
                .init("digest", .string(digest.description)), .init("from", .string(from.description)),
                .init("issuer", .string(regulation.issuer)), .init("regulation", .string(regulation.id)),
                .init("title", .string(regulation.title)),
            ] + (until.map { [.init("until", .string($0.description))] } ?? []))
    }
}

extension FieldType {
    /// Its name in the API.
    fileprivate var word: String {
        switch self {
        case .text: "text"
        case .longText: "longText"
        case .day: "day"
        case .instant: "instant"
        case .integer: "integer"
        case .money: "money"
        case .choice: "choice"
        case .choices: "choices"
        case .list: "list"
        case .persons: "persons"
        case .table: "table"
        }
    }
}
