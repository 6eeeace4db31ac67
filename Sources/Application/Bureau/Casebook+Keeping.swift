import Casework
import Kernel
import Ledger

extension Casebook {
    /// Records that the newest checkpoint is given out to be kept outside, and returns the note.
    ///
    /// - Parameter place: where it will lie, in the words of whoever takes it.
    public func keepCheckpoint(
        at place: String, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> [UInt8] {
        try performer.require(.administrator, .custodian)
        var form = FormText()
        let shelf = form.required(place, "place", "存放处", limit: 100)
        try form.finish()
        do {
            let head = try await store.signedHead()
            let thread = try await chambers.profile().thread
            let receipt = try await record(
                [
                    Fact(
                        .checkpointKept, in: thread,
                        plain: ["root": .string(head.root.description), "size": .integer(head.size)],
                        fields: [.init("place", .string(shelf), .officer)])
                ], by: .person(performer.tag), command: command,
                answer: ["note": .string(String(decoding: head.note, as: UTF8.self))])
            // The same form sent again gets the checkpoint that its entry names, not a later one.
            return Array((receipt.answer["note"]?.string ?? "").utf8)
        } catch let error as StoreError {
            throw StepRefusal(error)
        } catch {
            throw (error as? StepRefusal) ?? StepRefusal(.fault, "系统出现故障：\(error)")
        }
    }

    /// Records that a medium with backups is used no more: what was on it is destroyed.
    public func retire(
        medium id: String, reason: String, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try performer.require(.administrator, .custodian)
        return try await once(command) { () async throws(StepRefusal) in
            guard try await chambers.upkeep().media.contains(where: { $0.id == id }) else {
                throw StepRefusal(.notFound, "没有这块备份盘的记录，或者已经登记为不再使用。")
            }
            var form = FormText()
            let why = form.required(reason, "reason", "怎样销毁的", limit: 200)
            try form.finish()
            return try await record(
                [
                    Fact(
                        .mediumRetired, in: chambers.thread, plain: ["medium": .string(id)],
                        fields: [.init("reason", .string(why), .officer)])
                ], by: .person(performer.tag), command: command)
        }
    }

    /// Records that a person has read notices.
    public func read(_ notices: [BureauUpkeep.Notice], command: CommandID, by performer: Performer)
        async throws(StepRefusal) -> AppendReceipt
    {
        let thread = try await chambers.profile().thread
        var references: [EntryReference] = []
        for notice in notices {
            do {
                guard let logged = try await store.entries(of: thread, from: notice.seq).first else { continue }
                references.append(EntryReference("notice", logged.entry))
            } catch { throw StepRefusal(error) }
        }
        return try await record(
            references.map { Fact(.noticeRead, in: thread, references: [$0]) }, by: .person(performer.tag),
            command: command)
    }

    /// How a checkpoint that was kept outside stands to the log as it is.
    public func compare(checkpoint note: [UInt8]) async throws(StepRefusal) -> OutsideVerdict {
        guard let key = VerifierKey(store.verifierKey) else {
            throw StepRefusal(.fault, "系统出现故障：记录链的公钥无法读取。")
        }
        guard note.count <= 100_000, let outside = try? VerifiedCheckpoint(note: note, key: key) else {
            return .foreign
        }
        do {
            let head = try await store.signedHead()
            return try await store.verdict(
                on: outside.checkpoint.root, at: Int64(outside.checkpoint.size), log: store.log, head: head)
        } catch { throw StepRefusal(error) }
    }
}

extension LedgerStore {
    /// Whether a log had this root when it had `size` entries, by a proof that its newest head goes on from there. Nothing
    /// is said of who signed it.
    /// - Parameter size: at least 1.
    public func verdict(
        on root: Digest, at size: Int64, log: Int, head: SignedHead
    ) async throws(StoreError) -> OutsideVerdict {
        guard size <= head.size else { return .ahead(size: size, now: head.size) }
        let proof = ConsistencyProof(hashes: try await consistencyProof(from: size, to: head.size, log: log))
        let goesOn =
            (try? proof.verify(old: Int(size), oldRoot: root, new: Int(head.size), newRoot: head.root)) != nil
        return goesOn ? .anchored(size: size, now: head.size) : .rewritten(size: size)
    }
}

/// What a checkpoint from outside says of the log.
public enum OutsideVerdict: Hashable, Sendable {
    /// Everything up to `size` is as it was when the checkpoint was given out.
    case anchored(size: Int64, now: Int64)
    /// The log is shorter than it once was: records are gone.
    case ahead(size: Int64, now: Int64)
    /// Records before `size` are others than they were.
    case rewritten(size: Int64)
    /// It is no checkpoint of this log.
    case foreign
}
