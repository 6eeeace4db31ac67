import Application
import HTTPTypes
import Hummingbird
import Kernel

/// Answers GET and HEAD for one object of the vault, whole or by a range, as a browser's `<video>` asks for it
/// (RFC 9110: 200, 206, 304, 412, 416, If-Range).
///
/// Whoever calls it has checked the right to look and written the entry about it.
public struct ObjectResponse: Sendable {
    /// How a browser shows what it gets.
    public enum Disposition: Sendable {
        /// In the page.
        case inline
        /// As a download under a name, which may hold any character.
        case attachment(String)
    }

    let vault: any EvidenceVault
    let object: ObjectID
    let mediaType: String
    let disposition: Disposition

    /// An answer about `object`.
    ///
    /// - Parameter mediaType: one of the types that a page may show, or plain bytes. Which of them may be the sender's word:
    ///   it is served with `nosniff` and in a sandbox, so it decides only how a browser tries.
    public init(
        _ object: ObjectID, in vault: any EvidenceVault, mediaType: String, disposition: Disposition = .inline
    ) {
        self.vault = vault
        self.object = object
        self.mediaType = mediaType
        self.disposition = disposition
    }

    /// Ranges up to this many bytes are read in one go.
    static let wholeLimit: Int64 = 4 << 20

    /// So many bytes are handed to the connection at once: what is counted as given out runs ahead of what the other side
    /// took by one of these and what the system holds for the connection.
    static let handedAtOnce = 64 << 10

    /// Told which bytes are given out, just before they are, and how many the object has; says whether they may be.
    public typealias Given = @Sendable (Range<Int64>, Int64) async -> Bool

    /// The response to one request. Errors of the vault become responses in Chinese.
    ///
    /// - Parameter given: told of every piece of the body as it goes out. Of an answer that is never taken nothing is told.
    public func respond(to request: Request, given: Given? = nil) async -> Response {
        do throws(VaultError) {
            return try await answer(request, given)
        } catch {
            return UploadRefusal(error).response
        }
    }

    private func answer(_ request: Request, _ given: Given?) async throws(VaultError) -> Response {
        let facts = try await vault.facts(of: object)
        // An object never changes, so its id is a strong validator.
        let tag = "\"\(object)\""
        var fields: HTTPFields = [
            .acceptRanges: "bytes", .eTag: tag, .cacheControl: "private, no-store",
            .contentSecurityPolicy: "sandbox; default-src 'none'; media-src 'self'; style-src 'unsafe-inline'",
            .xContentTypeOptions: "nosniff",
        ]
        if let condition = request.headers[.ifMatch], !ObjectResponse.matches(condition, tag) {
            return Response(status: .preconditionFailed, headers: fields)
        }
        if let condition = request.headers[.ifNoneMatch], ObjectResponse.matches(condition, tag) {
            return Response(status: .notModified, headers: fields)
        }
        fields[.contentType] = mediaType
        if case .attachment(let name) = disposition {
            fields[.contentDisposition] = "attachment; filename*=UTF-8''" + ObjectResponse.percentEncoded(name)
        }
        // A range of what the client saw before counts only if this is still what it saw.
        let isSame = request.headers[.ifRange].map { $0 == tag } ?? true
        let range: Range<Int64>
        let status: HTTPResponse.Status
        switch isSame ? ByteRange(request.headers[.range], byteCount: facts.byteCount) : .whole {
        case .whole:
            range = 0..<facts.byteCount
            status = .ok
        case .part(let part):
            range = part
            status = .partialContent
            fields[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(facts.byteCount)"
        case .unsatisfiable:
            fields[.contentRange] = "bytes */\(facts.byteCount)"
            return Response(status: .rangeNotSatisfiable, headers: fields)
        }
        fields[.contentLength] = "\(range.count)"
        if request.method == .head { return Response(status: status, headers: fields) }
        return Response(status: status, headers: fields, body: try await body(range, of: facts.byteCount, given))
    }

    private func body(_ range: Range<Int64>, of size: Int64, _ given: Given?) async throws(VaultError) -> ResponseBody {
        // The first piece is read before the status goes out: an object that does not open is told as an error.
        let unit = Int64(ObjectFacts.chunkByteCount)
        let isWhole = Int64(range.count) <= ObjectResponse.wholeLimit
        let border = isWhole ? range.upperBound : (range.lowerBound / unit + 1) * unit
        let first = try await vault.read(object, at: range.lowerBound, upTo: Int(border - range.lowerBound))
        let rest = isWhole ? nil : vault.pieces(of: object, in: border..<range.upperBound)
        return ResponseBody(contentLength: range.count) { writer in
            var at = range.lowerBound
            for slice in ObjectResponse.slices(of: first) {
                at = try await ObjectResponse.count(slice, from: at, of: size, given)
                try await writer.write(slice)
            }
            // What does not authenticate in the middle breaks the connection off: the length already promised shows
            // the client that the rest is missing.
            if let rest {
                for try await piece in rest {
                    for slice in ObjectResponse.slices(of: piece) {
                        at = try await ObjectResponse.count(slice, from: at, of: size, given)
                        try await writer.write(slice)
                    }
                }
            }
            try await writer.finish(nil)
        }
    }

    /// The bytes as they are handed to the connection.
    private static func slices(of bytes: [UInt8]) -> [ByteBuffer] {
        var buffer = ByteBuffer(bytes: bytes)
        var slices: [ByteBuffer] = []
        while buffer.readableBytes > 0,
            let slice = buffer.readSlice(length: min(handedAtOnce, buffer.readableBytes))
        {
            slices.append(slice)
        }
        return slices
    }

    /// Counts what is about to go out.
    ///
    /// - Returns: where the next one begins.
    /// - Throws: where whoever let this out no longer does: the connection breaks off.
    private static func count(
        _ slice: ByteBuffer, from at: Int64, of size: Int64, _ given: Given?
    ) async throws -> Int64 {
        let end = at + Int64(slice.readableBytes)
        if await given?(at..<end, size) == false { throw CancellationError() }
        return end
    }

    /// Whether a list of entity tags names `tag`.
    private static func matches(_ list: String, _ tag: String) -> Bool {
        list.utf8.split(separator: UInt8(ascii: ",")).contains { item in
            let trimmed = item.drop { $0 == UInt8(ascii: " ") }
            let strong = trimmed.starts(with: Array("W/".utf8)) ? trimmed.dropFirst(2) : trimmed
            return strong.elementsEqual(tag.utf8) || trimmed.elementsEqual("*".utf8)
        }
    }

    /// `value-chars` of RFC 8187: everything but a few ASCII characters as percent and two digits.
    static func percentEncoded(_ text: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if plain.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
