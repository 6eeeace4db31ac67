import Foundation
import Kernel
import Synchronization
import TestKit

/// `load --port P --cases N [--seed S] [--seconds T] [--rounds R] [--pid SERVER] [--only PAGE]`: 32 people of several roles who are signed in at a
/// bureau made by `generate`, with writes going on beside them.
///
/// Each has a connection, and asks for the next page as soon as the one before has come. Every query is drawn anew, so
/// that nothing could be answered from the one before. Ends by itself. With the server's process id the processor time of
/// a request is told too: unlike rates it does not depend on what else the machine does. `--only` asks for one sort of
/// page in place of the three lists.
enum YearsLoad {
    static let clients = 32
    static let writesEachSecond = 5.0

    static func measure(_ options: Options) throws {
        let port = try options.number("port", or: 8080)
        let rounds = try options.number("rounds", or: 5)
        let seconds = Double(try options.number("seconds", or: 10))
        let words = QueryWords(
            cases: try options.number("cases", or: 10_000), seed: UInt64(try options.number("seed", or: 1)))
        let server = try options.number("pid", or: 0)
        let only = options.optional("only").flatMap { YearsReader.Page(rawValue: $0) }
        let lists = only.map { [$0] } ?? [.list, .work, .search]
        let readers = try YearsReader.signIn(clients, port: port, words: words)
        let writers = try readers.prefix(4).map { try VisitingOfficer($0.session) }
        let writing = Writing(writers)
        writing.start()
        defer { writing.stop() }

        var pages: [YearsReader.Page: Samples] = [:]
        for page in YearsReader.Page.allCases { pages[page] = Samples(figure: "years-\(page.rawValue)-p95") }
        var rate = Samples(figure: "years-rate")
        var cost = Samples(figure: "years-cost")
        var caseCost = Samples(figure: "years-case-cost")
        var bytes = 0
        for round in 0...rounds {
            // The three lists by chance; the first round warms the server.
            let before = ProcessorTime.spent(by: server)
            let mixed = try run(readers, for: round == 0 ? 3 : seconds) { random in
                lists[Int.random(in: 0..<lists.count, using: &random)]
            }
            let between = ProcessorTime.spent(by: server)
            let cases = try run(readers, for: round == 0 ? 2 : seconds / 2) { _ in .casePage }
            guard round > 0 else { continue }
            if let before, let between, let after = ProcessorTime.spent(by: server) {
                cost.values.append((between - before) * 1000 / Double(max(1, mixed.answers)))
                caseCost.values.append((after - between) * 1000 / Double(max(1, cases.answers)))
            }
            rate.values.append(Double(mixed.answers) / mixed.seconds)
            bytes = mixed.bytes / max(1, mixed.answers)
            for (page, times) in mixed.times.merging(cases.times, uniquingKeysWith: { first, _ in first }) {
                pages[page]?.values.append(times.quantile(0.95) * 1000)
            }
        }
        rate.say(
            note:
                "\(clients) signed in, \(bytes) bytes a page in the mean, \(writing.count) steps written meanwhile (\(writing.rate)/s)"
        )
        for page in YearsReader.Page.allCases where pages[page]?.values.isEmpty == false { pages[page]?.say() }
        if !cost.values.isEmpty {
            cost.say(note: "user and system time of the server, the writes beside it included")
            caseCost.say(note: "the same")
        }
        if let failure = writing.failure { throw failure }
    }

    private struct Outcome {
        var answers = 0
        var bytes = 0
        var seconds = 0.0
        var times: [YearsReader.Page: [Double]] = [:]
    }

    private static func run(
        _ readers: [YearsReader], for seconds: Double,
        choosing choose: @escaping @Sendable (inout SeededRandom) -> YearsReader.Page
    ) throws -> Outcome {
        let outcome = Mutex(Outcome())
        let failure = Mutex<(any Error)?>(nil)
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        let group = DispatchGroup()
        for reader in readers {
            group.enter()
            Thread {
                defer { group.leave() }
                do {
                    var own = Outcome()
                    while ContinuousClock.now < end {
                        let page = choose(&reader.random)
                        let path = reader.path(of: page)
                        let begun = ContinuousClock.now
                        let answer = try reader.connection.get(path, cookie: reader.session.cookie)
                        guard answer.status == 200 else { throw Failure("\(path) was answered \(answer.status)") }
                        own.times[page, default: []].append((ContinuousClock.now - begun).seconds)
                        own.answers += 1
                        own.bytes += answer.byteCount
                    }
                    outcome.withLock {
                        $0.answers += own.answers
                        $0.bytes += own.bytes
                        $0.times.merge(own.times) { $0 + $1 }
                    }
                } catch {
                    failure.withLock { $0 = error }
                }
            }.start()
        }
        group.wait()
        if let error = failure.withLock({ $0 }) { throw error }
        var result = outcome.withLock { $0 }
        result.seconds = (ContinuousClock.now - start).seconds
        return result
    }
}

/// Processor time of a process.
enum ProcessorTime {
    /// Seconds that a process has spent so far, user and system; nil for a process that is not there.
    static func spent(by process: Int) -> Double? {
        guard process > 0, let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let fields = text.components(separatedBy: ") ").last?.split(separator: " "), fields.count > 12,
            let user = Double(fields[11]), let system = Double(fields[12])
        else { return nil }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}

/// One signed-in person on a connection.
///
/// Safe because one thread at a time uses it: each run gives it to one and waits for that.
final class YearsReader: @unchecked Sendable {
    enum Page: String, CaseIterable {
        case list, work
        case search = "search-page"
        case casePage = "case"
    }

