import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

extension Routes {
    /// The API for programs: every operation of `APIOperation.all`, and its description for anybody.
    func addAPI(_ services: WebServices) {
        open(.get, "/api/v1/openapi.json") { request, _ in
            var response = Response.json(OpenAPIDocument(bureaus: services.bureaus.map(\.tag)).json)
            response.headers[.cacheControl] = "public, max-age=300"
            return response
        }
        for operation in APIOperation.all {
            api(operation.method, operation.route) { request, context in
                try await services.carryOut(operation, request, context)
            }
        }
        on(.get, "/b/{bureau}/interface", .signedIn) { _, context in
            services.answer(InterfacePage(address: Address(context.bureau.tag)).page, context)
        }
    }
}

extension Address {
    /// The page that explains the API.
    var interface: String { "\(base)/interface" }
    /// Making and ending access tokens.
    var accountTokens: String { "\(account)/tokens" }
    static let openAPI = "/api/v1/openapi.json"
    /// A resource of the API.
    func api(_ path: String) -> String { "/api/v1\(base)\(path)" }
}

extension WebServices {
    /// Checks token, rate, scope and right, in this order; then reads the request and carries it out.
    func carryOut(_ operation: APIOperation, _ request: Request, _ context: AppContext) async throws -> Response {
        let bearer = try await bearer(of: request, context)
        // A token of another bureau: there is nothing here for it, whatever there is.
        guard let bureau = context.visit.bureau, bearer.token.account.bureau == bureau.tag else {
            throw APIProblem.notFound
        }
        if let seconds = rate.take(bearer.token.id, atMilliseconds: clock.monotonicMilliseconds()) {
            throw APIProblem.tooMany(seconds, "请求太密，请过\(seconds)秒再试。")
        }
        guard bearer.token.scopes.contains(operation.scope) else { throw APIProblem.scopeNeeded(operation.scope) }
        guard operation.right.roles.map({ !$0.isDisjoint(with: bearer.person.roles) }) ?? true else {
            throw APIProblem(.forbidden, "not-allowed", "本人的职责不能办理这件事。")
        }
        return try await operation.handle(
            APICall(operation, request, context, services: self, bureau: bureau, bearer: bearer))
    }

    private func bearer(of request: Request, _ context: AppContext) async throws -> TokenBearer {
        let values = request.headers[values: .authorization]
        guard let value = values.first else { throw APIProblem.unauthorized(nil) }
        guard values.count == 1, value.asciiBegins(with: "bearer "),
            let text = TokenText(value.utf8.dropFirst("bearer ".utf8.count))
        else { throw APIProblem.unauthorized("invalid_token") }
        do throws(TokenRefusal) {
            return try await tokens.bearer(text, source: context.visit.source)
        } catch {
            switch error {
            case .wrong, .ended: throw APIProblem.unauthorized("invalid_token")
            case .locked(let until):
                let seconds = until.milliseconds(since: clock.now()) / 1000 + 1
                throw APIProblem.tooMany(seconds, "访问令牌连续出错，请过\(seconds)秒再试。")
            case .disagreeing(let whom): throw WebRefusal.disagreeing(whom)
            case .failed(let text): throw WebRefusal.broken(text)
            }
        }
    }
}
