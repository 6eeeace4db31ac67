import Casework
import Demo
import Kernel
import Ledger
import Store
import TestKit
import Testing

@testable import Application

/// A correction is held to what the step itself is held to: it is read in the place of what was recorded.
@Suite("Bounds of corrections", .serialized)
struct CorrectionBoundsTests {
    /// A case whose notice and decision were served with receipts, stated to and performed.
    private struct Served {
        let world: CaseWorld
        let thread: ThreadTag
        func records() async throws -> [Record] { try await world.load(thread).records }
        func last(_ type: EntryType) async throws -> Record {
            try #require(try await records().last { $0.type == type })
        }
    }

    private func served() async throws -> Served {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let notice = try await world.signedNotice(in: thread)
        try await world.demo.issue(notice, in: thread, by: people.officer1)
        let first = try await world.receipt(of: notice, in: thread)
        try await world.take(world.service(of: notice, with: first), in: thread, by: people.officer1)
        world.minute(30)
        try await world.state(in: thread)
        try await world.take(
            world.review(of: try await world.load(thread).work.entries), in: thread, by: people.officer1)
        try await world.take(world.drafting(), in: thread, by: people.officer1)
        try await world.reviewLegality(in: thread)
        try await world.take(ApproveDecision(isApproved: true, opinion: "同意"), in: thread, by: people.head)
        let (decision, receipt) = try await world.issueDecision(in: thread)
        try await world.take(world.service(of: decision, with: receipt), in: thread, by: people.officer1)
        world.minute(30)
        try await world.take(
            RecordPerformance(
                status: "complete", performedAt: world.clock.now(), amount: nil, obligation: "警告", evidence: "回证"),
            in: thread, by: people.officer1)
        return Served(world: world, thread: thread)
    }

    private func proposal(_ target: Record, _ member: String, _ value: CorrectedValue) -> ProposeCorrection {
        ProposeCorrection(target: target.seq, member: member, value: value, reason: "笔误")
    }

