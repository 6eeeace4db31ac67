import Foundation
import Kernel
import TestKit
import Testing

@testable import Ledger

@Suite("Dossiers across a loss of records")
struct DossierLossTests {
    private typealias Story = LossFixture.Story

    private func told(_ change: (inout Story) -> Void = { _ in }) throws -> LossFixture {
        var story = Story()
        change(&story)
        return try LossFixture(story)
    }

    private func verdict(
        _ fixture: LossFixture, _ trust: DossierTrust
    ) throws -> (outcome: DossierVerdict.Outcome, codes: Set<DossierReason.Code>, held: [DossierGap.Held]) {
        let verdict = try DossierVerification.verify(try fixture.bag(), trust: trust)
        return (verdict.outcome, Set(verdict.reasons.map(\.code)), verdict.facts?.gaps.first?.held ?? [])
    }

    @Test(
        "a dossier made before there were several logs is read as ever",
        arguments: [
            "tiny-compact", "tiny-complete", "usual-complete",
        ])
    func firstFormat(name: String) throws {
        let place = Judge.projectRoot.path + "/Tests/Fixtures/dossier-v1"
        let key = try #require(VerifierKey(try String(contentsOfFile: "\(place)/vkey", encoding: .utf8)))
        let printed = try String(contentsOfFile: "\(place)/\(name).printed-root", encoding: .utf8)
        let root = try #require(PaperText.root(typed: printed))
        func verdict(_ trust: DossierTrust) throws -> DossierVerdict {
            try DossierVerification.verify(ZipReader(FileBytes(path: "\(place)/\(name).zip")), trust: trust)
        }
        for trust in [DossierTrust(key: key), DossierTrust(root: root), DossierTrust(key: key, root: root)] {
            let found = try verdict(trust)
            #expect(found.outcome == .accepted, "\(found.reasons)")
            #expect(found.facts?.gaps.isEmpty == true && found.facts?.logs.map(\.number) == [1])
        }
        #expect(try verdict(DossierTrust()).outcome == .unconfirmed)
        #expect(try verdict(DossierTrust(root: .zero)).outcome == .refused)
    }

    @Test(
        "the newest log's key or root confirms all logs, an older log's alone does not", arguments: DossierMode.allCases
    )
    func trust(mode: DossierMode) throws {
        let fixture = try told { $0.mode = mode }
        let (old, new) = (fixture.keys[0].verifier, fixture.keys[1].verifier)
        let (first, second) = (fixture.logs[0], fixture.logs[1])
        let rows: [(String, DossierTrust, DossierVerdict.Outcome)] = [
            ("nothing", DossierTrust(), .unconfirmed), ("the new key", DossierTrust(key: new), .accepted),
            ("the old key", DossierTrust(key: old), .unconfirmed),
            ("the new root", DossierTrust(root: second.head.root), .accepted),
            ("the new checkpoint", DossierTrust(checkpoints: [try second.note()]), .accepted),
            ("the surviving root", DossierTrust(root: first.head.root), .unconfirmed),
            ("the surviving checkpoint", DossierTrust(checkpoints: [try first.note()]), .unconfirmed),
            ("the printed root", DossierTrust(root: fixture.manifest.heads[0].root), .unconfirmed),
            (
                "the printed root and the new key", DossierTrust(key: new, root: fixture.manifest.heads[0].root),
                .accepted
            ),
        ]
        for (what, trust, outcome) in rows {
            let found = try verdict(fixture, trust)
            #expect(found.outcome == outcome && found.codes.isEmpty, "\(what): \(found)")
        }
        var both = DossierTrust(key: old)
        both.keys.append(new)
        #expect(try verdict(fixture, both).outcome == .accepted)
        let other = try #require(SigningKey(name: new.name, seed: [UInt8](repeating: 1, count: 32))).verifier
        #expect(try verdict(fixture, DossierTrust(key: other)).codes == [.keyOther])
        both.keys.append(other)
        #expect(try verdict(fixture, both).codes == [.keyOther])
        // The first entry of the new log vouches for what it names, but not for the key that is published after it.
        let edge = try RightEdge(size: 1, reader: second.hashes).root
        let early = try verdict(fixture, DossierTrust(root: edge))
        #expect(mode == .complete ? early.outcome == .unconfirmed : early.codes == [.rootUnknown])
        if mode == .complete {
            let published = try RightEdge(size: 2, reader: second.hashes).root
            let facts = try DossierVerification.verify(
                try fixture.bag(), trust: DossierTrust(root: published)
            ).facts
            #expect(try verdict(fixture, DossierTrust(root: published)).outcome == .accepted)
            #expect(facts?.logs.map(\.anchoredSize) == [first.leaves.count, 2])
            #expect(facts?.entriesBeyondAnchor == 2)
        }
    }

