import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

/// The sheets of a case file say what the record says.
@Suite("Sheets of the case file", .serialized)
struct SheetTests {
    private func ended(_ world: CaseWorld) async throws -> ThreadTag {
        let thread = try await world.inspection(finding: .nothingFound)
        try await world.take(
            EndCase(ground: .nothingFound, reason: "未发现", acceptsGaps: true), in: thread, by: world.people.officer1)
        return thread
    }

    private func sheet(_ kind: String, in thread: ThreadTag, _ world: CaseWorld) async throws -> JSON {
        let sheets = CaseFileSheets(
            view: try await world.load(thread), source: nil, law: try await world.office.casebook.chambers.law(),
            archivist: try await world.performer(world.people.custodian).person,
            persons: try await world.office.casebook.registers.persons(), now: world.clock.now())
        return try #require(sheets.data(for: kind))
    }

    @Test("the evidence of the inspection stands in the catalogue of the penalty case, or its own volume does")
    func source() async throws {
        let world = try await CaseWorld()
        let day = CaseWorld.today.advanced(by: -50)
        let mill = try await world.demo.inspect(
            .paperMill, title: "清禾县星河纸品厂统计执法检查", on: day, video: CaseWorld.video, outcome: .suspected,
            findings: "上报数为 1,280 万元，账面记载为 1,024 万元。")
        let thread = try await world.demo.initiate(mill, title: CaseWorld.title, on: day.advanced(by: 2))
        func sheet(_ kind: String) async throws -> JSON {
            let view = try await world.load(thread)
            let sheets = CaseFileSheets(
                view: view, source: try await world.office.casebook.source(of: view.work),
                law: try await world.office.casebook.chambers.law(),
                archivist: try await world.performer(world.people.custodian).person,
                persons: try await world.office.casebook.registers.persons(), now: world.clock.now())
            return try #require(sheets.data(for: kind))
        }
        let catalogue = try await sheet("case-file-catalogue")
        let rows = try #require(catalogue["items"]?.elements)
        let record = try #require(rows.first { $0["title"] == "现场检查笔录" })
        #expect(
            record["remarks"] == "来源检查" && record["piece"] == "1" && record["pages"]?.string?.hasPrefix("1") == true)
        #expect(rows.contains { $0["title"] == "程序启动审批表" && $0["remarks"] == "副卷" })
        // The film of the inspection has its line, told by what it is and never by a file's name.
        let film = try #require(rows.last)
        #expect(film["title"] == "录像（现场检查）" && film["remarks"] == "来源检查，电子" && film["pages"] == nil)
        #expect(rows.map { $0["piece"] } == (1...rows.count).map { .string("\($0)") })
        let closing = try #require(try await sheet("closing-sheet")["situation"]?.string)
        #expect(closing.hasPrefix("本卷共 \(rows.count) 件：文件 \(rows.count - 1) 件，"), "\(closing)")
        #expect(closing.contains("录音录像 1 件，照片、扫描件等其他电子资料 0 件，以电子形式随卷保存"))
        let cover = try await sheet("case-file-cover")
        #expect(cover["recordings"] == 1 && cover["otherFiles"] == 0 && cover["pieces"]?.integer == Int64(rows.count))
        #expect(catalogue["pieces"] == cover["pieces"] && catalogue["pages"] == cover["pages"])
        // Filed for itself it is a volume of its own, and named as that.
        // A picture of a voucher and a scan are pieces as well, and no recordings of an act.
        for (form, device) in [("photo", "phone"), ("document", "scanner")] {
            try await world.take(
                ImportRecording(
                    recording: .random(), object: try await world.vault.store(Array("the \(form) of a voucher".utf8)),
                    form: form, device: device, fileName: "凭证", mediaType: "", completedAt: nil, activity: nil,
                    note: nil), in: mill.thread, by: world.people.officer1)
        }
        let counted = try await sheet("case-file-cover")
        #expect(counted["recordings"] == 1 && counted["otherFiles"] == 2)
        #expect(counted["pieces"]?.integer == Int64(rows.count + 2))
        #expect(try await sheet("closing-sheet")["otherFiles"] == 2)
        #expect(try await sheet("closing-sheet")["situation"]?.string?.contains("录音录像 1 件，照片、扫描件等其他电子资料 2 件") == true)
        try await world.take(
            EndCase(ground: .ledOn, reason: nil, acceptsGaps: true), in: mill.thread, by: world.people.officer1)
        try await world.append([
            Fact(.caseFiled, in: mill.thread, plain: ["pages": 7, "pieces": 3, "withDefects": false])
        ])
        let named = try #require(try await sheet("case-file-catalogue")["items"]?.elements)
        #expect(!named.contains { $0["title"] == "现场检查笔录" })
        #expect(named.first?["title"] == "来源行政检查案卷：清禾县星河纸品厂统计执法检查")
        #expect(named.first?["remarks"] == "另卷归档，3件7页")
        #expect(try await sheet("case-file-cover")["recordings"] == 0)
    }

    @Test("an inspection of which there is no recording is said in the sheet of the penalty case, which asks why")
    func unrecorded() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let inspection = try await world.inspection(finding: nil)
        world.minute()
        let visit = world.visit()
        try await world.take(visit, in: inspection, by: people.officer1)
        world.minute(30)
        try await world.take(
            RecordFinding(outcome: .suspected, summary: "核对了报表。", recipient: nil), in: inspection, by: people.officer1)
        let thread = try await world.open(
            OpenPenalty(title: CaseWorld.title, handlers: world.handlers, isMajor: false, emergency: nil),
            from: inspection, by: try await world.performer(people.officer1))
        func closing() async throws -> JSON {
            let view = try await world.load(thread)
            let sheets = CaseFileSheets(
                view: view, source: try await world.office.casebook.source(of: view.work),
                law: try await world.office.casebook.chambers.law(),
                archivist: try await world.performer(people.custodian).person,
                persons: try await world.office.casebook.registers.persons(), now: world.clock.now())
            return try #require(sheets.data(for: "closing-sheet"))
        }
        try await world.take(
            EndCase(ground: .terminated, reason: "停办。", acceptsGaps: true), in: thread, by: people.head)
        world.minute()
        let bare = try await closing()
        let said = bare["matters"]?.elements?.compactMap { $0["content"]?.string } ?? []
        #expect(said.count == 1 && said[0].hasSuffix("的现场检查。"), "\(said)")
        try await world.expect([
            Refused("without a word why", .invalid, fields: ["unrecorded"]) {
                _ = try await world.demo.fix("closing-sheet", bare, in: thread, by: people.custodian)
            }
        ])
        let stated = changing(bare, "unrecorded", to: "执法记录仪当日损坏，没有其他设备。")
        _ = try await world.demo.fix("closing-sheet", stated, in: thread, by: people.custodian)
        try await world.take(
            ImportRecording(
                recording: .random(), object: try await world.vault.store(CaseWorld.video), form: "video",
                device: "recorder", fileName: "录像.mp4", mediaType: "video/mp4", completedAt: nil,
                activity: visit.activity, note: nil), in: inspection, by: people.officer1)
        #expect(try await closing()["matters"] == nil)
    }

    private func changing(_ data: JSON, _ name: String, to value: JSON?) -> JSON {
        .object((data.members ?? []).filter { $0.key != name } + (value.map { [.init(name, $0)] } ?? []))
    }

    @Test("every value that the system computes is refused when it says something else, each by its name")
    func computed() async throws {
        let world = try await CaseWorld()
        let thread = try await ended(world)
        world.minute()
        let others: [String: JSON] = [
            "caseNumber": "别的案号", "caseName": "别的案由", "subjectName": "别家", "volume": "internal",
            "outcome": "随便写的处理结果", "officers": [["certificate": "0", "name": "随便谁"]], "startedAt": "2026-01-01",
            "endedAt": "2026-01-01", "filedAt": "2026-01-01", "archivist": "随便谁", "pieces": 77, "pages": 888,
            "recordings": 9, "otherFiles": 9, "items": [["piece": "1", "title": "只有这一件"]],
            "defects": [["approval": "无", "provision": "无", "reason": "无", "violation": "无"]],
            "overrides": [["approval": "无", "basis": "无", "provision": "无", "reason": "无"]],
            "corrections": [["approval": "无", "content": "无", "reason": "无", "what": "无"]],
            "matters": [["content": "无", "what": "无"]], "situation": "文书齐全，没有逾期。",
            "ledger": [["label": "最后一条的承诺值", "value": .string(String(repeating: "0", count: 64))]],
        ]
        var tried = 0
        for kind in FileCase.sheets {
            let data = try await sheet(kind, in: thread, world)
            for name in CaseFileSheets.computedFields(of: kind) {
                var other = try #require(others[name], "\(name)")
                if kind == "closing-sheet", name == "filedAt" { other = "2026-01-01T00:00:00.000Z" }
                let changed = changing(data, name, to: other)
                try await world.expect([
                    Refused("\(kind) \(name)", .invalid, fields: [name]) {
                        _ = try await world.demo.fix(kind, changed, in: thread, by: world.people.custodian)
                    }
                ])
                tried += 1
            }
        }
        #expect(tried == 34)
        // What a person states is theirs: the retention, and a remark beside the system's own account.
        let closing = changing(try await sheet("closing-sheet", in: thread, world), "remark", to: "光盘另存于三号柜。")
        _ = try await world.demo.fix("closing-sheet", closing, in: thread, by: world.people.custodian)
        let cover = changing(try await sheet("case-file-cover", in: thread, world), "retention", to: "permanent")
        _ = try await world.demo.fix("case-file-cover", cover, in: thread, by: world.people.custodian)
    }

    @Test("a correction left out of the closing sheet is refused, and a sheet made before it is not filed with")
    func corrected() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await ended(world)
        try await world.sheets(in: thread)
        let ending = try #require(try await world.load(thread).records.first { $0.type == .caseEnded }?.seq)
        try await world.take(
            ProposeCorrection(target: ending, member: "reason", value: .text("没有发现"), reason: "笔误"), in: thread,
            by: people.officer1)
        let asked = try await world.load(thread).work.entries
        try await world.take(
            DecideCorrection(proposal: asked, isApproved: true, opinion: "同意"), in: thread, by: people.head)
        world.minute()
        let silent = changing(try await sheet("closing-sheet", in: thread, world), "corrections", to: nil)
        try await world.expect([
            Refused("a closing sheet that leaves it out", .invalid, fields: ["corrections"]) {
                _ = try await world.demo.fix("closing-sheet", silent, in: thread, by: people.custodian)
            },
            Refused("filed with the sheet of before", .outOfOrder) {
                try await world.take(FileCase(), in: thread, by: people.custodian)
            },
        ])
        try await world.sheets(in: thread)
        try await world.take(FileCase(), in: thread, by: people.custodian)
        // The entry of the filing says the same as the cover.
        let view = try await world.load(thread)
        let filed = try #require(view.records.last)
        let cover = try #require(view.work.document(ofKind: "case-file-cover")?.data)
        #expect(filed.number("pieces") == cover["pieces"]?.integer && filed.number("pages") == cover["pages"]?.integer)
    }

    @Test("no file is closed over papers that were signed and have no text with the signatures")
    func unprinted() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.inspection(finding: .nothingFound)
        let record = try await world.fix(
            "internal-approval-form", in: thread,
            changing: [
                .init("caseName", .string(CaseWorld.title)), .init("matter", "延长期限"),
                .init("handlerOpinion", "情况复杂，建议延长。"),
            ])
        try await world.take(world.signature(record, "handler"), in: thread, by: people.officer1)
        try await world.take(
            world.signature(record, "reviewer", decision: .agree, opinion: "同意。"), in: thread, by: people.unitHead)
        try await world.take(
            world.signature(record, "approver", decision: .agree, opinion: "同意。"), in: thread, by: people.head)
        try await world.take(
            EndCase(ground: .nothingFound, reason: "未发现", acceptsGaps: true), in: thread, by: people.officer1)
        let law = try await world.office.casebook.chambers.law()
        let waiting = FileCase.unprinted(in: try await world.load(thread).work, law: law)
        #expect(waiting.map(\.id) == [record])
        let refusal = try await world.refusal("filed unprinted") {
            try await world.take(FileCase(), in: thread, by: people.custodian)
        }
        #expect(refusal?.code == .outOfOrder && refusal?.message.contains("签名已经齐备，还没有制发") == true)
        // Who wrote them completes them, though the case has ended; nothing new is written.
        try await world.demo.issueSigned(in: thread)
        #expect(FileCase.unprinted(in: try await world.load(thread).work, law: law).isEmpty)
        let written = try await world.refusal("a new record") {
            _ = try await world.fix("oral-waiver-record", in: thread)
        }
        #expect(written != nil)
        try await world.sheets(in: thread)
        try await world.take(FileCase(), in: thread, by: people.custodian)
    }

    @Test("who made up the file does not check it")
    func twoPersons() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await ended(world)
        world.minute()
        let data = try await sheet("closing-sheet", in: thread, world)
        let sheet = try await world.demo.fix("closing-sheet", data, in: thread, by: people.custodian)
        try await world.demo.sign(sheet, "archivist", in: thread, by: people.custodian)
        try await world.expect([
            Refused("checked by the same person", .notAllowed) {
                try await world.demo.sign(sheet, "checker", in: thread, by: people.custodian)
            }
        ])
        try await world.demo.sign(sheet, "checker", in: thread, by: people.unitHead)
        let slots = try await world.load(thread).work.document(sheet)?.slots
        #expect(slots?["archivist"]?.by == people.custodian.person.thread)
        #expect(slots?["checker"]?.by == people.unitHead.person.thread)
    }
}
