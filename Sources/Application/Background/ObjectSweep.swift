import Casework
import Kernel
import Ledger

/// Destroys evidence objects that no entry names (清理无主文件): a step that was refused after its bytes were stored, or
/// a program that died between storing and recording, leaves such an object behind.
///
/// The rule: an object is destroyed only if it was in the vault and unnamed at a look at least `safeAge` ago, is on no
/// upload's record, and is still unnamed at this moment. What was seen is kept in memory alone: whenever we die, the
/// next run begins anew and waits the whole age again.
public actor ObjectSweep {
    private let store: any LedgerStore
    private let vault: any EvidenceVault
    /// Objects that entries name, up to `next`.
    private var named: Set<ObjectID> = []
    private var next: Int64 = 0
    /// The log that `next` is an index of.
    private var log = 1
    /// When an object was first seen without a name.
    private var unnamed: [ObjectID: Instant] = [:]

    /// How long an object must have been without a name, in milliseconds: far longer than any step takes, and shorter than
    /// a working day, so that a server that is switched off every evening gets to it too.
    public static let safeAge: Int64 = 4 * 3_600_000
    private static let pageSize = 500

    /// A sweep over one bureau.
    public init(store: any LedgerStore, vault: any EvidenceVault) {
        self.store = store
        self.vault = vault
    }

    /// Looks once, and destroys what was unnamed long enough.
    ///
    /// - Parameter now: an instant of any clock that does not jump; only differences count.
    /// - Returns: what was destroyed.
    @discardableResult
    public func run(at now: Instant) async throws -> [ObjectID] {
        // While recording is stopped nobody knows what is about to be named.
        guard store.stopReason() == nil, try await readNames() else { return [] }
        let uploads = Set(try await vault.uploads().map { $0.id.unchecked(as: OfObject.self) })
        let present = try await vault.objects().filter { !named.contains($0) && !uploads.contains($0) }
        var seen: [ObjectID: Instant] = [:]
        for object in present { seen[object] = unnamed[object] ?? now }
        unnamed = seen
        var destroyed: [ObjectID] = []
        for object in present where now.milliseconds(since: seen[object] ?? now) >= Self.safeAge {
            // Entries recorded since the look above are read before each irrevocable act.
            guard try await readNames(), !named.contains(object) else { continue }
            try await vault.destroy(object)
            unnamed[object] = nil
            destroyed.append(object)
        }
        return destroyed
    }

    /// Reads the entries recorded since the last look, of all logs.
    ///
    /// - Returns: false for a ledger that went on after a loss: lost entries may name what is in the vault, so nothing may
    ///   be destroyed. A log that was closed to change its key has lost none.
    private func readNames() async throws -> Bool {
        for number in try await store.logs().map(\.number) where number >= log {
            if number > log { (log, next) = (number, 0) }
            while true {
                let page = try await store.entries(from: next, limit: Self.pageSize, log: log)
                for logged in page {
                    let content = logged.entry.skeleton.content
                    guard content.type != EntryType.backupRestored.rawValue else { return false }
                    if content.type == EntryType.logOpened.rawValue {
                        guard LogSuccession(plain: content.plain)?.isRotation == true else { return false }
                    }
                    collect(content.plain)
                    next = logged.index + 1
                }
                if page.count < Self.pageSize { break }
            }
        }
        return true
    }

    /// Every id anywhere in the plain members counts as a name: too many are better than one too few.
    private func collect(_ value: JSON) {
        switch value {
        case .string(let text):
            if let object = ObjectID(text) { named.insert(object) }
        case .array(let elements):
            for element in elements { collect(element) }
        case .object(let members):
            for member in members { collect(member.value) }
        case .integer, .boolean: break
        }
    }
}
