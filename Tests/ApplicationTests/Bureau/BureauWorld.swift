import Casework
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application

/// A bureau that was just founded, in memory, under the project's own rules: an administrator, an agency head, and
/// files that could be adopted or mended.
struct BureauWorld {
    let store: FakeLedgerStore
    /// The same store as the bureau's own code reaches it: a test can let something happen in between.
    let troubled: TroubledStore
    let registers = FakeRegisters()
    let clock = FakeClock()
    let chambers: Chambers
    let casebook: Casebook
    let library: RuleLibrary
    let thread = ThreadTag(high: 1, low: 1)
    let administrator = ThreadTag(high: 2, low: 1)
    let head = ThreadTag(high: 2, low: 2)
    let officer = ThreadTag(high: 2, low: 3)

    /// The bureau's own text as it was adopted, the same text mended, a second version, and another text.
    let adopted: Digest
    let mended = Digest.sha256("mended".utf8)
    let second = Digest.sha256("second".utf8)
    let other = Digest.sha256("other".utf8)
    /// The provision that the mended file changes.
    let mendedRow: String

    init() async throws {
        var library = try CaseWorld.library.get()
        let own = try #require(library.newest("zhaoxian-2017"))
        adopted = own.digest
        mendedRow = own.regulation.provisions[3].id
        var mended = own.regulation
        mended.provisions[3].summary += "（已订正）"
        var second = own.regulation
        second.version = 2
        var other = own.regulation
        (other.id, other.title, other.inForceFrom) = ("other-2020", "另一个办法", nil)
        library.regulations += [
            .init(regulation: mended, digest: self.mended, file: "mended.yaml"),
            .init(regulation: second, digest: self.second, file: "second.yaml"),
            .init(regulation: other, digest: self.other, file: "other.yaml"),
        ]
        self.library = library
        let tag = try #require(BureauTag("qinghe"))
        store = try #require(FakeLedgerStore(bureau: tag, origin: "test.example/log", registers: registers))
        troubled = TroubledStore(store)
        chambers = Chambers(store: troubled, library: library, thread: thread)
        casebook = Casebook(store: troubled, registers: registers, chambers: chambers, clock: clock)
        let parent = try #require(library.newest("parent-law"))
        let founding = Founding(
            thread: thread, isDemo: false, name: "清禾县统计局", letterhead: "清禾县统计局", region: "清禾县", superior: nil,
            keys: [],
            adoptions: [
                (own.regulation.id, own.digest, try #require(own.regulation.inForceFrom)),
                (parent.regulation.id, parent.digest, try #require(parent.regulation.inForceFrom)),
            ], calendars: [],
            administrator: NewPerson(
                thread: administrator, name: "何管理", section: "办公室", roles: [.administrator], account: "admin"))
        _ = try await casebook.record(
            try founding.facts(), by: .system, command: .random(), law: try Law.atFounding(library))
        for (tag, name, role) in [(head, "沈怀远", Role.agencyHead), (officer, "周一舟", .officer)] {
            let person = NewPerson(
                thread: tag, name: name, section: "检查科", certificateNumber: role == .officer ? "统执1" : "",
                certificateUntil: role == .officer ? clock.now().day.advanced(by: 400) : nil, roles: [role],
                account: role.rawValue.lowercased())
            _ = try await casebook.record(try person.facts(), by: .person(administrator), command: .random())
        }
    }

    /// How many entries the log holds.
    func size() async throws -> Int64 { try await store.signedHead().size }

    /// A person as the session would know them.
    func performer(_ tag: ThreadTag, adding roles: Role..., confirmed: Bool = true) async throws -> Performer {
        var row = try #require(try await registers.person(tag))
        row.roles += roles
        return Performer(person: row, confirmation: confirmed ? SecretConfirmation(person: row.thread) : nil)
    }

    /// The refusal of an act; an act that is carried out fails the test.
    func refusal(
        _ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ act: () async throws -> Void
    ) async throws -> StepRefusal? {
        let before = try await size()
        do {
            try await act()
            Issue.record("\(what) was carried out", sourceLocation: sourceLocation)
            return nil
        } catch let refusal as StepRefusal {
            let after = try await size()
            #expect(after == before, "\(what) was refused and recorded", sourceLocation: sourceLocation)
            return refusal
        }
    }
}
