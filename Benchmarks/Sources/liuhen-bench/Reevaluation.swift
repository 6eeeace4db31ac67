import Application
import Casework
import Foundation
import Kernel
import Ledger
import Rulebook
import Store
import Synchronization
import TestKit

/// Open cases judged anew after a calendar changed, and a case page's work asked meanwhile.
///
/// The ledger is a real one with so many real cases, sealed and durable, half of them of forty entries or fewer; what is
/// demanded is of 100,000, so the seconds are those of the cases at hand times what is missing. That the time grows with
/// the number of cases is what the slices are for: each reads by key, judges and writes its own cases only.
enum Reevaluation {
    static let rounds = 5
    static let demanded = 100_000

    static func measure(_ options: Options) async throws {
        let root = try options.text("root")
        let count = try options.number("cases", or: 5000)
        var library = try RuleFiles.load(regulations: root + "/Regulations", documents: root + "/Documents")
        let own = library
        guard let year = library.newestCalendars.last?.year else { throw Failure("there is no calendar") }
        var changed: [LoadedCalendar] = []
        for version in 1...rounds {
            changed.append(try table(of: year.year, version: year.version + version))
        }
        library.calendars += changed
        let bench = try Place(try options.text("directory"))
        let casebook = try await found(bench, own, with: library)
        let round = ReevaluationRound(casebook: casebook, store: bench.ledger)
        let threads = try await cases(count, in: bench, casebook)
        while try await round.run() {}

        let asker = PageAsker(casebook: casebook, threads: threads)
        var rate = Samples(figure: "reevaluation")
        var page = Samples(figure: "reevaluation-page")
        for calendar in changed {
            let alone = try await asker.times(asking: 150)
            _ = try await casebook.record(
                [
                    Fact(
                        .calendarAdopted, in: casebook.chambers.thread,
                        plain: [
                            "digest": .string(calendar.digest.description), "year": .integer(Int64(calendar.year.year)),
                        ])
                ], by: .system, command: .random())
            asker.begin()
            let start = ContinuousClock.now
            // As the server does it: a slice, and a rest.
            while try await bench.ledger.reevaluation().map({ $0.phase != .open || $0.cases < count }) ?? true,
                try await round.run()
            {
                if try await bench.ledger.reevaluation()?.phase != .open { break }
                try await Task.sleep(for: .milliseconds(2))
            }
            let seconds = (ContinuousClock.now - start).seconds
            let meanwhile = try await asker.end()
            while try await round.run() {}
            rate.values.append(seconds * Double(demanded) / Double(count) / 60)
            page.values.append(alone.quantile(0.95) * 1000)
            page.baseline.append(meanwhile.quantile(0.95) * 1000)
        }
        let entries = try await bench.ledger.signedHead().size
        rate.say(
            note: "extrapolated from \(count) open cases of \(median) entries at the median, \(entries) in the ledger; "
                + "two texts in force")
        page.say(note: "baseline: the same page asked while cases are judged anew")
        bench.ledger.close()
    }

    /// Half the cases are of so many entries or fewer.
    static let median = 40
    private static let lengths = [12, 20, 28, 36, 40, 40, 48, 56, 68, 84]

    private static func table(of year: Int, version: Int) throws -> LoadedCalendar {
        let text = """
            year: \(year)
            version: \(version)
            source: 示例
            holidays:
              - { name: 元旦, from: \(year)-01-01, to: \(year)-01-0\(version % 8 + 1) }
            """
        return try RuleFiles.calendar(Array(text.utf8), file: "\(year).yaml")
    }

