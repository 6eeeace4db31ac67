import Application
import Hummingbird
import NIOCore
import Synchronization

/// Takes a request's body into the vault, buffer by buffer, at the vault's pace.
struct BodyIntake: Sendable {
    /// How long a sender may be silent.
    var idleLimit: Duration = .seconds(60)

    /// How a body ended.
    enum End: Sendable {
        /// The sender ended it, or was lost: the two look alike here, so count the bytes.
        case ended
        /// Nothing came for too long.
        case idle
    }

    /// What came of a body.
    struct Outcome: Sendable {
        let byteCount: Int64
        let end: End
    }

    /// Pours the body into `sink`. What was taken is in the sink also when the sender is lost.
    ///
    /// - Throws: `VaultError` from the sink.
    func pour(_ body: RequestBody, into sink: any ByteSink) async throws -> Outcome {
        let meter = Meter()
        return try await withThrowingTaskGroup(of: End.self) { group in
            group.addTask {
                do {
                    for try await buffer in body {
                        meter.received(buffer.readableBytes)
                        try await sink.take(buffer)
                        meter.wait()
                    }
                } catch let error as VaultError {
                    throw error
                } catch {
                    // The connection broke. What came before is as good as if the sender had stopped there.
                }
                return .ended
            }
            group.addTask {
                while let silence = meter.silence {
                    if silence >= idleLimit { return .idle }
                    try await Task.sleep(for: idleLimit - silence)
                }
                return .idle
            }
            defer { group.cancelAll() }
            let end = try await group.next() ?? .ended
            return Outcome(byteCount: meter.byteCount, end: end)
        }
    }
}

/// How much came, and since when nothing did.
private final class Meter: Sendable {
    private struct State {
        var byteCount: Int64 = 0
        var waitingSince: ContinuousClock.Instant? = .now
    }

    private let state = Mutex(State())

    var byteCount: Int64 { state.withLock { $0.byteCount } }

    /// How long the sender has been silent; zero while the vault is at work on what it sent.
    var silence: Duration? {
        state.withLock { state in state.waitingSince.map { .now - $0 } ?? .zero }
    }

    func received(_ count: Int) {
        state.withLock { state in
            state.byteCount += Int64(count)
            state.waitingSince = nil
        }
    }

    func wait() { state.withLock { $0.waitingSince = .now } }
}

extension ByteSink {
    /// Takes a network buffer, waiting for room as needed; its bytes are copied once.
    func take(_ buffer: ByteBuffer) async throws(VaultError) {
        var rest = buffer
        while rest.readableBytes > 0 {
            let taken = rest.readWithUnsafeReadableBytes { bytes in
                let count = take(bytes)
                return (count, count)
            }
            if taken == 0 { try await makeRoom() }
        }
    }
}
