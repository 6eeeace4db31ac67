import Kernel
import Ledger

/// Reads the stored hashes of one log by their numbers.
struct NodeReader: HashReader {
    let connection: Connection
    let log: Int

    func readHashes(at indexes: [Int]) throws -> [Digest] {
        var hashes: [Digest] = []
        hashes.reserveCapacity(indexes.count)
        for index in indexes {
            let hash = try connection.first(
                "SELECT hash FROM node WHERE position = ?", .position(log, Int64(index)), row: { $0.digest(0) })
            guard let hash, let hash else { throw ProofError(.missingHash(index)) }
            hashes.append(hash)
        }
        return hashes
    }
}