    @Test(
        "heads of the lost part that somebody kept name the gap; larger or other ones than the bureau admits are refused"
    )
    func heldHeads() throws {
        for mode in DossierMode.allCases {
            let fixture = try told { $0.mode = mode }
            let new = fixture.keys[1].verifier
            let (size, last) = (fixture.logs[0].leaves.count, fixture.lastSize)
            for lost in (size + 1)...last {
                let (note, root) = (try #require(fixture.signed[lost]), try #require(fixture.roots[lost]))
                let held = DossierGap.Held(size: lost, isNamed: lost == last)
                var found = try verdict(fixture, DossierTrust(key: new, checkpoints: [note]))
                #expect(found.outcome == .accepted && found.held == [held])
                found = try verdict(fixture, DossierTrust(checkpoints: [note]))
                #expect(found.outcome == .unconfirmed && found.held == [held])
                // From paper: the last one is known by its root, those before it only with their size.
                found = try verdict(fixture, DossierTrust(key: new, root: root))
                #expect(lost == last ? found.held == [held] : found.codes == [.rootUnknown])
                found = try verdict(fixture, DossierTrust(key: new, root: root, size: lost))
                #expect(found.outcome == .accepted && found.held == [held])
            }
            for kept in 1...size {
                let found = try verdict(
                    fixture, DossierTrust(key: new, checkpoints: [try #require(fixture.signed[kept])]))
                let isKnown = mode == .complete || kept == size || kept == fixture.manifest.heads[0].size
                #expect(isKnown ? found.outcome == .accepted : found.codes == [.checkpointUnproven], "\(kept)")
                #expect(found.held == [])
            }
            func signed(_ log: Int, _ size: Int, _ root: Digest) throws -> [UInt8] {
                let key = fixture.keys[log]
                return try #require(Checkpoint(origin: key.verifier.name, size: size, root: root)).signed(by: key)
            }
            let rows: [(String, [UInt8], DossierReason.Code)] = [
                ("larger than admitted", try signed(0, last + 1, .zero), .gapUnderstated),
                ("of the admitted size", try signed(0, last, .zero), .gapContradicted),
                ("of the surviving size", try signed(0, size, .zero), .rootUnknown),
                ("newer than the dossier", try signed(1, 99, .zero), .checkpointUnproven),
                ("no checkpoint", [1, 2, 3], .checkpointForeign),
                (
                    "of another log", try DossierFixture(.tiny, seed: [UInt8](repeating: 5, count: 32)).head.note,
                    .checkpointForeign
                ),
            ]
            for (what, note, code) in rows {
                #expect(try verdict(fixture, DossierTrust(key: new, checkpoints: [note])).codes == [code], "\(what)")
            }
            // Beyond all that is admitted, a size from paper excuses nothing.
            #expect(try verdict(fixture, DossierTrust(key: new, root: .zero, size: last + 1)).codes == [.rootUnknown])
        }
    }

    @Test("a first entry that does not truly name the end of the log before it is refused")
    func falseSuccessions() throws {
        let rows: [(String, @Sendable (inout Story) -> Void)] = [
            ("fewer survived", { $0.surviving = { .init(log: 1, size: $0.size - 1, root: $0.root) } }),
            ("another root", { $0.surviving = { .init(log: 1, size: $0.size, root: .zero) } }),
            ("a last head that nobody signed", { $0.noteSeed = 9 }),
            ("no last head", { $0.hidesNote = true }),
            (
                "another root than was signed",
                {
                    $0.previous = { .init(log: 1, size: $0.size + 1, root: .zero) }
                    $0.noteSeed = 9
                }
            ),
            ("another type", { $0.openingType = "bureau.opened" }),
            ("another origin", { $0.previousOrigin = "demo.liuhen.invalid/log/other" }),
        ]
        for mode in DossierMode.allCases {
            for (what, change) in rows {
                let fixture = try told {
                    $0.mode = mode
                    change(&$0)
                }
                let found = try verdict(fixture, DossierTrust(key: fixture.keys[1].verifier))
                #expect(found.outcome == .refused && found.codes == [.succession], "\(what) \(found)")
            }
        }
    }

    @Test("a gap is named with its size and times, and whether the case may be concerned")
    func text() throws {
        func text(_ change: (inout Story) -> Void) throws -> String {
            let fixture = try told(change)
            let trust = DossierTrust(key: fixture.keys[1].verifier)
            let verdict = try DossierVerification.verify(try fixture.bag(), trust: trust)
            #expect(verdict.outcome == .accepted, "\(verdict.reasons)")
            return verdict.chinese(trust: trust)
        }
        let usual = try text { _ in }
        #expect(usual.contains("丢失的记录最多 4 条") && usual.contains("本案可能有记录在丢失之列"))
        #expect(usual.contains("决定启用新账本的人：甲某某、"))
        #expect(try text { $0.beginsAfter = true }.contains("本案不会有记录在丢失之列"))
        #expect(try text { $0.source = .checkpoint }.contains("至少 4 条"))
        let unknown = try text { $0.source = .nothing }
        #expect(unknown.contains("丢失多少条不得而知") && !unknown.contains("机关所称最后已知"))
        // The second log was lost whole, so the third goes on from the first.
        let third = try text { $0.number = 3 }
        #expect(third.contains("第 3 个账本") && third.contains("至少 4 条") && !third.contains("第 2 个账本\n"))
        try Golden.compare(usual, "verdict-gap.txt")
        let fixture = try told { $0.mode = .complete }
        let verdict = try DossierVerification.verify(
            try fixture.bag(), trust: DossierTrust(checkpoints: [try #require(fixture.signed[7])]))
        try Golden.compare(String(decoding: verdict.json.canonicalBytes, as: UTF8.self) + "\n", "verdict-gap.json")
        try Golden.compare(
            String(decoding: try fixture.bag().files[DossierLayout.instructions] ?? [], as: UTF8.self),
            "instructions-gap.txt")
    }

    @Test("a second entry at a place of the case is found in whichever log it stands")
    func secondBranch() throws {
        for mode in DossierMode.allCases {
            let fixture = try told {
                $0.mode = mode
                $0.hasSecondBranch = true
            }
            let found = try verdict(fixture, DossierTrust(key: fixture.keys[1].verifier))
            #expect(mode == .complete ? found.codes == [.secondBranch] : found.outcome == .accepted)
        }
    }

    @Test(
        "every byte of a dossier of two logs changed in turn is refused, the manifests mended",
        arguments: DossierMode.allCases)
    func everyByte(mode: DossierMode) throws {
        let fixture = try told { $0.mode = mode }
        let bag = try fixture.bag()
        var random = SeededRandom(12)
        let trusts = [
            DossierTrust(key: fixture.keys[1].verifier), DossierTrust(root: fixture.logs[1].head.root), DossierTrust(),
        ]
        // What dossiers of one log have too is changed byte by byte in the tests of tampering.
        let opening = DossierLayout.entry(fixture.manifest.logKey.entry.thread, 3)
        for (path, bytes) in bag.files
        where path.description.contains("/log-2/")
            || [DossierLayout.manifest, DossierLayout.instructions, opening].contains(path)
        {
            let step = Soak.isOn ? 1 : bytes.count < 300 ? 3 : 23
            for position in stride(from: bytes.count % step, to: bytes.count, by: step) {
                var changed = bag
                changed.files[path]?[position] ^= 1 << UInt8.random(in: 0...7, using: &random)
                changed.mendManifests()
                guard changed.files != bag.files else { continue }
                let outcome = try? DossierVerification.verify(changed, trust: trusts[position % 3]).outcome
                #expect(outcome == .refused || outcome == nil, "\(path) at \(position)")
            }
        }
        for (path, _) in bag.files where path.description.hasPrefix("data/ledger/log-2/") {
            for replacement in [nil, bag.files[try #require(BagPath(path.description.replacing("log-2/", with: "")))]] {
                var changed = bag
                changed.files[path] = replacement
                guard changed.files != bag.files else { continue }
                changed.mendManifests()
                #expect(try DossierVerification.verify(changed, trust: trusts[0]).outcome == .refused, "\(path)")
            }
        }
    }

    @Test("a list of several logs is read in its one spelling, with numbers that rise and names that follow")
    func manifest() throws {
        let bytes = try told().manifest.bytes
        #expect(DossierManifest(bytes)?.bytes == bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        for (good, bad) in [
            ("liuhen/dossier/v2", "liuhen/dossier/v1"), ("\"n\":2", "\"n\":3"), ("\"n\":2", "\"n\":1"),
            ("log/test/2", "log/test/3"), ("log/test/2", "log/other/2"), ("\"logs\":[", "\"logs\":[{},"),
        ] {
            #expect(text.contains(good), "\(good)")
            #expect(DossierManifest(Array(text.replacing(good, with: bad).utf8)) == nil, "\(bad)")
        }
    }

    @Test("what a first entry says is read back as it was written, and nothing that cannot be so is read")
    func successions() throws {
        let (small, large) = (
            LogSuccession.Head(log: 1, size: 5, root: RFC6962.leafHash([1])),
            LogSuccession.Head(log: 1, size: 9, root: RFC6962.leafHash([2]))
        )
        let at = Instant(milliseconds: 7)
        let good = try #require(
            LogSuccession(log: 2, surviving: small, previous: large, source: .lock, gapFrom: at))
        #expect(LogSuccession(plain: .object(good.members)) == good && good.knownLost == 4 && good.isWholeLoss)
        let changed = try #require(
            LogSuccession(log: 2, surviving: large, previous: large, source: .rotation, gapFrom: at))
        #expect(LogSuccession(plain: .object(changed.members)) == changed)
        #expect(changed.isRotation && changed.knownLost == 0 && changed.isWholeLoss && !good.isRotation)
        for (log, surviving, previous, source) in [
            (1, small, large, LogSuccession.Source.lock), (2, small, large, .rotation), (2, large, small, .lock),
            (2, small, large, .nothing),
            (2, small, LogSuccession.Head(log: 1, size: 5, root: .zero), .lock),
            (2, LogSuccession.Head(log: 1, size: 0, root: RFC6962.emptyRoot), large, .lock),
            (2, small, LogSuccession.Head(log: 2, size: 1, root: .zero), .lock),
        ] {
            #expect(
                LogSuccession(log: log, surviving: surviving, previous: previous, source: source, gapFrom: at) == nil)
        }
        for member in good.members {
            #expect(LogSuccession(plain: .object(good.members.filter { $0.key != member.key })) == nil, "\(member.key)")
        }
    }
}
