import Application
import ArgumentParser
import Foundation
import Kernel
import Store

/// Commands on the clock that stamps records.
struct ClockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock", abstract: "时钟：查看记录是否因时钟停止，由两人确认后继续。", subcommands: [Show.self, Resume.self])

    /// Says whether the clock has stopped recording, and both readings.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "显示最后一条记录的时间和服务器时钟。")

        @OptionGroup var options: PlaceOptions

        func run() async throws {
            var isStopped = false
            try await reporting {
                let premises = try await Premises.open(options.place)
                for open in premises.bureaus {
                    let stop = open.ledger.clockStop()
                    isStopped = isStopped || stop != nil
                    print("机关“\(open.name)”：\(stop.map { ClockCommand.text(of: $0) } ?? "时钟正常，记录没有停止。")")
                }
                await premises.close()
            }
            if isStopped { throw ExitCode(1) }
        }
    }

    /// Lets recording go on after two persons have looked at the clock.
    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume", abstract: "时钟校准以后，由系统管理员和第二人确认，继续记录。",
            discussion: """
                服务器时钟倒退超过 2 秒，或者启动时比最后一条记录晚 36 小时以上，记录自动停止，查阅不受影响。
                请先停止服务，把时钟校准，再运行本命令；两次读数、原因和两人都登记在案。然后启动服务。
                """)

        @OptionGroup var options: PlaceOptions
        @OptionGroup var decision: DecisionOptions

        @Option(help: ArgumentHelp("机关简称；只有一个机关时可省略。", valueName: "简称"))
        var bureau: BureauTag?

        @Option(help: ArgumentHelp("时钟不准的原因和校准的办法，登记在案。", valueName: "原因"))
        var reason: String

        func run() async throws {
            try await reporting {
                try decision.requireBoth()
                let premises = try await Premises.open(options.place)
                do {
                    let open = try premises.bureau(bureau)
                    guard let stop = open.ledger.clockStop() else {
                        throw CommandFailure(
                            open.ledger.stopReason() ?? "时钟正常，记录没有停止，不需要确认。")
                    }
                    print(ClockCommand.text(of: stop))
                    fflush(nil)
                    let persons = try await decision.persons(at: open, premises: premises)
                    _ = try await open.office.casebook.resumeClock(reason: reason, command: .random(), by: persons)
                    print("已登记。记录可以继续，请启动服务。")
                } catch {
                    await premises.close()
                    throw error
                }
                await premises.close()
            }
        }
    }

    /// What was wrong with the clock when it stopped recording, and the readings then and now, to the second: a leap of minutes
    /// stops recording too.
    static func text(of stop: ClockStop) -> String {
        let then = stop.stoppedAt.map { "，当时的读数是 \($0.chineseToTheSecond)" } ?? ""
        return "记录因时钟停止：\(stop.verdict.chinese)\(then)。最后一条记录在 \(stop.lastEntry.chineseToTheSecond)，"
            + "服务器时钟现在是 \(stop.now.chineseToTheSecond)。请核对标准时间；时钟不准的，先校准再继续。"
    }
}
