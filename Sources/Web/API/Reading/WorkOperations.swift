import Application
import Casework
import Hummingbird
import Kernel

extension APIOperation {
    /// The work list, people, parties.
    static let work: [APIOperation] = [
        APIOperation(
            id: "listWork", method: .get, path: "/work", scope: .readCases, summary: "待办",
            text: "未办结的义务，期限近的在前。承办人员得到自己承办案件的全部义务，其他职责得到条款指定由其办理的义务。翻页期间有义务办结或者新生的，次序随之变化。",
            parameters: [
                .init("q", .text(2...100), "案由或者当事人里的字，至少两个字。"), .init("late", .truth, "true 只要已经逾期的。"), .limit,
                .cursor,
            ], answer: .json(page("WorkPage", of: obligation))
        ) { call in
            var filter = ObligationFilter()
            if call.person.roles.contains(.officer) {
                filter.handler = call.person.thread
            } else {
                filter.who = call.person.roles.map(\.rawValue)
            }
            filter.text = call.query["q"]?.string ?? ""
            if call.query["late"]?.boolean == true { filter.lateAt = call.now }
            filter.limit = call.limit
            if let cursor = call.query["cursor"]?.string {
                guard cursor.utf8.count <= 6, let page = Decimal.strict(Array(cursor.utf8)), page > 0 else {
                    throw PlaceCursor.refusal
                }
                filter.page = page
            }
            let rows = try await call.bureau.registers.openObligations(filter)
            let total = try await call.bureau.registers.countOpenObligations(filter)
            var members: [JSON.Member] = [.init("items", .array(rows.map(\.json)))]
            if filter.page * filter.limit < total { members.append(.init("next", .string(String(filter.page + 1)))) }
            return .json(.object(members))
        },
        APIOperation(
            id: "listPeople", method: .get, path: "/people", scope: .readCases, summary: "人员",
            text: "本机关登记的人员和职责，供选择承办人、执法人员等。",
            answer: .json(.named("People", .object([.init("items", .list(personLine, 0...10_000))])))
        ) { call in
            let day = call.now.day
            let people = try await call.bureau.registers.persons()
            return .json([
                "items": .array(
                    people.map { person in
                        [
                            "isCertified": .boolean(person.isCertified(on: day)), "name": .string(person.name),
                            "person": .string(person.thread.description),
                            "roles": .array(person.roles.map { .string($0.rawValue) }),
                            "section": .string(person.section),
                        ]
                    })
            ])
        },
        APIOperation(
            id: "searchParties", method: .get, path: "/parties", scope: .readCases, summary: "查找当事人",
            text: "按名称或者证照号码查找已登记的当事人。",
            parameters: [
                .init("q", .text(2...100), "名称或者号码里的字，至少两个字。", required: true),
                .init("limit", .integer(1...100), "最多几项，1到100，不写为25。"),
            ],
            answer: .json(.named("Parties", .object([.init("items", .list(partyLine, 0...100))])))
        ) { call in
            let found = try await call.bureau.registers.subjects(
                matching: call.query["q"]?.string ?? "", limit: call.limit)
            return .json([
                "items": .array(
                    found.map { party in
                        [
                            "code": .string(party.code), "kind": .string(party.kind), "name": .string(party.name),
                            "party": .string(party.thread.description),
                        ]
                    })
            ])
        },
    ]

    private static let personLine = APISchema.named(
        "Person",
        .object([
            .init("person", .id), .init("name", .label), .init("section", .label),
            .init("roles", .list(.words(Role.allCases.map(\.rawValue)), 0...20)),
            .init("isCertified", .truth, "今天持有有效的执法证件。"),
        ]))

    private static let partyLine = APISchema.named(
        "Party",
        .object([
            .init("party", .id), .init("kind", .words(["organisation", "individual"])), .init("name", .label),
            .init("code", .label),
        ]))
}
