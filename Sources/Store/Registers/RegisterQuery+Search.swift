import Application
import Casework
import Kernel

/// Lists that can be searched: cases and parties.
extension RegisterQuery {
    /// Parties whose name or code contains every word; all of them, by name, without a word.
    static func subjects(matching text: String, limit: Int) -> RegisterQuery {
        let columns = subjectColumns
        guard let search = Search(text, columns: ["s.name", "s.code"]) else {
            return RegisterQuery(
                sql: "SELECT \(columns) FROM subject AS s ORDER BY s.name, s.id LIMIT ?", values: [.number(limit)])
        }
        // In the order in which they were registered, the newest first: so the search ends with the list.
        return RegisterQuery(
            sql: """
                SELECT \(columns) FROM subject_text AS t CROSS JOIN subject AS s ON s.id = t.rowid
                WHERE t.subject_text MATCH ? AND \(search.exact) ORDER BY t.rowid DESC LIMIT ?
                """,
            values: [.text(search.match)] + search.values + [.number(limit)])
    }

    /// One page of the cases of a filter.
    ///
    /// - Parameter hits: how many files the words are found in.
    static func cases(_ filter: CaseFilter, hits: Hits = .none) -> RegisterQuery {
        let columns = caseColumns
        let size = min(max(filter.pageSize, 1), 1000)
        var query = selection(filter, hits: hits)
        query.sql = "SELECT \(columns) FROM \(query.sql) ORDER BY \(query.order) LIMIT ? OFFSET ?"
        query.values += [.number(size), .number(size * (max(filter.page, 1) - 1))]
        return query
    }

    /// How many cases a filter finds; with words, one more than `CaseFilter.countedHits` at most. Without a person or a
    /// word it is read from the counters.
    static func count(of filter: CaseFilter, hits: Hits = .none) -> RegisterQuery {
        if filter.isCounted {
            let conditions = state(of: filter, "")
            return RegisterQuery(
                sql: "SELECT ifnull(sum(n), 0) FROM case_count\(conditions.clause)", values: conditions.values)
        }
        var filter = filter
        filter.sort = .newest
        var query = selection(filter, hits: hits, isCount: true)
        if hits == .none {
            query.sql = "SELECT count(*) FROM \(query.sql)"
        } else {
            query.sql = "SELECT count(*) FROM (SELECT 1 FROM \(query.sql) LIMIT ?)"
            query.values.append(.number(CaseFilter.countedHits + 1))
        }
        return query
    }

    /// How many files, leads among them, contain the words of a search; counted until it is certain that they are many.
    static func hits(_ search: Search) -> RegisterQuery {
        RegisterQuery(
            sql: "SELECT count(*) FROM (SELECT 1 FROM case_text AS t WHERE t.case_text MATCH ? LIMIT ?)",
            values: [.text(search.match), .number(CaseFilter.countedHits + 1)])
    }

    /// Sources, conditions and order of a filter.
    ///
    /// Few hits are all looked at. Of many the index is asked only in its own order, which is that of opening; in any
    /// other list they are met soon enough.
    private static func selection(_ filter: CaseFilter, hits: Hits, isCount: Bool = false) -> RegisterQuery {
        let search =
            filter.number == nil ? Search(filter.text, columns: ["c.title", "c.subject_name"]) : nil
        var conditions = state(of: filter, "c.")
        var source = "case_file AS c"
        var order = orders[filter.sort] ?? ""
        let isByOpening = filter.sort == .newest || filter.sort == .oldest
        let byNumber = filter.sort == .oldest ? "c.id" : "c.id DESC"
        // A range of days is looked up by its index only where the list is in the order of days.
        let opened = isByOpening ? "c.opened_at" : "+c.opened_at"
        conditions.add("\(opened) >= ?", filter.openedFrom.map { .instant($0) })
        conditions.add("\(opened) < ?", filter.openedBefore.map { .instant($0) })
        if let number = filter.number {
            source = "claim AS k CROSS JOIN case_file AS c ON c.thread = k.thread"
            // Numbers that begin alike stand together; nothing that is written comes after the last scalar.
            conditions.text.append("k.kind = 'caseNumber' AND k.key >= ? AND k.key < ?")
            conditions.values += [.text(number), .text("\(number)\u{10FFFF}")]
            conditions.add(handled, filter.handler.map { .id($0) })
            // The second before the twelfth.
            order = "length(k.key), k.key"
        } else if let search, hits == .few {
            conditions.text.append("c.id IN (SELECT t.rowid FROM case_text AS t WHERE t.case_text MATCH ?)")
            conditions.values.append(.text(search.match))
            conditions.add(handled, filter.handler.map { .id($0) })
            if isByOpening { order = byNumber }
        } else if let handler = filter.handler, let state = filter.state, filter.sort == .lastChange || isCount {
            // The work list's own: read in its order, and counted, without a look at the cases themselves.
            source = "case_at_hand AS a CROSS JOIN case_file AS c ON c.id = a.\"case\""
            conditions.add("a.person = ?", .id(handler))
            conditions.add("a.state = ?", .text(state.rawValue))
            order = "a.last_at DESC, a.\"case\" DESC"
        } else if let handler = filter.handler {
            source = "case_handler AS h CROSS JOIN case_file AS c ON c.id = h.\"case\""
            conditions.add("h.person = ?", .id(handler))
            if isByOpening { order = filter.sort == .oldest ? "h.\"case\"" : "h.\"case\" DESC" }
        } else if let search, isByOpening, filter.state == nil, filter.stage == nil, filter.provision == nil {
            source = "case_text AS t CROSS JOIN case_file AS c ON c.id = t.rowid"
            conditions.text.append("t.case_text MATCH ?")
            conditions.values.append(.text(search.match))
            order = filter.sort == .oldest ? "t.rowid" : "t.rowid DESC"
        } else if filter.provision != nil {
            return under(filter, conditions, search, order: order)
        }
        if let search {
            conditions.text.append(search.exact)
            conditions.values += search.values
        }
        if let provision = filter.provision {
            // Words or a person leave few cases: each is asked.
            conditions.add(
                "EXISTS (SELECT 1 FROM obligation_provision AS p WHERE p.case_thread = c.thread AND p.provision = ?"
                    + (filter.lateAt == nil ? ")" : " AND p.late_from <= ?)"), .text(provision))
            if let late = filter.lateAt { conditions.values.append(.instant(late)) }
        }
        addLed(filter, &conditions)
        return RegisterQuery(sql: "\(source)\(conditions.clause)", values: conditions.values, order: order)
    }

