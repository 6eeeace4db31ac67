import Casework
import Foundation
import Kernel
import Rulebook
import Testing

/// The page that tells strangers how to write a timeline.
@Suite("docs/formats-timeline.md", .serialized)
struct TimelineFormatTests {
    static let path = "\(Sample.root)/docs/formats-timeline.md"
    static let begin =
        "<!-- table: made by TimelineFormatTests from EntryType.members; LIUHEN_UPDATE_GOLDEN=1 writes it anew -->\n"
    static let end = "<!-- end of table -->"
    static let roles = (
        begin:
            "<!-- roles: made by TimelineFormatTests from ReferenceRole.all; LIUHEN_UPDATE_GOLDEN=1 writes it anew -->\n",
        end: "<!-- end of roles -->"
    )
    static let settings = (
        begin: "<!-- settings: made by TimelineFormatTests from the texts; LIUHEN_UPDATE_GOLDEN=1 writes it anew -->\n",
        end: "<!-- end of settings -->"
    )

    /// Which record refers to which, in which role.
    static let roleTable: String = {
        let lines = ReferenceRole.all.map { one in
            let kinds = one.kinds.isEmpty ? "" : " of kind " + one.kinds.map { "`\($0)`" }.joined(separator: ", ")
            let without = one.isFollowed ? "the only one that can be meant" : "nothing"
            return "| `\(one.type.rawValue)`\(kinds) | `\(one.role)` | `\(one.target.rawValue)` | \(without) |\n"
        }
        return "\n| record | role | refers to | left out |\n| --- | --- | --- | --- |\n\(lines.joined())\n"
    }()

    /// What bureaus may set, text by text.
    static let settingsTable: String = {
        let texts = Sample.library.regulations.map(\.regulation).sorted { $0.id < $1.id }
        let numbers = texts.flatMap { text in
            text.settings.map { one in
                "| `\(text.id)` | `\(one.name)` | \(one.explained) | \(one.standard) | \(one.range.lowerBound) to \(one.range.upperBound) |\n"
            }
        }
        let offices = texts.flatMap { text in
            text.offices.map { one in
                let choices = one.choices.map { "`\($0)`" }.joined(separator: ", ")
                return "| `\(text.id)` | `\(one.name)` | \(one.title) | `\(one.standard)` | \(choices) |\n"
            }
        }
        return "\n| text | name | what | default | may be |\n| --- | --- | --- | --- | --- |\n"
            + (numbers + offices).joined() + "\n"
    }()

    /// Every type with its thread and its members by sort.
    static let table: String = {
        let lines = EntryType.allCases.map { type -> String in
            let members = type.members.sorted { $0.key < $1.key }.map { name, member in "`\(name)` \(sort(member))" }
            let told = members.isEmpty ? "–" : members.joined(separator: "; ")
            return "| `\(type.rawValue)` \(type.chinese) | \(type.home.rawValue) | \(told) |\n"
        }
        return "\n| type | thread | members |\n| --- | --- | --- |\n\(lines.joined())\n"
    }()

    static func sort(_ member: EntryType.Member) -> String {
        switch member {
        case .words(let words): words.joined(separator: "\\|")
        case .number: "number"
        case .truth: "truth"
        case .id: "id"
        case .thread: "thread"
        case .form: "form"
        case .field: "field"
        }
    }

    @Test("the table of types is what the program knows")
    func table() throws {
        let text = try String(contentsOfFile: Self.path, encoding: .utf8)
        let start = try #require(text.range(of: Self.begin)).upperBound
        let stop = try #require(text.range(of: Self.end)).lowerBound
        guard ProcessInfo.processInfo.environment["LIUHEN_UPDATE_GOLDEN"] != "1" else {
            let new = text[..<start] + Self.table + text[stop...]
            try new.write(toFile: Self.path, atomically: true, encoding: .utf8)
            return
        }
        #expect(String(text[start..<stop]) == Self.table, "LIUHEN_UPDATE_GOLDEN=1 writes the table anew")
    }

