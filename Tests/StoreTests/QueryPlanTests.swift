import Application
import Casework
import Foundation
import GRDB
import Kernel
import Ledger
import Synchronization
import TestKit
import Testing

@testable import Store

/// Which way SQLite goes for every statement of the read side, in a store of thousands of rows.
///
/// Statements are heard where they are prepared (`ReadTrace`); which calls there are is read from the ports; which
/// members a filter has is asked of the filter. A read, a filter or a statement that is new is tried here, or the test
/// fails.
@Suite("Plans of every query of the read side", .serialized)
struct QueryPlanTests {
    /// What changes state or asks the ledger nothing.
    private static let noQueries: Set<String> = [
        "append", "refresh", "stopReason", "hasRoom", "clockStop", "checkClock", "compareProjections",
        "lastVerification",
    ]

    /// Lists that are sorted although they are lists, each with what bounds it.
    private static let sorted: [(part: String, reason: String)] = [
        ("FROM obligation WHERE case_thread = ?", "the obligations of one case"),
        ("c.id IN (SELECT t.rowid FROM case_text AS t WHERE t.case_text MATCH ?)", "hits of words, 1,000 at most"),
        ("k.key >= ? AND k.key < ?", "cases whose numbers begin alike: a mark and a year at least"),
        ("h.person = ?", "the cases of one person by title or last change"),
        ("INDEXED BY document_by_number", "documents that bear one number"),
        ("p.provision = ?", "cases in which something is open under one row"),
        ("FROM document_waiting AS w", "documents that may still be signed: of some kinds, merged"),
        ("CROSS JOIN document_waiting AS w", "documents that may still be signed, of one person's open cases"),
        ("AS n\nCROSS JOIN obligation AS o", "one page of what is open for several offices, where their lists meet"),
        ("o.who IN (?, ?)", "what is open for two offices and of the cases that words are found in"),
    ]

