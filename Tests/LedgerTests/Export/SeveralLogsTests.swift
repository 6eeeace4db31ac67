import Kernel
import Ledger
import TestKit
import Testing

/// Two logs of one bureau as one export: the second begins after records of the first were lost, or its key was changed.
struct TwoLogs {
    let first = SigningKey(name: "demo.liuhen.invalid/log/two", seed: [UInt8](repeating: 1, count: 32))
    let second = SigningKey(name: "demo.liuhen.invalid/log/two/2", seed: [UInt8](repeating: 2, count: 32))
    private(set) var bag = MemoryBag()
    private(set) var roots: [Int: [Digest]] = [:]
    private(set) var heads: [Int: Checkpoint] = [:]

    struct Failure: Error {}

    /// - Parameters:
    ///   - named: what the second log says of the end of the first; nil: the truth.
    ///   - isRotation: the key was changed and nothing lost.
    ///   - skips: the second log goes on behind a number of the bureau's thread that is in neither.
    init(named: LogSuccession.Head? = nil, isRotation: Bool = false, skips: Bool = false) throws {
        guard let first, let second else { throw Failure() }
        var random = SeededRandom(5)
        let thread = ThreadTag(high: random.next(), low: random.next())
        var leaves: [Leaf] = []
        for seq in 1...3 {
            leaves.append(
                Leaf(
                    thread: thread, seq: seq, prev: leaves.last?.commitment ?? .zero,
                    commitment: .sha256(random.bytes(8))))
        }
        let head = try put(leaves.map(\.bytes), of: 1, key: first, in: "")
        let surviving = named ?? .init(log: 1, size: 3, root: head.root)
        let previous = isRotation ? surviving : LogSuccession.Head(log: 1, size: 5, root: .sha256([5]))
        guard
            let said = LogSuccession(
                log: 2, surviving: surviving, previous: previous, source: isRotation ? .rotation : .lock,
                gapFrom: Instant(milliseconds: 1_790_000_000_000)),
            let bureau = BureauTag("two")
        else { throw Failure() }
        let content = Skeleton.Content(
            type: "log.opened", bureau: bureau, thread: thread, seq: skips ? 5 : 4,
            recordedAt: Instant(milliseconds: 1_790_000_060_000), actor: .system,
            command: CommandID(high: random.next(), low: random.next()), plain: .object(said.members))
        let opening = try Entry.seal(content, values: [], prev: leaves[2].commitment, using: &random)
        let last = Leaf(
            thread: thread, seq: opening.leaf.seq + 1, prev: opening.commitment, commitment: .sha256(random.bytes(8)))
        _ = try put([opening.leaf.bytes, last.bytes], of: 2, key: second, in: "log-2/")
        try put("log-2/opened", DossierEntry(log: 2, index: 0, entry: opening).bytes)
    }

    private mutating func put(
        _ leaves: [[UInt8]], of log: Int, key: SigningKey, in folder: String
    ) throws -> Checkpoint {
        var hashes = MemoryHashes()
        var known = [RFC6962.emptyRoot]
        for leaf in leaves {
            hashes.append(leafHash: RFC6962.leafHash(leaf))
            known.append(hashes.edge.root)
        }
        roots[log] = known
        try TileWriter(hashes: hashes) { Array(leaves[$0]) }.publish(from: 0, to: leaves.count) { path, bytes in
            try put(folder + path, bytes)
        }
        guard let head = Checkpoint(origin: key.verifier.name, size: leaves.count, root: hashes.edge.root) else {
            throw Failure()
        }
        try put(folder + "checkpoint", head.signed(by: key))
        try put(folder + "key", Array("\(key.verifier)\n".utf8))
        heads[log] = head
        return head
    }

    private mutating func put(_ name: String, _ bytes: [UInt8]) throws {
        guard let path = BagPath(name) else { throw Failure() }
        bag.files[path] = bytes
    }
}

@Suite("Checking an export of several logs")
struct SeveralLogsTests {
    private func verdict(_ bag: MemoryBag, _ trust: DossierTrust) throws -> ExportVerdict {
        try ExportVerification.verify(bag, trust: trust)
    }

    private func codes(_ logs: TwoLogs) throws -> Set<ExportReason.Code> {
        Set(try verdict(logs.bag, DossierTrust(key: logs.second?.verifier)).reasons.map(\.code))
    }

