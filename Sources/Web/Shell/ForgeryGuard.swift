import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

/// Lets nothing change state that did not come from a page of ours, before anything else is looked at.
///
/// Three walls, each enough for today's browsers: `Sec-Fetch-Site` and `Origin` must not name another site; the cookie
/// is SameSite=Lax; and form or header carry the session's form token, which no other site can read.
struct ForgeryGuard: RouterMiddleware {
    let services: WebServices
    /// Pages where a form that was kept can come back.
    var pages = PagePaths([])

    /// Where scripts put the form token.
    static let header = HTTPField.Name("X-Liuhen-Form-Token")
    /// Where forms put it.
    static let field = "form-token"

    func handle(
        _ request: Request, context: AppContext, next: @concurrent (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        guard !context.visit.isProgram else { return try await next(request, context) }
        // Uploads let a header name the real method, so a request with that header is never harmless.
        guard ![.get, .head, .options].contains(request.method) || request.headers[.methodOverride] != nil else {
            return try await next(request, restoring(context, request))
        }
        try checkOrigin(of: request)
        let request = request
        var context = context
        let given: String?
        if let name = Self.header, let token = request.headers[name] {
            // The body may be gigabytes of an upload: it is left to the handler.
            given = token
        } else {
            let intake = try await FormIntake(settings: services.settings, isKnown: context.visit.identity != nil)
                .read(request)
            context.visit.form = intake.form
            context.visit.form.place = request.uri.path
            given = intake.form[Self.field]
            if let refusal = intake.refusal { throw keeping(refusal, context.visit, given, request) }
        }
        guard let token = context.visit.token, !context.visit.isNewVisitor, let given,
            FormToken.isWhole(given, proof: token.formToken, person: context.visit.identity?.person.thread)
        else {
            guard let given, request.saysSameOrigin, let address = keep(context.visit, given, request) else {
                throw WebRefusal.forged("the form token is missing or wrong")
            }
            guard let identity = context.visit.identity else { throw address.refusal }
            // Signed in anew beside an old page: the same person goes on where they were, nobody else does.
            guard identity.person.thread == FormToken.person(given) else {
                throw WebRefusal.forged("the form is of another person's session")
            }
            return .seeOther(address.next)
        }
        do {
            return try await next(request, context)
        } catch {
            // The page was ours, but its session is over.
            if case .signIn = error as? WebRefusal, let address = keep(context.visit, given, request) {
                throw address.refusal
            }
            let refusal = WebRefusal(any: error)
            if refusal.isPassing { throw keeping(refusal, context.visit, given, request) }
            throw error
        }
    }

    /// The same refusal with the way back to the filled form, where the form is of this very session and can be kept.
    private func keeping(_ refusal: WebRefusal, _ visit: Visit, _ given: String?, _ request: Request) -> WebRefusal {
        guard let given, let token = visit.token, let person = visit.identity?.person.thread,
            Self.areEqual(FormToken.proof(given), token.formToken), FormToken.person(given) == person,
            let address = keep(visit, given, request)
        else { return refusal }
        return .kept(refusal, next: address.next)
    }

    /// Keeps a form for its person.
    ///
    /// - Returns: where it can be found again; nil for one that is not kept.
    private func keep(_ visit: Visit, _ given: String, _ request: Request) -> (next: String, refusal: WebRefusal)? {
        guard request.wantsPage, pages.contain(request.uri.path), let bureau = visit.bureau?.tag,
            let person = FormToken.person(given),
            let name = services.kept.keep(visit.form, of: person, at: request.uri.path, now: services.clock.now())
        else { return nil }
        let query = request.uri.query.map { "\($0)&" } ?? ""
        let next = "\(request.uri.path)?\(query)\(Self.keptField)=\(name)"
        return (next, .signInToGoOn(bureau, next: next))
    }

    /// The form that a page's address names, for its person.
    private func restoring(_ context: AppContext, _ request: Request) -> AppContext {
        guard request.method == .get, let person = context.visit.identity?.person.thread,
            let name = Form(query: request.uri.query)[Self.keptField],
            let form = services.kept.form(name, of: person, at: request.uri.path, now: services.clock.now())
        else { return context }
        var context = context
        context.visit.form = form
        context.visit.form.place = request.uri.path
        context.visit.isKept = true
        return context
    }

    /// Where an address names a kept form.
    static let keptField = "kept"

    private func checkOrigin(of request: Request) throws {
        if let name = HTTPField.Name("Sec-Fetch-Site"), let site = request.headers[name],
            site != "same-origin", site != "none"
        {
            throw WebRefusal.forged("Sec-Fetch-Site is \(site)")
        }
        guard let origin = request.headers[.origin] else { return }
        // scheme://host[:port]; the scheme may differ behind a proxy that ends the encryption.
        let host = origin.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true).last
        guard let host, let authority = request.head.authority, host.elementsEqual(authority.utf8) else {
            throw WebRefusal.forged("Origin is another than Host")
        }
    }

    /// Compares without telling by time how much is right.
    static func areEqual(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        var difference: UInt8 = 0
        for (a, b) in zip(left.utf8, right.utf8) { difference |= a ^ b }
        return difference == 0
    }
}

extension Request {
    /// Whether the browser itself says that a page of this server sent the request. Older ones may say nothing.
    var saysSameOrigin: Bool {
        if let name = HTTPField.Name("Sec-Fetch-Site"), let site = headers[name] { return site == "same-origin" }
        return headers[.origin] != nil
    }
}
