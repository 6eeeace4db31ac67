import Kernel

/// A `.tlog-proof` file: one entry's place in a log, checkable without a network (c2sp.org/tlog-proof@v1).
///
/// Everything in it is a claim until `verify` has been called with a key and an entry from elsewhere.
public struct LogProof: Sendable {
    /// Opaque and not authenticated; we write none.
    public let extra: [UInt8]?
    /// The entry's position in the log, from 0.
    public let index: Int
    /// The hashes from the leaf's sibling to the root's child.
    public let inclusion: InclusionProof
    /// The signed checkpoint, byte for byte.
    public let checkpoint: [UInt8]

    /// A proof to be written.
    public init(index: Int, inclusion: InclusionProof, checkpoint: [UInt8]) {
        extra = nil
        self.index = index
        self.inclusion = inclusion
        self.checkpoint = checkpoint
    }

    static let header = Array("c2sp.org/tlog-proof@v1".utf8)
    /// A tree of 2^63 leaves has no longer path.
    static let hashLimit = 63

    /// Reads a file.
    ///
    /// - Throws: `LogProofError` with the line that departs from the specification.
    public init(_ bytes: [UInt8]) throws(LogProofError) {
        var lines = Lines(bytes)
        guard let header = lines.next(), header.elementsEqual(LogProof.header) else {
            throw LogProofError(.line(1))
        }
        var line = lines.next()
        if let value = line?.after("extra ") {
            guard !value.isEmpty, let extra = Base64.decode(value) else {
                throw LogProofError(.line(lines.number))
            }
            self.extra = extra
            line = lines.next()
        } else {
            extra = nil
        }
        guard let value = line?.after("index "), let index = Decimal.strict(value)
        else { throw LogProofError(.line(lines.number)) }
        self.index = index
        var hashes: [Digest] = []
        while true {
            guard let line = lines.next() else { throw LogProofError(.line(lines.number)) }
            if line.isEmpty { break }
            guard hashes.count < LogProof.hashLimit,
                let hash = Base64.decode(line).flatMap({ Digest($0) })
            else { throw LogProofError(.line(lines.number)) }
            hashes.append(hash)
        }
        inclusion = InclusionProof(hashes: hashes)
        checkpoint = Array(lines.rest)
        guard !checkpoint.isEmpty else { throw LogProofError(.line(lines.number)) }
    }

    /// The file.
    public var bytes: [UInt8] {
        var text = String(decoding: LogProof.header, as: UTF8.self) + "\n"
        if let extra { text += "extra \(Base64.encode(extra))\n" }
        text += "index \(index)\n"
        for hash in inclusion.hashes { text += "\(Base64.encode(hash.bytes))\n" }
        return Array(text.utf8) + [UInt8(ascii: "\n")] + checkpoint
    }

    /// Checks that `entry` stands in the log at `index`.
    ///
    /// - Parameter origin: the log expected; without it the key's name.
    /// - Returns: the head under which it stands.
    /// - Throws: `LogProofError` with the note's or the proof's error as cause.
    @discardableResult
    public func verify(entry: [UInt8], key: VerifierKey, origin: String? = nil) throws(LogProofError)
        -> VerifiedCheckpoint
    {
        let head: VerifiedCheckpoint
        do throws(NoteError) {
            head = try VerifiedCheckpoint(note: checkpoint, key: key, origin: origin)
        } catch { throw LogProofError(.checkpoint(error)) }
        do throws(ProofError) {
            try inclusion.verify(
                leafHash: RFC6962.leafHash(entry), index: index, size: head.checkpoint.size,
                root: head.checkpoint.root)
        } catch { throw LogProofError(.inclusion(error)) }
        return head
    }
}

/// Why a `.tlog-proof` file is refused.
public struct LogProofError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Code: Equatable, Sendable {
        /// This line, counted from 1, is not what the format has there.
        case line(Int)
        /// The checkpoint in it is refused.
        case checkpoint(NoteError)
        /// The hashes do not lead from the entry to the checkpoint's root.
        case inclusion(ProofError)
    }

    /// What is wrong.
    public let code: Code

    /// An error with this code.
    public init(_ code: Code) {
        self.code = code
    }

    public var description: String {
        switch code {
        case .line(let line): "line \(line) is not what a tlog-proof file has there"
        case .checkpoint(let error): "the checkpoint is refused: \(error)"
        case .inclusion(let error): "the entry is not shown to be in the log: \(error)"
        }
    }
}

/// Lines that end in a newline, over bytes.
struct Lines {
    /// What has not been read.
    private(set) var rest: ArraySlice<UInt8>
    /// The number of the line read last, from 1; one more when there was none.
    private(set) var number = 0

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    /// The next line without its newline; nil if no newline is left.
    mutating func next() -> ArraySlice<UInt8>? {
        number += 1
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { rest = rest[(end + 1)...] }
        return rest[..<end]
    }
}

extension ArraySlice<UInt8> {
    /// What follows `prefix`; nil if these bytes begin otherwise.
    func after(_ prefix: StaticString) -> ArraySlice<UInt8>? {
        let count = prefix.utf8CodeUnitCount
        guard self.count >= count, zip(self, 0..<count).allSatisfy({ $0 == prefix.utf8Start[$1] })
        else { return nil }
        return dropFirst(count)
    }
}
