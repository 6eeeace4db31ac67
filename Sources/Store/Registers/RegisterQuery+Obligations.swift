import Application
import Casework
import Kernel

/// Open obligations: lists in the order of terms, and totals.
///
/// Two tables follow from the obligations and are read in their place. `obligation_handler` has what is open in the cases
/// of each person, in the order of terms: a few hundred rows, looked through once for a page. `obligation_count` says how
/// many are open for each office by the days on which their terms end: totals of the whole bureau are sums over days, and
/// only the days on which a span begins or ends are counted row by row.
extension RegisterQuery {
    private static let columnsOfO = columns(ObligationRow.columns, of: "o")
    private static let columnsOfW = columns(ObligationRow.columns, of: "w")

    /// The open obligations of a filter, nearest term first, those without a term last.
    static func openObligations(_ filter: ObligationFilter, hits: Hits = .none) -> RegisterQuery {
        let size = min(max(filter.limit, 0), 1000)
        let page: [SQLValue] = [.number(size), .number(size * (max(filter.page, 1) - 1))]
        if filter.handler == nil, filter.who.count > 1, hits == .none { return merged(filter, page) }
        let columns = filter.handler != nil && hits != .few ? columnsOfW : columnsOfO
        var query = openSelection(filter, hits: hits)
        query.sql = "SELECT \(columns) FROM \(query.sql) ORDER BY \(query.order) LIMIT ? OFFSET ?"
        query.values += page
        return query
    }

    /// For several offices: the list of each comes in order from its index, and the page is where they meet.
    private static func merged(_ filter: ObligationFilter, _ page: [SQLValue]) -> RegisterQuery {
        let lists = Set(filter.who).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { who in
            var one = filter
            one.who = [who]
            return openSelection(one, hits: .none)
        }
        let sql = lists.map { "SELECT ifnull(o.due, \(never)) AS due, o.case_thread, o.key FROM \($0.sql)" }
            .joined(separator: " UNION ALL ")
        return RegisterQuery(
            sql: """
                SELECT \(columnsOfO) FROM (\(sql) ORDER BY 1, 2, 3 LIMIT ? OFFSET ?) AS n
                CROSS JOIN obligation AS o ON o.case_thread = n.case_thread AND o.key = n.key
                ORDER BY n.due, n.case_thread, n.key
                """,
            values: lists.flatMap(\.values) + page)
    }

    /// How many open obligations a filter finds.
    static func countOpen(_ filter: ObligationFilter, hits: Hits = .none) -> RegisterQuery {
        if filter.handler == nil, hits == .none, filter.lateAt == nil || filter.dueFrom == nil && filter.dueUntil == nil
        {
            return countByDays(filter)
        }
        var query = openSelection(filter, hits: hits, isCount: true)
        query.sql = "SELECT count(*) FROM \(query.sql)"
        return query
    }

    private static let day: Int64 = 86_400_000

