import Kernel
import TestKit
import Testing

@testable import Ledger

@Suite("Tampering with dossiers")
struct TamperTests {
    /// Every trust root that would accept the untouched dossier.
    private func trusts(_ fixture: DossierFixture) -> [DossierTrust] {
        [
            DossierTrust(key: fixture.key.verifier), DossierTrust(root: fixture.head.checkpoint.root),
            DossierTrust(root: fixture.printed.root), DossierTrust(),
        ]
    }

    private func expectRefused(_ bag: MemoryBag, _ trust: DossierTrust, _ what: @autoclosure () -> String) {
        do {
            let verdict = try DossierVerification.verify(bag, trust: trust)
            #expect(verdict.outcome == .refused, "\(what())")
            #expect(!verdict.reasons.isEmpty)
        } catch is DossierUnreadable {
            // Unreadable is no acceptance; only a bag without its two first files is that.
        } catch {
            Issue.record(error)
        }
    }

    @Test("the untouched dossiers that the other tests change are accepted")
    func untouched() throws {
        for mode in DossierMode.allCases {
            for extent in [DossierFixture.Extent.tiny, .usual] {
                let fixture = try DossierFixture(extent, mode: mode)
                var bag = try fixture.bag()
                let before = bag.files
                bag.mendManifests()
                #expect(bag.files == before, "mending an untouched bag changes nothing")
                for trust in trusts(fixture).dropLast() {
                    #expect(try DossierVerification.verify(bag, trust: trust).outcome == .accepted)
                }
            }
        }
    }

    @Test("every byte changed in turn is noticed by the bag alone, which names the file")
    func everyByte() throws {
        let bag = try DossierFixture(.tiny).bag()
        var random = SeededRandom(5)
        for (path, bytes) in bag.files {
            for position in bytes.indices {
                var changed = bag
                changed.files[path]?[position] ^= 1 << UInt8.random(in: 0...7, using: &random)
                // bag-info.txt is compared later with what the dossier says; here its digest gives it away.
                var check = DossierCheck(source: changed, trust: DossierTrust())
                try check.hashFiles()
                try check.checkTags()
                #expect(!check.reasons.isEmpty, "\(path) at \(position)")
                if !path.description.contains("manifest-") {
                    #expect(check.reasons.contains { $0.subject == path.description })
                }
            }
        }
    }

    @Test(
        "every byte changed in turn is refused when the manifests were mended to fit", arguments: DossierMode.allCases)
    func everyByteMended(mode: DossierMode) throws {
        let fixture = try DossierFixture(.tiny, mode: mode)
        let bag = try fixture.bag()
        let compact = try DossierFixture(.tiny, mode: .compact).bag()
        var random = SeededRandom(6)
        let trusts = trusts(fixture)
        for (path, bytes) in bag.files where !path.description.contains("manifest-") {
            // What a complete dossier shares with the compact one is changed there.
            guard mode == .compact || compact.files[path] != bytes else { continue }
            // Small files whole; of the longer ones every fourth byte, from a start of its own, and all in a soak.
            let step = bytes.count < 400 || Soak.isOn ? 1 : 4
            for position in stride(from: bytes.count % step, to: bytes.count, by: step) {
                var changed = bag
                changed.files[path]?[position] ^= 1 << UInt8.random(in: 0...7, using: &random)
                changed.mendManifests()
                // mendManifests may have put a changed Payload-Oxum right again.
                guard changed.files != bag.files else { continue }
                expectRefused(changed, trusts[position % trusts.count], "\(path) at \(position)")
            }
        }
    }

    @Test(
        "every file removed, emptied, lengthened, renamed or doubled is refused, mended or not",
        arguments: DossierMode.allCases)
    func everyFile(mode: DossierMode) throws {
        let fixture = try DossierFixture(.tiny, mode: mode)
        let bag = try fixture.bag()
        let trust = DossierTrust(key: fixture.key.verifier)
        for (path, bytes) in bag.files {
            var variants: [MemoryBag] = []
            func variant(_ change: (inout MemoryBag) -> Void) {
                var changed = bag
                change(&changed)
                variants.append(changed)
                guard !path.description.contains("manifest-") else { return }
                changed.mendManifests()
                if changed.files != bag.files { variants.append(changed) }
            }
            variant { $0.files[path] = nil }
            variant { $0.files[path] = [] }
            variant { $0.files[path] = bytes + [10] }
            variant { $0.files[path] = Array(bytes.dropLast()) }
            variant { bag in
                bag.files[path] = nil
                if let renamed = BagPath("\(path)x") { bag.files[renamed] = bytes }
            }
            variant { bag in if let copy = BagPath("\(path)x") { bag.files[copy] = bytes } }
            for changed in variants { expectRefused(changed, trust, path.description) }
            var doubled = bag
            doubled.doubled = [path]
            #expect(try DossierVerification.verify(doubled, trust: trust).reasons.contains { $0.code == .fileTwice })
        }
    }

