import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel
import Logging
import Synchronization

/// Stands before everything under `/api/`: no cookie is looked at, no page is drawn, every refusal is problem+json. What
/// needs no cookie needs no guard against forged forms either; there is no CORS, so no other site's script gets in.
struct APIGate: RouterMiddleware {
    let services: WebServices
    /// The routes below `/api/`.
    let entries: [Routes.Entry]

    init(services: WebServices, entries: [Routes.Entry]) {
        self.services = services
        self.entries = entries.filter { $0.path.utf8.starts(with: "/api/".utf8) }
    }

    static func isOurs(_ path: String) -> Bool {
        path.utf8.elementsEqual("/api".utf8) || path.utf8.starts(with: "/api/".utf8)
    }

    func handle(
        _ request: Request, context: AppContext, next: @concurrent (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        guard APIGate.isOurs(request.uri.path) else { return try await next(request, context) }
        do {
            var context = context
            context.visit.isProgram = true
            context.visit.source = services.settings.source(of: request, peer: context.peer)
            try checkMethod(of: request)
            if let tag = context.parameters.get("bureau") {
                guard let bureau = BureauTag(tag).flatMap({ services.bureau($0) }) else { throw APIProblem.notFound }
                context.visit.bureau = bureau
            }
            return try await next(request, context)
        } catch {
            let problem = APIProblem(any: error)
            if let text = problem.logText {
                context.logger.log(level: problem.status.code >= 500 ? .error : .notice, "\(text)")
            }
            return problem.response(context.id)
        }
    }

    /// 404 where there is nothing, 405 with what there is where the method is another.
    private func checkMethod(of request: Request) throws {
        let offered = entries.filter { PagePaths([$0], of: $0.method).contain(request.uri.path) }.map(\.method)
        guard !offered.isEmpty else { throw APIProblem.notFound }
        let method = request.method == .head ? "GET" : request.method.rawValue
        guard !offered.contains(method) else { return }
        var problem = APIProblem(.methodNotAllowed, "method-not-allowed", "这个地址只接受：\(offered.joined(separator: "、"))。")
        let allowed = offered.contains("GET") ? offered + ["HEAD"] : offered
        problem.headers[.allow] = Set(allowed).sorted().joined(separator: ", ")
        throw problem
    }
}

/// How many requests a token may make: so many at once, so many a second from then on.
final class RateBound: Sendable {
    private struct Bucket {
        var left: Double
        var at: Int64
    }

    private let perSecond: Double
    private let burst: Double
    private let buckets = Mutex<[TokenID: Bucket]>([:])
    /// Tokens that are remembered; beyond it, those whose bucket is full again are forgotten.
    static let limit = 10_000

    init(perSecond: Int, burst: Int) {
        self.perSecond = Double(perSecond)
        self.burst = Double(burst)
    }

    /// Takes one request; the seconds to wait if there is none left.
    func take(_ token: TokenID, atMilliseconds now: Int64) -> Int64? {
        buckets.withLock { buckets in
            if buckets.count > RateBound.limit {
                buckets = buckets.filter { full($0.value, at: now) < burst }
            }
            let left = full(buckets[token] ?? Bucket(left: burst, at: now), at: now)
            buckets[token] = Bucket(left: left >= 1 ? left - 1 : left, at: now)
            return left >= 1 ? nil : Int64(((1 - left) / perSecond).rounded(.up))
        }
    }

    private func full(_ bucket: Bucket, at now: Int64) -> Double {
        min(burst, bucket.left + Double(max(0, now - bucket.at)) / 1000 * perSecond)
    }
}
