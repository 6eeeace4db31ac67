import Casework
import Kernel
import Ledger

extension Casebook {
    /// The answer of a command that was already carried out.
    func receipt(of command: CommandID) async throws(StepRefusal) -> AppendReceipt? {
        do { return try await store.receipt(of: command) } catch { throw StepRefusal(error) }
    }

    /// Carries a command out once: the same id gets the first answer again.
    ///
    /// An answer and what it answers for are stored in one transaction. A second click that finds no answer yet, and then
    /// a case that the first one has moved, is therefore not stale, nor out of order: whatever rule refused it, the
    /// answer is looked for again before the refusal is told. After a fault nothing is told as recorded.
    func once(
        _ command: CommandID, _ carryOut: () async throws(StepRefusal) -> AppendReceipt
    ) async throws(StepRefusal) -> AppendReceipt {
        if let receipt = try await receipt(of: command) { return receipt }
        do {
            return try await carryOut()
        } catch {
            guard error.code != .fault, error.code != .stopped else { throw error }
            if let receipt = try await receipt(of: command) { return receipt }
            throw error
        }
    }

    /// The newest entries of all threads that `facts` append to.
    func heads(of facts: [Fact], known: [ThreadTag: ThreadHead]) async throws(StepRefusal) -> [ThreadTag: ThreadHead] {
        var heads = known
        for thread in Set(facts.map(\.thread)) where heads[thread] == nil {
            do { heads[thread] = try await store.head(of: thread) } catch { throw StepRefusal(error) }
        }
        // What begins a thread begins a new one: an id that stands for something else already is no party, recording or
        // case, whoever names it.
        let beginnings: Set<EntryType> = [
            .caseOpened, .recordingImported, .subjectRegistered, .personRegistered, .leadReceived,
            .applicationRegistered, .requestMade,
        ]
        for fact in facts where beginnings.contains(fact.type) && heads[fact.thread] != nil {
            throw StepRefusal(.taken, "这个编号已经用于别的记录，没有登记。请重新打开页面再办理一次。")
        }
        return heads
    }

    /// An entry as a record; an unreadable one is a fault, not a gap.
    static func record(_ entry: Entry) throws(StepRefusal) -> Record {
        guard let record = Record(entry) else {
            throw StepRefusal(.fault, "记录中有本程序不认识的内容，请升级程序后再试。")
        }
        return record
    }

    /// Seals, judges and appends the facts of one step.
    ///
    /// - Parameter history: what the step is judged after, where it is no case's: the records of a lead.
    ///
    /// An entry's time must not lie before what is recorded already. A step that took long (a file that was read, a disk
    /// that stood still) is stamped anew when others were recorded meanwhile; over midnight it is refused, because papers
    /// carry the day.
    func record(
        _ facts: [Fact], heads: [ThreadTag: ThreadHead], view: CaseView?, history: [Record]? = nil, law: Law,
        actor: Actor, command: CommandID, at now: Instant, answer: JSON
    ) async throws(StepRefusal) -> AppendReceipt {
        try await requireOwnAccount(of: actor, for: facts)
        try await requireFounded(for: facts, by: actor)
        var stamp = now
        for _ in 0..<Self.stampings {
            let request = try await request(
                facts, heads: heads, view: view, history: history, law: law, actor: actor, command: command, at: stamp,
                answer: answer)
            do {
                return try await store.append(request)
            } catch {
                // Tested in the body: a pattern on the clause crashes the compiler behind a typed throw.
                if case .taken(.caseNumber, let key) = error { throw await numberTaken(key) }
                guard case .overtaken = error else { throw StepRefusal(error) }
                stamp = self.now
                guard stamp.day == now.day else { throw StepRefusal(error) }
            }
        }
        throw StepRefusal(StoreError.overtaken(milliseconds: stamp.milliseconds(since: now)))
    }

    /// How often one step is stamped before its person is asked to send it again.
    private static let stampings = 8

    /// What the store is asked to append: judged is what will be recorded, so the entries are sealed first; sealing has no
    /// effect outside.
    private func request(
        _ facts: [Fact], heads: [ThreadTag: ThreadHead], view: CaseView?, history: [Record]?, law: Law,
        actor: Actor, command: CommandID, at now: Instant, answer: JSON
    ) async throws(StepRefusal) -> AppendRequest {
        let entries: [Entry]
        do {
            entries = try scribe.seal(facts, after: heads, by: actor, command: command, at: now)
        } catch {
            throw StepRefusal(.fault, "系统出现故障，未作任何更改（\(error)）。")
        }
        var proposed: [Record] = []
        for entry in entries { proposed.append(try Casebook.record(entry)) }
        let history = history ?? view?.history ?? []
        let reasons = law.reasonsAgainst(proposed, after: history)
        guard reasons.isEmpty else {
            var refusal = StepRefusal(.gate, "还不能办理这一步，请先补齐下列事项。")
            refusal.reasons = reasons
            throw refusal
        }
        let (upserting, removing) = try await changes(from: view, proposed: proposed, law: law)
        // Rows follow from the case and its recordings together, each of which grows by other hands as well.
        var unmoved = view?.recordings.mapValues(\.count) ?? [:]
        if let view { unmoved[view.work.thread] = view.work.entries }
        for thread in proposed.map(\.thread) { unmoved[thread] = nil }
        return AppendRequest(
            command: command, entries: entries, upserting: upserting, removing: removing, unmoved: unmoved,
            answer: answer)
    }

