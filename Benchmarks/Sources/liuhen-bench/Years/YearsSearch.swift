import Application
import Casework
import Foundation
import Kernel
import Store
import TestKit

/// `years-search --directory D`: every substring of two to six characters of 10,000 titles and names is searched for as
/// the pages do, and what comes back is held against a plain look through all titles and names; and the query for what is
/// due and overdue is timed.
///
/// A word that is found in very many files would be listed in very many pages: of those the first page and the total are
/// held against the plain look, and every hit of it.
enum YearsSearch {
    static func measure(_ options: Options) async throws {
        let directory = try options.text("directory")
        guard let tag = BureauTag(YearsPlan.tag) else { throw Failure("no bureau") }
        let data = try DataDirectory(path: directory + "/data")
        let ledger = try LedgerDatabase.open(
            at: .init(data: data, lockDirectory: directory + "/lock", bureau: tag),
            keys: KeyStore(directory: directory + "/keys", bureau: tag), clock: SystemClock())
        defer { ledger.close() }
        try await search(
            ledger, texts: try options.number("texts", or: 10_000), tries: try options.number("tries", or: 20_000))
        try await due(ledger)
    }

    private static func search(_ ledger: LedgerDatabase, texts: Int, tries: Int) async throws {
        var rows: [CaseRow] = []
        var filter = CaseFilter()
        (filter.pageSize, filter.sort) = (1000, .oldest)
        while true {
            let page = try await ledger.cases(filter)
            rows += page.rows
            guard page.rows.count == filter.pageSize else { break }
            filter.page += 1
        }
        let index = PlainIndex(rows)
        // Every substring where that many can be tried, else as many by chance; each once.
        var words: Set<[Unicode.Scalar]> = []
        for row in rows.prefix(texts) {
            for text in [row.title, row.subjectName] {
                let scalars = Array(text.unicodeScalars)
                for length in 2...6 where scalars.count >= length {
                    for start in 0...(scalars.count - length) { words.insert(Array(scalars[start..<start + length])) }
                }
            }
        }
        var random = SeededRandom(11)
        let tried = words.count <= tries ? Array(words) : Array(words.shuffled(using: &random).prefix(tries))
        var (found, wanted, right, given) = (0, 0, 0, 0)
        var times: [Double] = []
        for word in tried {
            var text = ""
            text.unicodeScalars.append(contentsOf: word)
            let expected = index.rows(with: word)
            var filter = CaseFilter()
            (filter.text, filter.pageSize) = (text, 1000)
            let begun = ContinuousClock.now
            let page = try await ledger.cases(filter)
            times.append((ContinuousClock.now - begun).seconds * 1000)
            let all = Set(expected.map { rows[$0].thread })
            let hits = Set(page.rows.map(\.thread))
            given += page.rows.count
            right += page.rows.count { all.contains($0.thread) }
            // Of very many the newest thousand are one page.
            let due = expected.count <= 1000 ? all : Set(expected.suffix(1000).map { rows[$0].thread })
            wanted += due.count
            found += due.count { hits.contains($0) }
            guard page.hasMore == (expected.count > 1000), page.hasMore || page.total == expected.count else {
                throw Failure("\(text): \(page.total) counted, \(expected.count) there")
            }
        }
        let note =
            "\(tried.count) of \(words.count) substrings of 2 to 6 characters of \(min(texts, rows.count)) cases' titles and parties, against \(rows.count) cases; \(given) hits looked at"
        Samples(figure: "years-search-recall", values: [100 * Double(found) / Double(max(1, wanted))]).say(note: note)
        Samples(figure: "years-search-precision", values: [100 * Double(right) / Double(max(1, given))]).say(note: note)
        Samples(figure: "years-search-p95", values: [times.quantile(0.95)]).say(
            note: "p50 \(times.quantile(0.5)) ms; up to 1,000 rows read for each")
    }

    /// What is overdue and what is due in three days: counted, and the first page of each.
    private static func due(_ ledger: LedgerDatabase) async throws {
        let now = SystemClock().now()
        var late = ObligationFilter()
        late.lateAt = now
        var soon = ObligationFilter()
        (soon.dueFrom, soon.dueUntil) = (now, now.advanced(byMilliseconds: 3 * 86_400_000))
        var times: [Double] = []
        var (overdue, dueSoon) = (0, 0)
        for _ in 0..<200 {
            let begun = ContinuousClock.now
            overdue = try await ledger.countOpenObligations(late)
            dueSoon = try await ledger.countOpenObligations(soon)
            _ = try await ledger.openObligations(soon)
            times.append((ContinuousClock.now - begun).seconds * 1000)
        }
        Samples(figure: "years-due", values: [times.quantile(0.95)]).say(
            note:
                "\(overdue) overdue and \(dueSoon) due in three days counted, and a page of these; p50 \(times.quantile(0.5)) ms"
        )
    }
}

/// In which rows a word stands, by looking at every row that holds its first two characters.
private struct PlainIndex {
    private let texts: [[[Unicode.Scalar]]]
    private var pairs: [UInt64: [Int]] = [:]

    init(_ rows: [CaseRow]) {
        texts = rows.map { [Array($0.title.unicodeScalars), Array($0.subjectName.unicodeScalars)] }
        for (number, row) in texts.enumerated() {
            for text in row {
                for pair in zip(text, text.dropFirst()) where pairs[Self.key(pair.0, pair.1)]?.last != number {
                    pairs[Self.key(pair.0, pair.1), default: []].append(number)
                }
            }
        }
    }

    private static func key(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> UInt64 {
        UInt64(first.value) << 32 | UInt64(second.value)
    }

    func rows(with word: [Unicode.Scalar]) -> [Int] {
        (pairs[Self.key(word[0], word[1])] ?? []).filter { number in
            texts[number].contains { text in
                text.count >= word.count
                    && (0...(text.count - word.count)).contains { text[$0..<$0 + word.count].elementsEqual(word) }
            }
        }
    }
}
