import Application
import Casework
import Foundation
import Kernel
import Press
import Rulebook
import TestKit
import Testing

/// The kinds as the office reads them, on the templates as the press prints them.
@Suite("kinds on paper", .serialized)
struct KindPrintTests {
    static let folders = FieldListTests.folders

    static func kind(_ folder: String) throws -> DocumentKind {
        let file = "\(Project.root)/Documents/\(folder)/kind.yaml"
        return try RuleFiles.kind([UInt8](Data(contentsOf: URL(fileURLWithPath: file))), folder: folder)
    }

    @Test("a kind asks for exactly the fields, columns and slots that its template prints", arguments: folders)
    func agreement(folder: String) throws {
        let kind = try Self.kind(folder)
        let template = try String(contentsOfFile: "\(Project.root)/Documents/\(folder)/template.typ", encoding: .utf8)
        let head = FieldListTests.head(of: template)
        #expect(Set(kind.fields.map(\.name)) == head.fields)
        for field in kind.fields {
            if case .table(let columns) = field.type {
                #expect(Set(columns.map(\.name)) == head.columns[field.name], "\(field.name)")
            }
        }
        let places = Set(kind.places(for: [:]).map(\.name))
        #expect(places.isSubset(of: head.slots), "\(places.subtracting(head.slots)) stand in no list")
    }

    /// A value of the type as a form keeps it.
    static func value(_ type: FieldType) -> JSON {
        switch type {
        case .text: "简短的内容"
        case .longText: "第一段内容。\n第二段内容。"
        case .day: "2026-11-20"
        case .instant: "2026-11-20T01:05:00.000Z"
        case .integer: 12
        case .money: 500_000
        case .choice(let options): .string(options.first?.word ?? "")
        case .choices(let options): .array(options.map { .string($0.word) })
        case .list: ["第一项", "第二项"]
        case .persons: [["name": "甲某", "certificate": "TJ990001"], ["name": "乙某", "certificate": ""]]
        case .table(let columns): [.object(columns.map { .init($0.name, "格内文字") })]
        }
    }

    /// What the office would hand to the press for this form.
    static func document(_ kind: DocumentKind, _ form: JSON, state: String, rendition: String) throws -> JSON {
        let fields = kind.fields.compactMap { field -> JSON.Member? in
            guard let value = form[field.name], let text = FieldText.printed(value, as: field.type) else { return nil }
            return JSON.Member(field.name, text)
        }
        let slots = kind.places(for: form).map { place -> JSON in
            [
                "name": .string(place.name), "label": .string(place.slot.label), "required": .boolean(place.isRequired),
                "kind": place.slot.kind == .seal ? "seal" : "signature", "state": .string(state), "who": "甲某",
                "at": "2026年11月20日 9时05分", "reason": state == "open" ? "" : "理由",
                "opinion": state == "open" ? "" : "同意。",
            ]
        }
        return try Project.sample("case-file-cover.a").setting("kind", .string(kind.name))
            .setting("title", .string(kind.title)).setting("fields", .object(fields)).setting("slots", .array(slots))
            .setting("rendition", .string(rendition))
    }

    @Test(
        "a form filled in every field prints all of them, signed in every way, and an empty one prints its blanks",
        .enabled(if: Project.judged, "the press is not installed: run scripts/setup.sh test"), arguments: folders)
    func printing(folder: String) async throws {
        let kind = try Self.kind(folder)
        let directory = try TemporaryDirectory()
        let form = JSON.object(kind.fields.map { .init($0.name, Self.value($0.type)) })
        for state in ["open", "signed", "paper", "refused", "unable"] {
            let rendition = state == "open" ? "A" : "B"
            let path = try await DocumentTests.printed(
                Self.document(kind, form, state: state, rendition: rendition), in: directory, as: state)
            #expect(try DocumentTests.pages(of: path) <= 4)
        }
        let empty = try await DocumentTests.printed(
            Self.document(kind, [:], state: "open", rendition: "A"), in: directory, as: "empty")
        let text = try DocumentTests.text(of: empty).filter { !$0.isWhitespace }
        #expect(text.contains(kind.title))
        #expect(!text.contains("none"), "a missing value shows as a word of the typesetter")
    }

    /// What stands in a field and nowhere else on the sheet.
    private static func marked(_ type: FieldType, _ mark: String) -> JSON? {
        switch type {
        case .text, .longText: .string(mark)
        case .list: [.string(mark)]
        case .table(let columns): [.object(columns.map { .init($0.name, .string(mark)) })]
        default: nil
        }
    }

    @Test(
        "whatever is filled in is on the paper that is signed, also where what usually stands beside it is left out",
        .enabled(if: Project.judged, "the press is not installed: run scripts/setup.sh test"), arguments: folders)
    func everyOther(folder: String) async throws {
        let kind = try Self.kind(folder)
        let directory = try TemporaryDirectory()
        let fields = kind.fields.enumerated().compactMap { number, field in
            Self.marked(field.type, "甲申\(number)酉丙").map { (field, "甲申\(number)酉丙", $0) }
        }
        // Each sheet has every other field that may be left out, so that none stands with its neighbours.
        for start in [0, 1] {
            let filled = fields.enumerated().filter { $0.offset % 2 == start }.map(\.element)
            let required = kind.fields.filter { field in
                field.required.holds(in: [:]) && !filled.contains { $0.0.name == field.name }
            }
            let form = JSON.object(
                required.map { .init($0.name, Self.value($0.type)) } + filled.map { .init($0.0.name, $0.2) })
            let path = try await DocumentTests.printed(
                Self.document(kind, form, state: "open", rendition: "A"), in: directory, as: "half\(start)")
            let text = try DocumentTests.text(of: path).filter { !$0.isWhitespace }
            for (field, mark, _) in filled { #expect(text.contains(mark), "\(kind.title)：\(field.label)") }
        }
    }

    @Test(
        "a slot that nobody had to meet is left out of the issued document when nobody did",
        .enabled(if: Project.judged, "the press is not installed: run scripts/setup.sh test"))
    func optionalSlots() async throws {
        let directory = try TemporaryDirectory()
        let kind = try Self.kind("procedure-initiation-approval")
        for (major, expected) in [("no", false), ("yes", true)] {
            let data = try Self.document(kind, ["isMajor": .string(major)], state: "open", rendition: "A")
            let path = try await DocumentTests.printed(data, in: directory, as: major)
            let text = try DocumentTests.text(of: path).filter { !$0.isWhitespace }
            #expect(text.contains("合法性审查意见") == expected)
        }
        let record = try Project.sample("site-inspection-record.a")
        let issued = try await DocumentTests.printed(record.setting("rendition", "B"), in: directory)
        #expect(try !DocumentTests.text(of: issued).contains("见证人"))
        #expect(try DocumentTests.text(of: issued).contains("检查人员"))
    }
}
