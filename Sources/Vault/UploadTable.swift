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

    private struct Entry {
        var status: UploadStatus?
        var memory: Memory?
        var isHeld = false
        var use: UInt64 = 0
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
            state.entries[id] = Entry(status: status, memory: memory, use: state.clock)
            trim(&state)
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
