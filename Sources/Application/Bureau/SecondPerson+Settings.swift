import Casework
import Kernel
import Ledger

/// What a bureau sets about itself, and public holidays, which move every term: one administrator alone changes them
/// only while the bureau is being set up (design, invariant 9: the bureau chooses; ADR 0030, 0046).
extension Casebook {
    /// Settings that change at once, or wait for a second person, as facts of the bureau's thread.
    ///
    /// While the bureau is being set up one person sets them. Once it works every one of them waits: in whose name papers
    /// go out, whose superior is named to the party for an appeal, from where numbers run, what the texts leave to it.
    func facts(
        setting members: [JSON.Member], reason: String
    ) async throws(StepRefusal) -> (facts: [Fact], waits: Bool) {
        guard !members.isEmpty else { return ([], false) }
        let thread = chambers.thread
        let upkeep = try await chambers.upkeep()
        guard upkeep.isFounded else {
            return (
                [Fact(.bureauSettingsChanged, in: thread, fields: [.init("settings", .object(members), .officer)])],
                false
            )
        }
        var form = FormText()
        let why = form.required(reason, "reason", "理由或者文号", limit: 300)
        try form.finish()
        let before = try await valuesInForce(of: members.map(\.key))
        try requireFree(
            .settings(
                members.compactMap { member in
                    SettingProposal.Setting.Value(member.value).map { .init(name: member.key, value: $0, before: nil) }
                }), upkeep)
        return (
            [
                Fact(
                    .settingsProposed, in: thread,
                    fields: [
                        .init("settings", .object(members), .officer), .init("before", .object(before), .officer),
                        .init("reason", .string(why), .officer),
                    ])
            ], true
        )
    }

    /// A year's public holidays, adopted at once or prepared for a second person.
    func facts(
        adopting calendar: LoadedCalendar, replacing: Digest?
    ) async throws(StepRefusal) -> (facts: [Fact], waits: Bool) {
        let upkeep = try await chambers.upkeep()
        let year = calendar.year.year
        var plain: [JSON.Member] = [
            .init("digest", .string(calendar.digest.description)), .init("year", .integer(Int64(year))),
        ]
        guard upkeep.isFounded else {
            return ([Fact(.calendarAdopted, in: chambers.thread, plain: .object(plain))], false)
        }
        try requireFree(.calendar(year: year, digest: calendar.digest, replaces: replacing), upkeep)
        if let replacing { plain.append(.init("replaces", .string(replacing.description))) }
        let reason: [FieldValue] = [.init("reason", .string(calendar.year.source), .officer)]
        return ([Fact(.calendarProposed, in: chambers.thread, plain: .object(plain), fields: reason)], true)
    }

    /// Two changes of one thing would wait side by side, and whoever confirmed the second would undo the first unseen.
    private func requireFree(
        _ content: SettingProposal.Content, _ upkeep: BureauUpkeep
    ) throws(StepRefusal) {
        guard !upkeep.settingProposals.contains(where: { $0.concernsSame(as: content) }) else {
            throw StepRefusal(.outOfOrder, "这一项已经拟好变更，正等第二人确认。要改动的，请先在“待确认事项”里撤回。")
        }
    }

    /// Carries prepared settings or public holidays out, and tells everybody.
    public func confirmSettings(_ seq: Int, command: CommandID, by performer: Performer) async throws(StepRefusal)
        -> AppendReceipt
    {
        try performer.requireSecret()
        return try await once(command) { () async throws(StepRefusal) in
            let (proposal, reference) = try await settingProposal(seq)
            try await require(performer, confirms: nil, besides: proposal.proposedBy)
            try await requireUnmoved(proposal)
            let change: Fact
            switch proposal.content {
            case .settings(let settings):
                let members = settings.map { JSON.Member($0.name, $0.value.json) }
                change = Fact(
                    .bureauSettingsChanged, in: chambers.thread,
                    fields: [.init("settings", .object(members), .officer)],
                    references: [reference])
            case .calendar(let year, let digest, _):
                change = Fact(
                    .calendarAdopted, in: chambers.thread,
                    plain: ["digest": .string(digest.description), "year": .integer(Int64(year))],
                    references: [reference])
            }
            let told = notice(.settingsChanged, proposal.proposedBy ?? performer.tag, about: [reference])
            return try await record([change, told], by: .person(performer.tag), command: command)
        }
    }

