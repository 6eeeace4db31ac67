import Application
import Crypto
import Foundation
import Kernel
import TestKit
import Testing

@testable import Vault

@Suite("Uploads", .serialized)
struct UploadTests {
    @Test("an upload in pieces of any size equals the whole, with or without a restart between any two pieces")
    func pieces() async throws {
        let plain = patterned((2 << 20) + 70_001)
        for cut in [1, 1000, 70_000, (256 << 10) - 1, 256 << 10, (256 << 10) + 1, 400_000, 1 << 20, plain.count] {
            for restarting in [false, true] {
                if cut < 70_000 && restarting { continue }
                var fixture = try await VaultFixture.make()
                let upload = try await fixture.vault.createUpload(fixture.declare(plain.count))
                // Small pieces only around the borders: one write of a byte each costs two fsyncs.
                var borders =
                    cut < 70_000
                    ? [
                        0, 1, 3, 3 + cut, (256 << 10) - cut, 256 << 10, (256 << 10) + cut, (1 << 20) - cut,
                        (1 << 20) + cut,
                    ]
                    : Array(stride(from: 0, to: plain.count, by: cut))
                borders.append(plain.count)
                for (start, end) in zip(borders, borders.dropFirst()) {
                    #expect(try await fixture.append(plain[start..<end], to: upload.id) == Int64(end))
                    if restarting { fixture = try await fixture.reopened() }
                    let status = try await fixture.vault.upload(upload.id)
                    #expect(status.offset == Int64(end) && status.declaration == upload.declaration)
                    #expect(status.isDigestAtHand == !restarting)
                }
                let facts = try await fixture.vault.finish(upload.id)
                #expect(facts == plainFacts(plain, id: upload.object), "pieces of \(cut), restarting \(restarting)")
                #expect(try await fixture.vault.finish(upload.id) == facts)
                #expect(try await fixture.vault.scrub(facts.id, bytesPerSecond: nil) == facts)
                #expect(try await fixture.vault.read(facts.id, at: 0, upTo: plain.count) == plain)
                #expect(try await fixture.vault.upload(upload.id).facts == facts)
                fixture = try await fixture.reopened()
                #expect(try await fixture.vault.uploads().map(\.facts) == [facts])
                #expect(try await fixture.append([], to: upload.id) == Int64(plain.count))
                try await fixture.vault.terminate(upload.id)
                #expect(await code { _ = try await fixture.vault.upload(upload.id) } == .notFound)
                #expect(try await fixture.vault.facts(of: facts.id) == facts)
                await fixture.vault.close()
            }
        }
    }

    @Test("an upload of no bytes becomes an object of no bytes")
    func empty() async throws {
        let fixture = try await VaultFixture.make()
        let upload = try await fixture.vault.createUpload(fixture.declare(0))
        #expect(upload.isComplete)
        let facts = try await fixture.vault.finish(upload.id)
        #expect(facts == plainFacts([], id: upload.object))
        #expect(try await fixture.vault.read(facts.id, at: 0, upTo: 10).isEmpty)
        await fixture.vault.close()
    }

