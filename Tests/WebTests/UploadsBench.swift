import Application
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Kernel
import Logging
import NIOCore
import Synchronization
import TestKit
import Testing
import Vault

@testable import Web

/// A context as small as an upload needs.
struct BenchContext: UploadContext {
    var coreContext: CoreRequestContextStorage
    let continueSignal: ContinueSignal

    init(source: Source) {
        coreContext = .init(source: source)
        continueSignal = ContinueSignal(source: source)
    }
}

/// An application with nothing but uploads, ingest and objects over a new vault.
final class UploadsBench: Sendable {
    let directory: TemporaryDirectory
    let vault: FileVault
    let clock = Mutex(Instant(milliseconds: 1_700_000_000_000))
    let heard = Mutex<[UploadID]>([])
    let stored = Mutex<[UploadStatus]>([])
    /// Why no upload can begin.
    let obstacle = Mutex<String?>(nil)

    static let officer = ThreadTag(high: 7, low: 1)
    static let colleague = ThreadTag(high: 7, low: 2)
    static let byteLimit: Int64 = 64 << 20

    /// - Parameter most: how many uploads one person may have on record.
    init(most: Int = UploadDeclaration.mostOfOnePerson) async throws {
        directory = try TemporaryDirectory()
        try await FileVault.create(at: directory.path + "/vault")
        var configuration = FileVault.Configuration()
        configuration.reserve = 0
        configuration.uploadsOfOnePerson = most
        vault = try await FileVault.open(
            at: directory.path + "/vault", keys: VaultKeys(current: .random()), configuration: configuration)
    }

    /// `Authorization: officer` or `colleague`; anything else is turned away.
    private func authorize(_ request: Request) throws -> UploadGrant {
        let owner =
            switch request.headers[.authorization] {
            case "officer": UploadsBench.officer
            case "colleague": UploadsBench.colleague
            default: throw HTTPError(.unauthorized)
            }
        return UploadGrant(vault: vault, owner: owner, byteLimit: UploadsBench.byteLimit)
    }

    func application(idleLimit: Duration = .seconds(30)) -> some ApplicationProtocol {
        let router = Router(context: BenchContext.self)
        TusEndpoint<BenchContext>(
            authorize: { [self] request, _ in try authorize(request) },
            completed: { [self] status, _, _ in
                heard.withLock { $0.append(status.id) }
                _ = try await vault.finish(status.id)
            },
            obstacle: { [self] _ in obstacle.withLock { $0 } },
            now: { [self] in clock.withLock { $0 } }, idleLimit: idleLimit
        ).add(to: router, at: "/uploads")
        let ingest = IngestEndpoint<BenchContext>(
            authorize: { [self] request, _ in try authorize(request) },
            obstacle: { [self] _ in obstacle.withLock { $0 } },
            location: { [self] status, _ in
                stored.withLock { $0.append(status) }
                return "/uploads/\(status.id)"
            }, now: { [self] in clock.withLock { $0 } }, idleLimit: idleLimit)
        router.put("/files/{file}") { request, context in try await ingest.respond(to: request, context) }
        for method in [HTTPRequest.Method.get, .head] {
            router.on("/objects/{id}", method: method) { [self] request, context in
                guard let id = context.parameters.get("id").flatMap({ ObjectID($0) }) else {
                    throw HTTPError(.notFound)
                }
                return await ObjectResponse(id, in: vault, mediaType: "video/mp4").respond(to: request)
            }
        }
        router.group().add(middleware: ContinueMiddleware<BenchContext>()).post("/form") { request, _ in
            "\(try await request.body.collect(upTo: 1000).readableBytes)"
        }
        return Hummingbird.Application(
            router: router,
            server: .http1(configuration: .init(additionalChannelHandlers: [ContinueHandler()])),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)), logger: .quiet)
    }

    func run(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        try await application().test(.router) { client in try await body(client) }
        await vault.close()
    }

    func runLive(
        idleLimit: Duration = .seconds(30), _ body: @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        try await application(idleLimit: idleLimit).test(.live) { client in try await body(client) }
        await vault.close()
    }
}

extension Logger {
    /// A logger for tests: errors only.
    static var quiet: Logger {
        var logger = Logger(label: "tests")
        logger.logLevel = .critical
        return logger
    }
}

/// What a tus client sends with everything.
func tus(_ fields: KeyValuePairs<String, String> = [:], by person: String = "officer") -> HTTPFields {
    var headers: HTTPFields = [.authorization: person]
    headers[field("Tus-Resumable")] = "1.0.0"
    for (name, value) in fields { headers[field(name)] = value.isEmpty ? nil : value }
    return headers
}

func field(_ name: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no field name") }
    return name
}

extension TestResponse {
    subscript(name: String) -> String? { headers[field(name)] }
    var offset: Int64? { self["Upload-Offset"].flatMap { Int64($0) } }
}

let offsetStream = "application/offset+octet-stream"

extension TestClientProtocol {
    /// Creates an upload and returns its path.
    func create(_ byteCount: Int, metadata: String = "") async throws -> String {
        let response = try await execute(
            uri: "/uploads", method: .post,
            headers: tus(["Upload-Length": "\(byteCount)", "Upload-Metadata": metadata]))
        #expect(response.status == .created)
        return try #require(response["Location"])
    }

    func patch(
        _ path: String, at offset: Int, _ bytes: [UInt8], _ more: KeyValuePairs<String, String> = [:]
    ) async throws -> TestResponse {
        var headers = tus(["Content-Type": offsetStream, "Upload-Offset": "\(offset)"])
        for (name, value) in more { headers[field(name)] = value }
        return try await execute(uri: path, method: .patch, headers: headers, body: ByteBuffer(bytes: bytes))
    }

    func head(_ path: String) async throws -> TestResponse {
        try await execute(uri: path, method: .head, headers: tus())
    }
}
