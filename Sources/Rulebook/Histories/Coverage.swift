import Casework
import Foundation
import Kernel

/// What the last run of all histories and mutants showed: `.test-results/regulation-coverage.json`.
public struct CoverageRun: Hashable, Sendable, Codable {
    /// When it ended, RFC 3339.
    public let finished: String
    /// Digests of every file that it depended on, by path.
    public let files: [String: String]
    /// The rows with histories.
    public let rows: [RowResult]

    /// Runs every history and every mutant. Blocks for as long as that takes.
    public static func run(_ place: RulePlace) throws(RuleFileError) -> CoverageRun {
        let library = try RuleFiles.load(regulations: place.regulations, documents: place.documents)
        let histories = try HistoryFiles.load(place.histories, library: library)
        let rows = RowTests(RuleBase(library)).run(histories.map(\.histories), mutating: true)
        return CoverageRun(
            finished: Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)).description,
            files: place.digests, rows: rows)
    }

    /// Writes it, whole or not at all.
    public func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try FileManager.default.createDirectory(
            at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
        try encoder.encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// Reads a run that was made after the program was built, from the files as they are.
    ///
    /// - Throws: a Chinese sentence that says why it cannot be relied on.
    public static func read(_ path: String, place: RulePlace, built: Instant?) throws(RuleBaseError) -> CoverageRun {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw RuleBaseError("没有检验结果 \(path)。请先运行 make mutate。")
        }
        guard let run = try? JSONDecoder().decode(CoverageRun.self, from: data), let finished = Instant(run.finished)
        else { throw RuleBaseError("检验结果 \(path) 无法读取。请重新运行 make mutate。") }
        if let built, finished < built {
            throw RuleBaseError("检验结果（\(finished.chinese)）早于程序的编译时间（\(built.chinese)）。请重新运行 make mutate。")
        }
        let now = place.digests
        let changed = Set(now.keys).union(run.files.keys).filter { now[$0] != run.files[$0] }.sorted()
        guard changed.isEmpty else {
            let names = changed.prefix(5).joined(separator: "、")
            throw RuleBaseError("检验以后有文件变了：\(names)\(changed.count > 5 ? " 等 \(changed.count) 个" : "")。请重新运行 make mutate。")
        }
        return run
    }
}

/// Where rules, documents and histories stand.
public struct RulePlace: Hashable, Sendable {
    /// Directories.
    public let regulations: String
    public let documents: String
    public let histories: String

    /// The places below the program's own directory.
    public init(root: String) {
        regulations = "\(root)/Regulations"
        documents = "\(root)/Documents"
        histories = "\(root)/Tests/Histories"
    }

    /// SHA-256 of every file that decides what comes of a history, by path.
    public var digests: [String: String] {
        var result: [String: String] = [:]
        for (name, directory) in [("Regulations", regulations), ("Documents", documents), ("Histories", histories)] {
            let paths = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
            for path in paths where path.hasSuffix(".yaml") && path != "reach.yaml" {
                guard let data = FileManager.default.contents(atPath: "\(directory)/\(path)") else { continue }
                result["\(name)/\(path)"] = RuleFiles.digest(of: [UInt8](data)).description
            }
        }
        return result
    }
}
