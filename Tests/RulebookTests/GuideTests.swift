import Casework
import Foundation
import Kernel
import TestKit
import Testing

@testable import Rulebook

/// Follows docs/regulations.md as a bureau would that writes its own file with nothing else at hand.
@Suite("docs/regulations.md", .serialized)
struct GuideTests {
    private static func guide() throws -> String {
        try String(contentsOfFile: "\(Sample.root)/docs/regulations.md", encoding: .utf8)
    }

    /// The whole small file of the guide.
    private static func sample() throws -> String {
        try #require(
            try guide().components(separatedBy: "```yaml\n").dropFirst().first?.components(separatedBy: "```").first)
    }

    private func run(_ arguments: [String]) throws -> Judge.Result {
        let program = try #require(RegulationCommandTests.program, "liuhen was not built: run swift build first")
        return try Judge.run(
            program, ["regulation"] + arguments + ["--root", Sample.root], in: TemporaryDirectory())
    }

    @Test("its file is linted clean, judges a history that keeps the row and one that breaks it, and says so")
    func whole() throws {
        let place = try TemporaryDirectory()
        let file = place.path + "/sample-2026.yaml"
        try place.write(Array(try Self.sample().utf8), to: "sample-2026.yaml")
        let lint = try run(["lint", file])
        #expect(lint.status == 0 && lint.output.contains("没有问题。示例县统计局全过程记录办法第1版，3 条，其中政策性 1 条。"))
        func answer(filed: String) throws -> String {
            let told = """
                timeline:
                  - { at: 2026-03-02T09:00+08:00, type: case.ended, ground: performed }
                  - { at: \(filed), type: case.filed }
                """
            try place.write(Array(told.utf8), to: "history.yaml")
            let result = try run(["check", "--regulations", file, "--timeline", place.path + "/history.yaml"])
            #expect(result.status == 0)
            return result.output
        }
        let kept = try answer(filed: "2026-04-01T23:59:59+08:00")
        #expect(kept.contains("【已履行】归档") && kept.contains("2026年4月1日24时止"))
        #expect(try answer(filed: "2026-04-02T00:00:00+08:00").contains("【逾期履行】归档"))
        // In force only from 2026 on: a history of the year before is not judged, and the answer says why.
        let before = """
            timeline:
              - { at: 2025-03-02T09:00+08:00, type: case.ended, ground: performed }
            """
        try place.write(Array(before.utf8), to: "before.yaml")
        let silent = try run(["check", "--regulations", file, "--timeline", place.path + "/before.yaml"])
        #expect(silent.output.contains("都没有施行，没有据以判断"))
    }

    @Test("a second version may not lose a row of the first; the guide says so and lint holds to it")
    func second() throws {
        let place = try TemporaryDirectory()
        for name in ["Regulations", "Documents"] {
            try FileManager.default.copyItem(atPath: "\(Sample.root)/\(name)", toPath: "\(place.path)/\(name)")
        }
        let text = try Self.sample()
        try place.write(Array(text.utf8), to: "Regulations/sample-2026.yaml")
        let next = text.replacing("version: 1 ", with: "version: 2 ")
        func lint(_ text: String) throws -> Judge.Result {
            try place.write(Array(text.utf8), to: "sample-2026-2.yaml")
            let program = try #require(RegulationCommandTests.program)
            return try Judge.run(
                program, ["regulation", "lint", place.path + "/sample-2026-2.yaml", "--root", place.path],
                in: TemporaryDirectory())
        }
        #expect(try lint(next).status == 0)
        let lost = try lint(next.replacing("\"sample-2026:1\"", with: "\"sample-2026:2\""))
        #expect(lost.status == 1 && lost.output.contains("第2版少了上一版的条款“sample-2026:1”"))
        #expect(try lint(text).output.contains("第1版已在 sample-2026.yaml 中"))
        // Versions are counted without leaving one out, from the first on.
        let third = try lint(text.replacing("version: 1 ", with: "version: 3 "))
        #expect(third.status == 1 && third.output.contains("的上一版是第1版，这一版应写 version: 2"))
        let other = try lint(next.replacing("sample-2026", with: "other-2026"))
        #expect(other.status == 1 && other.output.contains("还没有别的版本，第一版应写 version: 1"))
    }

    @Test("every piece of a row that the guide shows is read where it says that it stands")
    func pieces() throws {
        let guide = try Self.guide()
        // Indented blocks that begin a key of a row.
        var pieces: [String] = []
        var block: [String] = []
        for line in "\(guide)\n".components(separatedBy: "\n") {
            if line.hasPrefix("    ") {
                block.append(line)
            } else {
                if let first = block.first, first.hasPrefix("    allows:") || first.hasPrefix("    figures:") {
                    pieces.append(block.joined(separator: "\n"))
                }
                block = []
            }
        }
        #expect(pieces.count == 2)
        let sample = try Self.sample()
        for piece in pieces {
            let text = sample.replacing(
                "    summary: 执法行为终结之日起30日内归档。\n", with: "    summary: 执法行为终结之日起30日内归档。\n\(piece)\n")
            #expect(text != sample)
            #expect(throws: Never.self, "\(piece)") {
                try RuleFiles.regulation(Array(text.utf8), file: "sample-2026.yaml", library: Sample.library)
            }
        }
        let elapsed = "require: { elapsed: { months: 24, from: happened } }"
        #expect(guide.contains("`\(elapsed)`"))
        let waiting = sample.replacing("require: { record: case.filed }", with: elapsed)
            .replacing("        within: { days: 30, from: happened, roll: true }\n", with: "")
            .replacing("gate: close", with: "gate: { level: hard, refuses: [{ record: disposal.performed }] }")
        #expect(throws: Never.self) {
            try RuleFiles.regulation(Array(waiting.utf8), file: "sample-2026.yaml", library: Sample.library)
        }
    }

    @Test("it names every word that a row may use: modality, kind, per, holder, level, gate, tie, category")
    func words() throws {
        let guide = try Self.guide()
        let words =
            Provision.Modality.allCases.map(\.rawValue) + Provision.Kind.allCases.map(\.rawValue)
            + Matter.Per.allCases.map(\.rawValue) + DutyHolder.allCases.map(\.rawValue)
            + AVLevel.allCases.map(\.rawValue) + ["close", "pre", "hard", "elapsed", "never", "same-subject", "itself"]
            + DocumentKind.Category.allCases.map(\.rawValue) + Term.Change.allCases.map(\.rawValue)
        let said = Set(guide.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init))
        for word in words { #expect(said.contains(word), "\(word)") }
    }
}
