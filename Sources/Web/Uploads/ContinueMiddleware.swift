import Hummingbird

/// Tells a waiting sender to go on before the route's handler runs: for forms and other small bodies, on groups whose
/// earlier middleware has checked who sends. Uploads do not use it; they signal for themselves when all is checked.
public struct ContinueMiddleware<Context: UploadContext>: RouterMiddleware {
    /// The middleware.
    public init() {}

    /// Signals, then handles.
    public func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        context.continueSignal.send()
        return try await next(request, context)
    }
}
