import Foundation

/// `liuhen-bench MEASURE [arguments]`: prints one JSON object a line, each the samples of one figure.
///
/// What is demanded of a figure stands in scripts/bench/figures.py, not here: whoever measures does not judge.
@main
enum Bench {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            switch arguments.first {
            case "hashing": try Hashing.measure()
            case "lone": try await LoneEntries.measure(Options(arguments))
            case "writers": try await Writers.measure(Options(arguments))
            case "ledger": try await WholeLedger.measure(Options(arguments))
            case "dossier": try MadeDossier.make(Options(arguments))
            case "press": try await Printing.measure(Options(arguments))
            case "rules": try RuleWork.measure(Options(arguments))
            case "reevaluation": try await Reevaluation.measure(Options(arguments))
            case "steps": try await HTTPSteps.measure(Options(arguments))
            case "generate": try await Generate.run(Options(arguments))
            case "load": try YearsLoad.measure(Options(arguments))
            case "years-search": try await YearsSearch.measure(Options(arguments))
            default:
                throw Failure(
                    "measures: hashing, lone, writers, ledger, dossier, press, rules, reevaluation, steps, generate, load, years-search"
                )
            }
        } catch {
            FileHandle.standardError.write(Data("liuhen-bench: \(error)\n".utf8))
            exit(1)
        }
    }
}

/// Why nothing was measured.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// `--name value` pairs behind the measure's name.
struct Options {
    private var values: [String: String] = [:]

    init(_ arguments: [String]) throws {
        var rest = arguments.dropFirst()
        while let name = rest.popFirst() {
            guard name.hasPrefix("--"), let value = rest.popFirst() else { throw Failure("no value for \(name)") }
            values[String(name.dropFirst(2))] = value
        }
    }

    func text(_ name: String) throws -> String {
        guard let value = values[name] else { throw Failure("--\(name) is missing") }
        return value
    }

    func optional(_ name: String) -> String? { values[name] }

    func number(_ name: String, or usual: Int) throws -> Int {
        guard let text = values[name] else { return usual }
        guard let number = Int(text), number > 0 else { throw Failure("--\(name) is no number: \(text)") }
        return number
    }
}

/// The samples of one figure, and of its baseline where it is a ratio: one of each for every round.
struct Samples {
    let figure: String
    var values: [Double] = []
    var baseline: [Double] = []

    /// Prints the line; done for each figure as soon as it is measured.
    func say(note: String? = nil) {
        var members = ["\"figure\": \"\(figure)\"", "\"samples\": \(values)"]
        if !baseline.isEmpty { members.append("\"baseline\": \(baseline)") }
        if let note { members.append("\"note\": \"\(note)\"") }
        print("{\(members.joined(separator: ", "))}")
        fflush(nil)
    }
}

/// Time measured two ways.
enum Timing {
    /// Seconds of the wall that `work` takes.
    static func wall(_ work: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try work()
        return (ContinuousClock.now - start).seconds
    }

    /// Seconds of the wall that `work` takes.
    static func wall(_ work: () async throws -> Void) async rethrows -> Double {
        let start = ContinuousClock.now
        try await work()
        return (ContinuousClock.now - start).seconds
    }

    /// Seconds of this thread on a processor that `work` takes: what a rate of one thread is made of, whoever else uses
    /// the machine.
    static func processor(_ work: () throws -> Void) rethrows -> Double {
        let start = now(CLOCK_THREAD_CPUTIME_ID)
        try work()
        return now(CLOCK_THREAD_CPUTIME_ID) - start
    }

    /// Seconds of all threads of this process on processors that `work` takes.
    static func process(_ work: () throws -> Void) rethrows -> Double {
        let start = now(CLOCK_PROCESS_CPUTIME_ID)
        try work()
        return now(CLOCK_PROCESS_CPUTIME_ID) - start
    }

    /// Seconds of all threads of this process on processors so far.
    static var process: Double { now(CLOCK_PROCESS_CPUTIME_ID) }

    /// Seconds on a processor so far, by thread of this process.
    static var threads: [String: Double] {
        let directory = "/proc/self/task"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.reduce(into: [:]) { times, name in
            let told = FileManager.default.contents(atPath: "\(directory)/\(name)/schedstat")
            let words = told.map { String(decoding: $0, as: UTF8.self).split(separator: " ") } ?? []
            times[name] = words.first.flatMap { Double($0) }.map { $0 / 1e9 }
        }
    }

    private static func now(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

extension [Double] {
    /// The value below which this share of the samples lies.
    func quantile(_ share: Double) -> Double {
        let sorted = sorted()
        return sorted[Swift.min(count - 1, Int(Double(count) * share))]
    }
}
