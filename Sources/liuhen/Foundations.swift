import Application
import Casework
import Foundation
import Kernel
import Ledger
import Press
import Rulebook
import Store
import Vault

/// What a new bureau is made from.
struct NewBureau: Sendable {
    var tag: BureauTag
    var origin: String
    var name: String
    var letterhead: String
    var region: String
    var superior: String?
    /// 机关代字, for numbers of documents.
    var mark: String
    var administrator: NewPerson
    /// The texts that it works under from the first day, beside the parent law.
    var regulations: [String]
    var isDemo: Bool
}

/// Makes a bureau: keys, ledger, vault, first facts. Each part is made where nothing is, or not at all.
struct Foundations {
    let place: ServerPlace
    let clock: any WallClock

    /// What the founder has to keep.
    struct Founded {
        let sheet: RecoverySheet
        /// The administrator's one-time secret.
        let secret: String
    }

    /// Makes the bureau and closes everything again.
    ///
    /// Every answer is checked before the first file is made. What fails later is undone, unless the ledger holds a record by
    /// then.
    func make(_ bureau: NewBureau) async throws -> Founded {
        try bureau.check()
        try requireFree(bureau.tag)
        try LogNames.requireFree(bureau.origin, in: place)
        let texts = KeptTexts(place)
        let library = try texts.library()
        let adoptions = try adoptions(of: bureau, library: library)
        let ground = FoundingGround(place, bureau.tag)
        let data = try DataDirectory(path: place.data)
        // Once more now that nobody else founds here: what is undone below is this run's own.
        try requireFree(bureau.tag)
        do {
            return try await make(bureau, in: data, texts: texts, library: library, adoptions: adoptions)
        } catch {
            guard !place.parts(of: bureau.tag).hasRecords else { throw error }
            ground.clear()
            throw CommandFailure("\(CommandFailure(error).description)\n没有建立机关，这次建的文件已经清除。")
        }
    }

    private func make(
        _ bureau: NewBureau, in data: DataDirectory, texts: KeptTexts, library: RuleLibrary, adoptions: [Adoption]
    ) async throws -> Founded {
        // On disk before the entries that name them: without its texts a bureau could not be opened again.
        try texts.keep()
        let keys = KeyStore(directory: place.keys, bureau: bureau.tag)
        guard let logKey = SigningKey(generating: bureau.origin) else {
            throw CommandFailure(NewBureau.wrongOrigin(bureau.origin))
        }
        // Keys first: if we die after them, a second try says what is there already, and nothing was recorded.
        try keys.store(logKey, for: .log)
        guard let receiptKey = SigningKey(generating: bureau.origin + "/receipt") else {
            throw CommandFailure("回执密钥的名称不合格式。")
        }
        try keys.store(receiptKey, for: .receipt)
        let vaultKey = VaultKey.random()
        try keys.store(secret: vaultKey.secretBytes, for: .vault)
        let sessionKey = KeyStore.randomSecret()
        try keys.store(secret: sessionKey, for: .session)
        // Kept, so that nightly backups need nobody; the sheet is for the day on which this directory is lost too.
        let backupKey = KeyStore.randomSecret()
        try keys.store(secret: backupKey, for: .backup)

        let ledger = try LedgerDatabase.create(
            at: .init(data: data, lockDirectory: place.lock, bureau: bureau.tag), key: logKey, clock: clock)
        defer { ledger.close() }
        try await FileVault.create(at: place.vault(of: bureau.tag))
        let vault = try await FileVault.open(at: place.vault(of: bureau.tag), keys: VaultKeys(current: vaultKey))
        let installation = try InstallationDatabase(in: data, clock: clock)
        defer { installation.close() }
        installation.hold(sessionKey, of: bureau.tag)

        let founding = try self.founding(
            bureau, library: library, adoptions: adoptions, logKey: logKey, receiptKey: receiptKey, vaultKey: vaultKey,
            backupKey: backupKey)
        let office = Office(
            store: ledger, registers: ledger, installation: installation, vault: vault,
            printer: PressWorker(installation: PressInstallation(root: place.root)), library: library, clock: clock,
            thread: founding.thread)
        let law = try Law.atFounding(library)
        _ = try await office.casebook.record(
            try founding.facts() + [Foundations.settings(bureau, thread: founding.thread)], by: .system,
            command: .random(), law: law)
        let secret = try await oneTimeSecret(for: bureau, installation: installation, ledger: ledger)
        await vault.close()
        guard
            let sheet = RecoverySheet(
                backupKey: backupKey, verifierKey: logKey.verifier.description, bureauName: bureau.name,
                printedOn: clock.now().day)
        else { throw CommandFailure("恢复单没有制成。") }
        return Founded(sheet: sheet, secret: secret)
    }

