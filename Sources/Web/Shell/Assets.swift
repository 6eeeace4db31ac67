import Crypto
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Styles and scripts, read once at start. Each is served under a name that holds its digest, so a browser may keep it
/// for ever and a new version has a new name.
public struct Assets: Sendable {
    struct Asset: Sendable {
        let path: String
        let mediaType: String
        let bytes: ByteBuffer
    }

    private let byName: [String: Asset]
    private let byFile: [String: Asset]

    /// What is wrong with a resources directory.
    public struct Missing: Error, CustomStringConvertible {
        /// English, with the remedy.
        public let description: String
    }

    /// The files that pages name.
    static let names = ["liuhen.css", "liuhen.js", "signature.js", "upload.js", "draft.js"]

    /// Reads the assets from `<directory>/web`.
    ///
    /// - Throws: `Missing` when a file that pages name is not there.
    public init(directory: String) throws {
        var byName: [String: Asset] = [:]
        var byFile: [String: Asset] = [:]
        for name in Assets.names {
            let path = "\(directory)/web/\(name)"
            guard let data = FileManager.default.contents(atPath: path) else {
                throw Missing(description: "\(path) cannot be read; give the project's Resources directory")
            }
            let digest = SHA256.hash(data: data)
            let mark = Hex.encode(Array(digest).prefix(8))
            let dot = name.lastIndex(of: ".") ?? name.endIndex
            let file = "\(name[..<dot]).\(mark)\(name[dot...])"
            let asset = Asset(
                path: "/assets/\(file)",
                mediaType: name.hasSuffix(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8",
                bytes: ByteBuffer(bytes: data))
            byName[name] = asset
            byFile[file] = asset
        }
        self.byName = byName
        self.byFile = byFile
    }

    /// Names without files: for pages drawn in tests.
    public init(namesOnly: Void) {
        byName = Dictionary(
            uniqueKeysWithValues: Assets.names.map {
                ($0, Asset(path: "/assets/\($0)", mediaType: "", bytes: ByteBuffer()))
            })
        byFile = [:]
    }

    /// The address of an asset.
    func path(_ name: String) -> String { byName[name]?.path ?? "/assets/\(name)" }

    /// An asset by the file name in its address, to be kept for ever.
    func response(file: String) throws -> Response {
        guard let asset = byFile[file] else { throw WebRefusal.notFound }
        var headers = HTTPFields()
        headers[.contentType] = asset.mediaType
        headers[.cacheControl] = "public, max-age=31536000, immutable"
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: asset.bytes))
    }
}
