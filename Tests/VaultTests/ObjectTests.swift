import Application
import Foundation
import Kernel
import Ledger
import TestKit
import Testing

@testable import Vault

@Suite("Objects", .serialized)
struct ObjectTests {
    static let sizes = [
        0, 1, 255 << 10, (256 << 10) - 1, 256 << 10, (256 << 10) + 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1,
        (3 << 20) + 7,
    ]

    @Test("an object of any size around a border reads back in every range around a border", arguments: sizes)
    func ranges(size: Int) async throws {
        let fixture = try await VaultFixture.make()
        let plain = patterned(size)
        let facts = try await fixture.vault.store(plain)
        #expect(facts == plainFacts(plain, id: facts.id))
        let unit = 256 << 10
        let borders = Set([
            0, 1, unit - 1, unit, unit + 1, 2 * unit, 4 * unit - 1, 4 * unit, 4 * unit + 1, size - 1, size,
        ])
        .filter { (0...size).contains($0) }.sorted()
        for start in borders {
            for end in borders where end >= start {
                let bytes = try await fixture.vault.read(facts.id, at: Int64(start), upTo: end - start)
                #expect(bytes == Array(plain[start..<end]), "\(start)..<\(end)")
            }
        }
        #expect(try await fixture.vault.read(facts.id, at: Int64(size), upTo: 10).isEmpty)
        #expect(try await fixture.vault.read(facts.id, at: Int64(size) + 99, upTo: 10).isEmpty)
        let again = try await fixture.reopened()
        #expect(try await again.vault.facts(of: facts.id) == facts)
        #expect(try await again.vault.scrub(facts.id, bytesPerSecond: nil) == facts)
        #expect(try await again.vault.objects() == [facts.id])
        var pieces: [UInt8] = []
        for try await piece in again.vault.pieces(of: facts.id, in: 0..<Int64(size)) { pieces += piece }
        #expect(pieces == plain)
        await again.vault.close()
    }

    @Test("ten thousand random ranges equal the plain bytes")
    func randomRanges() async throws {
        let fixture = try await VaultFixture.make()
        let plain = patterned((5 << 20) + 4321)
        let id = try await fixture.vault.store(plain).id
        var random = SeededRandom(2026)
        for _ in 0..<10_000 {
            let start = Int.random(in: 0..<plain.count, using: &random)
            let count = Int.random(in: 0...9000, using: &random)
            let bytes = try await fixture.vault.read(id, at: Int64(start), upTo: count)
            let expected = plain[start..<min(plain.count, start + count)]
            guard bytes.elementsEqual(expected) else {
                Issue.record("\(start) + \(count) differs")
                return
            }
        }
        await fixture.vault.close()
    }

    @Test("any byte changed in a sealed object, its key file or its length is refused")
    func everyByte() async throws {
        let fixture = try await VaultFixture.make()
        let id = try await fixture.vault.store(patterned(100)).id
        let object = fixture.layout.object(id)
        let key = fixture.layout.key(id)
        for path in [object, key] {
            let whole = try #require(FileManager.default.contents(atPath: path)).map { $0 }
            for position in whole.indices {
                var changed = whole
                changed[position] ^= 0x40
                try overwrite(path, changed)
                fixture.vault.openObjects.removeAll()
                let refusal = await code { _ = try await fixture.vault.read(id, at: 0, upTo: 100) }
                #expect(refusal == .damaged || (path == key && refusal == .wrongKey), "\(path) byte \(position)")
            }
            for count in [0, 1, whole.count - 1, whole.count + 1] {
                try overwrite(path, Array((whole + [0]).prefix(count)))
                fixture.vault.openObjects.removeAll()
                let refusal = await code { _ = try await fixture.vault.read(id, at: 0, upTo: 100) }
                #expect(refusal == .damaged, "\(path) cut to \(count)")
            }
            try overwrite(path, whole)
        }
        #expect(try await fixture.vault.read(id, at: 0, upTo: 100) == patterned(100))
        await fixture.vault.close()
    }

