import Application
import HTTPTypes
import HummingbirdTesting
import Kernel
import Ledger
import NIOCore
import NIOPosix
import Synchronization
import Testing
import Vault

@testable import Web

/// What only shows on a real connection: interim answers, senders that vanish, senders that say nothing.
@Suite("Uploads on the wire", .serialized)
struct UploadsWireTests {
    private static let patch = """
        Host: localhost\r\nAuthorization: officer\r\nTus-Resumable: 1.0.0\r\n\
        Content-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\n
        """

    @Test("a sender that asks first is told to go on only when right, size and place are checked")
    func expect() async throws {
        let bench = try await UploadsBench()
        try await bench.runLive { client in
            let path = try await client.create(11)
            try await withConnection(client) { wire in
                try await wire.send(
                    "PATCH \(path) HTTP/1.1\r\n\(UploadsWireTests.patch)"
                        + "Content-Length: 11\r\nExpect: 100-continue\r\n\r\n")
                #expect(try await wire.answer().hasPrefix("HTTP/1.1 100 "))
                try await wire.send("hello world")
                let answer = try await wire.answer()
                #expect(answer.hasPrefix("HTTP/1.1 204 ") && answer.lowercased().contains("upload-offset: 11"))
                // The connection is as good as before.
                try await wire.send("OPTIONS /uploads HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try await wire.answer().hasPrefix("HTTP/1.1 204 "))
            }
            // A form's sender is told by the middleware, whatever its handler does.
            try await withConnection(client) { wire in
                try await wire.send(
                    "POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n")
                #expect(try await wire.answer().hasPrefix("HTTP/1.1 100 "))
                try await wire.send("abc")
                #expect(try await wire.answer().hasPrefix("HTTP/1.1 200 "))
            }
            let refusals = [
                ("PUT /files/a.mp4 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n", "401"),
                (
                    "PUT /files/a.mp4 HTTP/1.1\r\nHost: localhost\r\nAuthorization: officer\r\n"
                        + "Content-Length: \(UploadsBench.byteLimit + 1)\r\n", "413"
                ),
                ("PATCH \(path) HTTP/1.1\r\n\(UploadsWireTests.patch)Content-Length: 11\r\n", "409"),
                (
                    "PATCH /uploads/\(UploadID.random()) HTTP/1.1\r\n\(UploadsWireTests.patch)"
                        + "Content-Length: 11\r\n", "404"
                ),
            ]
            for (head, status) in refusals {
                try await withConnection(client) { wire in
                    try await wire.send(head + "Expect: 100-continue\r\n\r\n")
                    let answer = try await wire.answer()
                    #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer.prefix(20))")
                    #expect(answer.lowercased().contains("connection: close"))
                    #expect(try await wire.isClosed())
                }
            }
        }
    }

    @Test("what a lost sender sent is kept, unless it announced a checksum for more")
    func lost() async throws {
        let bench = try await UploadsBench()
        try await bench.runLive { client in
            for (checksum, kept) in [("", Int64(400)), ("Upload-Checksum: sha1 \(TusRow.sha1)\r\n", 0)] {
                let path = try await client.create(1000)
                try await withConnection(client) { wire in
                    try await wire.send(
                        "PATCH \(path) HTTP/1.1\r\n\(UploadsWireTests.patch)Content-Length: 1000\r\n"
                            + "Expect: 100-continue\r\n\(checksum)\r\n")
                    // Told to go on: from here the upload is held until the server notices that nobody is there.
                    #expect(try await wire.answer().hasPrefix("HTTP/1.1 100 "))
                    try await wire.send(String(repeating: "a", count: 400))
                }
                let id = try #require(UploadID(String(path.split(separator: "/").last ?? "")))
                try await settled(bench, id)
                #expect(try await client.head(path).offset == kept)
                let rest = [UInt8](repeating: UInt8(ascii: "a"), count: 1000 - Int(kept))
                #expect(try await client.patch(path, at: Int(kept), rest).offset == 1000)
                let facts = try await bench.vault.finish(id)
                #expect(facts.sha256 == Digest.sha256([UInt8](repeating: UInt8(ascii: "a"), count: 1000)))
            }
        }
    }

    @Test(
        "of a body in chunks that is longer than the upload nothing is taken, as with a length; the right one then is")
    func overlong() async throws {
        let bench = try await UploadsBench()
        try await bench.runLive { client in
            for rest in ["o world", "o worldEXTRA"] {
                let path = try await client.create(11)
                #expect(try await client.patch(path, at: 0, Array("hell".utf8)).offset == 4)
                let text = Array(rest)
                let chunks = [text[..<2], text[2..<6], text[6...]].map { String($0) }
                try await withConnection(client) { wire in
                    let body = chunks.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined()
                    try await wire.send(
                        "PATCH \(path) HTTP/1.1\r\n"
                            + UploadsWireTests.patch.replacing("Upload-Offset: 0", with: "Upload-Offset: 4")
                            + "Transfer-Encoding: chunked\r\n\r\n\(body)0\r\n\r\n")
                    let answer = try await wire.answer()
                    #expect(
                        answer.hasPrefix(text.count == 7 ? "HTTP/1.1 204 " : "HTTP/1.1 413 "), "\(answer.prefix(20))")
                }
                #expect(try await client.head(path).offset == (text.count == 7 ? 11 : 4))
                if text.count > 7 {
                    #expect(try await client.patch(path, at: 4, Array("o world".utf8)).offset == 11)
                }
            }
        }
        let digests = try await bench.vault.uploads().map(\.facts?.sha256)
        #expect(digests == [Digest?](repeating: Digest.sha256(TusRow.hello), count: 2))
    }

