import Kernel
import Ledger
import Synchronization

/// Reads threads whole, and believes their entries because of the log (ADR 0055).
///
/// A row of an entry is as easily written as one of a register. What approvals, confirmations and powers are taken from is
/// therefore computed anew at each reading: the entries are chained, their openings fit their commitments, and the newest
/// stands in the tree of a head that the log's key signed.
public final class ProvedThreads: Sendable {
    private let store: any LedgerStore
    /// The bureau's own thread, in which disposals may stand.
    private let bureau: ThreadTag
    /// Heads that were proved to stand in the log, at most `capacity`.
    private let proved = Mutex<[ThreadTag: ThreadHead]>([:])
    private let found = Mutex<DamagedThread?>(nil)

    /// How many heads are kept: some 80 bytes each. One that is forgotten is proved again.
    private static let capacity = 20_000

    /// The threads of one bureau.
    ///
    /// - Parameter bureau: the bureau's own thread.
    public init(store: any LedgerStore, bureau: ThreadTag) {
        self.store = store
        self.bureau = bureau
    }

    /// The first thread that did not stand the proof since the program was started; nil where all did.
    public var damage: DamagedThread? { found.withLock { $0 } }

    /// A whole thread in order, with the openings still present; empty if it does not exist.
    ///
    /// - Throws: `StoreError.damaged` where the rows are not what the log holds.
    public func entries(of thread: ThreadTag) async throws(StoreError) -> [LoggedEntry] {
        // Before the entries: what others prove meanwhile may be newer than what is read here.
        let known = proved.withLock { $0[thread] }
        let entries = try await store.entries(of: thread, from: 1)
        guard let last = entries.last else {
            // Entries do not go away.
            if let known { throw damaged(thread, known.seq, "its entries are gone") }
            return []
        }
        var prev = Digest.zero
        var opened: [(seq: Int, commitment: Digest)] = []
        for (number, logged) in entries.enumerated() {
            let entry = logged.entry
            guard entry.skeleton.content.seq == number + 1, entry.skeleton.content.thread == thread else {
                throw damaged(thread, number + 1, "it stands at another place")
            }
            guard entry.prev == prev else { throw damaged(thread, number, "the next entry was made after another one") }
            if let field = entry.mismatches.first {
                throw damaged(thread, number + 1, "the opening \(field) does not fit its commitment")
            }
            prev = entry.commitment
            // Content goes away by a disposal alone, which names the entry (销毁); else somebody took it out of the file, and what
            // it would have refused would pass.
            if entry.openings.count != entry.skeleton.content.fields.count { opened.append((number + 1, prev)) }
        }
        if !opened.isEmpty {
            var destroyed = Self.destroyed(by: entries)
            if thread != bureau { destroyed.formUnion(Self.destroyed(by: try await self.entries(of: bureau))) }
            for (seq, commitment) in opened where !destroyed.contains(commitment) {
                throw damaged(thread, seq, "an opening is gone, and no disposal names the entry")
            }
        }
        let head = ThreadHead(seq: entries.count, commitment: prev)
        if let known {
            if known == head { return entries }
            // A thread that is shorter than it was lost what took a power away.
            guard known.seq < head.seq else {
                throw damaged(thread, known.seq, "the thread went back")
            }
            guard known.seq == 0 || entries[known.seq - 1].entry.commitment == known.commitment else {
                throw damaged(thread, known.seq, "it was another entry before")
            }
        }
        guard try await stands(last) else { throw damaged(thread, head.seq, "it does not stand in the log") }
        proved.withLock { proved in
            if proved.count >= Self.capacity, proved[thread] == nil { proved.removeAll(keepingCapacity: true) }
            if let other = proved[thread], other.seq > head.seq { return }
            proved[thread] = head
        }
        return entries
    }

    /// Commitments of the entries whose content these entries disposed of.
    private static func destroyed(by entries: [LoggedEntry]) -> Set<Digest> {
        Set(
            entries.flatMap(\.entry.skeleton.content.references).filter { $0.role == DossierVocabulary.destroys }
                .map(\.commitment))
    }

    private func damaged(_ thread: ThreadTag, _ seq: Int, _ what: String) -> StoreError {
        found.withLock { if $0 == nil { $0 = DamagedThread(thread: thread, seq: seq) } }
        return .damaged("entry \(seq) of thread \(thread): \(what)")
    }

    /// Whether an entry stands in its log.
    private func stands(_ logged: LoggedEntry) async throws(StoreError) -> Bool {
        let log = try await store.logs().first { $0.number == logged.log }
        // The open log's key is the one that this process signs with; an ended log is told by its own row.
        guard let log, let key = VerifierKey(logged.log == store.log ? store.verifierKey : log.verifierKey),
            let checkpoint = try? VerifiedCheckpoint(note: log.head.note, key: key).checkpoint,
            logged.index < checkpoint.size
        else { return false }
        let hashes = try await store.inclusionProof(of: logged.index, in: Int64(checkpoint.size), log: logged.log)
        do {
            try InclusionProof(hashes: hashes).verify(
                leafHash: RFC6962.leafHash(logged.entry.leaf.bytes), index: Int(logged.index), size: checkpoint.size,
                root: checkpoint.root)
            return true
        } catch {
            return false
        }
    }
}

/// Where rows of entries are not what the log holds.
public struct DamagedThread: Hashable, Sendable {
    /// The thread.
    public let thread: ThreadTag
    /// The entry, as far as it can be told: its place in the thread.
    public let seq: Int

    /// In Chinese: where, and what to do.
    public var chinese: String {
        "记录线 \(thread) 第 \(seq) 条与账本对不上，可能有人改动过数据文件。依这条线办理的步骤都不受理。"
            + "请马上告诉系统管理员：停止服务，把数据目录整个复制留底，运行 liuhen ledger verify，照它说的重建或者用备份恢复。"
    }
}
