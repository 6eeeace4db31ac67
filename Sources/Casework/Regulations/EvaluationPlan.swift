/// The duties and permissions of texts in force, made ready for histories that grow.
public struct EvaluationPlan: Sendable {
    /// The texts.
    public let rules: RulesInForce
    let duties: [PlannedDuty]
    let allowances: [PlannedAllowance]

    /// A plan over texts in force; made once for many histories.
    public init(_ rules: RulesInForce) {
        self.rules = rules
        func per(_ matter: String) -> Matter.Per { rules.matters[matter]?.per ?? .caseFile }
        var duties: [PlannedDuty] = []
        var allowances: [PlannedAllowance] = []
        for span in rules.spans {
            for provision in span.regulation.provisions {
                for (number, duty) in provision.duties.enumerated() {
                    duties.append(
                        PlannedDuty(
                            span: span, provision: provision, number: number, duty: duty,
                            reach: DutyReach(duty, per: per(duty.matter))))
                }
                for allowance in provision.allows {
                    allowances.append(
                        PlannedAllowance(
                            span: span, provision: provision, allowance: allowance,
                            reach: DutyReach(allowance, per: per(allowance.matter))))
                }
            }
        }
        self.duties = duties
        self.allowances = allowances
    }
}

/// A duty and what it looks at.
final class PlannedDuty: Sendable {
    let span: RulesInForce.Span
    let provision: Provision
    let number: Int
    let duty: Duty
    let reach: DutyReach

    init(span: RulesInForce.Span, provision: Provision, number: Int, duty: Duty, reach: DutyReach) {
        self.span = span
        self.provision = provision
        self.number = number
        self.duty = duty
        self.reach = reach
    }
}

/// A permission and what it looks at.
final class PlannedAllowance: Sendable {
    let span: RulesInForce.Span
    let provision: Provision
    let allowance: Allowance
    let reach: DutyReach

    init(span: RulesInForce.Span, provision: Provision, allowance: Allowance, reach: DutyReach) {
        self.span = span
        self.provision = provision
        self.allowance = allowance
        self.reach = reach
    }
}
