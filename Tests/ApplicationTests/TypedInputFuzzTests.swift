import Application
import Kernel
import TestKit
import Testing

/// What people and upload clients type or send, under mutated inputs: `Parser` has the outsider's formats, this the rest.
@Suite("Recovery groups and upload fields under mutated inputs", .serialized)
struct TypedInputFuzzTests {
    /// Eight groups of a sheet, one on a line.
    private func sheet(_ key: [UInt8]) throws -> [UInt8] {
        let day = try #require(CivilDay("2026-11-20"))
        let sheet = try #require(RecoverySheet(backupKey: key, verifierKey: "k", bureauName: "试验", printedOn: day))
        return Array(sheet.groups.joined(separator: "\n").utf8)
    }

    @Test("mutated recovery groups are refused with the number of a group, or are the same key spelled otherwise")
    func recoveryGroups() throws {
        var random = SeededRandom(Mutation.seed)
        let keys = [random.bytes(32), random.bytes(32), [UInt8](repeating: 0, count: 32)]
        var mutation = Mutation(of: try keys.map(sheet), seed: Mutation.seed)
        var (refused, same) = (0, 0)
        for _ in 0..<Mutation.inputs {
            let text = String(decoding: mutation.next(), as: UTF8.self)
            let typed = text.split(separator: "\n" as Character, omittingEmptySubsequences: false).map { String($0) }
            let key: [UInt8]
            do throws(RecoverySheet.WrongGroup) {
                key = try RecoverySheet.key(fromGroups: typed)
            } catch {
                #expect((1...typed.count + 1).contains(error.number))
                refused += 1
                continue
            }
            let groups = String(decoding: try sheet(key), as: UTF8.self).split(separator: "\n" as Character)
            #expect(try RecoverySheet.key(fromGroups: groups.map { String($0) }) == key)
            // Splices may put a group of one sheet into its place on another; the check letter knows the place only.
            #expect(zip(typed, groups).allSatisfy { $0.filter { !" -".contains($0) }.utf8.count == $1.utf8.count })
            same += 1
        }
        #expect(refused > Mutation.inputs / 10)
        #expect(same > 0)
    }

    @Test("a mutated Upload-Metadata field is refused, or kept as it was sent with every value decoded")
    func uploadMetadata() throws {
        let samples = ["filename 546w5Zy6Lm1wNA==,filetype dmlkZW8vbXA0", "is_confidential", "a QQ==, b Qg==", ""]
        var mutation = Mutation(of: samples.map { Array($0.utf8) }, seed: Mutation.seed)
        var refused = 0
        for number in 0..<Mutation.inputs {
            let bytes = mutation.next()
            guard let text = String(validating: bytes, as: UTF8.self), let metadata = UploadMetadata(text) else {
                refused += 1
                continue
            }
            #expect(metadata.text.utf8.elementsEqual(bytes), "input \(number)")
            #expect(bytes.allSatisfy { (0x20...0x7E).contains($0) }, "input \(number)")
            for pair in text.split(separator: "," as Character) {
                let words = pair.drop { $0 == " " }.split(separator: " " as Character, maxSplits: 1)
                guard words.count == 2 else { continue }
                let value = try #require(metadata[String(words[0])], "input \(number)")
                #expect(Base64.encode(value).utf8.elementsEqual(words[1].utf8), "input \(number)")
            }
            _ = metadata.fileName
        }
        #expect(refused > Mutation.inputs / 10)
    }

    @Test("a checksum is of its algorithm's length or none")
    func checksums() {
        for algorithm in UploadChecksum.Algorithm.allCases {
            for count in 0...70 {
                let checksum = UploadChecksum(algorithm: algorithm, bytes: [UInt8](repeating: 7, count: count))
                #expect((checksum != nil) == (count == algorithm.byteCount))
            }
        }
    }
}
