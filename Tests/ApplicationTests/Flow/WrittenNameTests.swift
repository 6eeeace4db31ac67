import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application

/// A party whose name holds a character that no font has: how it is written in papers is said once.
@Suite("A name that no font can print", .serialized)
struct WrittenNameTests {
    private static let name = "王\u{2A6A5}"
    private static let written = "王〔四龙〕"

    private func penalty(_ world: CaseWorld, written: String?) async throws -> (case: ThreadTag, party: ThreadTag) {
        let (inspection, party) = (ThreadTag.random(), ThreadTag.random())
        world.minute()
        _ = try await world.office.casebook.open(
            OpenInspection(
                title: "统计执法检查", source: .plan, handlers: world.handlers,
                newSubject: NewSubject(
                    thread: party, kind: "individual", name: Self.name, code: nil, address: "清禾县演示街",
                    representative: nil,
                    phone: nil, writtenName: written)),
            as: inspection, command: .random(), by: try await world.performer(world.people.officer1))
        try await world.take(
            RecordFinding(outcome: .suspected, summary: "核对了报表。", recipient: nil), in: inspection,
            by: world.people.officer1)
        world.minute()
        let thread = try await world.open(
            OpenPenalty(title: "\(Self.name)提供不真实统计资料案", handlers: world.handlers, isMajor: false, emergency: nil),
            from: inspection, by: try await world.performer(world.people.officer1))
        return (thread, party)
    }

    /// Hands the start in, with a name as it is typed; what the paper says and what is recorded.
    private func start(
        _ world: CaseWorld, _ thread: ThreadTag, typed: String
    ) async throws -> (id: DocumentID, paper: String, recorded: String?) {
        let id = try await world.handInStart(
            in: thread,
            changing: [.init("subjectName", .string(typed)), .init("caseName", .string("\(typed)提供不真实统计资料案"))])
        let document = try #require(try await world.load(thread).work.document(id))
        return (
            id, try await text(of: try #require(document.fixedObject), world), document.data?["subjectName"]?.string
        )
    }

    private func text(of object: ObjectID, _ world: CaseWorld) async throws -> String {
        let facts = try await world.vault.facts(of: object)
        return String(
            decoding: try await world.vault.read(object, at: 0, upTo: Int(facts.byteCount)), as: UTF8.self)
    }

    private func writings(_ world: CaseWorld, _ party: ThreadTag) async throws -> [String] {
        try await world.office.casebook.history(of: party).compactMap { $0.text("writtenName") }
    }

    @Test("said when the party is registered, it stands in every paper, wherever the name is; records keep the name")
    func registered() async throws {
        let world = try await CaseWorld()
        let (thread, party) = try await penalty(world, written: Self.written)
        let paper = try await start(world, thread, typed: Self.name)
        #expect(paper.paper.contains("\(Self.written)提供不真实统计资料案") && !paper.paper.contains(Self.name))
        #expect(paper.recorded == Self.name)
        #expect(try await writings(world, party) == [Self.written])
        #expect(try await world.office.casebook.registers.subject(party)?.name == Self.name)
        // What is shown before it is fixed goes the same way.
        #expect(try await world.office.casebook.printedParty(of: world.load(thread).work).written?.text == Self.written)
    }

    @Test("typed once in a paper, it is recorded for the party and need not be typed again, in no case of the party")
    func learned() async throws {
        let world = try await CaseWorld()
        let (thread, party) = try await penalty(world, written: nil)
        let first = try await start(world, thread, typed: Self.written)
        #expect(first.recorded == Self.written)
        #expect(try await writings(world, party) == [Self.written])
        try await world.take(VoidDocument(document: first.id, reason: "重做。"), in: thread, by: world.people.officer1)
        let second = try await start(world, thread, typed: Self.name)
        #expect(second.paper.contains(Self.written) && !second.paper.contains(Self.name))
        #expect(second.recorded == Self.name)
        // What is recorded already is not recorded again.
        try await world.take(VoidDocument(document: second.id, reason: "重做。"), in: thread, by: world.people.officer1)
        _ = try await start(world, thread, typed: Self.written)
        #expect(try await writings(world, party) == [Self.written])
        // Another case of the same party.
        let other = ThreadTag.random()
        world.minute()
        _ = try await world.office.casebook.open(
            OpenInspection(title: "复查", source: .plan, handlers: world.handlers, newSubject: nil), as: other,
            subject: party, command: .random(), by: try await world.performer(world.people.officer1))
        let printed = try await world.office.casebook.printedParty(of: world.load(other).work)
        #expect(
            printed.printed(["a": [.string("当事人\(Self.name)。")]])["a"]?.elements?.first?.string == "当事人\(Self.written)。"
        )
    }

    @Test(
        "a writing that stands for another name is refused, at its field, and what any font prints is not taken apart")
    func refused() async throws {
        let world = try await CaseWorld()
        for wrong in ["李〔四龙〕", "王〔龙〕", "王某", Self.name, "〔一土〕\u{2A6A5}"] {
            let refusal = try await world.refusal(wrong) { _ = try await penalty(world, written: wrong) }
            #expect(refusal?.fields.map(\.name) == ["subjectWrittenName"], "\(wrong)")
        }
    }
}
