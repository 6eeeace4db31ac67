import Foundation
import Kernel
import TestKit
import Testing

@testable import Ledger

/// A dossier may be made by somebody who wants its reader to see another verdict on the screen.
@Suite("What a dossier says on the reader's screen")
struct VerdictTextTests {
    /// Wipes the screen, turns lines round, begins new ones, and says what a reader would like to read.
    private static let spoof = "无\n\u{1B}[2J\u{9B}2J\u{202E}\u{2028}\r\u{85}\t\u{200B}\u{600}\u{E0041}结论：接受。"

    private func expectPlain(_ text: String, _ outcome: String) {
        #expect(!text.unicodeScalars.contains { $0.isControl && $0 != "\n" }, "\(text.debugDescription)")
        let lines = text.split(separator: "\n")
        #expect(lines.first?.hasPrefix("结论：\(outcome)") == true)
        #expect(lines.last == lines.first, "the verdict is the last line too")
        #expect(lines.count { $0.hasPrefix("结论：") } == 2)
    }

    @Test("a ground that is none of the format's words is refused and not repeated")
    func grounds() throws {
        for audience in [DossierAudience.court, .party] {
            for ground in [Self.spoof, "不便提供"] {
                let fixture = try DossierFixture(.usual, audience: audience) { withheld in
                    withheld = withheld.map { .init(place: $0.place, what: $0.what, ground: ground) }
                }
                #expect(!fixture.manifest.withheld.isEmpty)
                let trust = DossierTrust(key: fixture.key.verifier)
                let verdict = try DossierVerification.verify(try fixture.bag(), trust: trust)
                #expect(verdict.outcome == .refused)
                #expect(Set(verdict.reasons.map(\.code)) == [.groundForm])
                let text = verdict.chinese(trust: trust)
                expectPlain(text, "拒绝")
                #expect(text.contains("留空理由  （不是规定的理由）") && !text.contains(ground) && !text.contains("接受"))
            }
        }
        // The words of another reader are none of this one's.
        let fixture = try DossierFixture(.usual, audience: .court) { withheld in
            withheld = withheld.map { .init(place: $0.place, what: $0.what, ground: "行政机关内部审批、讨论和审查信息") }
        }
        #expect(
            try DossierVerification.verify(try fixture.bag(), trust: DossierTrust(key: fixture.key.verifier)).reasons
                .contains { $0.code == .groundForm })
    }

    @Test("whatever a reason is about, its characters are shown and none is obeyed, in text and in JSON")
    func subjects() throws {
        for code in DossierReason.Code.allCases {
            let verdict = DossierVerdict(outcome: .refused, reasons: [.init(code, Self.spoof)], facts: nil)
            let text = verdict.chinese(trust: DossierTrust())
            expectPlain(text, "拒绝")
            #expect(text.contains("无〔U+000A〕〔U+001B〕[2J〔U+009B〕2J〔U+202E〕〔U+2028〕〔U+000D〕〔U+0085〕〔U+0009〕"))
        }
        let export = ExportVerdict(outcome: .refused, reasons: [.init(.fileExtra, Self.spoof)], facts: nil)
        expectPlain(export.chinese(trust: DossierTrust()), "拒绝")
        for json in [
            export.json, DossierVerdict(outcome: .refused, reasons: [.init(.log, Self.spoof)], facts: nil).json,
        ] {
            let bytes = json.printableBytes
            #expect(!String(decoding: bytes, as: UTF8.self).unicodeScalars.contains { $0.isControl })
            let read = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
            let reasons = try #require(read["reasons"] as? [[String: String]])
            #expect(reasons.first?["subject"]?.unicodeScalars.elementsEqual(Self.spoof.unicodeScalars) == true)
        }
    }

    @Test("a path with what nobody sees or what turns a line round is none, one with variants of characters is")
    func paths() {
        for scalar in ["\u{9B}", "\u{85}", "\u{202E}", "\u{2028}", "\u{200B}", "\u{FEFF}", "\u{AD}", "\u{E0041}"] {
            #expect(BagPath("data/文书/甲\(scalar)乙.pdf") == nil)
        }
        for name in ["葛\u{E0100}飾", "José", "བསྒྲུབས་རྒྱལ", "甲（作废）"] { #expect(BagPath("data/文书/\(name).pdf") != nil) }
    }

    @Test("a file that is longer than it can be is refused by its length, without being read")
    func lengths() throws {
        let fixture = try DossierFixture(.usual)
        let trust = DossierTrust(key: fixture.key.verifier)
        func verdict(lengthened path: String) throws -> DossierVerdict {
            let place = try TemporaryDirectory()
            _ = try fixture.write(to: DirectorySink(path: place.path + "/案卷"))
            let file = "\(place.path)/案卷/\(path)"
            if !FileManager.default.fileExists(atPath: file) { try place.write([], to: "案卷/\(path)") }
            // All hole: to read it would take many minutes.
            try #require(truncate(file, 300 << 30) == 0)
            return try DossierVerification.verify(try DirectorySource(path: place.path + "/案卷"), trust: trust)
        }
        let thread = fixture.manifest.caseThread
        for path in [
            "data/dossier.json", "manifest-sha256.txt", "tagmanifest-sha512.txt", "bagit.txt", "bag-info.txt", "stray",
            "data/校验说明.txt", "data/ledger/checkpoint", "data/ledger/stray", "data/ledger/threads/\(thread)/000001.leaf",
            "data/ledger/threads/\(thread)/000001.json",
        ] {
            #expect(throws: DossierUnreadable(.tooLarge, ""), "\(path)") { try verdict(lengthened: path) }
        }
        let file = try #require(fixture.manifest.files.first)
        let changed = try verdict(lengthened: file.path.description)
        #expect(changed.outcome == .refused)
        #expect(changed.reasons.contains(.init(.evidenceChanged, file.path.description)))
        let added = try verdict(lengthened: "data/多出来的.mp4")
        #expect(added.outcome == .refused && added.reasons.contains(.init(.fileExtra, "data/多出来的.mp4")))
    }
}
