import Crypto
import Kernel

@testable import Application
@testable import Vault
@testable import Web

/// The readers of what a client sends, and of what the vault keeps of it: journals of uploads, the fields of tus and of
/// ranges, and forms with files. An outsider's program has none of them, so they are not among `Parser`.
enum Arrival: String, CaseIterable {
    case journal, journalRecords, uploadMetadata, byteRange, multipart, urlForm

    private static let key = SymmetricKey(data: [UInt8](repeating: 7, count: 32))
    private static let id = ObjectID(high: 1, low: 2)
    private static let boundary = Array("x7".utf8)

    /// What is wrong with what was made of an input; nil where it was refused, or read as it was sent.
    func fault(in bytes: [UInt8]) -> String? {
        switch self {
        case .journal: Self.fault(ofJournal: bytes)
        // Sealed here: no input of a fuzzer's opens under a key, and what is in the box would never be looked at.
        case .journalRecords: Self.fault(ofJournal: Self.sealed(Self.records(bytes)))
        case .uploadMetadata: Self.fault(ofMetadata: bytes)
        case .byteRange: Self.fault(ofRange: bytes)
        case .multipart: Self.fault(ofForm: bytes)
        case .urlForm: Self.fault(ofQuery: bytes)
        }
    }

    /// Valid inputs, from which to begin.
    var samples: [[UInt8]] {
        switch self {
        case .journal: [Self.sealed(Self.plain), Self.sealed(Array(Self.plain.prefix(1))), []]
        case .journalRecords: [Self.plain.flatMap { bigEndian(UInt16($0.count)) + $0 }]
        case .uploadMetadata:
            ["filename 546w5Zy6Lm1wNA==,filetype dmlkZW8vbXA0", "is_confidential", "a QQ==, b Qg=="].map {
                Array($0.utf8)
            }
        case .byteRange: ["bytes=0-99", "bytes=7-", "bytes=-5", "BYTES= 1 - 2", "bytes=0-0,2-3"].map { Array($0.utf8) }
        case .multipart: [Self.written(Self.form)]
        case .urlForm: ["a=b&c=%E5%BC%A0+1&=&c", "seq=7"].map { Array($0.utf8) }
        }
    }

    // MARK: journals

    /// A declaration of 90 bytes, and three records that fit behind it one after another.
    private static var plain: [[UInt8]] {
        let declaration = UploadDeclaration(
            byteCount: 90, owner: ThreadTag(high: 3, low: 4), metadata: .none, created: Instant(milliseconds: 1000),
            expires: Instant(milliseconds: 2000))
        return [declaration.json.canonicalBytes]
            + [20, 40, 60].map { bigEndian(UInt64($0)) + bigEndian(UInt32(0)) + [UInt8](repeating: 65, count: 20) }
    }

