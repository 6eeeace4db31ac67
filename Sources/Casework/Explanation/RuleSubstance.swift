/// Writes the parts of a rule in one canonical way and without its wording: parts that are written alike are judged
/// alike. Where order decides nothing, words are sorted. The text is for comparing, nobody reads it.
struct RuleSubstance {
    /// Numbers and offices that the text leaves to the bureau.
    let settings: [SettingDeclaration]
    let offices: [OfficeDeclaration]
    /// The text's own id: what each text says of itself is the same.
    var text = ""

    /// Of what the rule speaks and whom it leaves out.
    func condition(of duty: Duty) -> String {
        // What is usual is left out, so that a duty and a permission of the same thing speak alike.
        let further = [
            duty.occurrence == .first ? "" : duty.occurrence.rawValue, duty.recurrence.map { "\($0)" } ?? "",
            patterns(duty.excuses), patterns(duty.lapses), duty.yields ? "" : "holds under a higher rule",
        ]
        return pattern(duty.trigger) + (further.allSatisfy(\.isEmpty) ? "" : " ; \(further)")
    }

    func term(of duty: Duty) -> String {
        guard duty.timing != .none else { return "" }
        let reminder = duty.timing.reminder.map { ["remind \(term($0))"] } ?? []
        return
            ([duty.timing.term.map(term) ?? "", patterns(duty.timing.before), source(duty.metAt)]
            + duty.metAtElse.map(source) + reminder)
            .joined(separator: " ; ")
    }

    func gate(of duty: Duty) -> String {
        let gate = duty.gate
        guard gate != .open else { return "" }
        return "\(gate.level.rawValue) \(patterns(gate.refuses)) \(gate.overridableBy.map(\.rawValue).sorted())"
    }

    /// Who has to act: an office that the text leaves to the bureau is not the same as one that it names.
    func holder(of duty: Duty) -> String {
        duty.who.rawValue + (duty.office.map { " as \(office($0))" } ?? "")
    }

    // MARK: patterns

    func patterns(_ patterns: [Pattern]) -> String { patterns.map(pattern).sorted().joined(separator: " | ") }

    func pattern(_ pattern: Pattern) -> String {
        "\(Set(pattern.types.map(\.rawValue)).sorted())\(conditions(pattern.conditions))"
    }

    func conditions(_ conditions: [Condition]) -> String {
        guard !conditions.isEmpty else { return "" }
        return "{\(conditions.map { "\($0.path.description) \(test($0.test))" }.sorted().joined(separator: " & "))}"
    }

    private func test(_ test: Condition.Test) -> String {
        switch test {
        case .isOne(let words): "is \(words.map(ownless).sorted())"
        case .isNone(let words): "not \(words.map(ownless).sorted())"
        case .present: "present"
        case .absent: "absent"
        case .includes(let words): "includes \(words.map(ownless).sorted())"
        case .count(let least): "count \(quantity(least))"
        case .atLeast(let least): "least \(quantity(least))"
        case .atMost(let most): "most \(quantity(most))"
        case .within(let bound): "within \(quantity(bound))"
        case .notAmong(let paths): "not among \(paths.map(\.description).sorted())"
        case .among(let paths): "among \(paths.map(\.description).sorted())"
        case .amongOf(let paths, let whole):
            "among \(paths.map(\.description).sorted()) of \(whole.map(\.description).sorted())"
        case .toldAmong(let paths): "told among \(paths.map(\.description).sorted())"
        case .office(let name): "office \(office(name))"
        case .share(let percent, let whole, let further):
            "share \(quantity(percent)) of \(whole)\(further.map { " with \($0)" } ?? "")"
        case .notAfter(let other): "not after \(other)"
        case .notBefore(let other): "not before \(other)"
        case .notToldAfter(let other): "not told after \(other)"
        case .filledIn(let other): "filled in \(other)"
        case .penalties(let kinds): "penalties \(kinds.sorted())"
        case .outside(let hours): "outside \(hours.map(\.rawValue).sorted())"
        }
    }

