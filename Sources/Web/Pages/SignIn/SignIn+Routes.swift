import Application
import HTTPTypes
import Hummingbird
import Kernel

extension Routes {
    /// Signing in and out, and the person's own account.
    func addAccount(_ services: WebServices) {
        open(.get, "/b/{bureau}/sign-in") { request, context in
            let (bureau, address) = try context.requiredBureau
            if context.currentIdentity != nil { return .seeOther(address.home) }
            let next = Form(query: request.uri.query)[SignInPage.nextField] ?? ""
            return services.answer(
                services.signInPage(bureau, context, next: address.isLocal(next) ? next : "").page, context)
        }
        open(.post, "/b/{bureau}/sign-in") { _, context in try await services.signIn(context) }
        on(.post, "/b/{bureau}/sign-out", .signedIn, held: .open) { _, context in
            try await services.signIn.close(context.identity.session.tokenDigest)
            var response = Response.seeOther(Address(context.bureau.tag).signIn)
            response.headers[.setCookie] = services.settings.cookieRemoval
            return response
        }
        on(.get, "/b/{bureau}/account", .signedIn) { request, context in
            var page = try await services.accountPage(context)
            page.hasEnded = Form(query: request.uri.query)["done"] != nil
            return services.answer(page.page, context)
        }
        on(.post, "/b/{bureau}/account/sessions", .signedIn, held: .open) { _, context in
            try await services.endSession(context)
        }
        on(.post, "/b/{bureau}/account", .signedIn, held: .open) { _, context in
            try await services.changeSecret(context)
        }
    }
}

extension AppContext {
    /// The bureau in the address, with the addresses of its pages.
    var requiredBureau: (BureauServices, Address) {
        get throws {
            guard let bureau = visit.bureau else { throw WebRefusal.notFound }
            return (bureau, Address(bureau.tag))
        }
    }
}

extension WebServices {
    func signInPage(_ bureau: BureauServices, _ context: AppContext, next: String) -> SignInPage {
        SignInPage(
            bureauName: bureau.name, address: Address(bureau.tag), token: context.visit.formToken, next: next,
            demoAccounts: bureau.demoAccounts.map {
                .init(name: $0.name, secret: $0.secret, person: $0.person, role: $0.role)
            }, trustHref: settings.trust == nil ? nil : TrustPage.path)
    }

    func signIn(_ context: AppContext) async throws -> Response {
        let (bureau, address) = try context.requiredBureau
        let form = context.visit.form
        let next = form[SignInPage.nextField] ?? ""
        let typed = form[SignInPage.nameField] ?? ""
        do {
            let (token, identity) = try await signIn.open(
                AccountName(bureau: bureau.tag, typed: typed), bureau: bureau.tag,
                secret: form[SignInPage.secretField] ?? "", source: context.visit.source)
            // The session before this one is over: a token never outlives a change of who is signed in.
            if let old = context.visit.identity { try await signIn.close(old.session.tokenDigest) }
            var target = address.isLocal(next) ? next : address.home
            let waiting = try await waiting(for: identity.person, at: bureau)
            // Shown before anything else, whatever address the sign-in was to lead to.
            if !waiting.notices.isEmpty || waiting.isForHere && target == address.home {
                target = address.notices
            }
            var response = Response.seeOther(identity.mustChangeSecret ? address.account : target)
            response.headers[.setCookie] = settings.cookieText(token)
            return response
        } catch let error as SignInError {
            var page = signInPage(bureau, context, next: address.isLocal(next) ? next : "")
            page.name = typed
            switch error {
            case .wrong: page.problem = .wrong
            case .locked(let until): page.problem = .locked(until.clock)
            case .busy: page.problem = .busy
            case .weak, .failed, .damaged, .disagreeing: throw error
            }
            return answer(page.page, context)
        }
    }
}
