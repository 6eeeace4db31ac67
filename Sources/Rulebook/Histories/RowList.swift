import Casework
import Foundation
import Kernel
import Yams

/// The rows that every text must have: `Regulations/rows.yaml`, so that a missing row is seen.
public struct RowList: Hashable, Sendable {
    /// One row as the matrix of the five texts names it.
    public struct Row: Hashable, Sendable {
        /// The row's id.
        public let id: String
        /// How strictly it binds.
        public let modality: Provision.Modality
        /// What the program does for it first.
        public let kind: Provision.Kind
    }

    /// Rows by text, in the order of the text.
    public let texts: [(id: String, rows: [Row])]

    public static func == (left: RowList, right: RowList) -> Bool {
        left.texts.map(\.id) == right.texts.map(\.id) && left.texts.map(\.rows) == right.texts.map(\.rows)
    }

    public func hash(into hasher: inout Hasher) {
        for text in texts { hasher.combine(text.rows) }
    }

    /// All rows.
    public var rows: [Row] { texts.flatMap(\.rows) }

    /// Reads the list.
    public static func read(_ path: String) throws(RuleFileError) -> RowList {
        let source = YAMLSource(file: "rows.yaml")
        var texts: [(id: String, rows: [Row])] = []
        if let root = source.root(of: path), let fields = source.fields(root, "条款清单") {
            for (name, _, value) in fields.all {
                let rows = source.list(value, "条款").compactMap { node -> Row? in
                    guard let fields = source.fields(node, "条款") else { return nil }
                    defer { fields.finish() }
                    let entry = fields.required("id")
                    let id = source.text(entry, "条款编号")
                    let modality = source.word(fields.required("modality"), "约束力", as: Provision.Modality.self)
                    let kind = source.word(fields.required("kind"), "条款类别", as: Provision.Kind.self)
                    guard let id, let modality, let kind else { return nil }
                    if !RegulationReader.isRow(id, of: name) {
                        source.fail(entry, .value, "条款编号应是“\(name):条号”，写成“\(id.short)”不可以")
                    }
                    return Row(id: id, modality: modality, kind: kind)
                }
                texts.append((name, rows))
            }
        }
        let all = texts.flatMap(\.rows).map(\.id)
        if Set(all).count != all.count { source.fail(RuleFileProblem.Code.duplicate, "有条款写了两次") }
        guard source.problems.isEmpty else { throw RuleFileError(problems: source.problems) }
        return RowList(texts: texts)
    }
}

extension YAMLSource {
    /// The root of a file; a problem is noted where it cannot be read.
    func root(of path: String) -> Node? {
        guard let data = FileManager.default.contents(atPath: path) else {
            return fail(.unreadable, "文件不存在或无法读取")
        }
        return parse([UInt8](data))
    }
}
