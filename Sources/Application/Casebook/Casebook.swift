import Casework
import Kernel
import Ledger

/// The one road on which a case changes: load, fold, check, judge, seal, append (ADR 0002).
public struct Casebook: Sendable {
    /// The bureau's ledger.
    public let store: any LedgerStore
    /// The bureau's threads, as far as their rows are what the log holds: who acts by what entries say reads here.
    public let threads: ProvedThreads
    /// The bureau's views.
    public let registers: any Registers
    /// The bureau's persons as far as the entries say the same of them: who gives powers asks here.
    public let roll: PersonRoll
    /// The bureau as its thread tells it, and the law it has adopted.
    public let chambers: Chambers
    private let clock: any WallClock
    let scribe: Scribe
    /// What the law says of cases that are at hand.
    public let judged = JudgedCases()

    /// A casebook over the ports of one bureau.
    public init(store: any LedgerStore, registers: any Registers, chambers: Chambers, clock: any WallClock) {
        self.store = store
        self.registers = registers
        threads = chambers.threads
        roll = PersonRoll(store: store, threads: threads, registers: registers)
        self.chambers = chambers
        self.clock = clock
        scribe = Scribe(bureau: store.bureau)
    }

    /// The server's time.
    public var now: Instant { clock.now() }
    /// Milliseconds of a clock that nobody can set: for ages, not for times.
    public var uptimeMilliseconds: Int64 { clock.monotonicMilliseconds() }

    /// Reads a case with its history: its own thread and the threads of its recordings.
    public func load(_ thread: ThreadTag) async throws(StepRefusal) -> CaseView {
        do {
            let logged = try await threads.entries(of: thread)
            var records: [Record] = []
            records.reserveCapacity(logged.count)
            for element in logged { records.append(try Casebook.record(element.entry)) }
            guard let work = Case(records) else {
                throw StepRefusal(.notFound, "没有找到这个案件。")
            }
            var linked: [Record] = []
            var recordings: [ThreadTag: [LoggedEntry]] = [:]
            for link in work.recordings {
                let entries = try await threads.entries(of: link.recording)
                recordings[link.recording] = entries
                for element in entries { linked.append(try Casebook.record(element.entry)) }
            }
            return CaseView(
                work: work, entries: logged, records: records, recordings: recordings,
                history: CaseView.merged(records, linked))
        } catch let refusal as StepRefusal {
            throw refusal
        } catch let error as StoreError {
            throw StepRefusal(error)
        } catch {
            throw StepRefusal(.fault, "系统出现故障：\(error)")
        }
    }

