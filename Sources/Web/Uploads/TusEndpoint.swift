import Application
import HTTPTypes
import Hummingbird
import Kernel
import Logging

/// A tus 1.0 server over a vault: core protocol, creation, creation with upload, expiration, checksum, termination.
///
/// Offsets that it reports are durable. The bytes of a sender that is lost are kept up to the last one that came,
/// unless a checksum was announced for them.
public struct TusEndpoint<Context: UploadContext>: Sendable {
    /// Says who sends and what they may, or throws the answer (as `HTTPError`) for those who may not.
    public typealias Authorize = @Sendable (Request, Context) async throws -> UploadGrant

    /// Hears of each upload whose bytes are all here, before the sender does.
    ///
    /// Called at least once: again when the sender asks again, and never for one that was complete when the program
    /// ended, so the application looks through `EvidenceVault.uploads()` at start. What it throws is logged; the
    /// sender's bytes are safe either way. It should return soon: leave the finishing of an upload whose digest is not
    /// at hand to the background.
    public typealias Completed = @Sendable (UploadStatus, UploadGrant, Context) async throws -> Void

    /// Says why no new upload can begin now, in the user's words; nil if one can. What is begun may go on.
    public typealias Obstacle = @Sendable (Context) async -> String?

    let authorize: Authorize
    let completed: Completed
    let obstacle: Obstacle
    let now: @Sendable () -> Instant
    let intake: BodyIntake
    let life: Int64

    /// An endpoint.
    ///
    /// - Parameters:
    ///   - obstacle: asked before each new upload, which `now` stamps.
    ///   - life: how long an unfinished upload is kept, in milliseconds; 30 days at least.
    ///   - idleLimit: how long a sender may be silent before its request ends.
    public init(
        authorize: @escaping Authorize, completed: @escaping Completed,
        obstacle: @escaping Obstacle = { _ in nil }, now: @escaping @Sendable () -> Instant,
        life: Int64 = UploadDeclaration.shortestLife, idleLimit: Duration = .seconds(60)
    ) {
        self.authorize = authorize
        self.completed = completed
        self.obstacle = obstacle
        self.now = now
        self.life = max(life, UploadDeclaration.shortestLife)
        intake = BodyIntake(idleLimit: idleLimit)
    }

    /// The methods that are answered at both addresses: all, because X-HTTP-Method-Override makes the real one count for
    /// nothing.
    static var methods: [HTTPRequest.Method] { [.options, .head, .get, .post, .put, .patch, .delete] }

    /// Adds the routes: `path` to create, and one segment below it for each upload.
    public func add(to router: some RouterMethods<Context>, at path: RouterPath = "") {
        for method in Self.methods {
            router.on(path, method: method) { request, context in await respond(to: request, context) }
            router.on(path.appendingPath("{upload}"), method: method) { request, context in
                await respond(to: request, context)
            }
        }
    }

    /// Answers one request; every answer but that to OPTIONS carries the protocol's version.
    func respond(to request: Request, _ context: Context) async -> Response {
        // "The actual method of the request MUST be ignored."
        let method = request.headers[.methodOverride].flatMap { HTTPRequest.Method($0) } ?? request.method
        if method == .options { return options }
        var response: Response
        do {
            response = try await answer(method, request, context)
        } catch let error as VaultError {
            context.logger.log(
                level: error.code.isFault ? .error : .info, "upload refused", metadata: ["error": "\(error)"])
            response = UploadRefusal(error).response
        } catch let error as UploadRefusal {
            response = error.response
        } catch let error as any HTTPResponseError {
            response =
                (try? error.response(from: request, context: context)) ?? Response(status: error.status)
        } catch {
            context.logger.error("upload failed", metadata: ["error": "\(error)"])
            response = UploadRefusal(.internalServerError, "internal", "服务器内部错误，请稍后重试。").response
        }
        response.headers[.tusResumable] = TusFields.version
        // A body behind the answer to HEAD would be read as the next answer of the connection.
        return request.method == .head ? response.createHeadResponse() : response
    }

