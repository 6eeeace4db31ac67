import Application
import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Logging

/// Takes a file as the body of one request, for senders that need no resuming: PUT with `Content-Length`.
///
/// It is an upload that is created, filled and finished in one request, under the same rules as tus: what it leaves is a
/// finished upload of its sender, registered by its id like any other. Cut short, it leaves nothing.
public struct IngestEndpoint<Context: UploadContext>: Sendable {
    /// Says who sends and what they may, or throws the answer for those who may not.
    public typealias Authorize = @Sendable (Request, Context) async throws -> UploadGrant

    /// Where the finished upload is found, for the answer's `Location`.
    public typealias Location = @Sendable (UploadStatus, Context) -> String

    let authorize: Authorize
    let obstacle: TusEndpoint<Context>.Obstacle
    let location: Location
    let now: @Sendable () -> Instant
    let intake: BodyIntake

    /// An endpoint. The route's last parameter, `file`, names the file.
    ///
    /// - Parameter obstacle: says why no file can be taken now, as for new uploads by tus.
    public init(
        authorize: @escaping Authorize, obstacle: @escaping TusEndpoint<Context>.Obstacle = { _ in nil },
        location: @escaping Location, now: @escaping @Sendable () -> Instant, idleLimit: Duration = .seconds(60)
    ) {
        self.authorize = authorize
        self.obstacle = obstacle
        self.location = location
        self.now = now
        intake = BodyIntake(idleLimit: idleLimit)
    }

    /// Answers a PUT: 201 when the object is sealed and durable. Throws only what `authorize` throws.
    public func respond(to request: Request, _ context: Context) async throws -> Response {
        let grant = try await authorize(request, context)
        do {
            let (status, facts) = try await take(request, context, grant)
            return Response(
                status: .created,
                headers: [
                    .location: location(status, context), .cacheControl: "no-store",
                    // RFC 9530: the sender can compare what is stored with what it has.
                    .reprDigest: "sha-256=:\(Base64.encode(facts.sha256.bytes)):",
                ])
        } catch let error as VaultError {
            context.logger.log(
                level: error.code.isFault ? .error : .info, "file refused", metadata: ["error": "\(error)"])
            return UploadRefusal(error).response
        } catch let error as UploadRefusal {
            return error.response
        }
    }

    private func take(
        _ request: Request, _ context: Context, _ grant: UploadGrant
    ) async throws -> (UploadStatus, ObjectFacts) {
        guard let byteCount = try TusFields.contentLength(of: request) else {
            throw UploadRefusal(.lengthRequired, "length-required", "请求应带 Content-Length 字段，说明文件大小。")
        }
        guard byteCount <= grant.byteLimit else {
            throw UploadRefusal(.contentTooLarge, "too-large", "文件超过允许的最大大小（\(ByteText.chinese(grant.byteLimit))）。")
        }
        let checksum = try TusFields.checksum(of: request)
        if let reason = await obstacle(context) { throw UploadRefusal.stopped(reason) }
        let created = now()
        let status = try await grant.vault.createUpload(
            UploadDeclaration(
                byteCount: byteCount, owner: grant.owner, metadata: metadata(of: request, context), created: created,
                expires: created.advanced(byMilliseconds: UploadDeclaration.shortestLife)))
        // If we die from here on: an unfinished upload that nobody heard of, which expires by itself.
        do {
            if byteCount > 0 || checksum != nil {
                try await fill(status, request, context, grant, byteCount: byteCount, checksum: checksum)
            }
            return (status, try await grant.vault.finish(status.id))
        } catch {
            try? await grant.vault.terminate(status.id)
            throw error
        }
    }

    private func fill(
        _ status: UploadStatus, _ request: Request, _ context: Context, _ grant: UploadGrant, byteCount: Int64,
        checksum: UploadChecksum?
    ) async throws {
        let writer = try await grant.vault.append(to: status.id, at: 0, byteCount: byteCount, checksum: checksum)
        // Right, size and room are checked: now the sender may send.
        context.continueSignal.send()
        do {
            let outcome = try await intake.pour(request.body, into: writer)
            guard outcome.end == .ended, outcome.byteCount == byteCount else {
                throw UploadRefusal(.requestTimeout, "body-incomplete", "数据没有传完，连接中断，未予保存。请重新上传。")
            }
        } catch {
            await writer.discard()
            throw error
        }
        _ = try await writer.commit()
    }

    /// The file's name from the address and its type from `Content-Type`, as a tus client would have sent them.
    private func metadata(of request: Request, _ context: Context) throws -> UploadMetadata {
        var members: [String] = []
        if let name = context.parameters.get("file")?.removingPercentEncoding {
            members.append("filename \(Base64.encode(Array(name.utf8)))")
        }
        if let type = request.headers[.contentType] {
            members.append("filetype \(Base64.encode(Array(type.utf8)))")
        }
        guard let metadata = UploadMetadata(members.joined(separator: ",")) else {
            throw UploadRefusal(.badRequest, "malformed-field", "文件名或者文件类型太长。")
        }
        return metadata
    }
}
