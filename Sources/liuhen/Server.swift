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
    var limits = ConnectionLimits()
    /// Tags of the bureaus whose tiles strangers may read. A demonstration's are open.
    var openTiles: Set<String> = []
    /// How many days lie between two rounds over the evidence; none are made where it is 0.
    var fixityDays = 0

    func run(_ way: Way = .plain) async throws {
        // Before anybody is served by them: whoever could write the file may have given somebody powers (ADR 0055).
        for bureau in premises.bureaus {
            if let problem = try await DoctorCommand.disagreement(in: bureau.office.casebook) {
                await premises.close()
                throw CommandFailure("没有启动：机关 \(bureau.name)的人员登记与记录有 \(problem)")
            }
        }
        var logger = Logger(label: "liuhen")
        logger.logLevel = .notice
        let rolls = Dictionary(
            uniqueKeysWithValues: premises.bureaus.map { ($0.office.bureau, $0.office.casebook.roll) })
        var settings = WebSettings()
        settings.isBehindProxy = way.isProxy
        settings.connections = limits
        settings.isSecure = way.isProxy || way.tls != nil
        settings.sendsHSTS = way.tls?.isPublic ?? false
        settings.trust = way.tls?.trust
        var services = WebServices(
            signIn: SignIn(
                installation: premises.installation, registers: { rolls[$0] }, hasher: SecretHasher(),
                clock: premises.clock),
            clock: premises.clock, installation: premises.installation,
            bureaus: premises.bureaus.map {
                let isDemo = $0.ledger.origin.hasPrefix("demo.liuhen.invalid/")
                return BureauServices(
                    office: $0.office, name: $0.name,
                    servesTiles: isDemo || openTiles.contains($0.office.bureau.description),
                    demoAccounts: isDemo ? demoAccounts : [])
            },
            assets: try Assets(directory: premises.place.root + "/Resources"), settings: settings)
        services.pageThreads = ReadingThreads.shared
        let (address, shownPort) = (host, port)
        let scheme = way.tls == nil ? "http" : "https"
        let application = try WebApplication.build(
            services, address: .hostname(host, port: port), tls: way.tls?.configuration, logger: logger,
            onServerRunning: { _ in
                print("留痕已启动：\(scheme)://\(address):\(shownPort)/")
                if let trust = way.tls?.trust {
                    print("本机证书机构的 SHA-256 指纹，供各台设备核对：\(trust.fingerprintText)")
                    print("各台设备第一次使用前打开 \(scheme)://<本机地址>:\(shownPort)/trust，按说明信任证书。")
                }
                fflush(nil)
            })
        var leftOpen: [LeftOpenLooks] = []
        for bureau in premises.bureaus {
            // Before anybody can look anew.
            leftOpen.append(
                LeftOpenLooks(casebook: bureau.office.casebook, before: try await bureau.ledger.signedHead().size))
        }
        let reevaluations = premises.bureaus.compactMap(\.office.reevaluation)
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: application),
                    .init(service: RequestService(premises: premises, logger: logger)),
                    .init(service: Reevaluations(rounds: reevaluations, logger: logger)),
                    .init(service: FixityService(premises: premises, days: fixityDays, logger: logger)),
                    .init(
                        service: Rounds(
                            offices: premises.bureaus.map(\.office), leftOpen: leftOpen,
                            inspector: Ffprobe(scratch: premises.place.data),
                            clock: premises.clock, renewal: way.tls?.renewal, logger: logger)),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        for bureau in premises.bureaus { await bureau.office.views.endAll() }
        await premises.close()
    }
}

/// Reads the facts of new recordings, ends view sessions whose time is over, and once at start and then every hour removes
/// uploads that nobody registered in time; looks hourly for objects that no entry names; gives freed memory back.
private struct Rounds: Service {
    let offices: [Office]
    let leftOpen: [LeftOpenLooks]
    let inspector: any MediaInspector
    let clock: any WallClock
    let renewal: LeafRenewal?
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            let monotonic = ContinuousClock()
            var nextSweep = monotonic.now
            let sweeps = offices.map { ObjectSweep(store: $0.casebook.store, vault: $0.vault) }
            let rounds = offices.map { InspectionRound(office: $0, inspector: inspector) }
            var sweptAt: Int64?
            var nextGivingBack = monotonic.now
            var leftOpen = leftOpen
            while !Task.isCancelled {
                if monotonic.now >= nextSweep {
                    nextSweep = monotonic.now + .seconds(3600)
                    for office in offices { await sweepUploads(of: office) }
                    renewLeaf()
                }
                if monotonic.now >= nextGivingBack {
                    nextGivingBack = monotonic.now + .seconds(60)
                    ProcessMemory.giveBack()
                }
                // While recording has stopped they stay open, and are tried again.
                var still: [LeftOpenLooks] = []
                for looks in leftOpen where (try? await looks.close()) == nil { still.append(looks) }
                leftOpen = still
                for (office, inspections) in zip(offices, rounds) {
                    await office.views.endExpired()
                    do {
                        try await inspections.run()
                    } catch {
                        // The recording stays without a result and comes up in the next round.
                        logger.error("inspection round failed", metadata: ["error": "\(error)"])
                    }
                }
                let uptime = offices.first?.casebook.uptimeMilliseconds ?? 0
                if sweptAt.map({ uptime - $0 >= 3_600_000 }) ?? true {
                    sweptAt = uptime
                    for (office, sweep) in zip(offices, sweeps) {
                        await clean(office, sweep)
                        await sweepDrafts(of: office)
                    }
                }
                try? await Task.sleep(for: .seconds(5))
            }
        }
    }

    private func renewLeaf() {
        do {
            if try renewal?.renew(at: Date()) == true { logger.notice("the server's certificate was renewed") }
        } catch {
            logger.error("the server's certificate was not renewed", metadata: ["error": "\(error)"])
        }
    }

    private func sweepUploads(of office: Office) async {
        do {
            let removed = try await UploadRound(
                store: office.casebook.store, vault: office.vault, clock: clock,
                thread: office.casebook.chambers.thread
            ).run()
            if !removed.isEmpty { logger.notice("expired uploads removed", metadata: ["count": "\(removed.count)"]) }
        } catch {
            // They stay and come up in the next round.
            logger.error("upload round failed", metadata: ["error": "\(error)"])
        }
    }

    private func sweepDrafts(of office: Office) async {
        do {
            let forgotten = try await DraftSweep(office: office).run()
            if !forgotten.isEmpty {
                logger.notice(
                    "forgot drafts that nobody can fix any more", metadata: ["count": "\(forgotten.count)"])
            }
        } catch {
            // They stay and come up in the next round.
            logger.error("draft sweep failed", metadata: ["error": "\(error)"])
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
