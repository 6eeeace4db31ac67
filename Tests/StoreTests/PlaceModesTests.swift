import Foundation
import Glibc
import Kernel
import TestKit
import Testing

@testable import Store

/// What doctor says of directories and files that other users of the machine could enter, read or change.
@Suite("Modes of a server's directories", .serialized)
struct PlaceModesTests {
    private func made() throws -> (directory: TemporaryDirectory, modes: PlaceModes) {
        let directory = try TemporaryDirectory()
        let root = directory.path
        for (path, isFile) in [
            ("data", false), ("data/bureaus", false), ("data/bureaus/qinghe", false),
            ("data/bureaus/qinghe/vault", false), ("data/bureaus/qinghe/ledger.sqlite", true),
            ("data/installation.sqlite", true), ("keys", false), ("keys/qinghe", false), ("keys/qinghe/log", true),
            ("lock", false), ("lock/qinghe.lock", true),
        ] {
            if isFile {
                FileManager.default.createFile(atPath: "\(root)/\(path)", contents: Data("x".utf8))
            } else {
                try FileManager.default.createDirectory(atPath: "\(root)/\(path)", withIntermediateDirectories: true)
            }
            chmod("\(root)/\(path)", isFile ? 0o600 : 0o700)
        }
        return (directory, PlaceModes(data: root + "/data", keys: root + "/keys", lock: root + "/lock"))
    }

    private func all(_ modes: PlaceModes) -> [PlaceModes.Finding] {
        modes.keyFindings() + modes.dataFindings() + modes.lockFindings()
    }

    @Test(
        "each that is open to others is named alone, with its mode and the command that closes it",
        arguments: [
            ("keys", 0o777, true), ("keys", 0o750, true), ("keys/qinghe", 0o777, true), ("keys/qinghe", 0o711, true),
            ("keys/qinghe/log", 0o640, true), ("data", 0o755, true), ("data/bureaus", 0o777, true),
            ("data/bureaus/qinghe", 0o770, true), ("data/bureaus/qinghe/ledger.sqlite", 0o666, true),
            ("data/bureaus/qinghe/ledger.sqlite", 0o644, false), ("data/bureaus/qinghe/vault", 0o702, true),
            ("data/installation.sqlite", 0o662, true), ("lock", 0o777, true), ("lock", 0o755, false),
            ("lock/qinghe.lock", 0o666, true),
        ] as [(String, mode_t, Bool)])
    func each(path: String, mode: mode_t, isFinding: Bool) throws {
        let (directory, modes) = try made()
        #expect(all(modes).isEmpty)
        let whole = "\(directory.path)/\(path)"
        chmod(whole, mode)
        let found = all(modes)
        #expect(found.map(\.path) == (isFinding ? [whole] : []))
        guard let finding = found.first else { return }
        #expect(finding.chinese.contains("权限是 \(String(mode, radix: 8))"))
        // What it says mends it.
        let words = finding.chinese.components(separatedBy: "请运行 chmod ").last?.dropLast().split(separator: " ")
        let wanted = try #require(words?.first.flatMap { mode_t($0, radix: 8) })
        #expect(words?.last.map(String.init) == whole)
        chmod(whole, wanted)
        #expect(all(modes).isEmpty)
    }

    @Test("nothing is there: nothing is found")
    func absent() throws {
        let directory = try TemporaryDirectory()
        #expect(
            all(PlaceModes(data: directory.path + "/a", keys: directory.path + "/b", lock: directory.path + "/c"))
                .isEmpty)
    }
}
