import Application
import Casework
import Demo
import Foundation
import Kernel
import Ledger
import TestKit
import Testing

/// What is bound in the volumes of a case, with which numbers, for whom (ADR 0080).
@Suite("The volumes of a case are bound by its catalogue", .serialized)
struct VolumeTests {
    /// A sheet as the printer was told it.
    private struct Told {
        let number: String
        let note: String
        let face: String

        /// The piece and the page in the corner.
        var place: (piece: Int, pages: String)? {
            guard let found = number.wholeMatch(of: /第 (\d+) 件 · 卷内第 ([\d—]+) 页/) else { return nil }
            guard let piece = Int(found.1) else { return nil }
            return (piece, String(found.2))
        }
    }

    private func bind(
        _ part: VolumePlan.Part, of thread: ThreadTag, _ world: CaseWorld, by member: DemoPeople.Member
    ) async throws -> [Told] {
        let bytes = try await world.office.volumes.bind(part, of: thread, by: try await world.performer(member))
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst()
        return lines.map { line in
            let parts = line.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            return Told(number: parts[0], note: parts[1], face: parts[2])
        }
    }

    private func plan(
        _ part: VolumePlan.Part, of thread: ThreadTag, _ world: CaseWorld, by member: DemoPeople.Member
    ) async throws -> VolumePlan {
        try await world.office.volumes.plan(
            part, of: try await world.load(thread), for: try await world.performer(member).person)
    }

    /// The pages of each piece that the catalogue on file gives.
    private func listed(_ thread: ThreadTag, _ world: CaseWorld) async throws -> [Int: String] {
        let catalogue = try #require(try await world.load(thread).work.document(ofKind: "case-file-catalogue"))
        let rows = try #require(catalogue.data?["items"]?.elements)
        return rows.reduce(into: [:]) { listed, row in
            guard let piece = row["piece"]?.string.flatMap({ Int($0) }), let pages = row["pages"]?.string else {
                return
            }
            listed[piece] = pages
        }
    }

