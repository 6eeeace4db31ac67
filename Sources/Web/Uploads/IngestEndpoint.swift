import Application
import HTTPTypes
import Hummingbird
import Kernel
import Logging

/// Takes one object as the body of one request, for senders that need no resuming: PUT with `Content-Length`.
public struct IngestEndpoint<Context: UploadContext>: Sendable {
    /// Says who sends and what they may, or throws the answer for those who may not.
    public typealias Authorize = @Sendable (Request, Context) async throws -> UploadGrant

    /// Records the stored object and gives the answer. If it throws, the object stands in the vault and in no entry.
    public typealias Stored = @Sendable (ObjectFacts, Request, Context) async throws -> Response

    let authorize: Authorize
    let stored: Stored
    let intake: BodyIntake

    /// An endpoint.
    public init(
        authorize: @escaping Authorize, stored: @escaping Stored, idleLimit: Duration = .seconds(60)
    ) {
        self.authorize = authorize
        self.stored = stored
        intake = BodyIntake(idleLimit: idleLimit)
    }

    /// Answers a PUT. Throws only what `authorize` and `stored` throw.
    public func respond(to request: Request, _ context: Context) async throws -> Response {
        let grant = try await authorize(request, context)
        let facts: ObjectFacts
        do {
            facts = try await take(request, context, grant)
        } catch let error as VaultError {
            context.logger.log(
                level: error.code.isFault ? .error : .info, "object refused", metadata: ["error": "\(error)"])
            return UploadRefusal(error).response
        } catch let error as UploadRefusal {
            return error.response
        }
        return try await stored(facts, request, context)
    }

    private func take(_ request: Request, _ context: Context, _ grant: UploadGrant) async throws -> ObjectFacts {
        guard let byteCount = try TusFields.contentLength(of: request) else {
            throw UploadRefusal(.lengthRequired, "length-required", "请求应带 Content-Length 字段，说明文件大小。")
        }
        guard byteCount <= grant.byteLimit else {
            throw UploadRefusal(.contentTooLarge, "too-large", "文件超过允许的最大大小（\(grant.byteLimit) 字节）。")
        }
        return try await grant.vault.store(byteCount: byteCount) { ingest in
            context.continueSignal.send()
            let outcome = try await intake.pour(request.body, into: ingest)
            guard outcome.byteCount == byteCount else {
                throw UploadRefusal(.requestTimeout, "body-incomplete", "数据没有传完，连接中断，未予保存。请重新上传。")
            }
        }
    }
}
