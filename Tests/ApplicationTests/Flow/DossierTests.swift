import Application
import Casework
import Demo
import Foundation
import Kernel
import Ledger
import TestKit
import Testing

/// A filed case handed out, and judged by the outsider's program.
@Suite("ThreadOfGold: the dossier of a whole case", .serialized)
struct FiledDossierTests {
    private struct Container: CustomTestStringConvertible {
        let mode: DossierMode
        let isArchive: Bool
        var testDescription: String { "\(mode.rawValue) \(isArchive ? "zip" : "directory")" }
    }

    private static let reporter = "举报人：无名氏甲"
    /// Text of forms and opinions that never leaves the house; each was typed by the demonstration's people.
    private static let internals = ["事实清楚，建议启动一般程序。", "同意启动一般程序。", "审查通过。", "送达时一并告知救济途径。"]
    /// Text that everybody may have.
    private static let open = ["多报 256 万元", "喆䶮堃"]

    @Test(
        "every reader's dossier is accepted with the key, unconfirmed without it and refused under another",
        arguments: DossierAudience.allCases)
    func judged(audience: DossierAudience) async throws {
        let world = try await CaseWorld()
        let (inspection, thread) = try await world.wholeCase(reporter: FiledDossierTests.reporter)
        let key = try #require(VerifierKey(world.store.verifierKey))
        let other = try #require(SigningKey(generating: world.store.origin)).verifier
        for container in DossierMode.allCases.flatMap({ mode in
            [false, true].map { Container(mode: mode, isArchive: $0) }
        }) {
            let name = "\(container)".filter(\.isLetter)
            let path = try await export(thread, for: audience, as: container, to: "dossier-\(name)", in: world)
            func verdict(_ trust: DossierTrust) throws -> DossierVerdict {
                container.isArchive
                    ? try DossierVerification.verify(ZipReader(FileBytes(path: path)), trust: trust)
                    : try DossierVerification.verify(DirectorySource(path: path), trust: trust)
            }
            let accepted = try verdict(DossierTrust(key: key))
            #expect(accepted.outcome == .accepted, "\(container) \(accepted.reasons.map(\.chinese))")
            let unconfirmed = try verdict(DossierTrust())
            #expect(unconfirmed.outcome == .unconfirmed, "\(container)")
            #expect(unconfirmed.outcome.rawValue == 3)
            let refused = try verdict(DossierTrust(key: other))
            #expect(refused.outcome == .refused && refused.reasons.map(\.code) == [.keyOther], "\(container)")
            // The head signed now is a root that fits; one that never was is none.
            let root = try await world.store.signedHead().root
            #expect(try verdict(DossierTrust(root: root)).outcome == .accepted, "\(container)")
            #expect(try verdict(DossierTrust(root: .sha256([1]))).reasons.map(\.code) == [.rootUnknown], "\(container)")

            let facts = try #require(accepted.facts)
            #expect(facts.manifest.audience == audience && facts.manifest.mode == container.mode)
            let threads = Set(facts.manifest.threads.map(\.thread))
            #expect(threads.isSuperset(of: [thread, inspection]) && threads.count == 4)
            #expect((facts.fieldsWithheld == 0) == (audience == .archive))
            try expectContents(of: path, container: container, for: audience, in: world)
        }
        // Four dossiers are four entries of the case.
        let exports = try await world.load(thread).records.filter { $0.type == .dossierExported }
        #expect(exports.count == 4)
        #expect(exports.allSatisfy { $0.word("audience") == audience.rawValue })
    }

