import Application
import Casework
import Kernel
import Ledger
import TestKit
import Testing

@testable import Demo

@Suite("A document whose form the program has changed since it was fixed", .serialized)
struct KeptKindTests {
    /// The same bureau under a later program, in which a rights notice is quite another form.
    private func later(_ world: CaseWorld, isKept: Bool) throws -> (office: Office, demo: DemoCase, kind: LoadedKind) {
        var library = try CaseWorld.library.get()
        let kind = try #require(library.kinds[DocumentKindName.rightsNotice])
        let other = try #require(library.kinds["site-inspection-record"])
        library.kinds[DocumentKindName.rightsNotice] = LoadedKind(
            kind: other.kind, digest: .sha256(Array("kind".utf8)), templateDigest: .sha256(Array("template".utf8)))
        if isKept { library.keptKinds[kind.digest] = kind.kind }
        let office = Office(
            store: world.store, registers: world.ledger, installation: world.installation, vault: world.vault,
            printer: world.printer, library: library, clock: world.clock, thread: world.thread)
        return (office, DemoCase(office: office, clock: world.clock, people: world.people), kind)
    }

    @Test("it is signed, numbered and issued under the form that it was fixed with")
    func goesOn() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let notice = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        let (office, demo, kind) = try later(world, isKept: true)
        let law = try await office.casebook.chambers.law()
        let fixed = try #require(try await office.casebook.load(thread).work.document(notice))
        #expect(try law.kind(of: fixed) == kind.kind && law.library.kind(of: fixed)?.title == kind.kind.title)
        #expect(try law.template(of: fixed).name.kept == kind.templateDigest)
        // Its own places to sign, which the later form has not.
        try await demo.sign(
            notice, "party", in: thread, by: people.officer1, as: DemoFirm.paperMill.representative)
        try await demo.sign(notice, "officer1", in: thread, by: people.officer1)
        try await demo.sign(notice, "officer2", in: thread, by: people.officer2)
        try await demo.issue(notice, in: thread, by: people.officer1)
        let view = try await office.casebook.load(thread)
        let issued = try #require(
            view.records.first { $0.type == .documentIssued && $0.word("document") == notice.description })
        #expect(issued.word("templateDigest") == kind.templateDigest?.description)
        #expect(issued.number("number") == 1)
        // The rules know it as what it was: the notice counts as given.
        let before = try await world.office.casebook.chambers.law().evaluate(view.history)
        #expect(law.evaluate(view.history).obligations == before.obligations)
    }

    @Test("it is refused, and says what to do, where that form is not kept")
    func missing() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let notice = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        let (office, demo, _) = try later(world, isKept: false)
        let entries = try await office.casebook.load(thread).entries.count
        let refusal = try await world.refusal("a form that is not kept") {
            try await demo.sign(notice, "officer1", in: thread, by: world.people.officer1)
        }
        #expect(refusal?.code == .fault && refusal?.message.contains("rules 目录") == true)
        #expect(try await office.casebook.load(thread).entries.count == entries)
    }
}