    /// Pieces, each behind its length in two bytes; what is left over is a piece too.
    private static func records(_ bytes: [UInt8]) -> [[UInt8]] {
        var (rest, result) = (bytes[...], [[UInt8]]())
        while rest.count >= 2 {
            let count = Int(rest.removeFirst()) << 8 | Int(rest.removeFirst())
            result.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return result
    }

    /// A journal of these records, as docs/formats-vault.md describes it.
    private static func sealed(_ records: [[UInt8]]) -> [UInt8] {
        var preamble = Array("liuhen/upload/v1\n".utf8)
        preamble += [UInt8](repeating: 0, count: 32 - preamble.count)
        return records.enumerated().reduce(into: preamble) { bytes, record in
            let binding = preamble + id.bytes + bigEndian(UInt64(record.offset))
            guard let box = try? AES.GCM.seal(record.element, using: key, authenticating: binding).combined else {
                return
            }
            bytes += bigEndian(UInt32(box.count)) + box
        }
    }

    private static func fault(ofJournal bytes: [UInt8]) -> String? {
        let replay = UploadJournal.replay(id: id, key: key) { (offset: Int64, count: Int) -> [UInt8] in
            guard (0...Int64(bytes.count)).contains(offset), count >= 0 else { return [] }
            return Array(bytes[Int(offset)...].prefix(count))
        }
        guard let replay else { return nil }
        let (offset, byteCount) = (replay.offset, replay.declaration.byteCount)
        let unit = Int64(ObjectFacts.chunkByteCount)
        let behind = offset - UploadJournal.lastWholeSegmentEnd(before: offset, of: byteCount)
        guard (0...byteCount).contains(offset) else { return "an offset of \(offset) of \(byteCount)" }
        guard Int64(replay.chunks.count) == offset / unit else { return "\(replay.chunks.count) chunks at \(offset)" }
        guard Int64(replay.tail.count) == behind else { return "a tail of \(replay.tail.count) and not \(behind)" }
        guard replay.journal.end <= Int64(bytes.count) else { return "an end behind the file" }
        // What was understood says the same again.
        guard UploadDeclaration(json: replay.declaration.json.canonicalBytes) == replay.declaration else {
            return "another declaration when it is written anew"
        }
        return nil
    }

    // MARK: fields

    private static func fault(ofMetadata bytes: [UInt8]) -> String? {
        guard let text = String(validating: bytes, as: UTF8.self), let metadata = UploadMetadata(text) else {
            return nil
        }
        _ = metadata.fileName
        return metadata.text.utf8.elementsEqual(bytes) && bytes.allSatisfy { (0x20...0x7E).contains($0) }
            ? nil : "metadata that are not kept as they came"
    }

    private static func fault(ofRange bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        for byteCount in [Int64(0), 1, 100, .max] {
            guard case .part(let range) = ByteRange(text, byteCount: byteCount) else { continue }
            guard !range.isEmpty, range.lowerBound >= 0, range.upperBound <= byteCount else {
                return "\(range) of \(byteCount)"
            }
        }
        return nil
    }

    // MARK: forms

    private static var form: Form {
        let body = Array(
            "--x7\r\nContent-Disposition: form-data; name=\"reason\"\r\n\r\n理由\r\n--x7\r\n"
                .utf8)
        let file = Array(
            "Content-Disposition: form-data; name=\"scan\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\u{1}PNG\r\n--x7--"
                .utf8)
        return (try? Multipart.read(body + file, boundary: boundary)) ?? Form()
    }

    private static func written(_ form: Form) -> [UInt8] {
        var text: [UInt8] = []
        func part(_ head: String, _ value: [UInt8]) {
            text += Array("--x7\r\nContent-Disposition: form-data; \(head)\r\n\r\n".utf8) + value + [13, 10]
        }
        for field in form.fields { part("name=\"\(field.name)\"", Array(field.value.utf8)) }
        for file in form.files {
            part("name=\"\(file.name)\"; filename=\"\(file.fileName)\"\r\nContent-Type: \(file.mediaType)", file.bytes)
        }
        return text + Array("--x7--".utf8)
    }

    private static func fault(ofForm bytes: [UInt8]) -> String? {
        _ = Multipart.legible(bytes, boundary: boundary)
        if let text = String(validating: bytes, as: UTF8.self) { _ = Multipart.boundary(of: text) }
        guard let form = try? Multipart.read(bytes, boundary: boundary) else { return nil }
        // A head's line end inside of a name becomes LF, which no head can hold.
        let heads = form.fields.map(\.name) + form.files.flatMap { [$0.name, $0.fileName, $0.mediaType] }
        guard !heads.contains(where: { $0.utf8.contains(10) }), heads.allSatisfy({ $0.utf8.count < 1000 }) else {
            return nil
        }
        let again = try? Multipart.read(written(form), boundary: boundary)
        return again == form ? nil : "a form that reads otherwise when it is written anew"
    }

    private static func fault(ofQuery bytes: [UInt8]) -> String? {
        guard let form = try? Form(urlEncoded: bytes) else { return nil }
        func encoded(_ text: String) -> String { text.utf8.map { "%" + Hex.encode([$0]) }.joined() }
        let text = form.fields.map { "\(encoded($0.name))=\(encoded($0.value))" }.joined(separator: "&")
        return (try? Form(urlEncoded: Array(text.utf8)))?.fields == form.fields
            ? nil : "a form that reads otherwise when it is written anew"
    }
}