    /// What is recorded in the name of an account whose secret somebody else may know: that it reads, that it ends a key
    /// of its own, and that it became its person's own again.
    static let ofAnyAccount: Set<EntryType> = [
        .accessOpened, .accessClosed, .accountConfirmed, .accountHeld, .noticeRead, .tokenRevoked,
    ]

    /// Refuses whatever else such an account would record (invariant 8), and everything while the register says something
    /// else of the person than the entries (ADR 0055).
    ///
    /// Asked where facts become entries, whatever road led here: a session knows its person as they were when the page was
    /// asked for, and a step that forgets the question is not on this side of it.
    private func requireOwnAccount(of actor: Actor, for facts: [Fact]) async throws(StepRefusal) {
        guard case .person(let tag) = actor else { return }
        let person: PersonRow?
        do { person = try await roll.person(tag) } catch { throw StepRefusal(error) }
        if let person, !facts.allSatisfy({ Casebook.ofAnyAccount.contains($0.type) }) {
            try Performer(person: person).requireOwnAccount()
        }
    }

    /// Says which case has a number that was given once more.
    private func numberTaken(_ key: String) async -> StepRefusal {
        var what = "另一个案件"
        if let thread = try? await registers.holder(of: .caseNumber, key: key),
            let holder = try? await registers.caseFile(thread)
        {
            what = "“\(holder.title)”（\(holder.openedAt.day.chinese)开立）"
        }
        let message = "案号“\(key.shownBack)”已经用于\(what)，没有登记。请核对后改用别的案号。"
        var refusal = StepRefusal(.taken, message)
        refusal.fields = [StepRefusal.FieldError("caseNumber", message)]
        return refusal
    }

    /// The rows that differ after the step: each thread's rows are computed before and after and compared.
    private func changes(
        from view: CaseView?, proposed: [Record], law: Law
    ) async throws(StepRefusal) -> (upserting: [ProjectionRow], removing: [ProjectionKey]) {
        var upserting: [ProjectionRow] = []
        var removing: [ProjectionKey] = []
        let recorded = Projector(law: law, judged: judged, isRecorded: true)
        let tried = Projector(law: law, judged: judged, isRecorded: false)
        for thread in proposed.map(\.thread).uniqued() {
            let added = proposed.filter { $0.thread == thread }
            let before: [Record]
            let linked: [Record]
            if let view, view.work.thread == thread {
                before = view.records
                linked = view.history.filter { $0.thread != thread } + proposed.filter { $0.thread != thread }
            } else if let known = view?.recordings[thread] {
                var records: [Record] = []
                for element in known { records.append(try Casebook.record(element.entry)) }
                before = records
                linked = []
            } else if added.first?.seq == 1 {
                before = []
                linked = []
            } else {
                (before, linked) = try await records(of: thread)
            }
            let linkedBefore = linked.filter { record in
                !proposed.contains { $0.thread == record.thread && $0.seq == record.seq }
            }
            let old = Set(recorded.rows(thread: before, linked: linkedBefore))
            let new = tried.rows(thread: before + added, linked: linked)
            upserting += new.filter { !old.contains($0) }
            let keys = Set(new.map(\.key))
            removing += old.map(\.key).filter { !keys.contains($0) }
        }
        // What happens to a recording, and not in its case, may still change what the case owes.
        let befell = proposed.filter { view?.recordings[$0.thread] != nil }
        if let view, !befell.isEmpty, !proposed.contains(where: { $0.thread == view.work.thread }) {
            let linked = view.history.filter { $0.thread != view.work.thread }
            let old = Set(recorded.rows(thread: view.records, linked: linked))
            let new = tried.rows(thread: view.records, linked: linked + befell)
            upserting += new.filter { !old.contains($0) }
            let keys = Set(new.map(\.key))
            removing += old.map(\.key).filter { !keys.contains($0) }
        }
        return (upserting, removing)
    }
}

extension Casebook {
    /// The records of any thread and, for a case, those of its recordings.
    func records(of thread: ThreadTag) async throws(StepRefusal) -> (own: [Record], linked: [Record]) {
        do {
            var own: [Record] = []
            for element in try await threads.entries(of: thread) {
                own.append(try Casebook.record(element.entry))
            }
            var linked: [Record] = []
            for recording in own.filter({ $0.type == .recordingLinked }).compactMap({ $0.thread("recording") }) {
                for element in try await threads.entries(of: recording) {
                    linked.append(try Casebook.record(element.entry))
                }
            }
            return (own, linked)
        } catch let error as StoreError {
            throw StepRefusal(error)
        } catch {
            throw (error as? StepRefusal) ?? StepRefusal(.fault, "系统出现故障：\(error)")
        }
    }
}

extension Sequence where Element: Hashable {
    /// Each element once, in order of first appearance.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

extension Casebook {
    /// The records of one thread that belongs to no case: a person, the bureau itself.
    public func history(of thread: ThreadTag) async throws(StepRefusal) -> [Record] {
        try await records(of: thread).own
    }
}
