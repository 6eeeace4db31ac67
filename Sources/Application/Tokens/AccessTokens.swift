import Casework
import Kernel
import Ledger

/// Making, ending and recognising access tokens (访问令牌).
public struct AccessTokens: Sendable {
    private let installation: any Installation
    private let registers: @Sendable (BureauTag) -> (any PersonLookup)?
    private let clock: any WallClock
    private let tries: TokenTries

    /// The longest time of a token in days.
    public static let longestDays = 365
    /// Live tokens that one account may have.
    public static let perAccount = 20
    /// The last use is written down again only when it is older than this, in milliseconds.
    static let touchEvery: Int64 = 60_000

    /// - Parameter registers: who the persons of a bureau are, its `PersonRoll`; nil if there is no such bureau.
    public init(
        installation: any Installation, registers: @escaping @Sendable (BureauTag) -> (any PersonLookup)?,
        clock: any WallClock, lockout: Lockout = .standard
    ) {
        self.installation = installation
        self.registers = registers
        self.clock = clock
        tries = TokenTries(lockout)
    }

    /// Makes a token for the person who asks, whose secret was given again.
    ///
    /// The entry comes first: if we die before the token is stored, the ledger names a token that nobody holds, and never
    /// is there one that the ledger does not name.
    ///
    /// - Returns: the token, and the text that is shown once and kept nowhere.
    public func make(
        _ label: String, scopes: Set<TokenScope>, days: Int, of identity: Identity, performer: Performer,
        casebook: Casebook, command: CommandID
    ) async throws(StepRefusal) -> (token: AccessToken, text: TokenText) {
        try performer.requireSecret()
        guard identity.canApprove, performer.tag == identity.person.thread else {
            throw StepRefusal(.notAllowed, "请先设置自己的密码，再生成访问令牌。")
        }
        var form = FormText()
        let label = form.required(label, "label", "名称", limit: 60)
        if scopes.contains(.readCalendar), scopes.count > 1 {
            form.fail("scopes", "订阅期限日历的令牌不能有其他范围。")
        }
        if scopes.isEmpty { form.fail("scopes", "请至少选择一项。") }
        if !(1...AccessTokens.longestDays).contains(days) {
            form.fail("days", "有效期请填写1到\(AccessTokens.longestDays)天。")
        }
        try form.finish()
        let account = identity.session.account
        let now = clock.now()
        let known = try await tokens(of: account)
        guard try await casebook.receipt(of: command) == nil else { throw AccessTokens.madeBefore }
        guard known.count(where: { $0.standing(of: identity.person, at: now) == .live }) < AccessTokens.perAccount
        else {
            throw StepRefusal(.outOfOrder, "在用的令牌已有\(AccessTokens.perAccount)个，请先停用不再需要的。")
        }
        let text = TokenText(newFor: command.unchecked(as: OfToken.self))
        let token = AccessToken(
            id: text.id, secretDigest: text.secretDigest, account: account, person: identity.person.thread,
            label: label, scopes: scopes, roles: Set(identity.person.roles), madeAt: now,
            endsAt: now.advanced(byMilliseconds: Int64(days) * 86_400_000))
        let receipt = try await casebook.record(
            [
                Fact(
                    .tokenMade, in: token.person,
                    plain: [
                        "scopes": .array(TokenScope.allCases.filter(scopes.contains).map { .string($0.rawValue) }),
                        "token": .string(token.id.description), "until": .integer(token.endsAt.milliseconds),
                    ], fields: [.init("label", .string(label), .officer)])
            ], by: .person(performer.tag), command: command)
        // A second click that overtook the first: the text on the first one's page opens the token, not this one.
        guard !receipt.repeated else { throw AccessTokens.madeBefore }
        do { try await installation.addToken(token) } catch { throw StepRefusal(error) }
        return (token, text)
    }

    /// What a form that made a token already is told.
    private static let madeBefore = StepRefusal(
        .outOfOrder, "这个令牌已经生成过，它的内容只显示一次。没有记下的，请停用它，另外生成一个。")

