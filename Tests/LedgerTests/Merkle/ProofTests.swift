import Kernel
import Ledger
import TestKit
import Testing

@Suite("Inclusion and consistency proofs")
struct ProofTests {
    static let entries = sampleEntries(131)
    static let hashes = MemoryHashes(entries: entries)
    static let leaves = entries.map { RFC6962.leafHash($0) }
    static let roots = (0...130).map { ReferenceTree.root(entries[..<$0]) }

    @Test("every leaf of every tree to size 130 is proven, by the very hashes of the definition")
    func inclusion() throws {
        for size in 1...130 {
            for index in 0..<size {
                let proof = try InclusionProof(of: index, in: size, reader: Self.hashes)
                try proof.verify(leafHash: Self.leaves[index], index: index, size: size, root: Self.roots[size])
            }
        }
        for size in 1...40 {
            for index in 0..<size {
                let proof = try InclusionProof(of: index, in: size, reader: Self.hashes)
                #expect(proof.hashes == ReferenceTree.path(index, Self.entries[..<size]))
            }
        }
    }

    @Test("every pair of sizes to 130 is proven consistent, by the very hashes of the definition")
    func consistency() throws {
        for new in 0...130 {
            for old in 0...new {
                let proof = try ConsistencyProof(from: old, to: new, reader: Self.hashes)
                try proof.verify(old: old, oldRoot: Self.roots[old], new: new, newRoot: Self.roots[new])
            }
        }
        for new in 1...40 {
            for old in 1...new {
                let proof = try ConsistencyProof(from: old, to: new, reader: Self.hashes)
                #expect(proof.hashes == ReferenceTree.consistency(old, Self.entries[..<new]))
            }
        }
    }

