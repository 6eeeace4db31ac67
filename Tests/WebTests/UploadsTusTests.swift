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
        try await bench.run { client in try await row.check(bench, client) }
    }

    @Test("extensions", arguments: TusRow.extensions)
    func extensions(row: TusRow) async throws {
        let bench = try await UploadsBench()
        try await bench.run { client in try await row.check(bench, client) }
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
