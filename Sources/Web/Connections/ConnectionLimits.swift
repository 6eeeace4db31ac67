/// How many connections are held, and how long those on which nothing is asked.
///
/// Each idle connection costs some 9 KiB; without a bound one sender could hold tens of thousands.
public struct ConnectionLimits: Hashable, Sendable {
    /// Connections in all. When there are so many, the one that was idle longest is closed for a new one; where none is idle
    /// the new one is closed.
    public var inAll = 800
    /// Connections from one address: an IPv4 address, or the first 64 bits of an IPv6 address, which one sender chooses the
    /// rest of. Many persons may stand behind one address. Loopback is not counted: there the reverse proxy speaks for all.
    public var perAddress = 100
    /// Seconds from connecting to the last byte of the first request's head.
    public var firstRequestSeconds: Int64 = 20
    /// Whether the bound for one address spares loopback; a test says no.
    var sparesLoopback = true

    /// The limits of a bureau's server.
    public init() {}
}
