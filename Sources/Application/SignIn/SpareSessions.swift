import Casework
import Kernel
import Synchronization

/// Sessions that could not be written down because the disk is full.
///
/// A full disk stops recording and must not close the door on those who only read, and who may be the ones that make room.
/// They are kept in memory: over with the process, and few.
final class SpareSessions: Sendable {
    private let sessions = Mutex<[Digest: Session]>([:])
    /// How many there are at most; the one that was opened first goes.
    static let limit = 200

    func add(_ session: Session) {
        sessions.withLock { sessions in
            if sessions.count >= SpareSessions.limit,
                let oldest = sessions.values.min(by: { $0.openedAt < $1.openedAt })
            {
                sessions[oldest.tokenDigest] = nil
            }
            sessions[session.tokenDigest] = session
        }
    }

    func session(_ digest: Digest) -> Session? { sessions.withLock { $0[digest] } }

    func touch(_ digest: Digest, at now: Instant) { sessions.withLock { $0[digest]?.usedAt = now } }

    func sessions(of account: AccountName) -> [Session] {
        sessions.withLock { $0.values.filter { $0.account == account } }
    }

    func end(_ digest: Digest) { sessions.withLock { $0[digest] = nil } }

    func end(of account: AccountName) { sessions.withLock { $0 = $0.filter { $0.value.account != account } } }
}
