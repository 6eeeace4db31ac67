import NIOCore

/// Whom a connection counts for: what one sender cannot choose at will.
struct RemoteAddress: Hashable, Sendable {
    /// The four bytes of an IPv4 address, the first eight of an IPv6 address, nothing for a socket of this machine.
    let bytes: [UInt8]
    /// Whether it is this machine itself.
    let isLoopback: Bool

    /// The address of a peer; a peer without one is this machine.
    init(_ address: SocketAddress?) {
        switch address {
        case .v4(let address):
            // sockaddr_in: family and port, two bytes each, then the address.
            bytes = withUnsafeBytes(of: address.address) { Array($0[4..<8]) }
            isLoopback = bytes.first == 127
        case .v6(let address):
            // sockaddr_in6: family and port, four bytes of flow information, then the address.
            let whole = withUnsafeBytes(of: address.address) { Array($0[8..<24]) }
            let mapped: [UInt8] = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
            if whole.starts(with: mapped) {
                // IPv4 on a socket that takes both.
                bytes = Array(whole[12...])
                isLoopback = bytes.first == 127
            } else {
                bytes = Array(whole.prefix(8))
                isLoopback = whole == [UInt8](repeating: 0, count: 15) + [1]
            }
        case .unixDomainSocket, nil:
            bytes = []
            isLoopback = true
        }
    }
}
