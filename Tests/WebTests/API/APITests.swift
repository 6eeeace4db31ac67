import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

@Suite("The API")
struct APITests {
    @Test("every operation is open to its scope in the name of whoever has its right, and to nobody else")
    func rights() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            let nobody = Program(browser: browser, tag: world.tag, token: nil)
            for operation in APIOperation.all {
                let answer = try await Self.send(operation, nobody)
                #expect(answer.status == 401, "\(operation.id) for nobody: \(answer.status)")
                #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
            }
            for role in Role.allCases {
                for scope in TokenScope.allCases {
                    let program = try await world.program(browser, of: role.rawValue.lowercased(), [scope])
                    for operation in APIOperation.all {
                        let answer = try await Self.send(operation, program)
                        let label = "\(operation.id) as \(role) with \(scope): \(answer.status) \(answer.code)"
                        let hasRight = operation.right.roles?.contains(role) ?? true
                        if operation.scope != scope {
                            #expect(answer.status == 403 && answer.code == "scope-needed", "\(label)")
                        } else if !hasRight {
                            #expect(answer.status == 403 && answer.code == "not-allowed", "\(label)")
                        } else {
                            #expect(
                                answer.status < 500 && ![400, 401, 405, 406, 415].contains(answer.status), "\(label)")
                            #expect(answer.code != "scope-needed", "\(label)")
                        }
                        if answer.status >= 400 { Self.checkProblem(answer, label) }
                    }
                }
            }
        }
    }

    @Test("an inspection goes from its opening to its finding through the API, and every answer has the declared form")
    func walk() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let program = try await world.program(browser, of: "officer")
            func read(_ id: String, _ path: String) async throws -> JSON {
                let answer = try await program.get(path)
                #expect(answer.status == 200, "\(path): \(answer.body)")
                try Self.check(answer, id)
                return answer.json
            }
            func take(_ path: String, _ body: JSON, _ id: String) async throws -> JSON {
                let answer = try await program.post(path, body)
                #expect(answer.status == 201, "\(path): \(answer.body)")
                try Self.check(answer, id)
                return answer.json
            }
            let opened = try await take("/inspections", world.inspection(), "openInspection")
            let thread = try #require(opened["case"]?.string)
            var seq = try #require(opened["seq"])
            world.clock.advance(minutes: 5)
            seq = try #require(
                try await take(
                    "/cases/\(thread)/steps/activity",
                    [
                        "expectedSeq": seq, "kind": "siteInspection", "officers": world.handlers, "place": "办公楼二层",
                        "startAt": .integer(world.clock.now().milliseconds),
                    ], "recordActivity")["seq"])
            let file = try await read("getCase", "/cases/\(thread)")
            let activity = try #require(file["activities"]?.elements?.first?["activity"]?.string)
            #expect(file["entries"] == seq)
            #expect(file["obligations"]?.elements?.isEmpty == false)
            #expect(file["steps"]?.elements?.contains("identity") == true)
            world.clock.advance(minutes: 30)
            seq = try #require(
                try await take(
                    "/cases/\(thread)/steps/identity",
                    ["answers": try Self.answers("identity", file, world), "expectedSeq": seq], "recordIdentity")["seq"]
            )
            let document = DocumentID.random().description
            let values: JSON = [
                "certShown": "已出示执法证件", "findings": "工业总产值多报256万元。", "presentPerson": "钱有余", "presentPersonRole": "负责人",
            ]
            let draft: JSON = [
                "activity": .string(activity), "kind": "site-inspection-record", "values": values, "version": 0,
            ]
            let path = "/cases/\(thread)/drafts/\(document)"
            let saved = try await program.send(.put, path, draft)
            #expect(saved.status == 200, "\(saved.body)")
            try Self.check(saved, "saveDraft")
            // Sent again it is what is stored; from an older version something else is refused.
            #expect(try await program.send(.put, path, draft).status == 200)
            let other: JSON = ["kind": "site-inspection-record", "values": .object([]), "version": 0]
            #expect(try await program.send(.put, path, other).code == "stale")
            let incomplete = try await program.post("\(path)/fixing", ["expectedSeq": seq])
            #expect(incomplete.status == 422 && incomplete.json["fields"]?.elements?.isEmpty == false)
            _ = try await read("getDraft", path)
            for (id, path) in [
                ("listCases", "/cases"), ("listWork", "/work"), ("listPeople", "/people"),
                ("searchParties", "/parties?q=%E6%98%9F%E6%B2%B3"), ("listRegulations", "/regulations"),
                ("getRegulation", "/regulations/zhaoxian-2017"), ("listDocumentKinds", "/document-kinds"),
                ("listDocuments", "/documents"), ("listCaseDocuments", "/cases/\(thread)/documents"),
            ] {
                #expect(
                    try await read(id, path)["items"]?.elements?.isEmpty ?? false == (path.hasSuffix("documents")),
                    "\(path)")
            }
            seq = try #require(
                try await take(
                    "/cases/\(thread)/steps/finding",
                    ["expectedSeq": seq, "outcome": "nothingFound", "summary": "没有发现违法行为。"], "recordFinding")["seq"])
            // The timeline told in pages of every size is the same, each entry once.
            let whole = try await read("getTimeline", "/cases/\(thread)/timeline?limit=100")
            let all = try #require(whole["items"]?.elements)
            #expect(all.count == Int(seq.integer ?? 0) && whole["next"] == nil)
            for limit in 1...5 {
                var told: [JSON] = []
                var cursor = ""
                repeat {
                    let page = try await read("getTimeline", "/cases/\(thread)/timeline?limit=\(limit)\(cursor)")
                    told += page["items"]?.elements ?? []
                    cursor = page["next"]?.string.map { "&cursor=\($0)" } ?? ""
                } while !cursor.isEmpty
                #expect(told == all)
            }
        }
    }

    @Test("a rendition comes whole and by ranges; each look is recorded before the first byte, once for one purpose")
    func rendition() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await walk.inspect()
            let program = try await world.program(browser, of: "officer")
            let documents = try await program.get("/cases/\(thread)/documents")
            try Self.check(documents, "listCaseDocuments")
            let document = try #require(documents.items.first)
            #expect(document["renditions"] == ["fixed", "issued"])
            let id = try #require(document["document"]?.string)
            let one = try await program.get("/cases/\(thread)/documents/\(id)")
            try Self.check(one, "getDocument")
            let path = "/cases/\(thread)/documents/\(id)/pdf?rendition=issued&purpose=handling"
            let pdf = ["Accept": "application/pdf"]
            func looks() async throws -> Int {
                try await world.office.casebook.load(thread).records.count { $0.type == .accessOpened }
            }
            let before = try await looks()
            let whole = try await program.send(.get, path, headers: pdf)
            #expect(whole.status == 200 && whole.headers[.contentType] == "application/pdf")
            let tag = try #require(whole.headers[.eTag])
            let part = try await program.send(.get, path, headers: pdf.merging(["Range": "bytes=0-3"]) { $1 })
            #expect(part.status == 206 && part.body == String(whole.body.prefix(4)))
            #expect(
                try await program.send(.get, path, headers: pdf.merging(["If-None-Match": tag]) { $1 }).status == 304)
            #expect(
                try await program.send(.get, path, headers: pdf.merging(["Range": "bytes=9999999-"]) { $1 }).status
                    == 416)
            #expect(try await looks() == before + 1)
            #expect(try await program.get(path).status == 406)
            #expect(
                try await program.send(.get, "/cases/\(thread)/documents/\(id)/pdf", headers: pdf).status == 400)
            #expect(try await looks() == before + 1)
            // Who may not see the case finds nothing, and no look is recorded.
            let other = try await world.program(browser, of: "administrator")
            #expect(try await other.send(.get, path, headers: pdf).status == 403)
        }
    }

    @Test("pages of every size tell every case once, also when their times are the same and new ones come in between")
    func pagination() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            let program = try await world.program(browser, of: "officer")
            for number in 0..<17 {
                if number % 5 == 4 { world.clock.advance(milliseconds: 1) }
                #expect(try await program.post("/inspections", world.inspection("检查\(number)")).status == 201)
            }
            world.clock.advance(minutes: 1)
            let all = try await program.get("/cases?limit=100").items
            #expect(all.count == 17)
            for limit in 1...18 {
                world.clock.advance(minutes: 1)
                var told: [JSON] = []
                var cursor = ""
                repeat {
                    let page = try await program.get("/cases?limit=\(limit)\(cursor)")
                    #expect(page.items.count <= limit)
                    told += page.items
                    cursor = page.json["next"]?.string.map { "&cursor=\($0)" } ?? ""
                    // Somebody opens a case while the pages are turned.
                    if told.count == limit, limit % 3 == 0, !cursor.isEmpty {
                        #expect(try await program.post("/inspections", world.inspection("其间\(limit)")).status == 201)
                    }
                } while !cursor.isEmpty
                let known = Set(all.compactMap { $0["case"]?.string })
                let old = told.compactMap { $0["case"]?.string }.filter(known.contains)
                #expect(old == all.compactMap { $0["case"]?.string }, "limit \(limit)")
                #expect(Set(told.compactMap { $0["case"]?.string }).count == told.count)
            }
            for wrong in [
                "limit=0", "limit=101", "limit=x", "cursor=x", "cursor=", "limit=1&limit=2", "nothing=1", "q=a",
            ] {
                let answer = try await program.get("/cases?\(wrong)")
                #expect(answer.status == 400 && answer.code == "invalid", "\(wrong)")
            }
        }
    }

    @Test("the same key gives the same answer, also many times at once; with another request it is refused")
    func idempotency() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            let program = try await world.program(browser, of: "officer")
            let answers = try await withThrowingTaskGroup(of: Program.Answer.self) { group in
                for _ in 0..<12 {
                    group.addTask { try await program.post("/inspections", world.inspection(), key: "the-same-key") }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 201 && $0.body == answers[0].body }, "\(answers.map(\.body))")
            #expect(try await program.get("/cases").items.count == 1)
            let other = try await program.post("/inspections", world.inspection("另一件"), key: "the-same-key")
            #expect(other.status == 422 && other.code == "key-reused")
            let thread = try #require(answers[0].json["case"]?.string)
            let elsewhere = try await program.post(
                "/cases/\(thread)/steps/finding",
                ["expectedSeq": 1, "outcome": "nothingFound", "summary": "无"], key: "the-same-key")
            #expect(elsewhere.status == 422 && elsewhere.code == "key-reused")
            // Another person's same key is another command.
            let second = try await world.program(browser, of: "lin")
            #expect(try await second.post("/inspections", world.inspection("另一件"), key: "the-same-key").status == 201)

            let step: JSON = ["expectedSeq": 1, "outcome": "nothingFound", "summary": "没有发现违法行为。"]
            let path = "/cases/\(thread)/steps/finding"
            let taken = try await withThrowingTaskGroup(of: Program.Answer.self) { group in
                for _ in 0..<8 { group.addTask { try await program.post(path, step, key: "finding-1") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(taken.allSatisfy { $0.status == 201 && $0.body == taken[0].body })
            #expect(taken.count { $0.headers[.idempotencyReplayed] == nil } == 1)
            let stale = try await program.post(path, step, key: "finding-2")
            #expect(stale.status == 409 && stale.code == "stale" && stale.json["since"]?.elements?.count == 1)
            #expect(try await program.get("/cases/\(thread)").json["entries"] == 2)
        }
    }

    @Test("every refusal is a problem of the declared form, and cookies are not looked at")
    func problems() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let program = try await world.program(browser, of: "officer")
            let json = ["Content-Type": "application/json"]
            func expect(
                _ status: Int, _ code: String, _ answer: Program.Answer,
                sourceLocation: SourceLocation = #_sourceLocation
            ) {
                #expect(
                    answer.status == status && answer.code == code, "\(answer.status) \(answer.body)",
                    sourceLocation: sourceLocation)
                Self.checkProblem(answer, "\(code)")
            }
            let nothing = String(repeating: "0", count: 32)
            expect(404, "not-found", try await program.get("/nothing"))
            expect(404, "not-found", try await program.get("/api/v2/cases"))
            expect(404, "not-found", try await program.get("/api/v1/b/nowhere/cases"))
            expect(404, "not-found", try await program.get("/cases/\(nothing)"))
            expect(404, "not-found", try await program.get("/cases/x"))
            for method in [HTTPRequest.Method.put, .delete, .patch, .options, .trace] {
                let answer = try await program.send(method, "/cases")
                expect(405, "method-not-allowed", answer)
                #expect(answer.headers[.allow] == "GET, HEAD")
            }
            expect(406, "not-acceptable", try await program.send(.get, "/cases", headers: ["Accept": "text/csv"]))
            expect(400, "key-needed", try await program.send(.post, "/inspections", world.inspection()))
            expect(400, "key-needed", try await program.post("/inspections", world.inspection(), key: "short"))
            let key = ["Idempotency-Key": "a-key-of-its-own"]
            func raw(_ body: String, _ headers: [String: String]) async throws -> Program.Answer {
                let answer = try await program.browser.send(
                    .post, "/api/v1/b/\(world.tag)/inspections", body: body,
                    headers: key.merging(headers) { $1 }.merging(
                        ["Authorization": "Bearer \(program.token ?? "")", "Accept": "*/*"]) { $1 })
                return Program.Answer(status: answer.status, headers: answer.headers, body: answer.body)
            }
            expect(415, "json-needed", try await raw("{}", ["Content-Type": "text/plain"]))
            for broken in [
                "", "{", "{\"a\":1,\"a\":1}", "null", "{\"a\":1.5}", "{\"a\":\"\\ud800\"}", "{}x", "\u{FEFF}{}",
            ] {
                expect(400, "unreadable", try await raw(broken, json))
            }
            expect(413, "too-large", try await raw(String(repeating: " ", count: 1 << 21), json))
            expect(422, "invalid", try await raw("[]", json))
            let extra = try await program.post("/inspections", ["title": 5, "unknown": true])
            expect(422, "invalid", extra)
            let named = (extra.json["fields"]?.elements ?? []).compactMap { $0["name"]?.string }
            #expect(named == ["unknown", "title", "source", "handlers"])
            // What the law refuses names the provision, what is missing and who supplies it.
            let opened = try await program.post("/summary-cases", world.inspection().summary)
            #expect(opened.status == 201, "\(opened.body)")
            let thread = try #require(opened.json["case"]?.string)
            let refused = try await program.post(
                "/cases/\(thread)/steps/performance", ["expectedSeq": 1, "obligation": "缴纳罚款", "status": "none"])
            expect(409, "out-of-order", refused)
            // A browser's session is nobody here, with or without its form token.
            let officer = try await browser.signedIn("officer")
            let cookie = try await officer.send(
                .get, "/api/v1/b/\(world.tag)/cases", headers: ["Accept": "application/json"])
            #expect(cookie.status == 401 && cookie.headers[.setCookie] == nil)
            #expect(cookie.headers[.init("Access-Control-Allow-Origin")!] == nil)
            // Nothing that was sent stands in an answer.
            #expect(!extra.body.contains(program.token ?? "-"))
        }
    }

    @Test("who may not see a case is told what is told of one that does not exist")
    func hidden() async throws {
        let world = try await WebWorld()
        try await world.register(
            ThreadTag(high: 2, low: 50), name: "外人", roles: [.officer], account: "stranger", certificate: "统执50")
        try await world.serve { browser in
            let program = try await world.program(browser, of: "officer")
            let thread = try #require(try await program.post("/inspections", world.inspection()).json["case"]?.string)
            let stranger = try await world.program(browser, of: "stranger")
            let nothing = String(repeating: "7", count: 32)
            func same(_ method: HTTPRequest.Method, _ path: (String) -> String, _ body: JSON? = nil) async throws {
                let key = method == .post ? "some-key-\(UUID().uuidString)" : nil
                let any = ["Accept": "*/*"]
                let real = try await stranger.send(method, path(thread), body, key: key, headers: any)
                let made = try await stranger.send(method, path(nothing), body, key: key, headers: any)
                #expect(real.status == 404 && made.status == 404, "\(method) \(path("…")): \(real.status)")
                // Not a word differs but the number of the request.
                func words(_ answer: Program.Answer) -> JSON {
                    .object((answer.json.members ?? []).filter { $0.key != "instance" })
                }
                #expect(words(real) == words(made), "\(method) \(path("…"))")
            }
            for operation in APIOperation.all where operation.path.contains("{case}") {
                try await same(
                    operation.method, { Self.path(operation).replacing(Self.noID, with: $0) }, operation.body?.example()
                )
            }
            #expect(try await stranger.get("/cases").items.isEmpty)
            #expect(try await stranger.get("/work").items.isEmpty)
        }
    }

    // MARK: declarations

    static let noID = String(repeating: "0", count: 32)

    static func path(_ operation: APIOperation) -> String {
        var path = operation.pathNames.reduce(operation.path) { $0.replacing("{\($1)}", with: noID) }
        let required = operation.parameters.filter(\.isRequired)
            .map { "\($0.name)=\($0.schema.example().string ?? "1")" }
        if !required.isEmpty { path += "?" + required.map { $0.replacing("示例文字", with: "ab") }.joined(separator: "&") }
        return path
    }

    static func send(_ operation: APIOperation, _ program: Program) async throws -> Program.Answer {
        let accept = if case .pdf = operation.answer { "application/pdf" } else { "application/json" }
        return try await program.send(
            operation.method, path(operation), operation.body?.example(),
            key: operation.hasKey ? UUID().uuidString : nil, headers: ["Accept": accept])
    }

    static func check(
        _ answer: Program.Answer, _ id: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let operation = try #require(APIOperation.all.first { $0.id == id }, "no \(id)", sourceLocation: sourceLocation)
        let schema = try #require(operation.answer.schema, sourceLocation: sourceLocation)
        let problems = schema.problems(of: answer.json)
        #expect(problems.isEmpty, "\(id): \(problems)", sourceLocation: sourceLocation)
        #expect(answer.headers[.contentType] == "application/json", sourceLocation: sourceLocation)
    }

    static func checkProblem(_ answer: Program.Answer, _ label: String) {
        let problems = APIProblem.schema.problems(of: answer.json)
        #expect(problems.isEmpty, "\(label): \(problems) \(answer.body)")
        #expect(answer.headers[.contentType] == "application/problem+json", "\(label)")
        #expect(answer.json["status"]?.integer == Int64(answer.status), "\(label)")
        #expect(answer.json["type"]?.string == "urn:liuhen:error:\(answer.code)", "\(label)")
    }

    /// Answers of a step with what the case has to choose from.
    static func answers(_ name: String, _ file: JSON, _ world: WebWorld) throws -> JSON {
        let step = try #require(RecordedStep.named(name))
        return .object(
            step.inputs.filter { $0.need == .always }.map { input in
                let value: JSON =
                    switch input.control {
                    case .activity: file["activities"]?.elements?.first?["activity"] ?? ""
                    case .instant: .integer(world.clock.now().milliseconds)
                    case .person: world.handlers.elements?.first ?? ""
                    case .persons: world.handlers
                    default: APIField(input, of: step.type).schema.example()
                    }
                return JSON.Member(input.name, value)
            })
    }
}

extension JSON {
    /// An opening without a source.
    fileprivate var summary: JSON { .object((members ?? []).filter { $0.key != "source" }) }
}
