import Application
import Foundation
import Kernel
import TestKit
import Testing

@testable import Press

@Suite("The digest of an installed press")
struct InstallationDigestTests {
    private func installed() throws -> (TemporaryDirectory, PressInstallation) {
        let place = try TemporaryDirectory()
        let packages = "venv/lib/python3.11/site-packages"
        try place.write(Array("worker".utf8), to: "worker/press_worker.py")
        try place.write(Array("one".utf8), to: "fonts/One.otf")
        try place.write(Array("two".utf8), to: "fonts/Two.ttf")
        try place.write(Array("typst/x.so,sha256=1,1".utf8), to: "\(packages)/typst-0.15.0.dist-info/RECORD")
        try place.write(Array("zxingcpp/x.so,sha256=1,1".utf8), to: "\(packages)/zxing_cpp-3.1.1.dist-info/RECORD")
        try place.write([], to: "\(packages)/typst/x.so")
        return (
            place,
            PressInstallation(
                python: place.path + "/venv/bin/python", worker: place.path + "/worker/press_worker.py",
                templates: place.path, fonts: place.path + "/fonts")
        )
    }

    @Test("every part counts by name and by bytes, and the same parts elsewhere give the same digest")
    func everyPart() throws {
        let (kept, first) = try installed()
        let before = try withExtendedLifetime(kept) { try first.digest() }
        let packages = "venv/lib/python3.11/site-packages"
        let changes: [(String, (TemporaryDirectory) throws -> Void)] = [
            ("a font's bytes", { try $0.write(Array("onf".utf8), to: "fonts/One.otf") }),
            ("another font", { try $0.write([], to: "fonts/Three.otf") }),
            (
                "a font's name",
                {
                    try FileManager.default.moveItem(
                        atPath: $0.path + "/fonts/One.otf", toPath: $0.path + "/fonts/Onf.otf")
                }
            ),
            ("a font gone", { try FileManager.default.removeItem(atPath: $0.path + "/fonts/One.otf") }),
            ("the worker", { try $0.write(Array("worked".utf8), to: "worker/press_worker.py") }),
            (
                "the wheel",
                { try $0.write(Array("typst/x.so,sha256=2,1".utf8), to: "\(packages)/typst-0.15.0.dist-info/RECORD") }
            ),
            (
                "the version",
                {
                    try FileManager.default.moveItem(
                        atPath: "\($0.path)/\(packages)/typst-0.15.0.dist-info",
                        toPath: "\($0.path)/\(packages)/typst-0.15.1.dist-info")
                }
            ),
        ]
        for (what, change) in changes {
            let (place, installation) = try installed()
            #expect(try installation.digest() == before, "the same parts elsewhere")
            let known = InstallationDigest(installation)
            #expect(try known.current() == before)
            try change(place)
            #expect(try installation.digest() != before, "\(what)")
            #expect(try known.current() == installation.digest(), "\(what), though the digest was known already")
        }
    }

    @Test("a missing part is told as a press that is not installed")
    func missing() throws {
        for path in ["fonts", "worker", "venv/lib/python3.11/site-packages/typst-0.15.0.dist-info", "venv"] {
            let (place, installation) = try installed()
            try FileManager.default.removeItem(atPath: "\(place.path)/\(path)")
            #expect(throws: PressError.self, "\(path)") { try InstallationDigest(installation).current() }
        }
    }

    @Test("the press of this project has a digest", .enabled(if: Project.judged, "the press is not installed"))
    func own() async throws {
        let press = PressWorker(installation: Project.installation)
        let digest = try await press.installationDigest()
        #expect(try await press.installationDigest() == digest)
        let names = try Project.installation.parts().map(\.name)
        #expect(names.filter { $0.hasPrefix("font/") }.count == 10 && names.contains { $0.hasPrefix("package/typst-") })
    }
}
