import Application
import Crypto
import HTTPTypes
import HummingbirdTesting
import Kernel
import NIOCore
import Synchronization
import Testing
import Vault

@testable import Web

@Suite("tus 1.0", .serialized)
struct UploadsTusTests {
    @Test("core protocol", arguments: TusRow.core)
    func core(row: TusRow) async throws {
        let bench = try await UploadsBench()
        await #expect(throws: Never.self) {
            try await bench.run { client in try await row.check(bench, client) }
        }
    }

    @Test("extensions", arguments: TusRow.extensions)
    func extensions(row: TusRow) async throws {
        let bench = try await UploadsBench()
        await #expect(throws: Never.self) {
            try await bench.run { client in try await row.check(bench, client) }
        }
    }

    @Test("more bytes than the upload has room for get 413, and nothing is applied")
    func tooLong() async throws {
        let bench = try await UploadsBench()
        try await bench.run { client in
            let path = try await client.create(5)
            #expect(try await client.patch(path, at: 0, TusRow.hello).status == .contentTooLarge)
            #expect(try await client.head(path).offset == 0)
        }
    }

    @Test("while the clock has stopped recording no upload begins, and is told why; one that began goes on")
    func obstacle() async throws {
        let bench = try await UploadsBench()
        try await bench.run { client in
            let path = try await client.create(11)
            bench.obstacle.withLock { $0 = "服务器时钟超前了40小时。" }
            let created = try await client.execute(
                uri: "/uploads", method: .post, headers: tus(["Upload-Length": "5"]))
            let put = try await client.execute(
                uri: "/files/a.mp4", method: .put, headers: [.authorization: "officer", .contentLength: "11"],
                body: ByteBuffer(bytes: TusRow.hello))
            let withBody = try await client.execute(
                uri: "/uploads", method: .post, headers: tus(["Upload-Length": "11", "Content-Type": offsetStream]),
                body: ByteBuffer(bytes: TusRow.hello))
            for response in [created, put, withBody] {
                #expect(response.status == .serviceUnavailable && response["Liuhen-Error"] == "stopped")
                #expect(String(buffer: response.body) == "服务器时钟超前了40小时。")
            }
            #expect(try await bench.vault.uploads().count == 1)
            #expect(try await client.patch(path, at: 0, TusRow.hello).offset == 11)
            #expect(try await client.head(path).offset == 11)
        }
    }

    @Test("a person with too much begun gets 507 and is told to finish or delete some; nothing is begun")
    func bounds() async throws {
        let bench = try await UploadsBench(most: 3)
        try await bench.run { client in
            for length in 0..<3 { _ = try await client.create(length) }
            let response = try await client.execute(
                uri: "/uploads", method: .post, headers: tus(["Upload-Length": "5"]))
            #expect(response.status.code == 507 && response["Liuhen-Error"] == "tooMany")
            #expect(String(buffer: response.body).contains("删除"))
            let put = try await client.execute(
                uri: "/files/a.mp4", method: .put, headers: [.authorization: "officer", .contentLength: "11"],
                body: ByteBuffer(bytes: TusRow.hello))
            #expect(put.status.code == 507 && put["Liuhen-Error"] == "tooMany")
            #expect(try await bench.vault.uploads().count == 3)
        }
    }

    @Test("without right nothing is told, and another person's upload is none")
    func rights() async throws {
        let bench = try await UploadsBench()
        try await bench.run { client in
            let path = try await client.create(11)
            for person in ["stranger", "colleague"] {
                let status: HTTPResponse.Status = person == "stranger" ? .unauthorized : .notFound
                for method in [HTTPRequest.Method.head, .patch, .delete] {
                    let response = try await client.execute(
                        uri: path, method: method,
                        headers: tus(["Content-Type": offsetStream, "Upload-Offset": "0"], by: person),
                        body: method == .patch ? ByteBuffer(bytes: [1]) : nil)
                    #expect(response.status == status && response.offset == nil)
                }
            }
            #expect(try await client.head(path).offset == 0)
            for (uri, method) in [("/uploads", HTTPRequest.Method.get), (path, .get), (path, .put), (path, .post)] {
                #expect(try await client.execute(uri: uri, method: method, headers: tus()).status == .methodNotAllowed)
            }
        }
    }

    @Test("the application hears of a complete upload before the sender does, and again when asked again")
    func completion() async throws {
        let bench = try await UploadsBench()
        try await bench.run { client in
            let path = try await client.create(11)
            _ = try await client.patch(path, at: 0, TusRow.hello)
            #expect(bench.heard.withLock { $0.count } == 1)
            #expect(try await client.patch(path, at: 11, []).status == .noContent)
            #expect(bench.heard.withLock { $0.count } == 2)
            let facts = try #require(try await bench.vault.uploads().first?.facts)
            #expect(facts.sha256.bytes == Array(SHA256.hash(data: TusRow.hello)))
        }
    }

    @Test("a second PATCH while one is writing gets 423; HEAD still tells the durable offset")
    func locked() async throws {
        let bench = try await UploadsBench()
        try await bench.run { client in
            let path = try await client.create(11)
            let id = try #require(UploadID(String(path.split(separator: "/").last ?? "")))
            let writer = try await bench.vault.append(to: id, at: 0, byteCount: 11, checksum: nil)
            let refused = try await client.patch(path, at: 0, TusRow.hello)
            #expect(refused.status.code == 423 && refused["Retry-After"] != nil)
            #expect(try await client.execute(uri: path, method: .delete, headers: tus()).status.code == 423)
            #expect(try await client.head(path).offset == 0)
            await writer.discard()
            #expect(try await client.patch(path, at: 0, TusRow.hello).offset == 11)
        }
    }
}
