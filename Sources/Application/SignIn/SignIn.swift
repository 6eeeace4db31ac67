import Casework
import Kernel

/// Signing in, staying signed in, and giving the secret again (登录、会话、再次确认).
///
/// Of an unknown name nothing can be told from answer or time: a key is derived for it too, and its failures are
/// counted and lead to the same pause. One try of an account runs at a time, so that counting failures and storing a
/// secret cannot overtake one another.
///
/// Strangers lock nobody out (ADR 0026): failures in a session, and from a place from which the account was signed in to,
/// are counted apart from those of everybody else.
public struct SignIn: Sendable {
    let installation: any Installation
    let registers: @Sendable (BureauTag) -> (any PersonLookup)?
    let hasher: SecretHasher
    let clock: any WallClock
    let cost: ScryptCost
    let lockout: Lockout
    let lifetime: SessionLifetime
    let tries = Tries()
    let spare = SpareSessions()

    /// - Parameters:
    ///   - registers: who the persons of a bureau are, its `PersonRoll`; nil if there is no such bureau.
    ///   - cost: the cost of secrets that are set from now on; stored ones keep theirs.
    public init(
        installation: any Installation, registers: @escaping @Sendable (BureauTag) -> (any PersonLookup)?,
        hasher: SecretHasher, clock: any WallClock, cost: ScryptCost = .standard, lockout: Lockout = .standard,
        lifetime: SessionLifetime = .standard
    ) {
        self.installation = installation
        self.registers = registers
        self.hasher = hasher
        self.clock = clock
        self.cost = cost
        self.lockout = lockout
        self.lifetime = lifetime
    }

    /// A new session for whoever knows the secret of `account`.
    ///
    /// - Parameters:
    ///   - account: nil when the typed name cannot be one; answered like an unknown name.
    ///   - source: where the try comes from (a network address); limits how much one place can ask for at once.
    public func open(
        _ account: AccountName?, bureau: BureauTag, secret: String, source: String
    ) async throws(SignInError) -> (token: SessionToken, identity: Identity) {
        let account = account ?? AccountName(bureau: bureau, name: "")
        let credential = try await check(
            secret, of: account, source: source, way: tries.way(to: account, from: source))
        guard let person = try await person(of: account) else { throw .wrong }
        tries.remember(source, of: account)
        return try await openSession(account, person: person, mustChange: credential.mustChange)
    }

    /// Checks a secret; counts a failure or forgets the earlier ones.
    ///
    /// - Parameter way: nil for a stranger at the door.
    func check(
        _ secret: String, of account: AccountName, source: String, way: Tries.Way?
    ) async throws(SignInError) -> Credential {
        guard tries.begin(account) else { throw .busy }
        defer { tries.end(account) }
        let now = clock.now()
        let stored = try await reach { () async throws(StoreError) in
            try await installation.credential(of: account)
        }
        // A closed account, or one without a person, is treated like a name that nobody has.
        let isUsable = try await person(of: account) != nil
        let known = isUsable ? stored : nil
        let until = way.map { tries.lockedUntil($0) } ?? (known ?? tries.unknown(account)).lockedUntil
        if let until, now < until { throw .locked(until: until) }
        let hash = known.flatMap { SecretHash($0.hash) } ?? SecretHash.nobody(cost)
        let key = try await hasher.derive(Array(secret.utf8), salt: hash.salt, cost: hash.cost, source: source)
        guard var credential = known, hash.matches(key) else {
            if let way {
                tries.fail(way, at: now, by: lockout)
            } else {
                try await fail(account, isKnown: known != nil, at: now)
            }
            throw .wrong
        }
        if let way { tries.succeed(way) }
        // What strangers tried is not forgotten because somebody inside goes on working; who comes in anew begins anew.
        if case .session = way { return credential }
        tries.succeed(.session(account))
        if credential.failures > 0 || credential.lockedUntil != nil {
            try await reach { () async throws(StoreError) in try await installation.clearFailures(of: account) }
            credential.failures = 0
            credential.lockedUntil = nil
        }
        return credential
    }

    /// Counts a failure. If we die before the count is stored the try was answered by nobody.
    private func fail(_ account: AccountName, isKnown: Bool, at now: Instant) async throws(SignInError) {
        guard isKnown else {
            tries.fail(account, at: now, by: lockout)
            return
        }
        let state = try await reach { () async throws(StoreError) in
            try await installation.recordFailure(of: account, at: now)
        }
        guard var state, let until = lockout.until(after: state.failures, at: now), state.lockedUntil != until
        else { return }
        state.lockedUntil = until
        let locked = state
        try await reach { () async throws(StoreError) in
            try await installation.setCredential(locked, of: account)
        }
    }

    /// The person of an account that may be used; nil for none, closed, or a bureau that does not exist.
    func person(of account: AccountName) async throws(SignInError) -> PersonRow? {
        guard let registers = registers(account.bureau) else { return nil }
        let row = try await reach { () async throws(StoreError) in
            try await registers.person(account: account.name)
        }
        guard let row, row.isActive else { return nil }
        return row
    }

    /// Runs a call of a port; what fails there is not the user's fault and is told apart from a wrong secret.
    @discardableResult
    func reach<Value>(_ call: () async throws(StoreError) -> Value) async throws(SignInError) -> Value {
        do {
            return try await call()
        } catch {
            if case .damaged(let what) = error { throw .damaged(what) }
            if case .disagreeing(let whom) = error { throw .disagreeing(whom) }
            throw .failed("\(error)")
        }
    }
}

extension SecretHash {
    /// What a try of an unknown name is measured against. No secret is known to give this key.
    static func nobody(_ cost: ScryptCost) -> SecretHash {
        SecretHash(
            cost: cost, salt: Array(repeating: 0x6e, count: saltByteCount),
            key: Array(repeating: 0, count: keyByteCount))
    }
}
