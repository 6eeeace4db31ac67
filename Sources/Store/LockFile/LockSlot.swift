import Crypto
import Kernel
import Ledger

/// What the lock file remembers: the newest signed head that was ever answered for.
struct LockedHead: Hashable {
    /// Which of the bureau's logs.
    let log: Int
    /// The size of its tree.
    let size: Int64
    /// Its root.
    let root: Kernel.Digest
    /// The checkpoint as it was signed.
    let note: [UInt8]
}

/// One of the two slots of a lock file: 4,096 bytes (docs/formats-ledger-store.md).
///
/// ```
/// liuhen/lock/v2
/// counter <1, 2, 3 …>
/// log <1, 2, 3 …>
/// size <leaves>
/// root <64 hex digits>
/// clock <the text of a ClockTrace, or none>
/// note <bytes>
///
/// <the checkpoint>
/// ```
/// (`v1` is the same without the line of the clock), then zeros, and in the last 32 bytes SHA-256 of all before them. A slot that was torn while it was written fits no
/// checksum, and the other slot still holds the head before it.
struct LockSlot: Hashable {
    /// Rises by one with each write; the slot written is `counter` mod 2.
    let counter: Int
    let head: LockedHead
    /// What is known of the clock; nil where nothing is. It stands here because this file cannot be taken away unnoticed.
    var clock: ClockTrace?

    static let byteCount = 4096
    private static let textLimit = byteCount - Kernel.Digest.byteCount

    /// The bytes of the slot; nil if the note is too long for it.
    var bytes: [UInt8]? {
        let text = """
            liuhen/lock/v2
            counter \(counter)
            log \(head.log)
            size \(head.size)
            root \(head.root)
            clock \(clock?.text ?? "none")
            note \(head.note.count)


            """
        let start = Array(text.utf8) + head.note
        guard start.count <= LockSlot.textLimit else { return nil }
        return [UInt8](unsafeUninitializedCapacity: LockSlot.byteCount) { buffer, count in
            let slot = UnsafeMutableRawBufferPointer(buffer)
            slot.copyBytes(from: start)
            UnsafeMutableRawBufferPointer(rebasing: slot[start.count...]).initializeMemory(as: UInt8.self, repeating: 0)
            let digest = Kernel.Digest.sha256(UnsafeRawBufferPointer(rebasing: slot[..<LockSlot.textLimit]))
            digest.write(to: UnsafeMutableRawBufferPointer(rebasing: slot[LockSlot.textLimit...]))
            count = LockSlot.byteCount
        }
    }

    init(counter: Int, head: LockedHead, clock: ClockTrace? = nil) {
        self.counter = counter
        self.head = head
        self.clock = clock
    }

    /// Reads a slot; nil unless it is whole and in its one spelling.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == LockSlot.byteCount,
            SHA256.hash(data: bytes[..<LockSlot.textLimit]).elementsEqual(bytes[LockSlot.textLimit...])
        else { return nil }
        let isFirst = bytes.starts(with: LockSlot.first.utf8)
        var lines = bytes[..<LockSlot.textLimit].split(
            separator: UInt8(ascii: "\n"), maxSplits: isFirst ? 7 : 8, omittingEmptySubsequences: false)
        var clock: ClockTrace?
        if !isFirst {
            guard lines.count == 9, let told = LockSlot.value(lines[5], after: "clock ") else { return nil }
            if told != "none" {
                guard let trace = ClockTrace(text: told) else { return nil }
                clock = trace
            }
            lines.remove(at: 5)
        }
        guard lines.count == 8,
            let counter = LockSlot.number(lines[1], after: "counter "), counter > 0,
            let log = LockSlot.number(lines[2], after: "log "), log > 0,
            let size = LockSlot.number(lines[3], after: "size "),
            let root = LockSlot.value(lines[4], after: "root ").flatMap({ Kernel.Digest($0) }),
            let length = LockSlot.number(lines[5], after: "note "), length <= lines[7].count
        else { return nil }
        let slot = LockSlot(
            counter: counter,
            head: LockedHead(log: log, size: Int64(size), root: root, note: Array(lines[7].prefix(length))),
            clock: clock)
        guard isFirst || slot.bytes == bytes else { return nil }
        self = slot
    }

    /// How a slot began that said nothing of the clock.
    private static let first = "liuhen/lock/v1\n"

    private static func value(_ line: ArraySlice<UInt8>, after label: String) -> String? {
        guard line.starts(with: label.utf8) else { return nil }
        return String(validating: line.dropFirst(label.utf8.count), as: UTF8.self)
    }

    private static func number(_ line: ArraySlice<UInt8>, after label: String) -> Int? {
        value(line, after: label).flatMap { Decimal.strict($0.utf8) }
    }
}
