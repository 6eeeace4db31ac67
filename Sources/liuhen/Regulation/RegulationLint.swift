import Application
import ArgumentParser
import Casework
import Foundation
import Rulebook

/// Checks a bureau's own file.
struct RegulationLint: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "检查一部自写的制度文件，指明行、列和应当怎样写。",
        discussion: "写法见 docs/regulations.md。退出码：0 没有问题；1 有问题；2 文件不能读取；64 用法有误。")

    @OptionGroup var options: RuleOptions

    @Argument(help: ArgumentHelp("制度文件。", valueName: "文件"))
    var file: String

    func run() throws {
        let content = try bytes(of: file, limit: 1 << 20)
        let place = options.place
        let name = URL(fileURLWithPath: file).lastPathComponent
        // A file that stands among the others is read once, as the one that is checked.
        let library: RuleLibrary
        do {
            library = try RuleFiles.load(
                regulations: place.regulations, documents: place.documents,
                skipping: isAmongTheOthers(place) ? [name] : [])
        } catch {
            throw CommandFailure(error)
        }
        do {
            let own = try RuleFiles.checked(content, file: file, library: library)
            let rows = own.regulation.provisions.count
            let policy = own.regulation.provisions.count { $0.kind == .policy }
            print("\(file)：没有问题。\(own.regulation.title)第\(own.regulation.version)版，\(rows) 条，其中政策性 \(policy) 条。")
        } catch {
            print(error.description)
            print("\(file)：\(error.problems.count) 处问题。")
            throw ExitCode(1)
        }
    }

    private func isAmongTheOthers(_ place: RulePlace) -> Bool {
        let own = URL(fileURLWithPath: file).standardizedFileURL.resolvingSymlinksInPath().deletingLastPathComponent()
        return own.path == URL(fileURLWithPath: place.regulations).resolvingSymlinksInPath().path
    }
}
