import Application
import HTTPTypes
import Hummingbird
import Kernel
import Ledger

extension Routes {
    /// The log as anybody outside reads it (C2SP tlog-tiles). The checkpoint is open to all; tiles only by a setting,
    /// because they show how much happens and when.
    func addLedger(_ services: WebServices) {
        open(.get, "/ledger/{bureau}/checkpoint") { _, context in
            let (bureau, _) = try context.requiredBureau
            return .text(try await bureau.store.signedHead().note)
        }
    }
}
