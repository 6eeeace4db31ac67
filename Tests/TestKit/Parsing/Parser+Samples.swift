import Kernel
import Ledger

extension Parser {
    /// Valid inputs of a parser, from which mutations begin.
    public func samples() throws -> [[UInt8]] {
        let tiny = try DossierFixture(.tiny)
        let usual = try DossierFixture(.usual)
        switch self {
        case .note: return [tiny.head.note, usual.head.note, try usual.key.sign(Array("第一行\n\nthird\n".utf8))]
        case .checkpoint: return [usual.head.checkpoint.text, usual.head.checkpoint.text + Array("more 7\n".utf8)]
        case .proof:
            let hashes = MemoryHashes(entries: usual.leaves)
            return try [0, usual.leaves.count - 1].map { index in
                LogProof(
                    index: index, inclusion: try InclusionProof(of: index, in: usual.leaves.count, reader: hashes),
                    checkpoint: usual.head.note
                ).bytes
            }
        case .verifierKey: return [Array(usual.key.verifier.description.utf8)]
        case .bundle: return [try EntryBundle.encode(usual.leaves.prefix(5)), try EntryBundle.encode([[], [1]])]
        case .tile: return ["tile/0/x001/x234/067", "tile/entries/000.p/7", "tile/63/999"].map { Array($0.utf8) }
        case .json:
            return try usual.entries.prefix(4).map { try $0.bytes } + [
                Array(#"{"a":[1,-20,true,{"b":"\u0001\n\"张"}],"b":9007199254740991,"𐀀":{}}"#.utf8)
            ]
        case .skeleton: return usual.entries.map(\.entry.skeleton.bytes) + [Parser.fullSkeleton]
        case .leaf: return Array(usual.leaves.prefix(4))
        case .manifest: return [tiny.manifest.bytes, usual.manifest.bytes]
        case .entryFile: return try usual.entries.map { try $0.bytes }
        case .path: return usual.contents.keys.map(\.bytes)
        case .archive: return [try tiny.archive()]
        case .paperRoot: return [Array(PaperText.grouped(usual.head.checkpoint.root).utf8)]
        case .base64: return ["", "AA==", "AAE=", "////", "aGFsbG8gd29ybGQ="].map { Array($0.utf8) }
        case .day: return ["2026-11-20", "2024-02-29", "0001-01-01", "9999-12-31"].map { Array($0.utf8) }
        case .instant:
            return ["2026-11-20T09:05:00+08:00", "2026-11-20 09:05", "2026-11-20T09:05:00.123Z"].map { Array($0.utf8) }
        }
    }

    /// Every member that a skeleton may have.
    private static var fullSkeleton: [UInt8] {
        let id = "00112233445566778899aabbccddeeff"
        let digest = id + id
        return Array(
            (#"{"actor":"\#(id)","at":1795000000000,"bureau":"test","command":"\#(id)","fields":{"a":"\#(digest)"},"#
                + #""plain":{"kind":"x","list":[1,true]},"refs":[{"as":"cause","commitment":"\#(digest)","seq":1,"#
                + #""thread":"\#(id)"}],"rules":[{"digest":"\#(digest)","id":"zhaoxian-2017:12(3)"}],"seq":2,"#
                + #""stated":{"at":1794990000000,"by":"officer"},"thread":"\#(id)","type":"case.opened","#
                + #""typeVersion":1,"v":1}"#).utf8)
    }
}
