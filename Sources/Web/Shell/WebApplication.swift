import HTTPTypes
import Hummingbird
import Kernel
import Logging
import NIOCore

/// Builds the web server: one router, its middleware in the order in which it runs, and the limits of the connection.
public enum WebApplication {
    /// The server, ready to run as a service.
    ///
    /// - Parameter address: loopback unless the way to the browser is encrypted.
    public static func build(
        _ services: WebServices, address: BindAddress, logger: Logger,
        onServerRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        Application(
            router: router(services),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ContinueHandler()], idleTimeout: .seconds(services.settings.idleSeconds)
                )),
            configuration: .init(address: address, serverName: nil), onServerRunning: onServerRunning, logger: logger)
    }

    /// The router with every route.
    public static func router(_ services: WebServices) -> Router<AppContext> {
        let router = Router(context: AppContext.self, options: [.autoGenerateHeadEndpoints])
        // Outermost first. The session is found before the form is read, because the form's token belongs to it;
        // the error pages stand outside both and inside the headers, so that refusals carry them too.
        router.add(middleware: ResponseHeaders(settings: services.settings))
        router.add(middleware: ErrorPages(services: services))
        router.add(middleware: SessionGate(services: services))
        router.add(middleware: ForgeryGuard(services: services))
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
        routes.addAccount(services)
        routes.addHome(services)
        routes.addOpening(services)
        routes.addCases(services)
        routes.addDrafts(services)
        routes.addDocuments(services)
        routes.addSteps(services)
        routes.addRecordings(services)
        routes.addLooks(services)
        routes.addDossier(services)
        routes.addLaw(services)
        routes.addLedger(services)
        routes.addSetup(services)
        routes.addPeople(services)
        routes.addRoster(services)
        routes.addSettings(services)
        routes.addRegulations(services)
        routes.addLedgerBook(services)
        routes.addNotices(services)
        if services.bureaus.contains(where: \.isDemo) { routes.addComponents(services) }
        return routes
    }
}
