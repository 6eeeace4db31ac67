import Application
import Casework
import Hummingbird
import Kernel
import Ledger

extension APIOperation {
    /// Reading cases.
    static let cases: [APIOperation] = [
        APIOperation(
            id: "listCases", method: .get, path: "/cases", scope: .readCases, summary: "案件台账",
            text: "按立案先后列出，新的在前；翻页期间新立的案件不打乱已翻过的次序。承办人员只看到自己承办的案件。",
            parameters: [
                .init("q", .text(2...100), "案由或者当事人里的字，至少两个字。"),
                .init("kind", .words(CaseKind.allCases.map(\.rawValue)), "案件种类。"),
                .init("state", .words(CaseRow.State.allCases.map(\.rawValue)), "状态：在办、已终结待归档、已归档。"),
                .init("stage", .words(Stage.allCases.map(\.rawValue)), "阶段。"),
                .init("openedFrom", .day, "这一天起立案的。"), .init("openedUntil", .day, "到这一天为止立案的。"), .limit, .cursor,
            ],
            answer: .json(page("CasePage", of: caseLine))
        ) { call in
            var filter = CaseFilter()
            filter.text = call.query["q"]?.string ?? ""
            filter.kind = call.query["kind"]?.string
            filter.state = call.query["state"]?.string.flatMap { CaseRow.State(rawValue: $0) }
            filter.stage = call.query["stage"]?.string.flatMap { Stage(rawValue: $0) }
            filter.openedFrom = call.query["openedFrom"]?.string.flatMap { CivilDay($0) }.map { Instant(startOf: $0) }
            filter.openedBefore = call.query["openedUntil"]?.string.flatMap { CivilDay($0) }
                .map { Instant(startOf: $0.advanced(by: 1)) }
            if call.isOnlyOfficer { filter.handler = call.person.thread }
            let first = filter
            return try await call.page(
                place: { PlaceCursor(at: $0.openedAt, id: $0.thread) }, json: { $0.json }
            ) { number, size, cursor in
                var filter = first
                (filter.page, filter.pageSize) = (number, size)
                if let cursor {
                    // The rows of the cursor's own millisecond come again; those before it are left out by the reader.
                    filter.openedBefore = min(
                        filter.openedBefore ?? cursor.after, cursor.after)
                }
                return try await call.bureau.registers.cases(filter).rows
            }
        },
        APIOperation(
            id: "getCase", method: .get, path: "/cases/{case}", scope: .readCases, summary: "一件案件",
            text: "案件现在的样子，每项义务的状态、期限和所依据的条款，现在可以登记的步骤。entries 就是提交时要写的 expectedSeq。",
            answer: .json(caseFile)
        ) { call in
            let view = try await call.visibleCase()
            let law = try await call.law()
            return .json(view.json(law: law, person: call.person, on: call.now.day))
        },
        APIOperation(
            id: "getTimeline", method: .get, path: "/cases/{case}/timeline", scope: .readCases, summary: "全过程",
            text: "案件记录线上的每一条记录，按先后。举报人信息和秘密事项不在其中，须由本人登录查看。",
            parameters: [.limit, .cursor], answer: .json(page("TimelinePage", of: timelineEntry))
        ) { call in
            let view = try await call.visibleCase()
            let after: Int
            if let cursor = call.query["cursor"]?.string {
                guard let seq = Decimal.strict(Array(cursor.utf8)) else { throw PlaceCursor.refusal }
                after = seq
            } else {
                after = 0
            }
            let names = try await call.bureau.names()
            // A program is cleared for nothing that is marked.
            let sight = Sight(view)
            let rest = Array(zip(view.entries, view.records).drop { $1.seq <= after })
            let items = rest.prefix(call.limit)
            var members: [JSON.Member] = [.init("items", .array(items.map { timeline($0, $1, sight, names) }))]
            if items.count < rest.count, let last = items.last {
                members.append(.init("next", .string(String(last.1.seq))))
            }
            return .json(.object(members))
        },
    ]