    @Test("the newest log's key or root vouches for both; the old key alone, or nothing, leaves them unconfirmed")
    func trust() throws {
        for isRotation in [false, true] {
            let logs = try TwoLogs(isRotation: isRotation)
            #expect(try ExportVerification.isExport(logs.bag))
            let first = try #require(logs.roots[1])
            let second = try #require(logs.roots[2])
            for (trust, outcome, anchors) in [
                (DossierTrust(key: logs.second?.verifier), DossierVerdict.Outcome.accepted, [nil, nil] as [Int?]),
                (DossierTrust(root: second[2]), .accepted, [3, 2]),
                (DossierTrust(root: second[1]), .unconfirmed, [3, 1]),
                (DossierTrust(key: logs.first?.verifier), .unconfirmed, [nil, nil]),
                (DossierTrust(root: first[3]), .unconfirmed, [3, nil]),
                (DossierTrust(root: first[2]), .unconfirmed, [2, nil]), (DossierTrust(), .unconfirmed, [nil, nil]),
                (DossierTrust(root: .sha256([1])), .refused, [nil, nil]),
                (DossierTrust(root: first[3], size: 2), .refused, [nil, nil]),
            ] {
                let found = try verdict(logs.bag, trust)
                #expect(found.outcome == outcome && found.facts?.logs.map(\.anchoredSize) == anchors)
            }
            let text = try verdict(logs.bag, DossierTrust(key: logs.second?.verifier)).chinese(trust: DossierTrust())
            #expect(text.contains(isRotation ? "换用密钥：第 1 个账本到第 3 条为止" : "缺口：第 1 个账本到第 3 条为止"))
        }
    }

    @Test("each log alone is judged as before, the later one with the entry that begins it")
    func alone() throws {
        let logs = try TwoLogs()
        var later = MemoryBag()
        var earlier = MemoryBag()
        for (path, bytes) in logs.bag.files {
            if path.description.hasPrefix("log-2/") {
                later.files[try #require(BagPath(String(path.description.dropFirst(6))))] = bytes
            } else {
                earlier.files[path] = bytes
            }
        }
        #expect(try verdict(later, DossierTrust(key: logs.second?.verifier)).outcome == .accepted)
        #expect(try verdict(earlier, DossierTrust(key: logs.first?.verifier)).outcome == .accepted)
        #expect(try verdict(earlier, DossierTrust(key: logs.second?.verifier)).reasons.map(\.code) == [.keyOther])
    }

    @Test(
        "every byte of every file of both logs changed in turn is refused, and every file removed but a key that is given"
    )
    func everyByte() throws {
        let logs = try TwoLogs()
        let trust = DossierTrust(key: logs.second?.verifier)
        #expect(logs.bag.files.count == 9)
        for (path, bytes) in logs.bag.files {
            var without = logs.bag
            without.files[path] = nil
            // Without its key the first log is vouched for by the second, but nobody looks at its signature.
            let spared: DossierVerdict.Outcome? =
                path.description == "log-2/key" ? .accepted : path.description == "key" ? .unconfirmed : nil
            #expect(try verdict(without, trust).outcome == spared ?? .refused, "without \(path)")
            for position in bytes.indices {
                for bit in [0, 3, 5, 7] {
                    var changed = logs.bag
                    changed.files[path]?[position] ^= 1 << UInt8(bit)
                    #expect(try verdict(changed, trust).outcome == .refused, "\(path) at \(position) bit \(bit)")
                }
            }
        }
    }

    @Test("a second log that names another end, skips a number, is left out or numbered otherwise is refused")
    func forged() throws {
        #expect(try codes(TwoLogs()) == [])
        #expect(try codes(TwoLogs(named: .init(log: 1, size: 3, root: .sha256([8])))) == [.succession])
        #expect(try codes(TwoLogs(named: .init(log: 1, size: 2, root: .sha256([8])))) == [.succession])
        #expect(try codes(TwoLogs(skips: true)) == [.chain])
        let logs = try TwoLogs()
        for number in ["3", "02", "0", "1", "x"] {
            var renamed = MemoryBag()
            for (path, bytes) in logs.bag.files {
                let name = path.description.replacing("log-2/", with: "log-\(number)/")
                renamed.files[try #require(BagPath(name))] = bytes
            }
            #expect(try verdict(renamed, DossierTrust(key: logs.second?.verifier)).outcome == .refused, "\(number)")
        }
    }

    @Test("what was kept of the lost part is told and speaks against nothing; what goes beyond it is refused")
    func lost() throws {
        let logs = try TwoLogs()
        let first = try #require(logs.first)
        func kept(_ size: Int, _ root: Digest) throws -> ExportVerdict {
            let head = try #require(Checkpoint(origin: first.verifier.name, size: size, root: root))
            return try verdict(
                logs.bag, DossierTrust(key: logs.second?.verifier, checkpoints: [try head.signed(by: first)]))
        }
        #expect(try kept(4, .sha256([4])).facts?.held.map(\.size) == [4])
        #expect(try kept(5, .sha256([5])).outcome == .accepted)
        #expect(try kept(5, .sha256([6])).reasons.map(\.code) == [.rootUnknown])
        #expect(try kept(6, .sha256([6])).reasons.map(\.code) == [.rootUnknown])
        #expect(try kept(2, try #require(logs.roots[1])[2]).outcome == .accepted)
        let paper = DossierTrust(key: logs.second?.verifier, root: .sha256([5]), size: 5)
        #expect(try verdict(logs.bag, paper).facts?.held.map(\.size) == [5])
        let rotated = try TwoLogs(isRotation: true)
        let head = try #require(Checkpoint(origin: first.verifier.name, size: 4, root: .sha256([4])))
        let trust = DossierTrust(key: rotated.second?.verifier, checkpoints: [try head.signed(by: first)])
        #expect(try verdict(rotated.bag, trust).outcome == .refused)
    }
}
