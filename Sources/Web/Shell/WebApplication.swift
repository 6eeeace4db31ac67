import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Kernel
import Logging
import NIOCore
import NIOSSL

/// Builds the web server: one router, its middleware in the order in which it runs, and the limits of the connection.
public enum WebApplication {
    /// The server, ready to run as a service.
    ///
    /// HTTP/1.1 only, also with TLS: `ContinueHandler` speaks of connections, which HTTP/2 shares among requests.
    ///
    /// - Parameters:
    ///   - address: loopback unless the way to the browser is encrypted.
    ///   - tls: encrypts it; nil for plain HTTP.
    public static func build(
        _ services: WebServices, address: BindAddress, tls: TLSConfiguration? = nil, logger: Logger,
        onServerRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
    ) throws -> some ApplicationProtocol {
        let limits = services.settings.connections
        let book = ConnectionBook(limits)
        let plain = HTTPServerBuilder.http1(
            configuration: .init(
                additionalChannelHandlers: [ConnectionHandler(book: book, limits: limits), ContinueHandler()],
                idleTimeout: .seconds(services.settings.idleSeconds)))
        return Application(
            router: router(services),
            server: try tls.map { try .tls(plain, tlsConfiguration: $0) } ?? plain,
            configuration: .init(address: address, serverName: nil), onServerRunning: onServerRunning, logger: logger)
    }

    /// The router with every route.
    public static func router(_ services: WebServices) -> Router<AppContext> {
        let router = Router(context: AppContext.self, options: [.autoGenerateHeadEndpoints])
        // Outermost first. The session is found before the form is read, because the form's token belongs to it;
        // the error pages stand outside both and inside the headers, so that refusals carry them too.
        router.add(middleware: ResponseHeaders(settings: services.settings))
        router.add(middleware: PageThreads(executor: services.pageThreads))
        router.add(middleware: ErrorPages(services: services))
        let entries = addRoutes(to: Router(context: AppContext.self), services).entries
        router.add(middleware: APIGate(services: services, entries: entries))
        router.add(middleware: SessionGate(services: services))
        router.add(middleware: ForgeryGuard(services: services, pages: PagePaths(entries)))
        _ = addRoutes(to: router, services)
        return router
    }

    /// The list of routes as text: method, path, right.
    public static func routeTable(_ services: WebServices) -> String {
        addRoutes(to: Router(context: AppContext.self), services).table
    }

    static func addRoutes(to router: Router<AppContext>, _ services: WebServices) -> Routes {
        let routes = Routes(router)
        routes.addPublic(services)
        routes.addTrust(services)
        routes.addAccount(services)
        routes.addHome(services)
        routes.addOpening(services)
        routes.addSummary(services)
        routes.addCases(services)
        routes.addLeads(services)
        routes.addLeadPapers(services)
        routes.addRequests(services)
        routes.addRegisters(services)
        routes.addRetention(services)
        routes.addSearch(services)
        routes.addDrafts(services)
        routes.addDocuments(services)
        routes.addScans(services)
        routes.addPaperList(services)
        routes.addOutsidePapers(services)
        routes.addSteps(services)
        routes.addRecordings(services)
        routes.addLooks(services)
        routes.addDossier(services)
        routes.addVolumes(services)
        routes.addLaw(services)
        routes.addScore(services)
        routes.addLedger(services)
        routes.addPublicLedger(services)
        routes.addSetup(services)
        routes.addPeople(services)
        routes.addRoster(services)
        routes.addSeconds(services)
        routes.addSettings(services)
        routes.addPosts(services)
        routes.addReading(services)
        routes.addRegulations(services)
        routes.addOverrides(services)
        routes.addSupervision(services)
        routes.addLedgerBook(services)
        routes.addNotices(services)
        routes.addTokens(services)
        routes.addCalendar(services)
        routes.addAPI(services)
        if services.bureaus.contains(where: \.isDemo) { routes.addComponents(services) }
        return routes
    }
}
