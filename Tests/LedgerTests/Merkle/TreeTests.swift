import Kernel
import Ledger
import TestKit
import Testing

@Suite("Merkle tree")
struct TreeTests {
    static let entries = sampleEntries(131)
    static let hashes = MemoryHashes(entries: entries)

    @Test("leaf and node hashes are one prefix byte and the content, at every length around the copying limit")
    func hashing() {
        for length in [0, 1, 31, 32, 255, 256, 1023, 1024, 4095, 4096, 4097, 70_000] {
            let entry = [UInt8](repeating: 0xA5, count: length)
            #expect(RFC6962.leafHash(entry) == Digest.sha256([0] + entry))
        }
        let (left, right) = (RFC6962.leafHash([1]), RFC6962.leafHash([2]))
        #expect(RFC6962.nodeHash(left, right) == Digest.sha256([1] + left.bytes + right.bytes))
        #expect(RFC6962.nodeHash(left, right) != RFC6962.nodeHash(right, left))
    }

    @Test("the edge gives the root of the definition at every size to 130")
    func roots() throws {
        var edge = RightEdge()
        for size in 0...130 {
            let expected = ReferenceTree.root(Self.entries[..<size])
            #expect(edge.size == size)
            #expect(edge.root == expected)
            #expect(try RightEdge(size: size, reader: Self.hashes) == edge)
            #expect(RightEdge(size: size, hashes: edge.hashes) == edge)
            edge.append(RFC6962.leafHash(Self.entries[size]))
        }
    }

    @Test("an edge with a hash too many or too few is refused")
    func edgeLengths() {
        for size in 0...40 {
            for count in 0...8 where count != size.nonzeroBitCount {
                #expect(RightEdge(size: size, hashes: Array(repeating: .zero, count: count)) == nil)
            }
        }
        #expect(RightEdge(size: -1, hashes: []) == nil)
        #expect(throws: ProofError(.size(-1))) { try RightEdge(size: -1, reader: Self.hashes) }
        #expect(throws: ProofError(.size(.max))) { try RightEdge(size: .max, reader: Self.hashes) }
        #expect(throws: ProofError.self) { try RightEdge(size: 4000, reader: Self.hashes) }
    }

    @Test("numbers run without gap in the order in which appending makes the hashes")
    func numbering() {
        var expected = 0
        for leaf in 0..<3000 {
            #expect(StoredHash.count(forSize: leaf) == expected)
            var level = 0
            // Leaf n completes the subtree of each level whose last leaf it is.
            while true {
                let n = leaf >> level
                #expect(StoredHash.index(level: level, n: n) == expected)
                let coordinate = StoredHash.coordinate(ofIndex: expected)
                #expect(coordinate.level == level && coordinate.n == n)
                expected += 1
                guard (leaf >> level) & 1 == 1 else { break }
                level += 1
            }
        }
        for (level, n) in [(0, 1 << 59), (40, 3), (59, 0), (8, 1 << 50)] {
            let coordinate = StoredHash.coordinate(ofIndex: StoredHash.index(level: level, n: n))
            #expect(coordinate.level == level && coordinate.n == n)
        }
    }

    @Test("stored hashes are the roots of the subtrees that their numbers stand for")
    func storedHashes() throws {
        for index in Self.hashes.hashes.indices {
            let (level, n) = StoredHash.coordinate(ofIndex: index)
            let range = (n << level)..<((n + 1) << level)
            #expect(Self.hashes.hashes[index] == ReferenceTree.root(Self.entries[range]))
        }
        #expect(Self.hashes.hashes.count == StoredHash.count(forSize: Self.entries.count))
    }
}

@Suite("Vectors of transparency-dev/merkle", .enabled(if: Vectors.present, "LIUHEN_VECTORS is not set"))
struct MerkleVectorTests {
    @Test("hashes of the hasher cases")
    func hasher() throws {
        let cases = try Vectors.json("transparency-dev-merkle/extracted/rfc6962_hasher.json")["cases"].array
        #expect(cases.count == 4)
        for vector in cases {
            let want = try #require(vector["want"].string)
            let hash: Digest
            if let left = vector["left_utf8"].string, let right = vector["right_utf8"].string {
                // The vector's children are four bytes long, so the formula itself is what can be compared.
                hash = Digest.sha256([1] + Array(left.utf8) + Array(right.utf8))
            } else if let leaf = vector["leaf_utf8"].string {
                hash = RFC6962.leafHash(Array(leaf.utf8))
            } else if let leaf = vector["leaf_hex"].string {
                hash = RFC6962.leafHash(try #require(Hex.decode(leaf.utf8)))
            } else {
                hash = RFC6962.emptyRoot
            }
            #expect(hash.description == want)
        }
    }

    @Test("roots, nodes and edges of the reference tree")
    func referenceTree() throws {
        let json = try Vectors.json("transparency-dev-merkle/extracted/rfc6962_reference_tree.json")
        let leaves = try json["leaf_inputs_hex"].array.map { try #require($0.string.flatMap { Hex.decode($0.utf8) }) }
        #expect(leaves.count == 8)
        let hashes = MemoryHashes(entries: leaves)
        for (size, root) in json["root_hash_by_size_hex"].array.enumerated() {
            #expect(try RightEdge(size: size, reader: hashes).root.description == root.string)
        }
        for (level, nodes) in json["node_hashes_by_level_hex"].array.enumerated() {
            for (n, node) in nodes.array.enumerated() {
                #expect(hashes.hashes[StoredHash.index(level: level, n: n)].description == node.string)
            }
        }
        for (size, edge) in json["compact_range_by_size"].array.enumerated() {
            let expected = try edge.array.map { name -> Digest in
                let parts = try #require(name.string).split(separator: "/").compactMap { Int($0) }
                return hashes.hashes[StoredHash.index(level: parts[0], n: parts[1])]
            }
            #expect(try RightEdge(size: size, reader: hashes).hashes == expected)
        }
    }
}
