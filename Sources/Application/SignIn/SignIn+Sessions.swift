import Casework
import Kernel

extension SignIn {
    /// Opens a session. The token goes to the browser and is kept nowhere else.
    func openSession(
        _ account: AccountName, person: PersonRow, mustChange: Bool
    ) async throws(SignInError) -> (token: SessionToken, identity: Identity) {
        let now = clock.now()
        let token = SessionToken.random()
        let session = Session(
            tokenDigest: token.digest, account: account, person: person.thread, openedAt: now, usedAt: now,
            endsAt: now.advanced(byMilliseconds: lifetime.absolute))
        do {
            try await installation.addSession(session)
        } catch {
            // A person who was known by their secret reads on while nothing can be written.
            spare.add(session)
        }
        return (token, Identity(session: session, person: person, mustChangeSecret: mustChange))
    }

    /// Who holds a token; nil when the session has ended, the account was closed, or there never was one.
    ///
    /// Roles and the state of the account are read at every request: what was withdrawn is gone at once.
    public func identity(of token: SessionToken) async throws(SignInError) -> Identity? {
        let digest = token.digest
        let now = clock.now()
        guard
            var session = try await reach({ () async throws(StoreError) -> Session? in
                if let session = spare.session(digest) { return session }
                return try await installation.session(tokenDigest: digest)
            })
        else { return nil }
        let account = session.account
        guard lifetime.isLive(session, at: now), let person = try await person(of: account),
            person.thread == session.person,
            let credential = try await reach({ () async throws(StoreError) in
                try await installation.credential(of: account)
            })
        else {
            // A session that is over stays over, whether or not its row can be removed now.
            try? await close(digest)
            return nil
        }
        // A full disk must not close the door on those who only read: a use that cannot be written down makes the
        // session end earlier, by its idle time, and nothing else.
        if spare.session(digest) != nil {
            spare.touch(digest, at: now)
            session.usedAt = now
        } else if lifetime.needsTouch(session, at: now),
            (try? await installation.touchSession(tokenDigest: digest, at: now)) != nil
        {
            session.usedAt = now
        }
        return Identity(session: session, person: person, mustChangeSecret: credential.mustChange)
    }

    /// Signs out: ends the session whose token has this digest.
    public func close(_ tokenDigest: Digest) async throws(SignInError) {
        guard spare.session(tokenDigest) == nil else { return spare.end(tokenDigest) }
        try await reach { () async throws(StoreError) in
            try await installation.endSession(tokenDigest: tokenDigest)
        }
    }

    /// The sessions of an account that may still be used, the last used first.
    public func sessions(of account: AccountName) async throws(SignInError) -> [Session] {
        let now = clock.now()
        return
            (try await reach { () async throws(StoreError) in try await installation.sessions(of: account) }
            + spare.sessions(of: account)).filter { lifetime.isLive($0, at: now) }
    }

    /// Signs out everywhere: ends every session of the account.
    public func closeAll(of account: AccountName) async throws(SignInError) {
        spare.end(of: account)
        try await reach { () async throws(StoreError) in try await installation.endSessions(of: account) }
    }
}
