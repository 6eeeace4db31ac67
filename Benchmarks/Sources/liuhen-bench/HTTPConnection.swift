import Foundation

/// One kept-alive HTTP/1.1 connection to loopback with blocking calls: as little work for the machine as a load can be.
///
/// Not for anything but loads: it understands answers with `Content-Length` only.
final class HTTPConnection {
    private let descriptor: Int32
    private let host: String
    private var buffer: [UInt8] = []

    /// What came back.
    struct Answer {
        let status: Int
        let head: String
        let body: String

        /// The first value of a field; names compared without case.
        func field(_ name: String) -> String? {
            for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix(name.lowercased() + ":") {
                return line.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
            }
            return nil
        }

        /// What the page says went wrong, for a failure's text: the first alert without its markup.
        var notice: String {
            guard let alert = body.range(of: "role=\"alert\"") else { return "" }
            let text = body[alert.upperBound...].prefix(2000).replacingOccurrences(
                of: "<[^>]*>", with: " ", options: .regularExpression)
            return String(text.drop { $0 != ">" }.dropFirst().prefix(300))
        }
    }

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        host = "127.0.0.1:\(port)"
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Failure("no server on port \(port)") }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit {
        close(descriptor)
    }

    /// Sends one request and waits for its answer.
    func send(_ method: String, _ path: String, cookie: String? = nil, form: String? = nil) throws -> Answer {
        var text = "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\nAccept: text/html\r\n"
        if let cookie { text += "Cookie: \(cookie)\r\n" }
        if let form {
            text +=
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(form.utf8.count)\r\n\r\n\(form)"
        } else {
            text += "\r\n"
        }
        let bytes = Array(text.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else { throw Failure("the connection broke") }
        return try receive()
    }

    /// Sends a GET and reads its answer without making text of it.
    ///
    /// - Returns: the status and the number of bytes of the body.
    func get(_ path: String, cookie: String) throws -> (status: Int, byteCount: Int) {
        let bytes = Array(
            "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nAccept: text/html\r\nCookie: \(cookie)\r\n\r\n".utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else { throw Failure("the connection broke") }
        let (head, start, length) = try receiveHead()
        let have = min(buffer.count - start, length)
        buffer.removeFirst(start + have)
        var left = length - have
        try withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 8) { piece in
            while left > 0 {
                guard let address = piece.baseAddress else { return }
                let count = read(descriptor, address, min(left, piece.count))
                guard count > 0 else { throw Failure("the server closed the connection") }
                left -= count
            }
        }
        return (Int(head.dropFirst(9).prefix(3)) ?? 0, length)
    }

    private func receive() throws -> Answer {
        let (head, start, length) = try receiveHead()
        while buffer.count < start + length { try fill() }
        let body = String(decoding: buffer[start..<start + length], as: UTF8.self)
        buffer.removeFirst(start + length)
        return Answer(status: Int(head.dropFirst(9).prefix(3)) ?? 0, head: head, body: body)
    }

    /// The head of the next answer, where its body begins in the buffer, and how long that is.
    private func receiveHead() throws -> (head: String, start: Int, length: Int) {
        // The load shares its processors with the server, so it looks at each byte once and makes text of the head alone.
        var end: Int?
        while true {
            end = buffer.withUnsafeBytes { bytes in
                bytes.indices.dropLast(3).first { at in
                    bytes[at] == 13 && bytes[at + 1] == 10 && bytes[at + 2] == 13 && bytes[at + 3] == 10
                }
            }
            if end != nil { break }
            try fill()
        }
        let head = String(decoding: buffer[..<(end ?? 0)], as: UTF8.self)
        return (head, (end ?? 0) + 4, Self.length(in: head))
    }

    /// What `Content-Length` says; 0 without it.
    private static func length(in head: String) -> Int {
        let name = Array("content-length:".utf8)
        for line in head.utf8.split(separator: 10) where line.count > name.count {
            guard zip(line, name).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) else { continue }
            return line.dropFirst(name.count).reduce(0) { (48...57).contains($1) ? $0 * 10 + Int($1 - 48) : $0 }
        }
        return 0
    }

    private func fill() throws {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = read(descriptor, &piece, piece.count)
        guard count > 0 else { throw Failure("the server closed the connection") }
        buffer += piece[..<count]
    }
}
