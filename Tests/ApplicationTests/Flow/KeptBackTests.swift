import Casework
import Demo
import Kernel
import Ledger
import Store
import TestKit
import Testing

@testable import Application

/// Nobody keeps a file from a court on their own word (ADR 0061).
@Suite("What is kept from a reader is not one hand's word", .serialized)
struct KeptBackTests {
    private func file(
        _ bytes: [UInt8], _ openingClass: OpeningClass, secrecy: String? = nil, level: String? = nil,
        in world: CaseWorld
    ) async throws -> ImportRecording {
        ImportRecording(
            recording: .random(), object: try await world.vault.store(bytes), form: "photo", device: "phone",
            fileName: "照片.jpg", mediaType: "image/jpeg", completedAt: world.clock.now(), activity: nil,
            note: "依据：某某规定。",
            openingClass: openingClass, secrecy: secrecy, secretLevel: level)
    }

    private func confirm(
        _ seq: Int, _ result: String, in thread: ThreadTag, _ world: CaseWorld, by member: DemoPeople.Member
    ) async throws {
        let step = try #require(RecordedStep.named("secrecy-confirmation"))
        try await world.take(
            RecordEntry(step, ["veiled": .integer(Int64(seq)), "result": .string(result), "opinion": "已核对。"]),
            in: thread,
            by: member)
    }

    private func look(
        at file: ImportRecording, in world: CaseWorld, by member: DemoPeople.Member
    ) async throws {
        let look = try await world.office.views.begin(
            file.object.id, in: file.recording, by: try await world.performer(member), right: "head",
            purpose: "review", command: .random())
        await world.office.views.count(0..<9, of: 9, in: look.id)
        try await world.office.views.end(look.id)
    }

    private func export(_ thread: ThreadTag, in world: CaseWorld) async throws -> DossierExport.Prepared {
        world.minute()
        return try await DossierExport(
            casebook: world.office.casebook, vault: world.vault, bureauThread: world.thread
        ).prepare(
            case: thread, audience: .court, mode: .compact, recipient: nil, secrecyCheck: nil, command: .random(),
            by: try await world.performer(world.people.head))
    }

    @Test("a reporter is protected where there is one, and a secret has a sort and a level")
    func stated() async throws {
        let world = try await CaseWorld()
        let thread = try await world.inspection(finding: nil)
        func refused(_ what: String, _ fields: [String], _ file: ImportRecording) -> Refused {
            Refused(what, .invalid, fields: fields) {
                try await world.take(file, in: thread, by: world.people.officer1)
            }
        }
        try await world.expect([
            refused("no reporter in a planned inspection", ["class"], try await file([1], .reporter, in: world)),
            refused("a secret of no sort", ["secrecy"], try await file([2], .secret, in: world)),
            refused("a sort of one's own", ["secrecy"], try await file([3], .secret, secrecy: "none", in: world)),
            refused(
                "a secret of the state without a level", ["secretLevel"],
                try await file([4], .secret, secrecy: "state", in: world)),
        ])
        try await world.take(try await file([5], .internal, in: world), in: thread, by: world.people.officer1)
        #expect(try await world.load(thread).work.awaited.isEmpty, "what the court gets waits for nobody")
    }