    /// Turns prepared settings down (whoever could confirm them), or takes them back (administrator).
    public func declineSettings(
        _ seq: Int, reason: String, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            let (proposal, reference) = try await settingProposal(seq)
            if !performer.has(.administrator) {
                try await require(performer, confirms: nil, besides: proposal.proposedBy)
            }
            var form = FormText()
            let why = form.required(reason, "reason", "理由", limit: 300)
            try form.finish()
            var facts = [
                Fact(
                    .settingsDeclined, in: chambers.thread, fields: [.init("reason", .string(why), .officer)],
                    references: [reference])
            ]
            // Who takes their own proposal back knows it.
            if let preparer = proposal.proposedBy, preparer != performer.tag {
                facts.append(notice(.settingsDeclined, preparer, about: [reference]))
            }
            return try await record(facts, by: .person(performer.tag), command: command)
        }
    }

    /// Refuses what no longer starts from what holds: the second person saw another old value.
    private func requireUnmoved(_ proposal: SettingProposal) async throws(StepRefusal) {
        let moved: Bool
        switch proposal.content {
        case .settings(let settings):
            let now = JSON.object(try await valuesInForce(of: settings.map(\.name)))
            moved = settings.contains { SettingProposal.Setting.Value(now[$0.name]) != $0.before }
            if !moved { try await requirePossible(settings) }
        case .calendar(let year, let digest, let replaces):
            moved = try await chambers.profile().calendars[year] != replaces
            guard try await chambers.law().library.calendars.contains(where: { $0.digest == digest }) else {
                throw StepRefusal(.notFound, "\(year)年放假安排的文件不在程序的制度目录里了，请放回以后再确认。")
            }
        }
        guard !moved else {
            throw StepRefusal(.stale, "拟定以后，现行的设置又有变化。请不同意这一项，由系统管理员重新拟定。")
        }
    }

    /// Refuses what may not be set any more: a number given out meanwhile, or one outside the range that a newer text
    /// allows.
    private func requirePossible(_ settings: [SettingProposal.Setting]) async throws(StepRefusal) {
        let declared = try await chambers.law().rules.declaredSettings(on: now.day)
        for setting in settings {
            guard case .number(let number) = setting.value else { continue }
            if let first = BureauSettings.FirstNumber(setting: setting.name, number: Int(number)) {
                let last: Int
                do { last = try await registers.lastNumber(kind: first.kind, year: first.year) } catch {
                    throw StepRefusal(error)
                }
                guard first.number > last else {
                    throw StepRefusal(.stale, "拟定以后，这种文书已经用到第 \(last) 号，起始号不能再改小。请不同意这一项，由系统管理员重新拟定。")
                }
            } else if let known = declared.first(where: { $0.name == setting.name }),
                !known.range.contains(Int(number))
            {
                throw StepRefusal(
                    .stale,
                    "\(known.question)只能是\(known.bounds)（\(known.source)）。请不同意这一项，由系统管理员重新拟定。"
                )
            }
        }
    }

    /// The values of settings that wait for a second person, as they hold now, in the order of `names`.
    func valuesInForce(of names: [String]) async throws(StepRefusal) -> [JSON.Member] {
        let (law, profile) = (try await chambers.law(), try await chambers.profile())
        let (numbers, offices) = (law.rules.declaredSettings(on: now.day), law.rules.declaredOffices(on: now.day))
        return names.compactMap { name in
            switch name {
            case "name": return .init(name, .string(profile.name))
            case "letterhead": return .init(name, .string(profile.letterhead))
            case "region": return .init(name, .string(profile.region))
            case "superior": return .init(name, .string(profile.superior))
            case "documentMark": return .init(name, profile.settings[name] ?? "")
            default: break
            }
            if let first = BureauSettings.FirstNumber(setting: name, number: 1) {
                return .init(name, .integer(Int64(profile.firstNumber(of: first.kind, in: first.year))))
            }
            if let number = numbers.first(where: { $0.name == name }) {
                return .init(name, profile.settings[name] ?? .integer(Int64(number.standard)))
            }
            return offices.first { $0.name == name }.map {
                .init(name, .string(law.rules.holder(of: $0, law.settings, on: now.day)))
            }
        }
    }

    private func settingProposal(_ seq: Int) async throws(StepRefusal) -> (SettingProposal, EntryReference) {
        guard let proposal = try await chambers.upkeep().settingProposals.first(where: { $0.seq == seq }) else {
            throw StepRefusal(.outOfOrder, "这项变更已经确认或者撤回。")
        }
        let logged: LoggedEntry?
        do { logged = try await store.entries(of: chambers.thread, from: seq).first } catch {
            throw StepRefusal(error)
        }
        guard let logged else { throw StepRefusal(.notFound, "没有找到这项变更。") }
        return (proposal, EntryReference("proposal", logged.entry))
    }
}