    private var options: Response {
        Response(
            status: .noContent,
            headers: [
                .tusResumable: TusFields.version, .tusVersion: TusFields.version,
                .tusExtension: TusFields.extensions, .tusMaxSize: "\(UploadGrant.usualByteLimit)",
                .tusChecksumAlgorithm: TusFields.algorithms,
            ])
    }

    private func answer(
        _ method: HTTPRequest.Method, _ request: Request, _ context: Context
    ) async throws -> Response {
        guard request.headers[.tusResumable] == TusFields.version else {
            throw UploadRefusal(
                .preconditionFailed, "unsupported-version", "服务器只支持 tus \(TusFields.version)。",
                headers: [.tusVersion: TusFields.version])
        }
        let grant = try await authorize(request, context)
        guard let text = context.parameters.get("upload") else {
            guard method == .post else { throw notAllowed("POST, OPTIONS") }
            return try await create(request, context, grant)
        }
        guard let id = UploadID(text) else { throw VaultError(.notFound, "no upload has such an id") }
        let status = try await grant.vault.upload(id)
        guard status.declaration.owner == grant.owner else {
            // Somebody else's upload is none: its id tells nothing.
            throw VaultError(.notFound, "upload \(id) belongs to another person")
        }
        switch method {
        case .delete: return try await terminate(status, context, grant)
        // Whether its time is over is for the round that removes it to say, by a clock that fits: whoever asks of what is
        // still here finds it, whatever the clock says at this moment.
        case .head: return head(status)
        case .patch: return try await patch(status, request, context, grant)
        default: throw notAllowed("HEAD, PATCH, DELETE, OPTIONS")
        }
    }

    private func notAllowed(_ methods: String) -> UploadRefusal {
        UploadRefusal(.methodNotAllowed, "method-not-allowed", "此地址不支持该请求方法。", headers: [.allow: methods])
    }

    private func head(_ status: UploadStatus) -> Response {
        var fields = progress(status)
        fields[.uploadLength] = "\(status.declaration.byteCount)"
        fields[.cacheControl] = "no-store"
        if !status.declaration.metadata.text.isEmpty {
            fields[.uploadMetadata] = status.declaration.metadata.text
        }
        return Response(status: .ok, headers: fields)
    }

    private func progress(_ status: UploadStatus) -> HTTPFields {
        var fields: HTTPFields = [.uploadOffset: "\(status.offset)"]
        if !status.isComplete { fields[.uploadExpires] = HTTPDate.text(status.declaration.expires) }
        return fields
    }
}

// MARK: Changes

extension TusEndpoint {
    private func create(_ request: Request, _ context: Context, _ grant: UploadGrant) async throws -> Response {
        guard request.headers[.uploadDeferLength] == nil, request.headers[.uploadConcat] == nil else {
            throw UploadRefusal(
                .badRequest, "unsupported-extension", "不支持延后声明大小或合并上传，请一次声明文件的完整大小。")
        }
        let byteCount = try TusFields.number(.uploadLength, in: request)
        guard byteCount <= grant.byteLimit else {
            throw UploadRefusal(
                .contentTooLarge, "too-large", "文件超过允许的最大大小（\(ByteText.chinese(grant.byteLimit))）。",
                headers: [.tusMaxSize: "\(grant.byteLimit)"])
        }
        let metadata = try TusFields.metadata(of: request)
        let length = try TusFields.contentLength(of: request)
        if let length, length > 0, !TusFields.isOffsetStream(request) { throw wrongMediaType }
        // Some clients send an empty body in chunks, so without a length only the media type tells.
        let hasBody = TusFields.isOffsetStream(request) && length != 0
        if let length, length > byteCount { throw VaultError(.tooLong, "the body is longer than the upload") }
        let checksum = try TusFields.checksum(of: request)
        if let reason = await obstacle(context) { throw UploadRefusal.stopped(reason) }
        let created = now()
        var status = try await grant.vault.createUpload(
            UploadDeclaration(
                byteCount: byteCount, owner: grant.owner, metadata: metadata, created: created,
                expires: created.advanced(byMilliseconds: life)))
        if hasBody {
            do {
                try await append(request, context, grant, to: status, byteCount: length, checksum: checksum)
                status = try await grant.vault.upload(status.id)
            } catch {
                // The sender has not heard of it and cannot go on with it.
                try? await grant.vault.terminate(status.id)
                throw error
            }
        }
        await complete(status, context, grant)
        var fields = progress(status)
        // Relative to the request's own address, behind whatever proxy.
        let base = request.uri.path
        fields[.location] = base + (base.hasSuffix("/") ? "" : "/") + "\(status.id)"
        return Response(status: .created, headers: fields)
    }

