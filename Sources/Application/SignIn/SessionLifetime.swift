import Kernel

/// How long a sign-in lasts.
public struct SessionLifetime: Hashable, Sendable {
    /// From sign-in to the end, whatever happens, in milliseconds.
    public var absolute: Int64
    /// From the last use to the end, in milliseconds.
    public var idle: Int64
    /// The last use is written down again only when it is older than this: one write a minute, not one a page.
    public var touchEvery: Int64

    /// A lifetime.
    public init(absolute: Int64, idle: Int64, touchEvery: Int64) {
        self.absolute = absolute
        self.idle = idle
        self.touchEvery = touchEvery
    }

    /// 12 hours, 30 minutes without use.
    public static let standard = SessionLifetime(absolute: 12 * 3_600_000, idle: 30 * 60_000, touchEvery: 60_000)

    /// Whether a session may still be used. A session from the future is refused: the clock was set back since.
    public func isLive(_ session: Session, at now: Instant) -> Bool {
        now >= session.openedAt && now < session.endsAt && now.milliseconds(since: session.usedAt) < idle
    }

    /// Whether the last use has to be written down.
    public func needsTouch(_ session: Session, at now: Instant) -> Bool {
        now.milliseconds(since: session.usedAt) >= touchEvery
    }
}
