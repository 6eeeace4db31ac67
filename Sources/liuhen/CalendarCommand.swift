import Application
import ArgumentParser
import Casework
import Foundation
import Kernel
import Rulebook
import Store

/// Commands on public holidays and terms.
struct CalendarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar", abstract: "放假安排：计算期限、查看一年、导入。",
        subcommands: [Add.self, Show.self, Import.self])

    /// Where the program's own files are.
    struct RootOptions: ParsableArguments {
        @Option(help: ArgumentHelp("程序文件所在目录（Regulations、Documents）。", valueName: "目录"))
        var root = "."

        func library() throws -> RuleLibrary {
            try RuleFiles.load(regulations: root + "/Regulations", documents: root + "/Documents")
        }
    }

    /// Counts a term.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "从一个时间起算期限。",
            discussion: "期限写成 24h（小时）、30d（日）、2wd（工作日）、3m（月）。开始当日不计入；小时计到秒。按已公布的最新放假安排计算。")

        @OptionGroup var options: RootOptions

        @Argument(help: ArgumentHelp("开始时间，如 2026-09-30T10:00+08:00。", valueName: "时间"))
        var start: String

        @Argument(help: ArgumentHelp("期限，如 2wd。", valueName: "期限"))
        var length: String

        @Flag(help: "期限届满日是休息日的，顺延到下一个工作日。")
        var roll = false

        /// What cannot be counted is wrong usage, as elsewhere.
        private func typed() throws -> (instant: Instant, length: TermLength) {
            let length: TermLength
            do { length = try TermLength(typed: self.length) } catch { throw ValidationError(error.chinese) }
            guard let instant = Instant(start), (1949...9000).contains(instant.day.parts.year) else {
                throw ValidationError("“\(start)”不是可以起算的时间。应写成 2026-09-30T10:00+08:00，年份在 1949 到 9000 之间。")
            }
            if roll, case .hours = length { throw ValidationError("按小时计的期限计到秒，不顺延，不能写 --roll。") }
            return (instant, length)
        }

        func run() async throws {
            let (instant, length) = try typed()
            try await reporting {
                let sum = try options.library().workingDays.sum(of: length, from: instant, roll: roll)
                if !sum.yearsWithoutCalendar.isEmpty {
                    let years = sum.yearsWithoutCalendar.map(String.init).joined(separator: "、")
                    CalendarCommand.warn("\(years)年没有放假安排，按周一至周五计算。公布后请用 liuhen calendar import 导入。")
                }
                print(sum.line)
            }
        }
    }

    /// Prints a year.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "查看一年的放假安排。")

        @OptionGroup var options: RootOptions

        @Argument(help: ArgumentHelp("年份。", valueName: "年"))
        var year: String

        func run() async throws {
            try await reporting {
                let library = try options.library()
                let known = library.newestCalendars
                guard let year = Decimal.strict(year.utf8), (1949...9998).contains(year) else {
                    throw CommandFailure("“\(self.year)”不是年份。应写成四位数字，如 2026。")
                }
                guard let calendar = known.first(where: { $0.year.year == year }) else {
                    let years = known.map(\.year.year)
                    throw CommandFailure(
                        "\(year)年没有放假安排，期限按周一至周五计算。"
                            + (years.isEmpty ? "" : "现有 \(years.map(String.init).joined(separator: "、")) 年。")
                            + "公布后请用 liuhen calendar import 导入。")
                }
                print(CalendarCommand.description(of: calendar, worked: library.workingDays.count(in: year)))
            }
        }
    }

    /// Checks a file, keeps it, and adopts it for a bureau.
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import", abstract: "检查一年的放假安排文件，放入 Regulations/calendars 并由机关采用。",
            discussion: "由系统管理员办理，登记入账；机关开始使用以后，等行政机关负责人在“待确认事项”里确认才生效。已有一年的安排有变动的，在文件中写 version: 2，原来的文件留着。服务器要先停下。")

        @OptionGroup var options: PlaceOptions
        @OptionGroup var console: ConsoleOptions

        @Option(help: ArgumentHelp("机关简称；只有一个机关时可省略。", valueName: "简称"))
        var bureau: BureauTag?

        @Argument(help: ArgumentHelp("放假安排文件。", valueName: "文件"))
        var file: String

        func run() async throws {
            try await reporting {
                let place = options.place
                guard let data = FileManager.default.contents(atPath: file) else {
                    throw CommandFailure("读不到文件 \(file)。")
                }
                let library = try RuleFiles.load(
                    regulations: place.root + "/Regulations", documents: place.root + "/Documents")
                let calendar = try RuleFiles.calendar(
                    [UInt8](data), file: URL(fileURLWithPath: file).lastPathComponent, beside: library)
                // Who may not adopt it leaves no file behind.
                let performer = try await atBureau { open, premises in
                    let performer = try await console.performer(at: open, premises: premises)
                    try await open.office.casebook.requireAdoptable(calendar, by: performer)
                    return performer
                }
                let path = "\(place.root)/Regulations/calendars/\(calendar.file)"
                if !library.calendars.contains(calendar) {
                    do { try RuleFile.keep([UInt8](data), at: path) } catch {
                        throw CommandFailure("不能写入 \(path)：\(error)。请检查目录的权限和磁盘空间。")
                    }
                }
                // The file lies there and is not adopted: if we die here, the same command adopts it the next time.
                try await atBureau { open, _ in
                    let receipt = try await open.office.casebook.adopt(
                        calendar: calendar, command: .random(), by: performer)
                    guard receipt.answer["waits"] != true else {
                        print(
                            "\(open.name)已拟定采用\(calendar.year.year)年放假安排（第\(calendar.year.version)版），等行政机关负责人在“待确认事项”里确认后生效：\(path)"
                        )
                        return
                    }
                    print("\(open.name)已采用\(calendar.year.year)年放假安排（第\(calendar.year.version)版）：\(path)")
                }
            }
        }

        private func atBureau<T>(
            _ body: (Premises.OpenBureau, Premises) async throws -> T
        ) async throws -> T {
            let premises = try await Premises.open(options.place)
            do {
                let result = try await body(try premises.bureau(bureau), premises)
                await premises.close()
                return result
            } catch {
                await premises.close()
                throw error
            }
        }
    }

    private static func warn(_ text: String) {
        FileHandle.standardError.write(Data("提示：\(text)\n".utf8))
    }

    private static func description(of calendar: LoadedCalendar, worked: Int) -> String {
        let year = calendar.year
        var lines = [
            "\(year.year)年放假安排（第\(year.version)版）", "来源：\(year.source)", "工作日：\(worked)天",
            "文件：\(calendar.file)，SHA-256 \(calendar.digest)",
        ]
        for holiday in year.holidays {
            var line = "\(holiday.name)：\(holiday.from)"
            if holiday.to != holiday.from { line += " 至 \(holiday.to)" }
            line += "，共\(holiday.days.count)天"
            if !holiday.makeUp.isEmpty { line += "；上班：\(holiday.makeUp.map(\.description).joined(separator: "、"))" }
            lines.append(line)
        }
        return lines.joined(separator: "\n")
    }
}