    /// Carries out a step in a case, or refuses and changes nothing.
    ///
    /// - Parameters:
    ///   - seq: the number of entries the form was drawn from.
    ///   - command: made with the page; the same id gets the first answer again.
    public func perform(
        _ step: some CaseStep, on thread: ThreadTag, expecting seq: Int, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            try await performAnew(step, on: thread, expecting: seq, command: command, by: performer)
        }
    }

    private func performAnew(
        _ step: some CaseStep, on thread: ThreadTag, expecting seq: Int, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try performer.requireOwnAccount()
        // Again while only a recording of the case moved, by a result of its inspection: no form was drawn from that.
        for _ in 0..<8 {
            let view = try await load(thread)
            guard view.isUnchanged(since: seq) else { throw Casebook.stale(view, since: seq) }
            let now = clock.now()
            let scene = try await scene(of: view, for: performer, at: now)
            let law = scene.law
            let facts = try await step.facts(in: scene).map { $0.veiled(in: view) }
            try ProofClass.require(facts, in: view)
            try TokenPower.check(facts, by: performer)
            let heads = try await heads(of: facts, known: [thread: view.head])
            do {
                return try await record(
                    facts, heads: heads, view: view, law: law, actor: .person(performer.tag), command: command,
                    at: now, answer: performer.answer(of: facts, in: thread, after: heads))
            } catch {
                // Tested in the body: a condition on the clause crashes the compiler behind a typed throw.
                guard error.code == .stale else { throw error }
            }
        }
        // Somebody was faster between loading and appending: what they did is shown like any other change.
        throw Casebook.stale(try await load(thread), since: seq)
    }

    /// What a step would see of a case.
    func scene(of view: CaseView, for performer: Performer, at now: Instant) async throws(StepRefusal) -> Scene {
        let persons: [PersonRow]
        do { persons = try await registers.persons() } catch { throw StepRefusal(error) }
        let ledTo = try await penaltyCase(from: view.work)
        return Scene(
            view: view, performer: performer, persons: persons, bureau: try await chambers.profile(),
            law: try await chambers.law(), now: now, ledTo: ledTo, casebook: self)
    }

    /// The case that a case was opened from; nil where it was opened from none.
    public func source(of work: Case) async throws(StepRefusal) -> CaseView? {
        guard let found = work.foundBy else { return nil }
        return try await load(found.thread)
    }

    /// The penalty case that was opened from an inspection, whole; nil where none was.
    public func led(from work: Case) async throws(StepRefusal) -> Case? {
        guard let thread = try await penaltyCase(from: work) else { return nil }
        return try await load(thread).work
    }

    /// The penalty case that was opened from an inspection's finding; told by the openings of cases in the log, so
    /// that no other case is loaded for it and no row that is gone opens a second one.
    public func penaltyCase(from work: Case) async throws(StepRefusal) -> ThreadTag? {
        guard work.kind == .inspection, let finding = work.finding, finding.outcome == .suspected else { return nil }
        do {
            return try await registers.openedCase(from: work.thread, seq: finding.seq)
        } catch { throw StepRefusal(error) }
    }

    /// Begins a case, or refuses and changes nothing.
    ///
    /// - Parameter thread: the thread that the case will have, drawn with the page.
    public func open(
        _ step: some OpeningStep, as thread: ThreadTag, inspection: (thread: ThreadTag, expecting: Int)? = nil,
        subject: ThreadTag? = nil, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            try await openAnew(
                step, as: thread, inspection: inspection, subject: subject, command: command, by: performer)
        }
    }

    private func openAnew(
        _ step: some OpeningStep, as thread: ThreadTag, inspection: (thread: ThreadTag, expecting: Int)?,
        subject: ThreadTag?, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try performer.requireOwnAccount()
        let law = try await chambers.law()
        let now = clock.now()
        var source: CaseView?
        if let inspection {
            let view = try await load(inspection.thread)
            guard view.isUnchanged(since: inspection.expecting) else {
                throw Casebook.stale(view, since: inspection.expecting)
            }
            source = view
        }
        let scene: OpeningScene
        do {
            var party: SubjectRow?
            if let subject { party = try await registers.subject(subject) }
            scene = OpeningScene(
                thread: thread, inspection: source.map { ($0.work, $0.entries.map(\.entry)) }, subject: party,
                persons: try await registers.persons(), performer: performer, now: now)
        } catch {
            throw StepRefusal(error)
        }
        let facts = try step.facts(in: scene)
        // The claim decides between two in the same instant; the log, when the claim is gone.
        if let source, facts.contains(where: { $0.type == .caseOpened }),
            try await penaltyCase(from: source.work) != nil
        {
            throw StepRefusal(.taken, StepRefusal.findingLed)
        }
        try TokenPower.check(facts, by: performer)
        let heads = try await heads(of: facts, known: [:])
        do {
            return try await record(
                facts, heads: heads, view: nil, law: law, actor: .person(performer.tag), command: command, at: now,
                answer: performer.answer(of: facts, in: thread, after: heads))
        } catch {
            // Tested in the body: a condition on the clause crashes the compiler behind a typed throw.
            guard error.code == .stale, let inspection else { throw error }
            // Somebody was faster between loading and appending: what they did is shown like any other change.
            throw Casebook.stale(try await load(inspection.thread), since: inspection.expecting)
        }
    }

    /// What a person may not see as a fault: a form drawn from an older state.
    private static func stale(_ view: CaseView, since seq: Int) -> StepRefusal {
        var refusal = StepRefusal(.stale(thread: view.work.thread, expected: seq, actual: view.work.entries))
        refusal.since = view.records.filter { $0.seq > seq }
        return refusal
    }
}

extension CaseView {
    /// Whether a form that was drawn from the first `seq` entries still shows the case: nobody recorded anything since but
    /// looks, which change nothing of what a form shows.
    func isUnchanged(since seq: Int) -> Bool {
        guard seq <= work.entries else { return false }
        return records.suffix(work.entries - seq).allSatisfy {
            $0.type == .accessOpened || $0.type == .accessClosed
        }
    }
}

/// A case as loaded: the fold, its entries with positions, and the history that the law judges.
public struct CaseView: Sendable {
    /// The case.
    public let work: Case
    /// The entries of its own thread, in order, with positions in the log.
    public let entries: [LoggedEntry]
    /// The same as records.
    public let records: [Record]
    /// The entries of its recordings' threads.
    public let recordings: [ThreadTag: [LoggedEntry]]
    /// Records of the case and of its recordings, in the order in which they were recorded.
    public let history: [Record]

    /// The newest entry of the case's thread.
    public var head: ThreadHead {
        ThreadHead(seq: work.entries, commitment: entries.last?.entry.commitment ?? .zero)
    }
}
