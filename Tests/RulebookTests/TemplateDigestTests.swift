import Casework
import Foundation
import Kernel
import Rulebook
import TestKit
import Testing

@Suite("Digests of templates")
struct TemplateDigestTests {
    private func digests(_ place: TemporaryDirectory) throws -> [String: Digest] {
        try RuleFiles.load(regulations: "\(Sample.root)/Regulations", documents: "\(place.path)/Documents")
            .kinds.compactMapValues(\.templateDigest)
    }

    private func copy() throws -> TemporaryDirectory {
        let place = try TemporaryDirectory()
        try FileManager.default.copyItem(atPath: "\(Sample.root)/Documents", toPath: "\(place.path)/Documents")
        return place
    }

    @Test("a changed, added or removed shared file changes the digest of every kind")
    func shared() throws {
        let place = try copy()
        let before = try digests(place)
        #expect(before.count >= 9 && Set(before.values).count == before.count)
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(place.path)/Documents/_shared")
        #expect(names.count >= 4)
        for name in names {
            let path = "\(place.path)/Documents/_shared/\(name)"
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            for changed in [bytes + Data([10]), Data(bytes.dropLast()), nil] {
                if let changed {
                    try changed.write(to: URL(fileURLWithPath: path))
                } else {
                    try FileManager.default.removeItem(atPath: path)
                }
                let after = try digests(place)
                for (kind, digest) in before { #expect(after[kind] != digest, "\(kind) after \(name)") }
            }
            try bytes.write(to: URL(fileURLWithPath: path))
            #expect(try digests(place) == before)
        }
        try place.write([1], to: "Documents/_shared/deep/logo.png")
        let after = try digests(place)
        #expect(before.allSatisfy { after[$0.key] != $0.value })
    }

    @Test("a file of one kind changes its digest alone; the rules of a kind have a digest of their own")
    func own() throws {
        let place = try copy()
        let before = try digests(place)
        for kind in before.keys {
            let path = "\(place.path)/Documents/\(kind)/template.typ"
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            try (bytes + Data([10])).write(to: URL(fileURLWithPath: path))
            let after = try digests(place)
            #expect(Set(before.keys.filter { after[$0] != before[$0] }) == [kind])
            try bytes.write(to: URL(fileURLWithPath: path))
        }
        let rules = "\(place.path)/Documents/penalty-decision/kind.yaml"
        let text = try String(contentsOfFile: rules, encoding: .utf8)
        try (text + "\n# a remark\n").write(toFile: rules, atomically: true, encoding: .utf8)
        #expect(try digests(place) == before)
    }

    @Test("templates read nothing outside their folder and _shared, so the digest covers all they read")
    func imports() throws {
        let root = "\(Sample.root)/Documents"
        let reading =
            /(?:import|include|read\(|image\(|json\(|yaml\(|csv\(|toml\(|xml\(|plugin\(|bibliography\()\s*"([^"]*)"/
        var found = 0
        for path in try FileManager.default.subpathsOfDirectory(atPath: root) where path.hasSuffix(".typ") {
            let text = try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
            for match in text.matches(of: reading) {
                let target = String(match.output.1)
                found += 1
                let isShared = target.hasPrefix("/_shared/") || target.hasPrefix("../_shared/")
                #expect(isShared || !target.contains("/"), "\(path) reads \(target)")
            }
        }
        #expect(found > 0)
    }
}
