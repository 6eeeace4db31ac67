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
