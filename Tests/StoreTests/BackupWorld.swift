import Application
import Casework
import Foundation
import Glibc
import Kernel
import Ledger
import Synchronization
import TestKit

@testable import Store

/// A small bureau with a ledger, a vault of sealed files, keys, sign-in data, and a medium to back it up on.
final class BackupWorld {
    let fixture: Fixture
    let keys: KeyStore
    let vault: VaultFiles
    let bureauThread: ThreadTag
    let caseThread: ThreadTag
    private var held: InstallationDatabase?
    var installation: InstallationDatabase { held! }
    var disk: any BackupDisk = QuietDisk()
    /// What is wrong with objects; a file that is not there is found by itself.
    var flaws: [ObjectID: ObjectFlaw] = [:]
    var inspection: StatedFlaws { StatedFlaws(vault: vault, flaws: flaws) }
    var generationLimit: Int64 = 28 * 86_400_000
    var random = SeededRandom(77)

    var medium: String { fixture.directory.path + "/medium" }
    var directory: String { medium + "/zhaoxian" }
    static let key = [UInt8](repeating: 0x5A, count: 32)
    static let sessionKey = [UInt8](repeating: 0x9C, count: 32)

    init() async throws {
        fixture = try Fixture(TemporaryDirectory(inMemory: true))
        try fixture.create()
        keys = KeyStore(directory: fixture.directory.path + "/keys", bureau: fixture.bureau)
        try keys.store(fixture.key, for: .log)
        try keys.store(secret: [UInt8](repeating: 3, count: 32), for: .vault)
        try keys.store(secret: BackupWorld.sessionKey, for: .session)
        try keys.store(secret: BackupWorld.key, for: .backup)
        vault = VaultFiles(root: fixture.dataPath + "/bureaus/zhaoxian/vault")
        try vault.make(QuietDisk())
        held = try InstallationDatabase(in: try fixture.place().data, clock: fixture.clock)
        held?.hold(BackupWorld.sessionKey, of: fixture.bureau)
        bureauThread = fixture.tag()
        caseThread = fixture.tag()
        try await installation.setCredential(
            Credential(hash: "scrypt$1$secret"), of: AccountName(bureau: fixture.bureau, name: "wang"))
        try await fixture.ledger.append(try fixture.request([bureauThread], type: .bureauOpened))
        try await fixture.append(caseThread, upserting: [.caseFile(fixture.caseRow(caseThread))])
        try await fixture.append(caseThread, bureauThread)
    }

    deinit {
        held?.close()
    }

    /// Closes all files of the bureau, as when the server ends.
    func close() {
        installation.close()
        held = nil
        fixture.close()
    }

    /// Keeps a rule file, named by its digest.
    @discardableResult
    func addRule(_ text: String, ending: String = "yaml") throws -> String {
        let bytes = Array(text.utf8)
        let name = "\(Digest.sha256(bytes)).\(ending)"
        let rules = fixture.dataPath + "/rules"
        try FileManager.default.createDirectory(atPath: rules, withIntermediateDirectories: true)
        try WholeFile.write(bytes, to: "\(rules)/\(name)", QuietDisk())
        return name
    }

    /// Opens them again.
    func open() throws {
        try fixture.open()
        held = try InstallationDatabase(in: try fixture.place().data, clock: fixture.clock)
        held?.hold(BackupWorld.sessionKey, of: fixture.bureau)
    }

    var backup: Backup {
        var backup = Backup(
            ledger: fixture.ledger, vault: vault.root, objects: inspection, keys: keys, installation: installation,
            medium: medium,
            clock: fixture.clock)
        backup.disk = disk
        backup.generationLimit = generationLimit
        return backup
    }

    @discardableResult
    func back(_ extent: Backup.Extent = .whole) async throws -> Backup.Report { try await backup.run(extent) }

