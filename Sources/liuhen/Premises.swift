import Application
import Casework
import Foundation
import Inspection
import Kernel
import Ledger
import Press
import Rulebook
import Store
import Vault
import Web

/// One server with everything open: the composition root. Nothing else in the program knows all adapters.
final class Premises: Sendable {
    let place: ServerPlace
    let clock: any WallClock
    let installation: InstallationDatabase
    let library: RuleLibrary
    let data: DataDirectory
    let press: PressWorker
    let bureaus: [OpenBureau]

    /// A bureau with its adapters.
    struct OpenBureau: Sendable {
        let office: Office
        let ledger: LedgerDatabase
        let vault: FileVault
        let thread: ThreadTag
        let name: String
    }

    private init(
        place: ServerPlace, clock: any WallClock, installation: InstallationDatabase, library: RuleLibrary,
        data: DataDirectory, press: PressWorker, bureaus: [OpenBureau]
    ) {
        self.place = place
        self.clock = clock
        self.installation = installation
        self.library = library
        self.data = data
        self.press = press
        self.bureaus = bureaus
    }

    /// Opens everything that is in the data directory.
    ///
    /// - Parameters:
    ///   - objects: how the vaults write.
    ///   - surviving: opens this bureau alone, for reading, although it has lost records.
    ///   - adopting: opens this bureau alone without its lock file, by a checkpoint of the whole ledger.
    ///   - only: opens this bureau alone.
    static func open(
        _ place: ServerPlace, clock: any WallClock = SystemClock(), ledger settings: LedgerSettings = LedgerSettings(),
        objects: FileVault.Configuration = FileVault.Configuration(), surviving: BureauTag? = nil,
        adopting: (bureau: BureauTag, checkpoint: [UInt8])? = nil, only: BureauTag? = nil
    ) async throws -> Premises {
        // Before anything is made or held: half a bureau is named part by part.
        let one = surviving ?? adopting?.bureau ?? only
        for tag in place.bureaus where one.map({ $0 == tag }) ?? true {
            let parts = place.parts(of: tag)
            if let problem = parts.problem { throw CommandFailure(problem) }
            // One that is not there is made; one that is no database is not written over.
            let isThere = FileManager.default.fileExists(atPath: place.data + "/installation.sqlite")
            if isThere, !parts.hasSignInData, let problem = parts.signInProblem { throw CommandFailure(problem) }
        }
        let data = try DataDirectory(path: place.data)
        let texts = KeptTexts(place)
        let library = try texts.library()
        // On disk before any entry names them.
        try texts.keep()
        let installation = try InstallationDatabase(in: data, clock: clock)
        let press = PressWorker(installation: texts.press())
        // One for all bureaus: it reads one file at a time.
        let reader = ScanWorker(root: place.root, scratch: place.data)
        var bureaus: [OpenBureau] = []
        for tag in place.bureaus where one.map({ $0 == tag }) ?? true {
            let keys = KeyStore(directory: place.keys, bureau: tag)
            installation.hold(try keys.secret(for: .session), of: tag)
            let there = LedgerDatabase.Place(data: data, lockDirectory: place.lock, bureau: tag)
            let ledger: LedgerDatabase
            if let adopting {
                ledger = try LedgerDatabase.openAdopting(
                    checkpoint: adopting.checkpoint, at: there, keys: keys, clock: clock, settings: settings)
            } else if surviving != nil {
                ledger = try LedgerDatabase.openSurviving(at: there, keys: keys, clock: clock, settings: settings)
            } else {
                ledger = try LedgerDatabase.open(at: there, keys: keys, clock: clock, settings: settings)
            }
            bureaus.append(
                try await Premises.open(
                    tag, ledger: ledger, keys: keys, place: place, library: library, installation: installation,
                    press: press, reader: reader, clock: clock, objects: objects))
        }
        guard !bureaus.isEmpty else {
            throw CommandFailure("\(place.data) 里还没有机关。请先运行 liuhen init 建立机关，或者 liuhen demo 看演示。")
        }
        return Premises(
            place: place, clock: clock, installation: installation, library: library, data: data, press: press,
            bureaus: bureaus)
    }

    private static func open(
        _ tag: BureauTag, ledger: LedgerDatabase, keys: KeyStore, place: ServerPlace, library: RuleLibrary,
        installation: InstallationDatabase, press: PressWorker, reader: ScanWorker, clock: any WallClock,
        objects: FileVault.Configuration
    ) async throws -> OpenBureau {
        let vaultKeys = try VaultKeys(of: keys, in: place)
        let vault = try await FileVault.open(at: place.vault(of: tag), keys: vaultKeys, configuration: objects)
        // The very first entry of a bureau's first log opens the bureau: its thread is the bureau's own.
        guard let first = try await ledger.entries(from: 0, limit: 1, log: 1).first else {
            throw CommandFailure("机关 \(tag) 的账本是空的，建立时没有完成。请移走 \(place.data)/bureaus/\(tag) 后重新运行 liuhen init。")
        }
        let thread = first.entry.skeleton.content.thread
        if let changed = OwnEntries.changed(in: try await ledger.entries(of: thread, from: 1)) {
            throw CommandFailure(changed)
        }
        let office = Office(
            store: ledger, registers: ledger, installation: installation, vault: vault, printer: press,
            library: library,
            clock: clock, thread: thread, reevaluations: ledger, reader: reader)
        // Before anything is sealed, or looked at with it.
        if let problem = try KeyAgreement.problem(
            of: keys, in: "\(place.keys)/\(tag)", records: try await office.casebook.chambers.records())
        {
            throw CommandFailure(problem)
        }
        let profile = try await office.casebook.chambers.profile()
        return OpenBureau(office: office, ledger: ledger, vault: vault, thread: thread, name: profile.name)
    }

    /// The bureau of a tag, or the only one.
    func bureau(_ tag: BureauTag?) throws -> OpenBureau {
        if let tag {
            guard let found = bureaus.first(where: { $0.office.bureau == tag }) else {
                throw CommandFailure(
                    "没有机关 \(tag)。现有：\(bureaus.map(\.office.bureau.description).joined(separator: "、"))。")
            }
            return found
        }
        guard bureaus.count == 1, let only = bureaus.first else {
            throw CommandFailure(
                "这里有几个机关，请用 --bureau 指明：\(bureaus.map(\.office.bureau.description).joined(separator: "、"))。")
        }
        return only
    }

    /// Closes what must not be left open.
    func close() async {
        for bureau in bureaus {
            bureau.ledger.close()
            await bureau.vault.close()
        }
        installation.close()
    }
}

extension VaultKeys {
    /// The keys that a bureau's objects are sealed under.
    init(of keys: KeyStore, in place: ServerPlace) throws {
        guard let vaultKey = VaultKey(try keys.secret(for: .vault)) else {
            throw CommandFailure("封存密钥不是 32 字节，请检查密钥目录 \(place.keys)。")
        }
        guard keys.hasNext(.vault) else {
            self.init(current: vaultKey)
            return
        }
        // A change that was cut off: some objects are under the one key and some under the other.
        guard let next = VaultKey(try keys.nextSecret(for: .vault)) else {
            throw CommandFailure("更换中的封存密钥不是 32 字节，请检查密钥目录 \(place.keys)。")
        }
        self.init(current: next, older: [vaultKey])
    }
}
