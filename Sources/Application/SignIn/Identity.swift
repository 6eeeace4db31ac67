import Casework
import Kernel

/// A person who is signed in.
public struct Identity: Hashable, Sendable {
    /// The session.
    public let session: Session
    /// The person as the register shows them now.
    public let person: PersonRow
    /// The secret is a one-time secret: nothing can be done before it is changed.
    public let mustChangeSecret: Bool

    /// Puts an identity together. Only `SignIn` and tests do.
    public init(session: Session, person: PersonRow, mustChangeSecret: Bool) {
        self.session = session
        self.person = person
        self.mustChangeSecret = mustChangeSecret
    }

    /// The bureau whose person this is.
    public var bureau: BureauTag { session.account.bureau }

    /// Whether approvals, issues and disposals are open to the account (invariant 8): a reset account reads, but does
    /// not approve until its person has confirmed it.
    public var canApprove: Bool { person.accountState == .open && !mustChangeSecret }

    /// Whether the person has one of these roles.
    public func has(anyOf roles: Set<Role>) -> Bool {
        person.roles.contains { roles.contains($0) }
    }
}

/// Proof that a person gave their secret again for one step: what approving, issuing, disposing and changes of roles or
/// keys ask for.
///
/// It cannot be made outside `SignIn`, is bound to session, person and command, and lasts two minutes.
public struct SecretProof: Hashable, Sendable {
    /// The session in which the secret was given.
    public let session: Digest
    /// The person.
    public let person: ThreadTag
    /// The step.
    public let command: CommandID
    /// The end of its use.
    public let until: Instant

    init(session: Digest, person: ThreadTag, command: CommandID, until: Instant) {
        self.session = session
        self.person = person
        self.command = command
        self.until = until
    }

    /// How long a proof lasts, in milliseconds.
    public static let lifetime: Int64 = 2 * 60_000

    /// Whether this proves what the step needs.
    public func covers(person: ThreadTag, command: CommandID, at now: Instant) -> Bool {
        self.person == person && self.command == command && now < until
    }
}

/// A secret that was given again: nobody but the check of the secret can make one.
public struct SecretConfirmation: Hashable, Sendable {
    /// Whose secret it was.
    public let person: ThreadTag

    init(person: ThreadTag) {
        self.person = person
    }

    /// Where a proof covers a step.
    ///
    /// - Returns: nil for another person, another step, or a proof whose time is over.
    public init?(_ proof: SecretProof, of person: ThreadTag, for command: CommandID, at now: Instant) {
        guard proof.covers(person: person, command: command, at: now) else { return nil }
        self.init(person: person)
    }

    /// For the fictional people of a demonstration, whose past was never typed into a browser.
    ///
    /// - Returns: nil unless the log itself says that it is a demonstration's (invariant 11).
    public init?(demonstrationOf person: ThreadTag, in store: any LedgerStore) {
        guard store.origin.utf8.starts(with: "demo.liuhen.invalid/".utf8) else { return nil }
        self.init(person: person)
    }
}

/// Why a sign-in, a confirmation or a change of the secret is refused.
public enum SignInError: Error, Hashable, Sendable {
    /// Account or secret is wrong. Which of the two is not said.
    case wrong
    /// Too many failures: tries are refused until then. Said of unknown names in the same way.
    case locked(until: Instant)
    /// Too many sign-ins at the same moment; try again in a few seconds.
    case busy
    /// The new secret does not do; the value says why.
    case weak(SecretRule.Problem)
    /// Sign-in data cannot be read or written; the text is for the log (English).
    case failed(String)
    /// What is stored of persons cannot be read: the file is damaged; the text is for the log (English).
    case damaged(String)
    /// The register says something else of the person than the entries; the text is for the log (English).
    case disagreeing(String)
}
