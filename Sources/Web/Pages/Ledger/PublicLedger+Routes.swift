import Application
import Hummingbird
import Kernel
import Ledger

extension Routes {
    /// The log as people outside read it, and the answer whether a root from paper belongs to it.
    func addPublicLedger(_ services: WebServices) {
        open(.get, "/ledger/{bureau}") { request, context in
            let (bureau, address) = try context.requiredBureau
            let logs = try await bureau.store.logs()
            var page = PublicLedgerPage(
                bureauName: bureau.name, address: address, logs: logs.map(PublicLedgerPage.Log.init),
                servesTiles: bureau.servesTiles)
            let query = Form(query: request.uri.query)
            page.asked = .init(
                log: query[PublicLedgerPage.logField] ?? logs.last.map { String($0.number) } ?? "",
                size: query[PublicLedgerPage.sizeField] ?? "", root: query[PublicLedgerPage.rootField] ?? "")
            if !page.asked.size.isEmpty || !page.asked.root.isEmpty { try await page.compare(logs, bureau.store) }
            return services.answer(page.page, context)
        }
    }
}

extension PublicLedgerPage.Log {
    fileprivate init(_ log: LedgerLog) {
        self.init(
            number: log.number, origin: log.origin, size: log.head.size, root: PaperText.grouped(log.head.root),
            keyID: VerifierKey(log.verifierKey).map { PaperText.grouped($0.id) } ?? "", verifierKey: log.verifierKey)
    }
}

extension PublicLedgerPage {
    /// Answers what was asked, or says what of it cannot be read.
    fileprivate mutating func compare(_ logs: [LedgerLog], _ store: any LedgerStore) async throws(StoreError) {
        let log = logs.first { String($0.number) == asked.log }
        let size = PaperText.count(typed: asked.size)
        let root = PaperText.root(typed: asked.root)
        if log == nil { errors.append((Self.logField, "请选择账本。")) }
        if size == nil { errors.append((Self.sizeField, "请输入记录条数，例如 128。")) }
        if root == nil { errors.append((Self.rootField, "根应有十六组、每组四个数字或者字母（0到9，a到f），请对照原件检查。")) }
        guard let log, let size, let root else { return }
        verdict = try await store.verdict(on: root, at: size, log: log.number, head: log.head)
    }
}
