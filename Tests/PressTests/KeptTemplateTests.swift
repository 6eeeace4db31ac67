import Application
import Foundation
import Kernel
import Ledger
import Press
import TestKit
import Testing

/// Templates that the program no longer has and the data keep (ADR 0018).
@Suite(
    "A kept template", .serialized,
    .enabled(if: Project.judged, "the press is not installed: run scripts/setup.sh test"))
struct KeptTemplateTests {
    private static let digest = Digest.sha256(Array("kept".utf8))

    /// A press over the program's templates, and beside them one kept form of the service receipt that says so.
    private func press(in directory: TemporaryDirectory) throws -> PressWorker {
        let kept = directory.path + "/kept"
        try FileManager.default.createDirectory(atPath: kept, withIntermediateDirectories: true)
        for part in ["_shared", "service-receipt"] {
            try FileManager.default.copyItem(atPath: "\(Project.root)/Documents/\(part)", toPath: "\(kept)/\(part)")
        }
        let url = URL(fileURLWithPath: kept + "/service-receipt/template.typ")
        let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
        try Data((text + "\n旧版式\n").utf8).write(to: url)
        var installation = Project.installation
        installation.withKept = { template, body in
            guard template.kept == Self.digest else { return false }
            body(kept)
            return true
        }
        return PressWorker(installation: installation)
    }

    @Test("prints with the kept form, and the next document with the program's own again")
    func prints() async throws {
        let directory = try TemporaryDirectory()
        let press = try press(in: directory)
        let name = try #require(TemplateName("service-receipt"))
        let data = try Project.sample("service-receipt.a")
        func text(_ template: TemplateName) async throws -> String {
            try directory.write(try await press.pdf(template: template, data: data, at: DocumentTests.day), to: "x.pdf")
            return try DocumentTests.text(of: directory.path + "/x.pdf")
        }
        #expect(try await !text(name).contains("旧版式"))
        #expect(try await text(name.kept(Self.digest)).contains("旧版式"))
        #expect(try await !text(name).contains("旧版式"))
        await press.stop()
    }

    @Test("changed while the worker is warm is printed as it is now, and after that the old bytes again")
    func changes() async throws {
        let directory = try TemporaryDirectory()
        let templates = directory.path + "/templates"
        try FileManager.default.copyItem(atPath: Project.root + "/Documents", toPath: templates)
        var installation = Project.installation
        installation.templates = templates
        let press = PressWorker(installation: installation)
        let name = try #require(TemplateName("penalty-decision"))
        let data = try Project.sample("penalty-decision.b")
        func printed() async throws -> [UInt8] {
            try await press.pdf(template: name, data: data, at: DocumentTests.day)
        }
        func changed(_ file: String, from old: String, to new: String) async throws {
            let path = templates + "/" + file
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try #require(text.contains(old))
            try text.replacing(old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
            try directory.write(try await printed(), to: "x.pdf")
            #expect(try DocumentTests.text(of: directory.path + "/x.pdf").contains(new))
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let before = try await printed()
        try await changed("penalty-decision/template.typ", from: "救济途径和期限", to: "改过的标题")
        try await changed("_shared/document.typ", from: "不具法律效力", to: "改过的页脚")
        #expect(try await printed() == before)
        await press.stop()
    }

    @Test("is refused where it is not kept, and nothing is printed with another form")
    func refused() async throws {
        let directory = try TemporaryDirectory()
        let name = try #require(TemplateName("service-receipt"))
        let data = try Project.sample("service-receipt.a")
        for press in [try press(in: directory), PressWorker(installation: Project.installation)] {
            do {
                _ = try await press.pdf(template: name.kept(.zero), data: data, at: DocumentTests.day)
                Issue.record("printed with another form")
            } catch {
                #expect(error.code == .template && error.message.contains("rules 目录"))
            }
            await press.stop()
        }
    }
}
