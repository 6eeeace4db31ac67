import Kernel
import Ledger
import TestKit
import Testing

@Suite("Dossiers")
struct DossierTests {
    static let forms: [(DossierFixture.Extent, DossierMode, DossierAudience)] = [
        (.tiny, .compact, .court), (.tiny, .complete, .party), (.usual, .compact, .archive), (.usual, .compact, .court),
        (.usual, .compact, .party), (.usual, .complete, .archive), (.usual, .complete, .party),
    ]

    @Test(
        "an untouched dossier is accepted by key, by root and by a root printed earlier, and else unconfirmed",
        arguments: forms)
    func untouched(extent: DossierFixture.Extent, mode: DossierMode, audience: DossierAudience) throws {
        let fixture = try DossierFixture(extent, mode: mode, audience: audience)
        let bag = try fixture.bag()
        let trusts: [(DossierTrust, DossierVerdict.Outcome)] = [
            (DossierTrust(), .unconfirmed), (DossierTrust(key: fixture.key.verifier), .accepted),
            (DossierTrust(root: fixture.head.checkpoint.root), .accepted),
            (DossierTrust(root: fixture.printed.root), .accepted),
            (DossierTrust(key: fixture.key.verifier, root: fixture.printed.root), .accepted),
        ]
        for (trust, outcome) in trusts {
            let verdict = try DossierVerification.verify(bag, trust: trust)
            #expect(verdict.reasons == [])
            #expect(verdict.outcome == outcome)
        }
        let facts = try #require(
            try DossierVerification.verify(bag, trust: DossierTrust(root: fixture.printed.root)).facts)
        #expect(facts.anchoredSize == fixture.printed.size)
        #expect(facts.entries == fixture.manifest.places.count)
        #expect(facts.entriesBeyondAnchor == fixture.entries.count { $0.index >= fixture.printed.size })
        #expect(facts.entriesBeyondAnchor > 0 && facts.timeBeyondAnchor > 0)
        let withheld = fixture.manifest.withheld.count
        #expect(facts.fieldsWithheld == withheld)
        #expect((withheld > 0) == (audience == .party || (audience == .court && extent == .usual)))
    }

    @Test("what is withheld is nowhere in the dossier")
    func withheldIsAbsent() throws {
        func holds(_ text: String, _ audience: DossierAudience) throws -> Bool {
            try DossierFixture(.usual, audience: audience).bag().files.values.contains { bytes in
                String(decoding: bytes, as: UTF8.self).contains(text)
            }
        }
        #expect(try holds("举报人甲", .archive))
        #expect(try !holds("举报人甲", .court))
        #expect(try !holds("举报人甲", .party))
        #expect(try holds("内部意见", .court))
        #expect(try !holds("内部意见", .party))
        #expect(try !holds("另一案", .archive))
    }

    @Test("a wrong key and a wrong root are refused, alone and beside a right one")
    func wrongTrust() throws {
        let fixture = try DossierFixture(.tiny)
        let bag = try fixture.bag()
        let other = try #require(SigningKey(name: fixture.key.verifier.name, seed: [UInt8](repeating: 1, count: 32)))
            .verifier
        for trust in [
            DossierTrust(key: other), DossierTrust(root: .zero), DossierTrust(key: fixture.key.verifier, root: .zero),
            DossierTrust(key: other, root: fixture.head.checkpoint.root), DossierTrust(root: RFC6962.leafHash([])),
        ] {
            let verdict = try DossierVerification.verify(bag, trust: trust)
            #expect(verdict.outcome == .refused)
            #expect(verdict.reasons.contains { [.keyOther, .rootUnknown].contains($0.code) })
            #expect(verdict.reasons.allSatisfy { [.keyOther, .rootUnknown].contains($0.code) })
        }
    }

    @Test("a complete dossier knows every older root of its log, a compact one only those it lists")
    func olderRoots() throws {
        for mode in DossierMode.allCases {
            let fixture = try DossierFixture(.usual, mode: mode)
            let bag = try fixture.bag()
            var edge = RightEdge()
            for leaf in fixture.leaves {
                edge.append(RFC6962.leafHash(leaf))
                let verdict = try DossierVerification.verify(bag, trust: DossierTrust(root: edge.root))
                let isListed = edge.size == fixture.printed.size || edge.size == fixture.leaves.count
                if mode == .compact, !isListed {
                    #expect(verdict.outcome == .refused)
                } else {
                    // A root from before the key was published vouches for no key.
                    #expect(verdict.outcome == (edge.size < 2 ? .unconfirmed : .accepted))
                }
            }
        }
    }

    @Test("a dossier made anew under another key is refused with the key and the root, and never accepted without")
    func otherKey() throws {
        let genuine = try DossierFixture(.usual)
        let forged = try DossierFixture(.usual, seed: [UInt8](repeating: 9, count: 32))
        let bag = try forged.bag()
        for (trust, outcome) in [
            (DossierTrust(key: genuine.key.verifier), .refused),
            (DossierTrust(root: genuine.head.checkpoint.root), .refused),
            (DossierTrust(root: genuine.printed.root), .refused), (DossierTrust(), .unconfirmed),
        ] as [(DossierTrust, DossierVerdict.Outcome)] {
            #expect(try DossierVerification.verify(bag, trust: trust).outcome == outcome)
        }
    }

    @Test("a checkpoint signed anew under another key is refused even with its own root, for the log published its key")
    func signedAnew() throws {
        let fixture = try DossierFixture(.tiny)
        let other = try #require(SigningKey(name: fixture.key.verifier.name, seed: [UInt8](repeating: 1, count: 32)))
        var bag = try fixture.bag()
        let note = try fixture.head.checkpoint.signed(by: other)
        bag.files[DossierLayout.checkpoint] = note
        bag.files[DossierLayout.key] = Array("\(other.verifier)\n".utf8)
        for entry in fixture.entries {
            let path = DossierLayout.proof(entry.place.thread, entry.place.seq)
            let proof = try LogProof(try #require(bag.files[path]))
            bag.files[path] = LogProof(index: proof.index, inclusion: proof.inclusion, checkpoint: note).bytes
        }
        bag.mendManifests()
        for trust in [
            DossierTrust(), DossierTrust(root: fixture.head.checkpoint.root), DossierTrust(key: other.verifier),
        ] {
            let verdict = try DossierVerification.verify(bag, trust: trust)
            #expect(verdict.outcome == .refused)
            #expect(verdict.reasons.contains { $0.code == .keyEntry })
        }
    }

    @Test("a list that the bureau itself falsified before recording the export is refused for what it hides")
    func falsifiedLists() throws {
        func codes(
            _ mode: DossierMode = .compact, branch: Bool = false, _ alter: (inout DossierManifest) -> Void = { _ in }
        ) throws -> Set<DossierReason.Code> {
            let fixture = try DossierFixture(.usual, mode: mode, hasSecondBranch: branch, alter: alter)
            var bag = try fixture.bag()
            bag.mendManifests()
            let verdict = try DossierVerification.verify(bag, trust: DossierTrust(key: fixture.key.verifier))
            #expect((verdict.outcome == .accepted) == verdict.reasons.isEmpty)
            return Set(verdict.reasons.map(\.code))
        }
        #expect(try codes() == [])
        #expect(
            try codes {
                $0.threads.removeAll { whole in whole.head == 2 }
                $0.files.removeAll { $0.kind == .recording }
            } == [.threadLeftOut])
        #expect(try codes { $0.files.removeAll { $0.kind == .recording } } == [.evidenceLeftOut])
        #expect(try codes { $0.files.removeAll { $0.title == "立案审批表" } } == [.evidenceLeftOut])
        #expect(
            try codes { manifest in
                let file = manifest.files.first { $0.kind == .recording }
                manifest.files.removeAll { $0.kind == .recording }
                if let source = file?.source {
                    manifest.withheld.append(.init(place: source, what: .file, ground: "举报人信息依法保密"))
                }
                manifest.withheld.sort { $0.place < $1.place }
            } == [.withheldWithoutGround], "the reader may have a file of its class, whatever ground is told")
        #expect(
            try codes { manifest in
                guard let source = manifest.files.first(where: { $0.kind == .document })?.source else { return }
                manifest.withheld.append(.init(place: source, what: .file, ground: "举报人信息依法保密"))
                manifest.withheld.sort { $0.place < $1.place }
            } == [.listing])
        #expect(
            try codes { manifest in
                let place = FieldPlace(entry: EntryPlace(thread: manifest.caseThread, seq: 1), field: "title")
                manifest.withheld.insert(.init(place: place, what: .field, ground: "举报人信息依法保密"), at: 0)
                manifest.withheld.sort { $0.place < $1.place }
            } == [.listing])
        #expect(
            try codes { manifest in
                manifest.logKey = FieldPlace(entry: EntryPlace(thread: manifest.caseThread, seq: 1), field: "title")
            } == [.keyEntry])
        // The writer would not write it: a head that an entry says was printed, swapped for another.
        #expect(throws: (any Error).self) { try codes { $0.heads = [.init(size: 1, root: .zero)] } }
        // Only all leaves show that there is a second entry at the same place.
        #expect(try codes(.compact, branch: true) == [])
        #expect(try codes(.complete, branch: true) == [.secondBranch])
    }

    @Test("a recording whose bytes are right and whose entry names another chunk root is refused, whatever is mended")
    func chunkRoot() throws {
        for size in [0, 1, 1 << 20, (1 << 20) + 1, 3 << 20] {
            let genuine = try DossierFixture(.usual, videoBytes: size)
            let verdict = try DossierVerification.verify(
                try genuine.bag(), trust: DossierTrust(key: genuine.key.verifier))
            #expect(verdict.outcome == .accepted, "\(size): \(verdict.reasons)")
        }
        let fixture = try DossierFixture(.usual, wrongChunkRoot: true)
        var bag = try fixture.bag()
        bag.mendManifests()
        let verdict = try DossierVerification.verify(bag, trust: DossierTrust(key: fixture.key.verifier))
        #expect(verdict.outcome == .refused)
        #expect(Set(verdict.reasons.map(\.code)) == [.chunkRoot])
        #expect(verdict.reasons.count == fixture.manifest.files.count { $0.source != nil })
    }

    @Test("a field that this reader may not have, and one that is left out and should be there, are refused")
    func classes() throws {
        func codes(
            _ audience: DossierAudience, _ change: (inout [DossierManifest.Withheld]) -> Void
        ) throws -> [DossierReason.Code] {
            let fixture = try DossierFixture(.usual, audience: audience, withholding: change)
            let verdict = try DossierVerification.verify(
                try fixture.bag(), trust: DossierTrust(key: fixture.key.verifier))
            #expect(verdict.outcome == (verdict.reasons.isEmpty ? .accepted : .refused))
            return verdict.reasons.map(\.code)
        }
        #expect(try codes(.party) { _ in } == [])
        #expect(try codes(.party) { $0.removeAll { $0.place.field == "review" } } == [.notForThisReader])
        #expect(try codes(.party) { $0.removeAll { $0.place.field == "fileName" } } == [.notForThisReader])
        #expect(
            try codes(.court) { withheld in
                guard let item = withheld.first else { return }
                let place = FieldPlace(entry: EntryPlace(thread: item.place.entry.thread, seq: 1), field: "title")
                withheld.append(.init(place: place, what: .field, ground: item.ground))
                withheld.sort { $0.place < $1.place }
            } == [.withheldWithoutGround])
    }

    @Test("a file is left out on the ground of its class alone, and as lost only where an entry found it so")
    func withheldFiles() throws {
        let grounds = [
            DossierAudience.court.ground(against: .reporter), DossierAudience.court.ground(against: .secret),
            LostOriginal.missing.ground, LostOriginal.damaged.ground,
        ].compactMap { $0 }
        for ground in grounds {
            let fixture = try DossierFixture(
                .usual, audience: .court,
                alter: { manifest in
                    guard let film = manifest.files.first(where: { $0.kind == .recording }), let source = film.source
                    else { return }
                    manifest.files.removeAll { $0.path == film.path }
                    manifest.withheld.append(.init(place: source, what: .file, ground: ground))
                    manifest.withheld.sort { $0.place < $1.place }
                })
            #expect(fixture.manifest.withheld.contains { $0.what == .file })
            let verdict = try DossierVerification.verify(
                try fixture.bag(), trust: DossierTrust(key: fixture.key.verifier))
            let isLost = LostOriginal.allCases.contains { $0.ground == ground }
            #expect(verdict.outcome == .refused)
            #expect(verdict.reasons.map(\.code) == [isLost ? .lostUnfounded : .withheldWithoutGround], "\(ground)")
        }
        // A field stands in the ledger: it is never lost.
        let fixture = try DossierFixture(.usual, audience: .court) { withheld in
            withheld = withheld.map { .init(place: $0.place, what: $0.what, ground: LostOriginal.missing.ground) }
        }
        let verdict = try DossierVerification.verify(try fixture.bag(), trust: DossierTrust(key: fixture.key.verifier))
        #expect(Set(verdict.reasons.map(\.code)) == [.groundForm])
    }

    @Test("a value that a disposal destroyed needs the entry of the disposal")
    func destroyed() throws {
        let fixture = try DossierFixture(
            .tiny, audience: .archive,
            alter: { manifest in
                let place = FieldPlace(entry: EntryPlace(thread: manifest.caseThread, seq: 1), field: "title")
                manifest.destroyed = [.init(place: place, authority: EntryPlace(thread: manifest.caseThread, seq: 2))]
            })
        var bag = try fixture.bag()
        let path = DossierLayout.entry(fixture.manifest.caseThread, 1)
        let first = try #require(fixture.entries.first { $0.place.thread == fixture.manifest.caseThread })
        let kept = Entry(
            unchecked: first.entry.skeleton, salt: first.entry.salt, prev: first.entry.prev,
            openings: first.entry.openings.filter { $0.name != "title" })
        bag.files[path] = try DossierEntry(index: first.index, entry: kept).bytes
        bag.mendManifests()
        let verdict = try DossierVerification.verify(bag, trust: DossierTrust(key: fixture.key.verifier))
        #expect(verdict.reasons.map(\.code).contains(.destroyedWithoutAuthority))
    }
}