    @Test("every document and recording of a usual case removed or renamed is refused, mended or not")
    func everyPiece() throws {
        let fixture = try DossierFixture(.usual)
        let bag = try fixture.bag()
        for file in fixture.manifest.files {
            for isRenamed in [true, false] {
                var changed = bag
                changed.files[file.path] = nil
                if isRenamed, let path = BagPath("data/文书/改名.pdf") { changed.files[path] = bag.files[file.path] }
                expectRefused(changed, DossierTrust(key: fixture.key.verifier), file.title)
                changed.mendManifests()
                expectRefused(changed, DossierTrust(key: fixture.key.verifier), file.title)
            }
        }
    }

    @Test("any two files swapped are refused, mended or not")
    func swapped() throws {
        let fixture = try DossierFixture(.usual)
        let bag = try fixture.bag()
        let paths = bag.files.keys.filter { $0.description.hasPrefix("data/") }.sorted()
        for first in paths {
            for second in paths where first < second && bag.files[first] != bag.files[second] {
                // Ledger files are many; each is swapped with its neighbours, each document with every other.
                let isNear = abs((paths.firstIndex(of: first) ?? 0) - (paths.firstIndex(of: second) ?? 0)) <= 1
                guard isNear || !(first.description + second.description).contains("data/ledger") else { continue }
                var changed = bag
                changed.files[first] = bag.files[second]
                changed.files[second] = bag.files[first]
                expectRefused(changed, DossierTrust(key: fixture.key.verifier), "\(first) \(second)")
                changed.mendManifests()
                expectRefused(changed, DossierTrust(key: fixture.key.verifier), "\(first) \(second)")
            }
        }
    }

    @Test("a stray file in any folder is refused")
    func strays() throws {
        let fixture = try DossierFixture(.usual)
        for name in [
            "stray", "data/stray", "data/ledger/stray", "data/ledger/tile/0/000", "fetch.txt", "data/文书/.DS_Store",
            "metadata/x",
        ] {
            var bag = try fixture.bag()
            bag.files[try #require(BagPath(name))] = [1]
            expectRefused(bag, DossierTrust(key: fixture.key.verifier), name)
            bag.mendManifests()
            expectRefused(bag, DossierTrust(key: fixture.key.verifier), name)
        }
    }

    @Test("parts of another genuine dossier of the same log do not fit")
    func mixed() throws {
        let court = try DossierFixture(.usual, audience: .court)
        let party = try DossierFixture(.usual, audience: .party)
        let (bag, other) = (try court.bag(), try party.bag())
        for path in bag.files.keys where other.files[path] != bag.files[path] {
            var changed = bag
            changed.files[path] = other.files[path]
            if !path.description.contains("manifest-") { changed.mendManifests() }
            if changed.files != bag.files {
                expectRefused(changed, DossierTrust(key: court.key.verifier), path.description)
            }
        }
    }

    @Test("random damage never crashes the verifier and is never accepted")
    func randomDamage() throws {
        let fixture = try DossierFixture(.tiny, mode: .complete)
        let bag = try fixture.bag()
        var random = SeededRandom(7)
        let paths = bag.files.keys.sorted()
        for _ in 0..<400 {
            var changed = bag
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let path = try #require(paths.randomElement(using: &random))
                var bytes = changed.files[path] ?? []
                switch Int.random(in: 0...3, using: &random) {
                case 0: bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
                case 1: bytes = random.bytes(Int.random(in: 0...200, using: &random))
                case 2: bytes.insert(contentsOf: bytes.prefix(64), at: bytes.count / 2)
                default:
                    for _ in 0..<8 where !bytes.isEmpty {
                        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                    }
                }
                changed.files[path] = bytes
            }
            if Bool.random(using: &random) { changed.mendManifests() }
            guard changed.files != bag.files else { continue }
            expectRefused(changed, DossierTrust(key: fixture.key.verifier), "random damage")
        }
    }
}