    @Test("a sender that falls silent is let go, and what it sent is kept")
    func silent() async throws {
        let bench = try await UploadsBench()
        try await bench.runLive(idleLimit: .milliseconds(150)) { client in
            let path = try await client.create(1000)
            try await withConnection(client) { wire in
                try await wire.send(
                    "PATCH \(path) HTTP/1.1\r\n\(UploadsWireTests.patch)Content-Length: 1000\r\n\r\n0123456789")
                #expect(try await wire.answer().hasPrefix("HTTP/1.1 408 "))
            }
            #expect(try await client.head(path).offset == 10)
        }
    }

    @Test("of a body that nobody wants only a little is swallowed")
    func unwanted() async throws {
        let bench = try await UploadsBench()
        try await bench.runLive { client in
            try await withConnection(client) { wire in
                try await wire.send(
                    "PUT /files/a.mp4 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000000\r\n\r\n")
                #expect(try await wire.answer().hasPrefix("HTTP/1.1 401 "))
                let piece = String(repeating: "x", count: 1 << 20)
                var sent = 0
                while sent < 57, (try? await wire.send(piece)) != nil { sent += 1 }
                #expect(sent < 57)
            }
        }
        #expect(bench.stored.withLock { $0.isEmpty })
    }

    @Test(
        "a PUT leaves one finished upload of its sender; cut short, without length, too large or changed it leaves none"
    )
    func put() async throws {
        let bench = try await UploadsBench()
        try await bench.runLive { client in
            let bytes = [UInt8](repeating: 7, count: 3_000_000)
            let response = try await client.execute(
                uri: "/files/%E7%8E%B0%E5%9C%BA%25.mp4", method: .put,
                headers: [.authorization: "officer", .contentType: "video/mp4"], body: ByteBuffer(bytes: bytes))
            #expect(response.status == .created)
            #expect(response["Repr-Digest"] == "sha-256=:\(Base64.encode(Digest.sha256(bytes).bytes)):")
            let status = try #require(bench.stored.withLock { $0.first })
            #expect(response["Location"] == "/uploads/\(status.id)")
            let read = try await client.execute(uri: "/objects/\(status.object)", method: .get)
            #expect(Array(buffer: read.body) == bytes)
            // The upload is its sender's, as if it had come by tus: nobody else learns of it.
            #expect(status.declaration.metadata.fileName == "现场%.mp4")
            #expect(status.declaration.metadata["filetype"] == Array("video/mp4".utf8))
            #expect(try await client.head("/uploads/\(status.id)").offset == 3_000_000)
            let stranger = try await client.execute(
                uri: "/uploads/\(status.id)", method: .head, headers: tus(by: "colleague"))
            #expect(stranger.status == .notFound)

            let put = "PUT /files/a.mp4 HTTP/1.1\r\nHost: localhost\r\nAuthorization: officer\r\n"
            try await withConnection(client) { wire in
                try await wire.send(put + "Content-Length: 1000\r\n\r\nonly this")
            }
            for (rest, status) in [
                ("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "411"),
                ("Content-Length: 5\r\nUpload-Checksum: sha1 \(TusRow.sha1)\r\n\r\nhello", "460"),
                ("Content-Length: 5\r\nUpload-Checksum: crc 0000\r\n\r\nhello", "400"),
            ] {
                try await withConnection(client) { wire in
                    try await wire.send(put + rest)
                    #expect(try await wire.answer().hasPrefix("HTTP/1.1 \(status) "), "\(rest)")
                }
            }
            let right = try await client.execute(
                uri: "/files/a.mp4", method: .put,
                headers: [.authorization: "officer", field("Upload-Checksum"): "sha1 \(TusRow.sha1)"],
                body: ByteBuffer(string: "hello world"))
            #expect(right.status == .created)
            // The cut one is dropped as soon as the server sees the end of the connection.
            for _ in 0..<200 where try await bench.vault.uploads().count > 2 {
                try await Task.sleep(for: .milliseconds(10))
            }
            let kept = bench.stored.withLock { $0 }
            #expect(kept.count == 2)
            #expect(try await bench.vault.objects() == kept.map(\.object).sorted())
            #expect(try await Set(bench.vault.uploads().map(\.id)) == Set(kept.map(\.id)))
            #expect(try await bench.vault.room().promised == 0)
        }
    }

    @Test("a PATCH in chunks without a length is taken")
    func chunked() async throws {
        let bench = try await UploadsBench()
        try await bench.runLive { client in
            let path = try await client.create(11)
            try await withConnection(client) { wire in
                try await wire.send(
                    "PATCH \(path) HTTP/1.1\r\n\(UploadsWireTests.patch)Transfer-Encoding: chunked\r\n\r\n"
                        + "6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n")
                #expect(try await wire.answer().hasPrefix("HTTP/1.1 204 "))
            }
            #expect(try await client.head(path).offset == 11)
        }
    }

    /// Waits until nobody holds the upload.
    private func settled(_ bench: UploadsBench, _ id: UploadID) async throws {
        for _ in 0..<500 {
            do throws(VaultError) {
                let offset = try await bench.vault.upload(id).offset
                await (try bench.vault.append(to: id, at: offset, byteCount: 0, checksum: nil)).discard()
                return
            } catch {
                guard error.code == .locked else { throw error }
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        Issue.record("the upload is still held")
    }
}

/// A connection on which the test writes every byte itself.
struct Wire {
    fileprivate let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    let received: Inbox

    final class Inbox: Sendable {
        private let state = Mutex((bytes: [UInt8](), isClosed: false))

        func append(_ bytes: [UInt8]) { state.withLock { $0.bytes += bytes } }
        func close() { state.withLock { $0.isClosed = true } }
        var isClosed: Bool { state.withLock { $0.isClosed } }

        /// Takes one answer: its head, and as much of a body as its length says.
        func take() -> String? {
            state.withLock { state in
                let text = String(decoding: state.bytes, as: UTF8.self)
                let bytes = Array(text.utf8)
                guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: Array("\r\n\r\n".utf8)) }) else {
                    return nil
                }
                let head = String(decoding: bytes[..<end], as: UTF8.self)
                let length =
                    head.lowercased().utf8.split(separator: UInt8(ascii: "\n")).compactMap { line -> Int? in
                        let prefix = Array("content-length: ".utf8)
                        guard line.starts(with: prefix) else { return nil }
                        return Int(String(decoding: line.dropFirst(prefix.count).filter { $0 != 13 }, as: UTF8.self))
                    }.first ?? 0
                guard bytes.count >= end + 4 + length else { return nil }
                state.bytes.removeFirst(end + 4 + length)
                return head
            }
        }
    }

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    /// The next answer's head.
    func answer() async throws -> String {
        for _ in 0..<2000 {
            if let answer = received.take() { return answer }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("no answer")
        return ""
    }

    /// Whether the server ends the connection.
    func isClosed() async throws -> Bool {
        for _ in 0..<1000 {
            if received.isClosed { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }
}

/// Opens a connection to the application under test, and closes it after `body`.
func withConnection(
    _ client: any TestClientProtocol, _ body: @Sendable @escaping (Wire) async throws -> Void
) async throws {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: try #require(client.port)) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
    let isDone = Mutex(false)
    do {
        try await channel.executeThenClose { inbound, outbound in
            let inbox = Wire.Inbox()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    do {
                        for try await buffer in inbound { inbox.append(Array(buffer: buffer)) }
                    } catch {
                        // Closed with bytes of ours unread, which is as good an end.
                    }
                    inbox.close()
                }
                try await body(Wire(outbound: outbound, received: inbox))
                isDone.withLock { $0 = true }
                group.cancelAll()
            }
        }
    } catch {
        // The server may have closed first: then nothing is left for us to close.
        guard isDone.withLock({ $0 }) else { throw error }
    }
}
