import Kernel

/// What the database holds of one log, as far as the start looks at it.
struct StoredHead: Hashable {
    let log: Int
    let size: Int64
    let root: Digest
}

/// Whether a ledger may go on from what database and lock file say (design section 5, "Writing"). Pure.
enum StartRule {
    /// What to do.
    enum Verdict: Equatable {
        /// Both say the same.
        case go
        /// The last groups were committed and did not reach the lock file: write the database's head into it.
        case writeLock
        /// Nothing is written.
        case refuse(LedgerStartError)
    }

    /// - Parameters:
    ///   - stored: the newest head of the database's open log.
    ///   - lock: what was found as lock file.
    ///   - rootAt: the root that the database has for a log at a size it reaches; nil if it has no such log or size.
    ///   - isNamedLost: whether the first entry of a later log names this head as the last one known before the loss.
    static func verdict(
        stored: StoredHead, lock: LockFile.State, rootAt: (_ log: Int, _ size: Int64) throws -> Digest?,
        isNamedLost: (LockedHead) throws -> Bool
    ) rethrows -> Verdict {
        switch lock {
        case .absent:
            // An empty first log has lost nothing; whoever removes the lock file of another must say so aloud.
            return stored.log == 1 && stored.size == 0 ? .writeLock : .refuse(.noLock(ledger: stored.size))
        case .unreadable:
            return stored.log == 1 && stored.size == 0 ? .writeLock : .refuse(.lockDamaged(ledger: stored.size))
        case .head(let head):
            guard (head.log, head.size) <= (stored.log, stored.size) else {
                return .refuse(.behindLock(ledger: stored.size, lock: head.size))
            }
            guard try rootAt(head.log, head.size) == head.root else {
                // We died after a later log had begun and before its head was in the lock file.
                if head.log < stored.log, try isNamedLost(head) { return .writeLock }
                return .refuse(.forked(size: head.size))
            }
            return (head.log, head.size) == (stored.log, stored.size) ? .go : .writeLock
        }
    }
}