    @Test(
        "the tables of roles, settings and offices are what the program knows",
        arguments: [
            (TimelineFormatTests.roles.begin, TimelineFormatTests.roles.end, TimelineFormatTests.roleTable),
            (TimelineFormatTests.settings.begin, TimelineFormatTests.settings.end, TimelineFormatTests.settingsTable),
        ])
    func smallTable(begin: String, end: String, table: String) throws {
        let text = try String(contentsOfFile: Self.path, encoding: .utf8)
        let start = try #require(text.range(of: begin)).upperBound
        let stop = try #require(text.range(of: end)).lowerBound
        guard ProcessInfo.processInfo.environment["LIUHEN_UPDATE_GOLDEN"] != "1" else {
            try (text[..<start] + table + text[stop...]).write(toFile: Self.path, atomically: true, encoding: .utf8)
            return
        }
        #expect(String(text[start..<stop]) == table, "LIUHEN_UPDATE_GOLDEN=1 writes the table anew")
    }

    @Test("every role by which a rule ties records is in the table of roles")
    func rolesOfRules() throws {
        let known = Set(ReferenceRole.all.filter(\.isFollowed).map(\.role))
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(Sample.root)/Regulations")
        where name.hasSuffix(".yaml") {
            let text = try String(contentsOfFile: "\(Sample.root)/Regulations/\(name)", encoding: .utf8)
            for match in text.matches(of: /(?:refers: |ref\.)([a-z]+)/) {
                #expect(known.contains(String(match.1)), "\(name): \(match.1)")
            }
        }
    }

    @Test("the example on the page is read, and refused as the page's rules refuse it")
    func example() throws {
        let text = try String(contentsOfFile: Self.path, encoding: .utf8)
        let start = try #require(text.range(of: "```yaml\n")).upperBound
        let stop = try #require(text[start...].range(of: "```")).lowerBound
        let told = try TimelineTests.read(String(text[start..<stop]))
        #expect(told.records.map(\.type) == [.caseOpened, .documentFixed, .documentSigned])
        let base = RuleBase(Sample.library)
        let report = try CheckReport(told, texts: [.init(regulation: "zhaoxian-2017")], base: base)
        let part = try #require(report.evaluation.parts(of: "zhaoxian-2017:8b").first)
        #expect(part.state == .met)
        #expect(report.verdict?.isAllowed == true)
    }

    @Test(
        "every role of a reference that a rule follows is in the table of roles as followed, with the type that carries it"
    )
    func rolesFollowed() throws {
        func carriers(_ role: String) throws -> [EntryType] {
            let types = ReferenceRole.all.filter { $0.isFollowed && $0.role == role }.map(\.type)
            try #require(!types.isEmpty, "no line for the role \(role)")
            return types
        }
        func records(_ requirement: Requirement) -> [RecordRequirement] {
            switch requirement {
            case .record(let wanted): [wanted]
            case .all(let parts), .any(let parts): parts.flatMap(records)
            case .document, .elapsed, .never: []
            }
        }
        func paths(_ pattern: Pattern) -> [(Path, [EntryType])] { pattern.conditions.map { ($0.path, pattern.types) } }
        let duties = Sample.library.regulations.flatMap(\.regulation.provisions).flatMap(\.duties)
        var asked = 0
        for duty in duties {
            let wanted = records(duty.requirement)
            for one in wanted {
                guard case .refers(let role) = one.tie else { continue }
                asked += 1
                let carriers = try carriers(role)
                #expect(one.pattern.types.contains(where: carriers.contains), "\(role): \(one.pattern.types)")
            }
            let patterns = [duty.trigger] + duty.excuses + duty.lapses + duty.gate.refuses + wanted.map(\.pattern)
            for (path, types) in patterns.flatMap(paths) {
                guard case .reference(let role) = path.scope else { continue }
                asked += 1
                let carriers = try carriers(role)
                #expect(types.contains(where: carriers.contains), "\(role): \(types)")
            }
        }
        #expect(asked > 20)
    }

    @Test("the page names every key, category, standing, level and holder that the program knows")
    func words() throws {
        let text = try String(contentsOfFile: Self.path, encoding: .utf8)
        let words =
            DocumentKind.Category.allCases.map(\.rawValue) + ObligationStanding.allCases.map(\.rawValue)
            + AVLevel.allCases.map(\.rawValue) + DutyHolder.allCases.map(\.rawValue)
            + ["type", "at", "stated", "actor", "thread", "id", "refs", "withhold"]
        for word in words { #expect(text.contains("`\(word)`"), "\(word)") }
    }
}
