import Kernel

extension Role {
    /// Roles that decide cases, or keep what was decided: one person alone never gives them, once the bureau works.
    /// Officers make records; two of them decide on the spot, so their accounts wait after a reset like all others.
    public static let deciding: [Role] = [
        .unitHead, .legalReviewer, .departmentHead, .deputyHead, .agencyHead, .custodian, .administrator,
    ]
}

/// A change of somebody's roles that the administrator prepared and that waits for a second person.
public struct RoleProposal: Hashable, Sendable {
    /// The entry's place in the bureau's thread.
    public let seq: Int
    /// Whose roles change.
    public let person: ThreadTag
    public let granted: [Role]
    public let withdrawn: [Role]
    /// The day of the appointment.
    public let day: CivilDay?
    public let reason: String
    public let proposedBy: ThreadTag?
    public let proposedAt: Instant

    /// Reads a `role.proposed`; nil for another record.
    public init?(_ record: Record) {
        guard record.type == .roleProposed, let person = record.thread("person") else { return nil }
        func roles(_ name: String) -> [Role] {
            (record.plain[name]?.elements ?? []).compactMap { $0.string.flatMap(Role.init(rawValue:)) }
        }
        seq = record.seq
        self.person = person
        granted = roles("granted")
        withdrawn = roles("withdrawn")
        day = record.word("from").flatMap { CivilDay($0) }
        reason = record.text("reason") ?? ""
        proposedBy = record.actor
        proposedAt = record.recordedAt
    }
}
