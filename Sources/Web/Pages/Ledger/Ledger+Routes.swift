import Application
import HTTPTypes
import Hummingbird
import Kernel
import Ledger
import NIOCore

extension Routes {
    /// The log as anybody outside reads it (C2SP tlog-tiles). Checkpoint and key are open to all; tiles only by a
    /// setting, because they show how much happens and when.
    func addLedger(_ services: WebServices) {
        let tiles = Dictionary(
            uniqueKeysWithValues: services.bureaus.map {
                ($0.tag, TileServices(store: $0.store))
            })
        open(.get, "/ledger/{bureau}/checkpoint") { _, context in
            let (bureau, _) = try context.requiredBureau
            return .text(try await bureau.store.signedHead().note)
        }
        // Shown for convenience: whoever checks a dossier takes the key from somewhere else than the server checked.
        open(.get, "/ledger/{bureau}/vkey") { _, context in
            let (bureau, _) = try context.requiredBureau
            return .text(Array("\(bureau.store.verifierKey)\n".utf8))
        }
        // Older logs end where records were lost; each stays readable under its number, as the open one is.
        open(.get, "/ledger/{bureau}/log/{log}/checkpoint") { _, context in
            .text(try await context.requestedLog.head.note)
        }
        open(.get, "/ledger/{bureau}/log/{log}/vkey") { _, context in
            .text(Array("\(try await context.requestedLog.verifierKey)\n".utf8))
        }
        for path in ["/ledger/{bureau}/tile/**", "/ledger/{bureau}/log/{log}/tile/**"] {
            addTiles(path, tiles)
        }
    }

    private func addTiles(_ path: String, _ tiles: [BureauTag: TileServices]) {
        open(.get, path) { request, context in
            let (bureau, address) = try context.requiredBureau
            let log = try await context.requestedLog.number
            let isNumbered = context.parameters.get("log") != nil
            let prefix = isNumbered ? "\(address.ledger)/log/\(log)/" : "\(address.ledger)/"
            guard bureau.servesTiles, request.uri.path.utf8.starts(with: prefix.utf8),
                let tile = Tile(String(request.uri.path.dropFirst(prefix.count))),
                let bytes = try await tiles[bureau.tag]?.service(of: log).bytes(of: tile)
            else { throw WebRefusal.notFound }
            var headers = HTTPFields()
            headers[.contentType] = "application/octet-stream"
            headers[.cacheControl] = tile.isFull ? "public, max-age=31536000, immutable" : "no-store"
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        }
    }
}

extension AppContext {
    /// The log that the address names by its number; the open one without.
    fileprivate var requestedLog: LedgerLog {
        get async throws {
            let (bureau, _) = try requiredBureau
            let logs = try await bureau.store.logs()
            guard let text = parameters.get("log") else {
                guard let open = logs.last else { throw WebRefusal.notFound }
                return open
            }
            guard let number = Decimal.strict(text.utf8), let log = logs.first(where: { $0.number == number }) else {
                throw WebRefusal.notFound
            }
            return log
        }
    }
}
