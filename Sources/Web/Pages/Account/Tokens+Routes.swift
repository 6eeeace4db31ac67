import Application
import Casework
import Hummingbird
import Kernel

extension Routes {
    /// Access tokens of programs, made and ended by the person in whose name they act.
    func addTokens(_ services: WebServices) {
        on(.get, "/b/{bureau}/account/tokens", .signedIn) { _, context in
            services.answer(try await services.tokensPage(context).page, context)
        }
        on(.post, "/b/{bureau}/account/tokens", .signedIn) { _, context in try await services.makeToken(context) }
        on(.post, "/b/{bureau}/account/tokens/revocation", .signedIn) { _, context in
            try await services.revokeToken(context)
        }
    }
}

extension WebServices {
    func tokensPage(_ context: SignedInContext) async throws -> TokensPage {
        let now = clock.now()
        let person = context.identity.person
        let address = Address(context.bureau.tag)
        var rows: [TokensPage.Row] = []
        for token in try await tokens.tokens(of: context.identity.session.account) {
            let standing = token.standing(of: person, at: now)
            let isRecorded = try await tokens.isRevocationRecorded(token, in: context.bureau.casebook)
            rows.append(
                .init(
                    id: token.id.description, label: token.label,
                    scopes: TokenScope.allCases.filter(token.scopes.contains).map(\.chinese).joined(separator: "、"),
                    made: token.madeAt.chinese, ends: token.endsAt.chinese, used: token.usedAt?.chinese ?? "还没有用过",
                    standing: standing.tag, isEndable: standing == .live || standing == .revoked && !isRecorded))
        }
        return TokensPage(
            address: address, form: frame(address.accountTokens, context), token: context.visit.formToken, rows: rows,
            mayMake: context.identity.canApprove)
    }

    func makeToken(_ context: SignedInContext) async throws -> Response {
        try await act(
            context,
            again: { refusal, secretError in
                var page = try await tokensPage(context)
                page.fields = page.fields.map {
                    var field = $0
                    field.read(context.visit.form)
                    return field
                }
                page.show(refusal, secretError)
                return answer(page.page, context)
            },
            run: { performer, command in
                let form = context.visit.form
                let made = try await tokens.make(
                    form.text(TokensPage.label),
                    scopes: Set(form.all(TokensPage.scopes).compactMap { TokenScope(rawValue: $0) }),
                    days: Decimal.strict(Array(form.text(TokensPage.days).utf8)) ?? 0, of: context.identity,
                    performer: performer, casebook: context.bureau.casebook, command: command)
                var page = try await tokensPage(context)
                page.form.command = .random()
                page.shown = made.text.wholeText
                return answer(page.page, context)
            })
    }

    func revokeToken(_ context: SignedInContext) async throws -> Response {
        guard let id = context.visit.form[TokensPage.id].flatMap({ TokenID($0) }) else {
            throw WebRefusal.unreadable("no token is named")
        }
        try await tokens.revoke(id, of: context.identity, casebook: context.bureau.casebook)
        return .seeOther(Address(context.bureau.tag).accountTokens)
    }
}

extension AccessToken.Standing {
    fileprivate var tag: Tag {
        switch self {
        case .live: Tag(text: "在用", tone: .wait)
        case .revoked: Tag(text: "已停用", tone: .done)
        case .ended: Tag(text: "已到期", tone: .done)
        case .personChanged: Tag(text: "账号或者职责变了，已失效", tone: .done)
        }
    }
}
