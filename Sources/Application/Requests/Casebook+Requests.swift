import Casework
import Kernel
import Ledger

extension Casebook {
    /// Reads a request with its case.
    public func loadRequest(_ thread: ThreadTag) async throws(StepRefusal) -> RequestView {
        let logged: [LoggedEntry]
        do { logged = try await threads.entries(of: thread) } catch { throw StepRefusal(error) }
        var records: [Record] = []
        for element in logged { records.append(try Casebook.record(element.entry)) }
        guard let file = RequestFile(records), let source = file.caseThread else {
            throw StepRefusal(.notFound, "没有找到这份申请。")
        }
        return RequestView(file: file, entries: logged, records: records, source: try await load(source))
    }

    /// What a request about this case would be chosen from.
    public func releasables(of view: CaseView) async throws(StepRefusal) -> [Releasable] {
        view.releasables(try await chambers.law().library)
    }

    /// Registers a request about a case as `thread`, drawn with the page.
    ///
    /// - Parameters:
    ///   - items: documents and recordings of that very case.
    ///   - forWhen: when a colleague wants to view.
    public func makeRequest(
        _ answers: [String: JSON], about source: ThreadTag, items: [RequestItem], forWhen: Instant? = nil,
        as thread: ThreadTag, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            try await makeAnew(
                answers, about: source, items: items, forWhen: forWhen, as: thread, command: command, by: performer)
        }
    }

    private func makeAnew(
        _ answers: [String: JSON], about source: ThreadTag, items: [RequestItem], forWhen: Instant?,
        as thread: ThreadTag, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        let step = RequestStep.make
        try step.require(performer)
        let view = try await load(source)
        // A case that may not be seen looks like one that does not exist.
        guard view.work.viewRight(of: performer.person) != nil else {
            throw StepRefusal(.notFound, "没有找到这个案件。")
        }
        let law = try await chambers.law()
        let things = view.releasables(law.library)
        var errors = RequestStep.problems(answers, forWhen: forWhen)
        if items.isEmpty {
            errors.append(.init("documents", "请勾选申请的文书或者音像资料。"))
        } else if Set(items).count != items.count || !items.allSatisfy({ item in things.contains { $0.item == item } })
        {
            errors.append(.init("documents", "所选的材料不是这个案件的，或者还没有制发、已经作废。请重新勾选。"))
        }
        let at = now
        let ground = AnswerGround(thread: thread, records: [], entries: [])
        var fact: Fact
        do {
            var reading = try await reading(step, answers, ground, performer, at)
            fact = try reading.fact()
        } catch {
            guard error.code == .invalid, !error.fields.isEmpty else { throw error }
            throw StepRefusal(fields: error.fields + errors)
        }
        guard errors.isEmpty else { throw StepRefusal(fields: errors) }
        let capacity = answers["capacity"]?.string ?? ""
        var plain: [JSON.Member] = [
            .init("applicantKind", .string(RequestApplicant.kind(of: capacity))),
            .init("case", .string(source.description)),
        ]
        let recordings = things.filter { $0.isRecording && items.contains($0.item) }.map(\.item)
        let documents = things.filter { !$0.isRecording && items.contains($0.item) }.map(\.item)
        if !documents.isEmpty { plain.append(.init("documents", .array(documents.map { .string($0.id) }))) }
        if !recordings.isEmpty { plain.append(.init("recordings", .array(recordings.map { .string($0.id) }))) }
        if capacity == "colleague" {
            plain.append(.init("applicantPerson", .string(performer.tag.description)))
            // A colleague is known by name; the request is theirs and nobody's else.
            fact.fields.append(FieldValue("applicant", .string(performer.person.name), .party))
        }
        if let forWhen { plain.append(.init("forWhen", .integer(forWhen.milliseconds))) }
        fact.plain = .object((fact.plain.members ?? []) + plain)
        return try await append([fact], history: [], head: nil, thread, command, performer, at)
    }

    /// Takes a step that needs nothing but its answers: extension, withdrawal, ending.
    public func perform(
        _ step: RequestStep, _ answers: [String: JSON], on thread: ThreadTag, expecting seq: Int, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        guard [RequestStep.extend.name, RequestStep.withdraw.name, RequestStep.close.name].contains(step.name) else {
            throw StepRefusal(.fault, "系统出现故障，未作任何更改。")
        }
        return try await take(step, answers, on: thread, expecting: seq, command: command, by: performer) {
            (view, fact, at) throws(StepRefusal) in
            guard step.name == RequestStep.close.name else { return }
            guard let outcome = RequestStep.outcome(of: view.file, at: at) else {
                throw StepRefusal(.outOfOrder, "这份申请现在还不能办结。")
            }
            fact.plain = .object((fact.plain.members ?? []) + [.init("outcome", .string(outcome))])
        }
    }

    /// Records the secrecy check: a verdict for each item.
    public func check(
        _ verdicts: [ItemVerdict], _ answers: [String: JSON], on thread: ThreadTag, expecting seq: Int,
        command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        let library = try await chambers.law().library
        return try await take(
            RequestStep.check, answers, on: thread, expecting: seq, command: command, by: performer
        ) { (view, fact, _) throws(StepRefusal) in
            let (plain, excluded) = try view.members(of: verdicts, library: library)
            fact.plain = .object((fact.plain.members ?? []) + plain)
            if let excluded { fact.fields.append(excluded) }
        }
    }

    /// Records the approver's word, in the role in which the texts in force let this person give it.
    public func decide(
        _ answers: [String: JSON], on thread: ThreadTag, expecting seq: Int, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        let law = try await chambers.law()
        return try await take(
            RequestStep.decide, answers, on: thread, expecting: seq, command: command, by: performer
        ) { (view, fact, at) throws(StepRefusal) in
            let approves = answers["decision"]?.string == "approve"
            if approves {
                guard view.file.check?.given.isEmpty == false else {
                    throw StepRefusal(fields: [.init("decision", "保密审查的结论是全部不予提供，不能批准。")])
                }
                let last = at.day.advanced(by: 30)
                guard let day = answers["untilDay"]?.string.flatMap({ CivilDay($0) }), at.day <= day, day <= last else {
                    throw StepRefusal(fields: [.init("untilDay", "请填写今天到\(last.chinese)之间的一天。")])
                }
            }
            let role = try RequestApproval(view: view, law: law, now: at).role(of: performer, approving: approves)
            fact.plain = .object((fact.plain.members ?? []) + [.init("approverRole", .string(role.rawValue))])
        }
    }

    // MARK: the road that all steps take

    /// Checks rights and order, reads the answers, lets `amend` fill what the program fills, and records.
    func take(
        _ step: RequestStep, _ answers: [String: JSON], on thread: ThreadTag, expecting seq: Int, command: CommandID,
        by performer: Performer, amend: (RequestView, inout Fact, Instant) throws(StepRefusal) -> Void
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            try await takeAnew(
                step, answers, on: thread, expecting: seq, command: command, by: performer, amend: amend)
        }
    }

    private func takeAnew(
        _ step: RequestStep, _ answers: [String: JSON], on thread: ThreadTag, expecting seq: Int, command: CommandID,
        by performer: Performer, amend: (RequestView, inout Fact, Instant) throws(StepRefusal) -> Void
    ) async throws(StepRefusal) -> AppendReceipt {
        let view = try await ready(step, on: thread, expecting: seq, by: performer)
        let at = now
        var reading = try await reading(step, answers, view.ground, performer, at)
        var fact = try reading.fact()
        try amend(view, &fact, at)
        do {
            return try await append(
                [fact], history: view.records, head: view.head, thread, command, performer, at)
        } catch {
            guard error.code == .stale else { throw error }
            throw Casebook.stale(try await loadRequest(thread), since: seq)
        }
    }

    /// The request, if this person may take the step now.
    func ready(
        _ step: RequestStep, on thread: ThreadTag, expecting seq: Int, by performer: Performer
    ) async throws(StepRefusal) -> RequestView {
        let view = try await loadRequest(thread)
        guard view.isVisible(to: performer.person) else { throw StepRefusal(.notFound, "没有找到这份申请。") }
        guard view.file.entries == seq else { throw Casebook.stale(view, since: seq) }
        try step.require(performer)
        if view.file.isClosed { throw StepRefusal(.outOfOrder, "这份申请已经办结，不能再增加记录。") }
        guard step.isOffered(view.file, at: now) else {
            throw StepRefusal(
                .outOfOrder, "这份申请现在是“\(view.file.standing.chinese)”，还不能，或者不必再“\(step.body.title)”。")
        }
        if let refusal = step.refusal(of: performer.tag, in: view.file) { throw StepRefusal(.notAllowed, refusal) }
        if step.asksSecret { try performer.requireSecret() }
        return view
    }

    private func reading(
        _ step: RequestStep, _ answers: [String: JSON], _ ground: AnswerGround, _ performer: Performer, _ at: Instant
    ) async throws(StepRefusal) -> AnswerReading {
        let persons: [PersonRow]
        do { persons = try await registers.persons() } catch { throw StepRefusal(error) }
        return AnswerReading(
            step: step.body, answers: answers, ground: ground, persons: persons, law: try await chambers.law(),
            performer: performer, now: at)
    }

    private func append(
        _ facts: [Fact], history: [Record], head: ThreadHead?, _ thread: ThreadTag, _ command: CommandID,
        _ performer: Performer, _ at: Instant
    ) async throws(StepRefusal) -> AppendReceipt {
        let heads = try await heads(of: facts, known: head.map { [thread: $0] } ?? [:])
        return try await record(
            facts, heads: heads, view: nil, history: history, law: try await chambers.law(),
            actor: .person(performer.tag), command: command, at: at,
            answer: ["thread": .string(thread.description)])
    }

    private static func stale(_ view: RequestView, since seq: Int) -> StepRefusal {
        var refusal = StepRefusal(.stale, "您打开页面之后，这份申请又有新的记录。请先看看新记录，再决定是否提交。已填内容都还在。")
        refusal.since = view.records.filter { $0.seq > seq }
        return refusal
    }
}

