import Application
import Casework
import Crypto
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

/// A request to the API whose token, right, parameters and body were checked against the operation's declaration.
struct APICall: Sendable {
    let operation: APIOperation
    let request: Request
    let services: WebServices
    let bureau: BureauServices
    let bearer: TokenBearer
    /// Values of the query by name, in the form that the declaration asks for.
    let query: [String: JSON]
    /// The body; an empty object where the operation takes none.
    let body: JSON
    private let path: [String: String]
    private let key: String?

    var person: PersonRow { bearer.person }
    var now: Instant { services.clock.now() }

    /// Officers see their own cases; every other office that works on cases sees all.
    var isOnlyOfficer: Bool {
        Set(person.roles).isDisjoint(with: [
            .unitHead, .legalReviewer, .departmentHead, .deputyHead, .agencyHead, .custodian,
        ])
    }

    /// The person as steps know them: a program in their name.
    var performer: Performer { bearer.performer(for: fingerprint) }

    /// SHA-256 over what was asked. White space and the order of members do not count.
    var fingerprint: Kernel.Digest {
        var hash = SHA256()
        hash.update(data: Array("liuhen/api-request/v1\n\(request.method.rawValue) \(request.uri.path)\n".utf8))
        hash.update(data: body.canonicalBytes)
        return hash.finalize().withUnsafeBytes { Kernel.Digest($0) } ?? .zero
    }

    /// The ledger's command of the key: the same key by the same person names the same command.
    var command: CommandID {
        get throws {
            guard let key else { throw APIProblem(.badRequest, "key-needed", "缺少 Idempotency-Key。") }
            let text = "liuhen/api-command/v1\n\(person.thread)\n\(key)"
            return CommandID(Array(SHA256.hash(data: Array(text.utf8))).prefix(16)) ?? .random()
        }
    }

    /// A word in the path.
    func segment(_ name: String) -> String { path[name] ?? "" }

    /// An id in the path.
    func id<Of>(_ name: String) throws -> Identifier<Of> {
        guard let id = path[name].flatMap({ Identifier<Of>($0) }) else { throw APIProblem.notFound }
        return id
    }

    var limit: Int { query["limit"]?.integer.map { Int($0) } ?? 25 }

    /// The case in the path, for somebody who may see it. One that may not be seen looks like one that does not exist.
    func visibleCase() async throws -> CaseView {
        let view: CaseView
        do {
            view = try await bureau.casebook.load(try id("case"))
        } catch {
            guard (error as? StepRefusal)?.code == .notFound else { throw error }
            throw APIProblem.notFound
        }
        guard view.work.viewRight(of: person) != nil else { throw APIProblem.notFound }
        return view
    }

    func law() async throws -> Law { try await bureau.casebook.chambers.law() }
}

extension APICall {
    /// Reads a request by its operation's declaration.
    ///
    /// - Throws: `APIProblem` for whatever the declaration does not allow.
    init(
        _ operation: APIOperation, _ request: Request, _ context: AppContext, services: WebServices,
        bureau: BureauServices, bearer: TokenBearer
    ) async throws {
        self.operation = operation
        self.request = request
        self.services = services
        self.bureau = bureau
        self.bearer = bearer
        var path: [String: String] = [:]
        for name in operation.pathNames { path[name] = context.parameters.get(name) }
        self.path = path
        query = try APICall.query(of: request, operation.parameters)
        try APICall.checkAccept(of: request, operation.answer)
        key = operation.hasKey ? try APICall.key(of: request) : nil
        guard let schema = operation.body else {
            body = .object([])
            return
        }
        body = try await APICall.body(of: request, context, limit: services.settings.formLimit)
        let problems = schema.problems(of: body)
        guard problems.isEmpty else { throw APIProblem.invalid(problems) }
    }

