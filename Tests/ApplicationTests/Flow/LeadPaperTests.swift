import Casework
import Demo
import Kernel
import Ledger
import Store
import Synchronization
import TestKit
import Testing

@testable import Application

/// Whoever applies or reports is told on paper, whether or not a case ever comes of it (ADR 0078).
@Suite("Papers of leads", .serialized)
struct LeadPaperTests {
    private static let reporter = "青萍某（演示）"
    private static let story = "反映星河纸品厂虚报产值。"

    /// A bureau with leads, as an officer works on them.
    private struct Desk {
        let world: CaseWorld
        var casebook: Casebook { world.office.casebook }
        var leads: LeadDesk { world.office.leads }
        var officer: DemoPeople.Member { world.people.officer1 }

        init() async throws { world = try await CaseWorld() }

        func view(_ thread: ThreadTag) async throws -> LeadView { try await casebook.loadLead(thread) }

        func step(
            _ name: String, _ answers: [String: JSON], on thread: ThreadTag, by member: DemoPeople.Member? = nil
        ) async throws {
            world.minute()
            _ = try await casebook.perform(
                try #require(LeadStep.named(name)), answers, on: thread,
                expecting: try await view(thread).file.entries, command: .random(),
                by: try await world.performer(member ?? officer))
        }

        func application(mode: String = "written") async throws -> ThreadTag {
            let thread = ThreadTag.random()
            var answers: [String: JSON] = [
                "mode": .string(mode), "applicant": "星河纸品厂（演示）", "matter": "核对统计报表",
                "registeredAt": .integer(world.clock.now().milliseconds),
            ]
            if mode == "oral" { answers["oralContent"] = "口头申请核对报表。" }
            _ = try await casebook.begin(
                .application, answers, as: thread, command: .random(), by: try await world.performer(officer))
            return thread
        }

        /// A complaint under a name that is not pursued.
        func complaint(reviewed: Bool = true) async throws -> ThreadTag {
            let thread = ThreadTag.random()
            _ = try await casebook.begin(
                .complaint,
                [
                    "channel": "letter", "isRealName": true, "complainant": .string(LeadPaperTests.reporter),
                    "content": .string(LeadPaperTests.story), "target": "星河纸品厂（演示）",
                    "receivedAt": .integer(world.clock.now().milliseconds),
                ], as: thread, command: .random(), by: try await world.performer(officer))
            if reviewed {
                try await step(
                    "review", ["result": "notPursued", "reason": "查无此事。", "legalBasis": "《办法》第九条"], on: thread,
                    by: world.people.unitHead)
            }
            return thread
        }

        /// A form with everything that its kind asks for.
        func form(_ name: String, _ values: [String: JSON] = [:]) async throws -> JSON {
            let kind = try await casebook.chambers.law().drawnKind(name).inForce.kind
            let at = JSON.string(
                Instant(milliseconds: world.clock.now().milliseconds / 60_000 * 60_000).description)
            var members = values
            for field in kind.fields where members[field.name] == nil {
                guard field.required.holds(in: .object(members.map { .init($0.key, $0.value) })) else { continue }
                members[field.name] =
                    switch field.type {
                    case .instant: at
                    case .list: ["第一项：营业执照复印件", "第二项：上一年度报表"]
                    case .choice(let options): .string(options.first?.word ?? "")
                    case .table(let columns): [.object(columns.map { .init($0.name, "写错的一处") })]
                    default: "照实填写的内容"
                    }
            }
            return .object(members.map { .init($0.key, $0.value) }.sorted { $0.key < $1.key })
        }

        @discardableResult
        func drawUp(
            _ kind: String, in thread: ThreadTag, _ values: [String: JSON] = [:], by performer: Performer? = nil
        ) async throws -> DocumentID {
            world.minute()
            let document = DocumentID.random()
            let acting: Performer
            if let performer { acting = performer } else { acting = try await world.performer(officer) }
            _ = try await leads.drawUp(
                kind, try await form(kind, values), as: document, in: thread,
                expecting: try await view(thread).file.entries, command: .random(), by: acting)
            return document
        }

        func issue(_ document: DocumentID, in thread: ThreadTag, confirmed: Bool = true) async throws {
            _ = try await leads.issue(
                document, in: thread, expecting: try await view(thread).file.entries, command: .random(),
                by: try await world.performer(officer, confirmed: confirmed))
        }

        func sign(
            _ document: DocumentID, in thread: ThreadTag, _ signers: [String: String], scan: [UInt8] = []
        ) async throws {
            _ = try await leads.sign(
                .init(signers: signers, signedAt: world.clock.now(), scan: scan, place: "检查科档案柜二层"), on: document,
                in: thread, expecting: try await view(thread).file.entries, command: .random(),
                by: try await world.performer(officer))
        }

