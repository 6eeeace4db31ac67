import Foundation

/// A program that others wrote, or that stands on what others wrote, and that judges ours.
///
/// With `LIUHEN_JUDGES=1` a judge that is missing fails the test; without it the test says that it did not run.
public struct Judge: Sendable {
    /// How a run ended.
    public struct Result: Sendable {
        /// The exit code.
        public let status: Int32
        /// What it printed, both streams.
        public let output: String
    }

    /// The top of the project.
    public static let projectRoot = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Whether judges must be there.
    public static var required: Bool { ProcessInfo.processInfo.environment["LIUHEN_JUDGES"] == "1" }

    /// The Python of the project's own environment; nil if nobody set it up.
    public static var python: String? {
        executable(projectRoot.appendingPathComponent(".venv/bin/python").path)
    }

    /// Go, where Debian puts it, and its module package; nil if either is missing.
    public static var go: String? {
        FileManager.default.fileExists(atPath: "/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog/tlog.go")
            ? executable("/usr/bin/go") : nil
    }

    private static func executable(_ path: String) -> String? {
        FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }

    /// Runs a program to its end. Output goes through a file, so a full pipe cannot stop it.
    public static func run(
        _ program: String, _ arguments: [String], in directory: TemporaryDirectory, environment: [String: String] = [:]
    ) throws -> Result {
        let ended = try Program.run(program, arguments, environment: environment)
        return Result(status: ended.status, output: ended.output)
    }
}
