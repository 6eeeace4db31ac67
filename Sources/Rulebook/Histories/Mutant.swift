import Casework

/// A text in which one row says less: if no history of the row notices, the row is not tested.
struct Mutant {
    /// What was changed, in Chinese.
    let what: String
    /// The changed text.
    let text: Regulation

    /// Every mutant of one row: all of it taken out, then each duty, permission and figure taken out or neutralised alone.
    static func all(of row: String, in text: Regulation) -> [Mutant] {
        guard let place = text.provisions.firstIndex(where: { $0.id == row }) else { return [] }
        func changed(_ what: String, _ change: (inout Provision) -> Void) -> Mutant {
            var copy = text
            change(&copy.provisions[place])
            return Mutant(what: what, text: copy)
        }
        let provision = text.provisions[place]
        guard provision.kind != .policy else { return [] }
        var result = [
            changed("取消整条") {
                $0.duties = []
                $0.allows = []
                $0.figures = []
            }
        ]
        for (number, duty) in provision.duties.enumerated() {
            let name = "第\(number + 1)项义务"
            if provision.duties.count > 1 {
                // Taken out by a trigger that nothing meets, so that the other duties keep their numbers.
                result.append(changed("取消\(name)") { $0.duties[number].trigger = Pattern([]) })
            }
            if !isMetByTheCause(duty) {
                result.append(
                    changed("\(name)不问即算履行") { $0.duties[number].requirement = Mutant.metByTheCause(of: duty) })
            }
            if duty.gate.level != .none { result.append(changed("\(name)去掉关口") { $0.duties[number].gate = .open }) }
            if duty.timing.term != nil { result.append(changed("\(name)去掉期限") { $0.duties[number].timing.term = nil }) }
            if duty.timing.reminder != nil {
                result.append(changed("\(name)去掉提醒（remind）") { $0.duties[number].timing.reminder = nil })
                result.append(
                    changed("\(name)把提醒当作期限（remind）") {
                        $0.duties[number].timing.term = duty.timing.reminder
                        $0.duties[number].timing.reminder = nil
                    })
            }
            if !duty.timing.before.isEmpty {
                result.append(changed("\(name)去掉先后次序") { $0.duties[number].timing.before = [] })
            }
            result += exceptions(of: duty, named: name) { what, change in
                changed(what) { change(&$0.duties[number]) }
            }
        }
        for (number, allowance) in provision.allows.enumerated() {
            guard let level = allowance.level, let weaker = AVLevel.allCases.filter({ $0 < level }).max() else {
                continue
            }
            result.append(changed("第\(number + 1)项许可降低音像要求（level）") { $0.allows[number].level = weaker })
        }
        if provision.allows.count + provision.figures.count > 1 || !provision.duties.isEmpty {
            for number in provision.allows.indices {
                result.append(changed("取消第\(number + 1)项许可") { $0.allows.remove(at: number) })
            }
            for number in provision.figures.indices {
                result.append(changed("取消第\(number + 1)项指标") { $0.figures.remove(at: number) })
            }
        }
        return result
    }

    /// Mutants of what bends a duty: each exception and each lapse taken out, its turns taken out, its level weakened, its
    /// term open to one more change or closed to one.
    private static func exceptions(
        of duty: Duty, named name: String, _ changed: (String, @escaping (inout Duty) -> Void) -> Mutant
    ) -> [Mutant] {
        var result: [Mutant] = []
        if !duty.yields { result.append(changed("\(name)让位于上位规定（yields）") { $0.yields = true }) }
        if !duty.excuses.isEmpty { result.append(changed("\(name)去掉例外（unless）") { $0.excuses = [] }) }
        if !duty.lapses.isEmpty { result.append(changed("\(name)去掉失效（lapses）") { $0.lapses = [] }) }
        if duty.occurrence == .each {
            for other in [Duty.Occurrence.first, .last] {
                result.append(changed("\(name)只看一次（occurrence: \(other.rawValue)）") { $0.occurrence = other })
            }
        }
        if duty.occurrence == .corrected {
            result.append(changed("\(name)早先的也算数（occurrence: last）") { $0.occurrence = .last })
        }
        for (what, requirement) in duty.requirement.weakened {
            result.append(changed("\(name)\(what)") { $0.requirement = requirement })
        }
        if duty.recurrence != nil { result.append(changed("\(name)不再重复（every）") { $0.recurrence = nil }) }
        if let level = duty.level, level != .none {
            let weaker = AVLevel.allCases.filter { $0 < level }.max()
            result.append(changed("\(name)降低音像要求（level）") { $0.level = weaker })
        }
        if duty.timing.term?.then.isEmpty == false {
            result.append(changed("\(name)没有后续的期限（then）") { $0.timing.term?.then = [] })
        }
        if let term = duty.timing.term, !term.changes.isEmpty {
            result.append(changed("\(name)期限不得变动（may-be）") { $0.timing.term?.changes = [] })
            if term.extension != nil {
                result.append(changed("\(name)没有别的延长（extended-by）") { $0.timing.term?.extension = nil })
            }
            if term.extension?.most != nil {
                result.append(changed("\(name)延长没有限度（at-most）") { $0.timing.term?.extension?.most = nil })
            }
            if term.most != nil {
                result.append(changed("\(name)延长没有限度（at-most）") { $0.timing.term?.most = nil })
            }
            if term.changes.count < Term.Change.allCases.count {
                result.append(
                    changed("\(name)期限任意变动（may-be）") { $0.timing.term?.changes = Set(Term.Change.allCases) })
            }
        }
        return result
    }

    /// Whether a duty asks nothing but its term: that the causing record is there in time.
    private static func isMetByTheCause(_ duty: Duty) -> Bool {
        guard case .record(let wanted) = duty.requirement else { return false }
        return wanted.tie == .itself && wanted.pattern.conditions.isEmpty && wanted.fields.isEmpty
    }

    /// Met at once by the record that causes it.
    private static func metByTheCause(of duty: Duty) -> Requirement {
        .record(RecordRequirement(Pattern(duty.trigger.types), tie: .itself))
    }
}
