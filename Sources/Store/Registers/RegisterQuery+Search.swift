import Application
import Casework
import Kernel

/// Lists that can be searched: cases and parties.
extension RegisterQuery {
    /// Parties whose name or code contains every word; all of them, by name, without a word.
    static func subjects(matching text: String, limit: Int) -> RegisterQuery {
        let columns = SubjectRow.columns.split(separator: ", ").map { "s.\($0)" }.joined(separator: ", ")
        guard let search = Search(text, columns: ["s.name", "s.code"]) else {
            return RegisterQuery(
                sql: "SELECT \(columns) FROM subject AS s ORDER BY s.name, s.id LIMIT ?", values: [.number(limit)])
        }
        return RegisterQuery(
            sql: """
                SELECT \(columns) FROM subject_text AS t CROSS JOIN subject AS s ON s.id = t.rowid
                WHERE t.subject_text MATCH ? AND \(search.exact) ORDER BY s.name, s.id LIMIT ?
                """,
            values: [.text(search.match)] + search.values + [.number(limit)])
    }

    /// One page of the cases of a filter.
    static func cases(_ filter: CaseFilter) -> RegisterQuery {
        let columns = CaseRow.columns.split(separator: ", ").map { "c.\($0)" }.joined(separator: ", ")
        let order =
            switch filter.sort {
            case .newest: "c.opened_at DESC, c.id DESC"
            case .oldest: "c.opened_at, c.id"
            case .title: "c.title, c.id"
            case .lastChange: "c.last_at DESC, c.id DESC"
            }
        let size = min(max(filter.pageSize, 1), 1000)
        var query = selection(filter)
        query.sql = "SELECT \(columns) FROM \(query.sql) ORDER BY \(order) LIMIT ? OFFSET ?"
        query.values += [.number(size), .number(size * (max(filter.page, 1) - 1))]
        return query
    }

    /// How many cases a filter finds. Without a person or a word it is read from the counters.
    static func count(of filter: CaseFilter) -> RegisterQuery {
        if filter.handler == nil, filter.provision == nil, !filter.isLed, filter.openedFrom == nil,
            filter.openedBefore == nil,
            Bigrams.words(in: filter.text).isEmpty
        {
            let conditions = state(of: filter, "")
            return RegisterQuery(
                sql: "SELECT ifnull(sum(n), 0) FROM case_count\(conditions.clause)", values: conditions.values)
        }
        var query = selection(filter)
        query.sql = "SELECT count(*) FROM \(query.sql)"
        return query
    }

    /// Sources and conditions of a filter. The narrowest source stands first: words, then a person, then the rest.
    private static func selection(_ filter: CaseFilter) -> RegisterQuery {
        var conditions = state(of: filter, "c.")
        conditions.add("c.opened_at >= ?", filter.openedFrom.map { .instant($0) })
        conditions.add("c.opened_at < ?", filter.openedBefore.map { .instant($0) })
        if let provision = filter.provision, filter.handler != nil || !Bigrams.words(in: filter.text).isEmpty {
            // Words or a person leave few cases: each is asked.
            conditions.add(
                "EXISTS (SELECT 1 FROM obligation_provision AS p WHERE p.case_thread = c.thread AND p.provision = ?"
                    + (filter.lateAt == nil ? ")" : " AND p.late_from <= ?)"), .text(provision))
            if let late = filter.lateAt { conditions.values.append(.instant(late)) }
        }
        if filter.isLed {
            // Findings are those of inspections: the fewer rows to ask.
            conditions.text.append("c.kind = 'inspection'")
            // The claim's key is the inspection's thread in hex, a slash, and the place of its finding; `0` follows `/`.
            conditions.text.append(
                """
                EXISTS (SELECT 1 FROM claim AS k WHERE k.kind = 'findingLed'
                AND k.key >= lower(hex(c.thread)) || '/' AND k.key < lower(hex(c.thread)) || '0')
                """)
        }
        if let search = Search(filter.text, columns: ["c.title", "c.subject_name"]) {
            conditions.text.append("t.case_text MATCH ?")
            conditions.values.append(.text(search.match))
            conditions.text.append(search.exact)
            conditions.values += search.values
            if let handler = filter.handler {
                conditions.add(
                    "EXISTS (SELECT 1 FROM case_handler AS h WHERE h.person = ? AND h.\"case\" = c.id)", .id(handler))
            }
            return RegisterQuery(
                sql: "case_text AS t CROSS JOIN case_file AS c ON c.id = t.rowid\(conditions.clause)",
                values: conditions.values)
        }
        if let handler = filter.handler {
            conditions.add("h.person = ?", .id(handler))
            return RegisterQuery(
                sql: "case_handler AS h CROSS JOIN case_file AS c ON c.id = h.\"case\"\(conditions.clause)",
                values: conditions.values)
        }
        if let provision = filter.provision {
            // Each case once, by its first obligation under the row.
            conditions.add("p.provision = ?", .text(provision))
            conditions.add("p.late_from <= ?", filter.lateAt.map { .instant($0) })
            conditions.text.append(
                """
                p.key = (SELECT min(q.key) FROM obligation_provision AS q
                WHERE q.case_thread = p.case_thread AND q.provision = p.provision\(filter.lateAt == nil ? "" : " AND q.late_from <= ?"))
                """)
            if let late = filter.lateAt { conditions.values.append(.instant(late)) }
            return RegisterQuery(
                sql:
                    "obligation_provision AS p CROSS JOIN case_file AS c ON c.thread = p.case_thread\(conditions.clause)",
                values: conditions.values)
        }
        return RegisterQuery(sql: "case_file AS c\(conditions.clause)", values: conditions.values)
    }

    private static func state(of filter: CaseFilter, _ prefix: String) -> Conditions {
        var conditions = Conditions()
        if let kind = filter.kind {
            conditions.add("\(prefix)kind = ?", .text(kind))
        } else {
            for other in CaseRow.otherKinds { conditions.add("\(prefix)kind <> ?", .text(other)) }
        }
        conditions.add("\(prefix)state = ?", filter.state.map { .text($0.rawValue) })
        conditions.add("\(prefix)stage = ?", filter.stage.map { .text($0.rawValue) })
        return conditions
    }

    /// What somebody typed: a query of the index, and the exact check of what it finds.
    struct Search {
        let match: String
        let exact: String
        let values: [SQLValue]

        /// Nil if nothing was typed. At most eight words count.
        init?(_ text: String, columns: [String]) {
            let words = Array(Bigrams.words(in: text).prefix(8))
            guard !words.isEmpty else { return nil }
            match = words.compactMap { Bigrams.query(for: $0) }.joined(separator: " AND ")
            let check = columns.map { "instr(lower(\($0)), lower(?)) > 0" }.joined(separator: " OR ")
            exact = words.map { _ in "(\(check))" }.joined(separator: " AND ")
            values = words.flatMap { word in columns.map { _ in SQLValue.text(word) } }
        }
    }
}
