import HummingbirdCore
import HummingbirdTesting
import Kernel
import Logging
import NIOCore
import Synchronization
import TestKit
import Testing

@testable import Web

/// Who says nothing holds nobody up. Real connections; the bounds are small by setting.
@Suite("Connections", .serialized)
struct ConnectionTests {
    private static let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

    private func serve(
        _ change: (inout ConnectionLimits) -> Void,
        _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        var settings = WebSettings()
        // However slow the machine: nobody is let go for silence, unless a test is about it.
        settings.connections.firstRequestSeconds = 3600
        settings.idleSeconds = 3600
        change(&settings.connections)
        let world = try await WebWorld(settings: settings)
        try await WebApplication.build(world.services, address: .hostname("127.0.0.1", port: 0), logger: .quiet)
            .test(.live) { client in try await body(client) }
    }

    /// Opens as many connections as are asked for, one inside the other, and then does something.
    private func holding(
        _ count: Int, _ client: any TestClientProtocol, _ held: [Wire] = [],
        _ body: @escaping @Sendable ([Wire]) async throws -> Void
    ) async throws {
        guard count > 0 else { return try await body(held) }
        try await withConnection(client) { wire in
            try await holding(count - 1, client, held + [wire], body)
        }
    }

    /// Opens connections one inside the other, each of which is answered.
    ///
    /// Who has its answer is not yet idle for the server, which ends the exchange after it: whoever comes in that moment
    /// finds nobody to make room, is let go, and knocks again.
    private func answered(_ count: Int, _ client: any TestClientProtocol) async throws {
        guard count > 0 else { return }
        for attempt in 1...200 {
            let wasAnswered = Mutex(false)
            try await withConnection(client) { wire in
                let answer: String?
                do {
                    try await wire.send(Self.request)
                    answer = try await wire.answer()
                } catch {
                    answer = nil
                }
                guard let answer, answer.hasPrefix("HTTP/1.1 ") else { return }
                wasAnswered.withLock { $0 = true }
                try await answered(count - 1, client)
            }
            if wasAnswered.withLock({ $0 }) { return }
            try #require(attempt < 200, "nobody made room for a new client")
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Whether the server closes one of them.
    private func isOneClosed(_ wires: [Wire]) async throws -> Bool {
        for _ in 0..<1000 {
            if wires.contains(where: \.received.isClosed) { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    @Test("at the bound in all an idle connection makes room for each new client, which is answered")
    func inAll() async throws {
        try await serve {
            $0.inAll = 8
        } _: { client in
            // With the one of the test's own client there are eight.
            try await holding(7, client) { held in
                // Each was answered once, so that the server knows all of them.
                for wire in held {
                    try await wire.send(Self.request)
                    #expect(try await wire.answer().hasPrefix("HTTP/1.1 "))
                }
                try await answered(5, client)
                #expect(try await isOneClosed(held))
            }
        }
    }

    @Test("one address has its own bound, and one of its own idle connections makes room")
    func perAddress() async throws {
        try await serve {
            $0.perAddress = 3
            $0.sparesLoopback = false
        } _: { client in
            try await holding(3, client) { held in
                // Each comes by itself: who is answered is known to the server.
                for number in 0..<5 {
                    try await withConnection(client) { wire in
                        try await wire.send(Self.request)
                        #expect(try await wire.answer().hasPrefix("HTTP/1.1 "), "\(number)")
                    }
                }
                #expect(try await isOneClosed(held))
            }
        }
    }

    @Test("loopback, where a reverse proxy speaks for all, has no bound of its own")
    func proxy() async throws {
        try await serve {
            $0.perAddress = 1
        } _: { client in
            try await holding(6, client) { held in
                for wire in held + held {
                    try await wire.send(Self.request)
                    #expect(try await wire.answer().hasPrefix("HTTP/1.1 "))
                }
            }
        }
    }

    @Test("who sends no whole head in time is let go, whether nothing or a piece of one came")
    func silent() async throws {
        try await serve {
            $0.firstRequestSeconds = 0
        } _: { client in
            for piece in ["", "GET / HTTP/1.1\r\nHost: lo"] {
                try await withConnection(client) { wire in
                    if !piece.isEmpty { try? await wire.send(piece) }
                    let isClosed = try await wire.isClosed()
                    #expect(isClosed)
                }
            }
        }
    }

    @Test("whatever comes in whatever order: never more than the bounds, the idlest goes first, and none in hand")
    func book() throws {
        var random = SeededRandom(7)
        let addresses = try (1...4).map { RemoteAddress(try SocketAddress(ipAddress: "192.0.2.\($0)", port: 1)) }
        var limits = ConnectionLimits()
        (limits.inAll, limits.perAddress) = (6, 3)
        let closed = Mutex<[Int]>([])
        let book = ConnectionBook(limits)
        // The same by hand: what is held, by name, the idle ones in the order in which they fell idle.
        var held: [(name: Int, number: ConnectionBook.Number, address: Int, isIdle: Bool)] = []
        var refused = 0
        for name in 0..<5000 {
            switch Int.random(in: 0..<7, using: &random) {
            case 0...2 where !held.isEmpty:
                let place = Int.random(in: 0..<held.count, using: &random)
                #expect(book.begin(held[place].number))
                held[place].isIdle = false
            case 3 where held.contains(where: { !$0.isIdle }):
                let place = try #require(held.lastIndex { !$0.isIdle })
                var one = held.remove(at: place)
                one.isIdle = true
                book.end(one.number)
                held.append(one)
            case 4 where !held.isEmpty:
                book.close(held.remove(at: Int.random(in: 0..<held.count, using: &random)).number)
            default:
                let address = Int.random(in: 0..<4, using: &random)
                let own = held.filter { $0.address == address }
                var leaving: Int?
                var hasRoom = true
                if own.count >= 3 {
                    leaving = held.first { $0.address == address && $0.isIdle }?.name
                    hasRoom = leaving != nil
                } else if held.count >= 6 {
                    leaving = held.first(where: \.isIdle)?.name
                    hasRoom = leaving != nil
                }
                let number = book.open(from: addresses[address]) { closed.withLock { $0.append(name) } }
                #expect((number != nil) == hasRoom)
                let names = closed.withLock { names in
                    defer { names = [] }
                    return names
                }
                #expect(names == (leaving.map { [$0] } ?? []))
                if let leaving {
                    let gone = try #require(held.firstIndex { $0.name == leaving })
                    // What made room is asked nothing any more.
                    #expect(!book.begin(held.remove(at: gone).number))
                }
                if let number { held.append((name, number, address, true)) } else { refused += 1 }
            }
            #expect(book.count == held.count && held.count <= 6)
        }
        #expect(refused > 10)
    }

    @Test("addresses are told apart by what a sender cannot choose: of IPv6 the first half, IPv4 also within IPv6")
    func addresses() throws {
        func address(_ text: String) throws -> RemoteAddress {
            RemoteAddress(try SocketAddress(ipAddress: text, port: 1))
        }
        #expect(try address("2001:db8:1:2::1") == address("2001:db8:1:2:ffff:ffff:ffff:ffff"))
        #expect(try address("2001:db8:1:2::1") != address("2001:db8:1:3::1"))
        #expect(try address("::ffff:192.0.2.7") == address("192.0.2.7"))
        #expect(try address("192.0.2.7") != address("192.0.2.8"))
        for text in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] { #expect(try address(text).isLoopback) }
        for text in ["192.0.2.7", "::2", "2001:db8::1"] { #expect(try !address(text).isLoopback) }
        #expect(RemoteAddress(nil).isLoopback)
    }
}
