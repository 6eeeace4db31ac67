import Casework
import Kernel

/// Who may approve a request, asked of the texts in force (zhaoxian-2017:32 names the inspection section, qinghe:36 and
/// recorder-mgmt:21c the bureau's head; what several of them ask is joined, design invariant 9).
///
/// Nobody's role is written here: an approval in each of the person's roles is tried, and the first under which the law
/// lets the records be handed out is the one.
struct RequestApproval {
    let view: RequestView
    let law: Law
    let now: Instant

    /// The role in which a person decides.
    ///
    /// - Throws: what the law still asks for, with the articles, if an approval in none of the roles would count.
    func role(of performer: Performer, approving: Bool) throws(StepRefusal) -> Role {
        let roles = RequestStep.deciders.filter(performer.has)
        guard let first = roles.first else {
            throw StepRefusal(.notAllowed, "这一步由负责人办理，您没有这项职责。")
        }
        // The weakest role that will do; whoever may approve may refuse.
        var reasons: [StepRefusal.Reason] = []
        for role in roles {
            let found = lacks(role, by: performer.tag)
            if found.isEmpty { return role }
            if reasons.isEmpty { reasons = found }
        }
        guard approving else { return first }
        var refusal = StepRefusal(.gate, "依照采用的制度，由您批准还不能提供。")
        refusal.reasons = reasons
        throw refusal
    }

    /// The roles in which somebody could approve this request now.
    var approvers: [Role] { RequestStep.deciders.filter { lacks($0, by: ThreadTag(high: 0, low: 0)).isEmpty } }

    /// What would still stand against handing out after an approval in this role.
    private func lacks(_ role: Role, by person: ThreadTag) -> [StepRefusal.Reason] {
        let decided = made(
            .requestDecided, after: 0,
            ["approvedBy": .string(person.description), "approverRole": .string(role.rawValue), "decision": "approve"],
            by: person)
        let fulfilled = made(.requestFulfilled, after: 1, .object(view.fulfilment), by: person)
        let looked = made(.accessOpened, after: 1, view.look(until: now), by: view.file.applicantPerson ?? person)
        let history = view.records + [decided]
        return law.reasonsAgainst([fulfilled], after: history) + law.reasonsAgainst([looked], after: history)
    }

    private func made(_ type: EntryType, after more: Int, _ plain: JSON, by actor: ThreadTag) -> Record {
        // A field that is named and not there reads as withheld, which counts as filled.
        let fields = type.members.filter { $0.value == .field }.map(\.key).sorted()
        return Record(
            thread: view.file.thread, seq: view.file.entries + 1 + more, type: type, recordedAt: now, actor: actor,
            plain: plain, fieldNames: fields)
    }
}

extension RequestView {
    /// The members that tell the law what is handed out to whom.
    var fulfilment: [JSON.Member] {
        let grounds =
            records.last { $0.type == .requestChecked }?.plain["grounds"]?.elements?.compactMap(\.string) ?? []
        // Of what is given, only copies hold something that was secret.
        let given = grounds.prefix(file.check?.redacted.count ?? 0)
        let secrecy =
            given.contains("stateSecret")
            ? "state" : given.contains("tradeSecret") ? "trade" : given.contains("personalPrivacy") ? "privacy" : "none"
        return [
            .init("kind", .string(file.kind)),
            .init("recipientKind", .string(RequestApplicant.recipientKind(of: file.applicantKind))),
            .init("secrecy", .string(secrecy)),
        ]
    }

    /// What is looked at: a colleague views the thing itself; what goes out is a copy made for it, and no recording.
    var lookedAt: String { file.applicantPerson == nil ? "document" : "object" }

    /// The plain members of a look at what was released.
    func look(until: Instant) -> JSON {
        [
            "purpose": "other", "request": .string(file.thread.description), "right": "request",
            "until": .integer(until.milliseconds), "what": .string(lookedAt),
        ]
    }
}

extension RequestView {
    /// The roles in which somebody could approve this request now, as the texts in force have it.
    public func approvers(law: Law, now: Instant) -> [Role] {
        RequestApproval(view: self, law: law, now: now).approvers
    }
}
