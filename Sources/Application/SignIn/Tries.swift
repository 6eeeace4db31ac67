import Kernel
import Synchronization

/// Tries under way, and failures that are counted apart from those of strangers (ADR 0026). In memory only: lost at a
/// restart, and bounded.
final class Tries: Sendable {
    /// By what way a secret is tried, where it is not a stranger's at the door.
    enum Way: Hashable, Sendable {
        /// In a session of the account, where the secret is asked again.
        case session(AccountName)
        /// From a place from which this account was signed in to.
        case place(AccountName, String)
    }

    private struct State {
        var underWay: Set<AccountName> = []
        var unknown: [AccountName: Credential] = [:]
        var order: [AccountName] = []
        /// Places from which an account was signed in to, the newest last.
        var places: [AccountName: [String]] = [:]
        var failures: [Way: (count: Int, until: Instant?)] = [:]
    }

    private let state = Mutex(State())
    /// Names kept that nobody has; the oldest is forgotten first.
    static let limit = 4096
    /// Places kept of one account; the oldest is forgotten first, with its failures.
    static let placeLimit = 8

    /// False when a try of this account is under way.
    func begin(_ account: AccountName) -> Bool {
        state.withLock { $0.underWay.insert(account).inserted }
    }

    func end(_ account: AccountName) {
        state.withLock { _ = $0.underWay.remove(account) }
    }

    func unknown(_ account: AccountName) -> Credential {
        state.withLock { $0.unknown[account] } ?? Credential(hash: "")
    }

    func fail(_ account: AccountName, at now: Instant, by lockout: Lockout) {
        state.withLock { state in
            var credential = state.unknown[account] ?? Credential(hash: "")
            credential.failures += 1
            credential.lockedUntil = lockout.until(after: credential.failures, at: now)
            if state.unknown.updateValue(credential, forKey: account) == nil {
                state.order.append(account)
                if state.order.count > Tries.limit { state.unknown[state.order.removeFirst()] = nil }
            }
        }
    }

    /// The way of a try at the door: nil for a stranger.
    func way(to account: AccountName, from place: String) -> Way? {
        state.withLock { $0.places[account]?.contains(place) == true } ? .place(account, place) : nil
    }

    /// Notes that an account was signed in to from a place.
    func remember(_ place: String, of account: AccountName) {
        state.withLock { state in
            var places = (state.places[account] ?? []).filter { $0 != place }
            places.append(place)
            if places.count > Tries.placeLimit { state.failures[.place(account, places.removeFirst())] = nil }
            state.places[account] = places
        }
    }

    /// Forgets all of an account: its secret is another.
    func forget(_ account: AccountName) {
        state.withLock { state in
            for place in state.places.removeValue(forKey: account) ?? [] {
                state.failures[.place(account, place)] = nil
            }
            state.failures[.session(account)] = nil
        }
    }

    func lockedUntil(_ way: Way) -> Instant? { state.withLock { $0.failures[way]?.until } }

    func fail(_ way: Way, at now: Instant, by lockout: Lockout) {
        state.withLock { state in
            let count = (state.failures[way]?.count ?? 0) + 1
            state.failures[way] = (count, lockout.until(after: count, at: now))
        }
    }

    func succeed(_ way: Way) { state.withLock { $0.failures[way] = nil } }
}
