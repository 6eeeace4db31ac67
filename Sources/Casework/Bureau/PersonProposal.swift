import Kernel

/// A change of what a person is registered with (拟更改的人员登记) that the administrator prepared and that waits for a
/// second person: name and certificate stand in every paper that the person signs.
public struct PersonProposal: Hashable, Sendable {
    /// The entry's place in the bureau's thread.
    public let seq: Int
    /// Whom it is about.
    public let person: ThreadTag
    /// What changes, by the order of its names.
    public let changes: [Change]
    public let reason: String
    public let proposedBy: ThreadTag?
    public let proposedAt: Instant

    /// One member that changes: `name`, `certificateKind`, `certificateNumber` or `certificateUntil`.
    public struct Change: Hashable, Sendable {
        public let member: String
        /// What held when it was prepared; empty for nothing.
        public let before: String
        /// What shall hold; days as `2029-12-31`.
        public let after: String

        /// A change of one member.
        public init(member: String, before: String, after: String) {
            self.member = member
            self.before = before
            self.after = after
        }
    }

    /// Reads a `person.proposed`; nil for another record, and for one whose words were destroyed.
    public init?(_ record: Record) {
        guard record.type == .personProposed, let person = record.thread("person"),
            let members = record.fields["change"]?.members
        else { return nil }
        let before = record.fields["before"]
        seq = record.seq
        self.person = person
        changes = members.compactMap { member in
            member.value.string.map {
                Change(member: member.key, before: before?[member.key]?.string ?? "", after: $0)
            }
        }
        reason = record.text("reason") ?? ""
        proposedBy = record.actor
        proposedAt = record.recordedAt
    }
}
