import Application
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

    /// Where scripts put the form token.
    static let header = HTTPField.Name("X-Liuhen-Form-Token")
    /// Where forms put it.
    static let field = "form-token"

    func handle(
        _ request: Request, context: AppContext, next: @concurrent (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        // Uploads let a header name the real method, so a request with that header is never harmless.
        guard ![.get, .head, .options].contains(request.method) || request.headers[.methodOverride] != nil else {
            return try await next(request, context)
        }
        try checkOrigin(of: request)
        var request = request
        var context = context
        let given: String?
        if let name = Self.header, let token = request.headers[name] {
            // The body may be gigabytes of an upload: it is left to the handler.
            given = token
        } else {
            context.visit.form = try await readForm(&request)
            given = context.visit.form[Self.field]
        }
        guard let token = context.visit.token, !context.visit.isNewVisitor, let given,
            Self.areEqual(given, token.formToken)
        else { throw WebRefusal.forged("the form token is missing or wrong") }
        return try await next(request, context)
    }

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

    private func readForm(_ request: inout Request) async throws -> Form {
        let type = request.headers[.contentType] ?? ""
        let boundary = Multipart.boundary(of: type)
        let limit = boundary == nil ? services.settings.formLimit : services.settings.filesLimit
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw WebRefusal.tooLarge(limit)
        }
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw WebRefusal.tooLarge(limit)
        }
        let bytes = Array(buffer.readableBytesView)
        if let boundary { return try Multipart.read(bytes, boundary: boundary) }
        guard type.utf8.starts(with: "application/x-www-form-urlencoded".utf8) else {
            if bytes.isEmpty { return Form() }
            throw WebRefusal.unreadable("a body of type \(type.prefix(100)) where a form is expected")
        }
        return try Form(urlEncoded: bytes)
    }

    /// Compares without telling by time how much is right.
    static func areEqual(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        var difference: UInt8 = 0
        for (a, b) in zip(left.utf8, right.utf8) { difference |= a ^ b }
        return difference == 0
    }
}