    private func ownless(_ word: String) -> String {
        word == text ? "this text" : word.hasPrefix("\(text):") && !text.isEmpty ? "a row of this text" : word
    }

    /// A number that a text fixes is not the same as one that it leaves to the bureau.
    private func quantity(_ quantity: Quantity) -> String {
        switch quantity {
        case .fixed(let number): "\(number)"
        case .setting(let name): settings.first { $0.name == name }.map { "\($0.standard) in \($0.range)" } ?? name
        }
    }

    private func office(_ name: String) -> String {
        offices.first { $0.name == name }.map { "\($0.standard) of \($0.choices.sorted())" } ?? name
    }

    // MARK: requirements

    func requirement(_ requirement: Requirement) -> String {
        switch requirement {
        case .never: "never"
        case .elapsed(let length): "elapsed \(term(length))"
        case .all(let parts): "all \(parts.map(self.requirement).sorted())"
        case .any(let parts): "any \(parts.map(self.requirement).sorted())"
        case .record(let wanted):
            "record \(pattern(wanted.pattern)) \(wanted.tie) \(wanted.afterCause) \(wanted.beforeCause) \(wanted.latest)"
                + "\(conditions(wanted.latestOf)) \(conditions(wanted.together)) \(patterns(wanted.undoneBy)) "
                + (wanted.unbroken.map(unbroken) ?? "")
                + "\(fields(wanted.fields))"
        case .document(let wanted):
            "document \(wanted.kinds.sorted())\(conditions(wanted.conditions)) \(wanted.tie) \(wanted.afterCause) "
                + "\(fields(wanted.fields)) \(wanted.slots.map(slot).sorted()) \(wanted.issued)"
        }
    }

    private func unbroken(_ run: Unbroken) -> String {
        "unbroken \(run.from) \(run.to) \(quantity(run.seconds)) \(run.between.map(\.description)) but \(patterns(run.butFor)) "
    }

    private func fields(_ fields: [FieldRequirement]) -> String {
        let texts = fields.map { "\($0.path.description) \($0.columns.sorted()) \($0.rows) \(conditions($0.when))" }
        return "\(texts.sorted())"
    }

    private func slot(_ slot: SlotRequirement) -> String {
        let names = slot.slots.map { $0.hasPrefix("@") ? "@\(office(String($0.dropFirst())))" : $0 }.sorted()
        return
            "\(names) \(slot.count) \(slot.manners.map(\.rawValue).sorted()) \(slot.decisions.map(\.rawValue).sorted()) "
            + "\(slot.sealed) \(slot.opinion.map { $0.orField ?? "signed" } ?? "") \(conditions(slot.when)) "
            + conditions(slot.conditions)
    }

    // MARK: terms

    private func term(_ term: Term) -> String {
        "\(length(term.length)) \(term.workingDays.map(quantity) ?? "") from \(term.from.map(source)) \(term.roll) \(term.changes.map(\.rawValue).sorted()) "
            + (term.then.isEmpty ? "" : "then \(term.then.map { "\(length($0.length)) \($0.roll)" }) ")
            + (term.most.map { "at most \(quantity($0)) " } ?? "")
            + (term.extension.map { "by \($0.type.rawValue) \($0.role) \($0.until) \($0.most.map(quantity) ?? "")" }
                ?? "")
    }

    private func length(_ length: Term.Length) -> String {
        switch length {
        case .hours(let count): "\(quantity(count)) h"
        case .days(let count): "\(quantity(count)) d"
        case .workingDays(let count): "\(quantity(count)) wd"
        case .months(let count): "\(quantity(count)) m"
        case .untilDay(let path): "until \(path)"
        case .fixed(let day): "on \(day)"
        case .dayOfYear(let month, let day): "on \(month)-\(day)"
        }
    }

    private func source(_ source: TimeSource) -> String {
        switch source {
        case .recorded: "recorded"
        case .happened: "happened"
        case .member(let path): path.description
        case .period: "period"
        }
    }
}
