import Casework
import Foundation
import Kernel

/// Reads `Tests/Histories/<regulation>/<row>.yaml`.
public enum HistoryFiles {
    /// One file: the histories of a row with the SHA-256 of their bytes.
    public struct Loaded: Hashable, Sendable {
        /// The path below the directory, for example `zhaoxian-2017/8b.yaml`.
        public let path: String
        /// SHA-256 of the file's bytes.
        public let digest: Digest
        /// What stands in it.
        public let histories: RowHistories
    }

    /// Reads every file, or those of one row.
    ///
    /// - Throws: everything that is wrong in any of them.
    public static func load(
        _ directory: String, library: RuleLibrary, row: String? = nil
    ) throws(RuleFileError) -> [Loaded] {
        var problems: [RuleFileProblem] = []
        var result: [Loaded] = []
        for path in paths(of: directory, row: row) {
            let source = YAMLSource(file: path)
            guard let data = FileManager.default.contents(atPath: "\(directory)/\(path)") else {
                source.fail(.unreadable, "文件不存在或无法读取")
                problems += source.problems
                continue
            }
            let bytes = [UInt8](data)
            let read = source.parse(bytes).flatMap { HistoryReader(source: source, library: library).read($0) }
            if let read {
                if path != HistoryFiles.path(of: read.row) {
                    source.fail(.contradiction, "条款“\(read.row)”的历史应放在 \(HistoryFiles.path(of: read.row))")
                }
                result.append(Loaded(path: path, digest: RuleFiles.digest(of: bytes), histories: read))
            }
            problems += source.problems
        }
        guard problems.isEmpty else { throw RuleFileError(problems: problems) }
        return result
    }

    /// Where the histories of a row stand: `zhaoxian-2017/8b.yaml`.
    public static func path(of row: String) -> String {
        let text = row.prefix { $0 != ":" }
        return "\(text)/\(row.dropFirst(text.count + 1)).yaml"
    }

    /// Files below the directory, sorted by path.
    static func paths(of directory: String, row: String?) -> [String] {
        if let row { return [path(of: row)] }
        let names = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted()
    }
}