    /// Eight to 200 visible ASCII characters.
    private static func key(of request: Request) throws -> String {
        let values = request.headers[values: .idempotencyKey]
        guard let key = values.first, values.count == 1, (8...200).contains(key.utf8.count),
            key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw APIProblem(.badRequest, "key-needed", "请在 Idempotency-Key 头里给出8到200个可见 ASCII 字符；同一次提交重发时用同一个。")
        }
        return key
    }

    private static func query(of request: Request, _ parameters: [APIParameter]) throws -> [String: JSON] {
        let form: Form
        do {
            form = try Form(urlEncoded: Array((request.uri.query ?? "").utf8))
        } catch {
            throw APIProblem(.badRequest, "unreadable", "地址里的参数无法读取。")
        }
        var values: [String: JSON] = [:]
        var problems: [SchemaProblem] = []
        for field in form.fields {
            guard let parameter = parameters.first(where: { $0.name.utf8.elementsEqual(field.name.utf8) }) else {
                problems.append(.init(name: field.name, message: "没有这个参数。"))
                continue
            }
            guard values[parameter.name] == nil else {
                problems.append(.init(name: field.name, message: "同一个参数只能出现一次。"))
                continue
            }
            let value = value(field.value, as: parameter.schema)
            values[parameter.name] = value
            problems += parameter.schema.problems(of: value, at: parameter.name)
        }
        for parameter in parameters where parameter.isRequired && values[parameter.name] == nil {
            problems.append(.init(name: parameter.name, message: "缺少这个参数。"))
        }
        guard problems.isEmpty else { throw APIProblem.invalid(problems, .badRequest) }
        return values
    }

    /// A typed text in the form that the schema asks for; what is none stays text, and is refused as such.
    private static func value(_ text: String, as schema: APISchema) -> JSON {
        switch schema {
        case .integer, .instant:
            let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
            guard digits.count <= 17, let number = Decimal.strict(digits) else { return .string(text) }
            return .integer(digits.count == text.utf8.count ? Int64(number) : -Int64(number))
        case .truth: return text == "true" ? true : text == "false" ? false : .string(text)
        default: return .string(text)
        }
    }

    private static func checkAccept(of request: Request, _ answer: APIAnswer) throws {
        let accept = request.headers[values: .accept].joined(separator: ",")
        let wanted = if case .pdf = answer { "application/pdf" } else { "application/json" }
        let ranges = accept.utf8.split(separator: UInt8(ascii: ",")).map { range in
            String(
                decoding: range.prefix { $0 != UInt8(ascii: ";") }.filter { $0 != 0x20 && $0 != 0x09 }, as: UTF8.self)
        }
        guard
            ranges.isEmpty
                || ranges.contains(where: { $0 == "*/*" || $0 == "application/*" || $0.asciiContains(wanted) })
        else { throw APIProblem(.notAcceptable, "not-acceptable", "这里只有 \(wanted)。") }
    }

    private static func body(of request: Request, _ context: AppContext, limit: Int) async throws -> JSON {
        let type = (request.headers[.contentType] ?? "").utf8.prefix { $0 != UInt8(ascii: ";") }
            .filter { $0 != 0x20 && $0 != 0x09 }
        guard String(decoding: type, as: UTF8.self).asciiEquals("application/json") else {
            throw APIProblem(.unsupportedMediaType, "json-needed", "请以 application/json（UTF-8）提交。")
        }
        let tooLarge = APIProblem(.contentTooLarge, "too-large", "一次最多提交\(limit)字节。大文件请用断点续传（tus）。")
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        context.continueSignal.send()
        var bytes: [UInt8] = []
        for try await part in request.body {
            guard bytes.count + part.readableBytes <= limit else { throw tooLarge }
            bytes += part.readableBytesView
        }
        do throws(RequestJSON.Fault) {
            return try RequestJSON.read(bytes)
        } catch {
            throw APIProblem(.badRequest, "unreadable", "内容不是所要的 JSON：第\(error.offset + 1)字节，\(error.message)。")
        }
    }
}

extension String {
    /// Whether the text is `word`, which is in lower case; ASCII letters of either case.
    func asciiEquals(_ word: String) -> Bool { utf8.count == word.utf8.count && asciiBegins(with: word) }
}

extension HTTPField.Name {
    static let idempotencyKey = apiName("Idempotency-Key")
    static let idempotencyReplayed = apiName("Idempotency-Replayed")

    private static func apiName(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no field name") }
        return name
    }
}
