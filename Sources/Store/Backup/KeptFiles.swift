import Kernel
import Ledger

/// Kept rule files (`<data>/rules`, ADR 0018) as a backup carries them: each file's name says the SHA-256 of its bytes.
///
/// A record in a file of rules is: text name ‖ text bytes.
enum KeptFiles {
    /// A kept file is small; what is larger is none.
    static let byteLimit = 16 << 20

    /// The digest in a name `<64 hexadecimal digits>.<small letters>`; nil for others.
    static func digest(named name: String) -> Digest? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...16).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) })
        else { return nil }
        return Digest(String(parts[0]))
    }

    /// The bytes of a kept file; nil if they are not what its name says.
    static func read(_ name: String, in directory: String) throws -> [UInt8]? {
        let source = try FileSource("\(directory)/\(name)")
        let bytes = try source.read(byteLimit + 1)
        return bytes.count <= byteLimit && source.digest == digest(named: name) ? bytes : nil
    }

    static func record(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        SealedWriter.text(Array(name.utf8)) + SealedWriter.text(bytes)
    }

    /// Reads a file of rules and hands over each kept file.
    ///
    /// - Throws: `BackupError.damaged` if a kept file is not what its name says, or the file not what the manifest says.
    static func read(
        _ file: BackupManifest.File, from reader: SealedReader, _ take: (String, [UInt8]) throws -> Void
    ) throws {
        while try !reader.isAtEnd() {
            let name = String(decoding: try reader.text(), as: UTF8.self)
            let bytes = try reader.text()
            guard let digest = digest(named: name), Digest.sha256(bytes) == digest else {
                throw BackupError.damaged(file.name)
            }
            try take(name, bytes)
        }
        guard reader.stamp == file.stamp else { throw BackupError.damaged(file.name) }
    }
}
