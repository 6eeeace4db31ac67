import HTTPTypes
import Hummingbird

/// Draws pages on the threads that read the databases: a page asks a dozen questions, and each is then a plain call in
/// place of two threads woken for it. What sends and takes bodies of any length stays where it is.
struct PageThreads: RouterMiddleware {
    typealias Context = AppContext
    /// Nil where the ports need no thread of their own.
    let executor: (any TaskExecutor)?

    func handle(
        _ request: Request, context: AppContext, next: @concurrent (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        guard let executor, PageThreads.isShort(request) else { return try await next(request, context) }
        return try await withTaskExecutorPreference(executor) { try await next(request, context) }
    }

    /// Pages, and forms without files.
    static func isShort(_ request: Request) -> Bool {
        switch request.method {
        case .get, .head: true
        case .post: request.headers[.contentType]?.utf8.starts(with: "application/x-www-form-urlencoded".utf8) ?? false
        default: false
        }
    }
}