    @Test("every type that can be corrected is bound, or is said to be free")
    func everyType() {
        for type in EntryType.allCases where !type.correctable.isEmpty {
            #expect(
                CorrectionCheck.bound.contains(type) != CorrectionCheck.free.contains(type), "\(type.rawValue)")
            if CorrectionCheck.free.contains(type) {
                #expect(type.correctable.allSatisfy { $0.form == .text }, "\(type.rawValue) has a time or a word")
            }
        }
        for type in CorrectionCheck.bound.union(CorrectionCheck.free) {
            #expect(!type.correctable.isEmpty, "\(type.rawValue)")
        }
    }

    @Test("a service keeps its party, its receipt's words and its time; a statement the telling; a payment the service")
    func refused() async throws {
        let served = try await served()
        let (world, thread) = (served.world, served.thread)
        let service = try await served.last(.documentServed)
        let statement = try await served.last(.statementRecorded)
        let performance = try await served.last(.performanceRecorded)
        let told = try #require(try await served.records().first { $0.type == .documentServed })
        let servedAt = try #require(service.instant("servedAt"))
        let long = Instant(CivilDay(year: 2019, month: 1, day: 1) ?? service.recordedAt.day, hour: 9)
        let minute: Int64 = 60_000
        func invalid(_ what: String, _ target: Record, _ member: String, _ value: CorrectedValue) -> Refused {
            Refused(what, .invalid, fields: ["value"]) {
                try await world.take(proposal(target, member, value), in: thread, by: world.people.officer1)
            }
        }
        try await world.expect([
            invalid("served to a neighbour", service, "recipient", .text("邻厂")),
            invalid("served elsewhere than the receipt says", service, "place", .text("别处")),
            invalid("served long before the issue", service, "servedAt", .instant(long)),
            invalid(
                "served at another minute than the receipt says", service, "servedAt",
                .instant(servedAt.advanced(byMilliseconds: 2 * minute))),
            invalid("stated years before the case", statement, "statedAt", .instant(long)),
            invalid(
                "stated before the party was told", statement, "statedAt",
                .instant(try #require(told.instant("servedAt")).advanced(byMilliseconds: -60 * minute))),
            invalid(
                "stated after it was recorded", statement, "statedAt",
                .instant(statement.recordedAt.advanced(byMilliseconds: minute))),
            invalid("performed before the service", performance, "performedAt", .instant(long)),
            invalid("other words than the party signed", statement, "facts", .text("承认全部违法事实，同意从重处罚。")),
            invalid("other reasons than the party signed", statement, "reasons", .text("没有理由。")),
            invalid("somebody who signed nothing", statement, "name", .text("路人甲")),
            invalid("a name too long", statement, "name", .text(String(repeating: "长", count: 61))),
        ])
        // What the step would take, the correction takes.
        let right = statement.happenedAt.advanced(byMilliseconds: -minute)
        try await world.take(
            proposal(statement, "statedAt", .instant(right)), in: thread, by: world.people.officer1)
        let asked = try await world.load(thread).work.entries
        try await world.take(
            DecideCorrection(proposal: asked, isApproved: true, opinion: "同意"), in: thread, by: world.people.head)
        #expect(try await world.load(thread).work.statements.first?.at == right)
    }

    @Test("a result that is handed on names to whom; a waiver has no reasons; silence has nothing to correct")
    func words() async throws {
        let world = try await CaseWorld()
        let inspection = try await world.inspection(finding: .nothingFound)
        let finding = try #require(try await world.load(inspection).records.last { $0.type == .findingRecorded })
        try await world.expect([
            Refused("handed on to nobody", .invalid, fields: ["value"]) {
                try await world.take(
                    proposal(finding, "outcome", .word("handedOn")), in: inspection, by: world.people.officer1)
            }
        ])
        let penalty = try await world.penalty()
        for (manner, members) in [("waived", ["reasons", "evidence"]), ("silent", ["facts", "name"])] {
            _ = try await world.office.casebook.record(
                [
                    Fact(
                        .statementRecorded, in: penalty, plain: ["manner": .string(manner), "speaker": "party"],
                        fields: [.init("name", "丁厂长", .party)])
                ], by: .person(world.handlers[0]), command: .random())
            let record = try #require(try await world.load(penalty).records.last)
            for member in members {
                let refusal = try await world.refusal("\(manner) \(member)") {
                    try await world.take(
                        proposal(record, member, .text("不是故意")), in: penalty, by: world.people.officer1)
                }
                #expect(refusal?.fields.map(\.name) == ["value"], "\(manner) \(member)")
            }
        }
    }

    @Test("a proposal of an earlier version that the case contradicts is not approved; it can be turned down")
    func oldProposal() async throws {
        let served = try await served()
        let (world, thread) = (served.world, served.thread)
        let service = try await served.last(.documentServed)
        let entries = try await world.load(thread).entries
        _ = try await world.office.casebook.record(
            [
                Fact(
                    .correctionProposed, in: thread,
                    plain: ["member": "recipient", "target": .integer(Int64(service.seq))],
                    fields: [.init("value", "邻厂", .party), .init("reason", "笔误", .internal)],
                    references: [EntryReference("corrects", entries[service.seq - 1].entry)])
            ], by: .person(world.handlers[0]), command: .random())
        let asked = try await world.load(thread).work.entries
        let refusal = try await world.refusal("approved against the receipt") {
            try await world.take(
                DecideCorrection(proposal: asked, isApproved: true, opinion: "同意"), in: thread, by: world.people.head)
        }
        #expect(refusal?.code == .outOfOrder && refusal?.message.contains("邻厂") == true)
        try await world.take(
            DecideCorrection(proposal: asked, isApproved: false, opinion: "与回证不符"), in: thread, by: world.people.head)
        #expect(try await world.load(thread).work.corrections.map(\.state) == [.refused])
    }

    @Test("a correction that another record could not stand beside is refused, and names that record")
    func others() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let notice = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        world.minute(120)
        func ago(_ minutes: Int64) -> Instant { world.clock.now().advanced(byMilliseconds: -minutes * 60_000) }
        func record(_ fact: Fact) async throws -> Record {
            _ = try await world.office.casebook.record(
                [fact], by: .person(world.handlers[0]), command: .random())
            return try #require(try await world.load(thread).records.last)
        }
        // Served in a way without a receipt, then answered.
        let service = try await record(
            Fact(
                .documentServed, in: thread,
                plain: [
                    "document": .string(notice.description), "method": "post",
                    "servedAt": .integer(ago(60).milliseconds),
                ], fields: [.init("recipient", .string(DemoFirm.paperMill.name), .party)],
                stated: StatedTime(at: ago(60), source: .officer)))
        let statement = try await record(
            Fact(
                .statementRecorded, in: thread, plain: ["manner": "oral", "speaker": "party"],
                fields: [.init("name", "丁厂长", .party)], stated: StatedTime(at: ago(30), source: .officer)))
        func correct(_ minutes: Int64) async throws {
            try await world.take(
                proposal(service, "servedAt", .instant(ago(minutes))), in: thread, by: people.officer1)
        }
        let refusal = try await world.refusal("served after it was answered") { try await correct(10) }
        #expect(refusal?.fields.map(\.name) == ["value"])
        #expect(refusal?.fields.first?.message.contains("第 \(statement.seq) 条") == true)
        try await correct(40)
    }
}
