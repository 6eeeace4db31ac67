import Synchronization

/// Which connections are open, and since when nothing is asked on them.
///
/// Who comes is preferred to who sits there: at a bound the connection that was idle longest makes room, of the same
/// address for the bound of one address. A connection is idle until the head of its first request is read whole, and again
/// from the end of an answer on. One whose request is being read or answered is never closed for another.
final class ConnectionBook: Sendable {
    /// A connection in the book.
    typealias Number = UInt64

    private struct Held {
        let address: RemoteAddress
        let close: @Sendable () -> Void
        /// The turn at which it fell idle; nil while a request is in hand.
        var idleSince: UInt64?
    }

    private struct State {
        var held: [Number: Held] = [:]
        var perAddress: [RemoteAddress: Int] = [:]
        var last: Number = 0
        var turn: UInt64 = 0

        mutating func remove(_ number: Number) -> Held? {
            guard let held = held.removeValue(forKey: number) else { return nil }
            let rest = perAddress[held.address, default: 1] - 1
            perAddress[held.address] = rest > 0 ? rest : nil
            return held
        }

        /// The connection that was idle longest, of one address or of all.
        func idlest(of address: RemoteAddress?) -> Number? {
            var found: (number: Number, since: UInt64)?
            for (number, held) in held {
                guard let since = held.idleSince, address == nil || held.address == address,
                    found.map({ since < $0.since }) ?? true
                else { continue }
                found = (number, since)
            }
            return found?.number
        }
    }

    private let limits: ConnectionLimits
    private let state = Mutex(State())

    init(_ limits: ConnectionLimits) {
        self.limits = limits
    }

    /// How many connections are held.
    var count: Int { state.withLock { $0.held.count } }

    /// Takes a connection in, closing another where a bound is reached; nil where none of the others can make room.
    ///
    /// - Parameter close: closes the connection, from any thread.
    func open(from address: RemoteAddress, close: @escaping @Sendable () -> Void) -> Number? {
        let isCounted = !(address.isLoopback && limits.sparesLoopback)
        let (number, closing) = state.withLock { state -> (Number?, (@Sendable () -> Void)?) in
            var closing: (@Sendable () -> Void)?
            if isCounted, state.perAddress[address, default: 0] >= limits.perAddress {
                guard let idlest = state.idlest(of: address) else { return (nil, nil) }
                closing = state.remove(idlest)?.close
            } else if state.held.count >= limits.inAll {
                guard let idlest = state.idlest(of: nil) else { return (nil, nil) }
                closing = state.remove(idlest)?.close
            }
            state.last += 1
            state.turn += 1
            state.held[state.last] = Held(address: address, close: close, idleSince: state.turn)
            state.perAddress[address, default: 0] += 1
            return (state.last, closing)
        }
        closing?()
        return number
    }

    /// A request is being read or answered; false if the connection made room for another meanwhile.
    func begin(_ number: Number) -> Bool {
        state.withLock { state in
            guard state.held[number] != nil else { return false }
            state.held[number]?.idleSince = nil
            return true
        }
    }

    /// The answer was sent.
    func end(_ number: Number) {
        state.withLock { state in
            state.turn += 1
            state.held[number]?.idleSince = state.turn
        }
    }

    /// The connection is gone.
    func close(_ number: Number) {
        _ = state.withLock { $0.remove(number) }
    }
}
