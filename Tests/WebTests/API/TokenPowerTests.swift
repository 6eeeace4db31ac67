import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application
@testable import Web

/// A token never approves, signs, issues, disposes, confirms as a second person, administers or hands out a dossier.
@Suite("What a token may never do")
struct TokenPowerTests {
    /// The whole list of what programs may record. Whoever makes it longer has thought about invariant 8.
    static let recordable: Set<EntryType> = [
        .subjectRegistered, .caseOpened, .activityBegan, .activityEnded, .findingRecorded, .statementRecorded,
        .statementReviewed, .decisionDrafted, .documentServed, .performanceRecorded, .documentFixed, .identityShown,
        .noncooperationRecorded, .unlawfulFound, .submissionReceived, .interestedNamed, .appraisalCommissioned,
        .appraisalReceived, .appraisalUsed, .investigationOther, .preservationStarted, .measureTaken, .measureLifted,
        .rightsNotified, .recusalRequested, .hearingRequested, .hearingHeld, .expertArgued, .discussionScheduled,
        .summaryRecorded, .fineCollected, .fineRemitted, .correctionOrdered, .correctionChecked,
        .talkHeld, .demandMade, .executionTaken, .courtApplied, .courtRuled, .remedyOpened,
    ]

    @Test("of all types of record a token may make these alone, each with one scope, whatever scopes it has")
    func types() {
        var allowed: Set<EntryType> = []
        for type in EntryType.allCases {
            for scope in TokenScope.allCases {
                let use = TokenUse(token: .random(), scopes: [scope], request: .zero)
                let person = PersonRow(thread: .random(), name: "甲", roles: Role.allCases)
                let performer = Performer(person: person, token: use)
                let passes = (try? TokenPower.check([Fact(type, in: .random())], by: performer)) != nil
                #expect(passes == (TokenPower.scope(for: type) == scope), "\(type) with \(scope)")
                if passes {
                    allowed.insert(type)
                    #expect(scope.isRecording)
                }
            }
        }
        #expect(
            allowed == Self.recordable,
            "more: \(allowed.subtracting(Self.recordable)) fewer: \(Self.recordable.subtracting(allowed))")
    }

    @Test("no role but the officer's is a program's, and no secret")
    func roles() {
        let use = TokenUse(token: .random(), scopes: Set(TokenScope.ofPrograms), request: .zero)
        let person = PersonRow(thread: .random(), name: "甲", roles: Role.allCases)
        let program = Performer(person: person, token: use)
        for role in Role.allCases { #expect(program.has(role) == (role == .officer)) }
        #expect(throws: StepRefusal.self) { try program.requireSecret() }
    }

    @Test("the steps of the API are exactly those of handlers that decide nothing")
    func steps() {
        let offered = Set(
            APIOperation.all.filter { $0.path.contains("/steps/") }
                .map { String($0.path.split(separator: "/").last ?? "") })
        let personal = RecordedStep.all.filter { $0.by != .handler || TokenPower.personal.contains($0.type) }
        #expect(personal.count > 10)
        for step in personal { #expect(!offered.contains(step.name), "\(step.name)") }
        let plain: Set = [
            "activity", "activity-end", "finding", "statement", "statement-review", "draft", "service", "performance",
        ]
        for form in StepForm.all { #expect(offered.contains(form.name) == plain.contains(form.name), "\(form.name)") }
        for operation in APIOperation.all where operation.method != .get {
            for type in operation.records { #expect(Self.recordable.contains(type), "\(operation.id)") }
        }
    }

    @Test("no step that needs somebody's own session is found under the API, for any role and any scope")
    func personal() async throws {
        let world = try await WebWorld()
        try await world.serve { browser in
            var programs: [Program] = []
            for role in Role.allCases {
                programs.append(try await world.program(browser, of: role.rawValue.lowercased()))
            }
            let officer = try #require(programs.first)
            let opened = try await officer.post("/inspections", world.inspection())
            let thread = try #require(opened.json["case"]?.string)
            let offered = Set(APIOperation.all.map(\.path))
            let names = RecordedStep.all.map(\.name) + StepForm.all.map(\.name) + ["signature", "looks", "dossier"]
            let before = try await world.store.signedHead().size
            for name in names where !offered.contains("/cases/{case}/steps/\(name)") {
                for program in programs {
                    let answer = try await program.post("/cases/\(thread)/steps/\(name)", ["expectedSeq": 1])
                    #expect(answer.status == 404, "\(name)")
                }
            }
            for path in ["/people", "/settings", "/calendars", "/seconds", "/account", "/cases/\(thread)/dossier"] {
                for program in programs {
                    let answer = try await program.post(path, .object([]))
                    #expect([404, 405].contains(answer.status), "\(path)")
                }
            }
            #expect(try await world.store.signedHead().size == before)
        }
    }

    @Test("a token opens no page: every route for people is closed to it")
    func pages() async throws {
        let world = try await WebWorld()
        let entries = WebApplication.addRoutes(to: Router(context: AppContext.self), world.services).entries
        try await world.serve { browser in
            let program = try await world.program(browser, of: "agencyhead")
            let id = String(repeating: "0", count: 32)
            for entry in entries where ![.anybody, .token].contains(entry.right) {
                let path = entry.path.split(separator: "/", omittingEmptySubsequences: false).map { part in
                    part == "{bureau}" ? "qinghe" : part.hasPrefix("{") ? id[...] : part
                }.joined(separator: "/")
                let method = try #require(HTTPRequest.Method(entry.method))
                let answer = try await browser.send(
                    method, path,
                    headers: ["Accept": "application/json", "Authorization": "Bearer \(program.token ?? "")"])
                #expect([401, 403].contains(answer.status), "\(entry.method) \(path) was answered \(answer.status)")
            }
        }
    }
}
