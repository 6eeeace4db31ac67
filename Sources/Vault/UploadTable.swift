import Application
import Kernel
import Synchronization

/// The uploads of a vault: who writes, and what is remembered so that the next append need not read anything back.
final class UploadTable: Sendable {
    /// What an idle upload keeps in memory: at most a segment, and 32 bytes for each MiB.
    struct Memory: Sendable {
        let declaration: UploadDeclaration
        let cipher: ObjectCipher
        var progress: Pipeline.Progress
        var journal: UploadJournal

        var status: UploadStatus {
            UploadStatus(
                id: cipher.form.id.unchecked(as: OfUpload.self), declaration: declaration, offset: progress.offset,
                facts: nil, isDigestAtHand: progress.whole != nil)
        }
    }

    /// What an upload counts against the person who opened it; kept also of those whose state has to be read back.
    struct Share: Sendable, Hashable {
        let owner: ThreadTag
        /// Bytes announced and not yet durable.
        let missing: Int64

        init(_ status: UploadStatus) {
            owner = status.declaration.owner
            missing = status.facts == nil ? status.declaration.byteCount - status.offset : 0
        }
    }

    private struct Entry {
        var status: UploadStatus? {
            didSet { if let status { share = Share(status) } }
        }
        var memory: Memory?
        var isHeld = false
        var use: UInt64 = 0
        /// Nil until it was read for the first time since the start.
        private(set) var share: Share?

        init(status: UploadStatus? = nil, memory: Memory? = nil, use: UInt64 = 0, share: Share? = nil) {
            self.status = status
            self.memory = memory
            self.use = use
            self.share = status.map { Share($0) } ?? share
        }
    }

    private struct State {
        var entries: [ObjectID: Entry] = [:]
        var clock: UInt64 = 0
    }

    /// How many idle uploads are remembered; the others are read back when they go on.
    private static let remembered = 64
    private let state = Mutex(State())

    func begin(with ids: [ObjectID]) {
        state.withLock { state in
            for id in ids { state.entries[id] = Entry() }
        }
    }

    var ids: [ObjectID] { state.withLock { $0.entries.keys.sorted() } }

    /// The status as last known durable. Outer nil: no such upload. Inner nil: to be read from the disk.
    func status(_ id: ObjectID) -> UploadStatus?? {
        state.withLock { state in state.entries[id].map(\.status) }
    }

    func insert(_ memory: Memory, status: UploadStatus) {
        state.withLock { state in
            state.clock += 1
            state.entries[status.object] = Entry(status: status, memory: memory, use: state.clock)
            trim(&state)
        }
    }

    /// What a holder may do with an upload.
    enum Hold {
        case unknown
        case heldByAnother
        /// Held now; what is remembered, if anything.
        case held(Memory?)
    }

    /// Makes the caller the only one to change the upload, until `release`.
    func hold(_ id: ObjectID) -> Hold {
        state.withLock { state in
            guard let entry = state.entries[id] else { return .unknown }
            guard !entry.isHeld else { return .heldByAnother }
            state.entries[id]?.isHeld = true
            return .held(entry.memory)
        }
    }

    /// Publishes a new durable state while the upload is held.
    func update(_ id: ObjectID, status: UploadStatus) {
        state.withLock { $0.entries[id]?.status = status }
    }

    /// Ends the hold.
    ///
    /// - Parameters:
    ///   - memory: nil makes the next caller read the upload back from the disk.
    ///   - status: nil likewise.
    func release(_ id: ObjectID, memory: Memory?, status: UploadStatus?) {
        state.withLock { state in
            guard state.entries[id] != nil else { return }
            state.clock += 1
            state.entries[id] = Entry(
                status: status, memory: memory, use: state.clock, share: state.entries[id]?.share)
            trim(&state)
        }
    }

    /// Uploads whose owner nobody has read yet.
    var unread: [ObjectID] { state.withLock { $0.entries.filter { $0.value.share == nil }.keys.sorted() } }

    /// Takes a place for a new upload, held until `insert` or `remove`, if `admits` lets it: it hears what the other uploads
    /// of the same person count. Between the look and the taking nobody else is admitted.
    func reserve<Failure: Error>(
        _ status: UploadStatus, _ admits: ([ObjectID: Share]) throws(Failure) -> Void
    ) throws(Failure) {
        try state.withLock { state throws(Failure) in
            let owner = status.declaration.owner
            try admits(state.entries.compactMapValues(\.share).filter { $0.value.owner == owner })
            var entry = Entry(share: Share(status))
            entry.isHeld = true
            state.entries[status.object] = entry
        }
    }

    func remove(_ id: ObjectID) {
        _ = state.withLock { $0.entries.removeValue(forKey: id) }
    }

    private func trim(_ state: inout State) {
        let idle = state.entries.filter { $0.value.memory != nil && !$0.value.isHeld }
        guard idle.count > UploadTable.remembered, let oldest = idle.min(by: { $0.value.use < $1.value.use }) else {
            return
        }
        state.entries[oldest.key]?.memory = nil
        // Its digest has to be taken anew now, so the status has to be read anew too.
        state.entries[oldest.key]?.status = nil
    }
}
