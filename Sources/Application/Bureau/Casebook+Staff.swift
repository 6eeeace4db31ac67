import Casework
import Kernel
import Ledger

extension Casebook {
    /// Registers persons with roles and accounts, all of them or none; only the administrator may.
    public func register(_ persons: [NewPerson], command: CommandID, by performer: Performer) async throws(StepRefusal)
        -> AppendReceipt
    {
        try performer.require(.administrator)
        try performer.requireSecret()
        return try await once(command) { () async throws(StepRefusal) in
            var facts: [Fact] = []
            var waits = false
            for person in persons {
                var person = person
                // Who registers somebody with an account knows its one-time secret, as with a reset.
                let held = person.account == nil ? [] : try await hold(person.thread)
                let deciding = person.roles.filter(Role.deciding.contains)
                guard !deciding.isEmpty, try await chambers.upkeep().isFounded else {
                    facts += try person.facts() + held
                    continue
                }
                // The person is registered at once; the roles that decide come with a second person's word.
                let roles = person.roles
                person.roles = roles.filter { !Role.deciding.contains($0) }
                facts += try person.facts() + held
                let change = try await self.facts(
                    granting: deciding, withdrawing: [], of: person.thread, on: now.day, reason: "登记人员",
                    by: performer.tag)
                facts += change.facts
                waits = waits || change.waits
            }
            return try await record(
                facts, by: .person(performer.tag), command: command,
                answer: [
                    "threads": .array(persons.map { .string($0.thread.description) }), "waits": .boolean(waits),
                ])
        }
    }

    /// Registers one person.
    public func register(_ person: NewPerson, command: CommandID, by performer: Performer) async throws(StepRefusal)
        -> AppendReceipt
    {
        try await register([person], command: command, by: performer)
    }

    /// Gives a person exactly these roles from a day on, with the reason; only the administrator may, and never for
    /// themselves. Roles that decide wait for a second person (`waits` in the answer).
    public func change(
        roles: Set<Role>, of person: ThreadTag, on day: CivilDay, reason: String, command: CommandID,
        by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        let known = try await other(person, than: performer, doing: "更改自己的职责")
        return try await once(command) { () async throws(StepRefusal) in
            var form = FormText()
            let why = form.required(reason, "reason", "更改理由", limit: 200)
            // A role holds from the entry on; a later day would be a promise that nothing keeps.
            if day > now.day { form.fail("day", "不能提前登记。请在\(day.chinese)当天办理。") }
            let granted = Role.allCases.filter { roles.contains($0) && !known.roles.contains($0) }
            let withdrawn = Role.allCases.filter { !roles.contains($0) && known.roles.contains($0) }
            if granted.isEmpty, withdrawn.isEmpty { form.fail("roles", "职责没有变化。") }
            try form.finish()
            let upkeep = try await chambers.upkeep()
            guard
                !upkeep.roleProposals.contains(where: {
                    $0.person == person && Set($0.granted) == Set(granted) && Set($0.withdrawn) == Set(withdrawn)
                })
            else { throw StepRefusal(.outOfOrder, "同样的职责变更已经拟好，正等第二人确认。") }
            let change = try await facts(
                granting: granted, withdrawing: withdrawn, of: person, on: day, reason: why, by: performer.tag)
            return try await record(
                change.facts, by: .person(performer.tag), command: command, answer: ["waits": .boolean(change.waits)])
        }
    }

    /// Records changed data of a person; only the administrator may. Once the bureau works a name, and a certificate that
    /// becomes another or lasts longer, wait for a second person (`waits` in the answer).
    ///
    /// - Parameters:
    ///   - reason: why; asked for what waits.
    ///   - seq: how many entries the person's thread had when the form was drawn; nil where there was no form.
    public func amend(
        _ change: PersonChange, of person: ThreadTag, reason: String = "", expecting seq: Int? = nil,
        command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try performer.require(.administrator)
        try performer.requireSecret()
        return try await once(command) { () async throws(StepRefusal) in
            let before = try await records(of: person).own
            if let seq, before.count != seq {
                throw StepRefusal(.stale, "您打开页面之后，这名人员的登记又有变化。请看看新的内容，再决定是否提交。已填内容都还在。")
            }
            let differences = try change.differences(after: before)
            guard !differences.isEmpty else {
                throw StepRefusal(fields: [.init("name", "没有需要保存的更改。")])
            }
            let changed = try await facts(
                changing: differences, of: person, registered: PersonChange(before), reason: reason)
            return try await record(
                changed.facts, by: .person(performer.tag), command: command,
                answer: ["waits": .boolean(changed.waits)])
        }
    }