    private static func timeline(
        _ logged: LoggedEntry, _ record: Record, _ sight: Sight, _ names: [ThreadTag: String]
    ) -> JSON {
        let shown: Set<OpeningClass> = [.party, .officer, .internal]
        let isBarred = sight.isBarred(from: record)
        let fields = logged.entry.openings
            .filter { shown.contains($0.openingClass) && $0.name != "drawing" && !isBarred }
            .compactMap { opening in record.fields[opening.name].map { JSON.Member(opening.name, $0) } }
        var members: [JSON.Member] = [
            .init("fields", .object(fields)), .init("plain", record.plain), .init("position", .integer(logged.index)),
            .init("recordedAt", .integer(record.recordedAt.milliseconds)), .init("seq", .integer(Int64(record.seq))),
            .init("title", .string(record.type.chinese)), .init("type", .string(record.type.rawValue)),
            .init(
                "withheld",
                .array(record.fieldNames.filter { name in !fields.contains { $0.key == name } }.map { .string($0) })),
        ]
        if let stated = record.statedAt { members.append(.init("statedAt", .integer(stated.milliseconds))) }
        if let actor = record.actor {
            members.append(.init("actor", .string(actor.description)))
            members.append(.init("actorName", .string(names[actor] ?? "")))
        }
        return .object(members)
    }

    static let caseLine = APISchema.named(
        "CaseLine",
        .object([
            .init("case", .id, "案件编号。"), .init("kind", .words(CaseKind.allCases.map(\.rawValue))),
            .init("title", .label, "案由。"), .init("subject", .id, "当事人编号。"), .init("subjectName", .label),
            .init("handlers", .list(.id, 0...100), "承办人。"), .init("stage", .words(Stage.allCases.map(\.rawValue))),
            .init("state", .words(CaseRow.State.allCases.map(\.rawValue))), .init("openedAt", .instant),
            .init("endedAt", .instant, required: false), .init("filedAt", .instant, required: false),
            .init("lastAt", .instant, "最近一条记录的时间。"), .init("entries", .integer(1...1_000_000_000), "记录条数。"),
        ]))

    static let obligation = APISchema.named(
        "Obligation",
        .object([
            .init("case", .id), .init("key", .text(1...500)), .init("matter", .text()), .init("title", .label, "要做什么。"),
            .init("state", .words(ObligationRow.State.allCases.map(\.rawValue))),
            .init("provisions", .list(.text(1...200), 0...100), "所依据的条款。"), .init("gate", .text(), "关口。"),
            .init("who", .text(), "由谁办理。"), .init("due", .instant, "期限。", required: false),
            .init("lateFrom", .instant, "从这时起逾期。", required: false),
        ]))

    private static let activity = APISchema.object([
        .init("activity", .id), .init("kind", .text()), .init("officers", .list(.id, 0...100)),
        .init("startAt", .instant),
        .init("endAt", .instant, required: false), .init("place", .label, required: false), .init("isExempted", .truth),
    ])

    static let caseFile = APISchema.named(
        "Case",
        .object([
            .init("case", .id), .init("kind", .words(CaseKind.allCases.map(\.rawValue))),
            .init("procedure", .words(Procedure.allCases.map(\.rawValue))),
            .init("source", .words(CaseSource.allCases.map(\.rawValue))), .init("title", .label, required: false),
            .init("subject", .id), .init("subjectName", .label, required: false),
            .init("handlers", .list(.id, 0...100)),
            .init("stage", .words(Stage.allCases.map(\.rawValue))), .init("isMajor", .truth),
            .init("isEmergency", .truth),
            .init("openedAt", .instant), .init("startedAt", .instant),
            .init("ending", .words(Ending.Ground.allCases.map(\.rawValue)), "终结方式。", required: false),
            .init("filedAt", .instant, required: false),
            .init("entries", .integer(1...1_000_000_000), "记录条数，提交时写作 expectedSeq。"),
            .init("activities", .list(activity, 0...10_000), "执法活动。"),
            .init("obligations", .list(obligation, 0...10_000), "各项义务。"),
            .init("steps", .list(.text(1...100), 0...200), "本人现在可以经接口登记的步骤；制度仍可能不许。"),
        ]))

