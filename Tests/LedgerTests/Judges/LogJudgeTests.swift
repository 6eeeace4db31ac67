import Foundation
import Kernel
import Ledger
import TestKit
import Testing

/// Logs are exported and read by programs that stand on Go's `sumdb` packages and on pymerkle.
@Suite("Foreign judges of the log", .serialized)
struct LogJudgeTests {
    /// Where a tile or a level fills, one before and one behind it, and beyond.
    static let sizes = [0, 1, 2, 255, 256, 257, 300, 65_535, 65_536, 65_537, 70_000]

    /// Writes a log of `size` entries with every claim that the judges check.
    private func export(size: Int, to directory: TemporaryDirectory, key: SigningKey) throws -> Int {
        let entries = sampleEntries(size)
        let hashes = MemoryHashes(entries: entries)
        try TileWriter(hashes: hashes) { Array(entries[$0]) }.publish(to: size) { try directory.write($1, to: $0) }
        func note(_ size: Int) throws -> [UInt8] {
            let root = try RightEdge(size: size, reader: hashes).root
            return try #require(Checkpoint(origin: key.verifier.name, size: size, root: root)).signed(by: key)
        }
        try directory.write(try note(size), to: "checkpoint")
        var claims: [String] = []
        func words(_ digests: [Digest]) -> String { digests.map { " " + Base64.encode($0.bytes) }.joined() }
        let olderSizes = Array(Set([0, 1, size / 3, size / 2, max(size - 1, 0), size])).filter { $0 <= size }.sorted()
        for old in olderSizes {
            let (oldRoot, root) = (try RightEdge(size: old, reader: hashes).root, hashes.edge.root)
            let proof = try ConsistencyProof(from: old, to: size, reader: hashes).hashes
            claims.append("consistency \(old)\(words([oldRoot])) \(size)\(words([root] + proof))")
            try directory.write(try note(old), to: "older-\(old)")
            claims.append("older older-\(old)")
        }
        for index in stride(from: 0, to: size, by: size > 1000 ? 97 : 1) {
            let proof = try InclusionProof(of: index, in: size, reader: hashes).hashes
            claims.append(
                "inclusion \(size)\(words([hashes.edge.root])) \(index)\(words([RFC6962.leafHash(entries[index])] + proof))"
            )
        }
        try directory.write(Array((claims.joined(separator: "\n") + "\n").utf8), to: "claims.txt")
        return claims.count
    }

    @Test(
        "Go's transparency log packages read our notes and tiles and accept our proofs",
        .enabled(if: Judge.go != nil || Judge.required, "Go or its module package is not installed"))
    func golang() throws {
        let go = try #require(Judge.go, "LIUHEN_JUDGES=1 and Go or its module package is missing")
        let work = try TemporaryDirectory()
        let judge = work.path + "/logjudge"
        let built = try Judge.run(
            go, ["build", "-o", judge, Judge.projectRoot.path + "/Tests/Judges/logjudge/main.go"], in: work,
            environment: [
                "GOPATH": "/usr/share/gocode", "GO111MODULE": "off", "GOCACHE": work.path + "/cache", "GOFLAGS": "",
            ])
        #expect(built.status == 0, "\(built.output)")
        let key = try #require(SigningKey(generating: "demo.liuhen.invalid/log/judged"))
        for size in Self.sizes {
            let directory = try TemporaryDirectory()
            let claims = try export(size: size, to: directory, key: key)
            let verdict = try Judge.run(judge, [directory.path, key.verifier.description], in: work)
            #expect(verdict.output == "ok \(size) \(claims)\n")
            #expect(verdict.status == 0)
        }
        // The judge is no rubber stamp: a changed tile, entry, claim or key is refused.
        for path in ["tile/0/000", "tile/entries/001.p/44", "tile/1/000.p/1", "checkpoint", "claims.txt"] {
            let directory = try TemporaryDirectory()
            _ = try export(size: 300, to: directory, key: key)
            var bytes = try #require(directory.read(path))
            bytes[bytes.count / 2] ^= 1
            try directory.write(bytes, to: path)
            #expect(try Judge.run(judge, [directory.path, key.verifier.description], in: work).status != 0, "\(path)")
        }
    }

    @Test(
        "pymerkle computes the same roots and the same inclusion paths",
        .enabled(if: Judge.python != nil || Judge.required, "the project's Python environment is not set up"))
    func pymerkle() throws {
        let python = try #require(Judge.python, "LIUHEN_JUDGES=1 and .venv/bin/python is missing")
        let key = try #require(SigningKey(generating: "demo.liuhen.invalid/log/judged"))
        let script = Judge.projectRoot.path + "/Tests/Judges/treejudge.py"
        for size in Self.sizes {
            let directory = try TemporaryDirectory()
            let claims = try export(size: size, to: directory, key: key)
            let verdict = try Judge.run(python, [script, directory.path], in: directory)
            #expect(verdict.output == "ok \(size) \(claims)\n")
        }
        let directory = try TemporaryDirectory()
        _ = try export(size: 20, to: directory, key: key)
        var bytes = try #require(directory.read("tile/entries/000.p/20"))
        bytes[40] ^= 1
        try directory.write(bytes, to: "tile/entries/000.p/20")
        #expect(try Judge.run(python, [script, directory.path], in: directory).status != 0)
    }
}
