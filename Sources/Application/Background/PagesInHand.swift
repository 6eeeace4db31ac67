import Glibc
import Synchronization

/// How many pages are being made in this process: who judges in the background stands aside meanwhile.
///
/// The rule: a page never waits for anybody here; it only counts itself in and out. What waits is the quiet thread, and
/// only between two parts of its work, when it holds neither a connection nor a lock. A low priority alone is not enough: processors
/// share their caches and often the core itself, so that a page beside a busy thread is slower on whichever processor.
public final class PagesInHand: Sendable {
    /// Those of this process.
    public static let ofProcess = PagesInHand()

    private let count = Atomic<Int>(0)
    /// How long a quiet thread stands aside for pages that never end, in microseconds: it goes on, if slowly, on a server
    /// that is never idle.
    private static let patience = 10_000
    private static let look = 200

    /// Nobody yet.
    public init() {}

    /// A page begins; whoever says so says `end()` too.
    public func begin() { count.add(1, ordering: .relaxed) }

    /// A page is made.
    public func end() { count.subtract(1, ordering: .relaxed) }

    /// Whether any page is being made.
    public var isBusy: Bool { count.load(ordering: .relaxed) > 0 }

    /// Waits until no page is being made, at most as long as patience lasts. Blocks: for a quiet thread.
    func standAside() {
        var waited = 0
        while isBusy, waited < PagesInHand.patience {
            usleep(useconds_t(PagesInHand.look))
            waited += PagesInHand.look
        }
    }
}
