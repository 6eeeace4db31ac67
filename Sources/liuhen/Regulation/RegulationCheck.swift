import Application
import ArgumentParser
import Casework
import Foundation
import Kernel
import Rulebook

/// Judges a history that is told in a file.
struct RegulationCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "按制度判断一条时间线，不用数据库。",
        discussion: """
            时间线的写法见 docs/formats-timeline.md。
            退出码：0 已判断（有逾期也是 0）；2 文件不能读取；64 用法有误。
            """)

    @OptionGroup var options: RuleOptions

    @Option(help: ArgumentHelp("制度名，用逗号隔开；可写成 制度@施行日 或者 制度@施行日..最后施行日；自写的文件写路径。", valueName: "甲,乙"))
    var regulations: String

    @Option(help: ArgumentHelp("时间线文件，JSON 或者 YAML。", valueName: "文件"))
    var timeline: String

    @Option(help: ArgumentHelp("只看前几条记录。", valueName: "条数"))
    var known: Int?

    @Option(help: ArgumentHelp("询问时间，形如 2026-03-02T09:00+08:00；省略时为最后一条记录的时间。", valueName: "时间"))
    var at: Instant?

    @Flag(help: "以 JSON 输出。")
    var json = false

    func run() throws {
        var library = try options.library()
        let texts = try regulations.split(separator: ",").map {
            try named($0.trimmingCharacters(in: .whitespaces), &library)
        }
        guard !texts.isEmpty else { throw ValidationError("请写明制度，例如 --regulations zhaoxian-2017,parent-law。") }
        let told: Timeline
        do {
            let content = try bytes(of: timeline, limit: Timeline.sizeLimit)
            told = try Timeline.read(content, file: timeline, library: library)
        } catch let error as RuleFileError {
            complain(error.description)
            throw ExitCode.unreadable
        }
        do {
            let report = try CheckReport(told, texts: texts, base: RuleBase(library), known: known, at: at)
            print(json ? try report.json() : report.text)
        } catch let error as RuleBaseError {
            throw ValidationError(error.chinese)
        }
    }

    /// A text by name, `name@day`, `name@day..day`, or the path of a file of one's own, which is added to the library.
    private func named(_ word: String, _ library: inout RuleLibrary) throws -> RowHistory.TextInForce {
        let parts = word.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2 else { throw ValidationError("“\(word)”应写成 制度 或者 制度@施行日。") }
        let days = try parts.dropFirst().first.map(days) ?? (from: nil, until: nil)
        guard parts[0].hasSuffix(".yaml") else {
            return .init(
                regulation: try text(parts[0], in: library).regulation.id, from: days.from, until: days.until)
        }
        do {
            let content = try bytes(of: parts[0], limit: 1 << 20)
            let own = try RuleFiles.regulation(content, file: parts[0], library: library)
            library.regulations.removeAll {
                $0.regulation.id == own.regulation.id && $0.regulation.version == own.regulation.version
            }
            library.regulations.append(own)
            return .init(
                regulation: own.regulation.id, version: own.regulation.version, from: days.from, until: days.until)
        } catch let error as RuleFileError {
            complain(error.description)
            throw ExitCode.unreadable
        }
    }

    /// The first day in force, and the last one where it is named.
    private func days(_ word: String) throws -> (from: CivilDay?, until: CivilDay?) {
        let days = try word.components(separatedBy: "..").map { part in
            guard let day = CivilDay(part) else { throw ValidationError("“\(part)”不是形如 2026-01-01 的日期。") }
            return day
        }
        guard days.count <= 2 else { throw ValidationError("“\(word)”应写成 施行日 或者 施行日..最后施行日。") }
        if days.count == 2, days[1] < days[0] { throw ValidationError("“\(word)”的最后施行日早于施行日。") }
        return (days[0], days.count == 2 ? days[1] : nil)
    }
}

/// Reads an instant from the command line.
extension Instant: ExpressibleByArgument {
    /// RFC 3339; nil for anything else.
    public init?(argument: String) {
        self.init(argument)
    }
}
