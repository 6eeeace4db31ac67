import Foundation
import Synchronization

@testable import Vault

/// The calls as Linux makes them, but one of those that change the disk fails once.
final class BreakingOperations: FileOperations {
    /// When the failing call fails.
    enum Moment: Sendable, CaseIterable {
        /// Nothing was done.
        case before
        /// It was done, and reported as failed.
        case after
    }

    private let base = LinuxFileOperations()
    private let target: Int
    private let code: Int32
    private let moment: Moment
    private let calls = Mutex<[String]>([])
    private let closings = Mutex(0)

    /// Breaks the call number `target`, counted from 0; none if negative.
    init(target: Int, code: Int32, moment: Moment) {
        self.target = target
        self.code = code
        self.moment = moment
    }

    /// How often a descriptor was closed.
    var closingCount: Int { closings.withLock { $0 } }

    /// The names of the calls that could have been broken.
    var names: [String] { calls.withLock { $0 } }

    private func step<Value>(
        _ name: String, _ body: () throws(SystemCallError) -> Value
    ) throws(SystemCallError) -> Value {
        let number = calls.withLock { calls in
            calls.append(name)
            return calls.count - 1
        }
        if number == target, moment == .before { throw SystemCallError(call: name, code: code) }
        let value = try body()
        if number == target { throw SystemCallError(call: name, code: code) }
        return value
    }

    func open(_ path: String, _ purpose: OpenPurpose) throws(SystemCallError) -> Int32 {
        guard case .creating = purpose else { return try base.open(path, purpose) }
        return try step("open") { () throws(SystemCallError) in try base.open(path, purpose) }
    }
    func openDirect(_ descriptor: Int32) -> Int32? { reopened(descriptor) }
    func close(_ descriptor: Int32) {
        closings.withLock { $0 += 1 }
        base.close(descriptor)
    }
    func read(
        _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int64
    ) throws(SystemCallError) -> Int { try base.read(descriptor, into: buffer, at: offset) }
    func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer, at offset: Int64) throws(SystemCallError) {
        try step("pwrite") { () throws(SystemCallError) in try base.write(descriptor, buffer, at: offset) }
    }
    func synchronize(_ descriptor: Int32) throws(SystemCallError) {
        try step("fdatasync") { () throws(SystemCallError) in try base.synchronize(descriptor) }
    }
    func synchronizeDirectory(_ path: String) throws(SystemCallError) {
        try step("fsync") { () throws(SystemCallError) in try base.synchronizeDirectory(path) }
    }
    func startWriteback(_ descriptor: Int32, at offset: Int64, count: Int64) {}
    func allocate(_ descriptor: Int32, at offset: Int64, count: Int64) throws(SystemCallError) {
        try step("fallocate") { () throws(SystemCallError) in
            try base.allocate(descriptor, at: offset, count: count)
        }
    }
    func size(_ descriptor: Int32) throws(SystemCallError) -> Int64 { try base.size(descriptor) }
    func rename(_ source: String, to target: String) throws(SystemCallError) {
        try step("rename") { () throws(SystemCallError) in try base.rename(source, to: target) }
    }
    func unlink(_ path: String) throws(SystemCallError) {
        try step("unlink") { () throws(SystemCallError) in try base.unlink(path) }
    }
    func makeDirectory(_ path: String) throws(SystemCallError) {
        try step("mkdir") { () throws(SystemCallError) in try base.makeDirectory(path) }
    }
    func removeDirectory(_ path: String) throws(SystemCallError) {
        try step("rmdir") { () throws(SystemCallError) in try base.removeDirectory(path) }
    }
    func names(in directory: String) throws(SystemCallError) -> [String] { try base.names(in: directory) }
    func exists(_ path: String) throws(SystemCallError) -> Bool { try base.exists(path) }
    func freeBytes(at path: String) throws(SystemCallError) -> Int64 { try base.freeBytes(at: path) }
    func lock(_ descriptor: Int32) throws(SystemCallError) -> Bool { try base.lock(descriptor) }
}
