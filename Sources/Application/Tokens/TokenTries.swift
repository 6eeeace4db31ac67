import Kernel
import Synchronization

/// Wrong tokens, counted by the token they name and by the place they come from. In memory only: the secrets are too long
/// to be guessed, so this is against noise, not against patience; it is bounded, and forgotten at a restart.
final class TokenTries: Sendable {
    enum Key: Hashable, Sendable {
        case token(TokenID)
        case source(String)
    }

    private struct State {
        var failures: [Key: (count: Int, until: Instant?)] = [:]
        var order: [Key] = []
    }

    private let state = Mutex(State())
    private let lockout: Lockout
    /// Keys that are remembered; the oldest is forgotten first.
    static let limit = 4096

    init(_ lockout: Lockout) { self.lockout = lockout }

    /// Until when tries of one of these are refused; nil if they are not.
    func lockedUntil(_ keys: [Key], at now: Instant) -> Instant? {
        state.withLock { state in keys.compactMap { state.failures[$0]?.until }.filter { now < $0 }.max() }
    }

    func fail(_ keys: [Key], at now: Instant) {
        state.withLock { state in
            for key in keys {
                if state.failures[key] == nil {
                    state.order.append(key)
                    if state.order.count > TokenTries.limit { state.failures[state.order.removeFirst()] = nil }
                }
                let count = (state.failures[key]?.count ?? 0) + 1
                state.failures[key] = (count, lockout.until(after: count, at: now))
            }
        }
    }

    func succeed(_ keys: [Key]) {
        state.withLock { state in
            for key in keys where state.failures[key] != nil {
                state.failures[key] = nil
                state.order.removeAll { $0 == key }
            }
        }
    }
}
