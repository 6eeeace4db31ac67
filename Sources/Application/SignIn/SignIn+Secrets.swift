import Casework
import Kernel

extension SignIn {
    /// Asks for the secret again before a step that approves, issues or disposes.
    ///
    /// - Parameter command: the one step that the proof is good for.
    public func confirm(
        _ secret: String, by identity: Identity, for command: CommandID, source: String
    ) async throws(SignInError) -> SecretProof {
        let account = identity.session.account
        _ = try await check(secret, of: account, source: source, way: .session(account))
        return SecretProof(
            session: identity.session.tokenDigest, person: identity.person.thread, command: command,
            until: clock.now().advanced(byMilliseconds: SecretProof.lifetime))
    }

    /// Replaces the secret by one that only its person knows, ends every session of the account, and opens a new one.
    ///
    /// - Throws: `weak` before anything is checked or counted; `wrong`, `locked`, `busy` about the current secret.
    public func change(
        from current: String, to new: String, by identity: Identity, source: String
    ) async throws(SignInError) -> (token: SessionToken, identity: Identity) {
        let account = identity.session.account
        if let problem = SecretRule.problem(of: new, name: account.name, current: current) { throw .weak(problem) }
        _ = try await check(current, of: account, source: source, way: .session(account))
        try await set(new, of: account, mustChange: false, source: source)
        return try await openSession(account, person: identity.person, mustChange: false)
    }

    /// Sets a one-time secret for a new or reset account and returns it. It is shown once and must be changed at the
    /// first sign-in. Ends every session of the account.
    public func setOneTimeSecret(of account: AccountName) async throws(SignInError) -> String {
        let secret = OneTimeSecret.random()
        // Somebody else may have had the account in hand: what programs hold of it ends with the old secret.
        try await reach { () async throws(StoreError) in
            try await installation.revokeTokens(of: account, at: clock.now())
        }
        try await set(secret, of: account, mustChange: true, source: "server")
        return secret
    }

    /// Sets a secret that was chosen elsewhere: the accounts of a demonstration.
    public func setSecret(_ secret: String, of account: AccountName) async throws(SignInError) {
        try await set(secret, of: account, mustChange: false, source: "server")
    }

    /// If we die between the two writes the old sessions go on until they end; the old secret is already refused.
    private func set(
        _ secret: String, of account: AccountName, mustChange: Bool, source: String
    ) async throws(SignInError) {
        let salt = SecretHash.randomSalt()
        let key = try await hasher.derive(Array(secret.utf8), salt: salt, cost: cost, source: source)
        let credential = Credential(
            hash: SecretHash(cost: cost, salt: salt, key: key).description, mustChange: mustChange)
        try await reach { () async throws(StoreError) in
            try await installation.setCredential(credential, of: account)
        }
        spare.end(of: account)
        tries.forget(account)
        try await reach { () async throws(StoreError) in try await installation.endSessions(of: account) }
    }
}
