import Application
import HTTPTypes
import Hummingbird
import Kernel

/// What an authorised sender may do.
public struct UploadGrant: Sendable {
    /// The bureau's vault.
    public let vault: any EvidenceVault
    /// The person that the upload belongs to; others do not even learn that it exists.
    public let owner: ThreadTag
    /// The largest upload taken, in bytes.
    public let byteLimit: Int64

    /// Puts a grant together.
    public init(vault: any EvidenceVault, owner: ThreadTag, byteLimit: Int64 = UploadGrant.usualByteLimit) {
        self.vault = vault
        self.owner = owner
        self.byteLimit = byteLimit
    }

    /// 256 GiB: a day of recordings in one file, many times over.
    public static let usualByteLimit: Int64 = 256 << 30
}

/// A refusal of the upload endpoints: a status, a code for programs and a sentence for people.
struct UploadRefusal: Error {
    let status: HTTPResponse.Status
    let code: String
    let message: String
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ code: String, _ message: String, headers: HTTPFields = [:]) {
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers
    }

    /// The refusal for an error of the vault.
    init(_ error: VaultError) {
        let (status, message): (HTTPResponse.Status, String) =
            switch error.code {
            case .notFound: (.notFound, "没有这个上传任务或文件。请重新上传。")
            case .gone: (.gone, "该文件已按规定销毁，无法读取。")
            case .damaged: (.internalServerError, "存储的数据未通过校验，已停止读取。请联系系统管理员从备份恢复。")
            case .wrongKey: (.internalServerError, "缺少打开该文件所需的密钥。请联系系统管理员。")
            case .full: (.insufficientStorage, "服务器存储空间不足，未接收任何数据。请联系系统管理员清理或扩容后重试。")
            case .busy: (.serviceUnavailable, "同时上传的人数已满，请一分钟后重试。")
            case .locked: (.locked, "该上传任务正在由另一个请求写入，请稍后再试。")
            case .wrongOffset: (.conflict, "续传位置与服务器已保存的位置不一致。请重新查询进度后再续传。")
            case .checksumMismatch: (.checksumMismatch, "校验值不符，这一段数据已丢弃。请重新发送这一段。")
            case .tooLong: (.contentTooLarge, "数据超过声明的大小，未予接收。")
            case .incomplete: (.badRequest, "收到的数据少于声明的大小，未予保存。请重新上传。")
            // RFC 4331 answers a quota that is used up with 507.
            case .tooMany:
                (
                    .insufficientStorage,
                    "您已有\(UploadDeclaration.mostOfOnePerson)个上传还没有登记到案件，未接收任何数据。请先把传完的登记到案件；"
                        + "没有传完的，重新选择同一个文件从断点传完，或者点“删除”。不登记的，满30天以后自动删除。"
                )
            case .overPromised:
                (
                    .insufficientStorage,
                    "您还有没有传完的文件，连同这一个，超过了服务器剩余的空间，未接收任何数据。请先把没有传完的传完，"
                        + "或者重新选择那个文件后点“删除”，再上传这一个。"
                )
            case .stopped: (.serviceUnavailable, "磁盘发生故障，系统已停止写入，已保存的数据仍可读取。请联系系统管理员。")
            case .faulty: (.internalServerError, "磁盘读写失败。请联系系统管理员检查磁盘。")
            }
        self.init(status, error.code.rawValue, message)
        switch error.code {
        case .busy: headers[.retryAfter] = "60"
        case .locked: headers[.retryAfter] = "5"
        default: break
        }
    }

    /// The refusal of a new upload while recording has stopped for a reason that concerns its time stamp.
    static func stopped(_ reason: String) -> UploadRefusal {
        UploadRefusal(.serviceUnavailable, "stopped", reason)
    }

    /// The response; text for people, the code in a field for programs.
    var response: Response {
        var fields = headers
        fields[.contentType] = "text/plain; charset=utf-8"
        fields[.errorCode] = code
        fields[.cacheControl] = "no-store"
        return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(string: message)))
    }
}

extension HTTPResponse.Status {
    /// 460, tus 1.0, Checksum.
    static let checksumMismatch = HTTPResponse.Status(code: 460, reasonPhrase: "Checksum Mismatch")
    /// 423, RFC 4918.
    static let locked = HTTPResponse.Status(code: 423, reasonPhrase: "Locked")
    /// 507, RFC 4918.
    static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
}

/// Makes a field name of a literal that is one.
private func name(_ text: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no field name") }
    return name
}

extension HTTPField.Name {
    static let errorCode = name("Liuhen-Error")
    static let tusResumable = name("Tus-Resumable")
    static let tusVersion = name("Tus-Version")
    static let tusExtension = name("Tus-Extension")
    static let tusMaxSize = name("Tus-Max-Size")
    static let tusChecksumAlgorithm = name("Tus-Checksum-Algorithm")
    static let uploadOffset = name("Upload-Offset")
    static let uploadLength = name("Upload-Length")
    static let uploadDeferLength = name("Upload-Defer-Length")
    static let uploadMetadata = name("Upload-Metadata")
    static let uploadConcat = name("Upload-Concat")
    static let uploadExpires = name("Upload-Expires")
    static let uploadChecksum = name("Upload-Checksum")
    static let methodOverride = name("X-HTTP-Method-Override")
    static let reprDigest = name("Repr-Digest")
}
