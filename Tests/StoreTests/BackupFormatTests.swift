import Foundation
import Kernel
import TestKit
import Testing

@testable import Store

@Suite("The format of a backup")
struct BackupFormatTests {
    /// docs/formats-backup.md; made by another program.
    private static let vector = [
        "6c697568656e2f6261636b75702f76310a000000000000000001020304050607",
        "08090a0b0c0d0e0f111815a2635d6a78010000002d2222222222222222222222",
        "2230c365df6f5471fc915f7d0612b79d534dbd18a16adc859ee8d1c28beea50a",
        "a7e5",
    ].joined()

    @Test("the vector of the documentation opens, and under no other name")
    func vector() throws {
        let bytes = try #require(Hex.decode(BackupFormatTests.vector.utf8))
        let directory = try TemporaryDirectory(inMemory: true)
        try directory.write(bytes, to: "keys-000001-1")
        try directory.write(bytes, to: "keys-000001-2")
        let key = try #require(BackupKey([UInt8](repeating: 0x5A, count: 32)))
        let (backup, keyID) = try #require(SealedForm.parse(head: Array(bytes.prefix(48))))
        #expect(keyID == key.id && backup.bytes == Array(0...15))
        let form = SealedForm(backup: backup, key: key)
        let file = BackupManifest.File(
            name: "keys-000001-1",
            stamp: try FileSource.stamp(of: directory.path + "/keys-000001-1"))
        var records: [ObjectID: KeyRecord] = [:]
        try KeyRecord.read(file, from: try SealedReader(file.name, in: directory.path, form), into: &records)
        let object = try #require(ObjectID([UInt8](repeating: 0x11, count: 16)))
        #expect(records == [object: .gone])
        #expect(throws: BackupError.damaged("keys-000001-2")) {
            try SealedReader("keys-000001-2", in: directory.path, form).takeAll()
        }
    }

    @Test("a file of many chunks reads back whole, and neither cut at a chunk nor with one twice")
    func chunks() throws {
        let directory = try TemporaryDirectory(inMemory: true)
        let key = try #require(BackupKey([UInt8](repeating: 7, count: 32)))
        let form = SealedForm(backup: BackupID(high: 1, low: 2), key: key)
        for count in [0, 1, SealedForm.chunkByteCount, SealedForm.chunkByteCount + 1, 3 * SealedForm.chunkByteCount] {
            let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            let writer = try SealedWriter("keys-1", in: directory.path, form, QuietDisk())
            for start in stride(from: 0, to: count, by: 100_001) {
                try writer.put(Array(plain[start..<min(count, start + 100_001)]))
            }
            let stamp = try writer.finish()
            let reader = try SealedReader("keys-1", in: directory.path, form)
            #expect(try reader.takeAll() == plain && reader.stamp == stamp)
            let bytes = try #require(directory.read("keys-1"))
            let sealed = 5 + SealedForm.overhead + SealedForm.chunkByteCount
            guard bytes.count > 48 + sealed else { continue }
            for changed in [
                Array(bytes.prefix(48 + sealed)), Array(bytes.prefix(48 + sealed)) + bytes[48...],
                Array(bytes.prefix(48)) + bytes[(48 + sealed)...],
            ] {
                try directory.write(changed, to: "keys-1")
                #expect(throws: BackupError.damaged("keys-1")) {
                    try SealedReader("keys-1", in: directory.path, form).takeAll()
                }
            }
        }
    }

    @Test("a manifest says the same after reading, and an unknown version is another program's")
    func manifest() throws {
        let stamp = FileStamp(byteCount: 5, sha256: Digest.zero)
        let manifest = BackupManifest(
            bureau: try #require(BureauTag("zhaoxian")), run: 7, madeAt: Instant(milliseconds: 1),
            logs: [
                .init(
                    number: 1, origin: "o", verifierKey: "k", opened: Instant(milliseconds: 2), size: 3, root: .zero,
                    note: Array("n".utf8))
            ],
            segments: [.init(log: 1, first: 0, count: 3, openings: 4, file: .init(name: "ledger-1", stamp: stamp))],
            generation: 2, generationBegan: Instant(milliseconds: 0),
            keyFiles: [.init(name: "keys-1", stamp: stamp)], installation: .init(name: "installation-1", stamp: stamp),
            serverKeys: ["log": Array("key\n".utf8)])
        #expect(try BackupManifest(manifest.bytes) == manifest)
        let text = String(decoding: manifest.bytes, as: UTF8.self)
        for (old, new, error) in [
            ("\"v\":1", "\"v\":3", BackupError.newerProgram("manifest 3")),
            // Each content has one version: the least that holds it.
            ("\"v\":1", "\"v\":2", .damaged("manifest")),
            ("\"keys-1\"", "\"../x\"", .damaged("manifest")),
            ("\"run\":7", "\"run\":7,\"sun\":7", .damaged("manifest")),
        ] {
            #expect(text.contains(old))
            #expect(throws: error) { try BackupManifest(Array(text.replacing(old, with: new).utf8)) }
        }
        var withRules = manifest
        withRules.ruleFiles = [.init(name: "rules-1", stamp: stamp)]
        #expect(try BackupManifest(withRules.bytes) == withRules && withRules.files.contains { $0.name == "rules-1" })
        let later = String(decoding: withRules.bytes, as: UTF8.self)
        #expect(later.contains("\"v\":2"))
        #expect(throws: BackupError.damaged("manifest")) {
            try BackupManifest(Array(later.replacing("\"v\":2", with: "\"v\":1").utf8))
        }
    }
}
