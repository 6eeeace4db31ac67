import Application
import Foundation
import Kernel
import Press
import TestKit
import Testing

/// Every kind in renditions A and B, judged by programs nobody here wrote.
@Suite("documents", .serialized, .enabled(if: Project.judged, "the press is not installed: run scripts/setup.sh test"))
struct DocumentTests {
    static let day = CivilDay("2026-11-20") ?? CivilDay(number: 0)
    static let press = PressWorker(installation: Project.installation)

    static func pdf(_ data: JSON, at day: CivilDay = day) async throws -> [UInt8] {
        let kind = try #require(data["kind"]?.string.flatMap { TemplateName($0) })
        return try await press.pdf(template: kind, data: data, at: day)
    }

    /// Prints a document into a file of its own.
    static func printed(_ data: JSON, in directory: TemporaryDirectory, as name: String = "document") async throws
        -> String
    {
        try directory.write(try await pdf(data), to: name + ".pdf")
        return "\(directory.path)/\(name).pdf"
    }

    static func text(of path: String) throws -> String {
        let result = try Project.run("pdftotext", ["-raw", "-enc", "UTF-8", path, "-"])
        #expect(result.status == 0)
        return result.output
    }

    static func pages(of path: String) throws -> Int {
        let info = try Project.run("pdfinfo", [path]).output
        return try #require(info.firstMatch(of: /Pages: +(\d+)/).flatMap { Int($0.1) })
    }

    @Test("every sample is PDF/A-2a and PDF/UA-1 with all fonts embedded, and its text is the text on record")
    func samples() async throws {
        // A sample is named by its kind and rendition; two are there for what they hold.
        let kinds = Project.samples.filter { !["overflow", "rare"].contains($0) }.map { String($0.dropLast(2)) }
        #expect(Set(kinds).isSubset(of: FieldListTests.folders))
        #expect(kinds.count >= 94)
        let directory = try TemporaryDirectory()
        var paths: [String] = []
        for name in Project.samples {
            let path = try await Self.printed(Project.sample(name), in: directory, as: name)
            paths.append(path)
            let golden = URL(fileURLWithPath: "\(Project.fixtures)/\(name).txt")
            let text = try Self.text(of: path)
            if Project.updatesGolden { try text.write(to: golden, atomically: true, encoding: .utf8) }
            #expect(try text == String(contentsOf: golden, encoding: .utf8), "\(name) reads otherwise than before")
        }
        let python = Project.installation.python
        let judgement = try Project.run(python, [Project.root + "/scripts/judges/pdf.py"] + paths)
        #expect(judgement.status == 0, "\(judgement.output)")
        #expect(judgement.output.split(separator: "\n").filter { $0.hasPrefix("accepted ") }.count == paths.count)
    }

    @Test("the judge refuses a file without language, without tags, and one that is cut short")
    func judgeRefuses() async throws {
        let directory = try TemporaryDirectory()
        let path = try await Self.printed(Project.sample("service-receipt.a"), in: directory)
        let spoil = """
            import pikepdf, sys
            for key in ("/Lang", "/StructTreeRoot", "/OutputIntents", "/MarkInfo", "/Metadata"):
                with pikepdf.open(sys.argv[1]) as pdf:
                    del pdf.Root[key]
                    pdf.save("%s/without-%s.pdf" % (sys.argv[2], key[1:]))
            data = open(sys.argv[1], "rb").read()
            open(sys.argv[2] + "/cut.pdf", "wb").write(data[: len(data) // 2])
            """
        let python = Project.installation.python
        #expect(try Project.run(python, ["-c", spoil, path, directory.path]).status == 0)
        let judge = Project.root + "/scripts/judges/pdf.py"
        for name in [
            "without-Lang", "without-StructTreeRoot", "without-OutputIntents", "without-MarkInfo",
            "without-Metadata", "cut",
        ] {
            let judgement = try Project.run(python, [judge, "\(directory.path)/\(name).pdf"])
            #expect(judgement.status == 1, "\(name) was accepted")
            #expect(judgement.output.hasPrefix("refused "))
        }
    }

    @Test("the same data gives the same bytes, from a warm worker and from a new one")
    func reproducible() async throws {
        for name in ["site-inspection-record.b", "penalty-decision.a"] {
            let data = try Project.sample(name)
            let first = try await Self.pdf(data)
            #expect(try await Self.pdf(data) == first)
            await Self.press.stop()
            #expect(try await Self.pdf(data) == first)
            #expect(try await Self.pdf(data, at: Self.day.advanced(by: 1)) != first)
        }
    }

