import Casework
import Kernel
import Ledger

/// Who somebody is (design, invariant 8; ADR 0046): name and certificate stand beside every signature, so once the
/// bureau works one administrator alone changes neither, nor makes a certificate last longer.
extension Casebook {
    /// What a change of a person's data becomes: what takes nothing but a right away at once, the rest for a second
    /// person, and word of it to whom it is about.
    func facts(
        changing changes: [PersonProposal.Change], of person: ThreadTag, registered before: PersonChange,
        reason: String
    ) async throws(StepRefusal) -> (facts: [Fact], waits: Bool) {
        let upkeep = try await chambers.upkeep()
        let waiting = upkeep.isFounded ? before.waiting(of: changes) : []
        var facts: [Fact] = []
        if let fact = PersonChange.fact(changes.filter { !waiting.contains($0) }, of: person) { facts.append(fact) }
        guard !waiting.isEmpty else { return (facts, false) }
        var form = FormText()
        let why = form.required(reason, "reason", "更改的理由或者文号", limit: 300)
        if let number = waiting.first(where: { $0.member == "certificateNumber" })?.after, !number.isEmpty {
            let persons: [PersonRow]
            do { persons = try await registers.persons() } catch { throw StepRefusal(error) }
            if let other = persons.first(where: { $0.thread != person && $0.certificateNumber == number }) {
                form.fail("certificateNumber", "这个号码已经登记在\(other.name)名下。")
            }
        }
        try form.finish()
        // Two changes of one person would wait side by side, and the later one would undo the first unseen.
        guard !upkeep.personProposals.contains(where: { $0.person == person }) else {
            throw StepRefusal(.outOfOrder, "这名人员的登记已经拟好更改，正等第二人确认。要改动的，请先在“待确认事项”里撤回。")
        }
        func object(_ value: KeyPath<PersonProposal.Change, String>) -> JSON {
            .object(
                waiting.sorted { $0.member < $1.member }.map { .init($0.member, .string($0[keyPath: value])) })
        }
        facts.append(
            Fact(
                .personProposed, in: chambers.thread, plain: ["person": .string(person.description)],
                fields: [
                    .init("change", object(\.after), .officer), .init("before", object(\.before), .officer),
                    .init("reason", .string(why), .officer),
                ]))
        facts.append(notice(.personProposed, person))
        return (facts, true)
    }

    /// Carries a prepared change of a person's data out, and tells its person and the heads.
    public func confirmPerson(_ seq: Int, command: CommandID, by performer: Performer) async throws(StepRefusal)
        -> AppendReceipt
    {
        try performer.requireSecret()
        return try await once(command) { () async throws(StepRefusal) in
            let (proposal, reference) = try await personProposal(seq)
            try await require(performer, confirms: proposal.person, besides: proposal.proposedBy)
            return try await record(
                try await confirming(proposal, reference), by: .person(performer.tag), command: command)
        }
    }

    /// The facts of a change that is carried out.
    func confirming(
        _ proposal: PersonProposal, _ reference: EntryReference
    ) async throws(StepRefusal) -> [Fact] {
        let standing = PersonChange(try await history(of: proposal.person))
        // Refused where the second person saw another old value than what holds by now.
        guard proposal.changes.allSatisfy({ standing.text(of: $0.member) == $0.before }),
            let change = PersonChange.fact(proposal.changes, of: proposal.person)
        else { throw StepRefusal(.stale, "拟定以后，这名人员的登记又有变化。请不同意这一项，由系统管理员重新拟定。") }
        return [
            Fact(
                .personConfirmed, in: chambers.thread, plain: ["person": .string(proposal.person.description)],
                references: [reference]), change,
            notice(.personChanged, proposal.person, about: [reference]),
        ]
    }

    /// Turns a prepared change of a person's data down (whoever could confirm it), or takes it back (administrator).
    public func declinePerson(
        _ seq: Int, reason: String, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            let (proposal, reference) = try await personProposal(seq)
            if !performer.has(.administrator) {
                try await require(performer, confirms: proposal.person, besides: proposal.proposedBy)
            }
            var form = FormText()
            let why = form.required(reason, "reason", "理由", limit: 300)
            try form.finish()
            return try await record(
                [
                    Fact(
                        .personDeclined, in: chambers.thread, plain: ["person": .string(proposal.person.description)],
                        fields: [.init("reason", .string(why), .officer)], references: [reference]),
                    notice(.personDeclined, proposal.person, about: [reference]),
                ], by: .person(performer.tag), command: command)
        }
    }

    func personProposal(_ seq: Int) async throws(StepRefusal) -> (PersonProposal, EntryReference) {
        guard let proposal = try await chambers.upkeep().personProposals.first(where: { $0.seq == seq }) else {
            throw StepRefusal(.outOfOrder, "这项更改已经确认或者撤回。")
        }
        let logged: LoggedEntry?
        do { logged = try await store.entries(of: chambers.thread, from: seq).first } catch {
            throw StepRefusal(error)
        }
        guard let logged else { throw StepRefusal(.notFound, "没有找到这项更改。") }
        return (proposal, EntryReference("proposal", logged.entry))
    }
}
