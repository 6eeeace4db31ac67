import Application
import Casework
import Kernel

/// A change of roles that an administrator prepared and nobody has confirmed yet (等待确认): until then the person has the
/// roles they had.
struct PendingRoles: Sendable, Hashable {
    let proposal: RoleProposal
    /// Who prepared it.
    let by: String
    /// Whether the person at the screen confirms it; else they may take it back.
    let confirms: Bool

    /// A word beside the person's name.
    var tag: Tag {
        let parts = [("", proposal.granted), ("收回", proposal.withdrawn)].filter { !$0.1.isEmpty }
        let words = parts.map { "\($0.0)\($0.1.map(\.chinese).joined(separator: "、"))" }
        return Tag(text: "等待确认：\(words.joined(separator: "；"))", tone: .soon)
    }

    /// What waits, since when, and what can be done about it.
    func notice(_ address: Address) -> Notice {
        Notice(
            title: "等待确认：\(proposal.chinese)",
            paragraphs: [
                "\(by)于\(proposal.proposedAt.chinese)拟定。理由：\(proposal.reason)", "由第二人确认以后才生效；在此之前，这名人员仍按现有的职责办理。",
            ], tone: .warning,
            actions: [
                Button(
                    label: confirms ? "去确认" : "撤回", href: address.roleChange(proposal.seq), style: .secondary)
            ])
    }
}

extension WebServices {
    /// Changes of roles that wait, by the person whom they are about, as one administrator sees them.
    func pendingRoles(_ context: SignedInContext) async throws -> [ThreadTag: [PendingRoles]] {
        let matters = try await secondMatters(for: context.identity.person, at: context.bureau)
        guard !matters.roles.isEmpty || !matters.prepared.isEmpty else { return [:] }
        let names = try await context.bureau.names()
        let confirmed = Set(matters.roles.map(\.seq))
        return Dictionary(
            grouping: (matters.roles + matters.prepared).sorted { $0.seq < $1.seq }.map { proposal in
                PendingRoles(
                    proposal: proposal, by: proposal.proposedBy.flatMap { names[$0] } ?? "系统",
                    confirms: confirmed.contains(proposal.seq))
            }, by: \.proposal.person)
    }
}
