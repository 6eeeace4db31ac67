import Casework
import Kernel
import Ledger

/// The system administrator and a second person, who decide together that recording goes on where it had to stop.
public struct TwoPersons: Sendable {
    /// The administrator, in whose name the decision is recorded.
    public let administrator: Performer
    /// The person who confirms it.
    public let second: Performer

    /// Two persons, each with their own secret.
    ///
    /// - Throws: `StepRefusal` if the first is no administrator, both are one person, or one has not confirmed.
    public init(administrator: Performer, second: Performer) throws(StepRefusal) {
        try administrator.require(.administrator)
        try administrator.requireSecret()
        try second.requireSecret()
        guard administrator.tag != second.tag else {
            throw StepRefusal(.notAllowed, "这一步须由两个人共同决定，系统管理员不能同时是第二人。")
        }
        self.administrator = administrator
        self.second = second
    }
}

extension Casebook {
    /// The administrator and a second person who is somebody in the bureau: whoever may confirm what the administrator
    /// prepared. An account that the administrator made and nobody vouched for is no second person.
    ///
    /// - Throws: `StepRefusal` as `TwoPersons` does, and if somebody else would have to confirm; their names are told.
    public func twoPersons(
        administrator: Performer, second: Performer
    ) async throws(StepRefusal) -> TwoPersons {
        let both = try TwoPersons(administrator: administrator, second: second)
        let persons: [PersonRow]
        do { persons = try await registers.persons() } catch { throw StepRefusal(error) }
        let able = persons.filter { person in
            person.thread != administrator.tag && person.accountState == .open
                && person.roles.contains { Role.deciding.contains($0) && $0 != .administrator }
        }
        let heads = able.filter { $0.roles.contains(.agencyHead) }
        let asked = heads.isEmpty ? able : heads
        guard asked.isEmpty || asked.contains(where: { $0.thread == second.tag }) else {
            let names = asked.map(\.name).sorted().joined(separator: "、")
            throw StepRefusal(.notAllowed, "\(second.person.name)不能作第二人。请由\(names)确认。")
        }
        return both
    }

    /// Lets recording go on after the clock had stopped it: the one entry that may carry an earlier time. It keeps how far the
    /// clock was off and what it said then: the clock may have been set right since, and the mark of the stop goes.
    ///
    /// - Throws: `StepRefusal.outOfOrder` if it is not the clock that has stopped recording.
    public func resumeClock(
        reason: String, command: CommandID, by persons: TwoPersons
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            guard let stop = store.clockStop() else {
                throw StepRefusal(.outOfOrder, "记录没有因为时钟而停止，不需要确认时钟。")
            }
            var form = FormText()
            let reason = form.required(reason, "reason", "原因")
            try form.finish()
            var plain: [JSON.Member] = [
                .init("clockAt", .integer(stop.now.milliseconds)),
                .init("confirmedBy", .string(persons.second.tag.description)),
                .init("offBy", .integer(stop.verdict.milliseconds)),
            ]
            if let at = stop.stoppedAt { plain.append(.init("stoppedAt", .integer(at.milliseconds))) }
            plain.append(.init("storedAt", .integer(stop.lastEntry.milliseconds)))
            if let word = stop.verdict.word { plain.append(.init("verdict", .string(word))) }
            let fact = Fact(
                .clockResumed, in: chambers.thread, plain: .object(plain),
                fields: [.init("reason", .string(reason), .officer)])
            return try await record([fact], by: .person(persons.administrator.tag), command: command)
        }
    }

    /// Goes on without a lock file, by a checkpoint of the whole ledger: both persons say that nothing followed it.
    /// Everybody is told, so that whoever misses a record of theirs can say so.
    public func adoptLock(
        reason: String, command: CommandID, by persons: TwoPersons
    ) async throws(StepRefusal) -> AppendReceipt {
        var form = FormText()
        let reason = form.required(reason, "reason", "原因")
        try form.finish()
        let head: SignedHead
        do { head = try await store.signedHead() } catch { throw StepRefusal(error) }
        let fact = Fact(
            .lockAdopted, in: chambers.thread,
            plain: [
                "confirmedBy": .string(persons.second.tag.description), "root": .string(head.root.description),
                "size": .integer(head.size),
            ], fields: [.init("reason", .string(reason), .officer)])
        return try await record(
            [fact, notice(.lockAdopted, persons.administrator.tag)], by: .person(persons.administrator.tag),
            command: command)
    }

    /// The first entries of a log that begins after records were lost, or to change the key: the decision, the log's key,
    /// and, where records were lost, from which number on documents are numbered.
    ///
    /// They are sealed here and appended by the store together with the log itself.
    ///
    /// - Parameters:
    ///   - previousOrigin: the log of the last known head.
    ///   - previousNote: that head as it was signed; nil if nothing later than what survived is known.
    ///   - numberRoom: how many documents of each kind may have been issued in what is lost: their numbers are left free.
    public func nextLog(
        _ succession: LogSuccession, previousOrigin: String, previousNote: [UInt8]?, key: VerifierKey,
        numberRoom: Int? = nil, reason: String, command: CommandID, by persons: TwoPersons
    ) async throws(StepRefusal) -> AppendRequest {
        var form = FormText()
        let reason = form.required(reason, "reason", "原因")
        try form.finish()
        var fields: [FieldValue] = [
            .init("previousOrigin", .string(previousOrigin), .officer), .init("reason", .string(reason), .officer),
        ]
        if let previousNote {
            fields.append(.init("previousCheckpoint", .string(String(decoding: previousNote, as: UTF8.self)), .officer))
        }
        guard succession.isRotation == (numberRoom == nil), numberRoom ?? 0 >= 0 else {
            throw StepRefusal(.invalid, "记录丢失的，要说明每种文书最多可能已用去多少个文号；只换密钥的不用说明。")
        }
        var decided: [JSON.Member] = [
            .init("confirmedBy", .string(persons.second.tag.description)),
            .init("decidedBy", .string(persons.administrator.tag.description)),
        ]
        if let numberRoom { decided.append(.init("numberRoom", .integer(Int64(numberRoom)))) }
        var facts = [
            Fact(.logOpened, in: chambers.thread, plain: .object(succession.members + decided), fields: fields),
            Fact(
                .keyPublished, in: chambers.thread, plain: ["keyId": .string("\(key.id)"), "use": "log"],
                fields: [.init("vkey", .string(key.description), .officer)]),
        ]
        if let numberRoom, numberRoom > 0 {
            let numbers = try await numbersAfterLoss(room: numberRoom, since: succession.gapFrom)
            let settings = numbers.map { JSON.Member($0.setting, .integer(Int64($0.number))) }
            if !settings.isEmpty {
                facts.append(
                    Fact(
                        .bureauSettingsChanged, in: chambers.thread,
                        fields: [.init("settings", .object(settings), .officer)]))
            }
        }
        let heads = try await heads(of: facts, known: [:])
        do {
            let entries = try scribe.seal(
                facts, after: heads, by: .person(persons.administrator.tag), command: command, at: now)
            return AppendRequest(command: command, entries: entries)
        } catch {
            throw StepRefusal(.fault, "系统出现故障，未作任何更改（\(error)）。")
        }
    }
}
