import Foundation
import Testing

/// Whoever adds a command adds it to the list of those that are answered once, or the list says why it need not be.
@Suite("Every command is answered once")
struct CommandScanTests {
    /// A function that takes a command id.
    private struct Command {
        let name: String
        let file: String
        let body: String
    }

    /// Functions that carry a command out once, whose callers need not.
    private static let roads = [
        "once(command)", "administer(", ".perform(", ".take(", " take(", " register(", "views.begin(",
        "issuing(",
    ]

    /// Commands whose refusals follow from nothing that another click could have moved, and what is done instead.
    private static let others = [
        "AccessTokens.make": "the text of a token is shown once: the second click is told so",
        "Casebook+Keeping.keepCheckpoint": "nothing but the form is looked at; recording itself looks again",
        "Casebook+Keeping.read": "what was read is read; recording itself looks again",
        "Casebook+Leads.look": "every look is recorded; recording itself looks again",
        "DossierExport.prepare": "an export is written once: the second click is told so",
        "SecondPerson.confirmAccount": "nothing is refused; recording itself looks again",
        "SecondPerson.confirmAfterOwnSecret": "an account that is its person's own is left as it is",
        "SecondPerson.holdBeforeOwnSecret": "an account that waits is left as it is",
        "TwoPersons.adoptLock": "nothing but the form is looked at; recording itself looks again",
        "TwoPersons.nextLog": "makes the entries of a log that does not exist yet, and appends nothing",
        "ViewSessions.begin": "one look of one person is one session, whatever its command",
    ]

    private static func commands() throws -> [Command] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Application")
        let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
        var found: [Command] = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
            var start: Int?
            for (number, line) in lines.enumerated() {
                if line.hasPrefix("    "), !line.hasPrefix("     "), line.contains("func ") { start = number }
                guard line == "    }", let first = start else { continue }
                start = nil
                let text = lines[first...number].joined(separator: "\n")
                guard let body = text.range(of: "{\n"),
                    text[..<body.lowerBound].contains("command: CommandID"), !lines[first].contains("private "),
                    let name = lines[first].components(separatedBy: "func ").last?.prefix(while: { $0 != "(" })
                else { continue }
                found.append(
                    Command(
                        name: "\(file.deletingPathExtension().lastPathComponent).\(name)", file: file.path,
                        body: String(text[body.lowerBound...])))
            }
        }
        return found
    }

    @Test("each command looks for its receipt again before a refusal is told, or the list says why not")
    func all() throws {
        let commands = try Self.commands()
        // Nothing is proven by a scan that finds nothing.
        #expect(commands.count > 40, "\(commands.map(\.name))")
        let own = [
            "Casebook+Leads.append", "Casebook+Recording.receipt", "Casebook+Recording.once",
            "Casebook+Recording.record", "Scribe.seal",
            "Identity.covers", "SignIn+Secrets.confirm",
        ]
        for command in commands where !own.contains(command.name) && Self.others[command.name] == nil {
            #expect(
                Self.roads.contains { command.body.contains($0) },
                "\(command.name) refuses a second click that overtakes the first: carry it out by `Casebook.once`")
        }
        let names = Set(commands.map(\.name))
        for name in Self.others.keys { #expect(names.contains(name), "\(name) is no command any more") }
    }

    @Test("each command of the administration is sent twice in a test")
    func tried() throws {
        let tests = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "Bureau/OnceInTheBureauTests.swift"), encoding: .utf8)
        let commands = try Self.commands().filter { $0.file.contains("/Bureau/") && Self.others[$0.name] == nil }
        #expect(commands.count > 20)
        for command in commands {
            let call = command.name.drop { $0 != "." }
            #expect(tests.contains("casebook\(call)("), "\(command.name)")
        }
    }
}