    @Test("a lone bit flipped anywhere in an inclusion proof, its leaf or its root is refused")
    func inclusionBits() throws {
        for size in 1...9 {
            for index in 0..<size {
                let hashes = try InclusionProof(of: index, in: size, reader: Self.hashes).hashes
                let parts = hashes + [Self.leaves[index], Self.roots[size]]
                for part in parts.indices {
                    for bit in 0..<256 {
                        var changed = parts
                        changed[part] = flip(bit, of: parts[part])
                        #expect(throws: ProofError(.root)) {
                            try InclusionProof(hashes: Array(changed.dropLast(2))).verify(
                                leafHash: changed[changed.count - 2], index: index, size: size,
                                root: changed[changed.count - 1])
                        }
                    }
                }
            }
        }
    }

    @Test("a lone bit flipped anywhere in a consistency proof or its roots is refused")
    func consistencyBits() throws {
        for new in 1...9 {
            for old in 1..<max(new, 2) where old < new {
                let hashes = try ConsistencyProof(from: old, to: new, reader: Self.hashes).hashes
                let parts = hashes + [Self.roots[old], Self.roots[new]]
                for part in parts.indices {
                    for bit in 0..<256 {
                        var changed = parts
                        changed[part] = flip(bit, of: parts[part])
                        #expect(throws: ProofError(.root)) {
                            try ConsistencyProof(hashes: Array(changed.dropLast(2))).verify(
                                old: old, oldRoot: changed[changed.count - 2], new: new,
                                newRoot: changed[changed.count - 1])
                        }
                    }
                }
            }
        }
    }

    @Test("a proof with a hash dropped, doubled, added or swapped is refused")
    func inclusionShape() throws {
        for size in 1...20 {
            for index in 0..<size {
                let proof = try InclusionProof(of: index, in: size, reader: Self.hashes).hashes
                for hashes in misshapen(proof) {
                    #expect(throws: ProofError.self) {
                        try InclusionProof(hashes: hashes).verify(
                            leafHash: Self.leaves[index], index: index, size: size, root: Self.roots[size])
                    }
                }
            }
            for old in 0...size {
                let proof = try ConsistencyProof(from: old, to: size, reader: Self.hashes).hashes
                for hashes in misshapen(proof) {
                    #expect(throws: ProofError.self) {
                        try ConsistencyProof(hashes: hashes).verify(
                            old: old, oldRoot: Self.roots[old], new: size, newRoot: Self.roots[size])
                    }
                }
            }
        }
    }

    @Test("a proof does not hold for another leaf, index, size or root")
    func otherClaims() throws {
        for size in 2...17 {
            for index in 0..<size {
                let proof = try InclusionProof(of: index, in: size, reader: Self.hashes)
                for other in -1...18 where other != index {
                    #expect(throws: ProofError.self) {
                        try proof.verify(leafHash: Self.leaves[index], index: other, size: size, root: Self.roots[size])
                    }
                    #expect(throws: ProofError.self) {
                        try proof.verify(
                            leafHash: Self.leaves[max(other, 0) == index ? 18 : max(other, 0)], index: index,
                            size: size,
                            root: Self.roots[size])
                    }
                }
                for other in 0...18 where other != size {
                    #expect(throws: ProofError.self) {
                        try proof.verify(
                            leafHash: Self.leaves[index], index: index, size: size, root: Self.roots[other])
                    }
                }
            }
            for old in 1...size {
                let proof = try ConsistencyProof(from: old, to: size, reader: Self.hashes)
                for other in 0...18 where other != old {
                    #expect(throws: ProofError.self) {
                        try proof.verify(old: old, oldRoot: Self.roots[other], new: size, newRoot: Self.roots[size])
                    }
                }
                #expect(throws: ProofError.self) {
                    try proof.verify(
                        old: size, oldRoot: Self.roots[size], new: old, newRoot: Self.roots[old == size ? 1 : old])
                }
            }
        }
    }

    @Test("sizes of zero: everything grows from the empty tree, whose root is that of nothing")
    func zero() throws {
        let empty = ConsistencyProof(hashes: [])
        try empty.verify(old: 0, oldRoot: RFC6962.emptyRoot, new: 0, newRoot: RFC6962.emptyRoot)
        try empty.verify(old: 0, oldRoot: RFC6962.emptyRoot, new: 5, newRoot: Self.roots[5])
        #expect(throws: ProofError(.emptyRoot)) {
            try empty.verify(old: 0, oldRoot: .zero, new: 5, newRoot: Self.roots[5])
        }
        #expect(throws: ProofError(.emptyRoot)) {
            try empty.verify(old: 0, oldRoot: RFC6962.emptyRoot, new: 0, newRoot: .zero)
        }
        #expect(throws: ProofError(.length(1, expected: 0))) {
            try ConsistencyProof(hashes: [.zero]).verify(
                old: 0, oldRoot: RFC6962.emptyRoot, new: 5, newRoot: Self.roots[5])
        }
        #expect(throws: ProofError(.index(0, size: 0))) {
            try InclusionProof(hashes: []).verify(leafHash: .zero, index: 0, size: 0, root: RFC6962.emptyRoot)
        }
    }

    @Test("claims at the ends of the number range are refused without a crash")
    func extremes() {
        for index in [Int.min, -1, 0, 1, Int.max - 1, Int.max] {
            for size in [Int.min, -1, 0, Int.max - 1, Int.max] {
                #expect(throws: ProofError.self) {
                    try InclusionProof(hashes: []).verify(leafHash: .zero, index: index, size: size, root: .zero)
                }
                #expect(throws: (any Error).self) { try InclusionProof(of: index, in: size, reader: Self.hashes) }
                if index != size || size == 0 {
                    #expect(throws: ProofError.self) {
                        try ConsistencyProof(hashes: []).verify(old: index, oldRoot: .zero, new: size, newRoot: .zero)
                    }
                }
                #expect(throws: (any Error).self) {
                    if index == 0, size == 0 { throw ProofError(.size(0)) }
                    _ = try ConsistencyProof(from: index, to: size, reader: Self.hashes)
                }
            }
        }
    }

    private func flip(_ bit: Int, of digest: Digest) -> Digest {
        var bytes = digest.bytes
        bytes[bit / 8] ^= 1 << (bit % 8)
        return Digest(bytes) ?? digest
    }

    private func misshapen(_ proof: [Digest]) -> [[Digest]] {
        var results: [[Digest]] = [proof + [.zero], [.zero] + proof]
        for position in proof.indices {
            var dropped = proof
            dropped.remove(at: position)
            results.append(dropped)
            var doubled = proof
            doubled.insert(proof[position], at: position)
            results.append(doubled)
            if position > 0 {
                var swapped = proof
                swapped.swapAt(position - 1, position)
                results.append(swapped)
            }
        }
        return results
    }
}