    /// Ends a token of the person's own. Whoever holds it is refused from here on, also where the ledger has stopped and
    /// the entry has to wait: asked again, it is written once.
    public func revoke(_ id: TokenID, of identity: Identity, casebook: Casebook) async throws(StepRefusal) {
        guard let token = try await tokens(of: identity.session.account).first(where: { $0.id == id }) else {
            throw StepRefusal(.notFound, "没有这个令牌。")
        }
        if token.revokedAt == nil {
            do { try await installation.revokeToken(id, at: clock.now()) } catch { throw StepRefusal(error) }
        }
        _ = try await casebook.record(
            [Fact(.tokenRevoked, in: token.person, plain: ["token": .string(id.description)])],
            by: .person(identity.person.thread), command: AccessTokens.revocation(of: id))
    }

    /// The tokens of an account, the newest first, ended ones too.
    public func tokens(of account: AccountName) async throws(StepRefusal) -> [AccessToken] {
        do { return try await installation.tokens(of: account) } catch { throw StepRefusal(error) }
    }

    /// Whether a revoked token's entry was written.
    public func isRevocationRecorded(_ token: AccessToken, in casebook: Casebook) async throws(StepRefusal) -> Bool {
        try await casebook.receipt(of: AccessTokens.revocation(of: token.id)) != nil
    }

    /// One command for each token, so that its revocation is recorded once.
    private static func revocation(of id: TokenID) -> CommandID {
        CommandID(Digest.sha256(Array("liuhen/token-revoked/v1\n".utf8) + id.bytes).bytes.prefix(16)) ?? .random()
    }

    /// Who holds a token and what it opens now. Roles and the state of the account are read at every request.
    ///
    /// - Parameter source: where the request comes from; too many wrong tokens from there are refused unseen.
    public func bearer(_ text: TokenText, source: String) async throws(TokenRefusal) -> TokenBearer {
        let now = clock.now()
        let keys: [TokenTries.Key] = [.token(text.id), .source(source)]
        if let until = tries.lockedUntil(keys, at: now) { throw .locked(until: until) }
        let stored = try await reach { () async throws(StoreError) in try await installation.token(text.id) }
        guard var token = stored, text.opens(token) else {
            tries.fail(keys, at: now)
            throw .wrong
        }
        tries.succeed(keys)
        let person = try await reach { () async throws(StoreError) -> PersonRow? in
            try await registers(token.account.bureau)?.person(account: token.account.name)
        }
        guard token.standing(of: person, at: now) == .live, let person else { throw .ended }
        if token.usedAt.map({ now.milliseconds(since: $0) >= AccessTokens.touchEvery }) ?? true {
            try await reach { () async throws(StoreError) in try await installation.touchToken(token.id, at: now) }
            token.usedAt = now
        }
        return TokenBearer(token: token, person: person)
    }

    @discardableResult
    private func reach<Value>(_ call: () async throws(StoreError) -> Value) async throws(TokenRefusal) -> Value {
        do {
            return try await call()
        } catch {
            if case .disagreeing(let whom) = error { throw .disagreeing(whom) }
            throw .failed("\(error)")
        }
    }
}

/// A program with a live token, and the person in whose name it asks.
public struct TokenBearer: Hashable, Sendable {
    /// The token.
    public let token: AccessToken
    /// The person as the register shows them now.
    public let person: PersonRow

    /// The person as steps know them: a program in their name, without a secret given again.
    ///
    /// - Parameter request: SHA-256 over what was asked.
    public func performer(for request: Digest) -> Performer {
        Performer(person: person, token: TokenUse(token: token.id, scopes: token.scopes, request: request))
    }
}

/// Why a token is refused.
public enum TokenRefusal: Error, Hashable, Sendable {
    /// There is no such token, or the secret is another.
    case wrong
    /// Revoked, over, or its person has changed.
    case ended
    /// Too many wrong tokens: refused until then.
    case locked(until: Instant)
    /// The store cannot be reached; the text is for the log (English).
    case failed(String)
    /// The register says something else of the token's person than the entries; the text is for the log (English).
    case disagreeing(String)
}
