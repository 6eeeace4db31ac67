import Casework
import Foundation
import Kernel
import TestKit
import Testing

@testable import Rulebook

@Suite("Rule files that are kept with the data")
struct KeptRulesTests {
    /// A small program of its own: one text, one calendar, one kind, and what they need.
    private struct Program {
        let directory: TemporaryDirectory
        var regulations: String { directory.path + "/program/Regulations" }
        var documents: String { directory.path + "/program/Documents" }
        var kept: KeptRules { KeptRules(directory: directory.path + "/rules") }

        init() throws {
            directory = try TemporaryDirectory(inMemory: true)
            let root = Sample.root
            for part in [
                "Regulations/matters.yaml", "Regulations/parent-law.yaml", "Regulations/calendars", "Documents",
            ] {
                let target = directory.path + "/program/" + part
                try FileManager.default.createDirectory(
                    at: URL(fileURLWithPath: target).deletingLastPathComponent(), withIntermediateDirectories: true)
                try FileManager.default.copyItem(atPath: root + "/" + part, toPath: target)
            }
        }

        func own() throws -> RuleLibrary { try RuleFiles.load(regulations: regulations, documents: documents) }
        func edition() throws -> RuleEdition { try RuleEdition(regulations: regulations, documents: documents) }
        func library() throws -> RuleLibrary { try kept.adding(to: try own(), own: try edition()) }

