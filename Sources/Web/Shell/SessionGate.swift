import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel
import Logging

/// Finds out who asks: reads the cookie, loads the identity, names the bureau in the address.
struct SessionGate: RouterMiddleware {
    let services: WebServices

    func handle(
        _ request: Request, context: AppContext, next: @concurrent (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        guard !context.visit.isProgram else { return try await next(request, context) }
        var context = context
        context.visit.source = services.settings.source(of: request, peer: context.peer)
        if let tag = context.parameters.get("bureau").flatMap({ BureauTag($0) }) {
            guard let bureau = services.bureau(tag) else { throw WebRefusal.notFound }
            context.visit.bureau = bureau
        }
        let cookie = services.settings.cookie
        if let token = request.cookies[cookie].flatMap({ SessionToken($0.value) }) {
            context.visit.token = token
            context.visit.identity = try await services.signIn.identity(of: token)
        } else {
            // A visitor's token protects the sign-in form; it leads to no session.
            context.visit.token = .random()
            context.visit.isNewVisitor = true
        }
        if let person = context.visit.identity?.person.thread {
            context.logger[metadataKey: "person"] = .string(person.description)
        }
        var response = try await next(request, context)
        if context.visit.isNewVisitor, let token = context.visit.token, response.headers[.setCookie] == nil,
            response.headers[.contentType]?.utf8.starts(with: "text/html".utf8) ?? false
        {
            response.headers[.setCookie] = services.settings.cookieText(token)
        }
        return response
    }
}

extension WebSettings {
    /// The cookie's name. `__Host-` binds it to this very host over an encrypted way (RFC 6265bis).
    var cookie: String { isSecure ? "__Host-liuhen" : "liuhen" }

    /// `Set-Cookie` for a token: not for scripts, not for requests that other sites start, over with the browser.
    func cookieText(_ token: SessionToken) -> String {
        "\(cookie)=\(token.cookieText); Path=/; HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
    }

    /// `Set-Cookie` that takes the cookie away.
    var cookieRemoval: String {
        "\(cookie)=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
    }

    /// The client's address. Behind a proxy the last hop is the only one the proxy itself saw.
    func source(of request: Request, peer: String) -> String {
        guard isBehindProxy, let name = HTTPField.Name("X-Forwarded-For"), let hops = request.headers[name],
            let last = hops.utf8.split(separator: UInt8(ascii: ",")).last
        else { return peer }
        return String(decoding: last.filter { $0 != UInt8(ascii: " ") }, as: UTF8.self)
    }
}
