import Foundation
import Kernel
import Testing

/// Compares text with a file kept beside the tests. Files are written only with LIUHEN_RECORD=1.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let directory = "\(Project.root)/Tests/WebTests/__Golden__"
    let path = "\(directory)/\(name)"
    if ProcessInfo.processInfo.environment["LIUHEN_RECORD"] == "1" {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return
    }
    let kept = try #require(
        FileManager.default.contents(atPath: path), "there is no \(name); record it with LIUHEN_RECORD=1",
        sourceLocation: sourceLocation)
    let expected = String(decoding: kept, as: UTF8.self)
    guard !expected.utf8.elementsEqual(text.utf8) else { return }
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(old.count, new.count)
    Issue.record(
        """
        \(name) differs from line \(line + 1):
        - \(old.indices.contains(line) ? String(old[line]) : "(end)")
        + \(new.indices.contains(line) ? String(new[line]) : "(end)")
        """, sourceLocation: sourceLocation)
}