        func void(_ document: DocumentID, in thread: ThreadTag, by member: DemoPeople.Member) async throws {
            _ = try await leads.void(
                document, reason: "写错了。", in: thread, expecting: try await view(thread).file.entries,
                command: .random(), by: try await world.performer(member))
        }

        func kinds(_ thread: ThreadTag) async throws -> [String] {
            LeadPapers.kinds(of: try await view(thread), law: try await casebook.chambers.law()).map(\.name)
        }

        func text(_ object: ObjectID?) async throws -> String {
            let object = try #require(object)
            let facts = try await world.vault.facts(of: object)
            return String(
                decoding: try await world.vault.read(object, at: 0, upTo: Int(facts.byteCount)), as: UTF8.self)
        }
    }

    @Test("each record of an application or a complaint offers the paper that goes with it, and no other")
    func offered() async throws {
        let desk = try await Desk()
        let written = try await desk.application()
        #expect(try await desk.kinds(written) == ["application-registration"])
        let thread = try await desk.application(mode: "oral")
        var kinds = ["application-registration", "oral-application-record"]
        #expect(try await desk.kinds(thread) == kinds)
        for (name, answers, kind) in [
            ("correct", ["items": "单位名称写错，当场更正。"] as [String: JSON], "on-the-spot-correction-record"),
            ("supplement", ["itemCount": 2, "items": "一、营业执照\n二、报表"], "one-time-supplement-notice"),
            ("decide", ["outcome": "refused", "reason": "不属于本机关职责。"], "acceptance-record"),
            ("receipt", ["receiptNumber": "回执2026-1"], "written-receipt"),
        ] {
            try await desk.step(name, answers, on: thread)
            kinds.append(kind)
            #expect(Set(try await desk.kinds(thread)) == Set(kinds), "\(name)")
        }
        let complaint = try await desk.complaint(reviewed: false)
        #expect(try await desk.kinds(complaint) == ["complaint-report-record"])
        try await desk.step(
            "review", ["result": "pursue", "reason": "需要查处。"], on: complaint, by: desk.world.people.head)
        #expect(try await desk.kinds(complaint) == ["complaint-report-record"], "what is pursued is not refused")
        #expect(
            try await desk.kinds(try await desk.complaint()) == ["complaint-report-record", "non-initiation-notice"])
    }

    @Test("every kind of a lead is drawn up, issued where it goes out, signed on paper, and read back byte for byte")
    func everyKind() async throws {
        let desk = try await Desk()
        let thread = try await desk.application(mode: "oral")
        try await desk.step("correct", ["items": "单位名称写错。"], on: thread)
        try await desk.step("supplement", ["itemCount": 1, "items": "营业执照"], on: thread)
        try await desk.step("decide", ["outcome": "refused", "reason": "不属于本机关职责。"], on: thread)
        try await desk.step("receipt", ["receiptNumber": "回执2026-1"], on: thread)
        let complaint = try await desk.complaint()
        for (kind, lead) in try await desk.kinds(thread).map({ ($0, thread) })
            + desk.kinds(complaint).map({ ($0, complaint) })
        {
            let document = try await desk.drawUp(
                kind, in: lead, ["outcome": "refused"].filter { _ in kind == "acceptance-record" })
            let loaded = try await desk.casebook.chambers.law().drawnKind(kind).inForce.kind
            if loaded.isSentOut { try await desk.issue(document, in: lead) }
            let person = try await desk.world.performer(desk.officer).person
            let places = LeadPapers.places(
                of: try #require(try await desk.view(lead).file.document(document)), kind: loaded, by: person)
            try await desk.sign(
                document, in: lead, Dictionary(uniqueKeysWithValues: places.map { ($0.name, "宋某") }),
                scan: Array("%PDF-1.7 scan of \(kind)".utf8))
            let paper = try #require(try await desk.view(lead).file.document(document))
            #expect(paper.slots.count == places.count && !places.isEmpty, "\(kind)")
            #expect((paper.issue != nil) == loaded.isSentOut, "\(kind)")
            // What was handed out is printed again as it was: the stored bytes are those of the recorded digest.
            for object in paper.objects {
                let facts = try await desk.world.vault.facts(of: object)
                let bytes = try await desk.world.vault.read(object, at: 0, upTo: Int(facts.byteCount))
                #expect(Digest.sha256(bytes) == facts.sha256)
                let recorded = try await desk.view(lead).records.flatMap { record in
                    ["digest", "scanDigest"].compactMap { record.fields[$0]?["sha256"]?.string }
                }
                #expect(recorded.contains(facts.sha256.description), "\(kind)")
            }
            let handed = try await desk.text(paper.issue?.object ?? paper.fixedObject)
            // Every place stands on the sheet that goes out, also one that nobody has to meet.
            #expect(!loaded.isSentOut || !handed.contains("\"required\":false"), "\(kind)")
            #expect(handed.contains("\"state\":\"open\""), "\(kind)")
        }
        // The numbers that were never given before.
        let texts = try await desk.view(thread).file.documents.compactMap { $0.issue?.numberText }
        #expect(texts.contains { $0.contains("受〔") } && texts.contains { $0.contains("补告〔") })
        #expect(
            try await desk.view(complaint).file.documents.contains { $0.issue?.numberText?.contains("不启〔") == true })
    }

    @Test("eight who issue at once get eight numbers without gap; a void number is not given again")
    func numbers() async throws {
        let desk = try await Desk()
        var papers: [(thread: ThreadTag, document: DocumentID, seq: Int)] = []
        for _ in 0..<8 {
            let thread = try await desk.application()
            try await desk.step("decide", ["outcome": "accepted"], on: thread)
            let document = try await desk.drawUp("acceptance-record", in: thread, ["outcome": "accepted"])
            papers.append((thread, document, try await desk.view(thread).file.entries))
        }
        let officer = try await desk.world.performer(desk.officer)
        let leads = desk.leads
        try await withThrowingTaskGroup(of: Void.self) { group in
            for paper in papers {
                group.addTask {
                    _ = try await leads.issue(
                        paper.document, in: paper.thread, expecting: paper.seq, command: .random(), by: officer)
                }
            }
            try await group.waitForAll()
        }
        var numbers: [Int] = []
        for paper in papers {
            let issue = try #require(try await desk.view(paper.thread).file.document(paper.document)?.issue)
            numbers.append(try #require(issue.number))
            #expect(try await desk.text(issue.object).contains(issue.numberText ?? "-"))
        }
        #expect(numbers.sorted() == Array(1...8))
        // Two issues under one command are one.
        let first = papers[0]
        try await desk.void(first.document, in: first.thread, by: desk.world.people.head)
        let again = try await desk.drawUp("acceptance-record", in: first.thread, ["outcome": "accepted"])
        let command = CommandID.random()
        let seq = try await desk.view(first.thread).file.entries
        for isRepeated in [false, true] {
            let receipt = try await leads.issue(
                again, in: first.thread, expecting: seq, command: command, by: officer)
            #expect(receipt.repeated == isRepeated)
        }
        #expect(try await desk.view(first.thread).file.document(again)?.issue?.number == 9)
        let year = desk.world.clock.now().day.parts.year
        #expect(try await desk.world.ledger.freeNumber(kind: "acceptance-record", year: year, from: 1) == 10)
        // The register knows them, and rows computed anew are the same.
        var filter = DocumentRegisterFilter()
        filter.kind = "acceptance-record"
        let lines = try await desk.world.ledger.documentRegister(filter).lines
        #expect(lines.count == 9 && lines.allSatisfy(\.isOfLead))
        #expect(lines.count { $0.document.state == .void } == 1)
        let entries = try await desk.world.store.entries(of: first.thread, from: 1)
        let anew = try await desk.casebook.projectedRows(of: first.thread, entries: entries)
        for line in lines where line.document.caseThread == first.thread {
            #expect(anew.contains(.document(line.document)))
        }
    }

    @Test("a reporter's name stands in no skeleton, in no row, and in no opening but those of class reporter")
    func reporterClass() async throws {
        let desk = try await Desk()
        let thread = try await desk.complaint()
        let notice = try await desk.drawUp(
            "non-initiation-notice", in: thread,
            ["complainant": .string(Self.reporter), "content": .string(Self.story), "notifyMethod": "written"])
        try await desk.issue(notice, in: thread)
        try await desk.sign(notice, in: thread, ["recipient": Self.reporter, "officer": "yes"])
        let record = try await desk.drawUp(
            "complaint-report-record", in: thread,
            ["isRealName": "yes", "complainant": .string(Self.reporter), "content": .string(Self.story)])
        let view = try await desk.view(thread)
        var seen = 0
        for logged in view.entries {
            #expect(!String(decoding: logged.entry.skeleton.bytes, as: UTF8.self).contains("青萍"))
            #expect(logged.entry.misclassified.isEmpty)
            for opening in logged.entry.openings where String(decoding: opening.value, as: UTF8.self).contains("青萍") {
                #expect(opening.openingClass == .reporter, "\(opening.name)")
                seen += 1
            }
        }
        #expect(seen == 4, "the report itself, two papers, and one signature")
        // What is printed of them is as secret.
        for record in view.records where [.documentFixed, .documentIssued].contains(record.type) {
            #expect(record.openingClass(of: "digest") == .reporter)
        }
        // Nobody reads them without a look that the ledger recorded before.
        let now = desk.world.clock.now()
        let officer = try await desk.world.performer(desk.officer)
        let blind = Sight(view, by: officer.tag, at: now)
        #expect(view.records.allSatisfy { !"\(blind.readable($0).fields)".contains("青萍") })
        let object = try #require(view.file.document(notice)?.issue?.object)
        let look = try await desk.leads.look(
            at: object, of: notice, in: thread, command: .random(), by: officer)
        #expect(look.object == object)
        let looked = try await desk.view(thread)
        #expect(
            looked.records.last?.type == .accessOpened && looked.records.last?.word("document") == notice.description)
        #expect(!looked.isLooking(officer.tag, at: now), "a look at a paper opened the reporter's own words")
        let refusal = try await desk.world.refusal("a look by somebody who has no part in it") {
            _ = try await desk.leads.look(
                at: object, of: notice, in: thread, command: .random(),
                by: try await desk.world.performer(desk.world.people.officer2))
        }
        #expect(refusal?.code == .notFound)
        var filter = DocumentRegisterFilter()
        filter.pageSize = 100
        let lines = try await desk.world.ledger.documentRegister(filter).lines
        #expect(lines.count == 2 && !"\(lines)".contains("青萍"))
        _ = record
    }

    @Test("what is not so yet, or not theirs, is refused in a sentence, and nothing is recorded")
    func refusals() async throws {
        let desk = try await Desk()
        let world = desk.world
        let thread = try await desk.application()
        func refused(_ what: String, _ words: String, _ body: () async throws -> Void) async throws {
            let refusal = try await world.refusal(what, body)
            let said = ([refusal?.message] + (refusal?.fields.map(\.message) ?? [])).compactMap { $0 }
            #expect(said.contains { $0.contains(words) }, "\(what): \(said)")
        }
        try await refused("a notice of what nobody said was missing", "先由经办人在这条线索里登记“一次性告知补正”") {
            try await desk.drawUp("one-time-supplement-notice", in: thread)
        }
        try await refused("a paper of cases", "不是线索的文书") {
            try await desk.drawUp(DocumentKindName.rightsNotice, in: thread)
        }
        try await desk.step("supplement", ["itemCount": 1, "items": "营业执照"], on: thread)
        try await refused("a blank form", "请") {
            _ = try await desk.leads.drawUp(
                "one-time-supplement-notice", .object([]), as: .random(), in: thread,
                expecting: try await desk.view(thread).file.entries, command: .random(),
                by: try await world.performer(desk.officer))
        }
        try await refused("a time to come", "不能晚于现在") {
            try await desk.drawUp(
                "one-time-supplement-notice", in: thread,
                ["notifiedAt": .string(world.clock.now().advanced(byMilliseconds: 3_600_000).description)])
        }
        try await refused("a day before the application came in", "不能早于收到这条线索的那一天") {
            try await desk.drawUp(
                "one-time-supplement-notice", in: thread,
                ["issuedOn": .string(world.clock.now().day.advanced(by: -3).description)])
        }
        try await refused("a custodian", "由办理这条线索的") {
            try await desk.drawUp(
                "one-time-supplement-notice", in: thread, by: try await world.performer(world.people.custodian))
        }
        let notice = try await desk.drawUp("one-time-supplement-notice", in: thread)
        try await refused("a second notice", "已经有一份《一次性补正告知书》") {
            try await desk.drawUp("one-time-supplement-notice", in: thread)
        }
        try await refused("a signature before the number", "还没有制发") {
            try await desk.sign(notice, in: thread, ["party": "宋某"])
        }
        try await refused("an issue without the secret", "密码") {
            try await desk.issue(notice, in: thread, confirmed: false)
        }
        try await desk.issue(notice, in: thread)
        try await refused("a second number", "已经制发") { try await desk.issue(notice, in: thread) }
        try await refused("the officer in the applicant's place", "不能是办理这条线索的执法人员") {
            try await desk.sign(notice, in: thread, ["party": try await world.performer(desk.officer).person.name])
        }
        try await refused("a scan that is none", "请") {
            try await desk.sign(notice, in: thread, ["party": "宋某"], scan: Array("no picture".utf8))
        }
        try await refused("nobody signed", "至少登记一处") { try await desk.sign(notice, in: thread, [:]) }
        try await refused("a voiding by who issued it", "由行政机关负责人作废") {
            try await desk.void(notice, in: thread, by: desk.officer)
        }
        let registration = try await desk.drawUp("application-registration", in: thread)
        try await refused("a number for what has none", "不编文号") { try await desk.issue(registration, in: thread) }
        try await desk.step("decide", ["outcome": "accepted"], on: thread)
        try await desk.step("receipt", ["receiptNumber": "1"], on: thread)
        try await desk.step("close", ["reason": "办结。"], on: thread)
        try await refused("a paper of what is closed", "已经办结") {
            try await desk.drawUp("written-receipt", in: thread)
        }
        try await refused("a voiding after the end", "已经办结") {
            try await desk.void(notice, in: thread, by: world.people.head)
        }
    }

    @Test("a printer that fails records nothing, and the same form goes through afterwards")
    func printerFails() async throws {
        let desk = try await Desk()
        let thread = try await desk.application()
        desk.world.printer.fail(with: PressError(code: .missingGlyph, message: "这些字没有字体可以印：䶮", detail: ""))
        let refusal = try await desk.world.refusal("a name that no font draws") {
            try await desk.drawUp("application-registration", in: thread)
        }
        #expect(refusal?.message.contains("䶮") == true)
        desk.world.printer.fail(with: nil)
        try await desk.drawUp("application-registration", in: thread)
        #expect(try await desk.view(thread).file.documents.count == 1)
    }

    @Test(
        "a case's dossier carries the papers of its application to every reader, those of a complaint to the archive alone",
        arguments: DossierAudience.allCases)
    func dossier(audience: DossierAudience) async throws {
        let desk = try await Desk()
        let world = desk.world
        for kind in LeadFile.Kind.allCases {
            let lead: ThreadTag
            if kind == .application {
                lead = try await desk.application()
                try await desk.step("decide", ["outcome": "accepted"], on: lead)
                try await desk.step("receipt", ["receiptNumber": "1"], on: lead)
                let paper = try await desk.drawUp("acceptance-record", in: lead, ["outcome": "accepted"])
                try await desk.issue(paper, in: lead)
                try await desk.sign(paper, in: lead, ["party": "宋某"], scan: Array("%PDF-1.7 scan".utf8))
            } else {
                lead = try await desk.complaint(reviewed: false)
                try await desk.step("review", ["result": "pursue", "reason": "需要查处。"], on: lead, by: world.people.head)
                try await desk.drawUp(
                    "complaint-report-record", in: lead,
                    ["isRealName": "yes", "complainant": .string(Self.reporter), "content": .string(Self.story)])
            }
            let thread = ThreadTag.random()
            world.minute()
            _ = try await desk.casebook.open(
                OpenInspection(
                    title: "统计执法检查", source: kind == .application ? .application : .complaint,
                    handlers: world.handlers, newSubject: DemoFirm.paperMill.subject),
                as: thread, lead: (lead, try await desk.view(lead).file.entries), command: .random(),
                by: try await world.performer(desk.officer))
            world.minute()
            let prepared = try await DossierExport(
                casebook: desk.casebook, vault: world.vault, bureauThread: world.thread
            ).prepare(
                case: thread, audience: audience, mode: .compact, recipient: nil,
                secrecyCheck: audience == .party ? "不含应当保密的内容。" : nil, command: .random(),
                by: try await world.performer(world.people.head))
            let isIn = kind == .application || audience == .archive
            #expect(prepared.manifest.threads.contains { $0.thread == lead } == isIn, "\(kind)")
            let files = prepared.manifest.files.filter {
                String(decoding: $0.path.bytes, as: UTF8.self).contains("来源线索")
            }
            #expect(files.count == (isIn ? kind == .application ? 3 : 1 : 0), "\(kind) \(files.map(\.title))")
            let path = world.directory.path + "/\(kind.rawValue)-\(audience.rawValue)"
            try await DossierExport(casebook: desk.casebook, vault: world.vault, bureauThread: world.thread).write(
                prepared, into: try DirectorySink(path: path), take: { _ in [] }, send: { _ in })
            let key = try #require(VerifierKey(world.store.verifierKey))
            let verdict = try DossierVerification.verify(DirectorySource(path: path), trust: DossierTrust(key: key))
            #expect(verdict.outcome == .accepted, "\(kind) \(verdict.reasons.map(\.chinese))")
        }
    }
}
