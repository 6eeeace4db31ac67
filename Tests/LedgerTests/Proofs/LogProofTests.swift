import Kernel
import Ledger
import TestKit
import Testing

@Suite("Proof files (.tlog-proof)")
struct LogProofTests {
    static let entries = sampleEntries(11)
    static let hashes = MemoryHashes(entries: entries)

    private func key() throws -> SigningKey {
        try #require(SigningKey(name: "log.example", seed: NoteTests.seed))
    }

    private func proof(_ index: Int, in size: Int = 11) throws -> LogProof {
        let head = try #require(
            Checkpoint(origin: "log.example", size: size, root: try RightEdge(size: size, reader: Self.hashes).root))
        return LogProof(
            index: index, inclusion: try InclusionProof(of: index, in: size, reader: Self.hashes),
            checkpoint: try head.signed(by: key()))
    }

    @Test("every leaf's file reads back, verifies, and is refused for every other entry")
    func roundTrip() throws {
        let key = try key().verifier
        for size in 1...11 {
            for index in 0..<size {
                let bytes = try proof(index, in: size).bytes
                let read = try LogProof(bytes)
                #expect(read.bytes == bytes)
                #expect(try read.verify(entry: Self.entries[index], key: key).checkpoint.size == size)
                for other in Self.entries.indices where other != index {
                    #expect(throws: LogProofError(.inclusion(ProofError(.root)))) {
                        try read.verify(entry: Self.entries[other], key: key)
                    }
                }
            }
        }
    }

    @Test("a lone bit flipped anywhere in a file is refused")
    func everyBit() throws {
        let key = try key().verifier
        let bytes = try proof(6).bytes
        for bit in 0..<(bytes.count * 8) {
            var changed = bytes
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: LogProofError.self, "bit \(bit)") {
                try LogProof(changed).verify(entry: Self.entries[6], key: key)
            }
        }
    }

    @Test("a file cut at any byte or with a byte added in front or behind is refused")
    func everyLength() throws {
        let key = try key().verifier
        let bytes = try proof(6).bytes
        for count in 0..<bytes.count {
            #expect(throws: LogProofError.self) {
                try LogProof(Array(bytes.prefix(count))).verify(entry: Self.entries[6], key: key)
            }
        }
        for byte in UInt8.min...UInt8.max {
            #expect(throws: LogProofError.self) {
                try LogProof(bytes + [byte]).verify(entry: Self.entries[6], key: key)
            }
            #expect(throws: LogProofError.self) {
                try LogProof([byte] + bytes).verify(entry: Self.entries[6], key: key)
            }
        }
    }

    @Test("lines doubled, dropped or swapped are refused")
    func lines() throws {
        let key = try key().verifier
        let bytes = try proof(6).bytes
        let lines = bytes.split(separator: 10, omittingEmptySubsequences: false).dropLast()
        func refused(_ changed: [ArraySlice<UInt8>]) {
            let file = Array(changed.map { Array($0) + [10] }.joined())
            guard file != bytes else { return }
            #expect(throws: LogProofError.self) { try LogProof(file).verify(entry: Self.entries[6], key: key) }
        }
        for position in lines.indices {
            var changed = Array(lines)
            changed.remove(at: position)
            refused(changed)
            // A second copy of the last line is the same signature twice, which says the same.
            if position < lines.count - 1 {
                changed = Array(lines)
                changed.insert(lines[position], at: position)
                refused(changed)
            }
            for other in lines.indices where other != position {
                changed = Array(lines)
                changed.swapAt(position, other)
                refused(changed)
            }
        }
    }

    @Test("what the specification forbids is refused")
    func strict() throws {
        let text = String(decoding: try proof(6).bytes, as: UTF8.self)
        for (good, bad) in [
            ("index 6", "index 06"), ("index 6", "index +6"), ("index 6", "index -6"), ("index 6", "index "),
            ("index 6", "index 6 "), ("index 6", "Index 6"), ("index 6", "index 9223372036854775808"),
            ("@v1\n", "@v2\n"), ("@v1\n", "@v1 \n"), ("@v1\n", "@v1\r\n"), ("@v1\n", "@v1\n\n"),
            ("index 6", "extra \nindex 6"), ("index 6", "extra A\nindex 6"),
            ("index 6", "extra AA==\nextra AA==\nindex 6"),
            ("index 6", "index 6\nextra AA=="), ("index 6\n", "index 6\n\n"), ("index 6", "index 6\nAAAA"),
        ] {
            #expect(throws: LogProofError.self, "\(bad)") {
                try LogProof(Array(text.replacing(good, with: bad).utf8)).verify(
                    entry: Self.entries[6], key: key().verifier)
            }
        }
        let extra = Array(text.replacing("index 6", with: "extra AQID\nindex 6").utf8)
        let read = try LogProof(extra)
        #expect(read.extra == [1, 2, 3])
        #expect(read.bytes == extra)
        try read.verify(entry: Self.entries[6], key: key().verifier)
    }

    @Test("a file that never ends its hashes is refused before it grows")
    func endless() {
        let line = Base64.encode([UInt8](repeating: 0, count: 32)) + "\n"
        let file = "c2sp.org/tlog-proof@v1\nindex 0\n" + String(repeating: line, count: 64) + "\nx\n"
        #expect(throws: LogProofError(.line(66))) { try LogProof(Array(file.utf8)) }
    }
}