    /// Looks at the raw bytes of the whole bag: what is withheld stands in none of them.
    private func expectContents(
        of path: String, container: Container, for audience: DossierAudience, in world: CaseWorld
    ) throws {
        let bytes = try rawBytes(of: path)
        func holds(_ text: String) -> Bool { bytes.range(of: Data(text.utf8)) != nil }
        for text in FiledDossierTests.open { #expect(holds(text), "\(text) \(container)") }
        for text in FiledDossierTests.internals { #expect(holds(text) == (audience != .party), "\(text) \(container)") }
        #expect(holds(FiledDossierTests.reporter) == (audience == .archive), "\(container)")
        #expect(bytes.range(of: Data(CaseWorld.video)) != nil)
        #expect(holds("法制审查记录.pdf") == (audience != .party))
    }

    private func rawBytes(of path: String) throws -> Data {
        var isDirectory: ObjCBool = false
        #expect(FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory))
        guard isDirectory.boolValue else { return try Data(contentsOf: URL(fileURLWithPath: path)) }
        var all = Data()
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            all += Data(name.utf8) + Data([0])
            if let content = FileManager.default.contents(atPath: path + "/" + name) { all += content }
        }
        return all
    }

    private func export(
        _ thread: ThreadTag, for audience: DossierAudience, as container: Container, to name: String,
        in world: CaseWorld
    ) async throws -> String {
        world.minute()
        let export = DossierExport(
            casebook: world.office.casebook, vault: world.vault, bureauThread: world.thread)
        let isParty = audience == .party
        let prepared = try await export.prepare(
            case: thread, audience: audience, mode: container.mode, recipient: isParty ? "喆䶮堃" : nil,
            secrecyCheck: isParty ? "不含应当保密的内容。" : nil, command: .random(),
            by: try await world.performer(isParty ? world.people.head : world.people.custodian))
        let path = world.directory.path + "/" + name
        guard container.isArchive else {
            try await export.write(prepared, into: try DirectorySink(path: path), take: { _ in [] }, send: { _ in })
            return path
        }
        var archive: [UInt8] = []
        let writer = try #require(ZipWriter(folder: prepared.name))
        try await export.write(prepared, into: writer, take: { $0.takeOutput() }, send: { archive += $0 })
        try world.directory.write(archive, to: name)
        return path
    }

    @Test("a class changed on disk stops the export before anything is recorded")
    func changedClass() async throws {
        let world = try await CaseWorld()
        let (_, thread) = try await world.wholeCase(reporter: FiledDossierTests.reporter)
        let before = try await world.store.signedHead().size
        let changes = try Program.run(
            "/usr/bin/sqlite3",
            [
                world.directory.path + "/data/bureaus/qinghe/ledger.sqlite",
                "DROP TRIGGER opening_is_never_changed; UPDATE opening SET class = 'party' WHERE class = 'reporter';"
                    + "SELECT changes();",
            ]
        ).output
        #expect(changes == "6\n")
        for audience in DossierAudience.allCases {
            let person = audience == .party ? world.people.head : world.people.custodian
            let refusal = try await world.refusal("\(audience)") {
                _ = try await DossierExport(
                    casebook: world.office.casebook, vault: world.vault, bureauThread: world.thread
                ).prepare(
                    case: thread, audience: audience, mode: .compact, recipient: nil, secrecyCheck: "已审查。",
                    command: .random(), by: try await world.performer(person))
            }
            #expect(refusal?.code == .fault && refusal?.message.contains("公开类别") == true, "\(audience)")
        }
        #expect(try await world.store.signedHead().size == before)
    }

    @Test("an id of another case or party, put into the ledger as a person, brings nothing of theirs into a dossier")
    func foreignThreads() async throws {
        let world = try await CaseWorld()
        let (_, thread) = try await world.wholeCase()
        let secret = "别家的检查事项"
        let foreign = ThreadTag.random()
        world.minute()
        _ = try await world.office.casebook.open(
            OpenInspection(
                title: secret, source: .plan, handlers: world.handlers,
                newSubject: NewSubject(
                    thread: .random(), kind: "individual", name: "别家的人", code: "身份证号甲", address: nil,
                    representative: nil, phone: nil)),
            as: foreign, command: .random(), by: try await world.performer(world.people.officer1))
        let party = try await world.load(foreign).work.subject
        // Past every step, as a damaged or older program would have written it.
        for hostile in [foreign, party] {
            _ = try await world.office.casebook.record(
                [
                    Fact(
                        .decisionDrafted, in: thread,
                        plain: [
                            "drafter": .string(hostile.description), "outcome": "penalty",
                            "unitReviewer": .string(hostile.description),
                        ])
                ],
                by: .person(world.people.officer1.person.thread), command: .random())
        }
        #expect(try await world.load(thread).work.participants.isSuperset(of: [foreign, party]))
        for audience in [DossierAudience.party, .court, .archive] {
            let container = Container(mode: .compact, isArchive: false)
            let path = try await export(
                thread, for: audience, as: container, to: "dossier-\(audience.rawValue)", in: world)
            let bytes = try rawBytes(of: path)
            for text in [secret, "别家的人", "身份证号甲"] {
                #expect(bytes.range(of: Data(text.utf8)) == nil, "\(audience) \(text)")
            }
            let verdict = try DossierVerification.verify(
                DirectorySource(path: path),
                trust: DossierTrust(key: try #require(VerifierKey(world.store.verifierKey))))
            #expect(verdict.outcome == .accepted, "\(verdict.reasons.map(\.chinese))")
            let threads = Set(try #require(verdict.facts).manifest.places.map(\.thread))
            #expect(threads.isDisjoint(with: [foreign, party]), "\(audience)")
        }
    }

    @Test(
        "what came after the filing is in the dossier as such, the outsider's program accepts it, and rows follow it",
        arguments: DossierMode.allCases)
    func afterFiling(mode: DossierMode) async throws {
        let world = try await CaseWorld()
        let people = world.people
        let (_, thread) = try await world.wholeCase()
        let filed = try await world.load(thread)
        func record(_ name: String, _ answers: [String: JSON]) async throws {
            world.minute()
            let step = try #require(RecordedStep.named(name))
            try await world.take(
                RecordEntry(step, answers), in: thread, by: name == "remedy" ? people.officer1 : people.head)
        }
        let at = JSON.integer(world.clock.now().milliseconds)
        try await record(
            "remedy", ["kind": "litigation", "body": "清禾县人民法院（虚构）", "content": "请求撤销。", "stay": false, "openedAt": at])
        let suit = Int64(try await world.load(thread).work.entries)
        let bare: [String: JSON] = [
            "remedy": .integer(suit), "result": "revoked", "content": "撤销处罚决定。", "happenedAt": at,
        ]
        let unproven = try await world.refusal("a judgement that nobody has") {
            try await record("remedy-result", bare)
        }
        #expect(unproven?.fields.map(\.name) == ["proofFile"])
        world.minute()
        let ruling = JSON.integer(
            Int64(
                try await world.demo.recordVoucher(
                    "判决书.pdf", completedAt: world.clock.now(), in: thread, by: people.officer1)))
        try await record("remedy-result", bare.merging(["proofFile": ruling]) { one, _ in one })
        let decision = try #require(filed.work.decision)
        let revoked: [String: JSON] = [
            "change": "revoked", "document": .string(decision.id.description), "isPenalty": true,
            "reason": "法院判决撤销。", "changedDay": .string(world.clock.now().day.description),
        ]
        let typed = try await world.refusal("a filed penalty revoked by a form") {
            try await record("decision-change", revoked)
        }
        #expect(typed?.fields.map(\.name) == ["proofFile"])
        try await record("decision-change", revoked.merging(["proofFile": ruling]) { one, _ in one })
        let taken = try await world.fix(
            DocumentKindName.enforcementDecision, in: thread,
            changing: [.init("decisionKind", "other"), .init("content", ["依照法院判决，撤销原行政处罚决定"])])
        // It may take back or ease what was decided, and order nothing beyond it.
        let heavier = try await world.refusal("a heavier penalty") {
            _ = try await world.fix(
                DocumentKindName.enforcementDecision, in: thread,
                changing: [.init("decisionKind", "other"), .init("content", ["处罚款人民币90,000元"])])
        }
        #expect(heavier?.fields.map(\.name) == ["content"])
        let view = try await world.load(thread)
        #expect(view.work.isFiled && view.work.isUndone && view.work.document(taken) != nil)
        let path = try await export(
            thread, for: .court, as: Container(mode: mode, isArchive: false), to: "dossier-after", in: world)
        let verdict = try DossierVerification.verify(
            DirectorySource(path: path), trust: DossierTrust(key: try #require(VerifierKey(world.store.verifierKey))))
        #expect(verdict.outcome == .accepted, "\(verdict.reasons.map(\.chinese))")
        let titles = try #require(verdict.facts).manifest.files.map(\.title)
        let later = titles.filter { $0.contains("归档以后补充") }
        #expect(later.count == 1 && later.allSatisfy { $0.contains("行政执法决定书") }, "\(titles)")
        // The suit itself, its result and the change are entries of the case, and so of the dossier.
        let text = String(decoding: try rawBytes(of: path), as: UTF8.self)
        #expect(text.contains("请求撤销。") && text.contains("法院判决撤销。"))
        let projector = Projector(law: try await world.office.casebook.chambers.law())
        let whole = try await world.load(thread)
        let rows = projector.rows(thread: whole.records, linked: whole.history.filter { $0.thread != thread })
        #expect(try await world.store.compareProjections(with: rows, of: thread).isEmpty)
    }

    @Test("who may not hand out a dossier is refused, and nothing is recorded")
    func rights() async throws {
        let world = try await CaseWorld()
        let (_, thread) = try await world.wholeCase()
        let people = world.people
        let rows: [(String, DossierAudience, Performer, String?, StepRefusal.Code)] = [
            ("a handler, for the archive", .archive, try await world.performer(people.officer1), nil, .notAllowed),
            (
                "the administrator, for a court", .court, try await world.performer(people.administrator), nil,
                .notAllowed
            ),
            ("the custodian, to the party", .party, try await world.performer(people.custodian), "已审查。", .notAllowed),
            ("no secrecy check", .party, try await world.performer(people.head), nil, .invalid),
            ("a blank secrecy check", .party, try await world.performer(people.head), "  ", .invalid),
            (
                "no secret", .archive, try await world.performer(people.custodian, confirmed: false), nil, .secretNeeded
            ),
            ("a reset account", .archive, try await world.performer(people.head, account: .reset), nil, .notAllowed),
        ]
        for (what, audience, performer, check, code) in rows {
            let refusal = try await world.refusal(what) {
                _ = try await DossierExport(
                    casebook: world.office.casebook, vault: world.vault, bureauThread: world.thread
                ).prepare(
                    case: thread, audience: audience, mode: .compact, recipient: nil, secrecyCheck: check,
                    command: .random(), by: performer)
            }
            #expect(refusal?.code == code, "\(what)")
        }
    }
}
