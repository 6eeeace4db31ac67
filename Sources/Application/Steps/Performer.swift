import Casework
import Kernel

/// The person who takes a step, as the session and the registers know them.
public struct Performer: Hashable, Sendable {
    /// The registered person.
    public let person: PersonRow
    /// The secret given again for this very step; nil if it was not.
    public let confirmation: SecretConfirmation?
    /// The token of the program that acts in the person's name; nil for the person in their own session.
    public let token: TokenUse?

    /// A performer.
    ///
    /// A confirmation of another person's secret counts for nothing.
    public init(person: PersonRow, confirmation: SecretConfirmation? = nil) {
        self.person = person
        self.confirmation = confirmation?.person == person.thread ? confirmation : nil
        token = nil
    }

    /// A program that acts in a person's name. It never gives a secret.
    public init(person: PersonRow, token: TokenUse) {
        self.person = person
        confirmation = nil
        self.token = token
    }

    /// The person's thread.
    public var tag: ThreadTag { person.thread }

    /// Whether the person has a role. A program acts as an officer alone: every other role decides, keeps or administers.
    public func has(_ role: Role) -> Bool { person.roles.contains(role) && (token == nil || role == .officer) }

    /// Refuses unless the person has one of the roles.
    public func require(_ roles: Role...) throws(StepRefusal) {
        guard roles.contains(where: has) else {
            let names = roles.map(\.chinese).joined(separator: "或")
            throw StepRefusal(.notAllowed, "这一步由\(names)办理，您没有这项职责。")
        }
    }

    /// Refuses while somebody else may have set the secret of this account: it reads, and records nothing (invariant 8).
    public func requireOwnAccount() throws(StepRefusal) {
        guard person.accountState != .reset else {
            throw StepRefusal(.notAllowed, "您的密码由他人重置过，确认本人账号之前只能查看，不能办理。请先修改密码。")
        }
        guard person.accountState != .waiting else {
            throw StepRefusal(.notAllowed, "您的一次性密码由他人设置，别人也知道。请当面找行政机关负责人核实账号（在其“待确认事项”里办理），核实之前只能查看，不能办理。")
        }
    }

    /// Refuses unless the secret was given again, by an account that is its person's own (invariant 8).
    public func requireSecret() throws(StepRefusal) {
        guard token == nil else { throw TokenPower.refusal }
        try requireOwnAccount()
        guard confirmation != nil else {
            throw StepRefusal(.secretNeeded, "这一步需要再次输入您的密码。")
        }
    }

    /// Refuses unless the person handles the case.
    public func requireHandler(of work: Case) throws(StepRefusal) {
        guard work.handlers.contains(tag) else {
            throw StepRefusal(.notAllowed, "您不是本案承办人，不能办理这一步。")
        }
    }
}