    /// Opens an account for a person who has none, or whose account was closed; its name cannot change any more.
    public func openAccount(
        named account: String, of person: ThreadTag, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        let known = try await other(person, than: performer, doing: "为自己开通账号")
        return try await once(command) { () async throws(StepRefusal) in
            guard known.accountState == .none || known.accountState == .closed else {
                throw StepRefusal(.outOfOrder, "\(known.name)已有账号 \(known.account ?? "")。")
            }
            let name = known.account ?? account
            guard NewPerson.isAccountName(name) else {
                throw StepRefusal(fields: [.init("account", NewPerson.accountRule)])
            }
            // Who opens it knows the one-time secret, as with a reset.
            let held = try await hold(person)
            return try await record(
                [Fact(.accountOpened, in: person, plain: ["account": .string(name)])] + held,
                by: .person(performer.tag), command: command)
        }
    }

    /// Records that an account gets a new one-time secret: it reads, but does not approve until its person confirms
    /// (design, invariant 8). The secret itself is set afterwards; if we die between, nobody can sign in with either.
    public func resetAccount(
        of person: ThreadTag, reason: String, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        let known = try await other(person, than: performer, doing: "重置自己的密码")
        return try await once(command) { () async throws(StepRefusal) in
            guard known.isActive else {
                throw StepRefusal(.outOfOrder, "\(known.name)没有可以重置的账号。")
            }
            var form = FormText()
            let why = form.required(reason, "reason", "重置理由", limit: 200)
            try form.finish()
            return try await record(
                [
                    Fact(
                        .accountReset, in: person, plain: ["by": "admin"],
                        fields: [.init("reason", .string(why), .officer)]), notice(.resetByAdmin, person),
                ], by: .person(performer.tag), command: command)
        }
    }

    /// Closes an account. Person and name stay, so that what they did keeps its name. What others can take over has to be
    /// handed over first.
    public func closeAccount(
        of person: ThreadTag, reason: String, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        let known = try await other(person, than: performer, doing: "停用自己的账号")
        return try await once(command) { () async throws(StepRefusal) in
            guard known.isActive else {
                throw StepRefusal(.outOfOrder, "\(known.name)没有在用的账号。")
            }
            var form = FormText()
            let why = form.required(reason, "reason", "停用理由", limit: 200)
            try form.finish()
            try await requireHandedOver(known)
            var facts = [Fact(.accountClosed, in: person, fields: [.init("reason", .string(why), .officer)])]
            if known.roles.contains(.agencyHead) { facts.append(notice(.headClosed, person)) }
            return try await record(
                facts, by: .person(performer.tag), command: command)
        }
    }

    /// The lost secret of an administrator, mended on the server itself: an entry in the person's thread, and one that
    /// everybody is shown at the next sign-in.
    ///
    /// - Parameter bureau: the bureau's own thread.
    public func resetOnServer(
        _ person: PersonRow, bureau: ThreadTag, reason: String, command: CommandID
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            guard person.isActive else {
                throw StepRefusal(.outOfOrder, "\(person.name)没有可以重置的账号。")
            }
            var form = FormText()
            let why = form.required(reason, "reason", "重置理由", limit: 200)
            try form.finish()
            return try await record(
                [
                    Fact(
                        .accountReset, in: person.thread, plain: ["by": "server"],
                        fields: [.init("reason", .string(why), .officer)]),
                    Fact(
                        .noticePosted, in: bureau,
                        plain: ["kind": "accountReset", "person": .string(person.thread.description)]),
                ], by: .system, command: command)
        }
    }

    /// A registered person who is not the performer; the performer is an administrator with the secret given again.
    private func other(
        _ person: ThreadTag, than performer: Performer, doing what: String
    ) async throws(StepRefusal) -> PersonRow {
        try performer.require(.administrator)
        try performer.requireSecret()
        guard person != performer.tag else {
            throw StepRefusal(.notAllowed, "不能\(what)，请由另一名系统管理员办理。")
        }
        let known: PersonRow?
        do { known = try await registers.person(person) } catch { throw StepRefusal(error) }
        guard let known else { throw StepRefusal(.notFound, "没有找到这名人员。") }
        return known
    }
}
