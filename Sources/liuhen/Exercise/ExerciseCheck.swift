#if DEBUG
import Application
import Casework
import Kernel
import Ledger

/// Compares an opened place with what was acknowledged. Every failure names the first wrong thing.
struct ExerciseCheck {
    let bureau: Premises.OpenBureau
    let said: [Acknowledgement]

    /// - Returns: the counts, in a line.
    func run() async throws -> String {
        let names = try await checkLedger()
        try await checkSubjects(names)
        let objects = try await checkObjects()
        // A place that only reads has not come through: it must take the next fact and the next object.
        try await Exercise(office: bureau.office, number: -1).run(rounds: 1, until: .now + .seconds(60))
        return "whole: \(try await bureau.ledger.signedHead().size) entries, \(objects) objects and uploads as acknowledged"
    }

    /// Every entry from its stored bytes to the signed root, and its thread.
    ///
    /// - Returns: the last name of each party.
    private func checkLedger() async throws -> [ThreadTag: String] {
        let ledger = bureau.ledger
        let head = try await ledger.signedHead()
        guard let key = VerifierKey(ledger.verifierKey) else { throw CommandFailure("the log's key cannot be read") }
        let checkpoint = try VerifiedCheckpoint(note: head.note, key: key).checkpoint
        var expected: [Int64: Digest] = [:]
        for case .entry(let index, let commitment) in said { expected[index] = commitment }
        if let last = expected.keys.max(), last >= head.size {
            throw CommandFailure("entry \(last) was acknowledged and the signed head has \(head.size)")
        }
        var edge = RightEdge()
        var chain = Chain()
        var index: Int64 = 0
        while index < head.size {
            let leaves = try await ledger.leaves(from: index, limit: 256)
            let entries = try await ledger.entries(from: index, limit: 256)
            guard !leaves.isEmpty, leaves.count == entries.count else {
                throw CommandFailure("entry \(index): \(leaves.count) leaves and \(entries.count) entries from here on")
            }
            for (leaf, logged) in zip(leaves, entries) where index < head.size {
                try chain.follow(logged, leaf: leaf, index: index)
                if let commitment = expected.removeValue(forKey: index), commitment != leaf.commitment {
                    throw CommandFailure("entry \(index): acknowledged \(commitment), stored \(leaf.commitment)")
                }
                edge.append(RFC6962.leafHash(leaf.bytes))
                index += 1
            }
        }
        guard expected.isEmpty, Int64(checkpoint.size) == head.size, edge.root == head.root, edge.root == checkpoint.root
        else { throw CommandFailure("the entries do not lead to the signed root of size \(head.size)") }
        return chain.names
    }

    /// The views committed with the entries: each party is listed under the name that its thread gives.
    private func checkSubjects(_ names: [ThreadTag: String]) async throws {
        for (thread, name) in names {
            let row = try await bureau.office.casebook.registers.subject(thread)
            guard row?.name == name else {
                throw CommandFailure("party \(thread): its thread says \(name), the register \(row?.name ?? "nothing")")
            }
        }
    }

    private func checkObjects() async throws -> Int {
        let vault = bureau.vault
        var objects: [ObjectID: Digest] = [:]
        var uploads: [UploadID: Int64] = [:]
        var destroying: Set<ObjectID> = []
        var destroyed: Set<ObjectID> = []
        for said in said {
            switch said {
            case .object(let id, let digest): objects[id] = digest
            case .upload(let id, let offset): uploads[id] = offset
            case .destroying(let id): destroying.insert(id)
            case .destroyed(let id): destroyed.insert(id)
            case .entry: continue
            }
        }
        for (id, digest) in objects {
            do throws(VaultError) {
                let facts = try await vault.scrub(id, bytesPerSecond: nil)
                guard facts.sha256 == digest, !destroyed.contains(id) else {
                    throw VaultError(.damaged, destroyed.contains(id) ? "was destroyed" : "has SHA-256 \(facts.sha256)")
                }
            } catch {
                guard error.code == .gone, destroying.contains(id) else {
                    throw CommandFailure("object \(id): \(error)")
                }
            }
        }
        for (id, offset) in uploads where objects[id.unchecked(as: OfObject.self)] == nil {
            do throws(VaultError) {
                let status = try await vault.upload(id)
                guard status.offset >= offset else {
                    throw VaultError(.damaged, "stands at \(status.offset), acknowledged \(offset)")
                }
            } catch {
                throw CommandFailure("upload \(id): \(error)")
            }
        }
        return objects.count + uploads.count
    }
}

extension ExerciseCheck {
    /// The threads of a log, followed entry by entry.
    struct Chain {
        private var heads: [ThreadTag: ThreadHead] = [:]
        private(set) var names: [ThreadTag: String] = [:]

        mutating func follow(_ logged: LoggedEntry, leaf: Leaf, index: Int64) throws {
            let content = logged.entry.skeleton.content
            guard logged.index == index, logged.entry.leaf == leaf else {
                throw CommandFailure("entry \(index): the stored entry is not that of the stored leaf")
            }
            guard logged.entry.mismatches.isEmpty, logged.entry.openings.count == content.fields.count else {
                throw CommandFailure("entry \(index): openings do not match or are missing")
            }
            let last = heads[leaf.thread]
            guard leaf.seq == (last?.seq ?? 0) + 1, leaf.prev == last?.commitment ?? .zero else {
                throw CommandFailure("entry \(index): does not follow the entry before it in thread \(leaf.thread)")
            }
            heads[leaf.thread] = ThreadHead(seq: leaf.seq, commitment: leaf.commitment)
            if content.type.hasPrefix("subject."),
                let opening = logged.entry.openings.first(where: { $0.name == "name" })
            {
                names[leaf.thread] = try JSON(canonical: opening.value).string
            }
        }
    }
}
#endif
