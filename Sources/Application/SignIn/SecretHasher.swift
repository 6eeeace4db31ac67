import Crypto
import CryptoExtras
import Dispatch
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Derives keys from secrets on threads of its own, one secret at a time in each lane, with a bound on those waiting.
///
/// One derivation takes 32 MiB and a tenth of a second of a core. A flood of sign-ins may therefore never decide how
/// many run at once: beyond the bound a try is refused at once (`SignInError.busy`), and no single source may fill the
/// queue alone. Nothing here runs on the cooperative pool.
public final class SecretHasher: Sendable {
    /// How much is done at once.
    public struct Limits: Hashable, Sendable {
        /// Derivations at the same time.
        public var lanes: Int
        /// Derivations running or waiting, all sources together.
        public var pending: Int
        /// Derivations running or waiting of one source.
        public var pendingOfOneSource: Int

        /// Limits; the defaults hold memory at 32 MiB and the wait at about three seconds.
        public init(lanes: Int = 1, pending: Int = 24, pendingOfOneSource: Int = 6) {
            self.lanes = lanes
            self.pending = pending
            self.pendingOfOneSource = pendingOfOneSource
        }
    }

    /// Derives a key of 32 bytes; nil when the library fails.
    public typealias Derivation = @Sendable (_ secret: [UInt8], _ salt: [UInt8], _ cost: ScryptCost) -> [UInt8]?

    private struct State {
        var pending = 0
        var pendingBySource: [String: Int] = [:]
        var pendingByLane: [Int]
    }

    private let limits: Limits
    private let lanes: [DispatchQueue]
    private let state: Mutex<State>
    private let derivation: Derivation

    /// A hasher; `derivation` is another only in tests of the limits.
    public init(limits: Limits = Limits(), derivation: @escaping Derivation = SecretHasher.scrypt) {
        self.limits = limits
        self.derivation = derivation
        // Private serial queues: concurrent ones share their threads with everything else in the process.
        lanes = (0..<max(1, limits.lanes)).map { DispatchQueue(label: "liuhen.secrets.\($0)") }
        state = Mutex(State(pendingByLane: Array(repeating: 0, count: max(1, limits.lanes))))
    }

    /// Derivations running or waiting.
    var pending: Int { state.withLock { $0.pending } }

    /// The key of a secret, or `busy` at once.
    func derive(
        _ secret: [UInt8], salt: [UInt8], cost: ScryptCost, source: String
    ) async throws(SignInError) -> [UInt8] {
        guard let lane = enter(source) else { throw .busy }
        let derivation = derivation
        let key: [UInt8]? = await withCheckedContinuation { continuation in
            lanes[lane].async { continuation.resume(returning: derivation(secret, salt, cost)) }
        }
        leave(source, lane)
        guard let key else { throw .failed("scrypt refused cost \(cost)") }
        return key
    }

    private func enter(_ source: String) -> Int? {
        state.withLock { state in
            guard state.pending < limits.pending,
                state.pendingBySource[source, default: 0] < limits.pendingOfOneSource,
                let lane = state.pendingByLane.indices.min(by: { state.pendingByLane[$0] < state.pendingByLane[$1] })
            else { return nil }
            state.pending += 1
            state.pendingBySource[source, default: 0] += 1
            state.pendingByLane[lane] += 1
            return lane
        }
    }

    private func leave(_ source: String, _ lane: Int) {
        state.withLock { state in
            state.pending -= 1
            state.pendingByLane[lane] -= 1
            let rest = state.pendingBySource[source, default: 1] - 1
            state.pendingBySource[source] = rest == 0 ? nil : rest
        }
    }

    /// RFC 7914.
    public static let scrypt: Derivation = { secret, salt, cost in
        let key = try? KDF.Scrypt.deriveKey(
            from: secret, salt: salt, outputByteCount: SecretHash.keyByteCount, rounds: 1 << cost.logarithm,
            blockSize: cost.blockSize, parallelism: cost.parallelism)
        return key?.withUnsafeBytes { Array($0) }
    }
}