    static let timelineEntry = APISchema.named(
        "TimelineEntry",
        .object([
            .init("seq", .integer(1...1_000_000_000)), .init("type", .text(1...100)), .init("title", .text()),
            .init("recordedAt", .instant, "入库时间。"), .init("statedAt", .instant, "发生时间。", required: false),
            .init("actor", .id, "记录人；系统记录的没有这一项。", required: false), .init("actorName", .text(), required: false),
            .init("position", .integer(0...APISchema.instants.upperBound), "在记录册里的位置。"),
            .init("plain", .anything, "封闭用词、时间、数字和编号。"), .init("fields", .anything, "文字内容。"),
            .init("withheld", .list(.text(), 0...200), "没有给出或者已依法销毁的内容的名称。"),
        ]))
}

extension CaseRow {
    /// As the API gives it.
    var json: JSON {
        .object(
            [
                .init("case", .string(thread.description)), .init("entries", .integer(Int64(entries))),
                .init("handlers", .array(handlers.map { .string($0.description) })), .init("kind", .string(kind)),
                .init("lastAt", .integer(lastAt.milliseconds)), .init("openedAt", .integer(openedAt.milliseconds)),
                .init("stage", .string(stage.rawValue)), .init("state", .string(state.rawValue)),
                .init("subject", .string(subject.description)), .init("subjectName", .string(subjectName)),
                .init("title", .string(title)),
            ] + (endedAt.map { [.init("endedAt", .integer($0.milliseconds))] } ?? [])
                + (filedAt.map { [.init("filedAt", .integer($0.milliseconds))] } ?? []))
    }
}

extension ObligationRow {
    /// As the API gives it.
    var json: JSON {
        .object(
            [
                .init("case", .string(caseThread.description)), .init("gate", .string(gate)),
                .init("key", .string(key)), .init("matter", .string(matter)),
                .init("provisions", .array(provisions.map { .string($0) })), .init("state", .string(state.rawValue)),
                .init("title", .string(title)), .init("who", .string(who)),
            ] + (due.map { [.init("due", .integer($0.milliseconds))] } ?? [])
                + (lateFrom.map { [.init("lateFrom", .integer($0.milliseconds))] } ?? []))
    }
}

extension CaseView {
    /// As the API gives it.
    func json(law: Law, person: PersonRow, on day: CivilDay) -> JSON {
        let obligations = law.obligations(of: work.thread, history: history).map(\.json)
        let activities = work.activities.map { activity in
            JSON.object(
                [
                    .init("activity", .string(activity.id.description)),
                    .init("isExempted", .boolean(activity.isExempted)),
                    .init("kind", .string(activity.kind)),
                    .init("officers", .array(activity.officers.map { .string($0.description) })),
                    .init("startAt", .integer(activity.startAt.milliseconds)),
                ] + (activity.endAt.map { [.init("endAt", .integer($0.milliseconds))] } ?? [])
                    + (activity.place.map { [.init("place", .string($0))] } ?? []))
        }
        var members: [JSON.Member] = [
            .init("activities", .array(activities)), .init("case", .string(work.thread.description)),
            .init("entries", .integer(Int64(work.entries))),
            .init("handlers", .array(work.handlers.map { .string($0.description) })),
            .init("isEmergency", .boolean(work.isEmergency)), .init("isMajor", .boolean(work.isMajor)),
            .init("kind", .string(work.kind.rawValue)), .init("obligations", .array(obligations)),
            .init("openedAt", .integer(work.openedAt.milliseconds)),
            .init("procedure", .string(work.procedure.rawValue)),
            .init("source", .string(work.source.rawValue)), .init("stage", .string(work.stage.rawValue)),
            .init("startedAt", .integer(work.startedAt.milliseconds)),
            .init(
                "steps", .array(APIOperation.stepsOffered(in: self, law: law, to: person, on: day).map { .string($0) })),
            .init("subject", .string(work.subject.description)),
        ]
        if let title = work.title { members.append(.init("title", .string(title))) }
        if let name = work.subjectName { members.append(.init("subjectName", .string(name))) }
        if let ending = work.ending { members.append(.init("ending", .string(ending.ground.rawValue))) }
        if let filed = work.filedAt { members.append(.init("filedAt", .integer(filed.milliseconds))) }
        return .object(members)
    }
}