    @Test("a wrong checksum discards the bytes, and the right bytes then go in, aligned or not")
    func checksums() async throws {
        var fixture = try await VaultFixture.make()
        let plain = patterned(1_300_000)
        let wrong = patterned(1_300_000, seed: 99)
        let upload = try await fixture.vault.createUpload(fixture.declare(plain.count))
        for (start, end) in [(0, 100), (100, 300_000), (300_000, 1_200_000), (1_200_000, 1_300_000)] {
            let piece = plain[start..<end]
            let sha256 = try #require(UploadChecksum(algorithm: .sha256, bytes: Array(SHA256.hash(data: piece))))
            let sha1 = try #require(UploadChecksum(algorithm: .sha1, bytes: Array(Insecure.SHA1.hash(data: piece))))
            let refusal = await code {
                _ = try await fixture.append(wrong[start..<end], to: upload.id, checksum: sha256)
            }
            #expect(refusal == .checksumMismatch)
            let short = await code {
                _ = try await fixture.append(piece.dropLast(), to: upload.id, checksum: sha1)
            }
            #expect(short == .checksumMismatch)
            #expect(try await fixture.vault.upload(upload.id).offset == Int64(start))
            if start == 300_000 { fixture = try await fixture.reopened() }
            #expect(
                try await fixture.append(piece, to: upload.id, checksum: start == 100 ? sha1 : sha256) == Int64(end))
        }
        #expect(try await fixture.vault.finish(upload.id) == plainFacts(plain, id: upload.object))
        #expect(UploadChecksum(algorithm: .sha1, bytes: [1, 2, 3]) == nil)
        await fixture.vault.close()
    }

    @Test("one writer at a time, at the right place, with no more than announced")
    func refusals() async throws {
        let fixture = try await VaultFixture.make()
        let vault = fixture.vault
        let id = try await vault.createUpload(fixture.declare(100)).id
        let append = { (offset: Int64, count: Int64?) in
            try await vault.append(to: id, at: offset, byteCount: count, checksum: nil)
        }
        #expect(await code { _ = try await append(1, 1) } == .wrongOffset)
        #expect(await code { _ = try await append(0, 101) } == .tooLong)
        let writer = try await append(0, nil)
        #expect(await code { _ = try await append(0, 1) } == .locked)
        #expect(await code { _ = try await vault.finish(id) } == .locked)
        #expect(await code { try await vault.terminate(id) } == .locked)
        try await writer.append([1, 2, 3])
        #expect(try await vault.upload(id).offset == 0)
        #expect(try await writer.commit() == 3)
        #expect(await code { _ = try await writer.commit() } == .locked)
        #expect(await code { _ = try await vault.finish(id) } == .incomplete)
        let greedy = try await append(3, nil)
        #expect(await code { try await greedy.append(patterned(98)) } == .tooLong)
        await greedy.discard()
        await greedy.discard()
        #expect(try await vault.upload(id).offset == 3)
        let absent = UploadID.random()
        #expect(await code { _ = try await vault.upload(absent) } == .notFound)
        #expect(await code { _ = try await vault.finish(absent) } == .notFound)
        #expect(await code { try await vault.terminate(absent) } == .notFound)
        let nowhere = await code { _ = try await vault.append(to: absent, at: 0, byteCount: 1, checksum: nil) }
        #expect(nowhere == .notFound)
        await vault.close()
    }

    @Test("a terminated upload is gone, its key too, also after a restart")
    func termination() async throws {
        let fixture = try await VaultFixture.make()
        let upload = try await fixture.vault.createUpload(fixture.declare(1000))
        try await fixture.append(patterned(500)[...], to: upload.id)
        let key = try #require(FileManager.default.contents(atPath: fixture.layout.arrival(upload.object).key))
        try await fixture.vault.terminate(upload.id)
        #expect(await code { _ = try await fixture.vault.upload(upload.id) } == .notFound)
        for file in try fixture.rawFiles() { #expect(!contains(file.bytes, key)) }
        let again = try await fixture.reopened()
        #expect(try await again.vault.uploads().isEmpty)
        #expect(try await again.vault.objects().isEmpty)
        await again.vault.close()
    }

    @Test("a long append is durable in between: HEAD tells so, and a killed process loses no more than a stride")
    func strides() async throws {
        var configuration = FileVault.Configuration.small
        configuration.stride = 1 << 20
        let fixture = try await VaultFixture.make(configuration: configuration)
        let plain = patterned((5 << 20) + 1234)
        let id = try await fixture.vault.createUpload(fixture.declare(plain.count)).id
        try await fixture.append(plain[..<100_000], to: id)
        let writer = try await fixture.vault.append(
            to: id, at: 100_000, byteCount: Int64(plain.count - 100_000), checksum: nil)
        var sent = 100_000
        while sent < (3 << 20) + 500_000 {
            try await writer.append(Array(plain[sent..<sent + 70_000]))
            sent += 70_000
            let offset = try await fixture.vault.upload(id).offset
            #expect(offset <= Int64(sent) && offset > Int64(sent) - (3 << 20))
        }
        let durable = try await fixture.vault.upload(id).offset
        #expect(durable >= 2 << 20)
        // The process is killed here: the directory as it is, opened by the next one.
        let copy = try ScratchDirectory()
        try FileManager.default.copyItem(atPath: fixture.path, toPath: copy.path + "/vault")
        let vault = try await FileVault.open(at: copy.path + "/vault", keys: fixture.keys, configuration: .small)
        let heir = VaultFixture(directory: copy, keys: fixture.keys, vault: vault)
        #expect(try await vault.upload(id).offset == durable)
        try await heir.append(plain[Int(durable)...], to: id)
        #expect(try await vault.finish(id) == plainFacts(plain, id: id.unchecked(as: OfObject.self)))
        await vault.close()
        // And what the first one discards is only what no record counted.
        await writer.discard()
        #expect(try await fixture.vault.upload(id).offset == durable)
        try await fixture.append(plain[Int(durable)...], to: id)
        #expect(try await fixture.vault.finish(id) == plainFacts(plain, id: id.unchecked(as: OfObject.self)))
        await fixture.vault.close()
    }

    @Test("of an append whose length nobody announced nothing counts before its end: too many bytes are none")
    func unknownLength() async throws {
        var configuration = FileVault.Configuration.small
        configuration.stride = 1 << 20
        let fixture = try await VaultFixture.make(configuration: configuration)
        let plain = patterned((4 << 20) + 1234)
        let id = try await fixture.vault.createUpload(fixture.declare(plain.count)).id
        try await fixture.append(plain[..<100_000], to: id)
        let writer = try await fixture.vault.append(to: id, at: 100_000, byteCount: nil, checksum: nil)
        for start in stride(from: 100_000, to: plain.count, by: 70_000) {
            try await writer.append(Array(plain[start..<min(start + 70_000, plain.count)]))
            #expect(try await fixture.vault.upload(id).offset == 100_000)
        }
        #expect(await code { try await writer.append([1]) } == .tooLong)
        await writer.discard()
        #expect(try await fixture.vault.upload(id).offset == 100_000)
        let again = try await fixture.reopened()
        #expect(try await again.vault.upload(id).offset == 100_000)
        try await again.append(plain[100_000...], to: id)
        #expect(try await again.vault.finish(id) == plainFacts(plain, id: id.unchecked(as: OfObject.self)))
        await again.vault.close()
    }

    @Test("a task given up in the middle leaves no lock, no promise and nothing half stored")
    func cancellation() async throws {
        let fixture = try await VaultFixture.make()
        let id = try await fixture.vault.createUpload(fixture.declare(5000)).id
        let task = Task {
            let ingest = try await fixture.vault.ingest(byteCount: 5000)
            let writer = try await fixture.vault.append(to: id, at: 0, byteCount: 5000, checksum: nil)
            try await writer.append(patterned(3000))
            try await ingest.append(patterned(3000))
            while !Task.isCancelled { await Task.yield() }
            await ingest.abort()
            return try await writer.commit()
        }
        while try await fixture.vault.room().promised == 0 { await Task.yield() }
        task.cancel()
        #expect(try await task.value == 3000)
        #expect(try await fixture.vault.room().promised == 0)
        #expect(try await fixture.append(patterned(5000)[3000...], to: id) == 5000)
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.layout.incoming) == ["\(id)"])
        await fixture.vault.close()
    }

    @Test("after 30 days and the declared end uploads go, complete ones too; an object that one became stays")
    func expiry() async throws {
        let fixture = try await VaultFixture.make()
        let day: Int64 = 86_400_000
        let month = UploadDeclaration.shortestLife
        let old = try await fixture.vault.createUpload(fixture.declare(10, expires: month))
        let complete = try await fixture.vault.createUpload(fixture.declare(3, expires: month))
        try await fixture.append([1, 2, 3], to: complete.id)
        let finished = try await fixture.vault.createUpload(fixture.declare(3, expires: month))
        try await fixture.append([4, 5, 6], to: finished.id)
        _ = try await fixture.vault.finish(finished.id)
        // One that declares less than 30 days has 30 days all the same.
        let hasty = try await fixture.vault.createUpload(fixture.declare(10, expires: 1000))
        let young = try await fixture.vault.createUpload(fixture.declare(10, expires: month + day))
        let again = try await fixture.reopened()
        #expect(try await again.vault.uploads().first { $0.id == complete.id }?.isComplete == true)
        // No time counts before the clock was confirmed; an instant before all of them changes nothing.
        let late = try await again.vault.removeExpiredUploads(
            at: Instant(milliseconds: month + 1), countedFrom: Instant(milliseconds: 2))
        #expect(late.isEmpty)
        for moment in [1001, month - 1, month] {
            #expect(
                try await again.vault.removeExpiredUploads(
                    at: Instant(milliseconds: moment), countedFrom: nil
                ).isEmpty)
        }
        let removed = try await again.vault.removeExpiredUploads(
            at: Instant(milliseconds: month + 1), countedFrom: Instant(milliseconds: -month))
        #expect(Set(removed) == [old.id, complete.id, finished.id, hasty.id])
        #expect(try await again.vault.uploads().map(\.id) == [young.id])
        #expect(try await again.vault.objects() == [finished.object])
        #expect(try await again.vault.read(finished.object, at: 0, upTo: 3) == [4, 5, 6])
        let left = try FileManager.default.contentsOfDirectory(atPath: fixture.layout.incoming)
        #expect(left == [young.id.description])
        #expect(!FileManager.default.fileExists(atPath: fixture.layout.key(complete.object)))
        await again.vault.close()
    }

    @Test("more uploads than are remembered go on where they stood")
    func forgetting() async throws {
        let fixture = try await VaultFixture.make()
        var ids: [UploadID] = []
        for number in 0..<80 {
            let id = try await fixture.vault.createUpload(fixture.declare(20)).id
            try await fixture.append(patterned(10, seed: UInt64(number))[...], to: id)
            ids.append(id)
        }
        for (number, id) in ids.enumerated() {
            try await fixture.append(patterned(10, seed: UInt64(1000 + number))[...], to: id)
            let facts = try await fixture.vault.finish(id)
            let plain = patterned(10, seed: UInt64(number)) + patterned(10, seed: UInt64(1000 + number))
            #expect(facts == plainFacts(plain, id: facts.id))
        }
        await fixture.vault.close()
    }

    @Test("any byte changed in a journal never moves the offset forward, and what is lost is only sent again")
    func journalBytes() async throws {
        let fixture = try await VaultFixture.make()
        let plain = patterned(90)
        let upload = try await fixture.vault.createUpload(fixture.declare(plain.count))
        for start in stride(from: 0, to: 60, by: 20) {
            try await fixture.append(plain[start..<start + 20], to: upload.id)
        }
        let journal = fixture.layout.arrival(upload.object).journal
        let whole = try #require(FileManager.default.contents(atPath: journal)).map { $0 }
        for position in whole.indices {
            var changed = whole
            changed[position] ^= 1
            try overwrite(journal, changed)
            fixture.vault.uploadTable.begin(with: [upload.object])
            do {
                let offset = try await fixture.vault.upload(upload.id).offset
                #expect([0, 20, 40].contains(offset), "byte \(position)")
                if position % 10 == 0 {
                    try await fixture.append(plain[Int(offset)...], to: upload.id)
                    fixture.vault.uploadTable.begin(with: [upload.object])
                    #expect(try await fixture.vault.upload(upload.id).offset == 90)
                }
            } catch {
                #expect((error as? VaultError)?.code == .damaged, "byte \(position)")
            }
        }
        // Cut anywhere, as by a power cut in mid-write, it stands at a record's end.
        for count in whole.indices {
            try overwrite(journal, Array(whole[..<count]))
            fixture.vault.uploadTable.begin(with: [upload.object])
            let offset = try? await fixture.vault.upload(upload.id).offset
            #expect(offset.map { [0, 20, 40].contains($0) } ?? true, "cut to \(count)")
        }
        await fixture.vault.close()
    }

    @Test("any bit turned in a journal ends it before the record that it stands in")
    func journalBits() throws {
        let (id, key) = (ObjectID.random(), SymmetricKey(size: .bits256))
        let declaration = UploadDeclaration(
            byteCount: 90, owner: Fixed.owner, metadata: Fixed.metadata, created: Instant(milliseconds: 0),
            expires: Instant(milliseconds: UploadDeclaration.shortestLife))
        var (whole, journal) = try UploadJournal.begin(id: id, key: key, declaration: declaration)
        // Where each record ends, and what the journal says there.
        var ends = [(whole.count, Int64(0))]
        for offset in [20, 40, 60] {
            let record = try journal.record(
                offset: Int64(offset), chunks: [], tail: [UInt8](repeating: UInt8(offset), count: 20)[...])
            journal.advance(past: record)
            whole += record
            ends.append((whole.count, Int64(offset)))
        }
        func offset(_ bytes: [UInt8]) -> Int64? {
            UploadJournal.replay(id: id, key: key) { (start: Int64, count: Int) -> [UInt8] in
                Array(bytes.dropFirst(Int(start)).prefix(count))
            }?.offset
        }
        #expect(offset(whole) == 60)
        for bit in 0..<whole.count * 8 {
            var changed = whole
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(offset(changed) == ends.last { $0.0 <= bit / 8 }?.1, "bit \(bit)")
        }
    }

    @Test("a journal with records of another upload or out of order is not followed")
    func journalOrder() async throws {
        let fixture = try await VaultFixture.make()
        let first = try await fixture.vault.createUpload(fixture.declare(100))
        let journal = fixture.layout.arrival(first.object).journal
        let size = { try #require(FileManager.default.contents(atPath: journal)).count }
        let start = try size()
        try await fixture.append(patterned(20)[...], to: first.id)
        let middle = try size()
        try await fixture.append(patterned(20)[...], to: first.id)
        let whole = try #require(FileManager.default.contents(atPath: journal)).map { $0 }
        let skipped = whole[..<start] + whole[middle...]
        let repeated = whole[..<middle] + whole[start..<middle]
        for (bytes, offset) in [(skipped, 0), (repeated, 20)] {
            try overwrite(journal, Array(bytes))
            fixture.vault.uploadTable.begin(with: [first.object])
            #expect(try await fixture.vault.upload(first.id).offset == Int64(offset))
        }
        await fixture.vault.close()
    }

    @Test("metadata is kept as sent, and only well-formed metadata is taken")
    func metadata() throws {
        let text = "filename d29ybGRfZG9taW5hdGlvbl9wbGFuLnBkZg==,is_confidential"
        let metadata = try #require(UploadMetadata(text))
        #expect(metadata.text == text && metadata.fileName == "world_domination_plan.pdf")
        #expect(metadata["is_confidential"] == [])
        #expect(metadata["other"] == nil)
        #expect(UploadMetadata("")?.fileName == nil)
        for bad in [
            ",", "a,,b", " ", "a b=", "a =", "a YQ==,a YQ==", "a Y Q==", "名 YQ==", "a\u{7}", "a YQ==\r\nX: y",
            String(repeating: "a", count: UploadMetadata.byteLimit + 1),
        ] { #expect(UploadMetadata(bad) == nil, "\(bad.prefix(20))") }
    }
}
