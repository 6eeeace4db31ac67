import Foundation
import Kernel
import TestKit
import Testing

@testable import Ledger

@Suite("ZIP archives")
struct ZipTests {
    @Test("CRC-32 is the standard one, at every length and in pieces")
    func crc() {
        func crc(_ pieces: [[UInt8]]) -> UInt32 {
            var crc = CRC32()
            for piece in pieces { piece.withUnsafeBytes { crc.update($0) } }
            return crc.value
        }
        #expect(crc([Array("123456789".utf8)]) == 0xCBF4_3926)
        #expect(crc([]) == 0)
        var random = SeededRandom(1)
        for length in 0...40 {
            let bytes = random.bytes(length)
            // Bit by bit, from the definition.
            var state: UInt32 = 0xFFFF_FFFF
            for byte in bytes {
                state ^= UInt32(byte)
                for _ in 0..<8 { state = state & 1 == 1 ? state >> 1 ^ 0xEDB8_8320 : state >> 1 }
            }
            for split in [0, length / 3, length] {
                #expect(crc([Array(bytes[..<split]), Array(bytes[split...])]) == ~state)
            }
        }
    }

    @Test(
        "the archive of a dossier holds its files, has the length foretold, and is the same bytes each time",
        arguments: DossierMode.allCases)
    func roundTrip(mode: DossierMode) throws {
        let fixture = try DossierFixture(.usual, mode: mode)
        let (bag, bytes) = (try fixture.bag(), try fixture.archive())
        #expect(try bytes == fixture.archive())
        #expect(bytes.count == ZipWriter.length(folder: "案卷-示例", files: bag.files.map { ($0.key, $0.value.count) }))
        let zip = try ZipReader(MemoryBytes(bytes))
        #expect(Set(zip.paths()) == Set(bag.files.keys))
        #expect(zip.containerFault == nil)
        for (path, content) in bag.files { #expect(try zip.read(path, limit: .max) == content) }
        for trust in [DossierTrust(key: fixture.key.verifier), DossierTrust(root: fixture.printed.root)] {
            #expect(try DossierVerification.verify(zip, trust: trust).outcome == .accepted)
        }
    }

    @Test("every byte of an archive changed in turn is refused or unreadable")
    func everyByte() throws {
        let fixture = try DossierFixture(.tiny)
        let bytes = try fixture.archive()
        var random = SeededRandom(3)
        let trust = DossierTrust(key: fixture.key.verifier)
        // Of the contents, which one checksum guards as a whole, every sixth byte; of all that is around them, each.
        let archive = MemoryBytes(bytes)
        var contents: Set<Int> = []
        for entry in try ZipDirectory.entries(ZipDirectory.find(in: archive), in: archive) {
            let start = entry.offset + ZipRecords.local(entry).count
            contents.formUnion(start..<(start + entry.size))
        }
        for position in bytes.indices where Soak.isOn || position % 6 == 0 || !contents.contains(position) {
            var changed = bytes
            changed[position] ^= 1 << UInt8.random(in: 0...7, using: &random)
            do throws(DossierUnreadable) {
                let zip = try ZipReader(MemoryBytes(changed))
                // Headers are compared when the archive is opened; contents have their checksum. Either is a reason.
                var fault = zip.containerFault
                for path in zip.paths() where fault == nil { fault = try zip.stream(path) { _ in } }
                #expect(fault != nil, "byte \(position)")
                if position % 97 == 0 { #expect(try DossierVerification.verify(zip, trust: trust).outcome == .refused) }
            } catch {
                #expect([.archive, .unsupported, .name].contains(error.code), "byte \(position)")
            }
        }
    }

    @Test("an archive cut at any byte, or with bytes in front or behind, is never accepted")
    func everyLength() throws {
        let fixture = try DossierFixture(.tiny)
        let bytes = try fixture.archive()
        let trust = DossierTrust(key: fixture.key.verifier)
        func isAccepted(_ bytes: [UInt8]) -> Bool {
            (try? DossierVerification.verify(ZipReader(MemoryBytes(bytes)), trust: trust))?.outcome == .accepted
        }
        #expect(isAccepted(bytes))
        for count in stride(from: 0, to: bytes.count, by: 11) { #expect(!isAccepted(Array(bytes.prefix(count)))) }
        #expect(!isAccepted(bytes + [0]))
        #expect(!isAccepted([0] + bytes))
        #expect(!isAccepted(bytes + bytes))
    }

    @Test("names that leave the folder, links, compression and overlaps are refused when the archive is opened")
    func hostile() throws {
        func archive(_ entries: [(name: String, bytes: [UInt8])], change: (inout ZipRecords.Entry) -> Void = { _ in })
            -> [UInt8]
        {
            var out: [UInt8] = []
            var list: [ZipRecords.Entry] = []
            for item in entries {
                var entry = ZipRecords.Entry(name: Array(item.name.utf8), offset: out.count, size: item.bytes.count)
                var crc = CRC32()
                item.bytes.withUnsafeBytes { crc.update($0) }
                entry.crc = crc.value
                out += ZipRecords.local(entry) + item.bytes + ZipRecords.descriptor(entry)
                change(&entry)
                list.append(entry)
            }
            let directory = list.flatMap { ZipRecords.central($0) }
            return out + directory
                + ZipRecords.end(count: list.count, directorySize: directory.count, directoryOffset: out.count)
        }
        func code(_ bytes: [UInt8]) -> DossierUnreadable.Code? {
            do throws(DossierUnreadable) {
                _ = try ZipReader(MemoryBytes(bytes))
                return nil
            } catch { return error.code }
        }
        #expect(code(archive([("a/bagit.txt", [1])])) == nil)
        for name in ["../a", "a/../b", "/etc/passwd", "a/./b", "a\\b", "a//b", "C:x", "", "a/\u{1}", "a/.. /b"] {
            #expect(code(archive([(name, [1])])) == .name, "\(name)")
        }
        // Two entries over one another's bytes: how a small archive would unfold into a large one.
        let overlapping = archive([("a/x", [1, 2, 3]), ("a/y", [4])]) {
            $0 = ZipRecords.Entry(name: $0.name, offset: 0, size: 1)
        }
        #expect(code(overlapping) == .archive)
        // Sizes beyond the archive.
        let huge = archive([("a/x", [1])]) { $0 = ZipRecords.Entry(name: $0.name, offset: 0, size: 1 << 40) }
        #expect(code(huge) == .archive)
        let far = archive([("a/x", [1])]) { $0 = ZipRecords.Entry(name: $0.name, offset: 1 << 50, size: 1) }
        #expect(code(far) == .archive)
        #expect(code([]) == .archive)
        #expect(code(Array("not an archive at all, but long enough to look at".utf8)) == .archive)
        let twice = try ZipReader(MemoryBytes(archive([("a/bagit.txt", [1]), ("a/x", [1]), ("a/x", [2])])))
        #expect(try DossierVerification.verify(twice).reasons.contains { $0.code == .fileTwice })
    }

    @Test("an archive that another program packed is not read, marked or not: its other readers may see other files")
    func foreign() throws {
        let fixture = try DossierFixture(.tiny)
        let bag = try fixture.bag()
        let files = bag.files.sorted { $0.key.description < $1.key.description }
            .map { (name: Array("案卷-示例/\($0.key)".utf8), bytes: $0.value) }
        let decision = try #require(files.first { $0.name.suffix(4).elementsEqual(".pdf".utf8) } ?? files.last)
        // APPNOTE 4.6.9: a reader that knows the field takes its name instead.
        let other = Array("案卷-示例/other.pdf".utf8)
        let renaming =
            ForeignZip.number(0x7075 as UInt16) + ForeignZip.number(UInt16(other.count + 5)) + [1, 0, 0, 0, 0] + other
        let falseDecision = ForeignZip.local(decision.name, Array("%PDF-1.4 another".utf8), extra: [])
        let ways: [(name: String, bytes: (_ comment: [UInt8]) -> [UInt8])] = [
            ("packed anew", { ForeignZip.archive(files, comment: $0) }),
            ("bytes in front", { ForeignZip.archive(files, comment: $0, prefix: Array("%PDF-1.4\n".utf8)) }),
            ("bytes before the list", { ForeignZip.archive(files, comment: $0, gap: [1, 2, 3]) }),
            ("a hidden file", { ForeignZip.archive(files, comment: $0, gap: falseDecision) }),
            ("another name in a field", { ForeignZip.archive(files, comment: $0, extra: renaming) }),
        ]
        for way in ways {
            for comment in [[], Array("anything".utf8), ZipRecords.marker] {
                let label = "\(way.name), comment \(String(decoding: comment, as: UTF8.self))"
                do throws(DossierUnreadable) {
                    let zip = try ZipReader(MemoryBytes(way.bytes(comment)))
                    #expect(zip.containerFault != nil, "\(label)")
                } catch {
                    #expect(error.code == (comment == ZipRecords.marker ? .archive : .unsupported), "\(label)")
                }
            }
        }
    }

    @Test("large sizes and offsets are written in 64 bits and read back")
    func largeRecords() throws {
        // The records only: a file of five gigabytes proves no more.
        let big = 5_000_000_000
        var entry = ZipRecords.Entry(name: Array("a/x".utf8), offset: big, size: big)
        entry.crc = 7
        #expect(ZipRecords.local(entry).count == 30 + 3 + 20)
        #expect(ZipRecords.descriptor(entry).count == 24)
        let central = ZipRecords.central(entry)
        let directoryOffset = 2 * big + 100
        let tail = central + ZipRecords.end(count: 1, directorySize: central.count, directoryOffset: directoryOffset)
        let sparse = SparseBytes(tail: tail, from: directoryOffset)
        let end = try ZipDirectory.find(in: sparse)
        #expect(end.directoryOffset == directoryOffset && end.count == 1)
        let read = try #require(try ZipDirectory.entries(end, in: sparse).first)
        #expect(read == entry)
        let files = (0..<70_000).map { (path: BagPath(unchecked: "f\($0)"), size: 0) }
        #expect(ZipWriter.length(folder: "a", files: files) > 70_000 * 76)
    }

    @Test("seventy thousand small files need the 64-bit end record, and are all read")
    func manyFiles() throws {
        var zip = try #require(ZipWriter(folder: "a"))
        var bytes: [UInt8] = []
        for number in 0..<70_000 {
            try zip.begin(BagPath(unchecked: "f\(number)"), size: 0)
            try zip.end()
        }
        try zip.finish()
        bytes += zip.takeOutput()
        #expect(
            bytes.count == ZipWriter.length(folder: "a", files: (0..<70_000).map { (BagPath(unchecked: "f\($0)"), 0) }))
        let reader = try ZipReader(MemoryBytes(bytes))
        #expect(reader.paths().count == 70_000 && reader.containerFault == nil)
    }

    /// Zeros up to a place, then the end of an archive.
    private struct SparseBytes: RandomAccessBytes {
        let tail: [UInt8]
        let from: Int
        var count: Int { from + tail.count }

        func read(at offset: Int, count: Int) throws(DossierUnreadable) -> [UInt8] {
            guard offset >= 0, count >= 0, offset + count <= self.count else { throw DossierUnreadable(.archive, "") }
            return (offset..<(offset + count)).map { $0 < from ? 0 : tail[$0 - from] }
        }

        init(tail: [UInt8], from: Int) {
            self.tail = tail
            self.from = from
        }
    }
}

@Suite("Paths and writing")
struct DossierWritingTests {
    @Test("a path that could leave the bag or confuse a reader is none")
    func paths() {
        for good in ["bagit.txt", "data/文书/立案审批表.pdf", "a b/c", "a.b/..c"] {
            #expect(BagPath(good)?.description == good)
        }
        for bad in [
            "", "/", "/a", "a/", "a//b", ".", "..", "a/..", "../a", "a/./b", "a\\b", "a:b", "a*", "a?", "a\"b", "a<b",
            "a>b",
            "a|b", "a%b", "a\nb", "a\u{0}b", "a\u{7F}", "a /b", "a./b", "a.", String(repeating: "长", count: 86),
            String(repeating: "a/", count: 600) + "a",
        ] {
            #expect(BagPath(bad) == nil, "\(bad)")
        }
        #expect(BagPath([0xFF]) == nil)
        let (composed, decomposed) = ("é", "e\u{301}")
        #expect(BagPath(composed) != BagPath(decomposed))
    }

    @Test("the list is read in its one spelling and in no other")
    func manifest() throws {
        let bytes = try DossierFixture(.usual, mode: .complete, audience: .party).manifest.bytes
        #expect(DossierManifest(bytes)?.bytes == bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        for (good, bad) in [
            ("\"mode\":\"complete\"", "\"mode\":\"whole\""), ("liuhen/dossier/v1", "liuhen/dossier/v2"),
            ("\"audience\"", "\"Audience\""), ("\"head\":2", "\"head\":0"), ("\"head\":2", "\"head\":2000000"),
            ("\"path\":\"data/", "\"path\":\"data/ledger/"), ("\"path\":\"data/", "\"path\":\"data/../"),
            ("\"kind\":\"recording\"", "\"kind\":\"page\""), ("{\"audience\"", "{\"a\":1,\"audience\""), ("{", " {"),
        ] {
            #expect(text.contains(good), "\(good)")
            #expect(DossierManifest(Array(text.replacing(good, with: bad).utf8)) == nil, "\(bad)")
        }
    }

    @Test("the writer refuses what would not verify")
    func refusals() throws {
        let fixture = try DossierFixture(.tiny)
        let entry = try #require(fixture.entries.first)
        var writer = try DossierWriter(MemoryBag(), manifest: fixture.manifest, heads: [fixture.head])
        #expect(throws: BagWriteError.mode) { try writer.append(entry, proof: nil) }
        writer = try DossierWriter(MemoryBag(), manifest: fixture.manifest, heads: [fixture.head])
        #expect(throws: ProofError.self) { try writer.append(entry, proof: InclusionProof(hashes: [])) }
        #expect(throws: BagWriteError.heads) { try writer.append(heads: []) }
        #expect(throws: (any Error).self) { try writer.append(heads: [ConsistencyProof(hashes: [])]) }
        let file = try #require(fixture.manifest.files.first)
        let bytes = try #require(fixture.contents[file.path])
        #expect(throws: BagWriteError.size(file.path, expected: bytes.count, actual: bytes.count + 1)) {
            try writer.append(file, bytes + [0])
        }
        writer = try DossierWriter(MemoryBag(), manifest: fixture.manifest, heads: [fixture.head])
        #expect(throws: BagWriteError.digest(file.path)) { try writer.append(file, bytes.map { $0 ^ 1 }) }
        #expect(throws: BagWriteError.notListed(file.path)) { try writer.append(file, bytes) }
        #expect(throws: BagWriteError.entries) { try writer.finish() }
    }

