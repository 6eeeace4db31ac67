import Kernel
import Ledger
import TestKit
import Testing

@Suite("Entries and leaves")
struct EntryTests {
    private func content(seq: Int = 1, plain: JSON = ["kind": "officer"]) throws -> Skeleton.Content {
        Skeleton.Content(
            type: "person.registered", bureau: try #require(BureauTag("test")), thread: ThreadTag(high: 1, low: 2),
            seq: seq,
            recordedAt: Instant(milliseconds: 1_795_000_000_000),
            stated: StatedTime(at: Instant(milliseconds: 1_794_999_000_000), source: .paper),
            actor: .person(ThreadTag(high: 3, low: 4)),
            command: CommandID(high: 5, low: 6),
            rules: [RuleReference(provision: "zhaoxian-2017:8", regulation: .zero)],
            references: [
                EntryReference(role: "corrects", thread: ThreadTag(high: 7, low: 8), seq: 9, commitment: .zero)
            ], plain: plain)
    }

    private func sealed() throws -> Entry {
        var random = SeededRandom(4)
        return try Entry.seal(
            content(), values: [FieldValue("name", "张三", .officer), FieldValue("section", "检查科", .officer)],
            prev: .zero, using: &random)
    }

    @Test("a sealed entry reads back, its openings fit, and no value stands in skeleton or leaf")
    func sealing() throws {
        let entry = try sealed()
        #expect(try Skeleton(canonical: entry.skeleton.bytes) == entry.skeleton)
        #expect(entry.mismatches.isEmpty && entry.openings.count == 2)
        #expect(Leaf(entry.leaf.bytes) == entry.leaf)
        for secret in ["张三", "检查科"] {
            #expect(!String(decoding: entry.skeleton.bytes + entry.leaf.bytes, as: UTF8.self).contains(secret))
        }
        #expect(!String(decoding: entry.leaf.bytes, as: UTF8.self).contains("person"))
        // The formulas, spelled out once more.
        let opening = try #require(entry.openings.first)
        #expect(
            opening.commitment.commitment
                == Digest.sha256(Array("liuhen/field/v1\n".utf8) + opening.salt.value.bytes + opening.value))
        #expect(
            entry.commitment
                == Digest.sha256(Array("liuhen/commit/v1\n".utf8) + entry.salt.value.bytes + entry.skeleton.bytes))
    }

    @Test("every bit of a skeleton, a salt and a value is committed to")
    func everyBit() throws {
        let entry = try sealed()
        for bit in 0..<(entry.skeleton.bytes.count * 8) {
            var changed = entry.skeleton.bytes
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(Commitment.entry(skeleton: changed, salt: entry.salt) != entry.commitment)
            if let skeleton = try? Skeleton(canonical: changed) { #expect(skeleton != entry.skeleton) }
        }
        let opening = try #require(entry.openings.first)
        for bit in 0..<(opening.value.count * 8) {
            var changed = opening.value
            changed[bit / 8] ^= 1 << (bit % 8)
            let other = Opening(name: opening.name, openingClass: .officer, salt: opening.salt, value: changed)
            #expect(
                Entry(unchecked: entry.skeleton, salt: entry.salt, prev: .zero, openings: [other]).mismatches == [
                    opening.name
                ])
        }
        for bit in 0..<256 {
            var salt = opening.salt.value.bytes
            salt[bit / 8] ^= 1 << (bit % 8)
            #expect(
                Commitment.field(opening.value, salt: Salt(try #require(Digest(salt)))) != opening.commitment.commitment
            )
        }
        let doubled = Entry(
            unchecked: entry.skeleton, salt: entry.salt, prev: .zero, openings: entry.openings + [opening])
        #expect(doubled.mismatches.contains(opening.name))
    }

    @Test("a leaf has one spelling: every changed bit, cut and addition is another leaf or none")
    func leaf() throws {
        let entry = try sealed()
        let bytes = entry.leaf.bytes
        for bit in 0..<(bytes.count * 8) {
            var changed = bytes
            changed[bit / 8] ^= 1 << (bit % 8)
            if let leaf = Leaf(changed) {
                #expect(leaf != entry.leaf)
                #expect(leaf.bytes == changed)
            }
        }
        for count in 0..<bytes.count { #expect(Leaf(Array(bytes.prefix(count))) == nil) }
        for byte in UInt8.min...UInt8.max { #expect(Leaf(bytes + [byte]) == nil && Leaf([byte] + bytes) == nil) }
        for (good, bad) in [
            ("seq 1\n", "seq 0\n"), ("seq 1\n", "seq 01\n"), ("seq 1\n", "seq -1\n"), ("v1\n", "v1\r\n"), ("v1", "v2"),
        ] {
            #expect(Leaf(Array(String(decoding: bytes, as: UTF8.self).replacing(good, with: bad).utf8)) == nil)
        }
    }

    @Test(
        "words of people cannot stand open in a skeleton",
        arguments: ["张三", "a b", "", "é", String(repeating: "a", count: 129), "a\n"])
    func openWords(word: String) throws {
        for plain in [["kind": .string(word)], ["list": [.string(word)]], ["deep": ["er": .string(word)]]] as [JSON] {
            #expect(throws: SkeletonError.self) { try Skeleton(content(plain: plain)) }
        }
        #expect(throws: SkeletonError.self) { try Skeleton(content(plain: .object([.init(word, 1)]))) }
    }

    @Test("unknown members, other versions and other spellings of a skeleton are refused")
    func skeletonForm() throws {
        let text = String(decoding: try sealed().skeleton.bytes, as: UTF8.self)
        for (good, bad) in [
            ("\"v\":1", "\"v\":2"), ("\"v\":1}", "\"v\":1,\"x\":1}"), ("{\"actor\"", "{ \"actor\""),
            ("\"seq\":1", "\"seq\":0"),
            ("\"seq\":1", "\"seq\":1.0"), ("\"typeVersion\":1", "\"typeVersion\":0"),
            ("person.registered", "person registered"),
            ("\"bureau\":\"test\"", "\"bureau\":\"Test\""), ("\"by\":\"paper\"", "\"by\":\"rumour\""),
            ("\"refs\"", "\"reft\""),
        ] {
            #expect(text.contains(good), "\(good)")
            #expect(throws: SkeletonError.self, "\(bad)") {
                try Skeleton(canonical: Array(text.replacing(good, with: bad).utf8))
            }
        }
    }

    @Test("the first entry of a thread, and only the first, has nothing before it")
    func previous() throws {
        var random = SeededRandom(4)
        #expect(throws: SkeletonError.self) { try Entry.seal(content(seq: 2), values: [], prev: .zero, using: &random) }
        let prev = Digest.sha256([1])
        #expect(throws: SkeletonError.self) { try Entry.seal(content(seq: 1), values: [], prev: prev, using: &random) }
        #expect(try Entry.seal(content(seq: 2), values: [], prev: prev, using: &random).leaf.prev == prev)
    }
}
