import Application
import Foundation
import Hummingbird
import Inspection
import Kernel
import Logging
import ServiceLifecycle
import Store
import UnixSignals
import Web

/// Serves the open bureaus until the process is asked to stop.
struct Server {
    let premises: Premises
    let host: String
    let port: Int
    let demoAccounts: [DemoAccount]

    /// Refuses an address beyond this machine: the way to the browser would be open to everybody on it.
    static func requireLoopback(_ host: String, isBehindProxy: Bool) throws {
        let isLoopback = host == "localhost" || host == "::1" || host.hasPrefix("127.")
        guard isLoopback || isBehindProxy else {
            throw CommandFailure(
                "为了不让密码和案件内容明文经过网络，只在本机地址（127.0.0.1）上直接提供服务。"
                    + "要给其他电脑使用，请在前面设置带证书的反向代理，并加上 --behind-proxy。")
        }
    }

    func run(isBehindProxy: Bool = false) async throws {
        var logger = Logger(label: "liuhen")
        logger.logLevel = .notice
        let registers = Dictionary(
            uniqueKeysWithValues: premises.bureaus.map { ($0.office.bureau, $0.office.casebook.registers) })
        var settings = WebSettings()
        settings.isBehindProxy = isBehindProxy
        settings.isSecure = isBehindProxy
        let services = WebServices(
            signIn: SignIn(
                installation: premises.installation, registers: { registers[$0] }, hasher: SecretHasher(),
                clock: premises.clock),
            clock: premises.clock, installation: premises.installation,
            bureaus: premises.bureaus.map {
                BureauServices(
                    office: $0.office, name: $0.name, servesTiles: $0.ledger.origin.hasPrefix("demo.liuhen.invalid/"),
                    demoAccounts: $0.ledger.origin.hasPrefix("demo.liuhen.invalid/") ? demoAccounts : [])
            },
            assets: try Assets(directory: premises.place.root + "/Resources"), settings: settings)
        let (address, shownPort) = (host, port)
        let application = WebApplication.build(
            services, address: .hostname(host, port: port), logger: logger,
            onServerRunning: { _ in
                print("留痕已启动：http://\(address):\(shownPort)/")
                fflush(nil)
            })
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: application),
                    .init(
                        service: Rounds(
                            offices: premises.bureaus.map(\.office), inspector: Ffprobe(scratch: premises.place.data),
                            logger: logger)),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        await premises.close()
    }
}

/// Reads the facts of new recordings, ends view sessions whose time is over, and looks hourly for objects that no entry
/// names.
private struct Rounds: Service {
    let offices: [Office]
    let inspector: any MediaInspector
    let logger: Logger

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            let sweeps = offices.map { ObjectSweep(store: $0.casebook.store, vault: $0.vault) }
            var sweptAt: Int64?
            while !Task.isCancelled {
                for office in offices {
                    await office.views.endExpired()
                    do {
                        try await InspectionRound(office: office, inspector: inspector).run()
                    } catch {
                        // The recording stays without a result and comes up in the next round.
                        logger.error("inspection round failed", metadata: ["error": "\(error)"])
                    }
                }
                let uptime = offices.first?.casebook.uptimeMilliseconds ?? 0
                if sweptAt.map({ uptime - $0 >= 3_600_000 }) ?? true {
                    sweptAt = uptime
                    for (office, sweep) in zip(offices, sweeps) { await clean(office, sweep) }
                }
                try? await Task.sleep(for: .seconds(5))
            }
        }
    }

    private func clean(_ office: Office, _ sweep: ObjectSweep) async {
        do {
            // Ages are counted by a clock that nobody can set forward.
            let destroyed = try await sweep.run(at: Instant(milliseconds: office.casebook.uptimeMilliseconds))
            for object in destroyed {
                logger.notice("destroyed an object that no entry names", metadata: ["object": "\(object)"])
            }
        } catch {
            // What was not destroyed comes up in the next round.
            logger.error("sweep failed", metadata: ["error": "\(error)"])
        }
    }
}
