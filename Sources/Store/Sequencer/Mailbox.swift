import Glibc

/// A list that many put into and one thread empties. Putting wakes the one that waits; nothing is ever held back.
///
/// Safe because `items` and `closed` are only touched with `mutex` held.
final class Mailbox<Item>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var items: [Item] = []
    private var closed = false

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Puts an item in.
    ///
    /// - Returns: false if the mailbox is closed; the item was not taken.
    func put(_ item: Item) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard !closed else { return false }
        items.append(item)
        pthread_cond_signal(condition)
        return true
    }

    /// What was found in a mailbox.
    enum Delivery {
        /// All that was there, in the order in which it came.
        case items([Item])
        /// Nothing came for a while: time for housework.
        case quiet
        /// Closed and empty.
        case closed
    }

    /// Takes all that is there; waits if there is nothing.
    ///
    /// - Parameter quietAfter: milliseconds after which waiting ends with `quiet`; nil waits for ever.
    func take(quietAfter: Int?) -> Delivery {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        var deadline = timespec()
        if let quietAfter {
            clock_gettime(CLOCK_REALTIME, &deadline)
            let nanoseconds = deadline.tv_nsec + quietAfter * 1_000_000
            deadline.tv_sec += nanoseconds / 1_000_000_000
            deadline.tv_nsec = nanoseconds % 1_000_000_000
        }
        while items.isEmpty, !closed {
            if quietAfter == nil {
                pthread_cond_wait(condition, mutex)
            } else if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT {
                return .quiet
            }
        }
        guard !items.isEmpty else { return .closed }
        defer { items = [] }
        return .items(items)
    }

    /// Takes what has come meanwhile, up to the first item that is not wanted and `limit` items at most. Waits for nothing.
    func takeNow(atMost limit: Int, while isWanted: (Item) -> Bool) -> [Item] {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let taken = Array(items.prefix(limit).prefix(while: isWanted))
        items.removeFirst(taken.count)
        return taken
    }

    /// Refuses further items and wakes the one that waits.
    func close() {
        pthread_mutex_lock(mutex)
        closed = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }
}
