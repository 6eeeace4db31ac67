import Casework
import Foundation
import Kernel
import Press
import Rulebook
import TestKit
import Testing

@testable import Application

/// The numbered sheets that are handed out of a lead and signed by hand (ADR 0078), as the press prints them.
@Suite(
    "sheets handed out of a lead", .serialized,
    .enabled(if: Project.judged, "the press is not installed: run scripts/setup.sh test"))
struct LeadSheetTests {
    /// Kinds of which a lead can have a paper.
    private static func kinds() throws -> [DocumentKind] {
        try FieldListTests.folders.map(KindPrintTests.kind).filter { !$0.leads.isEmpty }
    }

    @Test("each bears its number, its position and every place to sign, and is PDF/A-2a")
    func handedOut() async throws {
        let kinds = try Self.kinds()
        #expect(
            Set(kinds.map(\.name)) == [
                "acceptance-record", "application-registration", "complaint-report-record", "non-initiation-notice",
                "on-the-spot-correction-record", "one-time-supplement-notice", "oral-application-record",
                "written-receipt",
            ])
        let opened = Record(
            thread: .random(), seq: 1, type: .bureauOpened, recordedAt: Instant(milliseconds: 0),
            plain: ["demo": true], fields: ["letterhead": "清禾县统计局", "name": "清禾县统计局"])
        let bureau = try #require(BureauProfile([opened]))
        let root = try #require(Digest(String(repeating: "0a", count: 32)))
        let position = SheetPosition(
            origin: "demo.liuhen.invalid/log/1", index: 41, size: 42, root: root, keyID: "0a1b2c3d")
        let directory = try TemporaryDirectory()
        var paths: [String] = []
        for kind in kinds {
            let form = JSON.object(kind.fields.map { .init($0.name, KindPrintTests.value($0.type)) })
            let sheet = DocumentSheet(kind: kind, data: form, bureau: bureau, id: .random())
            let number = kind.numbering?.text(mark: "清禾统", year: 2026, number: 7)
            let data = kind.isSentOut ? sheet.handedOut(number: number, position: position) : sheet.renditionA()
            let path = try await DocumentTests.printed(data, in: directory, as: kind.name)
            let text = try DocumentTests.text(of: path).filter { !$0.isWhitespace }
            if let number { #expect(text.contains(number), "\(kind.name)") }
            #expect(text.contains("demo.liuhen.invalid/log/1") == kind.isSentOut, "\(kind.name)")
            for slot in kind.slots where slot.who != .bureau {
                #expect(text.contains(slot.label), "\(kind.name): nobody can sign as \(slot.label)")
            }
            paths.append(path)
        }
        let judgement = try Project.run(
            Project.installation.python, [Project.root + "/scripts/judges/pdf.py"] + paths)
        #expect(judgement.status == 0, "\(judgement.output)")
        #expect(judgement.output.split(separator: "\n").filter { $0.hasPrefix("accepted ") }.count == paths.count)
    }
}
