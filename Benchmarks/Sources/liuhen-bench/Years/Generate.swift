import Application
import Casework
import Foundation
import Kernel
import Ledger
import Rulebook
import Store
import Vault

/// `generate --directory D --root R [--cases N] [--seed S]`: three years of a bureau, as `liuhen demo --directory D` or
/// `liuhen serve` opens it.
///
/// Cases are told and sealed on all processors; one sequencer appends them in the order of their times, through the
/// ledger's own write: entries, openings, leaves, tree, projections and signed heads commit together. Left out are the
/// bytes of documents and recordings: their entries name objects that the vault does not have.
enum Generate {
    /// Cases told at a time by one task.
    private static let batch = 64
    /// Entries of one group commit.
    private static let group = 8000

    static func run(_ options: Options) async throws {
        let directory = try options.text("directory")
        let root = try options.text("root")
        let cases = try options.number("cases", or: 10_000)
        guard !FileManager.default.fileExists(atPath: directory + "/data") else {
            throw Failure("\(directory) holds data already")
        }
        let began = ContinuousClock.now
        let library = try RuleFiles.load(regulations: root + "/Regulations", documents: root + "/Documents")
        // Two minutes ago, so that the server's clock finds nothing of the future.
        let end = SystemClock().now().advanced(byMilliseconds: -120_000)
        let plan = YearsPlan(
            cases: cases, seed: UInt64(try options.number("seed", or: 1)), end: end,
            kinds: library.kinds.mapValues(\.kind))
        let site = try await YearsSite.found(plan, library: library, directory: directory)
        say("\(plan.parties.count) parties, \(plan.people.all.count) people", since: began)
        let written = try await write(plan, site)
        try await site.finish()
        let time = (ContinuousClock.now - began).seconds
        say(
            "\(cases) cases, \(written) entries in \(Int(time)) s: \(Int(Double(written) / time)) entries/s",
            since: began)
    }

    private static func say(_ text: String, since began: ContinuousClock.Instant) {
        let seconds = Int((ContinuousClock.now - began).seconds)
        FileHandle.standardError.write(Data("generate \(seconds) s: \(text)\n".utf8))
    }

    /// Tells cases in order of their beginnings and appends their steps in order of time: whatever lies before the
    /// beginning of the next case that is not told yet cannot be overtaken any more.
    private static func write(_ plan: YearsPlan, _ site: YearsSite) async throws -> Int {
        let began = ContinuousClock.now
        var waiting = StepQueue()
        var written = 0
        var told = 0
        let wave = batch * ProcessInfo.processInfo.activeProcessorCount * 2
        var next = Task { try await tell(0..<min(wave, plan.cases), plan, site) }
        while told < plan.cases {
            let steps = try await next.value
            told = min(told + wave, plan.cases)
            let upcoming = told..<min(told + wave, plan.cases)
            next = Task { try await tell(upcoming, plan, site) }
            waiting.add(steps)
            let mark = told < plan.cases ? plan.start(of: told) : plan.end.advanced(byMilliseconds: 1)
            while let group = waiting.take(before: mark, entries: group) {
                written += try await append(group, site)
            }
            if told / 5000 != (told - wave) / 5000 {
                let rate = Double(written) / (ContinuousClock.now - began).seconds
                say("\(told) cases told, \(written) entries appended, \(Int(rate))/s", since: began)
            }
        }
        _ = try await next.value
        return written
    }

    private static func append(_ steps: [CaseTale.Step], _ site: YearsSite) async throws -> Int {
        guard let last = steps.last else { return 0 }
        site.clock.set(to: last.at)
        for outcome in try await site.ledger.append(together: steps.map(\.request)) {
            if case .failure(let error) = outcome { throw Failure("a step was refused: \(error)") }
        }
        return steps.reduce(0) { $0 + $1.request.entries.count }
    }

    private static func tell(_ range: Range<Int>, _ plan: YearsPlan, _ site: YearsSite) async throws -> [CaseTale.Step]
    {
        let parts = stride(from: range.lowerBound, to: range.upperBound, by: batch).map {
            $0..<min($0 + batch, range.upperBound)
        }
        return try await withThrowingTaskGroup(of: [CaseTale.Step].self) { tasks in
            for part in parts {
                tasks.addTask { @concurrent in
                    var steps: [CaseTale.Step] = []
                    for index in part {
                        var tale = CaseTale(index, of: plan, scribe: site.scribe)
                        steps += try tale.tell(site.rows)
                    }
                    return steps
                }
            }
            return try await tasks.reduce(into: []) { $0 += $1 }
        }
    }
}

/// Steps that were told and not yet appended, by day: a day is sorted when it is taken.
private struct StepQueue {
    private var days: [Int64: [CaseTale.Step]] = [:]
    private var sorted: [CaseTale.Step] = []
    private var place = 0

    mutating func add(_ steps: [CaseTale.Step]) {
        for step in steps { days[step.at.milliseconds / 86_400_000, default: []].append(step) }
    }

    /// The next steps before a moment, in order of time, about so many entries; nil if there are none.
    ///
    /// A day is begun only when all of it lies before the moment.
    mutating func take(before mark: Instant, entries: Int) -> [CaseTale.Step]? {
        var taken: [CaseTale.Step] = []
        var count = 0
        while count < entries {
            if place == sorted.count {
                guard let day = days.keys.min(), (day + 1) * 86_400_000 <= mark.milliseconds || days.count == 1,
                    let steps = days.removeValue(forKey: day)
                else { break }
                sorted = steps.sorted { $0.at < $1.at }
                place = 0
            }
            count += sorted[place].request.entries.count
            taken.append(sorted[place])
            place += 1
        }
        return taken.isEmpty ? nil : taken
    }
}
