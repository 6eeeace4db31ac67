import Kernel

/// What the log holds for one entry (叶): random tags and hashes, nothing about anybody.
///
/// ```
/// liuhen/entry/v1
/// thread <32 hex digits>
/// seq <1, 2, 3 … within the thread>
/// prev <64 hex digits: the commitment before it in the thread; zeros for seq 1>
/// commitment <64 hex digits>
/// ```
/// Each line ends with LF.
public struct Leaf: Hashable, Sendable {
    /// The thread that the entry stands in.
    public let thread: ThreadTag
    /// The place in the thread, from 1.
    public let seq: Int
    /// The commitment of the entry before it, `Digest.zero` for the first.
    public let prev: Digest
    /// The commitment of the entry.
    public let commitment: Digest

    /// A leaf from its parts.
    public init(thread: ThreadTag, seq: Int, prev: Digest, commitment: Digest) {
        self.thread = thread
        self.seq = seq
        self.prev = prev
        self.commitment = commitment
    }

    private static let header = Array("liuhen/entry/v1\nthread ".utf8)
    private static let seqLabel = Array("\nseq ".utf8)
    private static let prevLabel = Array("\nprev ".utf8)
    private static let commitmentLabel = Array("\ncommitment ".utf8)

    /// The bytes that the tree hashes.
    public var bytes: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(240)
        text.append(contentsOf: Leaf.header)
        thread.appendHex(to: &text)
        text.append(contentsOf: Leaf.seqLabel)
        text.append(contentsOf: String(seq).utf8)
        text.append(contentsOf: Leaf.prevLabel)
        prev.appendHex(to: &text)
        text.append(contentsOf: Leaf.commitmentLabel)
        commitment.appendHex(to: &text)
        text.append(UInt8(ascii: "\n"))
        return text
    }

    /// Reads a leaf in its one spelling; nil for anything else.
    public init?(_ bytes: some Collection<UInt8>) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == 6, lines[5].isEmpty, lines[0].elementsEqual("liuhen/entry/v1".utf8),
            let thread = Leaf.value(of: lines[1], after: "thread ").flatMap({ ThreadTag($0) }),
            let seqText = Leaf.value(of: lines[2], after: "seq "), let seq = Decimal.strict(seqText.utf8),
            seq > 0,
            let prev = Leaf.value(of: lines[3], after: "prev ").flatMap({ Digest($0) }),
            let commitment = Leaf.value(of: lines[4], after: "commitment ").flatMap({ Digest($0) })
        else { return nil }
        self.init(thread: thread, seq: seq, prev: prev, commitment: commitment)
    }

    private static func value(of line: some Collection<UInt8>, after label: StaticString) -> String? {
        let count = label.utf8CodeUnitCount
        guard line.starts(with: UnsafeBufferPointer(start: label.utf8Start, count: count)) else {
            return nil
        }
        return String(validating: line.dropFirst(count), as: UTF8.self)
    }
}
