import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

/// Who may ask for a route at all. What a person may do with one case is judged by the case, later and more finely.
enum Right: String, Sendable, CaseIterable {
    /// Anybody.
    case anybody
    /// A program with a token that has the operation's scope, in the name of somebody who has the operation's right.
    case token
    /// Whoever is signed in at the bureau, also with a one-time secret.
    case signedIn
    /// Whoever works on cases in any role. The administrator keeps accounts and has no right to cases.
    case casework
    /// Officers: they open cases and make records.
    case handling
    /// Whoever reviews or decides: breaches of the rules of recording.
    case supervising
    /// The administrator.
    case administration
    /// Administrator and custodian: the log and what of it lies outside.
    case keeping
    /// Custodian and heads of department and agency: how long files are kept.
    case retaining
    /// Administrator and agency head: changes of the regulations.
    case ruling
    /// The agency head.
    case heading

    /// Roles that have the right; nil where it does not depend on roles.
    var roles: Set<Role>? {
        switch self {
        case .anybody, .token, .signedIn: nil
        case .casework: [.officer, .unitHead, .legalReviewer, .departmentHead, .deputyHead, .agencyHead, .custodian]
        case .handling: [.officer]
        case .supervising: Set(Supervision.watchers)
        case .administration: [.administrator]
        case .keeping: [.administrator, .custodian]
        case .retaining: [.custodian, .departmentHead, .agencyHead]
        case .ruling: [.administrator, .agencyHead]
        case .heading: [.agencyHead]
        }
    }

    /// Refuses whose account may be somebody else's: it reads, and changes nothing (invariant 8). One rule for every route;
    /// what it leaves open is named where the route is made (`Routes.Held`).
    static func checkOwnAccount(_ identity: Identity, _ method: HTTPRequest.Method) throws {
        guard method != .get, method != .head, !identity.person.accountState.mayRecord else { return }
        do {
            try Performer(person: identity.person).requireOwnAccount()
        } catch {
            throw WebRefusal.forbidden(
                what: error.message,
                whoCan: identity.person.accountState == .reset ? "您本人：在“我的账号”里修改密码" : "行政机关负责人：当面核实以后")
        }
    }

    /// Whether a person's roles give the right.
    func fits(_ person: PersonRow) -> Bool { roles.map { !$0.isDisjoint(with: person.roles) } ?? true }

    /// Refuses who has not the right.
    func check(_ identity: Identity) throws {
        guard self != .signedIn, let roles else { return }
        if identity.mustChangeSecret { throw WebRefusal.changeSecret(identity.bureau) }
        guard identity.has(anyOf: roles) else {
            let names = Role.allCases.filter { roles.contains($0) }.map(\.chinese).joined(separator: "、")
            throw WebRefusal.forbidden(
                what: "您的账号（\(identity.person.roles.map(\.chinese).joined(separator: "、"))）不能办理这件事",
                whoCan: "可以办理的是：\(names)")
        }
    }
}

/// The routes of the server with the right that each asks for: one list, from which the router is built and the route
/// table is printed.
final class Routes {
    /// One route.
    struct Entry: Hashable {
        let method: String
        let path: String
        let right: Right
        /// Whether it is open to an account that waits to be confirmed as its person's own.
        var held = Held.reads
    }

    /// Whether a route is open to an account that waits to be confirmed as its person's own.
    enum Held {
        /// Reading alone; what changes something is refused.
        case reads
        /// This too: the person's own account, leaving, and looks, which are how they read.
        case open
    }

    private let router: Router<AppContext>
    private let signedIn: RouterGroup<SignedInContext>
    private(set) var entries: [Entry] = []

    init(_ router: Router<AppContext>) {
        self.router = router
        signedIn = router.group(context: SignedInContext.self)
    }

    /// A route for anybody.
    func open(
        _ method: HTTPRequest.Method, _ path: String,
        use handler: @Sendable @escaping (Request, AppContext) async throws -> Response
    ) {
        entries.append(Entry(method: method.rawValue, path: path, right: .anybody))
        router.on(RouterPath(path), method: method, use: handler)
    }

    /// A route for whoever is signed in at the bureau in the path and has `right`.
    func on(
        _ method: HTTPRequest.Method, _ path: String, _ right: Right, held: Held = .reads,
        use handler: @Sendable @escaping (Request, SignedInContext) async throws -> Response
    ) {
        entries.append(Entry(method: method.rawValue, path: path, right: right, held: held))
        signedIn.on(RouterPath(path), method: method) { request, context in
            try right.check(context.identity)
            if held == .reads { try Right.checkOwnAccount(context.identity, method) }
            return try await handler(request, context)
        }
    }

    /// A route for programs; its handler looks at the token before anything else.
    func api(
        _ method: HTTPRequest.Method, _ path: String,
        use handler: @Sendable @escaping (Request, AppContext) async throws -> Response
    ) {
        entries.append(Entry(method: method.rawValue, path: path, right: .token))
        router.on(RouterPath(path), method: method, use: handler)
    }

    /// The routes of resumable uploads.
    func uploads(_ endpoint: TusEndpoint<SignedInContext>) {
        for path in ["/b/{bureau}/uploads", "/b/{bureau}/uploads/{upload}"] {
            entries += TusEndpoint<SignedInContext>.methods.map {
                Entry(method: $0.rawValue, path: path, right: .casework)
            }
        }
        // Before the endpoint looks at anything: somebody without the right learns nothing of its protocol either, not by
        // OPTIONS.
        let guarded = signedIn.group()
        guarded.add(middleware: RightGate(right: .casework))
        endpoint.add(to: guarded, at: "/b/{bureau}/uploads")
    }

    /// The table that a test keeps as golden text.
    var table: String {
        entries.sorted { ($0.path, $0.method) < ($1.path, $1.method) }
            .map { entry in
                let method = entry.method + String(repeating: " ", count: max(1, 7 - entry.method.utf8.count))
                let open = entry.held == .open ? "  held: open" : ""
                return "\(method)\(entry.path)  [\(entry.right.rawValue)]\(open)\n"
            }
            .joined()
    }
}

/// Lets through whoever has a right.
struct RightGate: RouterMiddleware {
    typealias Context = SignedInContext
    let right: Right

    func handle(
        _ request: Request, context: SignedInContext,
        next: @concurrent (Request, SignedInContext) async throws -> Response
    ) async throws -> Response {
        try right.check(context.identity)
        // Whatever the method says that stands in its place: one that is named by a header may change something.
        try Right.checkOwnAccount(
            context.identity, request.headers[.methodOverride] == nil ? request.method : .post)
        return try await next(request, context)
    }
}
