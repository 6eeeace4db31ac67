import Application
import ArgumentParser
import Casework
import Foundation
import Kernel
import Rulebook

/// Commands on regulations as data.
struct RegulationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "regulation", abstract: "制度：查看、对照、检查自写的文件、按时间线判断。",
        subcommands: [
            RegulationList.self, RegulationShow.self, RegulationCompare.self, RegulationCheck.self, RegulationLint.self,
            RegulationCoverage.self, RegulationHistories.self, RegulationMutate.self,
        ])
}

/// Where the program's own files are.
struct RuleOptions: ParsableArguments {
    @Option(help: ArgumentHelp("程序文件所在目录（Regulations、Documents）。", valueName: "目录"))
    var root = "."

    /// The directories below it.
    var place: RulePlace { RulePlace(root: URL(fileURLWithPath: root).standardizedFileURL.path) }

    /// Everything that is read from them.
    func library() throws -> RuleLibrary {
        do {
            return try RuleFiles.load(regulations: place.regulations, documents: place.documents)
        } catch {
            throw CommandFailure(error)
        }
    }
}

extension ExitCode {
    /// A file cannot be read.
    static let unreadable = ExitCode(2)
}

/// Says something to whoever typed the command, apart from the answer.
func complain(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
}

/// The bytes of a file that the user named, however large: no more than the reader's limit and one byte are read.
func bytes(of path: String, limit: Int) throws -> [UInt8] {
    guard let file = FileHandle(forReadingAtPath: path) else {
        complain("读不到文件 \(path)。")
        throw ExitCode.unreadable
    }
    do {
        // Nothing is read of an empty file: what is wrong with it, its reader says.
        return [UInt8](try file.read(upToCount: limit + 1) ?? Data())
    } catch {
        complain("读不到文件 \(path)，它可能是一个目录。")
        throw ExitCode.unreadable
    }
}

/// A text by its id.
func text(_ id: String, in library: RuleLibrary) throws -> LoadedRegulation {
    guard let found = library.newest(id) else {
        let ids = Set(library.regulations.map(\.regulation.id)).sorted().joined(separator: "、")
        throw ValidationError("没有制度“\(id)”。现有：\(ids)。")
    }
    return found
}
