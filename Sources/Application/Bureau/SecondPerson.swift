import Casework
import Kernel
import Ledger

/// The second person without whom no administrator changes who decides cases (design, invariant 8): grants of roles
/// that decide, accounts whose one-time secret they knew, settings by which cases are judged, and public holidays.
///
/// While a bureau is being set up there is no second person yet: its agency head has not stood by any text. Where a
/// working bureau has nobody who could confirm, it waits all the same: else an administrator would first make sure that
/// nobody can. Whoever holds the server confirms it there, and everybody is told.
extension Casebook {
    /// Who may confirm what `actor` did about `subject`: another agency head, and where there is none whoever else
    /// holds a role that decides. Nobody confirms what they prepared, and nobody confirms themselves.
    ///
    /// A head is named by a head: else an administrator would close the only head's account first, and somebody below would
    /// stand by the next.
    ///
    /// - Parameters:
    ///   - subject: whom it is about; nil for what is about the bureau.
    ///   - granted: roles that it gives.
    public func confirmers(
        of subject: ThreadTag?, besides actor: ThreadTag?, granting granted: [Role] = []
    ) async throws(StepRefusal) -> [PersonRow] {
        guard try await chambers.upkeep().isFounded else { return [] }
        let persons: [PersonRow]
        do { persons = try await registers.persons() } catch { throw StepRefusal(error) }
        let able = persons.filter { $0.thread != subject && $0.thread != actor && $0.accountState == .open }
        let heads = able.filter { $0.roles.contains(.agencyHead) }
        guard heads.isEmpty, !granted.contains(.agencyHead) else { return heads }
        return able.filter { person in
            person.roles.contains { Role.deciding.contains($0) && $0 != .administrator }
        }
    }

    /// What a change of roles becomes: itself, or a proposal for a second person.
    func facts(
        granting granted: [Role], withdrawing withdrawn: [Role], of person: ThreadTag, on day: CivilDay,
        reason: String, by actor: ThreadTag, references: [EntryReference] = []
    ) async throws(StepRefusal) -> (facts: [Fact], waits: Bool) {
        let touchesDeciding =
            granted.contains { Role.deciding.contains($0) } || withdrawn.contains { Role.deciding.contains($0) }
        guard touchesDeciding, try await chambers.upkeep().isFounded else {
            return (Self.roleFacts(granted, withdrawn, of: person, on: day, reason: reason), false)
        }
        let names: ([Role]) -> JSON = { .array($0.map { .string($0.rawValue) }) }
        return (
            [
                Fact(
                    .roleProposed, in: chambers.thread,
                    plain: [
                        "from": .string(day.description), "granted": names(granted),
                        "person": .string(person.description), "withdrawn": names(withdrawn),
                    ], fields: [.init("reason", .string(reason), .officer)])
            ], true
        )
    }

    /// The facts of a person's thread.
    private static func roleFacts(
        _ granted: [Role], _ withdrawn: [Role], of person: ThreadTag, on day: CivilDay, reason: String
    ) -> [Fact] {
        let fields: [FieldValue] = [.init("reason", .string(reason), .officer)]
        return withdrawn.map { role in
            Fact(
                .roleWithdrawn, in: person,
                plain: ["role": .string(role.rawValue), "until": .string(day.description)], fields: fields)
        }
            + granted.map { role in
                Fact(
                    .roleGranted, in: person,
                    plain: ["from": .string(day.description), "role": .string(role.rawValue)], fields: fields)
            }
    }

    /// What everybody, or those it concerns, are shown at the next sign-in.
    func notice(
        _ kind: BureauUpkeep.Notice.Kind, _ person: ThreadTag, about references: [EntryReference] = []
    ) -> Fact {
        Fact(
            .noticePosted, in: chambers.thread,
            plain: ["kind": .string(kind.rawValue), "person": .string(person.description)], references: references)
    }

    /// Carries a prepared change of roles out.
    public func confirmRoles(_ seq: Int, command: CommandID, by performer: Performer) async throws(StepRefusal)
        -> AppendReceipt
    {
        try performer.requireSecret()
        return try await once(command) { () async throws(StepRefusal) in
            let (proposal, reference) = try await roleProposal(seq)
            try await require(
                performer, confirms: proposal.person, besides: proposal.proposedBy, granting: proposal.granted)
            let known: PersonRow?
            do throws(StoreError) {
                known = try await registers.person(proposal.person)
            } catch { throw StepRefusal(error) }
            guard let known else { throw StepRefusal(.notFound, "没有找到这名人员。") }
            return try await record(
                confirming(proposal, reference, of: known), by: .person(performer.tag), command: command)
        }
    }

