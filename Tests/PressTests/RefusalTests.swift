import Application
import Foundation
import Kernel
import Press
import TestKit
import Testing

/// What cannot be printed right is not printed at all.
@Suite("refusals", .serialized, .enabled(if: Project.judged, "the press is not installed: run scripts/setup.sh test"))
struct RefusalTests {
    static let press = PressWorker(installation: Project.installation)

    static func error(_ data: JSON, template: String = "site-inspection-record") async throws -> PressError? {
        let name = try #require(TemplateName(template))
        do throws(PressError) {
            _ = try await press.pdf(template: name, data: data, at: DocumentTests.day)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "a character that no font draws is named, wherever it stands",
        arguments: [
            ("在场人𲎯某", "“𲎯”（U+323AF）"), ("☐ 已告知", "“☐”（U+2610）"), ("😀", "“😀”（U+1F600）"), ("甲\u{E000}", "（U+E000）"),
        ])
    func missingGlyph(text: String, name: String) async throws {
        let data = try Project.sample("site-inspection-record.a")
        for field in ["findings", "place", "presentPerson"] {
            let error = try #require(try await Self.error(data.settingField(field, .string(text))))
            #expect(error.code == .missingGlyph)
            #expect(error.message.contains(name), "\(error.message)")
        }
        let inTable: JSON = [["problem": .string(text), "basis": "甲", "evidence": "乙"]]
        #expect(try await Self.error(data.settingField("items", inTable))?.code == .missingGlyph)
    }

    @Test("a preview refuses what the PDF would refuse")
    func previewRefuses() async throws {
        let data = try Project.sample("site-inspection-record.a").settingField("place", "𲎯村")
        let name = try #require(TemplateName("site-inspection-record"))
        await #expect {
            try await Self.press.pages(template: name, data: data, at: DocumentTests.day, scale: 1)
        } throws: { ($0 as? PressError)?.code == .missingGlyph }
    }

    @Test(
        "characters that nobody would see on paper are refused by number",
        arguments: [
            "\u{202E}", "\u{2066}", "\u{200B}", "\u{FEFF}", "\u{0007}", "\u{00AD}", "\u{E0041}", "\u{2028}",
        ])
    func unseen(character: String) async throws {
        let data = try Project.sample("site-inspection-record.a").settingField("findings", .string("甲\(character)乙"))
        let error = try #require(try await Self.error(data))
        #expect(error.code == .missingGlyph)
        let number = String(character.unicodeScalars.first?.value ?? 0, radix: 16, uppercase: true)
        #expect(error.message.contains("U+" + String(repeating: "0", count: max(0, 4 - number.count)) + number))
    }

    @Test("text is text: nothing in it is run or set as markup")
    func markup() async throws {
        let directory = try TemporaryDirectory()
        let hostile = ##"#panic() $x$ *粗* #read("/etc/passwd") <a> \u{41} // 注 `#` "\"##
        let data = try Project.sample("site-inspection-record.a").settingField("findings", .string(hostile))
        let text = try DocumentTests.text(of: try await DocumentTests.printed(data, in: directory))
        for part in ["#panic()", "*", "#read(", "/etc/passwd", "<a>", "\\u{41}", "//"] { #expect(text.contains(part)) }
    }

    @Test("a field that the template does not print is refused by name")
    func unknownField() async throws {
        let data = try Project.sample("site-inspection-record.a").settingField("surprise", "甲")
        let error = try #require(try await Self.error(data))
        #expect(error.code == .template)
        #expect(error.detail.contains("unknown field: surprise"))
    }

    static let damaged = [
        "M 0 0 L", "L 1 1", "M 0 0 A 1 1 0 0 1 2 2", "M 0 0 l 1 1", "M 1e9 0 L 0 0", "M 0 0 L 1 1 <script>", "1 2",
        "M 0 0 Z 1 1",
    ]

    @Test("a damaged drawing is refused, not drawn in part", arguments: damaged)
    func damagedDrawing(path: String) async throws {
        let slot: JSON = [
            "name": "party", "label": "甲", "required": true, "kind": "signature", "state": "signed", "who": "乙",
            "drawing": .string(path),
        ]
        let data = try Project.sample("site-inspection-record.a").setting("slots", [slot])
        let error = try #require(try await Self.error(data), "\(path) was drawn")
        #expect(error.code == .template)
        #expect(error.message.contains("笔迹"))
    }

    @Test("every drawing that the office accepts can be printed, and it accepts no damaged one")
    func acceptedDrawings() async throws {
        var random = SeededRandom(7)
        let pieces = [
            "M 1 2", "M1,2", " L 3 4", "L-3.5 , 4", " Q 1 2 3 4", "C 1 2 3 4 5 6", "Z", " ", ",", "M", "7", "-", ".5",
            "1.",
            " 99999 -99999", "L 1 2 3 4", "x", "1e5",
        ]
        var accepted = 0
        let data = try Project.sample("case-file-catalogue.a")
        for _ in 0..<4000 {
            let path = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }.joined()
            guard SignaturePath.isValid(path) else { continue }
            accepted += 1
            let slot: JSON = ["name": "party", "state": "signed", "drawing": .string(path)]
            let error = try await Self.error(data.setting("slots", [slot]), template: "case-file-catalogue")
            #expect(error == nil, "\(path) is accepted and cannot be printed")
        }
        #expect(accepted > 100)
        for path in Self.damaged { #expect(!SignaturePath.isValid(path), "\(path) was accepted") }
    }

    @Test("a template that is not there, and data that lacks its frame, are errors and the worker lives on")
    func badRequests() async throws {
        let data = try Project.sample("site-inspection-record.a")
        #expect(try await Self.error(data) == nil)
        let worker = await Self.press.workerProcess()
        #expect(try await Self.error(data, template: "no-such-kind")?.code == .template)
        #expect(
            try await Self.error(data, template: "_shared".replacingOccurrences(of: "_", with: "-"))?.code == .template)
        #expect(try await Self.error(["fields": [:]])?.code == .template)
        #expect(try await Self.error([])?.code == .template)
        #expect(try await Self.error(data.setting("sheet", ["id": 7]))?.code == .template)
        #expect(try await Self.error(data) == nil)
        #expect(await Self.press.workerProcess() == worker)
    }

    @Test(
        "a template cannot read outside its folder, load packages, or leave a warning behind",
        arguments: [
            (#"#read("/../../../etc/passwd")"#, "escape the project root"),
            (#"#read("../../etc/passwd")"#, "escape the project root"), (#"#read("/etc/passwd")"#, "file not found"),
            (#"#import "@preview/cetz:0.4.0""#, "package in "),
            (
                #"#set document(title: "甲"); #set text(font: ("No Such Font", "FandolFang R")); 甲"#,
                "warning: unknown font"
            ),
        ])
    func confined(source: String, clue: String) async throws {
        let directory = try TemporaryDirectory()
        try directory.write(Array(source.utf8), to: "Documents/hostile/template.typ")
        var installation = Project.installation
        installation.templates = directory.path + "/Documents"
        let press = PressWorker(installation: installation)
        let name = try #require(TemplateName("hostile"))
        do throws(PressError) {
            _ = try await press.pdf(template: name, data: [:], at: DocumentTests.day)
            Issue.record("printed: \(source)")
        } catch {
            #expect(error.code == .template)
            #expect(error.detail.contains(clue), "\(error.detail)")
        }
        await press.stop()
    }

    @Test("template names cannot leave the folder", arguments: ["", "a/b", "..", "A", "甲", "a b", "a\u{0}", "a.typ"])
    func names(name: String) {
        #expect(TemplateName(name) == nil)
    }
}
