import Application
import Kernel

/// Measures how fast a vault takes objects from memory: hashing, sealing, writing and the final fsync, without network.
public struct IngestRate: Sendable {
    /// Plain bytes stored by all senders together.
    public let byteCount: Int64
    /// From the first byte to the last acknowledgement.
    public let duration: Duration

    /// Bytes a second.
    public var bytesPerSecond: Double {
        let (seconds, attoseconds) = duration.components
        let time = Double(seconds) + Double(attoseconds) / 1e18
        return time > 0 ? Double(byteCount) / time : 0
    }

    /// Stores one object of `byteCount` bytes from each of `senders` at once, then destroys them.
    public static func measure(
        _ vault: any EvidenceVault, byteCount: Int64, senders: Int = 1
    ) async throws -> IngestRate {
        // Bytes that differ from block to block, made once: making them must not be what is measured.
        let piece = [UInt8](unsafeUninitializedCapacity: 256 << 10) { buffer, count in
            for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: index &* 167 >> 5) }
            count = 256 << 10
        }
        let start = ContinuousClock.now
        let objects = try await withThrowingTaskGroup(of: ObjectID.self) { group in
            for _ in 0..<senders {
                group.addTask {
                    try await vault.store(byteCount: byteCount) { ingest in
                        var left = byteCount
                        while left > 0 {
                            let count = Int(min(left, Int64(piece.count)))
                            try await ingest.append(count == piece.count ? piece : Array(piece[..<count]))
                            left -= Int64(count)
                        }
                    }.id
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let duration = ContinuousClock.now - start
        for object in objects { try await vault.destroy(object) }
        return IngestRate(byteCount: byteCount * Int64(senders), duration: duration)
    }
}
