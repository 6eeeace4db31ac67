import Kernel
import Ledger
import TestKit
import Testing

@Suite("What became of the papers in a dossier")
struct StandingTests {
    private typealias State = DossierStanding.State

    /// What the records of the fixture say of each file.
    private static let expected: [(name: String, state: State, signatures: Int)] = [
        ("催告书-乙", .amended, 0), ("催告书-甲", .shown, 0),
        ("决定一-乙", .superseded, 1), ("决定一-甲", .superseded, 1),
        ("决定二-乙", .issued, 0), ("决定二-甲", .shown, 0),
        ("听证通知书-甲", .unissued, 0), ("权利告知书-甲", .unissued, 1),
        ("检查-现场检查笔录-乙", .void, 2), ("检查-现场检查笔录-甲", .void, 2),
        ("检查-责令改正通知书-乙", .issued, 0), ("检查-责令改正通知书-甲", .shown, 0),
        ("检查-提供证据通知书-乙", .issued, 0), ("检查-提供证据通知书-甲", .shown, 0),
        ("法制审查记录-甲", .unsigned, 0), ("程序启动审批表-甲", .signed, 2), ("补正催告书-乙", .issued, 0),
        ("补正催告书-甲", .shown, 0), ("询问笔录-甲", .unsigned, 0),
        ("鉴定意见书-甲", .received, 1), ("邮寄送达回执-甲", .received, 0),
    ]

    private func verdict(_ bag: MemoryBag, _ fixture: DossierFixture) throws -> DossierVerdict {
        try DossierVerification.verify(bag, trust: DossierTrust(key: fixture.key.verifier))
    }

    @Test("each paper of the case and of its inspection is told by its own thread", arguments: DossierMode.allCases)
    func states(mode: DossierMode) throws {
        let fixture = try DossierFixture(.papers, mode: mode)
        let verdict = try verdict(try fixture.bag(), fixture)
        #expect(verdict.outcome == .accepted, "\(verdict.reasons.map(\.chinese))")
        let papers = try #require(verdict.facts).standing.papers
        #expect(papers.count == Self.expected.count)
        #expect(Set(Self.expected.map(\.state)).union([.unknown]) == Set(State.allCases))
        for (name, state, signatures) in Self.expected {
            let paper = try #require(papers.first { $0.path.description == "data/文书/\(name).pdf" }, "\(name)")
            #expect(paper.state == state, "\(name)")
            #expect(paper.signatures == signatures, "\(name)")
        }
    }