    private func patch(
        _ status: UploadStatus, _ request: Request, _ context: Context, _ grant: UploadGrant
    ) async throws -> Response {
        guard TusFields.isOffsetStream(request) else { throw wrongMediaType }
        let offset = try TusFields.number(.uploadOffset, in: request)
        let length = try TusFields.contentLength(of: request)
        let checksum = try TusFields.checksum(of: request)
        guard offset == status.offset else {
            throw VaultError(.wrongOffset, "upload \(status.id) stands at \(status.offset), not at \(offset)")
        }
        try await append(request, context, grant, to: status, byteCount: length, checksum: checksum)
        let reached = try await grant.vault.upload(status.id)
        await complete(reached, context, grant)
        return Response(status: .noContent, headers: progress(reached))
    }

    private var wrongMediaType: UploadRefusal {
        UploadRefusal(.unsupportedMediaType, "wrong-media-type", "请求的 Content-Type 应为 \(TusFields.mediaType)。")
    }

    private func append(
        _ request: Request, _ context: Context, _ grant: UploadGrant, to status: UploadStatus, byteCount: Int64?,
        checksum: UploadChecksum?
    ) async throws {
        let writer = try await grant.vault.append(
            to: status.id, at: status.offset, byteCount: byteCount, checksum: checksum)
        // Right, size, place and room are checked: now the sender may send.
        context.continueSignal.send()
        let outcome: BodyIntake.Outcome
        do {
            outcome = try await intake.pour(request.body, into: writer)
        } catch {
            // The vault refused in the middle. What it can keep it keeps; but the end of a body that was longer than the upload
            // would make it complete, and its sender is told that nothing was taken.
            if checksum == nil, (error as? VaultError)?.code != .tooLong {
                _ = try? await writer.commit()
            } else {
                await writer.discard()
            }
            throw error
        }
        let isWhole = outcome.end == .ended && (byteCount.map { $0 == outcome.byteCount } ?? true)
        if checksum != nil, !isWhole {
            await writer.discard()
        } else {
            _ = try await writer.commit()
        }
        guard isWhole else {
            throw UploadRefusal(.requestTimeout, "body-incomplete", "数据没有传完，连接中断。已收到的部分可以续传。")
        }
    }

    private func terminate(
        _ status: UploadStatus, _ context: Context, _ grant: UploadGrant
    ) async throws -> Response {
        // A complete upload is evidence received: its object stays, whatever the sender wants. The application must
        // have heard of it before the record of the upload goes.
        if status.isComplete { try await completed(status, grant, context) }
        do throws(VaultError) {
            try await grant.vault.terminate(status.id)
        } catch {
            // The application may have ended it itself, on hearing of it.
            guard status.isComplete, error.code == .notFound else { throw error }
        }
        return Response(status: .noContent)
    }

    private func complete(_ status: UploadStatus, _ context: Context, _ grant: UploadGrant) async {
        guard status.isComplete else { return }
        do {
            try await completed(status, grant, context)
        } catch {
            context.logger.error(
                "a complete upload could not be recorded yet",
                metadata: ["upload": "\(status.id)", "error": "\(error)"])
        }
    }
}

extension VaultError.Code {
    /// Whether the operator should hear of it.
    var isFault: Bool { [.damaged, .wrongKey, .full, .stopped, .faulty].contains(self) }
}
