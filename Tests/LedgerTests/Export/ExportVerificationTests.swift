import Kernel
import Ledger
import TestKit
import Testing

/// A log of three threads, published as files at one or more sizes one after another.
struct ExportFixture {
    let key: SigningKey
    /// The files; partial tiles of earlier sizes stay, as they do in a directory that is exported into again.
    private(set) var bag = MemoryBag()
    /// The root of every size.
    private(set) var roots: [Digest] = [RFC6962.emptyRoot]

    struct Failure: Error {}

    /// - Parameter twist: changes a leaf before it is put into the log.
    init(
        sizes: [Int], key seed: UInt8 = 42, hasKeyFile: Bool = true,
        twist: (_ index: Int, _ leaf: Leaf) -> [UInt8] = { $1.bytes }
    ) throws {
        guard let key = SigningKey(name: "demo.liuhen.invalid/log/test", seed: [UInt8](repeating: seed, count: 32))
        else { throw Failure() }
        self.key = key
        var random = SeededRandom(11)
        let threads = (0..<3).map { _ in ThreadTag(high: random.next(), low: random.next()) }
        var last: [ThreadTag: Leaf] = [:]
        var leaves: [[UInt8]] = []
        var hashes = MemoryHashes()
        var old = 0
        for size in sizes {
            while leaves.count < size {
                let thread = threads[leaves.count % 3]
                let leaf = Leaf(
                    thread: thread, seq: (last[thread]?.seq ?? 0) + 1, prev: last[thread]?.commitment ?? .zero,
                    commitment: Digest.sha256(random.bytes(8)))
                last[thread] = leaf
                leaves.append(twist(leaves.count, leaf))
                hashes.append(leafHash: RFC6962.leafHash(leaves[leaves.count - 1]))
                roots.append(hashes.edge.root)
            }
            let (all, known) = (leaves, hashes)
            try TileWriter(hashes: known) { Array(all[$0]) }.publish(from: old, to: size) { path, bytes in
                guard let path = BagPath(path) else { throw Failure() }
                bag.files[path] = bytes
            }
            old = size
            guard let head = Checkpoint(origin: key.verifier.name, size: size, root: hashes.edge.root) else {
                throw Failure()
            }
            try put("checkpoint", head.signed(by: key))
            if hasKeyFile { try put("key", Array("\(key.verifier)\n".utf8)) }
        }
    }

    private mutating func put(_ name: String, _ bytes: [UInt8]) throws {
        guard let path = BagPath(name) else { throw Failure() }
        bag.files[path] = bytes
    }
}

@Suite("Checking an exported ledger")
struct ExportVerificationTests {
    private func outcome(_ bag: MemoryBag, _ trust: DossierTrust) throws -> DossierVerdict.Outcome {
        let verdict = try ExportVerification.verify(bag, trust: trust)
        #expect((verdict.outcome == .refused) == !verdict.reasons.isEmpty)
        return verdict.outcome
    }

    @Test(
        "an untouched export is accepted by key and by its root, and else unconfirmed", arguments: [0, 1, 7, 256, 300])
    func untouched(size: Int) throws {
        let export = try ExportFixture(sizes: [size])
        #expect(try ExportVerification.isExport(export.bag))
        #expect(try outcome(export.bag, DossierTrust(key: export.key.verifier)) == .accepted)
        #expect(try outcome(export.bag, DossierTrust(root: export.roots[size])) == .accepted)
        #expect(try outcome(export.bag, DossierTrust()) == .unconfirmed)
        let bare = try ExportFixture(sizes: [size], hasKeyFile: false)
        #expect(try outcome(bare.bag, DossierTrust(key: export.key.verifier)) == .accepted)
        // Nobody looked at the signature: the root alone is not enough.
        #expect(try outcome(bare.bag, DossierTrust(root: export.roots[size])) == .unconfirmed)
        #expect(try outcome(export.bag, DossierTrust(root: .sha256([9]))) == .refused)
    }

