#if DEBUG || FAULTS
import Application
import Casework
import Foundation
import Kernel
import Ledger
import Store
import Vault

/// Compares an opened place with what was acknowledged. Every failure names the first wrong thing.
struct ExerciseCheck {
    let bureau: Premises.OpenBureau
    let said: [Acknowledgement]

    /// - Returns: the counts, in a line.
    func run() async throws -> String {
        try await checkLedger()
        try await checkViews()
        let objects = try await checkObjects()
        // A place that only reads has not come through: it must take the next fact and the next object.
        try await Exercise(office: bureau.office, number: -1).run(rounds: 1, until: .now + .seconds(60))
        let size = try await bureau.ledger.signedHead().size
        return "whole: \(size) entries, \(objects) objects and uploads as acknowledged"
    }

    /// The whole ledger from its file to the signed root, and every acknowledged entry in its place.
    private func checkLedger() async throws {
        let ledger = bureau.ledger
        let path = ledger.path
        let verdict = try await offPool { try LedgerVerification(path: path).run() }
        guard verdict.isWhole else {
            let first = verdict.findings.first.map { "\($0)" } ?? "none kept"
            throw CommandFailure("the ledger: \(verdict.findingCount) faults, first: \(first)")
        }
        let size = try await ledger.signedHead().size
        guard verdict.logs.last?.size == size else {
            throw CommandFailure("the check did not reach the head of size \(size)")
        }
        var expected: [Int64: Digest] = [:]
        for case .entry(let index, let commitment) in said { expected[index] = commitment }
        if let last = expected.keys.max(), last >= size {
            throw CommandFailure("entry \(last) was acknowledged and the signed head has \(size)")
        }
        var index: Int64 = 0
        while index < size {
            let leaves = try await ledger.leaves(from: index, limit: 512)
            guard !leaves.isEmpty else { throw CommandFailure("entry \(index) is missing") }
            for leaf in leaves {
                if let commitment = expected.removeValue(forKey: index), commitment != leaf.commitment {
                    throw CommandFailure("entry \(index): acknowledged \(commitment), stored \(leaf.commitment)")
                }
                index += 1
            }
        }
    }

    /// The views that were committed with the entries.
    private func checkViews() async throws {
        let projector = Projector(law: try await bureau.office.casebook.chambers.law())
        let report = try await Rebuild(bureau.ledger).compare { _, entries in
            projector.rows(
                thread: try entries.map { logged in
                    guard let record = Record(logged.entry) else {
                        throw CommandFailure("entry \(logged.index) cannot be read")
                    }
                    return record
                })
        }
        guard report.isEqual, report.threads > 0 else {
            let first = report.differences.first.map { "\($0)" } ?? ""
            throw CommandFailure("views differ from entries: \(first) \(report.damaged) \(report.index)")
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

/// Runs work that blocks on a thread of its own.
private func offPool<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result { try work() }) }.start()
    }
}
#endif