    /// Puts a sealed object into the vault; what seals it is no matter here.
    func addObject(_ number: UInt8, byteCount: Int = 300) throws -> (id: ObjectID, key: [UInt8]) {
        let id = ObjectID(high: UInt64(number) << 56, low: UInt64(number))
        let key = Array("liuhen/key/v1\n\0\0".utf8) + (0..<68).map { UInt8($0) ^ number &* 37 }
        try WholeFile.write(
            (0..<byteCount).map { UInt8(truncatingIfNeeded: $0) ^ number }, to: vault.object(id), QuietDisk())
        try WholeFile.write(key, to: vault.key(id), QuietDisk())
        return (id, key)
    }

    /// What the vault does when an object is destroyed.
    func destroy(_ id: ObjectID) throws {
        try WholeFile.write(VaultFiles.gone, to: vault.key(id), QuietDisk())
        unlink(vault.object(id))
    }

    /// Every file of the medium by path below it.
    func files() throws -> [String: [UInt8]] { try BackupWorld.files(below: medium) }

    static func files(below root: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        guard let walk = FileManager.default.enumerator(atPath: root) else { return [:] }
        for case let name as String in walk {
            var isDirectory: ObjCBool = false
            let path = root + "/" + name
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue else {
                continue
            }
            files[name] = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        }
        return files
    }

    /// Makes the medium hold these files and no others.
    func setFiles(_ files: [String: [UInt8]]) throws {
        try? FileManager.default.removeItem(atPath: medium)
        for (name, bytes) in files {
            let url = URL(fileURLWithPath: medium + "/" + name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: url)
        }
    }
}

/// Finds what a test says, for objects that nobody sealed.
struct StatedFlaws: ObjectInspection {
    let vault: VaultFiles
    let flaws: [ObjectID: ObjectFlaw]

    func flaw(of object: ObjectID, _ depth: InspectionDepth, expecting expected: Digest?) -> ObjectFlaw? {
        if let flaw = flaws[object] { return flaw }
        return access(vault.object(object), F_OK) == 0 ? nil : .fileMissing
    }
}

/// A new server to restore to.
final class NewServer {
    let directory: TemporaryDirectory
    let bureau = BureauTag("zhaoxian")!
    private var held: DataDirectory?

    init() throws {
        directory = try TemporaryDirectory(inMemory: true)
    }

    var keys: KeyStore { KeyStore(directory: directory.path + "/keys", bureau: bureau) }
    var data: String { directory.path + "/data" }

    func place() throws -> LedgerDatabase.Place {
        let data = try held ?? DataDirectory(path: data)
        held = data
        return .init(data: data, lockDirectory: directory.path + "/lock", bureau: bureau)
    }

    func prepare(
        from medium: String, key: [UInt8] = BackupWorld.key, outside: [UInt8]? = nil,
        rows: @escaping @Sendable (ThreadTag, [LoggedEntry]) -> [ProjectionRow] = { _, _ in [] }
    ) async throws -> Restore.Prepared {
        var restore = Restore(medium: medium, bureau: bureau, key: key, place: try place(), keys: keys)
        restore.disk = QuietDisk()
        // The head of the backup itself, as somebody keeps it outside: without it the log does not go on.
        restore.outside = try outside ?? head(on: medium, key: key)
        return try await restore.prepare { _ in { thread, entries in rows(thread, try entries(thread)) } }
    }

    /// The newest head on a medium; nil where none can be read.
    func head(on medium: String, key: [UInt8]) throws -> [UInt8]? {
        (try? BackupManifest.read(in: "\(medium)/\(bureau)", key: BackupKey(key)))??.1.logs.last?.note
    }