    @Test("every sheet bears the piece and page that the catalogue gives, in both volumes together and none twice")
    func numbers() async throws {
        let world = try await CaseWorld()
        let (_, thread) = try await world.wholeCase()
        let listed = try await listed(thread, world)
        var pages: [Int: [Int]] = [:]
        for part in VolumePlan.Part.allCases {
            let told = try await bind(part, of: thread, world, by: world.people.custodian)
            let plan = try await plan(part, of: thread, world, by: world.people.custodian)
            #expect(told.count == plan.sheets && plan.isCatalogued && !plan.pieces.isEmpty)
            let numbered = told.compactMap(\.place)
            // Cover and catalogue before, closing sheet behind, and the sheet of recordings: without numbers.
            #expect(told.filter { $0.number.isEmpty }.count == told.count - numbered.count)
            #expect(told.first?.face.hasPrefix("案卷封面和目录 1/") == true && told.first?.number == "")
            #expect(told.last?.face.hasPrefix("备考表 ") == true && told.last?.number == "")
            #expect(told.contains { $0.face.hasPrefix("卷内目录里没有纸页的各项：") && $0.face.contains("录像") } == (part == .open))
            #expect(numbered.map(\.piece) == numbered.map(\.piece).sorted(), "not in the order of the catalogue")
            for (piece, page) in numbered { pages[piece, default: []].append(try #require(Int(page))) }
            let law = try await world.office.casebook.chambers.law()
            for piece in plan.pieces {
                let kind = law.library.kinds.values.first { $0.kind.title == piece.title }?.kind
                #expect((kind?.volume == .internal) == (part == .internal), "\(piece.title)")
                #expect(piece.withheld == nil)
            }
        }
        #expect(pages.count == listed.count && !listed.isEmpty)
        for (piece, own) in pages {
            let range = own.count == 1 ? "\(own[0])" : "\(own[0])-\(own[own.count - 1])"
            #expect(range == listed[piece] && own == Array(own[0]..<own[0] + own.count), "\(piece)")
        }
        // No page of the case is in neither volume.
        let all = pages.values.joined().sorted()
        #expect(all == Array(1...all.count))
    }

    @Test("binding is a look at the case and at the inspection in it, recorded before anything is read, and closed")
    func looks() async throws {
        let world = try await CaseWorld()
        let (inspection, thread) = try await world.wholeCase()
        for (part, word) in [(VolumePlan.Part.open, "open"), (.internal, "internal")] {
            let before = try await world.load(thread).work.entries
            _ = try await bind(part, of: thread, world, by: world.people.custodian)
            let records = try await world.load(thread).records.dropFirst(before)
            #expect(records.map(\.type) == [.accessOpened, .accessClosed])
            let opened = try #require(records.first)
            #expect(opened.actor == world.people.custodian.person.thread && opened.word("right") == "custodian")
            #expect(opened.word("what") == "case" && opened.word("volume") == word && opened.word("object") == nil)
            #expect(records.last?.word("session") == opened.word("session"))
            #expect(records.last?.number("bytes") ?? 0 > 0)
        }
        let ofSource = try await world.load(inspection).records.filter { $0.type == .accessOpened }
        #expect(ofSource.contains { $0.word("what") == "case" && $0.word("volume") == "open" })
        // A press that fails has given nothing out, and the look says so.
        world.printer.fail(with: PressError(code: .timeout, message: "打印超时，已停止。", detail: "test"))
        let refused = await #expect(throws: StepRefusal.self) {
            _ = try await bind(.open, of: thread, world, by: world.people.custodian)
        }
        #expect(refused?.code == .unavailable)
        #expect(try await world.load(thread).records.last?.number("bytes") == 0)
        // No byte without its entry: where nothing can be recorded, nothing is bound.
        world.printer.fail(with: nil)
        let printed = world.printer.printed
        world.store.fail(with: .stopped("test"))
        await #expect(throws: StepRefusal.self) {
            _ = try await bind(.open, of: thread, world, by: world.people.custodian)
        }
        #expect(world.printer.printed == printed)
    }

    @Test("what a reporter said is bound for nobody: one sheet stands for it, with the pages that the catalogue gives")
    func reporter() async throws {
        let world = try await CaseWorld()
        let (_, thread) = try await world.wholeCase(reporter: "蒋某某")
        let listed = try await listed(thread, world)
        let title = try #require(CaseWorld.library.get().kinds["complaint-report-record"]).kind.title
        for member in [world.people.custodian, world.people.head, world.people.officer1] {
            var stands: [Told] = []
            for part in VolumePlan.Part.allCases {
                stands += try await bind(part, of: thread, world, by: member).filter { $0.face.contains(title) }
            }
            #expect(stands.count == 1 && stands[0].face.contains("没有装订这一件"), "\(stands)")
            let place = try #require(stands.first?.place)
            #expect(place.pages.replacingOccurrences(of: "—", with: "-") == listed[place.piece])
            #expect(stands[0].face.contains("投诉举报") && stands[0].face.contains("依法保密"))
        }
    }