extension RequestStep {
    /// Refuses whoever has none of the roles.
    func require(_ performer: Performer) throws(StepRefusal) {
        guard roles.contains(where: performer.has) else {
            throw StepRefusal(.notAllowed, "这一步由\(roles.map(\.chinese).joined(separator: "或"))办理，您没有这项职责。")
        }
    }

    /// What is wrong with a request's answers across questions.
    static func problems(_ answers: [String: JSON], forWhen: Instant?) -> [StepRefusal.FieldError] {
        guard let capacity = answers["capacity"]?.string else { return [] }
        var errors: [StepRefusal.FieldError] = []
        let type = EntryType.requestMade
        if let kind = answers["kind"]?.string, !RequestApplicant.kinds(for: capacity).contains(kind) {
            let names = RequestApplicant.kinds(for: capacity).map { type.chinese($0, of: "kind") }
            errors.append(
                .init("kind", "“\(type.chinese(capacity, of: "capacity"))”可以申请的是：\(names.joined(separator: "、"))。"))
        }
        let papers = answers["papers"]?.elements?.compactMap(\.string) ?? []
        if let paper = RequestApplicant.paper(of: capacity), !papers.contains(paper), !papers.isEmpty {
            errors.append(
                .init(
                    "papers",
                    "“\(type.chinese(capacity, of: "capacity"))”应当查验\(type.chinese(paper, of: "papers"))。"))
        }
        if capacity == "colleague", forWhen == nil {
            errors.append(.init("forWhen", "请写明什么时间查看。"))
        }
        if capacity == "colleague", answers["applicant"] != nil {
            errors.append(.init("applicant", "本机关人员由本人在自己的账号里申请，这里不必填写。"))
        }
        return errors
    }
}
