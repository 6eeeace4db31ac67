import Application
import Casework
import Foundation
import Kernel
import Press
import TestKit
import Testing

/// Every kind with a template under the worst that a form can hold: nothing at all, every field to be found again, rare
/// characters everywhere, text and tables over many pages. Each print is judged as a document of record.
@Suite(
    "kinds under stress", .serialized,
    .enabled(if: Project.judged, "the press is not installed: run scripts/setup.sh test"))
struct KindStressTests {
    /// What a form is filled with.
    enum Filling: String, CaseIterable {
        case empty, marked, rare, overlong
    }

    static let rare = "㛃䶮𠮷㑇𬍛"
    static let sentence = "现场查阅该公司生产台账、产成品出入库单，当月棉布产量312.7万米，与上报数不符。"

    /// A text that stands in no other field, to be found again on the page.
    static func mark(_ number: Int) -> String { "标记\(Decimal.padded(number, to: 3))" }

    static func value(_ type: FieldType, _ filling: Filling, number: Int) -> JSON {
        let text: String? =
            switch filling {
            case .rare: rare
            case .marked: mark(number)
            default: nil
            }
        switch (type, filling) {
        case (_, .empty): return ""
        case (.text, .overlong): return .string(String(repeating: "很长的名称", count: 24))
        case (.longText, .overlong):
            let lines = (1...24).map { ($0 % 2 == 0 ? "答：" : "问：") + "第\($0)段，" + sentence + sentence + sentence }
            return .string(lines.joined(separator: "\n"))
        case (.list, .overlong): return .array((1...40).map { .string("第\($0)项，" + sentence) })
        case (.persons, .overlong):
            return .array((1...6).map { ["name": .string("甲某\($0)"), "certificate": .string("TJ99000\($0)")] })
        case (.table(let columns), .overlong):
            return .array(
                (1...80).map { row in .object(columns.map { .init($0.name, .string("第\(row)行很长的内容")) }) })
        case (.text, _), (.longText, _): return .string(text ?? "")
        case (.list, _): return .array([.string(text ?? "")])
        case (.persons, _): return [["name": .string(text ?? ""), "certificate": "TJ990001"]]
        case (.table(let columns), _):
            return .array([.object(columns.map { .init($0.name, .string(text ?? "")) })])
        default: return KindPrintTests.value(type)
        }
    }

    static func form(_ kind: DocumentKind, _ filling: Filling) -> JSON {
        guard filling != .empty else { return [:] }
        return .object(
            kind.fields.enumerated().map { .init($1.name, value($1.type, filling, number: $0 + 1)) })
    }

    /// The text of a page as it reads, whatever the setting did to its spaces.
    static func reading(_ path: String) throws -> String {
        try DocumentTests.text(of: path).filter { !$0.isWhitespace }
    }

    @Test(
        "every kind prints empty, full, with rare characters and over many pages, as PDF/A with its fonts embedded",
        arguments: FieldListTests.folders)
    func judged(folder: String) async throws {
        let kind = try KindPrintTests.kind(folder)
        let directory = try TemporaryDirectory()
        var paths: [String] = []
        for filling in Filling.allCases {
            for (rendition, state) in [("A", "open"), ("B", "signed")] {
                let data = try KindPrintTests.document(
                    kind, Self.form(kind, filling), state: state, rendition: rendition)
                let path = try await DocumentTests.printed(data, in: directory, as: "\(filling)-\(rendition)")
                paths.append(path)
                let text = try Self.reading(path)
                #expect(text.contains(kind.title), "\(filling) \(rendition)")
                try Self.check(filling, kind, text, path)
            }
        }
        let judgement = try Project.run(
            Project.installation.python, [Project.root + "/scripts/judges/pdf.py"] + paths)
        #expect(judgement.status == 0, "\(judgement.output)")
        #expect(judgement.output.split(separator: "\n").filter { $0.hasPrefix("accepted ") }.count == paths.count)
    }

    static func check(_ filling: Filling, _ kind: DocumentKind, _ text: String, _ path: String) throws {
        switch filling {
        case .empty:
            #expect(!text.contains("none"), "a missing value shows as a word of the typesetter")
        case .marked:
            for (index, field) in kind.fields.enumerated() {
                switch field.type {
                case .text, .longText, .list, .persons, .table:
                    #expect(text.contains(mark(index + 1)), "\(field.name) is not on the paper")
                case .day, .instant, .integer, .money, .choice, .choices:
                    let value = KindPrintTests.value(field.type)
                    guard let printed = FieldText.text(value, as: field.type) else { continue }
                    let words = field.type.isChoices ? printed.split(separator: "；").map(String.init) : [printed]
                    for word in words {
                        #expect(text.contains(word.filter { !$0.isWhitespace }), "\(field.name) is not on the paper")
                    }
                }
            }
        case .rare:
            for character in rare { #expect(text.contains(character), "\(character) is not on the paper") }
        case .overlong:
            let pages = try DocumentTests.pages(of: path)
            let grows = kind.fields.contains { $0.type.grows }
            if grows { #expect(pages >= 3) }
            // Nothing is cut off at a page end: the last paragraph, item and row are there as the first.
            for field in kind.fields {
                switch field.type {
                case .longText: #expect(text.contains("第24段，现场查阅"), "\(field.name) is cut short")
                case .list: #expect(text.contains("第40项，现场查阅"), "\(field.name) is cut short")
                case .table:
                    for row in 1...80 { #expect(text.contains("第\(row)行"), "\(field.name) is cut short") }
                default: break
                }
            }
            for page in 1...pages { #expect(text.contains("第\(page)页共\(pages)页")) }
        }
    }

    @Test("nothing is printed below the footer or beyond the margins", arguments: FieldListTests.folders)
    func insideThePaper(folder: String) async throws {
        let kind = try KindPrintTests.kind(folder)
        let directory = try TemporaryDirectory()
        let path = try await DocumentTests.printed(
            KindPrintTests.document(kind, Self.form(kind, .overlong), state: "open", rendition: "A"), in: directory)
        let boxes = try Project.run("pdftotext", ["-bbox", path, "-"]).output
        var words = 0
        let box = /<word xMin="([-0-9.]+)" yMin="([-0-9.]+)" xMax="([-0-9.]+)" yMax="([-0-9.]+)"/
        for match in boxes.matches(of: box) {
            let (left, top) = (Double(match.1) ?? 0, Double(match.2) ?? 0)
            let (right, bottom) = (Double(match.3) ?? 0, Double(match.4) ?? 0)
            words += 1
            // A4 is 595 × 842 points; the text area begins 28 mm from the left and ends 26 mm from the right.
            #expect(left > 70 && right < 530 && top > 40 && bottom < 815, "\(match.0)")
        }
        #expect(words > 100)
    }
}

extension FieldType {
    var isChoices: Bool { if case .choices = self { true } else { false } }

    /// Whether a form of this type can run over pages.
    var grows: Bool {
        switch self {
        case .longText, .list, .table: true
        default: false
        }
    }
}
