import Foundation

/// A directory of one test, removed when the test lets go of it.
public final class TemporaryDirectory: Sendable {
    /// Where it is.
    public let url: URL

    /// Makes an empty directory.
    ///
    /// - Parameter inMemory: on a file system in memory where there is one, for tests that make many files and are not
    ///   about the disk.
    public init(inMemory: Bool = false) throws {
        let memory = URL(fileURLWithPath: "/dev/shm", isDirectory: true)
        let base =
            inMemory && FileManager.default.isWritableFile(atPath: memory.path)
            ? memory : FileManager.default.temporaryDirectory
        url = base.appendingPathComponent("liuhen-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// The path as text.
    public var path: String { url.path }

    /// Writes a file and the directories above it.
    public func write(_ bytes: [UInt8], to path: String) throws {
        let file = url.appendingPathComponent(path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    /// The bytes of a file; nil if there is none.
    public func read(_ path: String) -> [UInt8]? {
        (try? Data(contentsOf: url.appendingPathComponent(path))).map { Array($0) }
    }
}
