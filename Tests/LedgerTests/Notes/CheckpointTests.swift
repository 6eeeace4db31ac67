import Kernel
import Ledger
import TestKit
import Testing

@Suite("Checkpoints and paper")
struct CheckpointTests {
    static let root = RFC6962.leafHash([1])

    @Test("a head reads back and is written without extension lines")
    func roundTrip() throws {
        let key = try #require(SigningKey(generating: "demo.liuhen.invalid/log/zhaoxian"))
        let head = try #require(Checkpoint(origin: key.verifier.name, size: 42, root: Self.root))
        let note = try head.signed(by: key)
        let opened = try VerifiedCheckpoint(note: note, key: key.verifier)
        #expect(opened.checkpoint == head)
        #expect(opened.note == note)
        #expect(head.text.filter { $0 == 10 }.count == 3)
    }

    @Test("extension lines of others are tolerated")
    func extensions() throws {
        let key = try #require(SigningKey(generating: "log.example"))
        let base = try #require(Checkpoint(origin: "log.example", size: 1, root: Self.root)).text
        let note = try key.sign(base + Array("anything\nmore 7\n".utf8))
        #expect(try VerifiedCheckpoint(note: note, key: key.verifier).checkpoint.size == 1)
        let blank = try key.sign(base + Array("\nmore\n".utf8))
        #expect(throws: NoteError(.checkpoint(line: 4))) { try VerifiedCheckpoint(note: blank, key: key.verifier) }
    }

    @Test("a head of another log is refused unless it was asked for")
    func otherOrigin() throws {
        let key = try #require(SigningKey(generating: "log.example"))
        let note = try key.sign(try #require(Checkpoint(origin: "other.example", size: 1, root: Self.root)).text)
        #expect(throws: NoteError(.origin)) { try VerifiedCheckpoint(note: note, key: key.verifier) }
        #expect(try VerifiedCheckpoint(note: note, key: key.verifier, origin: "other.example").checkpoint.size == 1)
    }

    @Test("texts that are no checkpoints are refused with the line")
    func malformed() {
        let root = Base64.encode(Self.root.bytes)
        let cases: [(String, Int)] = [
            ("\n1\n\(root)\n", 1), ("o\n", 2), ("o\n01\n\(root)\n", 2), ("o\n-1\n\(root)\n", 2),
            ("o\n+1\n\(root)\n", 2),
            ("o\n 1\n\(root)\n", 2), ("o\n\n\(root)\n", 2), ("o\n9223372036854775808\n\(root)\n", 2), ("o\n1\n", 3),
            ("o\n1\n\(root.dropLast())\n", 3), ("o\n1\n\(Base64.encode(Self.root.bytes.dropLast()))\n", 3),
            ("o\n1\n\(root) \n", 3), ("o\n0\n\(root)\n", 3), ("o\n1x\n\(root)\n", 2),
        ]
        for (text, line) in cases {
            #expect(throws: NoteError(.checkpoint(line: line)), "\(text)") { try Checkpoint(text: Array(text.utf8)) }
        }
        #expect(throws: NoteError(.text)) { try Checkpoint(text: Array("o\n1\n\(root)".utf8)) }
        #expect(throws: NoteError(.text)) { try Checkpoint(text: []) }
    }

    @Test("no head is made with an impossible origin, size or root")
    func impossible() {
        #expect(Checkpoint(origin: "", size: 1, root: Self.root) == nil)
        #expect(Checkpoint(origin: "a b", size: 1, root: Self.root) == nil)
        #expect(Checkpoint(origin: "a\nb", size: 1, root: Self.root) == nil)
        #expect(Checkpoint(origin: "a", size: -1, root: Self.root) == nil)
        #expect(Checkpoint(origin: "a", size: 0, root: Self.root) == nil)
        #expect(Checkpoint(origin: "a", size: 0, root: RFC6962.emptyRoot) != nil)
    }

    @Test("a root read from paper is the root, however it was typed")
    func paper() {
        let grouped = PaperText.grouped(Self.root)
        #expect(grouped.utf8.count == 64 + 15)
        #expect(grouped.split(separator: " ").allSatisfy { $0.utf8.count == 4 })
        let wide = String(
            String.UnicodeScalarView(grouped.unicodeScalars.compactMap { Unicode.Scalar($0.value + 0xFEE0) ?? $0 }))
        for typed in [
            grouped, Self.root.description, grouped.uppercased(), "  " + grouped.replacing(" ", with: "\n") + "\n",
            grouped.replacing(" ", with: "-"), grouped.replacing(" ", with: "\u{3000}"),
            wide.replacing("\u{FF00}", with: " "),
        ] {
            #expect(PaperText.root(typed: typed) == Self.root, "\(typed)")
        }
    }

    @Test("a root with a digit changed, missing, added or foreign is another root or none")
    func paperMistakes() {
        let digits = Array(Self.root.description)
        for position in digits.indices {
            for digit in "0123456789abcdefgoOlx" where digit != digits[position] {
                var changed = digits
                changed[position] = digit
                #expect(PaperText.root(typed: String(changed)) != Self.root)
            }
            var shorter = digits
            shorter.remove(at: position)
            #expect(PaperText.root(typed: String(shorter)) == nil)
            #expect(PaperText.root(typed: String(shorter[..<position] + ["a", "b"] + shorter[position...])) == nil)
        }
        #expect(PaperText.root(typed: "") == nil)
    }

    @Test("key ids are shown in two groups")
    func keyIDs() throws {
        let key = try #require(SigningKey(name: "n", seed: NoteTests.seed))
        #expect(PaperText.grouped(key.verifier.id).replacing(" ", with: "") == key.verifier.id.description)
        #expect(PaperText.grouped(key.verifier.id).utf8.count == 9)
    }
}
