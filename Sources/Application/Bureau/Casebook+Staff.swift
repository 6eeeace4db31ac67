import Casework
import Kernel
import Ledger

extension Casebook {
    /// Registers a person with roles and account; only the administrator may.
    public func register(_ person: NewPerson, command: CommandID, by performer: Performer) async throws(StepRefusal)
        -> AppendReceipt
    {
        try performer.require(.administrator)
        try performer.requireSecret()
        return try await record(
            try person.facts(), by: .person(performer.tag), command: command,
            answer: ["thread": .string(person.thread.description)])
    }

    /// Grants or withdraws a role; only the administrator may, and never for themselves.
    public func change(
        role: Role, of person: ThreadTag, granted: Bool, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try performer.require(.administrator)
        try performer.requireSecret()
        guard person != performer.tag else {
            throw StepRefusal(.notAllowed, "不能更改自己的职责，请由另一名管理员办理。")
        }
        let known: PersonRow?
        do { known = try await registers.person(person) } catch { throw StepRefusal(error) }
        guard let known else { throw StepRefusal(.notFound, "没有找到这名人员。") }
        guard known.roles.contains(role) != granted else {
            throw StepRefusal(.outOfOrder, granted ? "\(known.name)已有这项职责。" : "\(known.name)没有这项职责。")
        }
        return try await record(
            [
                Fact(
                    granted ? .roleGranted : .roleWithdrawn, in: person, plain: ["role": .string(role.rawValue)])
            ],
            by: .person(performer.tag), command: command)
    }
}