    @Test("a directory is written durably, read back and verified; links in it make it unreadable")
    func directory() throws {
        let fixture = try DossierFixture(.usual)
        let place = try TemporaryDirectory()
        let path = place.path + "/案卷"
        _ = try fixture.write(to: DirectorySink(path: path))
        let source = try DirectorySource(path: path)
        #expect(Set(source.paths()) == Set(try fixture.bag().files.keys))
        #expect(
            try DossierVerification.verify(source, trust: DossierTrust(key: fixture.key.verifier)).outcome == .accepted)
        #expect(throws: DossierUnreadable(.system, "")) { try DirectorySink(path: path) }
        try FileManager.default.createSymbolicLink(atPath: path + "/data/link", withDestinationPath: "/etc/hostname")
        #expect(throws: DossierUnreadable(.name, "")) { try DirectorySource(path: path) }
        #expect(throws: DossierUnreadable(.system, "")) { try DirectorySource(path: path + "/nowhere") }
        #expect(throws: DossierUnreadable(.noBag, "")) {
            let empty = try TemporaryDirectory()
            return try DossierVerification.verify(DirectorySource(path: empty.path))
        }
    }
}

/// Archives as other programs write them.
private enum ForeignZip {
    static func archive(
        _ files: [(name: [UInt8], bytes: [UInt8])], comment: [UInt8], prefix: [UInt8] = [], gap: [UInt8] = [],
        extra: [UInt8] = []
    ) -> [UInt8] {
        var out = prefix
        var list: [UInt8] = []
        for file in files {
            let offset = UInt32(out.count)
            out += local(file.name, file.bytes, extra: extra)
            list += number(0x0201_4B50 as UInt32) + number(0x0314 as UInt16) + common(file.name, file.bytes, extra)
            list += number(0 as UInt16) + number(0 as UInt16) + number(0 as UInt16)
            list += number(ZipRecords.attributes) + number(offset) + file.name + extra
        }
        out += gap
        let start = UInt32(out.count)
        out += list + number(ZipRecords.endSignature) + number(0 as UInt32)
        out += number(UInt16(files.count)) + number(UInt16(files.count)) + number(UInt32(list.count)) + number(start)
        return out + number(UInt16(comment.count)) + comment
    }

    static func local(_ name: [UInt8], _ bytes: [UInt8], extra: [UInt8]) -> [UInt8] {
        number(ZipRecords.localSignature) + common(name, bytes, extra) + name + extra + bytes
    }

    /// What local header and list have in common, from the version on.
    private static func common(_ name: [UInt8], _ bytes: [UInt8], _ extra: [UInt8]) -> [UInt8] {
        var crc = CRC32()
        bytes.withUnsafeBytes { crc.update($0) }
        let size = number(UInt32(bytes.count))
        return number(20 as UInt16) + number(0x800 as UInt16) + number(0 as UInt32) + number(ZipRecords.date)
            + number(crc.value) + size + size + number(UInt16(name.count)) + number(UInt16(extra.count))
    }

    static func number(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
