import Kernel

import struct Crypto.SHA256
import struct Crypto.SHA512

/// Where the files of a bag go: a directory or a ZIP archive. Calls come in order and never nest.
public protocol BagSink {
    /// Begins a file of exactly `size` bytes.
    mutating func begin(_ path: BagPath, size: Int) throws
    /// Takes the next bytes of the file begun.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws
    /// Ends the file begun.
    mutating func end() throws
    /// Ends the bag.
    mutating func finish() throws
}

/// SHA-256 and SHA-512 of one file, side by side.
struct FileDigests: Hashable, Sendable {
    let size: Int
    let sha256: Digest
    let sha512: [UInt8]

    /// Takes bytes in pieces.
    struct Hasher {
        private var sha256 = SHA256()
        private var sha512 = SHA512()
        private var size = 0

        mutating func update(_ bytes: UnsafeRawBufferPointer) {
            sha256.update(bufferPointer: bytes)
            sha512.update(bufferPointer: bytes)
            size += bytes.count
        }

        func finalize() -> FileDigests {
            FileDigests(
                size: size, sha256: Digest(sha256.finalize()),
                sha512: sha512.finalize().withUnsafeBytes { Array($0) })
        }
    }

    /// Stands for a file that was refused by its length and not read: digests that no file has.
    static func unread(size: Int) -> FileDigests { FileDigests(size: size, sha256: .zero, sha512: []) }

    static func of(_ bytes: [UInt8]) -> FileDigests {
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.update($0) }
        return hasher.finalize()
    }
}

/// The tag files of a bag (RFC 8493). Each has one form, so a verifier can make them anew and compare bytes.
enum BagTags {
    static let declaration = Array("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".utf8)

    /// Lines of digest, two spaces, path, in byte order of paths; SHA-256 then SHA-512.
    static func manifests(_ files: [BagPath: FileDigests]) -> [[UInt8]] {
        let sorted = files.sorted { $0.key < $1.key }
        return [
            sorted.flatMap { Array("\($0.value.sha256)  ".utf8) + $0.key.bytes + [UInt8(ascii: "\n")] },
            sorted.flatMap {
                Array("\(Hex.encode($0.value.sha512))  ".utf8) + $0.key.bytes + [UInt8(ascii: "\n")]
            },
        ]
    }

    /// `bag-info.txt`: what the bag is, from what the dossier says of itself.
    static func info(
        _ manifest: DossierManifest, exportedAt: Instant, payload: [BagPath: FileDigests]
    ) -> [UInt8] {
        let octets = payload.values.reduce(0) { $0 &+ $1.size }
        return Array(
            """
            Bag-Software-Agent: liuhen
            Bagging-Date: \(exportedAt.day)
            External-Description: \(manifest.isDemo ? "演示，不是真实案件；" : "")行政执法案卷（\(manifest.audience.chinese)）
            External-Identifier: \(manifest.origin) \(manifest.caseThread)
            Payload-Oxum: \(octets).\(payload.count)

            """.utf8)
    }
}

/// Writes the files of a bag one after another and keeps their digests; tags come last.
public struct BagWriter<Sink: BagSink> {
    /// Where the files go.
    public private(set) var sink: Sink
    private var files: [BagPath: FileDigests] = [:]
    private var open: (path: BagPath, size: Int, hasher: FileDigests.Hasher)?

    /// Writes into `sink`.
    public init(_ sink: Sink) {
        self.sink = sink
    }

    /// Lets the caller take what the sink has ready, between calls.
    public mutating func withSink<Result>(_ body: (inout Sink) throws -> Result) rethrows -> Result {
        try body(&sink)
    }

    /// Writes a small file whole.
    public mutating func append(_ path: BagPath, _ bytes: [UInt8]) throws {
        try begin(path, size: bytes.count)
        try bytes.withUnsafeBytes { try write($0) }
        try end()
    }

    /// Begins a file whose bytes will follow.
    public mutating func begin(_ path: BagPath, size: Int) throws {
        guard open == nil, files[path] == nil else { throw BagWriteError.twice(path) }
        open = (path, size, FileDigests.Hasher())
        try sink.begin(path, size: size)
    }

    /// Writes the next bytes of the file begun.
    public mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        open?.hasher.update(bytes)
        try sink.write(bytes)
    }

    /// Ends the file begun.
    ///
    /// - Returns: the SHA-256 of what was written.
    @discardableResult
    public mutating func end() throws -> Digest {
        guard let (path, size, hasher) = open else { throw BagWriteError.nothingOpen }
        open = nil
        let digests = hasher.finalize()
        guard digests.size == size else {
            throw BagWriteError.size(path, expected: size, actual: digests.size)
        }
        try sink.end()
        files[path] = digests
        return digests.sha256
    }

    /// Writes manifests and tags and ends the bag.
    mutating func finish(info: ([BagPath: FileDigests]) -> [UInt8]) throws {
        let payload = files
        files = [:]
        try append(DossierLayout.declaration, BagTags.declaration)
        try append(DossierLayout.info, info(payload))
        for (path, bytes) in zip(DossierLayout.manifests, BagTags.manifests(payload)) {
            try append(path, bytes)
        }
        let tags = files
        for (path, bytes) in zip(DossierLayout.tagManifests, BagTags.manifests(tags)) {
            try append(path, bytes)
        }
        try sink.finish()
    }
}

/// Why a bag cannot be written.
public enum BagWriteError: Error, Equatable, Sendable {
    /// The path was written already, or another file is still open.
    case twice(BagPath)
    /// No file is open.
    case nothingOpen
    /// Another number of bytes came than was announced.
    case size(BagPath, expected: Int, actual: Int)
    /// The digest of what came is not the one that the dossier's manifest names.
    case digest(BagPath)
    /// The dossier's manifest does not name this file, or it is still missing.
    case notListed(BagPath)
    /// An entry that the manifest names was not given, or one that it does not name was.
    case entries
    /// The number of proofs does not fit the heads of the manifest.
    case heads
    /// The mode asks for proofs, or for tiles, and the other was given.
    case mode
    /// An opening's value is not canonical JSON.
    case opening
}
