import Yams

/// The texts that stand together, with the rows of each: what a rule that names a text or a row may name.
struct KnownTexts {
    /// Rows by text; nil for a text that is not read now, of which every row may be meant.
    private(set) var rows: [String: [String]?] = [:]

    /// Takes in a text of which only the name is known.
    mutating func note(_ id: String) { rows[id] = .some(nil) }

    /// Takes in a text with its rows; of several versions of one text each row counts.
    mutating func note(_ id: String, rows some: [String]) {
        switch rows[id] {
        case .some(nil): return
        case .some(let known?): rows[id] = known + some
        case nil: rows[id] = some
        }
    }

    /// The same from a file that was parsed and not yet read.
    mutating func note(_ root: Node) {
        guard let id = root.mapping?["regulation"]?.scalar?.string else { return }
        let rows = root.mapping?["provisions"]?.sequence?.compactMap { $0.mapping?["id"]?.scalar?.string } ?? []
        note(id, rows: rows)
    }

    /// Takes in what a file holds that is not read, by its name: `own-2026.yaml`, a later version `own-2026-2.yaml`.
    mutating func note(file: String) {
        let name = file.hasSuffix(".yaml") ? String(file.dropLast(5)) : file
        note(name)
        if let hyphen = name.lastIndex(of: "-") { note(String(name[..<hyphen])) }
    }

    /// The texts' names, sorted.
    var texts: [String] { rows.keys.sorted() }

    /// Whether a row stands in one of them.
    func hasRow(_ row: String) -> Bool {
        switch rows[String(row.prefix { $0 != ":" })] {
        case .some(nil): true
        case .some(let known?): known.contains(row)
        case nil: false
        }
    }

    /// Rows of the text that a row's name begins with; of all texts where there is no such.
    func rows(near row: String) -> [String] {
        if case .some(let known?) = rows[String(row.prefix { $0 != ":" })] { return known }
        return rows.values.flatMap { $0 ?? [] }
    }
}
