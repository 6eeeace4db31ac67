import Foundation
import Kernel
import Press
import TestKit
import Testing

/// The project's tree, and what of the press is installed in it.
enum Project {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    static let installation = PressInstallation(root: root)

    /// Whether every test has to run: one that cannot look fails then.
    static let judgesDemanded = ProcessInfo.processInfo.environment["LIUHEN_JUDGES"] == "1"

    /// Whether tests that need the installed press run: always where judges are demanded, so that they fail there
    /// when something is missing, and else only where all of it is installed.
    static let judged =
        judgesDemanded
        || (installation.missing.isEmpty && ["qpdf", "pdffonts", "zbarimg"].allSatisfy { toolPath($0) != nil })

    static let updatesGolden = ProcessInfo.processInfo.environment["LIUHEN_UPDATE_GOLDEN"] == "1"

    static let fixtures = root + "/Tests/Fixtures/press"

    /// The data of one sample document.
    static func sample(_ name: String) throws -> JSON {
        try JSON(canonical: Data(contentsOf: URL(fileURLWithPath: "\(fixtures)/\(name).json")))
    }

    /// Every sample document, by name.
    static let samples: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: fixtures)) ?? []
        return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }()

    static func toolPath(_ tool: String) -> String? {
        ["/usr/bin/", "/bin/", "/usr/sbin/"].map { $0 + tool }.first { access($0, X_OK) == 0 }
    }

    /// Runs a tool to its end.
    static func run(_ tool: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let path = tool.hasPrefix("/") ? tool : try #require(toolPath(tool), "\(tool) is not installed")
        let ended = try Program.run(path, arguments, errors: .dropped)
        return (ended.status, ended.output)
    }
}

extension JSON {
    /// This object with one member put in its place.
    func setting(_ key: String, _ value: JSON) -> JSON {
        .object((members ?? []).filter { $0.key != key } + [.init(key, value)])
    }

    /// This document with one of its fields put in its place.
    func settingField(_ name: String, _ value: JSON) -> JSON {
        setting("fields", (self["fields"] ?? [:]).setting(name, value))
    }
}
