import Foundation
import Glibc
import Kernel
import Synchronization
import Testing

@testable import Vault

@Suite("Sealed output")
struct SealedOutputTests {
    @Test(
        "runs of any length from any place, flushed anywhere, are in the file once, and past the cache in whole pages")
    func everyEdge() throws {
        let edges = [0, 1, 255, 4095, 4096, 4097, 8192, 12_287]
        for offset in [0, 1, 256, 4095, 4096, 5000] {
            for first in edges {
                for second in edges {
                    for flushed in 0..<4 {
                        let trial = try Trial(offset: offset)
                        try trial.write(first)
                        if flushed & 1 != 0 { try trial.output.flush() }
                        try trial.write(second)
                        if flushed & 2 != 0 { try trial.output.flush() }
                        try trial.write(10_000)
                        try trial.output.flush()
                        try trial.check("\(offset): \(first), \(second), flushed \(flushed)")
                    }
                }
            }
        }
    }

    @Test("a disk that refuses the way past the cache gets the same bytes through it")
    func refused() throws {
        let trial = try Trial(offset: 256, refuses: true)
        for count in [9000, 1, 70_000] { try trial.write(count) }
        try trial.output.flush()
        try trial.check("refused")
        #expect(trial.operations.writes.allSatisfy { !$0.isDirect })
    }

    @Test("a file system without that way is written through the cache")
    func none() throws {
        let trial = try Trial(offset: 256, has: false)
        for count in [9000, 1, 70_000] { try trial.write(count) }
        try trial.check("none")
        #expect(trial.operations.writes.count == 3)
    }

    @Test("the real way past the cache, where the file system has it, leaves the bytes in the file")
    func real() throws {
        let directory = try ScratchDirectory()
        let operations = LinuxFileOperations()
        let path = directory.path + "/data"
        let descriptor = try operations.open(path, .creating)
        defer { operations.close(descriptor) }
        let bytes = patterned(3 * SealedOutput.capacity)
        let output = SealedOutput(descriptor: descriptor, isDirect: true, operations: operations)
        var position = 0
        for count in [SealedOutput.capacity, 12_345, SealedOutput.capacity - 7] {
            output.room(at: Int64(256 + position)).copyBytes(from: bytes[position..<position + count])
            try output.write(count)
            if count == 12_345 { try output.flush() }
            position += count
        }
        try output.flush()
        let stored = try #require(FileManager.default.contents(atPath: path))
        #expect(Array(stored.dropFirst(256)) == Array(bytes[..<position]))
    }
}

/// Runs into a file whose bytes, before and behind them, must stay as they are.
private final class Trial {
    let operations: Recording
    let output: SealedOutput
    private let directory: ScratchDirectory
    private let path: String
    private let offset: Int
    private var given: [UInt8] = []
    private static let pattern = patterned(100_000)

    init(offset: Int, has: Bool = true, refuses: Bool = false) throws {
        directory = try ScratchDirectory(inMemory: true)
        path = directory.path + "/data"
        operations = Recording(has: has, refuses: refuses)
        let descriptor = try operations.open(path, .creating)
        try [UInt8](repeating: 0xEE, count: offset).withUnsafeBytesTyped { bytes throws(SystemCallError) in
            try LinuxFileOperations().write(descriptor, bytes, at: 0)
        }
        output = SealedOutput(descriptor: descriptor, isDirect: true, operations: operations)
        self.offset = offset
        self.descriptor = descriptor
    }

    private let descriptor: Int32

    deinit { operations.close(descriptor) }

    func write(_ count: Int) throws {
        let run = Trial.pattern[given.count..<given.count + count]
        output.room(at: Int64(offset + given.count)).copyBytes(from: run)
        try output.write(count)
        given += run
    }

    func check(_ comment: String) throws {
        let stored = try #require(FileManager.default.contents(atPath: path))
        #expect(Array(stored) == [UInt8](repeating: 0xEE, count: offset) + given, "\(comment)")
        var next = Int64(offset)
        for write in operations.writes {
            #expect(write.offset == next, "every byte once, in order: \(comment)")
            next += Int64(write.count)
            guard write.isDirect else { continue }
            let page = Int64(SealedOutput.page)
            #expect(write.offset % page == 0 && Int64(write.count) % page == 0, "\(comment)")
            #expect(write.address % SealedOutput.page == 0, "\(comment)")
        }
        #expect(next == Int64(offset + given.count), "\(comment)")
    }
}

/// The calls as Linux makes them, with a note of each write that succeeded.
private final class Recording: FileOperations {
    struct Write: Sendable {
        let isDirect: Bool
        let offset: Int64
        let count: Int
        let address: Int
    }

    private let base = LinuxFileOperations()
    private let has: Bool
    private let refuses: Bool
    private let direct = Mutex<Int32?>(nil)
    private let noted = Mutex<[Write]>([])

    init(has: Bool, refuses: Bool) {
        self.has = has
        self.refuses = refuses
    }

    var writes: [Write] { noted.withLock { $0 } }

    func openDirect(_ descriptor: Int32) -> Int32? {
        guard has, let again = reopened(descriptor) else { return nil }
        direct.withLock { $0 = again }
        return again
    }

    func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer, at offset: Int64) throws(SystemCallError) {
        let isDirect = direct.withLock { $0 == descriptor }
        if isDirect, refuses { throw SystemCallError(call: "pwrite", code: EINVAL) }
        try base.write(descriptor, buffer, at: offset)
        let address = Int(bitPattern: buffer.baseAddress)
        noted.withLock { $0.append(Write(isDirect: isDirect, offset: offset, count: buffer.count, address: address)) }
    }

    func open(_ path: String, _ purpose: OpenPurpose) throws(SystemCallError) -> Int32 { try base.open(path, purpose) }
    func close(_ descriptor: Int32) { base.close(descriptor) }
    func read(
        _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int64
    ) throws(SystemCallError) -> Int { try base.read(descriptor, into: buffer, at: offset) }
    func synchronize(_ descriptor: Int32) throws(SystemCallError) { try base.synchronize(descriptor) }
    func synchronizeDirectory(_ path: String) throws(SystemCallError) { try base.synchronizeDirectory(path) }
    func startWriteback(_ descriptor: Int32, at offset: Int64, count: Int64) {}
    func allocate(_ descriptor: Int32, at offset: Int64, count: Int64) throws(SystemCallError) {
        try base.allocate(descriptor, at: offset, count: count)
    }
    func size(_ descriptor: Int32) throws(SystemCallError) -> Int64 { try base.size(descriptor) }
    func rename(_ source: String, to target: String) throws(SystemCallError) { try base.rename(source, to: target) }
    func unlink(_ path: String) throws(SystemCallError) { try base.unlink(path) }
    func makeDirectory(_ path: String) throws(SystemCallError) { try base.makeDirectory(path) }
    func removeDirectory(_ path: String) throws(SystemCallError) { try base.removeDirectory(path) }
    func names(in directory: String) throws(SystemCallError) -> [String] { try base.names(in: directory) }
    func exists(_ path: String) throws(SystemCallError) -> Bool { try base.exists(path) }
    func freeBytes(at path: String) throws(SystemCallError) -> Int64 { try base.freeBytes(at: path) }
    func lock(_ descriptor: Int32) throws(SystemCallError) -> Bool { try base.lock(descriptor) }
}
