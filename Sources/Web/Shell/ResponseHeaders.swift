import Application
import HTTPTypes
import Hummingbird
import Kernel
import Logging

/// Headers that every answer carries, and one line in the operational log for each request; background work stands aside
/// while an answer is made (`PagesInHand`).
///
/// The log line has the route's pattern, not the address: addresses hold what people searched for.
struct ResponseHeaders: RouterMiddleware {
    let settings: WebSettings

    /// No inline script or style, nothing from elsewhere, no frame, forms only to ourselves. `blob:` and `data:` pictures
    /// are what the signature pad and previews before upload draw.
    static let contentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self'; "
        + "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

    private static let fixed: [(String, String)] = [
        ("Content-Security-Policy", contentSecurityPolicy),
        ("X-Content-Type-Options", "nosniff"),
        // `no-referrer` would turn the Origin of our own forms into `null`.
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
        ("X-Frame-Options", "DENY"),
    ]

    func handle(
        _ request: Request, context: AppContext, next: @concurrent (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        // What is uploaded is minutes of waiting for somebody's line, no page.
        let isPage = request.method != .patch && request.method != .put
        if isPage { PagesInHand.ofProcess.begin() }
        defer { if isPage { PagesInHand.ofProcess.end() } }
        let clock = ContinuousClock()
        let start = clock.now
        var response = try await next(request, context)
        for (name, value) in Self.fixed {
            if let name = HTTPField.Name(name), response.headers[name] == nil { response.headers[name] = value }
        }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        if settings.sendsHSTS { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        if let name = HTTPField.Name("X-Request-Id") { response.headers[name] = context.id }
        let spent = start.duration(to: clock.now)
        context.logger.info(
            "request",
            metadata: [
                "method": .string(request.method.rawValue), "route": .string(context.endpointPath ?? "-"),
                "status": .stringConvertible(response.status.code),
                "ms": .stringConvertible(
                    spent.components.seconds * 1000 + spent.components.attoseconds / 1_000_000_000_000_000),
            ])
        // Refusals have a page; behind the answer to HEAD it would be read as the next answer of the connection.
        return request.method == .head ? response.createHeadResponse() : response
    }
}
