import Application
import Kernel
import Ledger

/// One record of a file of entries (docs/formats-backup.md).
enum SegmentRecord {
    /// The next entry of the log.
    case entry(prev: Digest, salt: Digest, skeleton: [UInt8], openings: [Opening])
    /// A head as it was signed.
    case head(SignedHead)
    /// A command that was carried out, with its answer.
    case command(CommandID, first: Int64, count: Int, answer: [UInt8])

    /// The bytes of the record.
    var bytes: [UInt8] {
        switch self {
        case .entry(let prev, let salt, let skeleton, let openings):
            var bytes: [UInt8] = [1]
            bytes += prev.bytes + salt.bytes + SealedWriter.text(skeleton)
            bytes += BigEndian.bytes(UInt32(openings.count))
            for opening in openings {
                bytes += SealedWriter.text(Array(opening.name.utf8))
                bytes += SealedWriter.text(Array(opening.openingClass.rawValue.utf8))
                bytes += opening.salt.value.bytes + SealedWriter.text(opening.value)
            }
            return bytes
        case .head(let head):
            return [2] + BigEndian.bytes(head.size) + head.root.bytes + SealedWriter.text(head.note)
        case .command(let id, let first, let count, let answer):
            return [3] + id.bytes + BigEndian.bytes(first) + BigEndian.bytes(UInt32(count)) + SealedWriter.text(answer)
        }
    }

    /// Reads the next record; nil at the end of the file.
    init?(_ reader: SealedReader, file: String) throws {
        guard try !reader.isAtEnd() else { return nil }
        switch try reader.take(1).first {
        case 1:
            let prev = try reader.digest()
            let salt = try reader.digest()
            let skeleton = try reader.text()
            let count = try reader.number32()
            var openings: [Opening] = []
            for _ in 0..<count {
                let name = String(decoding: try reader.text(), as: UTF8.self)
                let word = String(decoding: try reader.text(), as: UTF8.self)
                guard let openingClass = OpeningClass(rawValue: word) else {
                    throw BackupError.newerProgram("opening class \(word)")
                }
                openings.append(
                    Opening(
                        name: name, openingClass: openingClass, salt: Salt(try reader.digest()),
                        value: try reader.text()))
            }
            self = .entry(prev: prev, salt: salt, skeleton: skeleton, openings: openings)
        case 2:
            let size = try reader.number64()
            let root = try reader.digest()
            self = .head(SignedHead(size: size, root: root, note: try reader.text()))
        case 3:
            guard let id = CommandID(try reader.take(16)) else { throw BackupError.damaged(file) }
            let first = try reader.number64()
            let count = try reader.number32()
            self = .command(id, first: first, count: count, answer: try reader.text())
        default: throw BackupError.damaged(file)
        }
    }
}
