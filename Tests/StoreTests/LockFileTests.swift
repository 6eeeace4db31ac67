import Foundation
import Glibc
import Kernel
import Ledger
import TestKit
import Testing

@testable import Store

@Suite("The lock file")
struct LockFileTests {
    private static func head(_ size: Int64, log: Int = 1) -> LockedHead {
        LockedHead(log: log, size: size, root: .sha256([UInt8(size % 256)]), note: Array("x\n\(size)\n\n— x y\n".utf8))
    }

    @Test("the reader gets the newest head, the other slot the one before, and the file keeps its size")
    func slotsInTurn() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/a.lock"
        #expect(try LockFile.read(path) == .absent)
        let file = try LockFile(path: path)
        // Nothing is made before there is a head to write: a refused opening leaves no lock file.
        #expect(try LockFile.read(path) == .absent)
        for size in 1...9 {
            try file.write(Self.head(Int64(size)))
            #expect(try LockFile.read(path) == .head(Self.head(Int64(size))))
            #expect(directory.read("a.lock")?.count == 8192)
        }
        #expect(try LockFile(path: path).newest?.counter == 9)
    }

    @Test("a slot is the one of the vector in docs/formats-ledger-store.md")
    func vector() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/formats-ledger-store.md")
        let page = try String(contentsOf: file, encoding: .utf8)
        let parts = page.components(separatedBy: "```\n")
        let note = try #require(parts.first { $0.hasPrefix("example.invalid/log\n") })
        let root = Digest([UInt8](repeating: 0x11, count: 32))
        let head = LockedHead(log: 1, size: 2, root: try #require(root), note: Array(note.utf8))
        let bytes = try #require(LockSlot(counter: 3, head: head).bytes)
        #expect(note.utf8.count == 76)
        #expect(page.contains("    \(Hex.encode(Array(bytes.suffix(32))))\n"))
    }

    @Test("a slot torn at any byte is not read, and the head before it is")
    func torn() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/a.lock"
        let file = try LockFile(path: path)
        try file.write(Self.head(1))
        try file.write(Self.head(2))
        let before = try #require(directory.read("a.lock"))
        try file.write(Self.head(3))
        let after = try #require(directory.read("a.lock"))
        var last: [UInt8] = []
        for length in 0..<LockSlot.byteCount {
            // The third write goes to slot 1: its first bytes are new, the others still those of the first head.
            let torn = before[..<4096] + after[4096..<4096 + length] + before[(4096 + length)...]
            guard Array(torn) != after, Array(torn) != before, Array(torn) != last else { continue }
            last = Array(torn)
            try directory.write(Array(torn), to: "a.lock")
            #expect(try LockFile.read(path) == .head(Self.head(2)), "\(length)")
        }
    }

    @Test("every byte of a slot that is changed makes it unreadable")
    func changed() throws {
        let bytes = try #require(LockSlot(counter: 5, head: Self.head(77)).bytes)
        #expect(LockSlot(bytes) == LockSlot(counter: 5, head: Self.head(77)))
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            #expect(LockSlot(changed) == nil, "\(index)")
        }
    }

    @Test(
        "what is known of the clock goes from head to head; a slot from before it was kept is read as knowing nothing")
    func clock() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/a.lock"
        let trace = try #require(ClockTrace(text: "run-1 1 2 3 4 5 6"))
        let file = try LockFile(path: path)
        try file.write(Self.head(1), clock: trace)
        try file.write(Self.head(2))
        #expect(try LockFile(path: path).newest == LockSlot(counter: 2, head: Self.head(2), clock: trace))
        // The slot as it was written before: one line less, and its own digest.
        let bytes = try #require(LockSlot(counter: 2, head: Self.head(2)).bytes)
        let text = String(decoding: bytes[..<4064].prefix { $0 != 0 }, as: UTF8.self)
        let before = Array(text.replacing("lock/v2", with: "lock/v1").replacing("clock none\n", with: "").utf8)
        let filled = before + [UInt8](repeating: 0, count: 4064 - before.count)
        let slot = filled + Digest.sha256(filled).bytes
        #expect(LockSlot(slot) == LockSlot(counter: 2, head: Self.head(2)))
    }

    @Test("a note that does not fit a slot is refused")
    func tooLong() throws {
        let head = LockedHead(log: 1, size: 1, root: .zero, note: [UInt8](repeating: 65, count: 4096))
        #expect(LockSlot(counter: 1, head: head).bytes == nil)
    }

    @Test("the rule of the start, for every small ledger, lock file and history")
    func startRule() {
        let root = { (log: Int, size: Int64, fork: Int) in Digest.sha256([UInt8(log), UInt8(size), UInt8(fork)]) }
        for log in 1...2 {
            for size in Int64(0)...3 {
                let stored = StoredHead(log: log, size: size, root: root(log, size, 0))
                let reach = { (atLog: Int, at: Int64) -> Digest? in
                    (atLog, at) <= (log, size) && (atLog < log || at <= size) ? root(atLog, at, 0) : nil
                }
                let empty = log == 1 && size == 0
                #expect(
                    StartRule.verdict(stored: stored, lock: .absent, rootAt: reach, isNamedLost: { _ in true })
                        == (empty ? .writeLock : .refuse(.noLock(ledger: size))))
                #expect(
                    StartRule.verdict(stored: stored, lock: .unreadable, rootAt: reach, isNamedLost: { _ in true })
                        == (empty ? .writeLock : .refuse(.lockDamaged(ledger: size))))
                for lockLog in 1...2 {
                    for lockSize in Int64(0)...3 {
                        for fork in 0...1 {
                            let locked = LockedHead(
                                log: lockLog, size: lockSize, root: root(lockLog, lockSize, fork), note: [])
                            for isNamed in [false, true] {
                                let verdict = StartRule.verdict(
                                    stored: stored, lock: .head(locked), rootAt: reach,
                                    isNamedLost: { $0 == locked && isNamed })
                                let expected: StartRule.Verdict =
                                    if (lockLog, lockSize) > (log, size) {
                                        .refuse(.behindLock(ledger: size, lock: lockSize))
                                    } else if fork == 1 {
                                        // A later log may say that an older one was longer; of itself none can.
                                        isNamed && lockLog < log ? .writeLock : .refuse(.forked(size: lockSize))
                                    } else if (lockLog, lockSize) == (log, size) {
                                        .go
                                    } else {
                                        .writeLock
                                    }
                                #expect(verdict == expected)
                            }
                        }
                    }
                }
            }
        }
    }
}
