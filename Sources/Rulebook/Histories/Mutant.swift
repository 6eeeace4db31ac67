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
            result.append(changed("\(name)不问即算履行") { $0.duties[number].requirement = Mutant.metByTheCause(of: duty) })
            if duty.gate.level != .none { result.append(changed("\(name)去掉关口") { $0.duties[number].gate = .open }) }
            if duty.timing.term != nil { result.append(changed("\(name)去掉期限") { $0.duties[number].timing.term = nil }) }
            if !duty.timing.before.isEmpty {
                result.append(changed("\(name)去掉先后次序") { $0.duties[number].timing.before = [] })
            }
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

    /// Met at once by the record that causes it.
    private static func metByTheCause(of duty: Duty) -> Requirement {
        .record(RecordRequirement(Pattern(duty.trigger.types), tie: .itself))
    }
}
