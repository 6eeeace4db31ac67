import Foundation
import Glibc
import SwiftASN1
import X509

/// The names and addresses under which browsers on the local network reach this server.
struct ServerNames: Hashable {
    /// Host names, lower case.
    private(set) var names: [String] = []
    /// IPv4 and IPv6 addresses as 4 or 16 bytes.
    private(set) var addresses: [[UInt8]] = []

    /// The name of the machine, all its addresses, `localhost`, what it listens on, and what the administrator adds.
    init(listening host: String, extra: [String]) {
        add("localhost")
        var buffer = [CChar](repeating: 0, count: 256)
        if gethostname(&buffer, buffer.count - 1) == 0 {
            add(String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        for name in [host] + extra { add(name) }
        for address in ServerNames.interfaceAddresses() where !addresses.contains(address) { addresses.append(address) }
    }

    /// What the leaf names first; only people see it.
    var first: String { names.first { $0 != "localhost" } ?? "localhost" }

    /// As a certificate lists them.
    var general: [GeneralName] {
        names.map { .dnsName($0) } + addresses.map { .ipAddress(ASN1OctetString(contentBytes: ArraySlice($0))) }
    }

    private mutating func add(_ text: String) {
        if let address = ServerNames.address(text) {
            // 0.0.0.0 and :: stand for all addresses, and for none that a browser types.
            if address.contains(where: { $0 != 0 }), !addresses.contains(address) { addresses.append(address) }
        } else {
            let name = text.lowercased()
            let isName = name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E
            }
            if isName, !name.isEmpty, !names.contains(name) { names.append(name) }
        }
    }

    static func address(_ text: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
        var six = in6_addr()
        if inet_pton(AF_INET6, text, &six) == 1 { return withUnsafeBytes(of: &six) { Array($0) } }
        return nil
    }

    private static func interfaceAddresses() -> [[UInt8]] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        var found: Set<[UInt8]> = []
        var item = list
        while let current = item {
            item = current.pointee.ifa_next
            guard let address = current.pointee.ifa_addr else { continue }
            switch Int32(address.pointee.sa_family) {
            case AF_INET:
                address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { place in
                    _ = withUnsafeBytes(of: place.pointee.sin_addr) { found.insert(Array($0)) }
                }
            case AF_INET6:
                address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { place in
                    withUnsafeBytes(of: place.pointee.sin6_addr) { bytes in
                        // Link-local addresses need a zone that no browser takes.
                        if !(bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80) { found.insert(Array(bytes)) }
                    }
                }
            default: break
            }
        }
        return found.sorted { $0.lexicographicallyPrecedes($1) }
    }
}