    @Test("an older root is known; it confirms no more than it covers")
    func olderRoots() throws {
        let export = try ExportFixture(sizes: [9])
        for size in 0...9 {
            let verdict = try ExportVerification.verify(export.bag, trust: DossierTrust(root: export.roots[size]))
            #expect(
                verdict.outcome == (size == 9 ? .accepted : .unconfirmed)
                    && verdict.facts?.logs.first?.anchoredSize == size)
        }
    }

    @Test("every byte of every file changed in turn is refused, also in partial tiles left by earlier exports")
    func everyByte() throws {
        let export = try ExportFixture(sizes: [2, 5])
        #expect(export.bag.files.count == 6)
        for trust in [DossierTrust(key: export.key.verifier), DossierTrust(root: export.roots[5])] {
            for (path, bytes) in export.bag.files {
                for position in bytes.indices {
                    for bit in [0, 3, 5, 7] {
                        var changed = export.bag
                        changed.files[path]?[position] ^= 1 << UInt8(bit)
                        #expect(try outcome(changed, trust) == .refused, "\(path) at \(position) bit \(bit)")
                    }
                }
            }
        }
    }

    @Test("a checkpoint that is not of this log, or none at all, is refused and said so, never passed over")
    func foreignCheckpoint() throws {
        let export = try ExportFixture(sizes: [5])
        let other = try #require(
            SigningKey(name: "demo.liuhen.invalid/log/other", seed: [UInt8](repeating: 7, count: 32)))
        let head = try #require(Checkpoint(origin: other.verifier.name, size: 3, root: export.roots[3]))
        let own = try #require(Checkpoint(origin: export.key.verifier.name, size: 3, root: export.roots[3]))
        let notes: [([UInt8], DossierVerdict.Outcome, [ExportReason.Code])] = [
            (try own.signed(by: export.key), .accepted, []),
            (try head.signed(by: other), .refused, [.checkpointForeign]),
            (Array("no note".utf8), .refused, [.checkpointForm]),
        ]
        for (note, outcome, codes) in notes {
            var trust = DossierTrust(key: export.key.verifier)
            trust.checkpoints = [note]
            let verdict = try ExportVerification.verify(export.bag, trust: trust)
            #expect(verdict.outcome == outcome && verdict.reasons.map(\.code) == codes)
        }
    }

    @Test("every file removed, emptied, cut, lengthened, renamed, copied, swapped or doubled is refused")
    func everyFile() throws {
        let export = try ExportFixture(sizes: [2, 5])
        let bag = export.bag
        let trust = DossierTrust(key: export.key.verifier)
        // An old partial tile and the copy of the key are no part of what the checkpoint covers: one who has the key
        // from elsewhere misses nothing when they are gone.
        let spare = Set(["tile/entries/000.p/2", "tile/0/000.p/2", "key"].compactMap { BagPath($0) })
        for (path, bytes) in bag.files {
            var variants: [MemoryBag] = []
            func variant(_ change: (inout MemoryBag) -> Void) {
                var changed = bag
                change(&changed)
                variants.append(changed)
            }
            if spare.contains(path) {
                var changed = bag
                changed.files[path] = nil
                #expect(try outcome(changed, trust) == .accepted)
            } else {
                variant { $0.files[path] = nil }
            }
            variant { $0.files[path] = [] }
            variant { $0.files[path] = bytes + [10] }
            variant { $0.files[path] = Array(bytes.dropLast()) }
            for name in [
                "\(path)x", "tile/0/001.p/1", "tile/entries/001", "tile/1/000.p/1", "tile/x", "README", "00/key",
            ] {
                guard let other = BagPath(name) else { continue }
                variant {
                    $0.files[path] = nil
                    $0.files[other] = bytes
                }
                variant { $0.files[other] = bytes }
            }
            for (other, content) in bag.files where other != path && content != bytes {
                variant {
                    $0.files[path] = content
                    $0.files[other] = bytes
                }
            }
            variant { $0.doubled = [path] }
            for (number, changed) in variants.enumerated() {
                #expect(try outcome(changed, trust) == .refused, "\(path) variant \(number)")
            }
        }
    }

    @Test(
        "a log made anew under another key, a second branch, a gap and a foreign leaf are refused though all is signed")
    func forged() throws {
        let genuine = try ExportFixture(sizes: [9])
        let forged = try ExportFixture(sizes: [9], key: 9)
        #expect(try outcome(forged.bag, DossierTrust(key: genuine.key.verifier)) == .refused)
        #expect(try outcome(forged.bag, DossierTrust()) == .unconfirmed)
        func codes(_ twist: (Int, Leaf) -> [UInt8]) throws -> Set<ExportReason.Code> {
            let export = try ExportFixture(sizes: [9], twist: twist)
            let verdict = try ExportVerification.verify(
                export.bag, trust: DossierTrust(key: export.key.verifier, root: export.roots[9]))
            return Set(verdict.reasons.map(\.code))
        }
        #expect(try codes { $1.bytes } == [])
        func moved(_ leaf: Leaf, seq: Int, prev: Digest) -> [UInt8] {
            Leaf(thread: leaf.thread, seq: seq, prev: prev, commitment: leaf.commitment).bytes
        }
        #expect(try codes { $0 == 5 ? moved($1, seq: 1, prev: .zero) : $1.bytes } == [.chain])
        #expect(try codes { $0 == 5 ? moved($1, seq: 3, prev: $1.prev) : $1.bytes } == [.chain])
        #expect(try codes { $0 == 5 ? moved($1, seq: 2, prev: .sha256([1])) : $1.bytes } == [.chain])
        #expect(try codes { $0 == 0 ? moved($1, seq: 1, prev: .sha256([1])) : $1.bytes } == [.chain])
        #expect(try codes { $0 == 5 ? $1.bytes + [10] : $1.bytes } == [.foreignLeaf, .chain])
    }

    @Test("random damage never crashes the check and is never accepted")
    func randomDamage() throws {
        let export = try ExportFixture(sizes: [2, 7])
        var random = SeededRandom(8)
        let paths = export.bag.files.keys.sorted()
        for _ in 0..<600 {
            var changed = export.bag
            let path = try #require(paths.randomElement(using: &random))
            let bytes = changed.files[path] ?? []
            switch Int.random(in: 0...2, using: &random) {
            case 0: changed.files[path] = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
            case 1: changed.files[path] = random.bytes(Int.random(in: 0...200, using: &random))
            default: changed.files[path]?.insert(contentsOf: bytes.prefix(40), at: bytes.count / 2)
            }
            guard changed.files != export.bag.files else { continue }
            #expect(try outcome(changed, DossierTrust(key: export.key.verifier)) == .refused)
        }
    }
}