    @Test(
        "a marked document stands as a sheet also for who is cleared; a stranger gets nothing, and nothing is recorded")
    func marked() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let notice = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        let open = try await plan(.open, of: thread, world, by: people.head)
        #expect(open.pieces.contains { $0.title == "权利告知书" && $0.withheld == nil } && !open.isCatalogued)
        world.minute()
        try await world.take(
            RecordEntry(
                try #require(RecordedStep.named("secrecy")),
                [
                    "document": .string(notice.description), "class": "trade", "clearance": ["agencyHead"],
                    "reason": "写有客户名单。",
                ]), in: thread, by: people.custodian)
        for member in [people.head, people.custodian, people.officer1] {
            let told = try await bind(.open, of: thread, world, by: member)
            let stand = try #require(told.first { $0.face.contains("权利告知书") })
            #expect(stand.face.contains("标明涉及商业秘密") && stand.place != nil)
            #expect(told.filter { $0.face.contains("权利告知书") }.count == 1)
        }
        try await world.expect([
            Refused("by an officer of no part", .notFound) {
                _ = try await bind(.open, of: thread, world, by: people.officer3)
            },
            Refused("by the administrator", .notFound) {
                _ = try await bind(.internal, of: thread, world, by: people.administrator)
            },
        ])
        // Who only took part as an officer gets the open volume and not the other.
        let view = try await world.load(thread)
        var guest = try await world.performer(people.officer3).person
        #expect(VolumePlan.refusal(of: .internal, in: view.work, to: guest)?.code == .notFound)
        guest = try await world.performer(people.officer1).person
        for part in VolumePlan.Part.allCases { #expect(VolumePlan.refusal(of: part, in: view.work, to: guest) == nil) }
    }

    @Test("a catalogue that says other numbers than the sheets would bear stops the binding, and says which piece")
    func differs() async throws {
        let world = try await CaseWorld()
        let (_, thread) = try await world.wholeCase()
        let old = try #require(try await world.load(thread).work.document(ofKind: "case-file-catalogue")?.data)
        let rows = (old["items"]?.elements ?? []).map { row in
            row["piece"] == "2"
                ? JSON.object((row.members ?? []).map { $0.key == "pages" ? .init("pages", "77") : $0 }) : row
        }
        let data = JSON.object((old.members ?? []).map { $0.key == "items" ? .init("items", .array(rows)) : $0 })
        world.minute()
        try await world.append([
            Fact(
                .documentFixed, in: thread,
                plain: ["document": .string(DocumentID.random().description), "kind": "case-file-catalogue"],
                fields: [.init("data", data, .party)])
        ])
        let refusal = try await world.refusal("bound by a wrong catalogue") {
            _ = try await bind(.open, of: thread, world, by: world.people.custodian)
        }
        #expect(refusal?.code == .outOfOrder && refusal?.message.contains("第2件现在是第") == true, "\(refusal as Any)")
    }

    @Test("an inspection that is filed after the case stays in the volume that its catalogue lists it in")
    func filedLater() async throws {
        let world = try await CaseWorld()
        let (inspection, thread) = try await world.wholeCase()
        let before = try await bind(.open, of: thread, world, by: world.people.custodian).map(\.number)
        world.minute()
        try await world.append([
            Fact(.caseFiled, in: inspection, plain: ["pages": 7, "pieces": 3, "withDefects": false])
        ])
        #expect(try await bind(.open, of: thread, world, by: world.people.custodian).map(\.number) == before)
    }

