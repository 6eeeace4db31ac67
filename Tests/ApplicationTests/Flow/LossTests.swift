import Application
import Casework
import Foundation
import Kernel
import Ledger
import Store
import TestKit
import Testing

@testable import Demo

/// Records are lost in the middle of a case; two persons decide; the case goes on in a new log to its filing.
@Suite("ThreadOfGold: a case across a loss of records", .serialized)
struct LossTests {
    /// What became of a world after the loss.
    private struct After {
        let ledger: LedgerDatabase
        let office: Office
        let demo: DemoCase
        let loss: LogLoss
        /// The head that was signed last before the loss, and one from within what was lost.
        let last: SignedHead
        let within: SignedHead
    }

    private func persons(_ world: CaseWorld, in office: Office) async throws -> TwoPersons {
        func performer(_ member: DemoPeople.Member) async throws -> Performer {
            let row = try await office.casebook.registers.person(member.person.thread)
            return Performer(
                person: try #require(row),
                confirmation: SecretConfirmation(demonstrationOf: member.person.thread, in: world.ledger))
        }
        return try TwoPersons(
            administrator: try await performer(world.people.administrator),
            second: try await performer(world.people.head))
    }

    private func office(_ world: CaseWorld, over ledger: LedgerDatabase) throws -> Office {
        Office(
            store: ledger, registers: ledger, installation: world.installation, vault: world.vault,
            printer: world.printer, library: try CaseWorld.library.get(), clock: world.clock, thread: world.thread)
    }

    /// Copies the ledger's files while nobody writes.
    private func copy(from source: String, to target: String) throws {
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        for suffix in ["", "-wal"] {
            let (from, to) = ("\(source)/ledger.sqlite\(suffix)", "\(target)/ledger.sqlite\(suffix)")
            try? FileManager.default.removeItem(atPath: to)
            if FileManager.default.fileExists(atPath: from) {
                try FileManager.default.copyItem(atPath: from, toPath: to)
            }
        }
        try? FileManager.default.removeItem(atPath: "\(target)/ledger.sqlite-shm")
    }