        /// Keeps everything, as the program does at its start.
        func keep() throws {
            let edition = try edition()
            try FileManager.default.createDirectory(atPath: kept.directory, withIntermediateDirectories: true)
            for file in edition.files {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: directory.path + "/program/" + file.path))
                try bytes.write(to: URL(fileURLWithPath: "\(kept.directory)/\(file.keptName)"))
            }
            try Data(edition.bytes).write(to: URL(fileURLWithPath: "\(kept.directory)/\(edition.keptName)"))
        }

        func change(_ path: String, _ old: String, _ new: String) throws {
            let url = URL(fileURLWithPath: directory.path + "/program/" + path)
            let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
            try #require(text.contains(old))
            try Data(text.replacingOccurrences(of: old, with: new).utf8).write(to: url)
        }
    }

    @Test("a directory that is reached by a link is read through, and one inside that is a link is refused")
    func links() throws {
        let program = try Program()
        let plain = try program.edition()
        let files = FileManager.default
        let other = program.directory.path + "/linked"
        try files.createSymbolicLink(atPath: other, withDestinationPath: program.documents)
        #expect(try RuleEdition(regulations: program.regulations, documents: other) == plain)
        let kind = program.documents + "/rights-notice"
        try files.moveItem(atPath: kind, toPath: program.directory.path + "/elsewhere")
        try files.createSymbolicLink(atPath: kind, withDestinationPath: program.directory.path + "/elsewhere")
        let error = #expect(throws: RuleFileError.self) { try program.edition() }
        #expect(error?.problems.map(\.file) == ["Documents/rights-notice"])
        #expect(error?.problems.first?.message.contains("符号链接") == true)
    }

    @Test("the list of an edition has one spelling, and a changed one is none")
    func list() throws {
        let edition = try Program().edition()
        #expect(RuleEdition(edition.bytes) == edition)
        #expect(edition.files.contains { $0.path == "Regulations/matters.yaml" })
        #expect(edition.files.contains { $0.path == "Documents/_shared/document.typ" && $0.keptName.hasSuffix(".typ") })
        #expect(!edition.files.contains { $0.path == "Documents/FIELDS.md" })
        #expect(RuleEdition(Array(edition.bytes.dropLast())) == nil && RuleEdition([]) == nil)
        #expect(RuleEdition(Array("liuhen/edition/v1\n\(Digest.zero)  Documents/../x\n".utf8)) == nil)
        #expect(RuleEdition(Array("liuhen/edition/v1\n\(Digest.zero)  /etc/x\n".utf8)) == nil)
    }

    @Test("a template's digest in an edition is the one that a document names")
    func templates() throws {
        let program = try Program()
        let (edition, library) = (try program.edition(), try program.own())
        for (name, kind) in library.kinds where kind.templateDigest != nil {
            #expect(edition.templateDigest(of: name) == kind.templateDigest, "\(name)")
        }
    }

    @Test("after an upgrade a text, its matters, a calendar and a kind are still there as they were, by digest")
    func upgrade() throws {
        let program = try Program()
        try program.keep()
        let before = try program.library()
        #expect(try before.edition == program.edition().digest)
        #expect(try before.regulations == program.own().regulations)
        let text = try #require(before.newest("parent-law"))
        let kind = try #require(before.kinds["rights-notice"])
        let year = try #require(before.newestCalendars.first)

        try program.change(
            "Regulations/parent-law.yaml", "regulation: parent-law", "# repaired\nregulation: parent-law")
        try program.change(
            "Regulations/matters.yaml", "id: rights-notice, title: 权利告知, per: case",
            "id: rights-notice, title: 改过的事项, per: case")
        try program.change("Documents/rights-notice/kind.yaml", kind.kind.title, "改过名的告知书")
        try program.change("Regulations/calendars/\(year.file)", "\n", "\n# published again\n")
        let after = try program.library()
        #expect(after.edition != before.edition)
        #expect(after.newest("parent-law")?.digest != text.digest)
        #expect(after.regulation(text.digest) == text.regulation)
        #expect(after.edition(of: text.digest) == before.edition)
        #expect(after.edition(of: try #require(after.newest("parent-law")).digest) == after.edition)
        #expect(after.matters["rights-notice"]?.title == "改过的事项")
        #expect(after.mattersOfEditions[try #require(before.edition)]?["rights-notice"]?.title == "权利告知")
        #expect(after.kind("rights-notice")?.title == "改过名的告知书")
        #expect(after.keptKinds[kind.digest] == kind.kind)
        #expect(after.calendars.contains { $0.digest == year.digest })
        #expect(after.newestCalendars.first?.digest != year.digest)
    }

    @Test("what was adopted is judged with the matters that it was adopted with, and refused where they are not kept")
    func adoption() throws {
        let program = try Program()
        try program.keep()
        let before = try program.library()
        let text = try #require(before.newest("parent-law"))
        let bureau = ThreadTag(high: 0, low: 1)
        func record(_ edition: Digest?) -> Record {
            var plain: [JSON.Member] = [
                .init("digest", .string(text.digest.description)), .init("inForceFrom", "2026-01-01"),
                .init("regulation", "parent-law"),
            ]
            if let edition { plain.append(.init("edition", .string(edition.description))) }
            return Record(
                thread: bureau, seq: 1, type: .regulationAdopted, recordedAt: Instant(milliseconds: 0),
                plain: .object(plain))
        }
        try program.change(
            "Regulations/matters.yaml", "id: rights-notice, title: 权利告知, per: case",
            "id: rights-notice, title: 改过的事项, per: case")
        let after = try program.library()
        let named = try RulesInForce(bureau: [record(before.edition)], library: after)
        #expect(named.spans[0].matters == before.matters && named.matters == after.matters)
        #expect(try RulesInForce(bureau: [record(nil)], library: after).spans[0].matters == nil)
        #expect(throws: RulesError.unknownEdition(regulation: "parent-law", digest: Digest.zero.description)) {
            try RulesInForce(bureau: [record(.zero)], library: after)
        }
    }

    @Test("a kept file that is not what its name says is refused; one that is not there is missed by who needs it")
    func damaged() throws {
        let program = try Program()
        try program.keep()
        let text = try #require(try program.own().newest("parent-law"))
        try program.change(
            "Regulations/parent-law.yaml", "regulation: parent-law", "# repaired\nregulation: parent-law")
        let url = URL(fileURLWithPath: "\(program.kept.directory)/\(text.digest).yaml")
        let bytes = try Data(contentsOf: url)
        for index in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
            var changed = bytes
            changed[index] ^= 1 << UInt8(index % 8)
            try changed.write(to: url)
            #expect(throws: RuleFileError.self, "byte \(index)") { try program.library() }
        }
        try FileManager.default.removeItem(at: url)
        #expect(try program.library().regulation(text.digest) == nil)
        try bytes.write(to: url)
        #expect(try program.library().regulation(text.digest) == text.regulation)
        // A text from before there were editions.
        for name in program.kept.names where name.hasSuffix(".edition") {
            try FileManager.default.removeItem(atPath: program.kept.directory + "/" + name)
        }
        for name in program.kept.names where name != "\(text.digest).yaml" {
            try FileManager.default.removeItem(atPath: program.kept.directory + "/" + name)
        }
        #expect(try program.library().regulation(text.digest) == text.regulation)
    }
}
