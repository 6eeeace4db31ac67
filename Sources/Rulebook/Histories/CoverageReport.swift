import Casework
import Kernel

/// For each text: how many rows are judged or policy, tested, caught by mutation, and reached in the product.
public struct CoverageReport: Hashable, Sendable, Codable {
    /// Figures of one text.
    public struct Text: Hashable, Sendable, Codable {
        /// The text.
        public let id: String
        /// How many rows it must have.
        public let rows: Int
        /// Whether it is one of the texts of `rows.yaml`, whose rows were counted apart from the file.
        public let isListed: Bool
        /// Rows that no software act can carry out.
        public var policy = 0
        /// Rows that the engine judges.
        public var judged = 0
        /// Judged rows with passing histories that keep and that break them.
        public var tested = 0
        /// Judged rows of which every mutant was noticed.
        public var caught = 0
        /// Rows that are not policy and that pages, commands, the API reach (`RowReach`).
        public var page = 0
        public var command = 0
        public var api = 0
        /// Rows that pages do not reach, with what is lacking. No fault of the text: the product grows.
        public var unreached: [Problem] = []
        /// Rows that pages reach but for duties whose cause the product does not have yet.
        public var partly: [Problem] = []
        /// What is wrong, row by row, in Chinese.
        public var problems: [Problem] = []
    }

    /// What is wrong with one row.
    public struct Problem: Hashable, Sendable, Codable {
        /// The row.
        public let row: String
        /// What, in Chinese.
        public let what: String
    }

    /// The texts of the list, then texts that are in the library alone.
    public let texts: [Text]

    /// Whether every row is judged or policy, and every judged row tested and caught.
    public var isComplete: Bool { texts.allSatisfy(\.problems.isEmpty) }

    /// The report on a library, from the rows it must have, a run and the places where rows are reached.
    public init(_ library: RuleLibrary, rows list: RowList, run: CoverageRun, reach: RowReach) {
        let results = Dictionary(run.rows.map { ($0.row, $0) }) { first, _ in first }
        let listed = list.texts.map(\.id)
        let others = Set(library.regulations.map(\.regulation.id)).subtracting(listed).sorted()
        let wanted =
            list.texts.map { text in (text.id, text.rows.map { (id: $0.id, row: Optional($0)) }) }
            + others.map { id in
                (id, (library.newest(id)?.regulation.provisions ?? []).map { (id: $0.id, row: RowList.Row?.none) })
            }
        texts = wanted.map { id, rows in
            var text = Text(id: id, rows: rows.count, isListed: listed.contains(id))
            for (row, listed) in rows {
                text.count(library.provision(row), row: row, listed: listed, result: results[row])
                if let provision = library.provision(row) { text.count(provision, reach, library) }
            }
            let known = Set(rows.map(\.id))
            for provision in library.newest(id)?.regulation.provisions ?? [] where !known.contains(provision.id) {
                text.problems.append(Problem(row: provision.id, what: "不在条款清单中"))
            }
            return text
        }
    }
}

extension CoverageReport.Text {
    fileprivate mutating func count(_ provision: Provision, _ reach: RowReach, _ library: RuleLibrary) {
        let lacks = reach.lacks(provision, in: library, by: .page)
        if let lacks, lacks.isEmpty {
            page += 1
            let later = reach.awaiting(provision).flatMap(\.trigger.types).map { "“\($0.chinese)”" }
            var once: Set<String> = []
            let names = later.filter { once.insert($0).inserted }.joined(separator: "、")
            if !names.isEmpty { partly.append(.init(row: provision.id, what: "除\(names)引起的义务外已经到达")) }
        }
        if let lacks, !lacks.isEmpty {
            unreached.append(.init(row: provision.id, what: "缺\(lacks.joined(separator: "、"))"))
        }
        if reach.lacks(provision, in: library, by: .command)?.isEmpty ?? false { command += 1 }
        if reach.lacks(provision, in: library, by: .api)?.isEmpty ?? false { api += 1 }
    }

    fileprivate mutating func count(
        _ provision: Provision?, row: String, listed: RowList.Row?, result: RowResult?
    ) {
        func note(_ what: String) { problems.append(.init(row: row, what: what)) }
        guard let provision else { return note("既没有判断，也没有列为政策性条款") }
        if let listed, provision.modality != listed.modality { note("约束力与清单不符") }
        if provision.kind == .policy {
            policy += 1
            if let listed, listed.kind != .policy { note("清单中不是政策性条款，应当判断") }
            return
        }
        judged += 1
        guard let result else { return note("没有历史") }
        if result.isTested { tested += 1 } else { note(result.failures.first ?? "历史没有全部通过") }
        if result.isCaught { caught += 1 } else { note("变更后没有历史失败：\(result.survivors.joined(separator: "、"))") }
    }
}
