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
            uniqueKeysWithValues: services.bureaus.map { ($0.tag, TileService(store: $0.store)) })
        open(.get, "/ledger/{bureau}/checkpoint") { _, context in
            let (bureau, _) = try context.requiredBureau
            return .text(try await bureau.store.signedHead().note)
        }
        // Shown for convenience: whoever checks a dossier takes the key from somewhere else than the server checked.
        open(.get, "/ledger/{bureau}/vkey") { _, context in
            let (bureau, _) = try context.requiredBureau
            return .text(Array("\(bureau.store.verifierKey)\n".utf8))
        }
        open(.get, "/ledger/{bureau}/tile/**") { request, context in
            let (bureau, address) = try context.requiredBureau
            let prefix = "\(address.ledger)/"
            guard bureau.servesTiles, request.uri.path.utf8.starts(with: prefix.utf8),
                let tile = Tile(String(request.uri.path.dropFirst(prefix.count))),
                let bytes = try await tiles[bureau.tag]?.bytes(of: tile)
            else { throw WebRefusal.notFound }
            var headers = HTTPFields()
            headers[.contentType] = "application/octet-stream"
            headers[.cacheControl] = tile.isFull ? "public, max-age=31536000, immutable" : "no-store"
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        }
    }
}