    private static func found(_ bench: Place, _ own: RuleLibrary, with library: RuleLibrary) async throws -> Casebook {
        let thread = ThreadTag.random()
        let casebook = Casebook(
            store: bench.ledger, registers: bench.ledger,
            chambers: Chambers(store: bench.ledger, library: library, thread: thread), clock: SystemClock())
        let adoptions = try ["zhaoxian-2017", "parent-law"].map { id in
            guard let loaded = own.newest(id), let day = loaded.regulation.inForceFrom else {
                throw Failure("there is no text \(id)")
            }
            return (regulation: id, digest: loaded.digest, inForceFrom: day)
        }
        let founding = Founding(
            thread: thread, isDemo: true, name: "示例县统计局（演示）", letterhead: "示例县统计局", region: "示例县（虚构）",
            superior: nil, keys: [], adoptions: adoptions,
            calendars: own.newestCalendars.map { ($0.year.year, $0.digest) },
            administrator: NewPerson(
                thread: .random(), name: "管理员甲", section: "办公室", roles: [.administrator], account: nil))
        _ = try await casebook.record(
            try founding.facts(), by: .system, command: .random(), law: try Law.atFounding(library))
        return casebook
    }

    /// Appends the cases, each in one command with its recordings and the rows that follow.
    private static func cases(_ count: Int, in bench: Place, _ casebook: Casebook) async throws -> [ThreadTag] {
        let law = try await casebook.chambers.law()
        let model = history
        var threads: [ThreadTag] = []
        var place = 0
        while place < count {
            try await withThrowingTaskGroup(of: ThreadTag.self) { group in
                for number in place..<min(place + 32, count) {
                    group.addTask {
                        try await append(
                            Array(model.prefix(lengths[number % lengths.count])), number: number, in: bench, law: law)
                    }
                }
                for try await thread in group { threads.append(thread) }
            }
            place += 32
        }
        return threads
    }

    @concurrent
    private static func append(
        _ records: [Record], number: Int, in bench: Place, law: Law
    ) async throws -> ThreadTag {
        var sealer = CaseSealer(bureau: bench.bureau, number: number)
        let entries = try records.map { try sealer.seal($0) }
        guard let thread = entries.first?.skeleton.content.thread else { throw Failure("an empty case") }
        var known: [ThreadTag: [LoggedEntry]] = [:]
        for entry in entries {
            known[entry.skeleton.content.thread, default: []].append(LoggedEntry(log: 1, index: 0, entry: entry))
        }
        var rows: [ProjectionRow] = []
        for (tag, own) in known { rows += try law.rows(of: tag, own) { known[$0] ?? [] } }
        _ = try await bench.ledger.append(
            AppendRequest(command: sealer.command, entries: entries, upserting: rows))
        return thread
    }

    /// A penalty case with visits, each with its record and its video.
    private static var history: [Record] {
        var history = History().opened().then(History.initiation(major: false))
        var visits = 0
        while history.records.count < lengths.max() ?? 0 {
            visits += 1
            history = history.then(History.visit(numbered: "\(visits)"))
        }
        return history.records
    }
}

extension Law {
    /// The rows of a thread, as a rebuild would find them.
    fileprivate func rows(
        of thread: ThreadTag, _ own: [LoggedEntry], entries: (ThreadTag) throws -> [LoggedEntry]
    ) throws -> [ProjectionRow] {
        let records = own.compactMap { Record($0.entry) }
        let linked = try records.filter { $0.type == .recordingLinked }.compactMap { $0.thread("recording") }
            .flatMap { try entries($0) }.compactMap { Record($0.entry) }
        return Projector(law: self).rows(thread: records, linked: linked)
    }
}

/// Makes entries of the records of a model case: other threads and numbers, the same course of events.
private struct CaseSealer {
    let command = CommandID.random()
    private let bureau: BureauTag
    private let number: Int
    private let now = SystemClock().now()
    private var tags: [ThreadTag: ThreadTag] = [:]
    private var commitments: [RecordID: Digest] = [:]

    init(bureau: BureauTag, number: Int) {
        self.bureau = bureau
        self.number = number
    }