    /// The facts of a change of roles that is carried out.
    private func confirming(_ proposal: RoleProposal, _ reference: EntryReference, of known: PersonRow) -> [Fact] {
        // What was given or taken otherwise in the meantime is not recorded twice.
        [
            Fact(
                .roleConfirmed, in: chambers.thread, plain: ["person": .string(proposal.person.description)],
                references: [reference])
        ]
            + Self.roleFacts(
                proposal.granted.filter { !known.roles.contains($0) }, proposal.withdrawn.filter(known.roles.contains),
                of: proposal.person, on: proposal.day ?? now.day, reason: proposal.reason)
    }

    /// What waits for a second person about `known`, confirmed on the server itself, where nobody of the bureau can: the
    /// account is vouched for and each prepared change of roles, name and certificate carried out, in one write that
    /// everybody is told of.
    public func confirmOnServer(
        _ person: ThreadTag, command: CommandID
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            let registered: PersonRow?
            do throws(StoreError) { registered = try await registers.person(person) } catch { throw StepRefusal(error) }
            guard let known = registered else { throw StepRefusal(.notFound, "没有找到这名人员。") }
            var facts: [Fact] = []
            var able: [PersonRow] = []
            if known.accountState == .waiting {
                try await requireOwnSecret(known)
                able += try await confirmers(of: known.thread, besides: try await resetter(of: known.thread))
                facts.append(Fact(.accountVouched, in: known.thread))
            }
            for waiting in try await chambers.upkeep().roleProposals where waiting.person == known.thread {
                able += try await confirmers(
                    of: known.thread, besides: waiting.proposedBy, granting: waiting.granted)
                let (proposal, reference) = try await roleProposal(waiting.seq)
                facts += confirming(proposal, reference, of: known)
            }
            for waiting in try await chambers.upkeep().personProposals where waiting.person == known.thread {
                able += try await confirmers(of: known.thread, besides: waiting.proposedBy)
                let (proposal, reference) = try await personProposal(waiting.seq)
                facts += try await confirming(proposal, reference)
            }
            guard !facts.isEmpty else {
                throw StepRefusal(.outOfOrder, "\(known.name)没有等待第二人确认的账号、职责或者登记更改。")
            }
            guard able.isEmpty else {
                let names = Set(able.map(\.name)).sorted().joined(separator: "、")
                throw StepRefusal(.notAllowed, "\(names)可以在网页的“待确认事项”里确认，不能由服务器代替。")
            }
            return try await record(facts + [notice(.secondOnServer, known.thread)], by: .system, command: command)
        }
    }

    /// Turns a prepared change of roles down (whoever could confirm it), or takes it back (administrator).
    public func declineRoles(
        _ seq: Int, reason: String, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            let (proposal, reference) = try await roleProposal(seq)
            if !performer.has(.administrator) {
                try await require(
                    performer, confirms: proposal.person, besides: proposal.proposedBy, granting: proposal.granted)
            }
            var form = FormText()
            let why = form.required(reason, "reason", "理由", limit: 300)
            try form.finish()
            return try await record(
                [
                    Fact(
                        .roleDeclined, in: chambers.thread, plain: ["person": .string(proposal.person.description)],
                        fields: [.init("reason", .string(why), .officer)], references: [reference])
                ], by: .person(performer.tag), command: command)
        }
    }

    /// Records that a person set a secret of their own after a reset. Whoever reset it knew the one-time secret and
    /// could have used it: the account waits for a second person then, an officer's too. Two officers make the record of
    /// an inspection, and two decide on the spot.
    public func confirmAccount(of person: PersonRow, command: CommandID) async throws(StepRefusal) {
        let held = try await hold(person.thread)
        let facts = [Fact(.accountConfirmed, in: person.thread)] + held
        _ = try await record(facts, by: .person(person.thread), command: command)
    }

    /// What holds an account whose one-time secret somebody else knew; nothing while the bureau is being set up. Neither
    /// its roles nor whether anybody can vouch at this moment makes a difference: roles come later too.
    func hold(_ person: ThreadTag) async throws(StepRefusal) -> [Fact] {
        try await chambers.upkeep().isFounded ? [Fact(.accountHeld, in: person)] : []
    }

    /// Whether the person has set a secret of their own since somebody else last set a one-time secret.
    public func hasOwnSecret(_ person: ThreadTag) async throws(StepRefusal) -> Bool {
        let types = try await history(of: person).map(\.type)
        guard let given = types.lastIndex(where: { [.accountReset, .accountOpened].contains($0) }) else { return false }
        return types[given...].contains(.accountConfirmed)
    }

    /// Before a one-time secret is replaced: an account of the time when the bureau was set up, whose slip is used only
    /// now that it works, waits like one of today. The account waits from here on: if we die before the secret is set,
    /// nobody records anything with it.
    public func holdBeforeOwnSecret(
        _ person: PersonRow, isOneTime: Bool, command: CommandID
    ) async throws(StepRefusal) {
        guard isOneTime, person.accountState == .open else { return }
        let held = try await hold(person.thread)
        guard !held.isEmpty else { return }
        _ = try await record(held, by: .person(person.thread), command: command)
    }

    /// After a person has set a secret of their own: an account that was reset, or newly opened once the bureau works,
    /// is its person's again and waits for a second person. If we die before the entry is written the account stays as
    /// it was, and the next change of the secret confirms it.
    public func confirmAfterOwnSecret(_ person: ThreadTag, command: CommandID) async throws(StepRefusal) {
        let known: PersonRow?
        do { known = try await registers.person(person) } catch { throw StepRefusal(error) }
        guard let known else { return }
        switch known.accountState {
        case .reset: break
        case .waiting: if try await hasOwnSecret(person) { return }
        default: return
        }
        try await confirmAccount(of: known, command: command)
    }

    /// A second person says, having seen them, that it is its own person who uses the account again.
    public func vouch(
        for person: ThreadTag, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try performer.requireSecret()
        return try await once(command) { () async throws(StepRefusal) in
            let known: PersonRow?
            do throws(StoreError) { known = try await registers.person(person) } catch { throw StepRefusal(error) }
            guard let known, known.accountState == .waiting else {
                throw StepRefusal(.outOfOrder, "这个账号没有等待核实，或者已经核实过。")
            }
            try await require(performer, confirms: person, besides: try await resetter(of: person))
            try await requireOwnSecret(known)
            return try await record(
                [Fact(.accountVouched, in: person)], by: .person(performer.tag), command: command)
        }
    }

    /// Refuses to vouch for an account before its person has set a secret: the slip could be used afterwards.
    private func requireOwnSecret(_ person: PersonRow) async throws(StepRefusal) {
        guard try await hasOwnSecret(person.thread) else {
            throw StepRefusal(.outOfOrder, "\(person.name)还没有设自己的密码。请本人先用密码条登录、设好自己的密码，再来核实。")
        }
    }

    /// Who last gave an account a one-time secret; nil for the server itself.
    public func resetter(of person: ThreadTag) async throws(StepRefusal) -> ThreadTag? {
        try await history(of: person).last { [.accountReset, .accountOpened].contains($0.type) }?.actor
    }

    func require(
        _ performer: Performer, confirms subject: ThreadTag?, besides actor: ThreadTag?, granting granted: [Role] = []
    ) async throws(StepRefusal) {
        guard performer.tag != actor else {
            throw StepRefusal(.notAllowed, "办理和确认不能是同一个人。请由另一名负责人确认。")
        }
        let able = try await confirmers(of: subject, besides: actor, granting: granted)
        guard able.contains(where: { $0.thread == performer.tag }) else {
            throw StepRefusal(
                .notAllowed,
                granted.contains(.agencyHead)
                    ? "担任行政机关负责人，由另一名在任的行政机关负责人确认。没有在任负责人的，由系统管理员在服务器上运行 liuhen account second。"
                    : "这件事由行政机关负责人确认；没有其他负责人时，由另一名担任审批职责的人员确认。")
        }
    }

    private func roleProposal(_ seq: Int) async throws(StepRefusal) -> (RoleProposal, EntryReference) {
        guard let proposal = try await chambers.upkeep().roleProposals.first(where: { $0.seq == seq }) else {
            throw StepRefusal(.outOfOrder, "这项职责变更已经确认或者撤回。")
        }
        let logged: LoggedEntry?
        do { logged = try await store.entries(of: chambers.thread, from: seq).first } catch {
            throw StepRefusal(error)
        }
        guard let logged else { throw StepRefusal(.notFound, "没有找到这项变更。") }
        return (proposal, EntryReference("proposal", logged.entry))
    }
}
