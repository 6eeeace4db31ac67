import Application
import ArgumentParser
import Foundation
import Kernel
import Rulebook
import Web

/// Where the result of the last run stands.
private let resultPath = ".test-results/regulation-coverage.json"

/// How much of the texts is judged, tested and reached.
struct RegulationCoverage: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage", abstract: "各部制度有多少条已判断、已检验、可以到达。",
        discussion: """
            读取 make mutate 的结果；结果早于程序或者文件已变的，不予采信。退出码：0 齐全；1 不齐全；2 没有可信的结果。
            “到达”由程序算出：一条所要的记录和文书，页面（命令、接口）都能记下的，才算到达；政策性条款不算在内。
            """)

    @OptionGroup var options: RuleOptions

    @Flag(help: "以 JSON 输出。")
    var json = false

    @Flag(help: "另列页面还不能到达的条款和所缺的记录、文书。")
    var unreached = false

    @Option(help: ArgumentHelp("检验结果文件。", valueName: "文件"))
    var result: String?

    func run() throws {
        let library = try options.library()
        let place = options.place
        let run: CoverageRun
        let report: CoverageReport
        do {
            run = try CoverageRun.read(
                result ?? "\(options.root)/\(resultPath)", place: place, built: RegulationCoverage.built)
            let rows = try RowList.read("\(place.regulations)/rows.yaml")
            report = CoverageReport(
                library, rows: rows, run: run,
                reach: RowReach(
                    try ReachList.read("\(place.regulations)/reach.yaml"),
                    steps: PageReach.all.map { ReachOffer($0.records, words: $0.words) },
                    api: APIReach.all.map { ReachOffer($0.records, words: $0.words) }, library: library))
        } catch let error as RuleBaseError {
            complain(error.chinese)
            throw ExitCode.unreadable
        } catch {
            throw CommandFailure(error)
        }
        print(json ? try report.json() : report.text)
        if unreached, !json { print(report.unreachedText) }
        if !report.isComplete { throw ExitCode(1) }
    }

    /// When this program was built: the time of its file.
    private static var built: Instant? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: "/proc/self/exe")
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let file = path.flatMap { try? FileManager.default.attributesOfItem(atPath: $0) } ?? attributes
        guard let date = file?[.modificationDate] as? Date else { return nil }
        return Instant(milliseconds: Int64(date.timeIntervalSince1970 * 1000))
    }
}

/// Runs the histories of rows without compiling anything.
struct RegulationHistories: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "histories", abstract: "运行条款的历史，列出与期望不符的。", shouldDisplay: false)

    @OptionGroup var options: RuleOptions

    @Argument(help: ArgumentHelp("历史文件的目录。", valueName: "目录"))
    var directory: String?

    @Option(help: ArgumentHelp("只运行这一条。", valueName: "条款编号"))
    var row: String?

    @Flag(help: "同时逐项变更条款，看历史能否发现。")
    var mutate = false

    func run() throws {
        let library = try options.library()
        let loaded: [HistoryFiles.Loaded]
        do {
            loaded = try HistoryFiles.load(directory ?? options.place.histories, library: library, row: row)
        } catch {
            throw CommandFailure("历史文件有错：\n\(error.description)")
        }
        let results = RowTests(RuleBase(library)).run(loaded.map(\.histories), mutating: mutate)
        for result in results { show(result) }
        let failed = results.count { !$0.isTested || mutate && !$0.isCaught }
        print("\(results.count) 条，\(results.reduce(0) { $0 + $1.kept + $1.broken }) 个历史，\(failed) 条有问题。")
        if failed > 0 { throw ExitCode(1) }
    }

    private func show(_ result: RowResult) {
        for failure in result.failures { print("\(result.row)  \(failure)") }
        for survivor in result.survivors { print("\(result.row)  \(survivor)：没有历史失败") }
        if mutate, result.mutants == 0, !HistoryJudge.isComparison(result.row) {
            print("\(result.row)  没有这一条，或者是政策性条款")
        }
    }
}

/// Runs all histories and all mutants, and writes what came.
struct RegulationMutate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mutate", abstract: "逐条变更制度，看各条的历史能否发现，写出检验结果。", shouldDisplay: false)

    @OptionGroup var options: RuleOptions

    @Option(help: ArgumentHelp("检验结果文件。", valueName: "文件"))
    var result: String?

    func run() throws {
        let run: CoverageRun
        do {
            run = try CoverageRun.run(options.place)
        } catch {
            throw CommandFailure(error)
        }
        let path = result ?? "\(options.root)/\(resultPath)"
        try run.write(to: path)
        for row in run.rows {
            for failure in row.failures { print("\(row.row)  \(failure)") }
            for survivor in row.survivors { print("\(row.row)  \(survivor)：没有历史失败") }
            if row.mutants == 0, !HistoryJudge.isComparison(row.row) { print("\(row.row)  没有这一条，或者是政策性条款") }
        }
        let failed = run.rows.count { !$0.isTested || !$0.isCaught }
        let mutants = run.rows.reduce(0) { $0 + $1.mutants }
        print("\(run.rows.count) 条，变更 \(mutants) 次，\(failed) 条有问题；结果写入 \(path)。")
        if failed > 0 { throw ExitCode(1) }
    }
}
