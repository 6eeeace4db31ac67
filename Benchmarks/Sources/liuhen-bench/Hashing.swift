import Foundation
import Kernel
import Ledger

/// Leaf hashes and proofs on one thread, in memory; the rate of 1 KiB leaves beside that of `openssl speed`.
enum Hashing {
    static let rounds = 7

    static func measure() throws {
        var short = Samples(figure: "leaf-256")
        var long = Samples(figure: "leaf-1024")
        for _ in 0..<rounds {
            short.values.append(leafRate(byteCount: 256, count: 1_000_000))
            long.baseline.append(try opensslRate(byteCount: 1024))
            long.values.append(leafRate(byteCount: 1024, count: 500_000))
        }
        short.say()
        long.say(note: "baseline: openssl speed -evp sha256, blocks of 1 KiB")
        try measureProofs()
    }

    /// Hashes of one thread a second, over leaves that differ.
    private static func leafRate(byteCount: Int, count: Int) -> Double {
        let variety = 512
        var bytes = [UInt8](repeating: 0, count: byteCount * variety)
        for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: index &* 167 >> 7) }
        var folded = Digest.zero
        let time = Timing.processor {
            bytes.withUnsafeBytes { bytes in
                for number in 0..<count {
                    let start = number % variety * byteCount
                    let hash = RFC6962.leafHash(UnsafeRawBufferPointer(rebasing: bytes[start..<start + byteCount]))
                    folded = max(folded, hash)
                }
            }
        }
        precondition(folded != .zero, "nothing was hashed")
        return Double(count) / time
    }

    /// Blocks a second by openssl itself, in its own processor time.
    private static func opensslRate(byteCount: Int) throws -> Double {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = ["speed", "-mr", "-seconds", "1", "-bytes", "\(byteCount)", "-evp", "sha256"]
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        // +F:23:sha256:1678000000.00
        guard let line = text.split(separator: "\n").last(where: { $0.hasPrefix("+F:") }),
            let rate = line.split(separator: ":").last.flatMap({ Double($0) })
        else { throw Failure("openssl speed said: \(text)") }
        return rate / Double(byteCount)
    }

    /// Proofs at random positions of a tree of a million leaves: made beforehand, then verified.
    private static func measureProofs() throws {
        let size = 1_000_000
        var leaves = [Digest]()
        leaves.reserveCapacity(size)
        for number in 0..<size { leaves.append(Digest.sha256(Array("\(number)".utf8))) }
        let tree = MemoryHashes(leafHashes: leaves)
        let root = tree.edge.root
        var random = SystemRandomNumberGenerator()

        var inclusion = Samples(figure: "inclusion")
        let indices = (0..<20_000).map { _ in Int.random(in: 0..<size, using: &random) }
        let proofs = try indices.map { try InclusionProof(of: $0, in: size, reader: tree) }
        for _ in 0..<rounds {
            let time = try Timing.processor {
                for (index, proof) in zip(indices, proofs) {
                    try proof.verify(leafHash: leaves[index], index: index, size: size, root: root)
                }
            }
            inclusion.values.append(Double(indices.count) / time)
        }
        inclusion.say()

        var consistency = Samples(figure: "consistency")
        let sizes = (0..<20_000).map { _ in Int.random(in: 1..<size, using: &random) }
        let older = try sizes.map { old in
            (old, try RightEdge(size: old, reader: tree).root, try ConsistencyProof(from: old, to: size, reader: tree))
        }
        for _ in 0..<rounds {
            let time = try Timing.processor {
                for (old, oldRoot, proof) in older {
                    try proof.verify(old: old, oldRoot: oldRoot, new: size, newRoot: root)
                }
            }
            consistency.values.append(Double(older.count) / time)
        }
        consistency.say()
    }
}
