import Application
import Casework
import Hummingbird
import Kernel

extension Routes {
    /// Names and certificates that an administrator prepared, as a second person confirms them.
    func addPersonSeconds(_ services: WebServices) {
        on(.get, "/b/{bureau}/seconds/persons/{change}", .signedIn) { _, context in
            try await services.personChangeForm(context)
        }
        on(.post, "/b/{bureau}/seconds/persons/{change}", .signedIn) { _, context in
            try await services.decidePersonChange(context)
        }
    }
}

extension Address {
    func personChange(_ seq: Int) -> String { "\(seconds)/persons/\(seq)" }
}

extension PersonProposal {
    /// What changes, in one line.
    var chinese: String {
        changes.map { "\($0.chinese)：\($0.old) → \($0.new)" }.joined(separator: "；")
    }

    /// Old and new side by side.
    var rows: [SummaryList.Row] {
        changes.flatMap { change -> [SummaryList.Row] in
            [
                .init(label: "更改", value: "\(change.chinese)"), .init(label: "现在", value: "\(change.old)"),
                .init(label: "改为", value: "<b>\(change.new)</b>"),
            ]
        }
    }
}

extension PersonProposal.Change {
    /// The member's name on pages.
    var chinese: String {
        switch member {
        case "name": "姓名"
        case "certificateKind": "执法证件名称"
        case "certificateNumber": "执法证件号码"
        default: "证件有效期至"
        }
    }

    var old: String { Self.words(before) }
    var new: String { Self.words(after) }

    private static func words(_ value: String) -> String {
        value.isEmpty ? "（没有填写）" : CivilDay(value)?.chinese ?? value
    }
}

/// A change of a person's name or certificate that waits (等待确认): until then the person is who they were.
struct PendingPerson: Sendable, Hashable {
    let proposal: PersonProposal
    /// Who prepared it.
    let by: String
    /// Whether the person at the screen confirms it; else they may take it back.
    let confirms: Bool

    /// What waits, since when, and what can be done about it.
    func notice(_ address: Address) -> Notice {
        Notice(
            title: "等待确认：\(proposal.chinese)",
            paragraphs: [
                "\(by)于\(proposal.proposedAt.chinese)拟定。理由：\(proposal.reason)", "由第二人确认以后才生效；在此之前，文书和签名仍用现在的姓名和证件。",
            ], tone: .warning,
            actions: [
                Button(
                    label: confirms ? "去确认" : "撤回", href: address.personChange(proposal.seq), style: .secondary)
            ])
    }
}

extension WebServices {
    /// What waits about one person's name and certificate, as one administrator sees it.
    func pendingPerson(_ person: ThreadTag, _ context: SignedInContext) async throws -> [PendingPerson] {
        let matters = try await secondMatters(for: context.identity.person, at: context.bureau)
        let waiting = matters.persons + matters.preparedPersons
        guard waiting.contains(where: { $0.person == person }) else { return [] }
        let names = try await context.bureau.names()
        return waiting.filter { $0.person == person }.map { proposal in
            PendingPerson(
                proposal: proposal, by: proposal.proposedBy.flatMap { names[$0] } ?? "系统",
                confirms: matters.persons.contains(proposal))
        }
    }

    private func personProposal(
        _ context: SignedInContext
    ) async throws -> (proposal: PersonProposal, confirms: Bool) {
        if context.identity.mustChangeSecret { throw WebRefusal.changeSecret(context.bureau.tag) }
        let matters = try await secondMatters(for: context.identity.person, at: context.bureau)
        guard let seq = context.parameters.get("change").flatMap({ Decimal.strict(Array($0.utf8)) }) else {
            throw WebRefusal.notFound
        }
        if let proposal = matters.persons.first(where: { $0.seq == seq }) { return (proposal, true) }
        if let proposal = matters.preparedPersons.first(where: { $0.seq == seq }) { return (proposal, false) }
        throw WebRefusal.notFound
    }

    func personChangeForm(
        _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil
    ) async throws -> Response {
        let (proposal, confirms) = try await personProposal(context)
        let address = Address(context.bureau.tag)
        let names = try await context.bureau.names()
        var fields: [FieldModel] = []
        if confirms { fields.append(.choice("decision", "决定", [("confirm", "确认，立即生效"), ("decline", "不同意")])) }
        fields.append(
            .line("reason", confirms ? "不同意的理由" : "撤回理由", help: confirms ? "确认的不用填。" : "", isRequired: !confirms))
        let rows: [SummaryList.Row] =
            [.init(label: "人员", value: "\(names[proposal.person] ?? "")")] + proposal.rows + [
                .init(label: "理由或者文号", value: "\(proposal.reason)"),
                .init(
                    label: "拟定",
                    value: "\(proposal.proposedBy.flatMap { names[$0] } ?? "")，\(proposal.proposedAt.chinese)"),
            ]
        var page = ActPage(
            title: confirms ? "确认人员登记的更改" : "撤回拟定的人员登记更改",
            lead: "姓名和证件印在这名人员办理、签名的每份文书上。请对照任免文件、证件原件，并问过本人；确认以后立即生效，本人和行政机关负责人都会看到通知。以前的文书保留当时的姓名和证件。",
            section: .home, crumbs: [.init(label: "待确认事项", href: address.seconds)],
            before: SummaryList(rows: rows).html, form: frame(address.personChange(proposal.seq), context),
            fields: context.typed(fields), needsSecret: confirms, button: confirms ? "提交决定" : "撤回",
            isDangerous: !confirms, back: address.seconds)
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    func decidePersonChange(_ context: SignedInContext) async throws -> Response {
        let done = "\(Address(context.bureau.tag).seconds)?done=1"
        return try await context.once(leadingTo: done) {
            let (proposal, confirms) = try await personProposal(context)
            let form = context.visit.form
            return try await act(context, secret: confirms) { refusal, secretError in
                try await personChangeForm(context, refusal: refusal, secretError: secretError)
            } run: { performer, command in
                if confirms, form.text("decision") == "confirm" {
                    _ = try await context.bureau.casebook.confirmPerson(proposal.seq, command: command, by: performer)
                    return .seeOther(done)
                }
                guard !confirms || form.text("decision") == "decline" else {
                    throw StepRefusal(fields: [.init("decision", "请选择决定。")])
                }
                _ = try await context.bureau.casebook.declinePerson(
                    proposal.seq, reason: form.text("reason"), command: command, by: performer)
                return .seeOther(done)
            }
        }
    }
}
