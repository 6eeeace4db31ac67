import Casework
import Kernel
import Ledger

extension Casebook {
    /// Prepares a change of the rules. Nothing comes into force before the agency head confirms it in a session of
    /// their own (design, invariants 6 and 8).
    public func propose(_ change: RuleChange, command: CommandID, by performer: Performer) async throws(StepRefusal)
        -> AppendReceipt
    {
        try performer.require(.administrator)
        try performer.requireSecret()
        return try await once(command) { () async throws(StepRefusal) in
            let history = try await chambers.records()
            let upkeep = BureauUpkeep(history)
            let library = try await chambers.law().library
            let members = try change.members(in: library)
            let wanted = JSON.object(members).canonicalBytes
            if upkeep.proposals.contains(where: {
                $0.act == change.act && JSON.object($0.members).canonicalBytes == wanted
            }) {
                throw StepRefusal(.outOfOrder, "同样的变更已经拟好，正等行政机关负责人确认。")
            }
            // A change that could not be read back would stop every later step of the bureau: tried before it is written.
            try await tryOut(change.act, members, reason: change.reason, after: history, library: library)
            let plain = [JSON.Member("act", .string(change.act.rawValue))] + members
            return try await record(
                [
                    Fact(
                        .ruleProposed, in: try await chambers.profile().thread, plain: .object(plain),
                        fields: [.init("reason", .string(change.reason.trimmedWhitespace), .officer)])
                ], by: .person(performer.tag), command: command)
        }
    }

    /// Carries a prepared change out; only the agency head may, and never what they prepared themselves.
    public func confirmProposal(_ seq: Int, command: CommandID, by performer: Performer) async throws(StepRefusal)
        -> AppendReceipt
    {
        try performer.require(.agencyHead)
        try performer.requireSecret()
        return try await once(command) { () async throws(StepRefusal) in
            let history = try await chambers.records()
            let (proposal, reference) = try await proposal(seq, history)
            guard proposal.proposedBy != performer.tag else {
                throw StepRefusal(.notAllowed, "拟定和确认不能是同一个人。请由另一名负责人确认。")
            }
            try await tryOut(
                proposal.act, proposal.members, reason: proposal.reason, after: history,
                library: try await chambers.law().library)
            guard proposal.act != .override else {
                return try await confirmOverride(proposal, reference, command: command, by: performer)
            }
            return try await record(
                [
                    Fact(
                        proposal.act.entryType, in: try await chambers.profile().thread,
                        plain: .object(proposal.members),
                        fields: [.init("reason", .string(proposal.reason), .officer)], references: [reference])
                ], by: .person(performer.tag), command: command)
        }
    }

    /// The higher rule takes effect, and everybody is told: from now on cases are judged by it.
    private func confirmOverride(
        _ proposal: RuleProposal, _ reference: EntryReference, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        let fields = proposal.higherRule.sorted { $0.key < $1.key }
            .map { FieldValue($0.key, .string($0.value), .internal) }
        guard fields.count == 3 else { throw StepRefusal(.outOfOrder, "拟定的内容已经销毁，不能确认。请撤回后重新拟定。") }
        return try await record(
            [
                Fact(
                    .ruleOverridden, in: chambers.thread, plain: .object(proposal.members), fields: fields,
                    references: [reference]),
                notice(.ruleOverridden, proposal.proposedBy ?? performer.tag, about: [reference]),
            ], by: .person(performer.tag), command: command)
    }

    /// Turns a prepared change down (agency head), or takes it back (administrator).
    public func declineProposal(
        _ seq: Int, reason: String, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try performer.require(.agencyHead, .administrator)
        return try await once(command) { () async throws(StepRefusal) in
            var form = FormText()
            let why = form.required(reason, "reason", "理由", limit: 300)
            try form.finish()
            let (_, reference) = try await proposal(seq, try await chambers.records())
            return try await record(
                [
                    Fact(
                        .ruleDeclined, in: try await chambers.profile().thread,
                        fields: [.init("reason", .string(why), .officer)], references: [reference])
                ], by: .person(performer.tag), command: command)
        }
    }

    /// The agency head stands by a text that the founding took into force, and chooses approver and custodian.
    public func confirmRegulation(
        _ digest: Digest, approver: Role?, custodian: Role?, reason: String, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try performer.require(.agencyHead)
        try performer.requireSecret()
        return try await once(command) { () async throws(StepRefusal) in
            let law = try await chambers.law()
            guard let span = law.rules.spans.first(where: { $0.digest == digest }) else {
                throw StepRefusal(.notFound, "这个制度没有施行。")
            }
            guard BureauUpkeep(try await chambers.records()).approvals[digest]?.by == nil else {
                throw StepRefusal(.outOfOrder, "这个制度已经由负责人确认过。")
            }
            var form = FormText()
            let why = form.required(reason, "reason", "依据或者文号", limit: 300)
            var plain: [JSON.Member] = []
            // Parent law names its own approvers; only a bureau's own text leaves the choice.
            if span.regulation.standing == .own {
                plain += RuleChange.choices(approver: approver, custodian: custodian, &form)
            }
            try form.finish()
            plain.append(.init("digest", .string(digest.description)))
            plain.append(.init("regulation", .string(span.regulation.id)))
            return try await record(
                [
                    Fact(
                        .regulationConfirmed, in: try await chambers.profile().thread, plain: .object(plain),
                        fields: [.init("reason", .string(why), .officer)])
                ], by: .person(performer.tag), command: command)
        }
    }

    private func proposal(
        _ seq: Int, _ history: [Record]
    ) async throws(StepRefusal) -> (RuleProposal, EntryReference) {
        guard let proposal = BureauUpkeep(history).proposals.first(where: { $0.seq == seq }) else {
            throw StepRefusal(.outOfOrder, "这项变更已经确认或者撤回。")
        }
        do {
            guard
                let logged = try await store.entries(of: try await chambers.profile().thread, from: seq).first
            else { throw StepRefusal(.notFound, "没有找到这项变更。") }
            return (proposal, EntryReference("proposal", logged.entry))
        } catch let error as StoreError {
            throw StepRefusal(error)
        } catch {
            throw (error as? StepRefusal) ?? StepRefusal(.fault, "系统出现故障：\(error)")
        }
    }

    /// Reads the rules as they would be after the change.
    private func tryOut(
        _ act: RuleAct, _ members: [JSON.Member], reason: String, after history: [Record], library: RuleLibrary
    ) async throws(StepRefusal) {
        guard let thread = history.first?.thread else { return }
        let record = Record(
            thread: thread, seq: history.count + 1, type: act.entryType, recordedAt: now, plain: .object(members))
        do {
            _ = try RulesInForce(bureau: history + [record], library: library)
        } catch {
            throw StepRefusal(.outOfOrder, error.chinese)
        }
    }
}
