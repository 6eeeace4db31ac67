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
        let end = Array("\r\n\r\n".utf8)
        var headEnd: Int?
        while true {
            headEnd = buffer.indices.dropLast(3).first { buffer[$0...].starts(with: end) }
            if headEnd != nil { break }
            try fill()
        }
        let head = String(decoding: buffer[..<(headEnd ?? 0)], as: UTF8.self)
        let start = (headEnd ?? 0) + 4
        let answer = Answer(status: 0, head: head, body: "")
        return (head, start, answer.field("Content-Length").flatMap { Int($0) } ?? 0)
    }

    private func fill() throws {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = read(descriptor, &piece, piece.count)
        guard count > 0 else { throw Failure("the server closed the connection") }
        buffer += piece[..<count]
    }
}
