import Casework
import Kernel
import Ledger

extension Casebook {
    /// Reads a lead.
    public func loadLead(_ thread: ThreadTag) async throws(StepRefusal) -> LeadView {
        do {
            let logged = try await threads.entries(of: thread)
            var records: [Record] = []
            for element in logged { records.append(try Casebook.record(element.entry)) }
            guard let file = LeadFile(records) else { throw StepRefusal(.notFound, "没有找到这条线索。") }
            return LeadView(file: file, entries: logged, records: records)
        } catch let refusal as StepRefusal {
            throw refusal
        } catch let error as StoreError {
            throw StepRefusal(error)
        } catch {
            throw StepRefusal(.fault, "系统出现故障：\(error)")
        }
    }

    /// Registers a lead as `thread`, drawn with the page.
    public func begin(
        _ kind: LeadFile.Kind, _ answers: [String: JSON], as thread: ThreadTag, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            try performer.requireOwnAccount()
            let step = LeadStep.beginning(kind)
            try step.require(performer)
            let at = now
            var reading = try await reading(
                step, answers, AnswerGround(thread: thread, records: [], entries: []), performer, at)
            return try await append([try reading.fact()], history: [], head: nil, thread, command, performer, at)
        }
    }

    /// Takes a step in a lead, or refuses and changes nothing.
    public func perform(
        _ step: LeadStep, _ answers: [String: JSON], on thread: ThreadTag, expecting seq: Int, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            try await performAnew(step, answers, on: thread, expecting: seq, command: command, by: performer)
        }
    }

    private func performAnew(
        _ step: LeadStep, _ answers: [String: JSON], on thread: ThreadTag, expecting seq: Int, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try performer.requireOwnAccount()
        let view = try await loadLead(thread)
        guard view.isUnchanged(since: seq) else { throw Casebook.stale(view, since: seq) }
        try step.require(performer)
        if view.file.isClosed { throw StepRefusal(.outOfOrder, "这条线索已经办结，不能再增加记录。") }
        guard step.isOffered(view.file) else {
            throw StepRefusal(.outOfOrder, "这条线索现在还不能，或者不必再“\(step.body.title)”。")
        }
        let at = now
        let ground = AnswerGround(thread: thread, records: view.records, entries: view.entries.map(\.entry))
        var reading = try await reading(step, answers, ground, performer, at)
        do {
            return try await append(
                [try reading.fact()], history: view.records, head: view.head, thread, command, performer, at)
        } catch {
            guard error.code == .stale else { throw error }
            throw Casebook.stale(try await loadLead(thread), since: seq)
        }
    }

    /// Records that somebody looks at what a reporter said, before it is shown: for at most 30 minutes.
    public func look(
        atLead thread: ThreadTag, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        let view = try await loadLead(thread)
        guard let right = view.viewRight(of: performer.person) else {
            throw StepRefusal(.notFound, "没有找到这条线索。")
        }
        let fact = Fact(
            .accessOpened, in: thread,
            plain: [
                "purpose": "handling", "right": .string(right), "session": .string(command.description),
                "until": .integer(now.milliseconds + ViewSessions.longest), "what": "entry",
            ])
        return try await record([fact], by: .person(performer.tag), command: command)
    }

    /// Opens an inspection from a lead: the case names the lead, and the lead the case, in one transaction.
    public func open(
        _ step: OpenInspection, as thread: ThreadTag, lead: (thread: ThreadTag, expecting: Int),
        subject: ThreadTag? = nil, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            try await openAnew(step, as: thread, lead: lead, subject: subject, command: command, by: performer)
        }
    }

    private func openAnew(
        _ step: OpenInspection, as thread: ThreadTag, lead: (thread: ThreadTag, expecting: Int),
        subject: ThreadTag?, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try performer.requireOwnAccount()
        let view = try await loadLead(lead.thread)
        guard view.isUnchanged(since: lead.expecting) else { throw Casebook.stale(view, since: lead.expecting) }
        if view.file.isClosed || view.file.startedCase != nil {
            throw StepRefusal(.outOfOrder, "这条线索已经办结，或者已经启动执法程序。")
        }
        let at = now
        let scene: OpeningScene
        do {
            var party: SubjectRow?
            if let subject { party = try await registers.subject(subject) }
            scene = OpeningScene(
                thread: thread, inspection: nil, subject: party, persons: try await registers.persons(),
                performer: performer, now: at)
        } catch {
            throw StepRefusal(error)
        }
        var facts = try step.facts(in: scene)
        guard let opening = facts.firstIndex(where: { $0.type == .caseOpened }),
            let first = view.entries.first?.entry
        else { throw StepRefusal(.fault, "系统出现故障，未作任何更改。") }
        facts[opening].plain = .object(
            (facts[opening].plain.members ?? []) + [.init("lead", .string(lead.thread.description))])
        facts[opening].references.append(EntryReference("lead", first))
        facts.append(
            Fact(
                .leadStarted, in: lead.thread, plain: ["case": .string(thread.description)],
                siblings: [.init("opening", at: opening)]))
        do {
            return try await append(
                facts, history: view.records, head: view.head, lead.thread, command, performer, at, answer: thread)
        } catch {
            guard error.code == .stale else { throw error }
            throw Casebook.stale(try await loadLead(lead.thread), since: lead.expecting)
        }
    }

    private func reading(
        _ step: LeadStep, _ answers: [String: JSON], _ ground: AnswerGround, _ performer: Performer, _ at: Instant
    ) async throws(StepRefusal) -> AnswerReading {
        let persons: [PersonRow]
        do { persons = try await registers.persons() } catch { throw StepRefusal(error) }
        return AnswerReading(
            step: step.body, answers: answers, ground: ground, persons: persons, law: try await chambers.law(),
            performer: performer, now: at)
    }

    func append(
        _ facts: [Fact], history: [Record], head: ThreadHead?, _ thread: ThreadTag, _ command: CommandID,
        _ performer: Performer, _ at: Instant, answer: ThreadTag? = nil
    ) async throws(StepRefusal) -> AppendReceipt {
        try TokenPower.check(facts, by: performer)
        let heads = try await heads(of: facts, known: head.map { [thread: $0] } ?? [:])
        return try await record(
            facts, heads: heads, view: nil, history: history, law: try await chambers.law(),
            actor: .person(performer.tag), command: command, at: at,
            answer: ["thread": .string((answer ?? thread).description)])
    }

    static func stale(_ view: LeadView, since seq: Int) -> StepRefusal {
        var refusal = StepRefusal(.stale, "您打开页面之后，这条线索又有新的记录。请先看看新记录，再决定是否提交。已填内容都还在。")
        refusal.since = view.records.filter { $0.seq > seq }
        return refusal
    }
}

extension LeadView {
    /// The newest entry.
    public var head: ThreadHead {
        ThreadHead(seq: file.entries, commitment: entries.last?.entry.commitment ?? .zero)
    }

    /// Whether a form that was drawn from the first `seq` entries still shows the lead: nobody recorded anything since but
    /// looks, which change nothing of what a form shows.
    func isUnchanged(since seq: Int) -> Bool {
        seq <= file.entries
            && records.suffix(file.entries - seq).allSatisfy { $0.type == .accessOpened || $0.type == .accessClosed }
    }
}

extension LeadStep {
    /// Refuses whoever has none of the roles.
    func require(_ performer: Performer) throws(StepRefusal) {
        guard roles.contains(where: performer.has) else {
            throw StepRefusal(.notAllowed, "这一步由\(roles.map(\.chinese).joined(separator: "或"))办理，您没有这项职责。")
        }
    }
}
