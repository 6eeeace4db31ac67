import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

/// A refusal of the API as `application/problem+json` (RFC 9457): the project's code, what is wrong and how to mend it.
struct APIProblem: Error, Sendable {
    let status: HTTPResponse.Status
    /// For programs; `type` is `urn:liuhen:error:<code>`.
    let code: String
    /// What is wrong and what to do (Chinese).
    let detail: String
    var members: [JSON.Member] = []
    var headers: HTTPFields = [:]
    /// For the operational log (English).
    var logText: String?

    init(_ status: HTTPResponse.Status, _ code: String, _ detail: String) {
        self.status = status
        self.code = code
        self.detail = detail
    }

    static let notFound = APIProblem(.notFound, "not-found", "没有这项内容，或者不在您的权限之内。")

    /// No token, or one that does not do (RFC 6750, 3).
    static func unauthorized(_ error: String?) -> APIProblem {
        var problem = APIProblem(
            .unauthorized, error == nil ? "token-needed" : "token-refused",
            error == nil ? "请在 Authorization 头里给出访问令牌（Bearer）。" : "访问令牌不对、已停用、已到期，或者本人的账号、职责已经改变。")
        problem.headers[.wwwAuthenticate] = #"Bearer realm="liuhen""# + (error.map { #", error="\#($0)""# } ?? "")
        return problem
    }

    static func scopeNeeded(_ scope: TokenScope) -> APIProblem {
        var problem = APIProblem(.forbidden, "scope-needed", "这个访问令牌没有“\(scope.chinese)”（\(scope.rawValue)）的范围。")
        problem.headers[.wwwAuthenticate] =
            #"Bearer realm="liuhen", error="insufficient_scope", scope="\#(scope.rawValue)""#
        return problem
    }

    static func tooMany(_ seconds: Int64, _ detail: String) -> APIProblem {
        var problem = APIProblem(.tooManyRequests, "too-many", detail)
        problem.headers[.retryAfter] = "\(max(seconds, 1))"
        return problem
    }

    /// A request whose members are wrong.
    static func invalid(_ problems: [SchemaProblem], _ status: HTTPResponse.Status = .unprocessableContent)
        -> APIProblem
    {
        var problem = APIProblem(status, "invalid", "有\(problems.count)处不符合接口说明，见 fields。没有产生任何记录。")
        problem.members = [
            .init("fields", .array(problems.map { ["message": .string($0.message), "name": .string($0.name)] }))
        ]
        return problem
    }

    func response(_ request: String) -> Response {
        let body = JSON.object(
            [
                .init("code", .string(code)), .init("detail", .string(detail)),
                .init("instance", .string("urn:liuhen:request:\(request)")),
                .init("status", .integer(Int64(status.code))), .init("title", .string(status.apiTitle)),
                .init("type", .string("urn:liuhen:error:\(code)")),
            ] + members)
        var headers = headers
        headers[.contentType] = "application/problem+json"
        return Response(status: status, headers: headers, body: .init(byteBuffer: .init(bytes: body.canonicalBytes)))
    }
}

extension APIProblem {
    /// What any error means to a program.
    init(any error: any Error) {
        switch error {
        case let problem as APIProblem: self = problem
        case let refusal as StepRefusal: self.init(refusal)
        case let error as StoreError: self.init(StepRefusal(error))
        case let refusal as UploadRefusal: self.init(refusal.status, refusal.code, refusal.message)
        default:
            let refusal = WebRefusal(any: error)
            self.init(refusal.status, refusal.code, refusal.advice.joined())
            logText = refusal.logText
        }
    }

    /// The refusal of a step: which provision, what is missing, and who can supply it (invariant 5).
    init(_ refusal: StepRefusal) {
        let (status, code): (HTTPResponse.Status, String) =
            switch refusal.code {
            case .notFound: (.notFound, "not-found")
            case .notAllowed: (.forbidden, "not-allowed")
            case .secretNeeded: (.forbidden, "person-needed")
            case .stale: (.conflict, "stale")
            case .invalid: (.unprocessableContent, "invalid")
            case .outOfOrder: (.conflict, "out-of-order")
            case .gate: (.conflict, "gate")
            case .taken: (.conflict, "taken")
            case .stopped: (.serviceUnavailable, "stopped")
            case .unavailable: (.serviceUnavailable, "unavailable")
            case .fault: (.internalServerError, "fault")
            }
        self.init(status, code, refusal.message)
        if !refusal.fields.isEmpty {
            members.append(
                .init(
                    "fields",
                    .array(refusal.fields.map { ["message": .string($0.message), "name": .string($0.name)] })))
        }
        if !refusal.reasons.isEmpty {
            members.append(
                .init(
                    "reasons",
                    .array(
                        refusal.reasons.map { reason in
                            .object(
                                [
                                    .init("missing", .string(reason.missing)),
                                    .init("provisions", .array(reason.provisions.map { .string($0) })),
                                    .init("who", .string(reason.who)),
                                ] + (reason.overridableBy.map { [.init("overridableBy", .string($0))] } ?? []))
                        })))
        }
        if !refusal.since.isEmpty {
            members.append(
                .init(
                    "since",
                    .array(
                        refusal.since.map {
                            [
                                "recordedAt": .integer($0.recordedAt.milliseconds), "seq": .integer(Int64($0.seq)),
                                "title": .string($0.type.chinese), "type": .string($0.type.rawValue),
                            ]
                        })))
        }
        if refusal.code == .fault { logText = "a step failed: \(refusal.message)" }
    }

    /// The form of every refusal.
    static let schema = APISchema.named(
        "Problem",
        .object([
            .init("type", .text(), "urn:liuhen:error: 加 code。"), .init("title", .text()),
            .init("status", .integer(400...599)), .init("detail", .text(), "哪里不对，怎么办。"), .init("instance", .text()),
            .init("code", .text(), "给程序判断用的代码。"),
            .init(
                "fields", .list(.object([.init("name", .label), .init("message", .label)]), 0...5000),
                "不符合要求的各项。", required: false),
            .init(
                "reasons",
                .list(
                    .object([
                        .init("provisions", .list(.text(), 0...100), "所依据的条款。"), .init("missing", .label, "缺少什么。"),
                        .init("who", .text(), "由谁补齐。"), .init("overridableBy", .text(), "谁可以批准越过。", required: false),
                    ]), 0...1000), "还缺什么、依据哪一条、由谁补齐。", required: false),
            .init(
                "since",
                .list(
                    .object([
                        .init("seq", .integer(1...1_000_000_000)), .init("type", .text()), .init("title", .text()),
                        .init("recordedAt", .instant),
                    ]), 0...100_000), "expectedSeq 之后的新记录。", required: false),
        ]))
}

extension HTTPResponse.Status {
    /// What a status means, as the title of a problem.
    var apiTitle: String {
        switch code {
        case 400: "请求无法读取"
        case 401: "需要访问令牌"
        case 403: "没有这项权限"
        case 404: "没有找到"
        case 405: "不能这样访问"
        case 406: "没有所要的格式"
        case 409: "现在还不能办理"
        case 413: "内容太大"
        case 415: "内容的格式不对"
        case 422: "内容不符合要求"
        case 429: "请求太多"
        case 503: "暂时不能办理"
        case 507: "磁盘空间不足"
        default: code >= 500 ? "系统出了问题" : "请求没有被接受"
        }
    }
}
