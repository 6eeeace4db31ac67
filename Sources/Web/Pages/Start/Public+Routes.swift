import Application
import Hummingbird
import Kernel

extension Routes {
    /// Pages and files for anybody.
    func addPublic(_ services: WebServices) {
        open(.get, "/") { _, context in
            let entries = services.bureaus.map {
                BureauList.Entry(name: $0.name, address: Address($0.tag), isDemo: $0.isDemo)
            }
            // One bureau needs no choice.
            if entries.count == 1, let only = entries.first { return .seeOther(only.address.home) }
            return services.answer(BureauList(bureaus: entries).page, context)
        }
        open(.get, "/health") { _, _ in
            for bureau in services.bureaus {
                if let reason = bureau.store.stopReason() { throw WebRefusal.stopped(reason) }
                // Nothing can be recorded until somebody makes room.
                if !bureau.store.hasRoom() { throw WebRefusal.full }
                if let damage = bureau.office.casebook.threads.damage {
                    throw WebRefusal.damaged("entry \(damage.seq) of thread \(damage.thread) is not the log's")
                }
                _ = try await bureau.store.signedHead()
            }
            return .text(Array("ok\n".utf8))
        }
        open(.get, "/assets/{file}") { _, context in
            try services.assets.response(file: context.parameters.get("file") ?? "")
        }
    }
}
