import Application
import Casework
import Foundation
import Kernel
import Ledger
import Store
import Vault

/// The directories of a bureau that is three years old, opened for writing: keys, ledger, vault, people, accounts.
struct YearsSite {
    let clock: YearsClock
    let ledger: LedgerDatabase
    let scribe: Scribe
    let rows: ThreadRows
    private let installation: InstallationDatabase
    private let casebook: Casebook
    private let plan: YearsPlan
    private let ready: String

    /// Makes the bureau as `liuhen init` does, three years before `plan.end`, with everybody who works there.
    static func found(_ plan: YearsPlan, library: RuleLibrary, directory: String) async throws -> YearsSite {
        guard let tag = BureauTag(YearsPlan.tag), let key = SigningKey(generating: YearsPlan.origin),
            let receipt = SigningKey(generating: YearsPlan.origin + "/receipt")
        else { throw Failure("no keys") }
        let start = plan.start(of: 0).advanced(byMilliseconds: -3_600_000)
        let clock = YearsClock(start)
        let data = try DataDirectory(path: directory + "/data")
        let keys = KeyStore(directory: directory + "/keys", bureau: tag)
        try keys.store(key, for: .log)
        try keys.store(receipt, for: .receipt)
        let vaultKey = VaultKey.random()
        try keys.store(secret: vaultKey.secretBytes, for: .vault)
        let sessionKey = KeyStore.randomSecret()
        try keys.store(secret: sessionKey, for: .session)
        try keys.store(secret: KeyStore.randomSecret(), for: .backup)
        // Groups of thousands of entries stay in memory until they are committed.
        var settings = LedgerSettings()
        settings.writerCache = 131_072
        let ledger = try LedgerDatabase.create(
            at: .init(data: data, lockDirectory: directory + "/lock", bureau: tag), key: key, clock: clock,
            settings: settings)
        try await FileVault.create(at: "\(directory)/data/bureaus/\(tag)/vault")
        let installation = try InstallationDatabase(in: data, clock: clock)
        installation.hold(sessionKey, of: tag)

        let thread = ThreadTag.random()
        let casebook = Casebook(
            store: ledger, registers: ledger, chambers: Chambers(store: ledger, library: library, thread: thread),
            clock: clock)
        let founding = Founding(
            thread: thread, isDemo: true, name: "清禾县统计局（演示）", letterhead: "清禾县统计局", region: "清禾县（虚构）",
            superior: "云岭市统计局（虚构）",
            keys: [("log", "\(key.verifier.id)", key.verifier.description)],
            adoptions: try ["zhaoxian-2017", "parent-law"].map { id in
                guard let text = library.newest(id) else { throw Failure("there is no text \(id)") }
                return (id, text.digest, text.regulation.inForceFrom ?? start.day)
            },
            edition: library.edition, calendars: library.newestCalendars.map { ($0.year.year, $0.digest) },
            administrator: plan.people.administrator)
        let mark = Fact(
            .bureauSettingsChanged, in: thread, fields: [.init("settings", ["documentMark": "清禾统"], .officer)])
        _ = try await casebook.record(
            try founding.facts() + [mark], by: .system, command: .random(), law: try Law.atFounding(library))
        for person in plan.people.all {
            _ = try await casebook.record(try person.facts(), by: .system, command: .random())
        }
        let rows = try ThreadRows(library: library, bureau: try await ledger.entries(of: thread, from: 1))
        return YearsSite(
            clock: clock, ledger: ledger, scribe: Scribe(bureau: tag), rows: rows, installation: installation,
            casebook: casebook, plan: plan, ready: directory + "/ready")
    }

    /// Opens accounts, marks the rows as those of the law in force, and closes everything.
    func finish() async throws {
        clock.set(to: plan.end)
        let (ledger, tag) = (ledger, ledger.bureau)
        let signIn = SignIn(
            installation: installation, registers: { $0 == tag ? ledger : nil }, hasher: SecretHasher(), clock: clock)
        for person in plan.people.withSecrets {
            guard let account = person.account else { continue }
            try await signIn.setSecret(
                YearsPlan.secret(of: account), of: AccountName(bureau: tag, name: account))
        }
        // Every row was computed under the law that is in force at the end.
        let (_, change) = try await casebook.chambers.lawAndChange()
        var done = ReevaluationMark(law: change.seq, at: plan.end)
        done.phase = .done
        done.finishedAt = plan.end
        _ = try await ledger.refresh([], mark: done)
        ledger.close()
        installation.close()
        // Written last, so that a bureau that was cut off in the middle is never served as a whole one.
        try Data("ready\n".utf8).write(to: URL(fileURLWithPath: ready))
    }
}
