import Application
import NIOPosix

/// The threads of a vault, none of them of the cooperative pool: three that ingest in order, and pools for the rest.
///
/// One thread for each kind of work, shared by all writers, instead of three for each writer: the machine has few
/// cores, pages have to be served meanwhile, and one core hashes faster than a disk writes.
struct Lanes: Sendable {
    /// SHA-256 of whole objects.
    let whole = NIOThreadPool(numberOfThreads: 1)
    /// SHA-256 of chunks, and checksums.
    let chunk = NIOThreadPool(numberOfThreads: 1)
    /// Sealing and writing.
    let seal = NIOThreadPool(numberOfThreads: 1)
    /// Opening, fsync, rename: what waits for the disk.
    let disk = NIOThreadPool(numberOfThreads: 2)
    /// Range reads.
    let readers = NIOThreadPool(numberOfThreads: 4)
    /// Reading whole objects: scrub, and digests after a restart.
    let background = NIOThreadPool(numberOfThreads: 1)

    private var all: [NIOThreadPool] { [whole, chunk, seal, disk, readers, background] }

    init() {
        for pool in all { pool.start() }
    }

    func shutDown() async {
        for pool in all { try? await pool.shutdownGracefully() }
    }
}

extension NIOThreadPool {
    /// Runs blocking work on a thread of the pool.
    ///
    /// Deliberately deaf to cancellation, unlike `runIfActive`: work that makes bytes durable or removes what is left of
    /// them has to be done also for a request that is given up.
    func perform<Value: Sendable>(
        _ work: @escaping @Sendable () throws(VaultError) -> Value
    ) async throws(VaultError) -> Value {
        let result: Result<Value, VaultError> = await withCheckedContinuation { continuation in
            submit { state in
                guard case .active = state else {
                    continuation.resume(returning: .failure(VaultError(.stopped, "the vault is closed")))
                    return
                }
                do throws(VaultError) {
                    continuation.resume(returning: .success(try work()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// Returns when everything submitted before has run. On a pool of one thread only.
    func drain() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            submit { _ in continuation.resume() }
        }
    }
}