    @Test("segments exchanged, moved or taken from another object are refused")
    func swapped() async throws {
        let fixture = try await VaultFixture.make()
        let plain = patterned(3 * (256 << 10))
        let first = try await fixture.vault.store(plain).id
        let second = try await fixture.vault.store(plain).id
        let sealed = try #require(FileManager.default.contents(atPath: fixture.layout.object(first))).map { $0 }
        let other = try #require(FileManager.default.contents(atPath: fixture.layout.object(second))).map { $0 }
        let unit = SealedForm.sealedSegmentByteCount
        let segment = { (number: Int) in 256 + number * unit..<256 + (number + 1) * unit }
        var forms: [[UInt8]] = []
        var exchanged = sealed
        exchanged.replaceSubrange(segment(0), with: sealed[segment(1)])
        exchanged.replaceSubrange(segment(1), with: sealed[segment(0)])
        forms.append(exchanged)
        var repeated = sealed
        repeated.replaceSubrange(segment(2), with: sealed[segment(1)])
        forms.append(repeated)
        var foreign = sealed
        foreign.replaceSubrange(segment(1), with: other[segment(1)])
        forms.append(foreign)
        forms.append(Array(sealed[..<(256 + 2 * unit)]))
        forms.append(other)
        for (number, form) in forms.enumerated() {
            try overwrite(fixture.layout.object(first), form)
            #expect(
                await code { _ = try await fixture.vault.scrub(first, bytesPerSecond: nil) } == .damaged,
                "form \(number)")
        }
        // One object under the other's name, key file and all.
        try overwrite(fixture.layout.object(first), other)
        try overwrite(
            fixture.layout.key(first),
            try #require(FileManager.default.contents(atPath: fixture.layout.key(second))).map { $0 })
        #expect(await code { _ = try await fixture.vault.scrub(first, bytesPerSecond: nil) } == .damaged)
        #expect(try await fixture.vault.scrub(second, bytesPerSecond: 1 << 30).byteCount == Int64(plain.count))
        await fixture.vault.close()
    }

    @Test("a destroyed object cannot be read, also with an older copy of its sealed bytes")
    func destroyed() async throws {
        let fixture = try await VaultFixture.make()
        let plain = patterned(300_000)
        let id = try await fixture.vault.store(plain).id
        let kept = try await fixture.vault.store(plain).id
        let wrapped = try #require(FileManager.default.contents(atPath: fixture.layout.key(id))).map { $0 }
        let sealed = try #require(FileManager.default.contents(atPath: fixture.layout.object(id))).map { $0 }
        _ = try await fixture.vault.read(id, at: 0, upTo: 10)
        try await fixture.vault.destroy(id)
        try await fixture.vault.destroy(id)
        #expect(await code { _ = try await fixture.vault.read(id, at: 0, upTo: 10) } == .gone)
        #expect(try await fixture.vault.objects() == [kept])
        for file in try fixture.rawFiles() {
            #expect(!contains(file.bytes, wrapped[24...].prefix(60)), "wrapped key left in \(file.path)")
            #expect(!contains(file.bytes, sealed[300..<400]), "sealed bytes left in \(file.path)")
        }
        try overwrite(fixture.layout.object(id), sealed)
        let again = try await fixture.reopened()
        #expect(await code { _ = try await again.vault.facts(of: id) } == .gone)
        #expect(await code { try await again.vault.destroy(ObjectID.random()) } == .notFound)
        #expect(await code { _ = try await again.vault.facts(of: .random()) } == .notFound)
        #expect(try await again.vault.read(kept, at: 0, upTo: 300_000) == plain)
        await again.vault.close()
    }

    @Test("without the vault key nothing opens, and with a newer one beside it everything does")
    func vaultKeys() async throws {
        let fixture = try await VaultFixture.make()
        let id = try await fixture.vault.store(patterned(10)).id
        await fixture.vault.close()
        let stranger = try await FileVault.open(at: fixture.path, keys: VaultKeys(current: .random()))
        #expect(await code { _ = try await stranger.facts(of: id) } == .wrongKey)
        await stranger.close()
        let heir = try await FileVault.open(
            at: fixture.path, keys: VaultKeys(current: .random(), older: [fixture.keys.current]))
        #expect(try await heir.read(id, at: 0, upTo: 10) == patterned(10))
        await heir.close()
    }

