#if DEBUG || FAULTS
import Application
import Casework
import Foundation
import Glibc
import Kernel
import Ledger

/// One writer of an exercise: a party and three changes of it, an object, an upload in two parts, again and again.
struct Exercise: Sendable {
    let office: Office
    let number: Int

    func run(rounds: Int, until end: ContinuousClock.Instant) async throws {
        var round = 0
        while round < rounds, ContinuousClock.now < end {
            try await recordSubject(round)
            try await storeObject(destroying: round % 4 == 3)
            if round % 2 == 0 { try await upload(finishing: round % 4 == 0) }
            round += 1
        }
    }

    private func recordSubject(_ round: Int) async throws {
        let thread = ThreadTag.random()
        for seq in 1...4 {
            let fact = Fact(
                seq == 1 ? .subjectRegistered : .subjectChanged, in: thread, plain: ["kind": "organisation"],
                fields: [
                    .init("name", .string("虚构单位 \(number)-\(round)-\(seq)"), .party),
                    .init("code", .string("DEMO-\(number)-\(round)"), .party),
                ])
            let receipt = try await office.casebook.record([fact], by: .system, command: .random())
            guard let index = receipt.indices.first, let head = try await office.casebook.store.head(of: thread),
                head.seq == seq
            else { throw CommandFailure("an acknowledged entry has no place, or not the last one of its thread") }
            Acknowledgement.entry(index: index, commitment: head.commitment).say()
        }
    }

    private func storeObject(destroying: Bool) async throws {
        let facts = try await office.vault.store(Exercise.bytes(Int.random(in: 1...600_000)))
        Acknowledgement.object(facts.id, sha256: facts.sha256).say()
        guard destroying else { return }
        Acknowledgement.destroying(facts.id).say()
        try await office.vault.destroy(facts.id)
        Acknowledgement.destroyed(facts.id).say()
    }

    private func upload(finishing: Bool) async throws {
        let bytes = Exercise.bytes(Int.random(in: 2...400_000))
        let now = office.casebook.now
        let created = try await office.vault.createUpload(
            UploadDeclaration(
                byteCount: Int64(bytes.count), owner: .random(), metadata: .none, created: now,
                expires: Instant(milliseconds: now.milliseconds + UploadDeclaration.shortestLife)))
        Acknowledgement.upload(created.id, offset: 0).say()
        let half = bytes.count / 2
        for part in finishing ? [bytes[..<half], bytes[half...]] : [bytes[..<half]] {
            let append = try await office.vault.append(
                to: created.id, at: Int64(part.startIndex), byteCount: Int64(part.count), checksum: nil)
            do {
                try await append.append(Array(part))
            } catch {
                await append.discard()
                throw error
            }
            Acknowledgement.upload(created.id, offset: try await append.commit()).say()
        }
        guard finishing else { return }
        let facts = try await office.vault.finish(created.id)
        Acknowledgement.object(facts.id, sha256: facts.sha256).say()
    }

    /// Bytes that no two objects share. From one random word (SplitMix64): the system's source would be asked for every
    /// eight bytes, and each call of it stops under strace.
    private static func bytes(_ count: Int) -> [UInt8] {
        var state = UInt64.random(in: .min ... .max)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            withUnsafeBytes(of: word ^ (word >> 31)) { bytes.append(contentsOf: $0) }
        }
        return Array(bytes.prefix(count))
    }
}

/// What a client outside was told, one line each.
enum Acknowledgement: Hashable, Sendable {
    case entry(index: Int64, commitment: Digest)
    case object(ObjectID, sha256: Digest)
    case upload(UploadID, offset: Int64)
    /// The destruction was asked for: from here on the object may be gone.
    case destroying(ObjectID)
    case destroyed(ObjectID)

    var line: String {
        switch self {
        case .entry(let index, let commitment): "entry \(index) \(commitment)"
        case .object(let id, let digest): "object \(id) \(digest)"
        case .upload(let id, let offset): "upload \(id) \(offset)"
        case .destroying(let id): "destroying \(id)"
        case .destroyed(let id): "destroyed \(id)"
        }
    }

    /// Reads a line; nil for anything else.
    init?(_ line: Substring) {
        let words = line.split(separator: " " as Character).map { String($0) }
        switch (words.first, words.count) {
        case ("entry", 3):
            guard let index = Int64(words[1]), let commitment = Digest(words[2]) else { return nil }
            self = .entry(index: index, commitment: commitment)
        case ("object", 3):
            guard let id = ObjectID(words[1]), let digest = Digest(words[2]) else { return nil }
            self = .object(id, sha256: digest)
        case ("upload", 3):
            guard let id = UploadID(words[1]), let offset = Int64(words[2]) else { return nil }
            self = .upload(id, offset: offset)
        case ("destroying", 2):
            guard let id = ObjectID(words[1]) else { return nil }
            self = .destroying(id)
        case ("destroyed", 2):
            guard let id = ObjectID(words[1]) else { return nil }
            self = .destroyed(id)
        default: return nil
        }
    }

    /// Writes the line in one call: it is outside whole, or not at all.
    func say() {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}
#endif
