import Application
import Casework
import Hummingbird
import Kernel

extension Routes {
    /// Pages that explain: one provision, one obligation.
    func addLaw(_ services: WebServices) {
        on(.get, "/b/{bureau}/provisions/{provision}", .signedIn) { _, context in
            try await services.provisionPage(context)
        }
        on(.get, "/b/{bureau}/cases/{case}/obligations/{key}", .casework) { _, context in
            try await services.obligationPage(context)
        }
    }
}

extension WebServices {
    func provisionPage(_ context: SignedInContext) async throws -> Response {
        let law = try await context.bureau.casebook.chambers.law()
        guard let typed = context.parameters.get("provision"),
            let form = try? Form(urlEncoded: Array("id=\(typed)".utf8)), let id = form["id"],
            let provision = law.library.provision(id),
            let text = id.split(separator: ":").first.flatMap({ law.library.newest(String($0)) })
        else { throw WebRefusal.notFound }
        return answer(
            ProvisionPage(
                address: Address(context.bureau.tag), textTitle: text.regulation.title, digest: text.digest.description,
                provision: provision, isInForce: law.rules.spans.contains { $0.digest == text.digest },
                matters: law.library.matters,
                higherRule: law.higherRules.governing(id, on: clock.now().day).map {
                    OverrideText($0.override, law.library)
                }
            ).page, context)
    }

    func obligationPage(_ context: SignedInContext) async throws -> Response {
        let view = try await context.bureau.visibleCase(context)
        let law = try await context.bureau.casebook.chambers.law()
        let key = context.parameters.get("key") ?? ""
        guard
            let obligation = law.evaluate(view.history).obligations
                .first(where: { Address.segment(of: $0.key.description).utf8.elementsEqual(key.utf8) })
        else { throw WebRefusal.notFound }
        let address = Address(context.bureau.tag)
        let action = DutyAction(law: law, view: view, person: context.identity.person, address: address)
        return answer(
            ObligationPage(
                address: address, thread: view.work.thread, caseTitle: view.work.title ?? "", obligation: obligation,
                now: clock.now(), action: obligation.state == .open ? action.action(for: obligation) : nil,
                library: law.library,
                lines: ObligationPage.lines(
                    of: obligation, in: view, names: try await context.bureau.names(), address: address,
                    library: law.library,
                    sight: Sight(view, by: context.identity.person, at: clock.now())),
                higherRules: law.higherRules.governing(obligation, in: view.history)
            ).page, context)
    }
}