    /// Refuses where a bureau of this tag is, or half of one that was not finished, and says what to do.
    private func requireFree(_ tag: BureauTag) throws {
        let parts = place.parts(of: tag)
        guard !parts.leftOvers.isEmpty else { return }
        // Nothing was recorded, so nothing is lost with these; they are moved and not removed all the same, for a key
        // that is gone cannot be had back.
        if parts.isUnfinished { throw CommandFailure(parts.unfinished) }
        guard parts.hasRecords else {
            throw CommandFailure(
                "机关 \(tag) 建立过，没有改动。\(parts.missing.map(\.chinese).joined(separator: ""))\n确实要从头建立的，先把现有的下列各项移到别处：\n"
                    + parts.leftOvers.map { "  \($0)" }.joined(separator: "\n"))
        }
        throw CommandFailure(
            "机关 \(tag) 已经建立，没有改动。没有拿到管理员一次性密码的，运行 liuhen account reset；没有抄下恢复单的，运行 liuhen recovery print。")
    }

    /// A text that the bureau works under, and since when.
    private typealias Adoption = (regulation: String, digest: Digest, inForceFrom: CivilDay)

    /// The texts of the first day: those that were named, and the parent law.
    private func adoptions(of bureau: NewBureau, library: RuleLibrary) throws -> [Adoption] {
        let today = clock.now().day
        return try (bureau.regulations + ["parent-law"]).map { id in
            guard let text = library.newest(id) else {
                let known = Set(library.regulations.map(\.regulation.id)).filter { $0 != "parent-law" }.sorted()
                throw CommandFailure("Regulations 目录里没有制度“\(id)”。可以采用的有：\(known.joined(separator: "、"))。")
            }
            return (regulation: id, digest: text.digest, inForceFrom: text.regulation.inForceFrom ?? today)
        }
    }

    private func founding(
        _ bureau: NewBureau, library: RuleLibrary, adoptions: [Adoption], logKey: SigningKey, receiptKey: SigningKey,
        vaultKey: VaultKey, backupKey: [UInt8]
    ) throws -> Founding {
        Founding(
            thread: .random(), isDemo: bureau.isDemo, name: bureau.name, letterhead: bureau.letterhead,
            region: bureau.region, superior: bureau.superior,
            keys: [
                ("log", "\(logKey.verifier.id)", logKey.verifier.description),
                ("receipt", "\(receiptKey.verifier.id)", receiptKey.verifier.description),
                // Their ids alone: whoever starts the server later is held to the keys of this bureau.
                ("vault", Hex.encode(vaultKey.id), nil),
            ] + (KeyStore.backupKeyID(backupKey).map { [("backup", $0, nil)] } ?? []),
            adoptions: adoptions, edition: library.edition,
            calendars: library.newestCalendars.map { ($0.year.year, $0.digest) },
            administrator: bureau.administrator)
    }

    private static func settings(_ bureau: NewBureau, thread: ThreadTag) -> Fact {
        // Without white space at its ends; what else can be wrong was checked.
        var form = FormText()
        let mark = BureauSettings.checked(mark: bureau.mark, &form)
        return Fact(
            .bureauSettingsChanged, in: thread, fields: [.init("settings", ["documentMark": .string(mark)], .officer)])
    }

    private func oneTimeSecret(
        for bureau: NewBureau, installation: InstallationDatabase, ledger: LedgerDatabase
    ) async throws -> String {
        guard let account = bureau.administrator.account else { return "" }
        let signIn = SignIn(
            installation: installation, registers: { $0 == bureau.tag ? ledger : nil }, hasher: SecretHasher(),
            clock: clock)
        return try await signIn.setOneTimeSecret(of: AccountName(bureau: bureau.tag, name: account))
    }
}