    @Test("a lost file is a sheet that says so, and the others are bound with their numbers")
    func lost() async throws {
        let world = try await CaseWorld()
        let (_, thread) = try await world.wholeCase()
        let decision = try #require(try await world.load(thread).work.documents.first { $0.isCaseDecision })
        let before = try await bind(.open, of: thread, world, by: world.people.custodian)
        world.vault.lose(try #require(decision.issue?.object), as: .damaged)
        let told = try await bind(.open, of: thread, world, by: world.people.custodian)
        let stand = try #require(told.first { $0.face.contains("没有装订这一件") })
        #expect(stand.face.contains("缺失、损坏") && told.filter { $0.face.contains("没有装订这一件") }.count == 1)
        let kept = Set(told.map(\.number)).subtracting([stand.number])
        #expect(kept.isSubset(of: Set(before.map(\.number))) && kept.count > 3)
    }

    @Test("where the paper was filed its picture is bound, page by page; a page that is only on paper says so")
    func scans() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.inspection(finding: nil)
        let visit = world.visit()
        try await world.take(visit, in: thread, by: people.officer1)
        world.minute(30)
        let now = JSON.string(world.clock.now().description)
        let record = try await world.demo.fix(
            "site-inspection-record",
            [
                "subjectName": "清禾县星河纸品厂（演示）", "place": "办公楼", "startAt": now, "endAt": now,
                "officers": world.demo.officers, "certShown": "已出示",
                "findings": .string(String(repeating: "核对了报表。", count: 220)),
            ], in: thread, activity: visit.activity, by: people.officer1)
        let printed = try await bind(.open, of: thread, world, by: people.officer1)
        #expect(printed.map(\.face) == (1...3).map { "现场检查笔录 \($0)/3" } && printed.allSatisfy { $0.note.isEmpty })
        let stack = try await world.vault.store(Array("sheet \(record) 3 0\nsheet \(record) 1 0".utf8))
        _ = try await #require(world.office.scans).file(
            [
                .init(
                    document: record,
                    sheets: [(1, 2), (3, 1)].map { .init(page: $0.0, taken: ScanTurn(page: $0.1, turn: 0)) })
            ], of: stack, in: thread, expecting: try await world.load(thread).work.entries, place: "检查科档案柜",
            isShared: false, ownsOriginal: true, command: .random(), by: try await world.performer(people.officer1))
        let told = try await bind(.open, of: thread, world, by: people.officer1)
        #expect(told.map(\.face) == ["现场检查笔录 1/2", "现场检查笔录 2/3", "现场检查笔录 2/2"])
        #expect(told.map(\.note) == ["", "纸上签名的原件没有扫描", ""])
        #expect(told.map(\.number) == (1...3).map { "第 1 件 · 卷内第 \($0) 页" })
        #expect(try await plan(.open, of: thread, world, by: people.officer1).pieces.map(\.isScanned) == [true])
    }

    @Test("one page of an issued document is printed again in a recorded look; of others, or a page too many, none")
    func reprint() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let (_, thread) = try await world.wholeCase()
        let view = try await world.load(thread)
        let decision = try #require(view.work.documents.first { $0.isCaseDecision })
        let pages = try #require(decision.pages)
        let desk = world.office.volumes
        let custodian = try await world.performer(people.custodian)
        let told = String(
            decoding: try await desk.reprint(pages, of: decision.id, in: view, by: custodian), as: UTF8.self)
        #expect(told.hasSuffix("\n||重印的文书 \(pages)/\(pages)"), "no number in the corner: the page as it was")
        let opened = try #require(try await world.load(thread).records.last)
        #expect(opened.type == .accessOpened && opened.word("document") == decision.id.description)
        #expect(opened.word("object") == decision.issue?.object?.description && opened.word("purpose") == "other")
        world.clock.set(to: world.clock.now().advanced(byMilliseconds: ViewSessions.longest))
        await world.office.views.endExpired()
        let closed = try #require(try await world.load(thread).records.last)
        #expect(closed.type == .accessClosed && closed.number("bytes") ?? 0 > 0)
        #expect(closed.plain["isRead"] == .boolean(false), "a page is not the document")
        let stranger = try await world.performer(people.officer3)
        try await world.expect([
            Refused("page 0", .invalid, fields: ["page"]) {
                _ = try await desk.reprint(0, of: decision.id, in: view, by: custodian)
            },
            Refused("a page too many", .invalid, fields: ["page"]) {
                _ = try await desk.reprint(pages + 1, of: decision.id, in: view, by: custodian)
            },
            Refused("an unknown document", .notFound) {
                _ = try await desk.reprint(1, of: .random(), in: view, by: custodian)
            },
            Refused("by a stranger", .notFound) {
                _ = try await desk.reprint(1, of: decision.id, in: view, by: stranger)
            },
        ])
        let other = try await world.penalty()
        let draft = try await world.handInStart(in: other)
        let unissued = try await world.load(other)
        let handler = try await world.performer(people.officer1)
        try await world.expect([
            Refused("not issued", .outOfOrder) {
                _ = try await desk.reprint(1, of: draft, in: unissued, by: handler)
            }
        ])
    }
}
