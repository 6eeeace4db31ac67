import Application
import Casework
import Demo
import Foundation
import Kernel
import Ledger
import Rulebook
import Store
import Synchronization
import TestKit
import Testing
import Vault

/// A bureau in a directory of its own: a real ledger, a real vault, the project's own rules and the demonstration's
/// people; only the printer is a test's. Store and vault can be told to fail.
final class CaseWorld: Sendable {
    let directory: TemporaryDirectory
    /// Where the ledger is, held by this process.
    let place: LedgerDatabase.Place
    /// The first log's key.
    let key: SigningKey
    let ledger: LedgerDatabase
    let store: TroubledStore
    let vault: TroubledVault
    let printer = TroubledPrinter()
    /// Scans are what the test writes.
    let reader = FakeSheetReader()
    /// The time of service that each receipt states.
    let receiptTimes = Mutex<[DocumentID: Instant]>([:])
    let installation: InstallationDatabase
    let office: Office
    let demo: DemoCase
    let people: DemoPeople
    /// Stands still until a test moves it.
    let clock: DemoClock
    /// The bureau's own thread.
    let thread = ThreadTag.random()
    private let files: FileVault

    static let today = CivilDay(number: 20_777)
    static let root = String(#filePath.dropLast("/Tests/ApplicationTests/Flow/CaseWorld.swift".count))
    static let library = Result {
        try RuleFiles.load(regulations: "\(root)/Regulations", documents: "\(root)/Documents")
    }

    private struct Unfit: Error { let what: String }

    /// - Parameter unadopted: calendars that lie among the installation's files and that the bureau has not adopted.
    /// - Parameter texts: the regulations in force.
    init(
        today: CivilDay = CaseWorld.today, unadopted: [LoadedCalendar] = [],
        texts: [String] = ["zhaoxian-2017", "parent-law"]
    ) async throws {
        let library = try CaseWorld.library.get()
        var files = library
        files.calendars += unadopted
        directory = try TemporaryDirectory()
        clock = DemoClock(system: FakeClock(Instant(today, hour: 8)))
        clock.set(to: Instant(today.advanced(by: -60), hour: 8))
        people = DemoPeople(certifiedUntil: today.advanced(by: 700))
        guard let bureau = BureauTag("qinghe"), let key = SigningKey(generating: "demo.liuhen.invalid/log/test") else {
            throw Unfit(what: "names")
        }
        let data = try DataDirectory(path: directory.path + "/data")
        place = .init(data: data, lockDirectory: directory.path + "/lock", bureau: bureau)
        self.key = key
        ledger = try LedgerDatabase.create(at: place, key: key, clock: clock)
        installation = try InstallationDatabase(in: data, clock: clock)
        installation.hold([UInt8](repeating: 9, count: 32), of: bureau)
        try await FileVault.create(at: directory.path + "/vault")
        var configuration = FileVault.Configuration()
        configuration.reserve = 1 << 20
        configuration.blocks = 2
        self.files = try await FileVault.open(
            at: directory.path + "/vault", keys: VaultKeys(current: .random()), configuration: configuration)
        store = TroubledStore(ledger)
        vault = TroubledVault(self.files)
        office = Office(
            store: store, registers: ledger, installation: installation, vault: vault, printer: printer,
            library: files, clock: clock, thread: thread, reevaluations: ledger, reader: reader)
        demo = DemoCase(office: office, clock: clock, people: people)
        try await found(library, key: key, texts: texts)
    }

    deinit {
        ledger.close()
        installation.close()
    }

    private func found(_ library: RuleLibrary, key: SigningKey, texts: [String]) async throws {
        let adoptions = try texts.map { id in
            guard let loaded = library.newest(id) else { throw Unfit(what: id) }
            // A text without a date is in force from where the bureau says.
            let day = loaded.regulation.inForceFrom ?? CaseWorld.today.advanced(by: -400)
            return (regulation: id, digest: loaded.digest, inForceFrom: day)
        }
        let founding = Founding(
            thread: thread, isDemo: true, name: "清禾县统计局（演示）", letterhead: "清禾县统计局", region: "清禾县（虚构）",
            superior: nil, keys: [("log", "\(key.verifier.id)", key.verifier.description)], adoptions: adoptions,
            calendars: library.newestCalendars.map { ($0.year.year, $0.digest) },
            administrator: people.administrator.person)
        let settings = Fact(
            .bureauSettingsChanged, in: thread, fields: [.init("settings", ["documentMark": "清禾统"], .officer)])
        _ = try await office.casebook.record(
            try founding.facts() + [settings], by: .system, command: .random(), law: try Law.atFounding(library))
        for member in people.all where member.person.thread != people.administrator.person.thread {
            _ = try await office.casebook.record(
                try member.person.facts(), by: .person(people.administrator.person.thread), command: .random())
        }
    }

    // MARK: asking

    /// How many entries the log holds: what must not change when a step is refused.
    func size() async throws -> Int64 { try await ledger.signedHead().size }

    func load(_ thread: ThreadTag) async throws -> CaseView { try await office.casebook.load(thread) }

    func evaluation(of thread: ThreadTag) async throws -> Evaluation {
        try await office.casebook.chambers.law().evaluate(try await load(thread).history)
    }

    /// A person as the session would know them, with roles, secret and account as the test needs them.
    func performer(
        _ member: DemoPeople.Member, adding roles: Role..., confirmed: Bool = true,
        account: PersonRow.AccountState? = nil
    ) async throws -> Performer {
        var row = try await demo.performer(member).person
        row.roles += roles
        if let account { row.accountState = account }
        return Performer(
            person: row,
            confirmation: confirmed ? SecretConfirmation(demonstrationOf: row.thread, in: ledger) : nil)
    }

    /// Takes a step with a fresh command on the case as it stands.
    @discardableResult
    func take(_ step: some CaseStep, in thread: ThreadTag, by performer: Performer) async throws -> AppendReceipt {
        let seq = try await load(thread).work.entries
        return try await office.casebook.perform(step, on: thread, expecting: seq, command: .random(), by: performer)
    }

    @discardableResult
    func take(_ step: some CaseStep, in thread: ThreadTag, by member: DemoPeople.Member) async throws -> AppendReceipt {
        try await take(step, in: thread, by: try await performer(member))
    }

    /// The refusal of what `body` tries; an issue if it goes through, or if the log grew all the same.
    @discardableResult
    func refusal(
        _ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
    ) async throws -> StepRefusal? {
        let before = try await size()
        var refusal: StepRefusal?
        do {
            try await body()
            Issue.record("went through: \(what)", sourceLocation: sourceLocation)
        } catch let error as StepRefusal {
            refusal = error
            #expect(isChinese(error.message), "\(what): \(error.message)", sourceLocation: sourceLocation)
            for reason in error.reasons {
                #expect(isChinese(reason.missing), "\(what)", sourceLocation: sourceLocation)
                #expect(isChinese(reason.who), "\(what)", sourceLocation: sourceLocation)
            }
        }
        #expect(try await size() == before, "something was recorded: \(what)", sourceLocation: sourceLocation)
        return refusal
    }
}

/// Whether text is a sentence in Chinese rather than a program's own words.
func isChinese(_ text: String) -> Bool {
    let han = text.unicodeScalars.count { (0x4E00...0x9FFF).contains($0.value) }
    return han >= 2 && han * 2 >= text.unicodeScalars.count { $0.isASCII && $0.properties.isAlphabetic }
}
