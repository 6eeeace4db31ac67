import Application
import ArgumentParser
import Foundation
import Kernel
import Ledger
import Store

/// Changes the key of a bureau's log: the open log is closed at its newest head, and the next one begins under a key of
/// its own (ADR 0012). Nothing is lost, and the first entry of the new log says so.
struct LogKeyRotation {
    let place: ServerPlace
    let bureau: BureauTag?
    let decision: DecisionOptions
    let reason: String

    /// Closes the log and begins the next.
    ///
    /// If we die before the new log is in the ledger, nothing happened but a key that has signed nothing, which the next
    /// try destroys. If we die after, the next start writes the lock file and destroys the old key.
    ///
    /// - Returns: the lines to print.
    func run() async throws -> [String] {
        try decision.requireBoth()
        let premises = try await Premises.open(place)
        do {
            let lines = try await run(premises)
            await premises.close()
            return lines
        } catch {
            await premises.close()
            throw error
        }
    }

    private func run(_ premises: Premises) async throws -> [String] {
        let open = try premises.bureau(bureau)
        let tag = open.office.bureau
        let there = LedgerDatabase.Place(data: premises.data, lockDirectory: place.lock, bureau: tag)
        let keys = KeyStore(directory: place.keys, bureau: tag)
        if let use = keys.unfinished.first(where: { $0 != .backup }) { throw KeyStore.Failure.unfinished(use) }
        let persons = try await decision.persons(at: open, premises: premises)
        let closing = try await open.ledger.closing(at: there)
        let casebook = open.office.casebook
        let head = try await open.ledger.beginNextLog(
            after: closing, at: there, keys: keys, clock: premises.clock
        ) { [reason] key in
            try await casebook.nextLog(
                closing.succession, previousOrigin: closing.previousOrigin, previousNote: closing.previousNote,
                key: key,
                reason: reason, command: .random(), by: persons)
        }
        let end = closing.succession.surviving
        return [
            "第 \(end.log) 个账本到第 \(end.size) 条为止，不再增加；它的密钥已销毁。根：\(end.root)",
            "旧公钥：\(open.ledger.verifierKey)",
            "第 \(closing.succession.log) 个账本已启用：\(closing.origin)，\(head.size) 条记录，根 \(head.root)",
            "公钥：\(try keys.logKey(closing.succession.log).verifier)",
            "请立即备份，公布新的公钥，并把它抄在恢复单上。旧公钥仍用来核对以前的文书和检查点，请继续公布。",
        ]
    }
}