    /// The total of whole days from the counters, and of the days that a span cuts from the index.
    private static func countByDays(_ filter: ObligationFilter) -> RegisterQuery {
        var whole = Conditions()
        var parts: [RegisterQuery] = []
        let offices = filter.who.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        func add(offices column: String, to conditions: inout Conditions) {
            guard !offices.isEmpty else { return }
            conditions.text.append("\(column) IN (\(offices.map { _ in "?" }.joined(separator: ", ")))")
            conditions.values += offices.map { .text($0) }
        }
        /// What lies within a day, row by row.
        func cut(_ column: String, _ from: Int64, _ until: Int64) {
            var part = Conditions()
            part.text.append("o.state = 'open'")
            if column == "o.late_from" { part.text.append("o.late_from IS NOT NULL") }
            add(offices: column == "o.late_from" ? "+o.who" : "o.who", to: &part)
            part.add("\(column) >= ?", .integer(from))
            part.add("\(column) <= ?", .integer(until))
            if let hasTerm = filter.hasTerm {
                part.text.append("ifnull(o.due, \(never)) \(hasTerm ? "<" : ">=") \(never)")
            }
            parts.append(RegisterQuery(sql: "SELECT count(*) FROM obligation AS o\(part.clause)", values: part.values))
        }
        func days(_ instant: Instant) -> Int64 { instant.milliseconds / day }
        add(offices: "who", to: &whole)
        if let hasTerm = filter.hasTerm {
            whole.text.append("due_day \(hasTerm ? "<" : ">=") \(never / day)")
        }
        let due = "ifnull(o.due, \(never))"
        if let late = filter.lateAt {
            whole.add("late_day < ?", .integer(days(late)))
            cut("o.late_from", days(late) * day, late.milliseconds)
        }
        switch (filter.dueFrom, filter.dueUntil) {
        case (let from?, let until?) where days(from) >= days(until):
            // Within one day, or nothing.
            whole.text.append("0")
            cut(due, from.milliseconds, until.milliseconds)
        case (let from, let until):
            if let from {
                whole.add("due_day > ?", .integer(days(from)))
                cut(due, from.milliseconds, days(from) * day + day - 1)
                if until == nil { whole.text.append("due_day < \(never / day)") }
            }
            if let until {
                whole.add("due_day < ?", .integer(days(until)))
                cut(due, days(until) * day, until.milliseconds)
            }
        }
        let sum = "SELECT ifnull(sum(n), 0) FROM obligation_count\(whole.clause)"
        return RegisterQuery(
            sql: "SELECT " + (["(\(sum))"] + parts.map { "(\($0.sql))" }).joined(separator: " + "),
            values: whole.values + parts.flatMap(\.values))
    }

    /// What one person's work list counts, in one look at what is open in their cases: all that the filter finds, what of it
    /// is the person's own; without regard to terms, what is their own, and what of that is late.
    static func countDuties(_ filter: ObligationFilter, own: [String], at now: Instant) -> RegisterQuery {
        var listed = Conditions()
        addTerms(of: filter, due: "o.due", to: &listed)
        listed.add("o.late_from <= ?", filter.lateAt.map { .instant($0) })
        let isListed = listed.text.isEmpty ? "1" : listed.text.joined(separator: " AND ")
        let isOwn = own.isEmpty ? "1" : "o.who IN (\(own.map { _ in "?" }.joined(separator: ", ")))"
        // What the filter asks of offices narrows the list; what is the person's own is told apart whatever was asked.
        let isAsked = filter.who.isEmpty ? "1" : "o.who IN (\(filter.who.map { _ in "?" }.joined(separator: ", ")))"
        let words = (filter.who + own).map { SQLValue.text($0) }
        return RegisterQuery(
            sql: """
                SELECT ifnull(sum(listed AND asked), 0), ifnull(sum(listed AND own), 0), ifnull(sum(own), 0),
                    ifnull(sum(own AND late), 0)
                FROM (SELECT ifnull(\(isListed), 0) AS listed, \(isAsked) AS asked, \(isOwn) AS own,
                    ifnull(o.late_from <= ?, 0) AS late
                    FROM obligation_handler AS o WHERE o.person = ?)
                """,
            values: listed.values + words + [.instant(now), filter.handler.map { .id($0) } ?? .null])
    }

    private static func addTerms(of filter: ObligationFilter, due: String, to conditions: inout Conditions) {
        if filter.dueFrom != nil || filter.dueUntil != nil || filter.hasTerm == true {
            conditions.text.append("\(due) < \(never)")
        }
        conditions.add("\(due) >= ?", filter.dueFrom.map { .instant($0) })
        conditions.add("\(due) <= ?", filter.dueUntil.map { .instant($0) })
        if filter.hasTerm == false { conditions.text.append("\(due) >= \(never)") }
    }

