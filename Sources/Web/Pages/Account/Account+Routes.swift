import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel
import Ledger

extension WebServices {
    func accountPage(_ context: SignedInContext) async throws -> AccountPage {
        let person = context.identity.person
        let now = clock.now()
        let sessions = try await signIn.sessions(of: context.identity.session.account).map { session in
            AccountPage.Session(
                id: session.tokenDigest.description, opened: session.openedAt.chinese, used: session.usedAt.chinese,
                isThis: session.tokenDigest == context.identity.session.tokenDigest)
        }
        return AccountPage(
            address: Address(context.bureau.tag), token: context.visit.formToken, name: person.name,
            section: person.section, roles: person.roles.map(\.chinese), certificate: person.certificateNumber,
            accountName: person.account ?? "",
            worksOnCases: Right.casework.roles.map { context.identity.has(anyOf: $0) } ?? false,
            mustChange: context.identity.mustChangeSecret,
            isReset: person.accountState == .reset, isWaiting: person.accountState == .waiting, sessions: sessions,
            standing: CertificateStanding(person, on: now.day).tag)
    }

    /// Ends one session of the person's own account, or all of them.
    func endSession(_ context: SignedInContext) async throws -> Response {
        let account = context.identity.session.account
        let address = Address(context.bureau.tag)
        guard let wanted = context.visit.form[AccountPage.session] else {
            throw WebRefusal.unreadable("no session is named")
        }
        if wanted == AccountPage.allSessions {
            try await signIn.closeAll(of: account)
            var response = Response.seeOther(address.signIn)
            response.headers[.setCookie] = settings.cookieRemoval
            return response
        }
        // Only among the account's own: the digest of somebody else's session ends nothing.
        guard
            let session = try await signIn.sessions(of: account).first(where: {
                $0.tokenDigest.description.utf8.elementsEqual(wanted.utf8)
            })
        else { return .seeOther("\(address.account)?done=1") }
        try await signIn.close(session.tokenDigest)
        return .seeOther("\(address.account)?done=1")
    }

    func changeSecret(_ context: SignedInContext) async throws -> Response {
        var page = try await accountPage(context)
        let form = context.visit.form
        let new = form[AccountPage.new] ?? ""
        guard new.utf8.elementsEqual((form[AccountPage.again] ?? "").utf8) else {
            page.errors = [(AccountPage.again, "两次输入的新密码不一样，请重新输入")]
            return answer(page.page, context)
        }
        do {
            try await context.bureau.casebook.holdBeforeOwnSecret(
                context.identity.person, isOneTime: context.identity.mustChangeSecret, command: .random())
            let (token, identity) = try await signIn.change(
                from: form[AccountPage.current] ?? "", to: new, by: context.identity, source: context.visit.source)
            try await context.bureau.casebook.confirmAfterOwnSecret(
                context.identity.person.thread, command: .random())
            // The page is drawn for the new session, whose forms carry another token.
            var visit = context.visit
            visit.token = token
            visit.identity = identity
            let next = SignedInContext(renewing: context, identity: identity, visit: visit)
            var changed = try await accountPage(next)
            changed.isChanged = true
            // The session knows its person as they were before they confirmed the account.
            let row = try await context.bureau.registers.person(identity.person.thread)
            changed.isWaiting = row?.accountState == .waiting
            var response = answer(changed.page, next)
            response.headers[.setCookie] = settings.cookieText(token)
            return response
        } catch {
            switch error as? SignInError {
            case .wrong: page.errors = [(AccountPage.current, "现在的密码不对，请重新输入")]
            case .locked(let until): page.errors = [(AccountPage.current, "密码连续输错多次，请在\(until.clock)以后再试")]
            case .busy: page.errors = [(AccountPage.current, "服务器正忙，请过几秒钟再试")]
            case .weak(let problem): page.errors = [(AccountPage.new, problem.chinese)]
            case .failed, .damaged, .disagreeing, nil: throw error
            }
            return answer(page.page, context)
        }
    }
}