    @Test("no plain byte, digest or file name stands in the vault's files")
    func nothingPlain() async throws {
        let fixture = try await VaultFixture.make()
        let plain = patterned((1 << 20) + 300_000)
        let facts = try await fixture.vault.store(plain)
        let upload = try await fixture.vault.createUpload(fixture.declare(plain.count))
        try await fixture.append(plain[..<(1 << 20)], to: upload.id)
        try await fixture.append(plain[(1 << 20)..<((1 << 20) + 1000)], to: upload.id)
        let chunk = Kernel.Digest.sha256(Array(plain[..<(1 << 20)]))
        let needles: [[UInt8]] = [
            facts.sha256.bytes, facts.chunkRoot.bytes, chunk.bytes, Array(facts.sha256.description.utf8),
            Array(plain[0..<32]), Array(plain[(1 << 20)..<((1 << 20) + 32)]), Array("filename".utf8),
            Array("执法记录".utf8),
        ]
        for file in try fixture.rawFiles() {
            for needle in needles { #expect(!contains(file.bytes, needle[...]), "plain bytes in \(file.path)") }
        }
        await fixture.vault.close()
    }

    @Test("more or fewer bytes than announced are refused and leave nothing behind")
    func lengths() async throws {
        let fixture = try await VaultFixture.make()
        let short = try await fixture.vault.ingest(byteCount: 10)
        try await short.append(patterned(9))
        #expect(await code { _ = try await short.finish() } == .incomplete)
        let long = try await fixture.vault.ingest(byteCount: 10)
        #expect(await code { try await long.append(patterned(11)) } == .tooLong)
        await long.abort()
        let negative = await code { _ = try await fixture.vault.ingest(byteCount: -1) }
        #expect(negative == .tooLong)
        #expect(try await fixture.vault.objects().isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.layout.incoming).isEmpty)
        #expect(try await fixture.vault.room().promised == 0)
        await fixture.vault.close()
    }

    @Test("what the disk cannot hold is refused before the first byte")
    func reserve() async throws {
        var configuration = FileVault.Configuration()
        configuration.reserve = 1 << 60
        let fixture = try await VaultFixture.make(configuration: configuration)
        #expect(try await fixture.vault.room().available == 0)
        #expect(await code { _ = try await fixture.vault.ingest(byteCount: 1) } == .full)
        #expect(await code { _ = try await fixture.vault.createUpload(fixture.declare(1)) } == .full)
        #expect(fixture.vault.stopCause == nil)
        await fixture.vault.close()
        let roomy = try await fixture.reopened()
        let room = try await roomy.vault.room()
        let whole = try await roomy.vault.ingest(byteCount: room.available / 2)
        #expect(await code { _ = try await roomy.vault.ingest(byteCount: room.available / 2) } == .full)
        await whole.abort()
        await roomy.vault.close()
    }

    @Test("more senders than admitted are told to come again")
    func admission() async throws {
        var configuration = FileVault.Configuration.small
        configuration.writers = 2
        let fixture = try await VaultFixture.make(configuration: configuration)
        let first = try await fixture.vault.ingest(byteCount: 3)
        let second = try await fixture.vault.ingest(byteCount: 3)
        #expect(await code { _ = try await fixture.vault.ingest(byteCount: 3) } == .busy)
        await first.abort()
        await first.abort()
        let third = try await fixture.vault.ingest(byteCount: 3)
        try await third.append([1, 2, 3])
        _ = try await third.finish()
        #expect(await code { _ = try await third.finish() } == .locked)
        await second.abort()
        await fixture.vault.close()
    }

    @Test("many senders at once, some slow and some lost, all get their own bytes back")
    func concurrent() async throws {
        var configuration = FileVault.Configuration.small
        configuration.blocks = 4
        let fixture = try await VaultFixture.make(configuration: configuration)
        // Senders that sit on half a block must not keep the others from theirs.
        var idle: [any Ingest] = []
        for _ in 0..<6 {
            let ingest = try await fixture.vault.ingest(byteCount: 1 << 20)
            try await ingest.append(patterned(1000))
            idle.append(ingest)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let plain = patterned((2 << 20) + number * 100_003, seed: UInt64(number))
                    let facts = try await fixture.vault.store(plain)
                    let same = try await fixture.vault.read(facts.id, at: 0, upTo: plain.count) == plain
                    #expect(same && facts == plainFacts(plain, id: facts.id), "sender \(number)")
                }
            }
            try await group.waitForAll()
        }
        for ingest in idle { await ingest.abort() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.layout.incoming).isEmpty)
        await fixture.vault.close()
    }

    @Test("the measure of ingest stores what it says and leaves nothing")
    func rate() async throws {
        let fixture = try await VaultFixture.make()
        let rate = try await IngestRate.measure(fixture.vault, byteCount: 1_000_001, senders: 2)
        #expect(rate.byteCount == 2_000_002 && rate.bytesPerSecond > 0)
        #expect(try await fixture.vault.objects().isEmpty)
        await fixture.vault.close()
    }

    @Test("one process holds a vault at a time, and no vault is made over another")
    func lock() async throws {
        let fixture = try await VaultFixture.make()
        #expect(await code { _ = try await FileVault.open(at: fixture.path, keys: fixture.keys) } == .locked)
        #expect(await code { try await FileVault.create(at: fixture.path) } == .faulty)
        let missing = await code { _ = try await FileVault.open(at: fixture.path + "-none", keys: fixture.keys) }
        #expect(missing == .notFound)
        await fixture.vault.close()
        try overwrite(fixture.layout.formatFile, Array("liuhen/vault/v2\n".utf8))
        #expect(await code { _ = try await FileVault.open(at: fixture.path, keys: fixture.keys) } == .damaged)
    }
}

func overwrite(_ path: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
}

func contains(_ haystack: [UInt8], _ needle: some Collection<UInt8>) -> Bool {
    Data(haystack).range(of: Data(needle)) != nil
}
