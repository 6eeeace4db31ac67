import ArgumentParser

/// Commands on the ledger itself.
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "账本：核验、重建、导出、接续锁文件、丢失记录后启用新的账本。",
        subcommands: [
            LedgerVerify.self, LedgerRebuild.self, LedgerExportCommand.self, LedgerAdopt.self, LedgerNewLog.self,
        ])
}