    private static func openSelection(
        _ filter: ObligationFilter, hits: Hits, isCount: Bool = false
    ) -> RegisterQuery {
        var conditions = Conditions()
        let search = Search(filter.text)
        // What is open in one person's cases stands by that person, in the order of terms; `o` is then that row.
        let isOwn = filter.handler != nil && hits != .few
        let due = isOwn ? "o.due" : "ifnull(o.due, \(never))"
        if !isOwn { conditions.text.append("o.state = 'open'") }
        if isOwn { conditions.add("o.person = ?", filter.handler.map { .id($0) }) }
        if filter.who.count == 1 {
            conditions.add("o.who = ?", filter.who.first.map { .text($0) })
        } else if !filter.who.isEmpty {
            conditions.text.append("o.who IN (\(filter.who.map { _ in "?" }.joined(separator: ", ")))")
            conditions.values += filter.who.map { .text($0) }
        }
        if let lateAt = filter.lateAt {
            conditions.text.append("o.late_from IS NOT NULL")
            // A list is read in the order of terms, in which what is late comes first; a total by the index of lateness.
            conditions.add("\(isCount ? "" : "+")o.late_from <= ?", .instant(lateAt))
            // What is late has ended before: the list ends where the terms of the future begin.
            if !isCount { conditions.add("\(due) <= ?", .instant(lateAt)) }
        }
        addTerms(of: filter, due: due, to: &conditions)
        var source = isOwn ? "obligation_handler AS o" : "obligation AS o"
        if let search, hits == .few {
            // Words find few cases; their obligations are found by case.
            source =
                "case_file AS c CROSS JOIN obligation AS o INDEXED BY obligation_open_by_case ON o.case_thread = c.thread"
            conditions.text.append("c.id IN (SELECT t.rowid FROM case_text AS t WHERE t.case_text MATCH ?)")
            conditions.values.append(.text(search.match))
            conditions.add(handled, filter.handler.map { .id($0) })
        } else if search != nil {
            source += " CROSS JOIN case_file AS c ON c.thread = o.case_thread"
        }
        if let search {
            conditions.text.append(search.exact)
            conditions.values += search.values
        }
        if isOwn, !isCount {
            source += " CROSS JOIN obligation AS w ON w.case_thread = o.case_thread AND w.key = o.key"
        }
        return RegisterQuery(
            sql: "\(source)\(conditions.clause)", values: conditions.values, order: "\(due), o.case_thread, o.key")
    }

    /// How many obligations are open, and how many of them late, under each row of a text: of all cases, or of those that
    /// one person handles.
    static func openCounts(of regulation: String, handler: ThreadTag?, at: Instant) -> RegisterQuery {
        // Ids of rows begin with the text's and a colon; what follows the colon in ASCII ends the range.
        let range: [SQLValue] = [.text("\(regulation):"), .text("\(regulation);")]
        guard let handler else {
            return RegisterQuery(
                sql: """
                    SELECT provision, count(*), sum(late_from <= ?) FROM obligation_provision
                    WHERE provision >= ? AND provision < ? GROUP BY provision
                    """, values: [.instant(at)] + range)
        }
        return RegisterQuery(
            sql: """
                SELECT p.provision, count(*), sum(p.late_from <= ?)
                FROM case_handler AS h CROSS JOIN case_file AS c ON c.id = h."case"
                CROSS JOIN obligation_provision AS p ON p.case_thread = c.thread
                WHERE h.person = ? AND p.provision >= ? AND p.provision < ? GROUP BY p.provision
                """, values: [.instant(at), .id(handler)] + range)
    }

    /// How many obligations of these matters stand how (a word of `ObligationStanding`), from their index alone.
    static func standings(of matters: [String], at now: Instant) -> RegisterQuery {
        RegisterQuery(
            sql: """
                SELECT matter, CASE WHEN typeof(stands) = 'text' THEN stands WHEN stands <= ? THEN 'overdue' ELSE 'open' END,
                    count(*)
                FROM (SELECT matter, iif(state = 'open', ifnull(late_from, \(never)), state) AS stands
                    FROM obligation INDEXED BY obligation_by_matter
                    WHERE matter IN (\(matters.map { _ in "?" }.joined(separator: ", "))))
                GROUP BY 1, 2
                """, values: [.instant(now)] + matters.map { .text($0) })
    }
}