    @Test("until a head looked at it nothing goes out and nothing ends; then it is named with both who said so")
    func confirmed() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.inspection(finding: .nothingFound)
        let secret = try await file([1, 2, 3], .secret, secrecy: "state", level: "secret", in: world)
        try await world.take(secret, in: thread, by: people.officer1)
        let seq = try await world.load(thread).work.entries
        #expect(try await world.load(thread).work.awaited.map(\.seq) == [seq])
        try await world.expect([
            Refused("exported", .gate) { _ = try await export(thread, in: world) },
            Refused("ended", .gate) {
                try await world.take(EndCase(ground: .nothingFound, reason: nil), in: thread, by: people.officer1)
            },
            Refused("confirmed by the other handler", .notAllowed) {
                try await confirm(seq, "passed", in: thread, world, by: people.officer2)
            },
            Refused("confirmed unseen", .invalid, fields: ["veiled"]) {
                try await confirm(seq, "passed", in: thread, world, by: people.head)
            },
        ])
        try await look(at: secret, in: world, by: people.head)
        try await confirm(seq, "passed", in: thread, world, by: people.head)
        let view = try await world.load(thread)
        #expect(view.work.awaited.isEmpty)
        let kept = try #require(KeptBack.all(view, source: nil).first)
        let names = Dictionary(
            try await world.office.casebook.registers.persons().map { ($0.thread, $0.name) },
            uniquingKeysWith: { one, _ in one })
        let sentence = kept.sentence { $0.flatMap { names[$0] } ?? "" }
        #expect(
            sentence.contains("不提供给当事人和法院") && sentence.contains("国家秘密，机密级")
                && sentence.contains("\(people.officer1.person.name)归类")
                && sentence.contains("\(people.head.person.name)于"), "\(sentence)")
        let prepared = try await export(thread, in: world)
        #expect(prepared.manifest.withheld.contains { $0.what == .file && $0.ground.contains("国家秘密") })
        try await world.take(EndCase(ground: .nothingFound, reason: nil), in: thread, by: people.officer1)
    }

    @Test("a report of the vault names files, but not those whose names are kept back")
    func namesInReports() async throws {
        let world = try await CaseWorld()
        let thread = try await world.inspection(finding: nil)
        let files = [
            try await file([1], .internal, in: world),
            try await file([2], .secret, secrecy: "state", level: "secret", in: world),
        ]
        for file in files { try await world.take(file, in: thread, by: world.people.officer1) }
        let ledger = LedgerVerification(path: world.place.data.ledger(of: world.place.bureau))
        let named = try ledger.namedObjects()
        let places = try files.map { file in
            ledger.places(of: [try #require(named.first { $0.id == file.object.id })])[0]
        }
        #expect(places.map(\.fileName) == ["照片.jpg", nil])
        #expect(places.map(\.isVeiled) == [false, true])
        #expect(places.allSatisfy { $0.caseTitle?.isEmpty == false })
    }

    @Test("what was turned down holds everything up until the same bytes came in for the readers who may have them")
    func turnedDown() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.inspection(finding: .nothingFound)
        try await world.take(
            try await file([7, 7], .secret, secrecy: "privacy", in: world), in: thread, by: people.officer1)
        let seq = try await world.load(thread).work.entries
        try await confirm(seq, "returned", in: thread, world, by: people.head)
        let words = try await PendingWord.words(in: world.load(thread).work, world.load(thread).records)
        #expect(words.map(\.matter) == [.returnedFile, .returnedFile])
        try await world.take(try await file([8, 8], .party, in: world), in: thread, by: people.officer1)
        try await world.expect([
            Refused("with other bytes", .gate) { _ = try await export(thread, in: world) }
        ])
        try await world.take(try await file([7, 7], .party, in: world), in: thread, by: people.officer1)
        let prepared = try await export(thread, in: world)
        #expect(prepared.manifest.files.contains { $0.kind == .recording && $0.sha256 == .sha256([7, 7]) })
        let view = try await world.load(thread)
        let kept = KeptBack.all(view, source: nil)
        #expect(
            kept.count == 1 && kept.first?.isOpen == false && kept.first?.turnedDown?.by == people.head.person.thread)
        let sentence = kept.first?.sentence { _ in "某人" } ?? ""
        #expect(sentence.contains("打开核对，认为不属于这一类，退回；同一文件已经改按其他类别归入（本案记录线第 \(view.work.recordings.last?.seq ?? 0) 条）"))
        #expect(!sentence.contains("还没有经负责人核对"))
        try await world.take(EndCase(ground: .nothingFound, reason: nil), in: thread, by: people.officer1)
    }

    @Test("nothing is proven to a court by a file that it never sees; the closing sheet tells where the voucher lies")
    func noProof() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.approved()
        let (decision, receipt) = try await world.issueDecision(in: thread)
        try await world.take(world.service(of: decision, with: receipt), in: thread, by: people.officer1)
        world.minute(60)
        func linked(_ bytes: [UInt8], _ openingClass: OpeningClass, secrecy: String? = nil) async throws -> Int {
            try await world.take(
                try await file(bytes, openingClass, secrecy: secrecy, in: world), in: thread, by: people.officer1)
            return try await world.load(thread).work.entries
        }
        func paying(_ proof: Int) async throws {
            try await world.take(
                RecordPerformance(
                    status: "complete", performedAt: world.clock.now(), amount: 500_000, obligation: "缴纳罚款",
                    evidence: "缴款书0001", proofFile: proof), in: thread, by: people.officer1)
        }
        let veiled = try await linked([1, 2], .secret, secrecy: "privacy")
        let refused = try await world.refusal("a secret slip") { try await paying(veiled) }
        #expect(refused?.fields.map(\.name) == ["proofFile"])
        #expect(refused?.fields.first?.message.contains("法院和当事人都看不到") == true)
        try await confirm(veiled, "returned", in: thread, world, by: people.head)
        #expect(
            try await world.refusal("turned down, and veiled still") { try await paying(veiled) }?.fields.map(\.name)
                == ["proofFile"])
        let plain = try await linked([1, 2], .party)
        try await paying(plain)
        try await world.demo.confirmPerformance(in: thread, by: people.officer2)
        let view = try await world.load(thread)
        let sheets = CaseFileSheets(
            view: view, source: try await world.office.casebook.source(of: view.work),
            law: try await world.office.casebook.chambers.law(),
            archivist: try await world.performer(people.custodian).person, persons: [],
            now: world.clock.now())
        let told = sheets.matters.compactMap { $0["content"]?.string }.first { $0.contains("全部履行") }
        #expect(told?.contains("凭证为案卷目录第 \(sheets.pieces) 件“照片，履行凭证”（本案记录线第 \(plain) 条归入）") == true, "\(told ?? "")")
    }

    @Test(
        "a reporter whom only the handlers know of waits for a head; one whose complaint somebody else registered does not"
    )
    func reporters() async throws {
        let world = try await CaseWorld()
        let people = world.people
        func opened(_ source: CaseSource, from lead: ThreadTag?) async throws -> ThreadTag {
            let thread = ThreadTag.random()
            world.minute()
            let step = OpenInspection(
                title: "统计执法检查", source: source, handlers: world.handlers, newSubject: DemoFirm.paperMill.subject)
            let officer = try await world.performer(people.officer1)
            guard let lead else {
                _ = try await world.office.casebook.open(step, as: thread, command: .random(), by: officer)
                return thread
            }
            _ = try await world.office.casebook.open(
                step, as: thread, lead: (lead, try await world.office.casebook.loadLead(lead).file.entries),
                command: .random(), by: officer)
            return thread
        }
        func complaint(by performer: Performer) async throws -> ThreadTag {
            let lead = ThreadTag.random()
            let answers: [String: JSON] = [
                "channel": "telephone", "isRealName": false, "receivedAt": .integer(world.clock.now().milliseconds),
                "content": "反映统计数据不实。", "target": "清禾县星河纸品厂",
            ]
            _ = try await world.office.casebook.begin(
                .complaint, answers, as: lead, command: .random(), by: performer)
            _ = try await world.office.casebook.perform(
                try #require(LeadStep.named("review")), ["result": "pursue", "reason": "需要查处。"], on: lead,
                expecting: 1, command: .random(), by: try await world.performer(people.head))
            return lead
        }
        let typed = try await opened(.report, from: nil)
        let own = try await opened(
            .report, from: try await complaint(by: try await world.performer(people.officer1)))
        let other = try await opened(
            .report, from: try await complaint(by: try await world.performer(people.custodian, adding: .officer)))
        for (thread, waits) in [(typed, true), (own, true), (other, false)] {
            let picture = try await file(
                [UInt8.random(in: 0...255), 9, UInt8.random(in: 0...255)], .reporter, in: world)
            try await world.take(picture, in: thread, by: people.officer1)
            let view = try await world.load(thread)
            #expect(view.work.awaited.map(\.type) == (waits ? [.recordingLinked] : []))
            #expect(KeptBack.all(view, source: nil).map(\.isOpen) == [waits])
            guard waits else { continue }
            let refusal = try await world.refusal("exported") { _ = try await export(thread, in: world) }
            #expect(refusal?.code == .gate)
            try await look(at: picture, in: world, by: people.head)
            try await confirm(view.work.entries, "passed", in: thread, world, by: people.head)
            #expect(try await world.load(thread).work.awaited.isEmpty)
        }
    }
}
