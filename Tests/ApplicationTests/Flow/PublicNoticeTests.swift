import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application

/// 公告送达: the last way, of one document, after its issue, and after ways that the record knows (民事诉讼法第九十五条).
@Suite("A service by public notice", .serialized)
struct PublicNoticeTests {
    @Test("a notice is of an issued document, not before its issue, by its number, and serves after thirty days")
    func notice() async throws {
        let world = try await CaseWorld()
        let thread = try await world.approved()
        let (decision, _) = try await world.issueDecision(in: thread)
        let work = try await world.load(thread).work
        let issue = try #require(work.document(decision)?.issue)
        func named(_ about: DocumentID?, _ members: [JSON.Member]) -> [String] {
            PublicNotice.problems(in: .object(members), kind: "public-notice", about: about, work: work).map(\.name)
        }
        func on(_ days: Int, deemed: Int? = nil) -> [JSON.Member] {
            let day = issue.at.day.advanced(by: days)
            return [.init("publishedAt", .string(day.description))]
                + (deemed.map { [.init("deemedServedOn", .string(day.advanced(by: $0).description))] } ?? [])
        }
        let draft = try #require(work.documents.first { $0.issue == nil })
        #expect(named(nil, on(0)) == ["about"])
        #expect(named(draft.id, on(0)) == ["about"])
        #expect(named(decision, on(-1)) == ["publishedAt"])
        #expect(named(decision, on(0, deemed: 29)) == ["deemedServedOn"])
        #expect(named(decision, on(0, deemed: 30)) == [])
        #expect(named(decision, on(0) + [.init("documentNumber", "别的字号")]) == ["documentNumber"])
        #expect(named(decision, on(0) + [.init("documentNumber", .string(issue.numberText ?? ""))]) == [])
        #expect(PublicNotice.problems(in: .object(on(-1)), kind: "hearing-notice", about: nil, work: work).isEmpty)
    }

    @Test("each way that is said to have failed is on record before the notice; the notice is of the document itself")
    func failed() async throws {
        let world = try await CaseWorld()
        let thread = try await world.approved()
        let (decision, _) = try await world.issueDecision(in: thread)
        func named(_ ways: [String]) async throws -> [String] {
            let view = try await world.load(thread)
            let scene = try await world.office.casebook.scene(
                of: view, for: try await world.performer(world.people.officer1), at: world.clock.now())
            let fact = Fact(
                .documentServed, in: thread,
                plain: [
                    "document": .string(decision.description), "method": "public",
                    "failedMethods": .array(ways.map { .string($0) }),
                ])
            return PublicNotice.problems(fact, of: try #require(view.work.document(decision)), in: scene).map(\.name)
        }
        func notice(of document: DocumentID) async throws {
            world.minute()
            let id = JSON.string(DocumentID.random().description)
            try await world.append([
                Fact(
                    .documentFixed, in: thread,
                    plain: ["about": .string(document.description), "document": id, "kind": "public-notice"],
                    fields: [.init("data", ["noticeText": "公告。"], .party)]),
                Fact(.documentIssued, in: thread, plain: ["document": id, "number": 7, "year": 2026]),
            ])
        }
        #expect(try await named(["direct"]) == ["document"])
        try await notice(of: try #require(try await world.load(thread).work.document(ofKind: "rights-notice")?.id))
        #expect(try await named(["direct"]) == ["document"], "a notice of another paper")
        try await notice(of: decision)
        #expect(try await named(["direct", "post"]) == ["failedMethods"])
        #expect(try await named(["post"]) == ["failedMethods"])
        let activity = JSON.string(ActivityID.random().description)
        world.minute()
        try await world.append([
            Fact(
                .activityBegan, in: thread,
                plain: [
                    "activity": activity, "kind": "service", "startAt": .integer(world.clock.now().milliseconds),
                    "officers": .array([.string(world.people.officer1.person.thread.description)]),
                ]),
            Fact(
                .documentServed, in: thread,
                plain: [
                    "document": .string(decision.description), "method": "post", "returned": true,
                    "servedAt": .integer(world.clock.now().milliseconds),
                ]),
        ])
        #expect(try await named(["direct", "post"]) == ["failedMethods"], "after the notice it is too late")
        try await notice(of: decision)
        #expect(try await named(["direct", "post"]) == [])
    }
}