    private static let orders: [CaseFilter.Sort: String] = [
        .newest: "c.opened_at DESC, c.id DESC", .oldest: "c.opened_at, c.id", .title: "c.title, c.id",
        .lastChange: "c.last_at DESC, c.id DESC",
    ]

    static let handled = "EXISTS (SELECT 1 FROM case_handler AS h WHERE h.person = ? AND h.\"case\" = c.id)"

    /// All cases under a row of the law: each once, by its first obligation under the row.
    private static func under(
        _ filter: CaseFilter, _ given: Conditions, _ search: Search?, order: String
    ) -> RegisterQuery {
        var conditions = given
        if let search {
            conditions.text.append(search.exact)
            conditions.values += search.values
        }
        conditions.add("p.provision = ?", filter.provision.map { .text($0) })
        conditions.add("p.late_from <= ?", filter.lateAt.map { .instant($0) })
        conditions.text.append(
            """
            p.key = (SELECT min(q.key) FROM obligation_provision AS q
            WHERE q.case_thread = p.case_thread AND q.provision = p.provision\(filter.lateAt == nil ? "" : " AND q.late_from <= ?"))
            """)
        if let late = filter.lateAt { conditions.values.append(.instant(late)) }
        addLed(filter, &conditions)
        return RegisterQuery(
            sql: "obligation_provision AS p CROSS JOIN case_file AS c ON c.thread = p.case_thread\(conditions.clause)",
            values: conditions.values, order: order)
    }

    private static func addLed(_ filter: CaseFilter, _ conditions: inout Conditions) {
        guard filter.isLed else { return }
        // Findings are those of inspections: the fewer rows to ask.
        conditions.text.append("c.kind = 'inspection'")
        // The claim's key is the inspection's thread in hex, a slash, and the place of its finding; `0` follows `/`.
        conditions.text.append(
            """
            EXISTS (SELECT 1 FROM claim AS k WHERE k.kind = 'findingLed'
            AND k.key >= lower(hex(c.thread)) || '/' AND k.key < lower(hex(c.thread)) || '0')
            """)
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

    /// In how many files the words of a filter are found.
    enum Hits: Equatable {
        /// Nothing was searched.
        case none
        /// In `CaseFilter.countedHits` at most.
        case few
        case many
    }

    /// What somebody typed: a query of the index, and the exact check of what it finds.
    struct Search {
        let match: String
        let exact: String
        let values: [SQLValue]

        /// Nil if nothing was typed. At most eight words count.
        init?(_ text: String, columns: [String] = ["c.title", "c.subject_name"]) {
            let words = Array(Bigrams.words(in: text).prefix(8))
            guard !words.isEmpty else { return nil }
            match = words.compactMap { Bigrams.query(for: $0) }.joined(separator: " AND ")
            let check = columns.map { "instr(lower(\($0)), lower(?)) > 0" }.joined(separator: " OR ")
            exact = words.map { _ in "(\(check))" }.joined(separator: " AND ")
            values = words.flatMap { word in columns.map { _ in SQLValue.text(word) } }
        }
    }
}

extension CaseFilter {
    /// Whether the counters know how many cases there are.
    var isCounted: Bool {
        handler == nil && number == nil && provision == nil && !isLed && openedFrom == nil && openedBefore == nil
            && Bigrams.words(in: text).isEmpty
    }
}
