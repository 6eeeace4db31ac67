import Casework
import Foundation
import Kernel
import Rulebook
import TestKit
import Testing

@Suite("The project's rule files, and directories of them")
struct RuleFilesTests {
    @Test("all files load; every provision has an article, a summary, and duties or a reason why not")
    func own() {
        let library = Sample.library
        #expect(
            library.regulations.map(\.regulation.id) == [
                "hejin-2019", "luanchuan-2020", "parent-law", "qinghe", "recorder-mgmt", "zhaoxian-2017",
            ])
        #expect(library.kinds.count >= 9)
        #expect(library.calendars.map(\.year.year) == Array(2004...2026))
        for provision in library.regulations.flatMap(\.regulation.provisions) {
            let isEmpty = provision.duties.isEmpty && provision.allows.isEmpty && provision.figures.isEmpty
            #expect(isEmpty == (provision.policyReason != nil), "\(provision.id)")
            #expect(provision.summary.hasSuffix("。"), "\(provision.id)")
            // Standards and papers without articles are told of in parent law, and nothing is asked by them.
            let hasArticle = provision.article.contains("第") || provision.article == "引言"
            #expect(hasArticle || provision.force != nil && provision.kind == .policy, "\(provision.id)")
        }
    }

    @Test("every matter is used, every group is used, every duty's demand is a sentence without full stop")
    func tidy() {
        let provisions = Sample.library.regulations.flatMap(\.regulation.provisions)
        let duties = provisions.flatMap(\.duties)
        let named = duties.map(\.matter) + provisions.flatMap(\.allows).map(\.matter)
        #expect(Set(Sample.library.matters.keys).subtracting(named).sorted() == [])
        #expect(duties.allSatisfy { !$0.demand.hasSuffix("。") })
    }

    @Test("hard gates are parent law, 方可 and its like, and what keeps secrets from being given out")
    func hardGates() {
        let rows = Sample.library.regulations.filter { $0.regulation.standing == .own }
            .flatMap(\.regulation.provisions)
        // What must be kept is refused its destruction by every text; that is not the gate of a step in the case.
        let hard = rows.filter { row in
            row.duties.contains {
                $0.gate.level == .hard && Set($0.gate.refuses.flatMap(\.types)) != [.disposalPerformed]
            }
        }.map(\.id)
        #expect(
            hard.sorted() == [
                "hejin-2019:2.3", "luanchuan-2020:11(4)b", "qinghe:33c", "qinghe:37", "recorder-mgmt:16b",
                "recorder-mgmt:19b", "recorder-mgmt:21a", "recorder-mgmt:21c", "recorder-mgmt:6", "zhaoxian-2017:18",
                "zhaoxian-2017:32", "zhaoxian-2017:33",
            ])
    }

    @Test("what document kinds say of provisions exists")
    func provisionsOfFields() {
        let named = Sample.library.kinds.values.flatMap(\.kind.fields).flatMap(\.provisions)
        #expect(!named.isEmpty)
        for id in named { #expect(Sample.library.provision(id) != nil, "\(id)") }
    }

    @Test("kinds and templates name the same fields and slots as Documents/FIELDS.md")
    func fieldList() throws {
        let text = try String(contentsOfFile: "\(Sample.root)/Documents/FIELDS.md", encoding: .utf8)
        let sections = text.components(separatedBy: "\n## ").dropFirst()
        for section in sections {
            let name = try #require(section.split(separator: " ").first.map(String.init))
            let kind = try #require(Sample.library.kind(name), "\(name)")
            let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
            let listed = rows.flatMap { row in
                row.split(separator: "|")[0].split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }
                    .map { String($0.element) }
            }.flatMap { $0 == "subject*" ? Self.subject : [$0] }
            #expect(Set(listed) == Set(kind.fields.map(\.name)), "\(name)")
            #expect(listed.count == Set(listed).count)
        }
        #expect(sections.count == Sample.library.kinds.values.count { $0.templateDigest != nil })
    }

    static let subject = ["subjectName", "subjectCode", "subjectAddress", "subjectRepresentative", "subjectPhone"]

    // MARK: directories

    /// A copy of the project's files in a directory of the test.
    static func copy() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        for name in ["Regulations", "Documents"] {
            try FileManager.default.copyItem(atPath: "\(Sample.root)/\(name)", toPath: "\(directory.path)/\(name)")
        }
        return directory
    }

    static func problems(in directory: TemporaryDirectory) -> [String] {
        do {
            _ = try RuleFiles.load(
                regulations: "\(directory.path)/Regulations", documents: "\(directory.path)/Documents")
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    static func read(_ directory: TemporaryDirectory, _ path: String) throws -> String {
        try String(contentsOfFile: "\(directory.path)/\(path)", encoding: .utf8)
    }

    @Test("a second version may change a row, never lose one, nor be the same version again")
    func versions() throws {
        let directory = try Self.copy()
        let text = try Self.read(directory, "Regulations/zhaoxian-2017.yaml")
        let next = text.replacing("version: 1\n", with: "version: 2\n")
        try directory.write(Array(next.utf8), to: "Regulations/zhaoxian-2017-2.yaml")
        #expect(Self.problems(in: directory) == [])
        try directory.write(
            Array(next.replacing("\"zhaoxian-2017:27\"", with: "\"zhaoxian-2017:27x\"").utf8),
            to: "Regulations/zhaoxian-2017-2.yaml")
        #expect(
            Self.problems(in: directory)
                == ["zhaoxian-2017.yaml: [contradiction] 第2版少了上一版的条款“zhaoxian-2017:27”"].map {
                    $0.replacing("zhaoxian-2017.yaml", with: "zhaoxian-2017-2.yaml")
                })
        try directory.write(Array(text.utf8), to: "Regulations/zhaoxian-2017-2.yaml")
        #expect(
            Self.problems(in: directory) == [
                "zhaoxian-2017.yaml: [duplicate] 制度“zhaoxian-2017”第1版已在 zhaoxian-2017-2.yaml 中"
            ])
    }

    @Test("a missing file, a missing template, a folder of another name, a year of another file are named")
    func missing() throws {
        let directory = try Self.copy()
        try FileManager.default.removeItem(atPath: "\(directory.path)/Regulations/matters.yaml")
        #expect(Self.problems(in: directory).first == "matters.yaml: [unreadable] 文件不存在或无法读取")

        let second = try Self.copy()
        try FileManager.default.removeItem(atPath: "\(second.path)/Documents/closing-sheet/template.typ")
        #expect(Self.problems(in: second) == ["closing-sheet/kind.yaml: [contradiction] 找不到模板文件 template.typ"])

        let third = try Self.copy()
        let year = try Self.read(third, "Regulations/calendars/2026.yaml")
        try third.write(Array(year.utf8), to: "Regulations/calendars/2027.yaml")
        #expect(Self.problems(in: third) == ["calendars/2027.yaml: [contradiction] 文件名应是 2026.yaml"])

        let fourth = try Self.copy()
        try FileManager.default.moveItem(
            atPath: "\(fourth.path)/Documents/service-receipt", toPath: "\(fourth.path)/Documents/receipts")
        let problems = Self.problems(in: fourth)
        #expect(problems.contains("receipts/kind.yaml:2:7: [contradiction] 文书种类“service-receipt”与所在目录“receipts”不一致"))
    }

    // MARK: calendars and kinds

    @Test("a calendar with a make-up day on a weekday, a holiday of another year, or ends before it begins is refused")
    func calendars() {
        let good =
            "year: 2026\nsource: 通知\nholidays:\n  - { name: 元旦, from: 2026-01-01, to: 2026-01-03, make-up: [2026-01-04] }\n"
        #expect(throws: Never.self) { try RuleFiles.calendar(Array(good.utf8), file: "2026.yaml") }
        for (old, new) in [
            ("2026-01-04", "2026-01-05"), ("from: 2026-01-01", "from: 2024-01-01"),
            ("to: 2026-01-03", "to: 2025-12-31"),
            ("year: 2026", "year: 26"), ("source: 通知", "source: "), ("to:", "till:"),
        ] {
            #expect(throws: RuleFileError.self, "\(new)") {
                try RuleFiles.calendar(Array(good.replacing(old, with: new).utf8), file: "2026.yaml")
            }
        }
    }

    @Test("a document kind with a strange type, doubled field, impossible condition or plain text is refused")
    func kinds() {
        let good = """
            kind: memo
            title: 备忘
            row: 90
            stage: filing
            category: case-file
            volume: internal
            retention: years10
            numbering: "{mark}〔{year}〕{number}号"
            fields:
              - { name: title, label: 标题, type: text, required: true }
              - { name: sort, label: 类别, type: choice, options: [{ word: a, label: 甲 }], plain: true }
              - { name: note, label: 说明, type: longText, required: { sort: a } }
            slots:
              - { name: keeper, label: 保管人, who: custodian }
            """
        #expect(throws: Never.self) { try RuleFiles.kind(Array(good.utf8), folder: "memo") }
        for (old, new) in [
            ("type: text", "type: string"), ("name: note", "name: title"),
            ("required: { sort: a }", "required: { sorts: a }"),
            ("type: text, required: true", "type: text, plain: true"), ("{number}", ""), ("row: 90", "row: 0"),
            ("name: keeper", "name: 保管"), ("who: custodian", "who: keeper"), ("options: [{ word: a, label: 甲 }], ", ""),
            ("label: 保管人, who: custodian", "label: 保管人, who: custodian, least: 2"), ("stage: filing", "stage: files"),
        ] {
            #expect(throws: RuleFileError.self, "\(new)") {
                try RuleFiles.kind(Array(good.replacing(old, with: new).utf8), folder: "memo")
            }
        }
    }
}
