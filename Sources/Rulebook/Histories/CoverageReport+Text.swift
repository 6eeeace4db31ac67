import Foundation

extension CoverageReport {
    /// The report in plain Chinese: a line for each text, then what is wrong.
    public var text: String {
        var lines = texts.map { text in
            "\(text.id)：条款 \(text.rows)，政策性 \(text.policy)，判断 \(text.judged)，守住和违反的历史都通过 \(text.tested)，"
                + "变更都被发现 \(text.caught)；到达：页面 \(text.page)，命令 \(text.command)，接口 \(text.api)"
        }
        // Texts beside the list, such as parent law, have no number of rows that they must reach.
        let listed = texts.filter(\.isListed)
        let rows = listed.reduce(0) { $0 + $1.rows }
        let done = listed.reduce(0) { $0 + $1.policy + $1.judged }
        lines.append("条款清单所列 \(listed.count) 部制度：\(rows) 条中 \(done) 条已判断或者列为政策性条款")
        for text in texts { for problem in text.problems { lines.append("  \(problem.row)：\(problem.what)") } }
        return lines.joined(separator: "\n")
    }

    /// Each row that pages do not reach yet, with what is lacking.
    public var unreachedText: String {
        texts.flatMap { text in (text.unreached + text.partly).map { "\($0.row)：\($0.what)" } }.joined(separator: "\n")
    }

    /// The report as JSON.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