    /// Loses what `lost` records, decides, and opens the ledger again.
    private func lose(_ world: CaseWorld, _ lost: () async throws -> Void) async throws -> After {
        let bureau = world.directory.path + "/data/bureaus/qinghe"
        try copy(from: bureau, to: world.directory.path + "/older")
        _ = try await world.office.casebook.record(
            [Fact(.bureauSettingsChanged, in: world.thread, fields: [.init("settings", ["x": 1], .officer)])],
            by: .system, command: .random())
        let within = try await world.ledger.signedHead()
        try await lost()
        let last = try await world.ledger.signedHead()
        world.ledger.close()
        try copy(from: world.directory.path + "/older", to: bureau)

        let keys = KeyStore(directory: world.directory.path + "/keys", bureau: world.place.bureau)
        try keys.store(world.key, for: .log)
        #expect(throws: LedgerStartError.self) {
            try LedgerDatabase.open(at: world.place, keys: keys, clock: world.clock)
        }
        let surviving = try LedgerDatabase.openSurviving(at: world.place, keys: keys, clock: world.clock)
        let reading = try office(world, over: surviving)
        let loss = try await surviving.loss(at: world.place, keys: keys, checkpoint: nil)
        let persons = try await persons(world, in: reading)
        _ = try await surviving.beginNextLog(after: loss, at: world.place, keys: keys, clock: world.clock) { key in
            try await reading.casebook.nextLog(
                loss.succession, previousOrigin: loss.previousOrigin, previousNote: loss.previousNote, key: key,
                numberRoom: loss.succession.knownLost, reason: "硬盘损坏", command: .random(), by: persons)
        }
        surviving.close()
        let ledger = try LedgerDatabase.open(at: world.place, keys: keys, clock: world.clock)
        let office = try office(world, over: ledger)
        return After(
            ledger: ledger, office: office, demo: DemoCase(office: office, clock: world.clock, people: world.people),
            loss: loss, last: last, within: within)
    }

    private func export(_ thread: ThreadTag, _ mode: DossierMode, _ world: CaseWorld, _ after: After) async throws
        -> String
    {
        world.minute()
        let export = DossierExport(
            casebook: after.office.casebook, vault: world.vault, bureauThread: world.thread)
        let row = try await after.ledger.person(world.people.head.person.thread)
        let prepared = try await export.prepare(
            case: thread, audience: .court, mode: mode, recipient: nil, secrecyCheck: nil, command: .random(),
            by: Performer(
                person: try #require(row),
                confirmation: SecretConfirmation(
                    demonstrationOf: world.people.head.person.thread, in: world.ledger)))
        let path = "\(world.directory.path)/dossier-\(mode.rawValue)"
        try await export.write(prepared, into: try DirectorySink(path: path), take: { _ in [] }, send: { _ in })
        return path
    }

    @Test("a case that was begun before the loss goes on to its filing, and its dossier verifies and names the gap")
    func wholeCase() async throws {
        let world = try await CaseWorld()
        func day(_ ago: Int) -> CivilDay { CaseWorld.today.advanced(by: -ago) }
        let title = CaseWorld.title
        let mill = try await world.demo.inspect(
            .paperMill, title: "清禾县星河纸品厂统计执法检查", on: day(50), video: CaseWorld.video, outcome: .suspected,
            findings: "上报数为 1,280 万元，账面记载为 1,024 万元。")
        let thread = try await world.demo.initiate(mill, title: title, on: day(48))
        // One document is fixed before the loss and issued after it.
        world.clock.set(to: Instant(day(47), hour: 9))
        let fixed = try await fixNotice(world.demo, firm: mill.firm, in: thread, on: day(47))

        var given = 0
        let after = try await lose(world) {
            try await world.demo.notify(thread, firm: mill.firm, title: title, on: day(46))
            given = try await world.ledger.lastNumber(kind: "rights-notice", year: day(46).parts.year)
        }
        defer { after.ledger.close() }
        #expect(after.loss.succession.source == .lock)
        #expect(after.loss.succession.previous.size == Int(after.last.size))
        let lost = try #require(after.loss.succession.knownLost)
        #expect(lost > 5)

        let demo = after.demo
        world.clock.set(to: Instant(day(45), hour: 9))
        try await demo.issue(fixed, in: thread, by: world.people.officer1)
        try await demo.notify(thread, firm: mill.firm, title: title, on: day(44))
        try await demo.draft(thread, on: day(40))
        try await demo.review(thread, firm: mill.firm, title: title, on: day(39))
        try await demo.decideAndPerform(thread, firm: mill.firm, title: title, on: day(37), performedOn: day(30))
        try await demo.file(thread, on: day(27))
        let view = try await after.office.casebook.load(thread)
        #expect(view.work.isFiled)
        #expect(Set(view.entries.map(\.log)) == [1, 2])
        // The margin names the log in which the document was fixed.
        let issues = view.records.filter { $0.type == .documentIssued }
        let old = try #require(issues.first { $0.word("document") == fixed.description })
        #expect(old.number("printedLog") == 1)
        #expect(old.word("printedRoot") == after.loss.succession.surviving.root.description)
        #expect(issues.filter { $0.number("printedLog") == nil }.count > 2)
        // A notice got a number in what is lost: it is not given out again, and the head of the log says what is left free.
        #expect(given > 0 && (old.number("number") ?? 0) > Int64(given))
        let opened = try #require(
            try await after.ledger.entries(from: 0, limit: 1, log: 2).first.flatMap { Record($0.entry) })
        #expect(opened.type == .logOpened && opened.number("numberRoom") == Int64(lost))
        let profile = try await after.office.casebook.chambers.profile()
        #expect(profile.firstNumber(of: "rights-notice", in: day(46).parts.year) == given + lost)

        let verification = LedgerVerification(path: world.place.data.ledger(of: world.place.bureau))
        let whole = try verification.run()
        #expect(whole.findings == [] && whole.logs.count == 2 && whole.successions == [after.loss.succession])
        let rebuilt = try await Rebuild(after.ledger).compare {
            try await after.office.casebook.projectedRows(of: $0, entries: $1)
        }
        #expect(rebuilt.isEqual && rebuilt.rows > 10)

        for mode in DossierMode.allCases {
            let path = try await export(thread, mode, world, after)
            try expectVerdicts(of: path, mode, world, after, lost: lost)
        }
    }

    @Test(
        "the log's key is changed in the middle of a case: nothing is lost, both keys are named, the dossier verifies")
    func keyChanged() async throws {
        let world = try await CaseWorld()
        func day(_ ago: Int) -> CivilDay { CaseWorld.today.advanced(by: -ago) }
        let title = CaseWorld.title
        let mill = try await world.demo.inspect(
            .paperMill, title: "清禾县星河纸品厂统计执法检查", on: day(50), video: CaseWorld.video, outcome: .suspected,
            findings: "上报数为 1,280 万元，账面记载为 1,024 万元。")
        let thread = try await world.demo.initiate(mill, title: title, on: day(48))
        world.clock.set(to: Instant(day(47), hour: 9))
        let fixed = try await fixNotice(world.demo, firm: mill.firm, in: thread, on: day(47))

        let keys = KeyStore(directory: world.directory.path + "/keys", bureau: world.place.bureau)
        try keys.store(world.key, for: .log)
        let end = try await world.ledger.signedHead()
        let persons = try await persons(world, in: world.office)
        let closing = try await world.ledger.closing(at: world.place)
        #expect(closing.succession.isRotation && closing.succession.knownLost == 0)
        #expect(closing.succession.surviving.size == Int(end.size) && closing.previousNote == end.note)
        let casebook = world.office.casebook
        let room = await refusal {
            _ = try await casebook.nextLog(
                closing.succession, previousOrigin: closing.previousOrigin, previousNote: closing.previousNote,
                key: world.key.verifier, numberRoom: 3, reason: "x", command: .random(), by: persons)
        }
        #expect(room?.code == .invalid)
        _ = try await world.ledger.beginNextLog(after: closing, at: world.place, keys: keys, clock: world.clock) {
            key in
            try await casebook.nextLog(
                closing.succession, previousOrigin: closing.previousOrigin, previousNote: closing.previousNote,
                key: key,
                reason: "密钥可能外泄", command: .random(), by: persons)
        }
        // The log that ended takes nothing more, not even from who still has it open.
        let late = await refusal {
            _ = try await casebook.record(
                [Fact(.bureauSettingsChanged, in: world.thread, fields: [.init("settings", ["x": 1], .officer)])],
                by: .system, command: .random())
        }
        #expect(late?.code == .stopped)
        world.ledger.close()
        let ledger = try LedgerDatabase.open(at: world.place, keys: keys, clock: world.clock)
        defer { ledger.close() }
        #expect(throws: KeyStore.Failure.self) { try keys.logKey(1) }
        let office = try office(world, over: ledger)
        let demo = DemoCase(office: office, clock: world.clock, people: world.people)
        let after = After(ledger: ledger, office: office, demo: demo, loss: closing, last: end, within: end)

        world.clock.set(to: Instant(day(45), hour: 9))
        try await demo.issue(fixed, in: thread, by: world.people.officer1)
        try await demo.notify(thread, firm: mill.firm, title: title, on: day(44))
        try await demo.draft(thread, on: day(40))
        try await demo.review(thread, firm: mill.firm, title: title, on: day(39))
        try await demo.decideAndPerform(thread, firm: mill.firm, title: title, on: day(37), performedOn: day(30))
        try await demo.file(thread, on: day(27))
        let view = try await office.casebook.load(thread)
        #expect(view.work.isFiled && Set(view.entries.map(\.log)) == [1, 2])
        let old = try #require(
            view.records.first { $0.type == .documentIssued && $0.word("document") == fixed.description })
        #expect(old.number("printedLog") == 1 && old.number("number") == 1)

        let whole = try LedgerVerification(path: world.place.data.ledger(of: world.place.bureau)).run()
        #expect(whole.findings == [] && whole.successions == [closing.succession])
        let rebuilt = try await Rebuild(ledger).compare {
            try await office.casebook.projectedRows(of: $0, entries: $1)
        }
        #expect(rebuilt.isEqual)
        let key = try #require(VerifierKey(ledger.verifierKey))
        for mode in DossierMode.allCases {
            let path = try await export(thread, mode, world, after)
            func verdict(_ trust: DossierTrust) throws -> DossierVerdict {
                try DossierVerification.verify(DirectorySource(path: path), trust: trust)
            }
            for trust in [DossierTrust(key: key), DossierTrust(key: key, checkpoints: [end.note])] {
                let accepted = try verdict(trust)
                #expect(accepted.outcome == .accepted, "\(accepted.reasons.map(\.chinese))")
                let text = accepted.chinese(trust: trust)
                #expect(text.contains("换用密钥：第 1 个账本到第 \(end.size) 条为止") && !text.contains("缺口"))
                #expect(accepted.facts?.logs.map(\.key) == [world.key.verifier, key])
            }
            #expect(try verdict(DossierTrust()).outcome == .unconfirmed)
            #expect(try verdict(DossierTrust(key: world.key.verifier)).outcome == .unconfirmed)
            // A head of the old log beyond the one at which it is said to have ended.
            let larger = try #require(
                Checkpoint(origin: world.key.verifier.name, size: Int(end.size) + 1, root: end.root))
            let refused = try verdict(DossierTrust(key: key, checkpoints: [try larger.signed(by: world.key)]))
            #expect(refused.outcome == .refused && refused.reasons.map(\.code) == [.gapUnderstated])
        }
    }

    private func expectVerdicts(
        of path: String, _ mode: DossierMode, _ world: CaseWorld, _ after: After, lost: Int
    ) throws {
        let key = try #require(VerifierKey(after.ledger.verifierKey))
        func verdict(_ trust: DossierTrust) throws -> DossierVerdict {
            try DossierVerification.verify(DirectorySource(path: path), trust: trust)
        }
        let accepted = try verdict(DossierTrust(key: key))
        #expect(accepted.outcome == .accepted, "\(accepted.reasons.map(\.chinese))")
        let gap = try #require(accepted.facts?.gaps.first)
        #expect(gap.concernsCase && gap.succession.knownLost == lost && gap.decidedBy == ["秦默", "沈知行"])
        #expect(accepted.chinese(trust: DossierTrust(key: key)).contains("丢失的记录最多 \(lost) 条"))
        #expect(try verdict(DossierTrust()).outcome == .unconfirmed)
        // The old key alone tells nothing of who opened the new log.
        #expect(try verdict(DossierTrust(key: world.key.verifier)).outcome == .unconfirmed)
        for (note, isNamed) in [(after.last.note, true), (after.within.note, false)] {
            let held = try verdict(DossierTrust(key: key, checkpoints: [note]))
            #expect(held.outcome == .accepted)
            #expect(held.facts?.gaps.first?.held.map(\.isNamed) == [isNamed])
        }
        // What is held outside and larger than what the bureau admits is refused.
        let larger = try #require(
            Checkpoint(origin: world.key.verifier.name, size: Int(after.last.size) + 1, root: after.last.root))
        let refused = try verdict(DossierTrust(key: key, checkpoints: [try larger.signed(by: world.key)]))
        #expect(refused.outcome == .refused && refused.reasons.map(\.code) == [.gapUnderstated])
    }

    /// A rights notice, signed by everybody and not issued.
    private func fixNotice(
        _ demo: DemoCase, firm: DemoFirm, in thread: ThreadTag, on day: CivilDay
    ) async throws -> DocumentID {
        let people = demo.people
        let notice = try await demo.fix(
            "rights-notice",
            .object(
                firm.fields + [
                    .init("caseName", .string(CaseWorld.title)), .init("facts", "多报 256 万元。"),
                    .init("reasons", "提供不真实的统计资料。"), .init("legalBasis", "统计法有关规定。"),
                    .init("content", ["给予警告"]), .init("rights", ["statement", "defence", "recusal"]),
                    .init("method", "written"),
                    .init("notifiedAt", .string(Instant(day, hour: 8, minute: 20).description)),
                    .init("recipient", .string(firm.representative)), .init("officers", demo.officers),
                    .init("defenceTerm", "五个工作日内"),
                ]),
            in: thread, by: people.officer1)
        try await demo.sign(notice, "party", in: thread, by: people.officer1, as: firm.representative)
        try await demo.sign(notice, "officer1", in: thread, by: people.officer1)
        try await demo.sign(notice, "officer2", in: thread, by: people.officer2)
        return notice
    }

    @Test("a loss and a stopped clock are decided by an administrator and another person, each with their secret")
    func twoPersons() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let administrator = try await world.performer(people.administrator)
        let head = try await world.performer(people.head)
        let rows: [(String, Performer, Performer, StepRefusal.Code)] = [
            ("no administrator", head, administrator, .notAllowed),
            ("one person twice", administrator, administrator, .notAllowed),
            (
                "the first without a secret", try await world.performer(people.administrator, confirmed: false), head,
                .secretNeeded
            ),
            (
                "the second without a secret", administrator, try await world.performer(people.head, confirmed: false),
                .secretNeeded
            ),
            (
                "a second whose account was reset", administrator,
                try await world.performer(people.head, account: .reset), .notAllowed
            ),
        ]
        for (what, first, second, code) in rows {
            let refusal = try await world.refusal(what) { _ = try TwoPersons(administrator: first, second: second) }
            #expect(refusal?.code == code, "\(what)")
        }
        let both = try TwoPersons(administrator: administrator, second: head)
        // An officer's account may be one that the administrator made a minute ago: the head is there to be asked.
        let officer = try await world.performer(people.officer1)
        let lent = try await world.refusal("an officer as the second") {
            _ = try await world.office.casebook.twoPersons(administrator: administrator, second: officer)
        }
        #expect(lent?.code == .notAllowed && lent?.message.contains(people.head.person.name) == true)
        _ = try await world.office.casebook.twoPersons(administrator: administrator, second: head)
        // A clock that is fit needs no word.
        let refusal = try await world.refusal("a clock that is fit") {
            _ = try await world.office.casebook.resumeClock(reason: "校准", command: .random(), by: both)
        }
        #expect(refusal?.code == .outOfOrder)
    }

    @Test("a clock that went back stops every step, is confirmed with both readings, and then earlier times follow")
    func clockResumed() async throws {
        for leap: Int64 in [-7_200_000, 50 * 3_600_000] {
            let world = try await CaseWorld()
            let last = world.clock.now()
            world.ledger.close()
            let now = last.advanced(byMilliseconds: leap)
            world.clock.set(to: now)
            let ledger = try LedgerDatabase.open(at: world.place, key: world.key, clock: world.clock)
            defer { ledger.close() }
            let office = try office(world, over: ledger)
            #expect(ledger.clockStop()?.lastEntry == last && ledger.clockStop()?.now == now)
            let fact = Fact(
                .bureauSettingsChanged, in: world.thread, fields: [.init("settings", ["x": 1], .officer)])
            func record() async throws { _ = try await office.casebook.record([fact], by: .system, command: .random()) }
            let stopped = await refusal { try await record() }
            #expect(stopped?.code == .stopped && stopped?.message.contains("liuhen clock resume") == true)
            let persons = try await persons(world, in: office)
            let blank = await refusal {
                _ = try await office.casebook.resumeClock(reason: " ", command: .random(), by: persons)
            }
            #expect(blank?.code == .invalid)
            _ = try await office.casebook.resumeClock(reason: "主板电池没电", command: .random(), by: persons)
            #expect(ledger.stopReason() == nil && ledger.clockStop() == nil)
            let resumed = try #require(
                try await ledger.entries(of: world.thread, from: 1).last.flatMap { Record($0.entry) })
            #expect(resumed.type == .clockResumed && resumed.recordedAt == now)
            let readings = ["storedAt", "clockAt", "stoppedAt"].compactMap { resumed.number($0) }
            #expect(readings == [last, now, now].map(\.milliseconds) && resumed.number("offBy") == abs(leap))
            #expect(resumed.thread("confirmedBy") == world.people.head.person.thread)
            #expect(resumed.actor == world.people.administrator.person.thread)
            try await record()
        }
    }

    /// What a body is refused with; the world's own ledger is closed by then.
    private func refusal(_ body: () async throws -> Void) async -> StepRefusal? {
        do {
            try await body()
            return nil
        } catch {
            return error as? StepRefusal
        }
    }
}
