import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

/// One operation of the API: how it is addressed, what it takes and gives, who may ask, and what carries it out. The
/// router, the checks of requests, the OpenAPI document, the page that explains it and the reach of the law's rows all read
/// this one declaration.
struct APIOperation: Sendable {
    /// `operationId`.
    let id: String
    let method: HTTPRequest.Method
    /// Below `/api/v1/b/{bureau}`.
    let path: String
    let scope: TokenScope
    var right = Right.casework
    /// What it does, in one line (Chinese).
    let summary: String
    /// What else is to be known (Chinese).
    var text = ""
    var parameters: [APIParameter] = []
    var body: APISchema?
    /// The answer.
    let answer: APIAnswer
    /// Records that it makes.
    var records: [EntryType] = []
    /// Words on offer, by member; a member that is not named takes any.
    var words: [String: Set<String>] = [:]
    let handle: @Sendable (APICall) async throws -> Response

    static let base = "/api/v1/b/{bureau}"
    /// As the router has it.
    var route: String { APIOperation.base + path }

    /// Names in the path, in order; each is an id unless a parameter says otherwise.
    var pathNames: [String] {
        path.split(separator: "/").compactMap { $0.first == "{" ? String($0.dropFirst().dropLast()) : nil }
    }

    /// Whether the same key gives the same answer: of whatever records.
    var hasKey: Bool { method == .post }
}

/// A parameter of the query.
struct APIParameter: Sendable {
    let name: String
    let schema: APISchema
    let text: String
    var isRequired = false

    init(_ name: String, _ schema: APISchema, _ text: String, required: Bool = false) {
        self.name = name
        self.schema = schema
        self.text = text
        isRequired = required
    }

    static let limit = APIParameter("limit", .integer(1...100), "一次最多几项，1到100，不写为25。")
    static let cursor = APIParameter("cursor", .text(1...200), "上一次回答里的 next，原样带回；不写为从头开始。")
}

/// What an operation answers.
enum APIAnswer: Sendable {
    case json(APISchema)
    /// 201 with the place of what came to be.
    case created(APISchema)
    /// A PDF, whole or by a range.
    case pdf

    var status: Int {
        switch self {
        case .json, .pdf: 200
        case .created: 201
        }
    }

    var schema: APISchema? {
        switch self {
        case .json(let schema), .created(let schema): schema
        case .pdf: nil
        }
    }
}

extension APIOperation {
    /// Every operation, in the order of the document.
    static let all: [APIOperation] =
        cases + work + documents + rules + openings + steps + drafts

    /// The form of an answer in pages.
    static func page(_ name: String, of element: APISchema) -> APISchema {
        .named(
            name,
            .object([
                .init("items", .list(element, 0...100)),
                .init("next", .text(1...200), "下一页的 cursor；没有这一项就是最后一页。", required: false),
            ]))
    }
}