    /// Restores and opens the ledger.
    func restore(
        from medium: String, clock: any WallClock,
        rows: @escaping @Sendable (ThreadTag, [LoggedEntry]) -> [ProjectionRow] = { _, _ in [] }
    ) async throws -> (report: Restore.Report, ledger: LedgerDatabase, installation: InstallationDatabase) {
        let prepared = try await prepare(from: medium, rows: rows)
        let installation = try InstallationDatabase(in: try place().data, clock: clock)
        try prepared.commit(into: installation)
        var settings = LedgerSettings()
        settings.reserve = 0
        let ledger = try LedgerDatabase.open(
            at: try place(), key: try keys.signingKey(for: .log), clock: clock, settings: settings)
        return (prepared.report, ledger, installation)
    }
}

/// The real calls without waiting for the medium, which these tests have no use for.
struct QuietDisk: BackupDisk {
    let base = LinuxBackupDisk()
    func create(_ path: String) throws(SystemError) -> Int32 { try base.create(path) }
    func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String) throws(SystemError) {
        try base.write(bytes, to: descriptor, path)
    }
    func synchronize(_ descriptor: Int32, _ path: String) throws(SystemError) {}
    func synchronizeDirectory(_ path: String) throws(SystemError) {}
    func rename(_ source: String, to target: String) throws(SystemError) { try base.rename(source, to: target) }
    func unlink(_ path: String) throws(SystemError) { try base.unlink(path) }
    func overwrite(_ path: String, byteCount: Int64) throws(SystemError) {
        try base.overwrite(path, byteCount: byteCount)
    }
    func makeDirectory(_ path: String) throws(SystemError) { try base.makeDirectory(path) }
}

/// Notes every call, and dies at one of them: that call and all after it fail.
final class DyingDisk: BackupDisk {
    enum Moment: CaseIterable, Sendable {
        /// The call was not carried out.
        case before
        /// It was, and its success was not heard of.
        case after
    }

    struct Call: Hashable {
        let name: String
        let path: String
    }

    private let base = QuietDisk()
    private let target: Int
    private let moment: Moment
    private let made = Mutex<[Call]>([])

    init(target: Int, moment: Moment) {
        self.target = target
        self.moment = moment
    }

    var calls: [Call] { made.withLock { $0 } }

    private func step<T>(_ name: String, _ path: String, _ body: () throws(SystemError) -> T) throws(SystemError) -> T {
        let number = made.withLock { calls in
            calls.append(Call(name: name, path: path))
            return calls.count - 1
        }
        let dead = SystemError(path: path, call: name, code: EIO)
        if target >= 0, number > target || number == target && moment == .before { throw dead }
        let value = try body()
        if number == target { throw dead }
        return value
    }

    func create(_ path: String) throws(SystemError) -> Int32 {
        try step("create", path) { () throws(SystemError) in try base.create(path) }
    }
    func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String) throws(SystemError) {
        try step("write", path) { () throws(SystemError) in try base.write(bytes, to: descriptor, path) }
    }
    func synchronize(_ descriptor: Int32, _ path: String) throws(SystemError) {
        try step("synchronize", path) { () throws(SystemError) in try base.synchronize(descriptor, path) }
    }
    func synchronizeDirectory(_ path: String) throws(SystemError) {
        try step("synchronizeDirectory", path) { () throws(SystemError) in try base.synchronizeDirectory(path) }
    }
    func rename(_ source: String, to target: String) throws(SystemError) {
        try step("rename", target) { () throws(SystemError) in try base.rename(source, to: target) }
    }
    func unlink(_ path: String) throws(SystemError) {
        try step("unlink", path) { () throws(SystemError) in try base.unlink(path) }
    }
    func overwrite(_ path: String, byteCount: Int64) throws(SystemError) {
        try step("overwrite", path) { () throws(SystemError) in try base.overwrite(path, byteCount: byteCount) }
    }
    func makeDirectory(_ path: String) throws(SystemError) {
        try step("makeDirectory", path) { () throws(SystemError) in try base.makeDirectory(path) }
    }
}

/// The error that a backup or restore throws; nil if it throws none.
func backupError<T>(_ body: () async throws -> T) async -> BackupError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? BackupError ?? .system("\(error)")
    }
}
