import Foundation
import Testing

/// Documents/FIELDS.md is what forms are made from; the template is what is printed. They must speak of the same fields.
@Suite("field lists")
struct FieldListTests {
    struct Kind: Equatable {
        var fields: Set<String> = []
        var columns: [String: Set<String>] = [:]
        var slots: Set<String> = []
    }

    static let subject = ["Name", "Code", "Address", "Representative", "Phone"].map { "subject" + $0 }

    /// The kinds as FIELDS.md lists them.
    static func published() throws -> [String: Kind] {
        let text = try String(contentsOfFile: Project.root + "/Documents/FIELDS.md", encoding: .utf8)
        var kinds: [String: Kind] = [:]
        for section in text.components(separatedBy: "\n## ").dropFirst() {
            let name = String(section.prefix { $0 != " " })
            var kind = Kind()
            for line in section.split(separator: "\n") where line.hasPrefix("| `") {
                let cells = line.split(separator: "|").map(String.init)
                let names = cells[0].matches(of: /`([A-Za-z]+\*?)`/).map { String($0.1) }
                kind.fields.formUnion(names.flatMap { $0 == "subject*" ? subject : [$0] })
                if let columns = cells[1].firstMatch(of: /\{(.*)\}/) {
                    for name in names { kind.columns[name] = words(columns.1) }
                } else if names == ["officers"] {
                    kind.columns["officers"] = ["name", "certificate"]
                }
            }
            if let slots = section.range(of: "\nSlots: ") {
                // What stands in brackets tells when a slot must be met, and may name fields.
                let list = section[slots.upperBound...].replacing(/\([^)]*\)/, with: "")
                kind.slots = Set(list.matches(of: /`([a-zA-Z0-9]+)`/).map { String($0.1) })
            }
            kinds[name] = kind
        }
        return kinds
    }

    static func words(_ text: Substring) -> Set<String> {
        Set(text.split { !$0.isLetter && !$0.isNumber }.map(String.init))
    }

    /// The comment block at the head of a template.
    static func head(of template: String) -> Kind {
        var kind = Kind()
        for line in template.split(separator: "\n").prefix(while: { $0.hasPrefix("//") }) {
            if line.hasPrefix("// fields:") { kind.fields.formUnion(words(line.dropFirst(10))) }
            if line.hasPrefix("// slots:") { kind.slots.formUnion(words(line.dropFirst(9))) }
            if line.hasPrefix("// rows:") {
                for match in line.matches(of: /([a-zA-Z]+)\{([^}]*)\}/) {
                    kind.columns[String(match.1)] = words(match.2)
                }
            }
        }
        return kind
    }

    static let folders: [String] = {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: Project.root + "/Documents")) ?? []
        return all.filter { FileManager.default.fileExists(atPath: "\(Project.root)/Documents/\($0)/template.typ") }
            .sorted()
    }()

    @Test("every kind has a template and every template a kind")
    func kindsAndTemplates() throws {
        #expect(Self.folders.count >= 9)
        #expect(try Self.published().keys.sorted() == Self.folders)
    }

    @Test("the head of a template lists what FIELDS.md publishes", arguments: folders)
    func headsAgree(folder: String) throws {
        let template = try String(contentsOfFile: "\(Project.root)/Documents/\(folder)/template.typ", encoding: .utf8)
        let head = Self.head(of: template)
        let published = try #require(Self.published()[folder])
        #expect(head.fields == published.fields)
        #expect(head.columns == published.columns)
        #expect(head.slots == published.slots)
    }

    @Test("a template accepts exactly the fields in its head, and prints each of them", arguments: folders)
    func fieldsArePrinted(folder: String) throws {
        let template = try String(contentsOfFile: "\(Project.root)/Documents/\(folder)/template.typ", encoding: .utf8)
        let list = try #require(template.firstMatch(of: /fields: \(([^)]*)\)/))
        let accepted = Set(list.1.matches(of: /"([A-Za-z]+)"/).map { String($0.1) })
        let head = Self.head(of: template)
        #expect(accepted == head.fields)
        let body = template[list.range.upperBound...]
        for field in head.fields {
            // Officers and the party are printed by shared functions when the template does not name them.
            let shared =
                (field == "officers" && body.contains("officers-text()"))
                || (Self.subject.contains(field) && body.contains("subject-"))
                || (field == "issuedOn" && body.contains("agency-signature()"))
                || (field.hasPrefix("contact") && body.contains("contact-line()"))
            #expect(shared || body.contains("\"\(field)\""), "\(folder) does not print \(field)")
        }
    }
}
