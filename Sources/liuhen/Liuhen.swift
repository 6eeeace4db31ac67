import ArgumentParser
import Foundation

/// 留痕: the one program of a bureau's server.
@main
struct Liuhen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "liuhen",
        abstract: "留痕：行政执法全过程记录系统。",
        discussion:
            "数据、密钥和锁文件分放三个目录，缺一不能启动。各子命令的用法见 liuhen help 子命令。liuhen check 是 liuhen regulation check 的简写。",
        version: "0.1.0",
        subcommands: [
            InitCommand.self, ServeCommand.self, DemoCommand.self, LedgerCommand.self, DossierCommand.self,
            PersonCommand.self, AccountCommand.self, RecoveryCommand.self, RegulationCommand.self,
            CalendarCommand.self, ClockCommand.self, KeyCommand.self,
            BackupCommand.self, RestoreCommand.self, VaultCommand.self, DoctorCommand.self,
        ] + forTests)

    #if DEBUG || FAULTS
    private static let forTests: [any ParsableCommand.Type] = [ExerciseCommand.self, ExerciseCheckCommand.self]
    #else
    private static let forTests: [any ParsableCommand.Type] = []
    #endif

    /// Like the parser's own, but that a failure is told in Chinese.
    static func main() async {
        ProcessMemory.bound()
        var running: (any ParsableCommand.Type)?
        do {
            var command = try parseAsRoot(Shorthand.written(out: Array(CommandLine.arguments.dropFirst())))
            running = type(of: command)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            let code = exitCode(for: error)
            // Help and version are no failures, and an exit code without words was told already.
            guard !code.isSuccess else {
                print(HelpText.chinese(fullMessage(for: error)))
                Foundation.exit(code.rawValue)
            }
            let text = FailureText.chinese(message(for: error, of: running))
            if !text.isEmpty { FileHandle.standardError.write(Data((text + "\n").utf8)) }
            Foundation.exit(code.rawValue)
        }
    }
}

extension Liuhen {
    /// What is said of a failure. What a command itself finds wrong in what was typed, it finds when it runs already: the
    /// parser then shows the usage of the whole program, which helps nobody.
    private static func message(for error: any Error, of running: (any ParsableCommand.Type)?) -> String {
        let text = fullMessage(for: error)
        guard error is ValidationError, let running, running != Liuhen.self else { return text }
        let usage = usageString(for: running)
        guard let heading = text.range(of: "\nUsage: ") else { return text }
        let path = usage.split(separator: " ").prefix { !"[<-".contains($0.first ?? " ") }.joined(separator: " ")
        return text[..<heading.lowerBound] + "\nUsage: \(usage)\n  See '\(path) --help' for more information."
    }
}

/// What is typed most, in fewer words.
enum Shorthand {
    /// The arguments with `check` as `regulation check`.
    static func written(out arguments: [String]) -> [String] {
        arguments.first == "check" ? ["regulation"] + arguments : arguments
    }
}

/// The parser's words around a failure, which it has in English only.
enum FailureText {
    /// The same with Chinese headings; the failures of a typed line that the parser finds itself are put into Chinese too.
    static func chinese(_ message: String) -> String {
        message.split(separator: "\n", omittingEmptySubsequences: false).map { chinese(line: String($0)) }
            .joined(separator: "\n")
    }

    private static func chinese(line: String) -> String {
        for (heading, word) in [("Error: ", "错误："), ("Usage: ", "用法："), ("Help: ", "说明：")] {
            guard line.hasPrefix(heading) else { continue }
            let rest = String(line.dropFirst(heading.count))
            return word + (heading == "Usage: " ? usage(rest) : sentence(rest))
        }
        if line.contains("See '"), line.hasSuffix("for more information.") {
            let command = line.split(separator: "'").dropFirst().first.map(String.init) ?? "liuhen --help"
            return "　更多说明见 \(command)"
        }
        return line
    }

    /// What the parser puts for options that are too many to be listed, and for a command of a group.
    private static func usage(_ text: String) -> String {
        [("[<options>]", "[选项]"), ("<options>", "[选项]"), ("<subcommand>", "<子命令>")].reduce(text) { text, pair in
            text.replacingOccurrences(of: pair.0, with: pair.1)
        }
    }

    private static func sentence(_ text: String) -> String {
        let parts = text.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3 else { return text }
        return switch parts[0] {
        case "Missing expected argument ": "缺少参数 \(parts[1])"
        case "Unknown option ": "没有 \(parts[1]) 这个选项"
        case "Missing value for ": "选项 \(parts[1]) 后面缺少内容（以“-”开头的内容请写成 \(parts[1].prefix { $0 != " " })=内容）"
        case "Unexpected argument ": "多出参数 \(parts[1])"
        case "The value ": "“\(parts[1])”不能用于 \(parts.dropFirst(3).first ?? "这里")"
        default: text
        }
    }
}