    let session: SignedIn
    let connection: HTTPConnection
    var random: SeededRandom
    private let words: QueryWords
    private let cases: [String]

    private init(_ session: SignedIn, port: Int, words: QueryWords, number: Int) throws {
        self.session = session
        self.words = words
        connection = try HTTPConnection(port: port)
        random = SeededRandom(UInt64(number) &* 977 &+ 5)
        // Cases of this person, as their list shows them; those of median length are most of them.
        var found: [String] = []
        for page in 1...4 {
            let list = try connection.send(
                "GET", "\(session.base)/cases?page=\(page)&kind=penalty", cookie: session.cookie)
            guard list.status == 200 else { throw Failure("the list of cases was answered \(list.status)") }
            found += list.body.components(separatedBy: "href=\"\(session.base)/cases/").dropFirst()
                .map { String($0.prefix(32)) }.filter { id in id.utf8.allSatisfy { Self.hex.contains($0) } }
        }
        cases = found
        guard !cases.isEmpty else { throw Failure("a person has no cases to look at") }
    }

    private static let hex = Set("0123456789abcdef".utf8)

    /// Signs people of all roles in.
    static func signIn(_ count: Int, port: Int, words: QueryWords) throws -> [YearsReader] {
        let accounts =
            (0..<18).map { "officer\($0)" } + (0..<4).map { "unit\($0)" } + (0..<3).map { "legal\($0)" }
            + (0..<3).map { "archive\($0)" } + ["head", "head", "head", "head"]
        return try (0..<count).map { number in
            let account = accounts[number % accounts.count]
            return try YearsReader(
                SignedIn(
                    port: port, base: "/b/\(YearsPlan.tag)", account: account,
                    secret: YearsPlan.secret(of: account), opensCases: account.hasPrefix("officer")),
                port: port, words: words, number: number)
        }
    }

    /// The address of the next page of a sort, drawn anew.
    func path(of page: Page) -> String {
        let base = session.base
        func draw(_ list: [String]) -> String { list[Int.random(in: 0..<list.count, using: &random)] }
        switch page {
        case .list:
            let filter = draw([
                "", "", "&state=open", "&state=filed", "&kind=penalty", "&kind=inspection", "&stage=decision",
            ])
            let sort = draw(["", "", "&sort=oldest", "&sort=lastChange", "&sort=title"])
            return "\(base)/cases?rows=100&page=\(Int.random(in: 1...10, using: &random))\(filter)\(sort)"
        case .work: return "\(base)\(draw(["", "?term=late", "?term=soon", "?term=dated", "?page=2"]))"
        case .search:
            let word = words.draw(&random)
            return "\(base)/\(draw(["search", "cases", "documents"]))?q=\(word)"
        case .casePage: return "\(base)/cases/\(cases[Int.random(in: 0..<cases.count, using: &random)])"
        }
    }
}

/// Words as people search: two to six characters out of a title, a name or a number.
struct QueryWords: Sendable {
    private let texts: [[Unicode.Scalar]]

    init(cases: Int, seed: UInt64) {
        let plan = YearsPlan(cases: cases, seed: seed, end: Instant(milliseconds: 1_795_000_000_000), kinds: [:])
        texts = plan.parties.prefix(20_000).enumerated().map { number, party in
            Array((number % 3 == 0 ? "\(party.name)提供不真实统计资料案" : party.name).unicodeScalars)
        }
    }

    /// A word, percent-encoded.
    func draw(_ random: inout SeededRandom) -> String {
        let text = texts[Int.random(in: 0..<texts.count, using: &random)]
        let length = min(text.count, Int.random(in: 2...6, using: &random))
        let start = Int.random(in: 0...(text.count - length), using: &random)
        var word = ""
        word.unicodeScalars.append(contentsOf: text[start..<start + length])
        return word.addingPercentEncoding(
            withAllowedCharacters: .alphanumerics.intersection(CharacterSet(charactersIn: "a"..."z"))) ?? ""
    }
}

/// Steps written beside the load, evenly.
private final class Writing: Sendable {
    private let writers: [VisitingOfficer]
    private let state = Mutex((count: 0, stopped: false, failure: (any Error)?.none, seconds: 0.0))
    private let finished = DispatchSemaphore(value: 0)

    init(_ writers: [VisitingOfficer]) {
        self.writers = writers
    }

    var count: Int { state.withLock { $0.count } }
    var rate: String { state.withLock { String(format: "%.1f", Double($0.count) / max($0.seconds, 1)) } }
    var failure: (any Error)? { state.withLock { $0.failure } }

    func start() {
        Thread { [self] in
            let start = ContinuousClock.now
            var number = 0
            while !state.withLock({ $0.stopped }) {
                let due = start + .seconds(Double(number) / YearsLoad.writesEachSecond)
                let wait = (due - ContinuousClock.now).seconds
                if wait > 0 { Thread.sleep(forTimeInterval: wait) }
                do { try writers[number % writers.count].step() } catch {
                    state.withLock { $0.failure = error }
                    break
                }
                number += 1
                state.withLock {
                    $0.count = number
                    $0.seconds = (ContinuousClock.now - start).seconds
                }
            }
            finished.signal()
        }.start()
    }

    func stop() {
        state.withLock { $0.stopped = true }
        finished.wait()
    }
}