    mutating func seal(_ record: Record) throws -> Entry {
        let thread = tag(record.thread)
        let values = record.fields.keys.sorted().compactMap { name -> FieldValue? in
            guard let value = record.fields[name],
                let rule = OpeningRule.rule(
                    type: record.type.rawValue, version: record.type.version, field: name)
            else { return nil }
            switch rule {
            case .always(let found), .otherwise(let found, _): return FieldValue(name, value, found)
            case .stated(let all), .unstated(let all): return all.first.map { FieldValue(name, value, $0) }
            }
        }
        let plain = OpeningRule.stating(
            values, in: renamed(record.plain), type: record.type.rawValue, version: record.type.version)
        let content = Skeleton.Content(
            type: record.type.rawValue, typeVersion: record.type.version, bureau: bureau, thread: thread,
            seq: record.seq, recordedAt: now, stated: StatedTime(at: record.happenedAt, source: .officer),
            actor: record.actor.map { .person(tag($0)) } ?? .system, command: command,
            references: record.references.compactMap { reference in
                commitments[RecordID(thread: tag(reference.thread), seq: reference.seq)].map {
                    EntryReference(
                        role: reference.role, thread: tag(reference.thread), seq: reference.seq, commitment: $0)
                }
            }, plain: plain)
        var source = SystemRandomNumberGenerator()
        let before = RecordID(thread: thread, seq: record.seq - 1)
        let entry = try Entry.seal(content, values: values, prev: commitments[before] ?? .zero, using: &source)
        commitments[RecordID(thread: thread, seq: record.seq)] = entry.commitment
        return entry
    }

    private mutating func tag(_ thread: ThreadTag) -> ThreadTag {
        if let known = tags[thread] { return known }
        let made = ThreadTag.random()
        tags[thread] = made
        return made
    }

    /// Names of threads and documents are each case's own, and so are numbers of documents.
    private mutating func renamed(_ value: JSON) -> JSON {
        switch value {
        case .object(let members):
            return .object(
                members.map { member in
                    if member.key == "number", member.value.integer != nil {
                        return JSON.Member(member.key, .integer(Int64(number + 1)))
                    }
                    return JSON.Member(member.key, renamed(member.value))
                })
        case .array(let elements): return .array(elements.map { renamed($0) })
        case .string(let text): return ThreadTag(text).map { .string(tag($0).description) } ?? value
        case .integer, .boolean: return value
        }
    }
}

/// Asks for a case page's work, over and over: reading the case, judging it, and what every gate would say to each step
/// that can be described as data. Markup is not made.
private final class PageAsker: Sendable {
    private let casebook: Casebook
    private let threads: [ThreadTag]
    private let running = Mutex<Task<[Double], any Error>?>(nil)
    /// A task that is cancelled would break off in the middle of a page.
    private let isEnough = Mutex(false)

    init(casebook: Casebook, threads: [ThreadTag]) {
        self.casebook = casebook
        self.threads = threads
    }

    /// Seconds of so many pages, one after the other with a pause.
    func times(asking count: Int) async throws -> [Double] {
        var times: [Double] = []
        for _ in 0..<count { times.append(try await once()) }
        return times
    }

    func begin() {
        isEnough.withLock { $0 = false }
        running.withLock {
            $0 = Task.detached {
                var times: [Double] = []
                while !self.isEnough.withLock({ $0 }) { times.append(try await self.once()) }
                return times
            }
        }
    }

    func end() async throws -> [Double] {
        let task = running.withLock { task in
            defer { task = nil }
            return task
        }
        isEnough.withLock { $0 = true }
        guard let times = try await task?.value, !times.isEmpty else { throw Failure("no page was asked meanwhile") }
        return times
    }

    @concurrent
    private func once() async throws -> Double {
        try await Task.sleep(for: .milliseconds(20))
        guard let thread = threads.randomElement() else { throw Failure("there is no case") }
        let start = ContinuousClock.now
        // As the server counts its pages.
        PagesInHand.ofProcess.begin()
        defer { PagesInHand.ofProcess.end() }
        let view = try await casebook.load(thread)
        let law = try await casebook.chambers.law()
        let evaluation = casebook.evaluation(of: view, by: law)
        let gates = GateGround(view.history, law: law)
        var refused = 0
        for step in RecordedStep.all {
            let record = Record(
                thread: thread, seq: view.work.entries + 1, type: step.type, recordedAt: casebook.now,
                actor: view.work.handlers.first)
            refused += gates.judge([record]).refusals.count
        }
        guard !evaluation.obligations.isEmpty, refused >= 0 else { throw Failure("a case without obligations") }
        return (ContinuousClock.now - start).seconds
    }
}
