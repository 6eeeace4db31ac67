import Kernel
import Ledger

/// The parsers of untrusted bytes that an outsider's program has (design invariant 10), each as one question: given these
/// bytes, does it refuse them, or does writing what it read give the same bytes again?
///
/// Shared by the seeded mutations of `make test` and by the libFuzzer run of `make soak`.
public enum Parser: String, CaseIterable, Sendable {
    case note, checkpoint, proof, verifierKey, bundle, tile, json, skeleton, leaf, manifest, entryFile, path, archive
    case paperRoot, base64, day, instant

    /// What a parser made of bytes.
    public enum Outcome: Hashable, Sendable {
        case refused
        /// Read, and written as it was.
        case same
        /// Read, and written otherwise: two spellings of one thing.
        case differs
    }

    /// Asks the parser. Never traps; that is what fuzzing is for.
    public func outcome(of bytes: [UInt8]) -> Outcome {
        guard let written = written(bytes) else { return .refused }
        return written == bytes ? .same : .differs
    }

    private func written(_ bytes: [UInt8]) -> [UInt8]? {
        switch self {
        case .note: (try? SignedNote(bytes)).map(Parser.bytes)
        case .checkpoint: Parser.checkpoint(bytes)
        case .proof: (try? LogProof(bytes))?.bytes
        case .verifierKey: Parser.text(bytes).flatMap { VerifierKey($0) }.map { Array($0.description.utf8) }
        case .bundle: EntryBundle.decode(bytes).flatMap { try? EntryBundle.encode($0) }
        case .tile: Parser.text(bytes).flatMap { Tile($0) }.map { Array($0.description.utf8) }
        case .json: (try? JSON(canonical: bytes))?.canonicalBytes
        // Encoded anew from what was understood: nothing that was read is lost.
        case .skeleton: (try? Skeleton(canonical: bytes)).map { (try? Skeleton($0.content))?.bytes ?? [] }
        case .leaf: Leaf(bytes)?.bytes
        case .manifest: DossierManifest(bytes)?.bytes
        case .entryFile: DossierEntry(bytes, leaf: Parser.anyLeaf).map { (try? $0.bytes) ?? [] }
        case .path: BagPath(bytes).map { Array($0.description.utf8) }
        case .archive: Parser.archive(bytes)
        case .paperRoot: Parser.paper(bytes)
        case .base64: Base64.decode(bytes).map { Array(Base64.encode($0).utf8) }
        case .day: Parser.text(bytes).flatMap { CivilDay($0) }.map { Array($0.description.utf8) }
        case .instant: Parser.instant(bytes)
        }
    }

    private static let anyLeaf = Leaf(thread: ThreadTag(high: 1, low: 2), seq: 1, prev: .zero, commitment: .zero)

    private static func text(_ bytes: [UInt8]) -> String? { String(validating: bytes, as: UTF8.self) }

    private static func bytes(of note: SignedNote) -> [UInt8] {
        note.signatures.reduce(into: note.text + [0x0A]) { bytes, signature in
            bytes += Array("— \(signature.name) \(Base64.encode(signature.keyID.bytes + signature.bytes))\n".utf8)
        }
    }

    /// Extension lines are read over and not written; what is before them must be the same.
    private static func checkpoint(_ bytes: [UInt8]) -> [UInt8]? {
        guard let head = try? Checkpoint(text: bytes) else { return nil }
        return bytes.starts(with: head.text) ? bytes : []
    }

    /// An archive that is not found at fault must be what `ZipWriter` writes.
    private static func archive(_ bytes: [UInt8]) -> [UInt8]? {
        guard let zip = try? ZipReader(MemoryBytes(bytes)) else { return nil }
        var contents: [(BagPath, [UInt8])] = []
        var isSound = zip.containerFault == nil
        for path in zip.paths() {
            guard let content = try? zip.read(path, limit: 1 << 20) else { return nil }
            contents.append((path, content))
            do { isSound = try zip.stream(path, { _ in }) == nil && isSound } catch { isSound = false }
        }
        guard isSound, bytes.count > 30 else { return bytes }
        let folder = String(decoding: bytes.dropFirst(30).prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self)
        return (try? written(contents, folder: folder)) ?? []
    }

    private static func written(_ contents: [(BagPath, [UInt8])], folder: String) throws -> [UInt8] {
        guard var writer = ZipWriter(folder: folder) else { return [] }
        for (path, content) in contents {
            try writer.begin(path, size: content.count)
            try content.withUnsafeBytes { try writer.write($0) }
            try writer.end()
        }
        try writer.finish()
        return writer.takeOutput()
    }

    /// Paper has many spellings; the printed one must lead back to the same root.
    private static func paper(_ bytes: [UInt8]) -> [UInt8]? {
        guard let root = text(bytes).flatMap({ PaperText.root(typed: $0) }) else { return nil }
        return PaperText.root(typed: PaperText.grouped(root)) == root ? bytes : []
    }

    /// Times have many spellings; the written one must be the same instant.
    private static func instant(_ bytes: [UInt8]) -> [UInt8]? {
        guard let instant = text(bytes).flatMap({ Instant($0) }) else { return nil }
        return Instant(instant.description) == instant ? bytes : []
    }
}
