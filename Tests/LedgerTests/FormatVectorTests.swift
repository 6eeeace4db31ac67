import Foundation
import Kernel
import Ledger
import TestKit
import Testing

/// The vector printed in docs/formats.md, read from there and recomputed.
@Suite("docs/formats.md")
struct FormatVectorTests {
    @Test("the printed vector is what the program computes")
    func vector() throws {
        let text = try String(contentsOf: Judge.projectRoot.appendingPathComponent("docs/formats.md"), encoding: .utf8)
        let block = try #require(
            text.components(separatedBy: "```vector\n").dropFirst().first?.components(separatedBy: "```").first)
        var values: [String: [UInt8]] = [:]
        for line in block.split(separator: "\n") {
            let parts = line.components(separatedBy: " = ")
            values[parts[0]] = Array(parts.dropFirst().joined(separator: " = ").replacing("\\n", with: "\n").utf8)
        }
        #expect(values.count == 13)
        func bytes(_ name: String) throws -> [UInt8] { try #require(values[name], "\(name)") }
        func digest(_ name: String) throws -> Digest {
            try #require(Digest(String(decoding: bytes(name), as: UTF8.self)), "\(name)")
        }

        let value = try bytes("field.value")
        #expect(JSON.string("张三").canonicalBytes == value)
        #expect(try Commitment.field(value, salt: Salt(digest("field.salt"))) == digest("field.commitment"))
        let skeleton = try Skeleton(canonical: bytes("entry.skeleton"))
        #expect(skeleton.content.fields == [FieldCommitment(name: "name", commitment: try digest("field.commitment"))])
        let opening = Opening(name: "name", openingClass: .officer, salt: Salt(try digest("field.salt")), value: value)
        let entry = Entry(unchecked: skeleton, salt: Salt(try digest("entry.salt")), prev: .zero, openings: [opening])
        #expect(entry.mismatches.isEmpty)
        #expect(try entry.commitment == digest("entry.commitment"))
        #expect(try entry.leaf.bytes == bytes("leaf"))
        #expect(Leaf(entry.leaf.bytes) == entry.leaf)
        #expect(try RFC6962.leafHash(entry.leaf.bytes) == digest("leaf.hash"))
        let root = MemoryHashes(entries: [entry.leaf.bytes, []]).edge.root
        #expect(try root == digest("root"))
        let key = try #require(
            SigningKey(name: "demo.liuhen.invalid/log/test", seed: [UInt8](repeating: 42, count: 32)))
        #expect(try Array(key.verifier.description.utf8) == bytes("vkey"))
        let head = try #require(Checkpoint(origin: key.verifier.name, size: 2, root: root))
        #expect(try head.signed(by: key) == bytes("checkpoint"))
        #expect(try Array(PaperText.grouped(root).utf8) == bytes("paper.root"))
        #expect(try Array(PaperText.grouped(key.verifier.id).utf8) == bytes("paper.key"))
    }

    @Test("every member of the list and every file of the ledger is described")
    func members() throws {
        let text = try String(contentsOf: Judge.projectRoot.appendingPathComponent("docs/formats.md"), encoding: .utf8)
        let fixture = try DossierFixture(.usual, mode: .complete)
        let json = try JSON(canonical: fixture.manifest.bytes)
        for member in json.members ?? [] { #expect(text.contains("`\(member.key)`"), "\(member.key)") }
        for path in [
            DossierLayout.manifest, DossierLayout.instructions, DossierLayout.checkpoint, DossierLayout.key,
            DossierLayout.heads,
        ] {
            #expect(text.contains("`\(path)`"), "\(path)")
        }
        #expect(text.contains(DossierManifest.format))
    }
}
