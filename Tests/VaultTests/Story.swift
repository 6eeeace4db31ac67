import Application
import Crypto
import Kernel
import Synchronization
import Testing

@testable import Vault

/// A vault's day: each step that the vault acknowledged is noted at once, as a client outside would.
final class Story: Sendable {
    /// What was begun and what was acknowledged.
    struct Notes: Sendable {
        var stored: ObjectID?
        var upload: UploadID?
        var offset: Int64 = 0
        var facts: ObjectFacts?
        var isForgetting = false
        var isForgotten = false
        var isDestroying = false
        var isDestroyed = false
        var dropped: UploadID?
        var isDropping = false
        var isDropped = false
    }

    static let first = patterned(270_000, seed: 1)
    static let second = patterned(700_001, seed: 2)
    private static let cuts = [0, 100_000, 400_000, 524_288, 700_001]

    private let notes = Mutex(Notes())

    var now: Notes { notes.withLock { $0 } }

    /// Lives it to the end, past steps that are refused.
    func live(in fixture: VaultFixture) async {
        let vault = fixture.vault
        if let facts = try? await vault.store(Story.first) { notes.withLock { $0.stored = facts.id } }
        if let status = try? await vault.createUpload(fixture.declare(Story.second.count)) {
            notes.withLock { $0.upload = status.id }
            for (start, end) in zip(Story.cuts, Story.cuts.dropFirst()) {
                let piece = Story.second[start..<end]
                let checksum =
                    start == 100_000
                    ? UploadChecksum(algorithm: .sha256, bytes: Array(SHA256.hash(data: piece))) : nil
                guard let offset = try? await fixture.append(piece, to: status.id, checksum: checksum) else { break }
                notes.withLock { $0.offset = offset }
            }
            if let facts = try? await vault.finish(status.id) {
                notes.withLock { notes in
                    notes.facts = facts
                    notes.isForgetting = true
                }
                if (try? await vault.terminate(status.id)) != nil { notes.withLock { $0.isForgotten = true } }
            }
        }
        if let stored = now.stored {
            notes.withLock { $0.isDestroying = true }
            if (try? await vault.destroy(stored)) != nil { notes.withLock { $0.isDestroyed = true } }
        }
        if let status = try? await vault.createUpload(fixture.declare(50)) {
            notes.withLock { $0.dropped = status.id }
            _ = try? await fixture.append(patterned(10)[...], to: status.id)
            notes.withLock { $0.isDropping = true }
            if (try? await vault.terminate(status.id)) != nil { notes.withLock { $0.isDropped = true } }
        }
    }

    /// Checks a vault opened anew against what was acknowledged.
    static func check(_ notes: Notes, in fixture: VaultFixture, _ comment: String) async {
        let vault = fixture.vault
        if let stored = notes.stored {
            let bytes = try? await vault.read(stored, at: 0, upTo: first.count)
            if !notes.isDestroying { #expect(bytes == first, "stored: \(comment)") }
            if notes.isDestroyed {
                #expect(await code { _ = try await vault.facts(of: stored) } == .gone, "destroyed: \(comment)")
            }
        }
        if let facts = notes.facts {
            #expect((try? await vault.scrub(facts.id, bytesPerSecond: nil)) == facts, "finished: \(comment)")
        }
        if let upload = notes.upload {
            let status = try? await vault.upload(upload)
            if notes.isForgotten { #expect(status == nil, "forgotten: \(comment)") }
            if !notes.isForgetting {
                #expect((status?.offset ?? -1) >= notes.offset, "offset \(notes.offset): \(comment)")
            }
            if let status, status.facts == nil {
                // What is there goes on to the end, and is then what it should be.
                do {
                    try await fixture.append(second[Int(status.offset)...], to: upload)
                    let facts = try await vault.finish(upload)
                    #expect(facts == plainFacts(second, id: facts.id), "gone on: \(comment)")
                    #expect(try await vault.scrub(facts.id, bytesPerSecond: nil) == facts, "gone on: \(comment)")
                } catch {
                    Issue.record("going on from \(status.offset): \(error): \(comment)")
                }
            }
        }
        if let dropped = notes.dropped {
            let status = try? await vault.upload(dropped)
            if notes.isDropped { #expect(status == nil, "dropped: \(comment)") }
            if !notes.isDropping { #expect(status != nil, "not dropped: \(comment)") }
        }
        // Whatever was not acknowledged is an upload that can be listed and ended, or nothing.
        for status in (try? await vault.uploads()) ?? [] {
            #expect(await code { try await vault.terminate(status.id) } == nil, "\(comment)")
        }
        #expect((try? await vault.store([1, 2, 3]).byteCount) == 3, "recording goes on: \(comment)")
    }
}
