import Application
import HTTPTypes
import Hummingbird
import Kernel

/// The fields of tus 1.0, read strictly: a number is digits alone.
enum TusFields {
    static let version = "1.0.0"
    static let extensions = "creation,creation-with-upload,expiration,checksum,termination"
    static let algorithms = UploadChecksum.Algorithm.allCases.map(\.rawValue).joined(separator: ",")
    static let mediaType = "application/offset+octet-stream"

    /// A number that the request must carry.
    static func number(_ name: HTTPField.Name, in request: Request) throws(UploadRefusal) -> Int64 {
        guard let text = request.headers[name] else {
            throw UploadRefusal(.badRequest, "missing-field", "请求缺少 \(name.rawName) 字段。")
        }
        guard (1...18).contains(text.utf8.count), let value = Decimal.digits(text.utf8) else {
            throw UploadRefusal(.badRequest, "malformed-field", "\(name.rawName) 字段应为非负整数。")
        }
        return Int64(value)
    }

    /// `Content-Length`; nil for a body in chunks.
    static func contentLength(of request: Request) throws(UploadRefusal) -> Int64? {
        guard request.headers[.contentLength] != nil else { return nil }
        return try number(.contentLength, in: request)
    }

    /// `Upload-Checksum`: algorithm, space, base64.
    static func checksum(of request: Request) throws(UploadRefusal) -> UploadChecksum? {
        guard let field = request.headers[.uploadChecksum] else { return nil }
        let parts = Array(field.utf8).split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw UploadRefusal(.badRequest, "malformed-field", "Upload-Checksum 字段应为“算法 校验值”。")
        }
        guard
            let algorithm = UploadChecksum.Algorithm.allCases.first(where: { parts[0].elementsEqual($0.rawValue.utf8) })
        else {
            throw UploadRefusal(
                .badRequest, "unsupported-checksum", "不支持该校验算法，请使用 \(algorithms) 之一。",
                headers: [.tusChecksumAlgorithm: algorithms])
        }
        guard let bytes = Base64.decode(parts[1]), let checksum = UploadChecksum(algorithm: algorithm, bytes: bytes)
        else {
            throw UploadRefusal(.badRequest, "malformed-field", "Upload-Checksum 字段的校验值不是该算法的 Base64 编码。")
        }
        return checksum
    }

    static func metadata(of request: Request) throws(UploadRefusal) -> UploadMetadata {
        guard let field = request.headers[.uploadMetadata] else { return .none }
        guard let metadata = UploadMetadata(field) else {
            throw UploadRefusal(.badRequest, "malformed-field", "Upload-Metadata 字段格式不正确。")
        }
        return metadata
    }

    /// Whether the body is announced as tus bytes.
    static func isOffsetStream(_ request: Request) -> Bool {
        guard let field = request.headers[.contentType] else { return false }
        let type = field.utf8.prefix { $0 != UInt8(ascii: ";") }.filter { $0 != UInt8(ascii: " ") }
        return type.elementsEqual(mediaType.utf8) { $0 | 0x20 == $1 | 0x20 }
    }
}