    @Test("long text and tables run over pages, heads are repeated, and every page says which of how many it is")
    func overflow() async throws {
        let directory = try TemporaryDirectory()
        let path = try await Self.printed(Project.sample("overflow"), in: directory)
        let count = try Self.pages(of: path)
        #expect(count >= 6)
        let all = try Self.text(of: path).split(separator: "\u{0C}").map(String.init)
        for page in 1...count {
            let text = all[page - 1]
            #expect(text.contains("第 \(page) 页 共 \(count) 页"))
            #expect(text.contains("3f2a 91bc 04d7 5e68"))
        }
        let withTable = all.filter { $0.contains("V-0118-") }
        #expect(withTable.count >= 3)
        #expect(withTable.allSatisfy { $0.contains("证据编号") })
        for number in 1...36 { #expect(all.joined().contains("第 \(number) 处")) }
        // The last page is no page of signatures alone.
        #expect(try #require(all.last { $0.contains("检查人员") }).contains("以下无正文"))
    }

    @Test("rare characters are in the text of the file as they were written")
    func rareCharacters() async throws {
        let directory = try TemporaryDirectory()
        let text = try Self.text(of: try await Self.printed(Project.sample("rare"), in: directory))
        for character in ["䶮", "㛃", "𠮷", "㑇", "𬍛", "𬭎", "〇", "玥", "旻", "㎡", "℃", "③", "‰", "№"] {
            #expect(text.contains(character), "\(character) is not in the text")
        }
    }

    @Test("sheet and position can be read from the printed page by a QR reader, on every page")
    func readableByMachine() async throws {
        let directory = try TemporaryDirectory()
        let data = try Project.sample("site-inspection-record.b")
        let path = try await Self.printed(data, in: directory)
        // 150 dots per inch is what an office scanner gives at its plainest setting.
        #expect(try Project.run("pdftoppm", ["-r", "150", "-png", path, directory.path + "/page"]).status == 0)
        let position = try #require(data["position"])
        let lines = ["origin", "index", "size", "root", "key"].compactMap { position[$0]?.string }
        let sheet = try #require(data["sheet"]?["id"]?.string)
        for page in 1...(try Self.pages(of: path)) {
            let read = try Project.run("zbarimg", ["-q", "--raw", "\(directory.path)/page-\(page).png"]).output
            #expect(read.contains("LIUHEN:SHEET:\(sheet.uppercased()):\(page)\n"))
            #expect(read.contains("liuhen:position\n" + lines.joined(separator: "\n") + "\n"))
        }
    }

    @Test("a demonstration says so on every page, and nothing else does")
    func demonstration() async throws {
        let directory = try TemporaryDirectory()
        let data = try Project.sample("rights-notice.a")
        let demo = try Self.text(of: try await Self.printed(data.setting("demo", true), in: directory, as: "demo"))
        let pages = demo.split(separator: "\u{0C}").filter { $0.contains("页 共") }
        #expect(!pages.isEmpty)
        #expect(pages.allSatisfy { $0.contains("演示文书，不具法律效力") })
        let real = try Self.text(of: try await Self.printed(data.setting("demo", false), in: directory, as: "real"))
        #expect(!real.contains("演示"))
    }

    @Test("a number stands blank until it is given, and then in text and title")
    func numbers() async throws {
        let directory = try TemporaryDirectory()
        let draft = try await Self.printed(Project.sample("penalty-decision.a"), in: directory, as: "a")
        #expect(try !Self.text(of: draft).contains("云统罚决"))
        let issued = try await Self.printed(Project.sample("penalty-decision.b"), in: directory, as: "b")
        #expect(try Self.text(of: issued).contains("云统罚决〔2026〕1 号"))
        #expect(try Project.run("pdfinfo", [issued]).output.contains("行政处罚决定书 云统罚决〔2026〕1号"))
    }

    @Test("every way in which a slot is met is told in words")
    func slotStates() async throws {
        let directory = try TemporaryDirectory()
        let base = try Project.sample("site-inspection-record.a")
        func slot(_ name: String, _ state: String, _ more: JSON) -> JSON {
            let plain: [JSON.Member] = [
                .init("name", .string(name)), .init("label", "签署人"), .init("required", true),
                .init("kind", more["kind"] ?? "signature"),
            ]
            return .object(plain + [.init("state", .string(state))] + (more.members ?? []).filter { $0.key != "kind" })
        }
        let slots: JSON = [
            slot("party", "signed", ["who": "甲某", "at": "2026年1月2日", "drawing": "M 0 0 L 40 20 Q 50 0 60 20 Z"]),
            slot("officer1", "signed", ["who": "乙某", "at": "2026年1月3日"]),
            slot("officer2", "paper", ["who": "丙某"]),
            slot("recorder", "refused", ["reason": "称与其无关"]),
            // A place for both, of which the sheet bears one: what was recorded is told.
            slot("head", "paper", ["kind": "signature+seal", "marks": "签名", "relation": "法定代表人（负责人）"]),
            slot("firm", "paper", ["kind": "signature", "marks": "盖章", "relation": "本单位"]),
            slot("both", "paper", ["kind": "signature+seal", "marks": "签名、盖章", "relation": "委托代理人"]),
            slot("witness", "unable", ["who": "丁某", "reason": "不识字，已宣读"]),
        ]
        let path = try await Self.printed(base.setting("slots", slots), in: directory)
        let text = try Self.text(of: path).filter { !$0.isWhitespace }
        for words in [
            "（甲某，屏幕手写签名）", "（乙某，系统内确认签署）", "（纸质签名，扫描件附卷）", "拒绝签名",
            "（法定代表人（负责人），纸质签名，扫描件附卷）", "（本单位，纸质盖章，扫描件附卷）", "（委托代理人，纸质签名、盖章，扫描件附卷）", "（称与其无关）",
            "（丁某不能签名：不识字，已宣读）", "2026年1月3日",
        ] {
            #expect(text.contains(words), "\(words) is not printed")
        }
    }

    @Test(
        "a place for hand and seal is called by what was recorded of it, in cells, lines and pairs, and open by what it has room for",
        arguments: [
            ("service-receipt.b", "recipient", "："), ("site-inspection-record.b", "party", "）："),
            ("collective-discussion-minutes.b", "attendee1", "："),
        ])
    func placesByWhatWasRecorded(sample: String, name: String, colon: String) async throws {
        let directory = try TemporaryDirectory()
        let base = try Project.sample(sample)
        for (state, marks, word) in [
            ("paper", "签名", "签名"), ("paper", "盖章", "盖章"), ("paper", "签名、盖章", "签名、盖章"),
            ("signed", nil, "签名"), ("open", nil, "签名、盖章"),
        ] {
            var slot: [JSON.Member] = [
                .init("name", .string(name)), .init("label", "当事人"), .init("kind", "signature+seal"),
                .init("required", true), .init("state", .string(state)),
            ]
            if state != "open" { slot += [.init("who", "收发室某人"), .init("relation", "负责收件的人")] }
            if let marks { slot.append(.init("marks", .string(marks))) }
            let path = try await Self.printed(base.setting("slots", .array([.object(slot)])), in: directory)
            let text = try Self.text(of: path)
            let all = text.filter { !$0.isWhitespace }
            #expect(all.contains(word + colon), "\(state) \(word)")
            #expect(all.contains("签名、盖章\(colon)") == (word == "签名、盖章"), "\(state) \(word)")
            if let marks {
                let line = "（负责收件的人，纸质\(marks)，扫描件附卷）"
                #expect(
                    text.split(separator: "\n").contains { $0.filter { !$0.isWhitespace }.contains(line) },
                    "the bracket is torn: \(text)")
            }
        }
    }

    @Test("a preview shows one picture per page, larger at a larger scale")
    func preview() async throws {
        let data = try Project.sample("site-inspection-record.a")
        let kind = try #require(TemplateName("site-inspection-record"))
        let small = try await Self.press.pages(template: kind, data: data, at: Self.day, scale: 0.5)
        let large = try await Self.press.pages(template: kind, data: data, at: Self.day, scale: 2)
        #expect(small.count == 2)
        #expect(large.count == 2)
        #expect(small.map(Self.width) == [298, 298])
        #expect(large.map(Self.width) == [1191, 1191])
    }

    /// The width in the header of a PNG; nil if it is none.
    static func width(_ png: [UInt8]) -> Int? {
        guard png.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), png.count > 24 else { return nil }
        return png[16..<20].reduce(0) { $0 << 8 | Int($1) }
    }
}
