import Application
import Casework
import Hummingbird
import Kernel

extension APIOperation {
    /// Opening cases.
    static let openings: [APIOperation] = [
        APIOperation(
            id: "openInspection", method: .post, path: "/inspections", scope: .recordCases, right: .handling,
            summary: "开展行政检查", text: "被检查对象已经登记的写 party；没有登记的写 newParty。两项只能写一项。",
            body: .named(
                "OpenInspection",
                .object([
                    .init("title", .text(1...120), "检查事项。"),
                    .init(
                        "source", .words(CaseSource.allCases.filter { $0 != .inspection }.map(\.rawValue)), "检查的来源。"),
                    .init("handlers", .list(.id, 2...20, unique: true), "承办人，不少于两人，都须持有有效的执法证件。"),
                    .init("party", .id, "已登记的当事人。", required: false),
                    .init("newParty", newParty, "没有登记过的当事人。", required: false),
                ])), answer: .created(receipt), records: [.subjectRegistered, .caseOpened],
            words: ["kind": ["inspection"], "procedure": ["general"]]
        ) { call in
            try await call.record { command, performer in
                guard let source = CaseSource(rawValue: call.text("source")) else { throw APIProblem.notFound }
                return try await call.bureau.casebook.open(
                    OpenInspection(
                        title: call.text("title"), source: source, handlers: call.threads("handlers"),
                        newSubject: try call.newSubject(command)),
                    as: command.unchecked(as: OfThread.self), subject: call.optional("party").flatMap { ThreadTag($0) },
                    command: command, by: performer)
            }
        },
        APIOperation(
            id: "openSummaryCase", method: .post, path: "/summary-cases", scope: .recordCases, right: .handling,
            summary: "适用简易程序", text: "当场处罚。本人应当是承办人之一。",
            body: .named(
                "OpenSummaryCase",
                .object([
                    .init("title", .text(1...120), "案由。"),
                    .init("handlers", .list(.id, 2...20, unique: true), "在场的执法人员，不少于两人。"),
                    .init("party", .id, "已登记的当事人。", required: false),
                    .init("newParty", newParty, "没有登记过的当事人。", required: false),
                ])), answer: .created(receipt), records: [.subjectRegistered, .caseOpened],
            words: ["kind": ["penalty"], "procedure": ["summary"]]
        ) { call in
            try await call.record { command, performer in
                try await call.bureau.casebook.open(
                    OpenSummary(
                        title: call.text("title"), handlers: call.threads("handlers"),
                        newSubject: try call.newSubject(command)),
                    as: command.unchecked(as: OfThread.self), subject: call.optional("party").flatMap { ThreadTag($0) },
                    command: command, by: performer)
            }
        },
        APIOperation(
            id: "openPenalty", method: .post, path: "/cases/{case}/penalty", scope: .recordCases, right: .handling,
            summary: "从检查结果启动行政处罚程序", text: "回答里的 case 是新立的处罚案件。",
            body: .named(
                "OpenPenalty",
                .object([
                    expectedSeq, .init("title", .text(1...120), "案由。"),
                    .init("handlers", .list(.id, 2...20, unique: true), "承办人。"),
                    .init("isMajor", .truth, "是否重大执法行为。"),
                    .init(
                        "emergency",
                        .object([
                            .init("startedAt", .instant, "实际启动时间。"), .init("reason", .text(1...2000), "紧急情况说明。"),
                        ]), "紧急情况先行启动的才写。", required: false),
                ])), answer: .created(receipt), records: [.caseOpened],
            words: ["kind": ["penalty"], "procedure": ["general"]]
        ) { call in
            let inspection: ThreadTag = try call.id("case")
            return try await call.record { command, performer in
                _ = try await call.visibleCase()
                let emergency = call.body["emergency"].map { told in
                    (
                        startedAt: Instant(milliseconds: told["startedAt"]?.integer ?? 0),
                        reason: told["reason"]?.string ?? ""
                    )
                }
                return try await call.bureau.casebook.open(
                    OpenPenalty(
                        title: call.text("title"), handlers: call.threads("handlers"),
                        isMajor: call.body["isMajor"]?.boolean ?? false, emergency: emergency),
                    as: command.unchecked(as: OfThread.self), inspection: (inspection, call.expectedSeq),
                    command: command, by: performer)
            }
        },
    ]

    private static let newParty = APISchema.named(
        "NewParty",
        .object([
            .init("kind", .words(["organisation", "individual"]), "单位或者个人。"), .init("name", .text(1...120), "名称（姓名）。"),
            .init("code", .text(0...200), "统一社会信用代码（身份证件号码）。", required: false),
            .init("address", .text(0...200), "住所（地址）。", required: false),
            .init("representative", .text(0...200), "法定代表人（负责人）。", required: false),
            .init("phone", .text(0...200), "联系电话。", required: false),
            .init("writtenName", .text(0...200), "打印用名：名称里字库没有的字拆写在〔〕里。", required: false),
        ]))
}

extension APICall {
    /// The party to register; its thread is drawn from the command, so that a request that comes twice names one party.
    func newSubject(_ command: CommandID) throws -> NewSubject? {
        guard let party = body["newParty"] else {
            if body["party"] == nil {
                throw APIProblem.invalid([.init(name: "party", message: "请写 party 或者 newParty。")])
            }
            return nil
        }
        guard body["party"] == nil else {
            throw APIProblem.invalid([.init(name: "newParty", message: "party 和 newParty 只能写一项。")])
        }
        return NewSubject(
            thread: WebServices.subjectThread(of: command), kind: party["kind"]?.string ?? "",
            name: party["name"]?.string ?? "", code: party["code"]?.string, address: party["address"]?.string,
            representative: party["representative"]?.string, phone: party["phone"]?.string,
            writtenName: party["writtenName"]?.string)
    }
}