    @Test("no statement reads a growing table from end to end, and no list is sorted that has no bound")
    func plans() async throws {
        let fixture = try await Self.filled()
        let statements = try await Self.statements(of: fixture)
        #expect(statements.count > 100)
        for (sql, callers) in statements.sorted(by: { $0.key < $1.key }) {
            let plan = try await fixture.ledger.pool.read { db in
                try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(sql)", arguments: .init(Self.values(sql)))
                    .map { $0["detail"] as String }
            }
            let ends = sql.contains(" LIMIT ")
            for step in plan where step.hasPrefix("SCAN") {
                // Counters, logs and the kinds of documents are a few dozen rows, counters of days some thousand; an index walked in the order of the
                // list ends with the page.
                let isSmall = [
                    "case_count", "document_count", "obligation_count", "log", "reevaluation", "numbered", "n",
                ].contains {
                    step == "SCAN \($0)"
                }
                // All that is open is looked at where words are found in very many cases: an index of open ones alone.
                let isOpen =
                    step == "SCAN o USING INDEX obligation_open" && sql.contains("o.state = 'open'")
                    && sql.contains("instr(")
                let walks =
                    step.contains("USING INDEX") || step.contains("USING COVERING INDEX") || step == "SCAN entry"
                    || step == "SCAN p" || step == "SCAN head"
                let isCount = sql.hasPrefix("SELECT count(*) FROM ") && !ends
                #expect(
                    isSmall || isOpen || step.contains("VIRTUAL TABLE INDEX") || step == "SCAN CONSTANT ROW"
                        || step.hasPrefix("SCAN (") || (walks && ends && !isCount),
                    "\(callers): \(sql)\n\(plan)")
            }
            if plan.contains(where: { $0.contains("TEMP B-TREE FOR ORDER BY") }) {
                #expect(Self.sorted.contains { sql.contains($0.part) }, "\(callers) is sorted: \(sql)\n\(plan)")
            }
        }
    }

    @Test("the lists that people open first are sorted for nobody: they come in order from an index")
    func firstLists() async throws {
        let fixture = try await Self.filled()
        let person = ThreadTag(high: 5, low: 1)
        var queries: [String: RegisterQuery] = [:]
        for sort in CaseFilter.Sort.allCases {
            for (name, change) in [
                ("all", { _ in }), ("state", { $0.state = .filed }), ("stage", { $0.stage = .decision }),
                ("kind", { $0.kind = "penalty" }),
            ] as [(String, (inout CaseFilter) -> Void)] {
                var filter = CaseFilter()
                filter.sort = sort
                change(&filter)
                queries["cases \(name) \(sort)"] = .cases(filter)
                filter.text = "统计"
                queries["many hits \(name) \(sort)"] = .cases(filter, hits: .many)
            }
        }
        for sort in [CaseFilter.Sort.newest, .oldest] {
            var filter = CaseFilter()
            (filter.sort, filter.handler) = (sort, person)
            queries["own cases \(sort)"] = .cases(filter)
            filter.text = "统计"
            queries["own hits \(sort)"] = .cases(filter, hits: .many)
            queries["few own hits \(sort)"] = .cases(filter, hits: .few)
        }
        var own = ObligationFilter()
        own.handler = person
        queries["own work"] = .openObligations(own)
        queries["all work"] = .openObligations(ObligationFilter())
        var office = ObligationFilter()
        office.who = ["agencyHead"]
        queries["work of an office"] = .openObligations(office)
        queries["total of an office"] = .countOpen(office)
        office.lateAt = TestClock.start
        queries["late of an office"] = .countOpen(office)
        queries["own totals"] = .countDuties(own, own: ["handler"], at: TestClock.start)
        var documents = DocumentRegisterFilter()
        queries["documents"] = .documentRegister(documents, kinds: [])
        documents.handler = person
        queries["own documents"] = .documentRegister(documents, kinds: [])
        documents.text = "统计"
        queries["own documents by words"] = .documentRegister(documents, kinds: [], hits: .many)
        documents.handler = nil
        queries["documents by words"] = .documentRegister(documents, kinds: [], hits: .few)
        for (name, query) in queries {
            let plan = try await fixture.ledger.pool.read { db in
                try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(query.sql)", arguments: .init(Self.values(query.sql)))
                    .map { $0["detail"] as String }
            }
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(name): \(query.sql)\n\(plan)")
        }
    }

    private static func values(_ sql: String) -> [(any DatabaseValueConvertible)?] {
        [(any DatabaseValueConvertible)?](repeating: nil, count: sql.utf8.count { $0 == UInt8(ascii: "?") })
    }

    // MARK: what is asked

    /// Every statement that the read side prepares, with the calls that prepared it.
    private static func statements(of fixture: Fixture) async throws -> [String: Set<String>] {
        let calls = try reads(fixture)
        let ports = try ["Registers", "LedgerStore", "ReevaluationStore"].flatMap(requirements)
        #expect(
            Set(ports).subtracting(noQueries) == Set(calls.keys), "a read of a port is not tried, or there is none such"
        )
        let heard = Mutex<[String: Set<String>]>([:])
        for (name, call) in calls {
            let note: @Sendable (String) -> Void = { sql in
                heard.withLock { _ = $0[sql, default: []].insert(name) }
            }
            try await ReadTrace.$heard.withValue(note) { try await call(fixture.ledger) }
        }
        return heard.withLock { $0 }
    }

    /// Names of the functions that a port asks for.
    private static func requirements(_ port: String) throws -> [String] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appendingPathComponent("Sources/Application/Ports/\(port).swift"), encoding: .utf8)
        let body = try #require(text.components(separatedBy: "public protocol \(port)").dropFirst().first)
        let inside = try #require(body.components(separatedBy: "\n}").first)
        return inside.components(separatedBy: "\n    func ").dropFirst().map { String($0.prefix { $0 != "(" }) }
    }

    private typealias Call = @Sendable (LedgerDatabase) async throws -> Void

    /// Each read of the ports, with every combination of what its filter can say.
    private static func reads(_ fixture: Fixture) throws -> [String: Call] {
        let tag = ThreadTag(high: 5, low: 1)
        let command = fixture.command()
        let cases = try caseFilters(tag)
        let obligations = try obligationFilters(tag)
        let documents = try documentFilters(tag)
        let registers = try registerFilters(tag)
        let signatures = try signatureFilters(tag)
        return [
            "persons": {
                _ = try await $0.persons()
                _ = try await $0.persons(in: .waiting)
            },
            "person": {
                _ = try await $0.person(tag)
                _ = try await $0.person(account: "a")
            },
            "subject": { _ = try await $0.subject(tag) },
            "subjects": { ledger in
                for text in ["", "统", "统计", "统计 局"] { _ = try await ledger.subjects(matching: text, limit: 5) }
            },
            "caseFile": { _ = try await $0.caseFile(tag) },
            "caseFiles": { _ = try await $0.caseFiles([tag]) },
            "caseNumbers": { _ = try await $0.caseNumbers(of: [tag]) },
            "names": {
                _ = try await $0.names(of: [tag])
                _ = try await $0.names()
            },
            "cases": { ledger in for filter in cases { _ = try await ledger.cases(filter) } },
            "documents": { ledger in for filter in documents { _ = try await ledger.documents(filter) } },
            "documentRegister": { ledger in for filter in registers { _ = try await ledger.documentRegister(filter) } },
            "lastNumber": { _ = try await $0.lastNumber(kind: "decision", year: 2026) },
            "freeNumber": { _ = try await $0.freeNumber(kind: "decision", year: 2026, from: 1) },
            "openedCase": { _ = try await $0.openedCase(from: ThreadTag(high: 1, low: 1), seq: 1) },
            "openObligations": { ledger in for filter in obligations { _ = try await ledger.openObligations(filter) } },
            "countOpenObligations": { ledger in
                for filter in obligations { _ = try await ledger.countOpenObligations(filter) }
            },
            "duties": { ledger in
                for filter in obligations {
                    for own in [[], ["agencyHead"]] {
                        _ = try await ledger.duties(filter, own: own, at: TestClock.start)
                    }
                }
            },
            "openCounts": { ledger in
                for handler in [nil, tag] {
                    _ = try await ledger.openCounts(of: "zhaoxian-2017", handler: handler, at: TestClock.start)
                }
            },
            "standings": { _ = try await $0.standings(of: ["case-filing", "activity-av"], at: TestClock.start) },
            "documentsToSign": { ledger in for filter in signatures { _ = try await ledger.documentsToSign(filter) } },
            "countDocumentsToSign": { ledger in
                for filter in signatures { _ = try await ledger.countDocumentsToSign(filter) }
            },
            "holder": { _ = try await $0.holder(of: .findingLed, key: "a") },
            "holders": { _ = try await $0.holders(of: .unitReview, under: .random(), limit: 25) },
            "claims": { _ = try await $0.claims(of: .pendingWord, under: "heads", without: "-x", limit: 25) },
            "obligations": { _ = try await $0.obligations(of: tag) },
            "document": { _ = try await $0.document(.random()) },
            "recording": { _ = try await $0.recording(tag) },
            "recordingsToInspect": { _ = try await $0.recordingsToInspect(after: nil, limit: 5) },
            "receipt": { _ = try await $0.receipt(of: command) },
            "head": { _ = try await $0.head(of: tag) },
            "differences": { _ = try $0.differences(from: [tag: []]) },
            "entries": { ledger in
                _ = try await ledger.entries(of: tag, from: 1)
                _ = try ledger.entries(ofAll: [tag])
                _ = try await ledger.entries(from: 0, limit: 3, log: 1)
            },
            "logs": { _ = try await $0.logs() },
            "signedHead": { _ = try await $0.signedHead() },
            "inclusionProof": { _ = try await $0.inclusionProof(of: 0, in: 5, log: 1) },
            "consistencyProof": { _ = try await $0.consistencyProof(from: 2, to: 5, log: 1) },
            "leaves": { _ = try await $0.leaves(from: 0, limit: 3, log: 1) },
            "reevaluation": { _ = try await $0.reevaluation() },
            "casesToReevaluate": { ledger in
                for phase in ReevaluationMark.Phase.allCases {
                    for after in [nil, tag] {
                        _ = try await ledger.casesToReevaluate(
                            phase, since: TestClock.start, after: after, limit: 5)
                    }
                }
            },
        ]
    }

    /// Every combination of ways in which a filter can be changed. Members of it that no way names fail the test.
    private static func combinations<F>(
        _ first: F, _ ways: [String: [(inout F) -> Void]], leaving unchanged: Set<String> = []
    ) throws -> [F] {
        let members = Set(Mirror(reflecting: first).children.compactMap(\.label))
        #expect(members == Set(ways.keys).union(unchanged), "a member of \(F.self) is not tried")
        return ways.values.reduce([first]) { filters, changes in
            filters.flatMap { filter in
                [filter]
                    + changes.map { change in
                        var other = filter
                        change(&other)
                        return other
                    }
            }
        }
    }

    private static func caseFilters(_ tag: ThreadTag) throws -> [CaseFilter] {
        try combinations(
            CaseFilter(),
            [
                "text": [{ $0.text = "星河" }, { $0.text = "统计" }], "number": [{ $0.number = "罚〔2026〕" }],
                "kind": [{ $0.kind = "penalty" }],
                "state": [{ $0.state = .open }], "stage": [{ $0.stage = .decision }], "handler": [{ $0.handler = tag }],
                "openedFrom": [{ $0.openedFrom = TestClock.start }], "provision": [{ $0.provision = "p:1" }],
                "lateAt": [{ $0.lateAt = TestClock.start }], "isLed": [{ $0.isLed = true }],
                "sort": [{ $0.sort = .oldest }, { $0.sort = .title }, { $0.sort = .lastChange }],
            ], leaving: ["openedBefore", "page", "pageSize"])
    }

    private static func obligationFilters(_ tag: ThreadTag) throws -> [ObligationFilter] {
        try combinations(
            ObligationFilter(),
            [
                "handler": [{ $0.handler = tag }], "who": [{ $0.who = ["agencyHead"] }, { $0.who = ["handler", ""] }],
                "lateAt": [{ $0.lateAt = TestClock.start }], "dueFrom": [{ $0.dueFrom = TestClock.start }],
                "dueUntil": [{ $0.dueUntil = TestClock.start }],
                "hasTerm": [{ $0.hasTerm = true }, { $0.hasTerm = false }],
                "text": [{ $0.text = "星河" }, { $0.text = "统计" }],
            ], leaving: ["limit", "page"])
    }

    private static func documentFilters(_ tag: ThreadTag) throws -> [DocumentFilter] {
        try combinations(
            DocumentFilter(),
            [
                "caseThread": [{ $0.caseThread = tag }], "kind": [{ $0.kind = "decision" }],
                "state": [{ $0.state = .void }], "year": [{ $0.year = 2026 }],
            ], leaving: ["page", "pageSize"])
    }

    private static func registerFilters(_ tag: ThreadTag) throws -> [DocumentRegisterFilter] {
        try combinations(
            DocumentRegisterFilter(),
            [
                "text": [{ $0.text = "星河" }, { $0.text = "统计" }],
                "number": [{ $0.number = DocumentNumber("罚决〔2026〕2号") }], "kind": [{ $0.kind = "decision" }],
                "state": [{ $0.state = .issued }], "handler": [{ $0.handler = tag }],
                "fixedFrom": [{ $0.fixedFrom = TestClock.start }],
                "fixedBefore": [{ $0.fixedBefore = TestClock.start }],
            ], leaving: ["page", "pageSize"])
    }

    private static func signatureFilters(_ tag: ThreadTag) throws -> [SignatureFilter] {
        try combinations(
            SignatureFilter(places: [.init(kind: "decision", slot: "agencyHead")]),
            [
                "places": [{ $0.places.append(.init(kind: "notice", slot: "officer*")) }],
                "handler": [{ $0.handler = tag }], "notHandledBy": [{ $0.notHandledBy = tag }],
            ], leaving: ["limit", "page"])
    }

    // MARK: what is there

    /// A store in which one word is found in many files and another in few.
    private static func filled() async throws -> Fixture {
        let fixture = try Fixture.made()
        let people = (1...20).map { ThreadTag(high: 5, low: UInt64($0)) }
        for start in stride(from: 0, to: 1500, by: 100) {
            let threads = (0..<100).map { _ in fixture.tag() }
            var rows: [ProjectionRow] = []
            for (offset, thread) in threads.enumerated() {
                let index = start + offset
                rows.append(
                    .caseFile(
                        fixture.caseRow(
                            thread, title: index % 50 == 0 ? "星河厂统计检查" : "第\(index)号统计检查", party: "某厂\(index)",
                            kind: index % 3 == 0 ? "penalty" : "inspection", handlers: [people[index % 20]],
                            stage: Stage.allCases[index % 5], state: CaseRow.State.allCases[index % 3],
                            openedAt: TestClock.start.advanced(byMilliseconds: Int64(index)))))
                for number in 0..<2 {
                    rows.append(
                        .document(
                            DocumentRow(
                                id: DocumentID(high: UInt64(index), low: UInt64(number)), caseThread: thread,
                                kind: number == 0 ? "decision" : "notice",
                                state: DocumentRow.State.allCases[index % 4], fixedAt: TestClock.start, issuedAt: nil,
                                year: 2026, number: index, numberText: "〔2026〕\(index)号", openSlots: [])))
                    rows.append(
                        .obligation(
                            ObligationRow(
                                caseThread: thread, key: "k\(number)", matter: "m",
                                state: index % 2 == 0 ? .open : .met,
                                title: "做", provisions: ["p:1"], gate: "close",
                                who: number == 0 ? "handler" : "agencyHead",
                                due: TestClock.start, lateFrom: TestClock.start)))
                }
            }
            _ = try await fixture.ledger.append(try fixture.request(threads, upserting: rows))
        }
        return fixture
    }
}