    @Test("the verdict says each of them in words and for programs")
    func words() throws {
        let fixture = try DossierFixture(.papers)
        let verdict = try verdict(try fixture.bag(), fixture)
        let text = verdict.chinese(trust: DossierTrust(key: fixture.key.verifier))
        let json = verdict.json["dossier"]?["standing"]?["papers"]?.elements ?? []
        for (name, word, state, signatures) in [
            ("检查-现场检查笔录-乙", "已作废  2\n", "void", 2), ("决定一-乙", "已被替代  2\n", "superseded", 1),
            ("程序启动审批表-甲", "已签署  1\n      data/文书/程序启动审批表-甲.pdf（已签 2 处）\n", "signed", 2),
            ("法制审查记录-甲", "定稿，无人签署  2\n", "unsigned", 0),
            ("权利告知书-甲", "data/文书/权利告知书-甲.pdf（未制发，已签 1 处）\n", "unissued", 1),
            ("听证通知书-甲", "data/文书/听证通知书-甲.pdf（未制发，无人签署）\n", "unissued", 0),
            ("催告书-乙", "已制发，已补正  1\n", "amended", 0),
            ("鉴定意见书-甲", "data/文书/鉴定意见书-甲.pdf（外来文书，登记签章 1 处）\n", "received", 1),
            ("邮寄送达回执-甲", "data/文书/邮寄送达回执-甲.pdf（外来文书，没有登记签章）\n", "received", 0),
        ] {
            let path = "data/文书/\(name).pdf"
            #expect(text.contains(word), "\(name)")
            // No word is said of a file by its name alone: it stands once, under its own heading.
            #expect(text.components(path) == 1, "\(name)")
            #expect(
                json.filter { $0["path"]?.string == path }
                    == [["path": .string(path), "signatures": .integer(Int64(signatures)), "state": .string(state)]])
        }
        // What is in force stands in the sums alone.
        #expect(text.components("data/文书/决定二-乙.pdf") == 0)
    }

    @Test("a head printed on a paper of the inspection is served where that thread says so, and not where it came back")
    func served() throws {
        let fixture = try DossierFixture(.papers)
        let facts = try #require(try verdict(try fixture.bag(), fixture).facts)
        func root(_ name: String) throws -> Digest {
            let file = try #require(fixture.manifest.files.first { $0.path.description == "data/文书/\(name).pdf" })
            let entry = try #require(fixture.entries.first { $0.place == file.source?.entry }).entry
            return try #require(entry.skeleton.content.plain["printedRoot"]?.string.flatMap { Digest($0) })
        }
        // The replaced decision still lies where it was served.
        #expect(facts.standing.servedRoots == [try root("检查-责令改正通知书-乙"), try root("决定一-乙")])
        #expect(try !facts.standing.servedRoots.contains(root("检查-提供证据通知书-乙")))
    }

    @Test("已送达 is said of a service that counts alone: not of one that waits to be compared or was turned down")
    func services() throws {
        let fixture = try DossierFixture(.services)
        let verdict = try verdict(try fixture.bag(), fixture)
        #expect(verdict.outcome == .accepted, "\(verdict.reasons.map(\.chinese))")
        let text = verdict.chinese(trust: DossierTrust(key: fixture.key.verifier))
        let said = text.split(separator: "\n").filter { $0.contains("送达") && $0.contains("  第 ") }
            .map { String($0.drop { $0 != "（" }.prefix { $0 != " " }) }
        #expect(said == ["（已送达）", "（登记过送达，尚未核对）", "（登记过送达，核对退回）", "（已送达）"], "\(text)")
        // A head that went out lies in other hands, whatever became of the service.
        #expect(verdict.facts?.standing.servedRoots.count == 4)
    }

    @Test("who makes the bag anew cannot drop or reword what became of a paper", arguments: DossierMode.allCases)
    func remade(mode: DossierMode) throws {
        let fixture = try DossierFixture(.papers, mode: mode)
        let bag = try fixture.bag()
        let trusts = [
            DossierTrust(key: fixture.key.verifier), DossierTrust(root: fixture.head.checkpoint.root), DossierTrust(),
        ]
        func expectRefused(_ change: (inout MemoryBag) throws -> Bool, _ what: String) throws {
            var changed = bag
            #expect(try change(&changed), "nothing was changed: \(what)")
            changed.mendManifests()
            for trust in trusts {
                #expect(try DossierVerification.verify(changed, trust: trust).outcome == .refused, "\(what)")
            }
        }
        func reword(_ path: BagPath, _ old: String, _ new: String) -> (inout MemoryBag) -> Bool {
            { bag in
                let text = String(decoding: bag.files[path] ?? [], as: UTF8.self)
                bag.files[path] = Array(text.replacing(old, with: new).utf8)
                return text.contains(old)
            }
        }
        var types: Set<String> = []
        for entry in fixture.entries {
            let content = entry.entry.skeleton.content
            guard content.type.hasPrefix("document."), content.type != "document.fixed" else { continue }
            types.insert(content.type)
            let (thread, seq) = (entry.place.thread, entry.place.seq)
            let path = DossierLayout.entry(thread, seq)
            try expectRefused(
                { bag in
                    bag.files[DossierLayout.leaf(thread, seq)] = nil
                    bag.files[DossierLayout.proof(thread, seq)] = nil
                    return bag.files.removeValue(forKey: path) != nil
                }, "\(content.type) \(seq) dropped")
            try expectRefused(
                reword(path, "\"\(content.type)\"", "\"document.named\""), "\(content.type) \(seq) renamed")
            for (old, new) in [("supersedes", "amends"), ("refused", "paper"), ("screen", "refused")] {
                guard content.plain["manner"]?.string == old else { continue }
                try expectRefused(reword(path, "\"\(old)\"", "\"\(new)\""), "\(content.type) \(seq) \(old)")
            }
        }
        #expect(types.count == 5)
        for (old, new) in [("决定一-乙", "决定九-乙"), ("\"kind\":\"document\"", "\"kind\":\"other\"")] {
            try expectRefused(reword(DossierLayout.manifest, old, new), "\(old) in the list")
        }
    }

    @Test("of a paper whose thread is only here in part nothing is said")
    func parts() throws {
        // Before the export the bureau lists the inspection entry by entry, without the one that voids its record.
        var left: [EntryPlace] = []
        let whole = try DossierFixture(.papers)
        let other = try #require(whole.manifest.threads.first { $0.thread != whole.manifest.caseThread })
        let voids = Set(
            whole.entries.filter { $0.entry.skeleton.content.type == "document.voided" }.map(\.place))
        let fixture = try DossierFixture(.papers) { _ in
        } alter: { manifest in
            manifest.threads.removeAll { $0 == other }
            left = (1...other.head).map { EntryPlace(thread: other.thread, seq: $0) }.filter { !voids.contains($0) }
            manifest.entries = (manifest.entries + left).sorted()
        }
        #expect(left.count == other.head - 2)
        let verdict = try verdict(try fixture.bag(), fixture)
        let papers = try #require(verdict.facts).standing.papers
        #expect(papers.count == Self.expected.count)
        for paper in papers {
            let isPart = paper.path.description.contains("检查-")
            #expect((paper.state == .unknown) == isPart, "\(paper.path)")
        }
        #expect(verdict.chinese(trust: DossierTrust()).contains("记录不全，不能判断  6\n"))
    }

    @Test("a paper is told whatever sort of file the list calls it")
    func disguised() throws {
        let fixture = try DossierFixture(.papers) { _ in
        } alter: { manifest in
            manifest.files = manifest.files.map { file in
                .init(
                    path: file.path, kind: .other, title: file.title, size: file.size, sha256: file.sha256,
                    source: file.source)
            }
        }
        let verdict = try verdict(try fixture.bag(), fixture)
        #expect(verdict.outcome == .accepted, "\(verdict.reasons.map(\.chinese))")
        let papers = try #require(verdict.facts).standing.papers
        #expect(papers.count == Self.expected.count)
        #expect(papers.count { $0.state == .void } == 2 && papers.count { $0.state == .superseded } == 2)
    }
}

extension String {
    /// How often a text stands in it.
    fileprivate func components(_ text: String) -> Int {
        split(separator: text, omittingEmptySubsequences: false).count - 1
    }
}
