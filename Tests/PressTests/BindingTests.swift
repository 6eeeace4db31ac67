import Application
import Foundation
import Kernel
import Press
import TestKit
import Testing

/// Volumes bound by the real worker, read back by programs nobody here wrote.
@Suite("binding", .serialized, .enabled(if: Project.judged, "the press is not installed: run scripts/setup.sh test"))
struct BindingTests {
    /// A sample as a file to be bound, with the pages that pdfinfo counts.
    private func file(_ name: String, in directory: TemporaryDirectory) async throws -> Binding.File {
        let path = try await DocumentTests.printed(Project.sample(name), in: directory, as: name)
        return Binding.File(
            name: name, bytes: try #require(directory.read("\(name).pdf")),
            pages: try DocumentTests.pages(of: path))
    }

    private func bound(_ binding: Binding, in directory: TemporaryDirectory, as name: String = "bound") async throws
        -> String
    {
        try directory.write(try await DocumentTests.press.bound(binding, at: DocumentTests.day), to: name + ".pdf")
        return "\(directory.path)/\(name).pdf"
    }

    private func refusal(_ binding: Binding) async -> PressError? {
        do throws(PressError) {
            _ = try await DocumentTests.press.bound(binding, at: DocumentTests.day)
            return nil
        } catch {
            return error
        }
    }

    /// What stands in the corner of each sheet, without the spaces that a reader of text puts between scripts.
    private func numbers(_ path: String) throws -> [[String]] {
        try DocumentTests.text(of: path).split(separator: "\u{0C}", omittingEmptySubsequences: false).dropLast()
            .map { page in
                page.split(separator: "\n").map { $0.filter { $0 != " " } }.filter { $0.contains("卷内第") }
            }
    }

    @Test("sheets of several files stand in the order that was asked for, each with its number and no other")
    func order() async throws {
        let directory = try TemporaryDirectory()
        var binding = Binding()
        binding.files = [
            try await file("penalty-decision.b", in: directory), try await file("case-file-cover.a", in: directory),
        ]
        let pages = binding.files[0].pages
        #expect(pages > 1 && binding.files[1].pages == 1)
        binding.sheets = [.init(.page(1, file: 1))]
        binding.sheets += (1...pages).map { .init(.page($0, file: 0), number: "第 1 件 · 卷内第 \($0) 页", note: "已作废") }
        binding.sheets.append(
            .init(
                .words(title: "第 2 件　询问笔录", lines: ["本卷没有装订这一件：依法保密。"]),
                number: "第 2 件 · 卷内第 \(pages + 1)—\(pages + 4) 页"))
        let path = try await bound(binding, in: directory)
        #expect(try Project.run("qpdf", ["--check", path]).status == 0)
        #expect(try DocumentTests.pages(of: path) == pages + 2)
        let read = try numbers(path)
        #expect(read[0].isEmpty, "the cover bears no number")
        for page in 1...pages { #expect(read[page] == ["第1件·卷内第\(page)页"]) }
        #expect(read[pages + 1] == ["第2件·卷内第\(pages + 1)—\(pages + 4)页"])
        let text = try DocumentTests.text(of: path)
        #expect(text.contains("依法保密") && text.contains("已作废"))
        // What is bound is what was stored: the words of the decision, page by page.
        let own = try DocumentTests.text(of: "\(directory.path)/penalty-decision.b.pdf")
            .split(separator: "\u{0C}").map { $0.filter { !$0.isWhitespace } }
        let joined = text.split(separator: "\u{0C}").map { $0.filter { !$0.isWhitespace } }
        for page in 1...pages { #expect(joined[page].contains(own[page - 1].prefix(60))) }
        #expect(try await DocumentTests.press.bound(binding, at: DocumentTests.day) == directory.read("bound.pdf"))
    }

    @Test("one page is printed again as it was, with nothing added")
    func reprint() async throws {
        let directory = try TemporaryDirectory()
        var binding = Binding()
        binding.files = [try await file("penalty-decision.b", in: directory)]
        binding.sheets = [.init(.page(2, file: 0))]
        let path = try await bound(binding, in: directory)
        #expect(try DocumentTests.pages(of: path) == 1)
        let whole = try DocumentTests.text(of: "\(directory.path)/penalty-decision.b.pdf").split(separator: "\u{0C}")
        #expect(try DocumentTests.text(of: path).split(separator: "\u{0C}") == [whole[1]])
        #expect(try Project.run("qpdf", ["--check", path]).status == 0)
    }

    @Test("on a sheet that lies across, the number is in the corner of the sheet as it is looked at")
    func across() async throws {
        let directory = try TemporaryDirectory()
        let plain = Array(
            """
            %PDF-1.4
            1 0 obj
            << /Type /Catalog /Pages 2 0 R >>
            endobj
            2 0 obj
            << /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>
            endobj
            3 0 obj
            << /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] >>
            endobj
            4 0 obj
            << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate 90 >>
            endobj
            trailer
            << /Size 5 /Root 1 0 R >>
            """.utf8)
        try directory.write(plain, to: "plain.pdf")
        // A tool that repairs what has no table of its objects warns, and says so with its status.
        _ = try Project.run("qpdf", ["\(directory.path)/plain.pdf", "\(directory.path)/whole.pdf"])
        var binding = Binding()
        let bytes = try #require(directory.read("whole.pdf"))
        binding.files = [.init(name: "横页", bytes: bytes, pages: 2)]
        binding.sheets = [1, 2].map { .init(.page($0, file: 0), number: "第 1 件 · 卷内第 \($0) 页") }
        let path = try await bound(binding, in: directory)
        let boxes = try Project.run("pdftotext", ["-bbox", path, "-"]).output
        let ends = boxes.matches(of: /xMax="([\d.]+)" yMax="([\d.]+)">页</).compactMap { match in
            Double(match.1).flatMap { x in Double(match.2).map { (x, $0) } }
        }
        #expect(ends.count == 2, "\(boxes)")
        for (x, y) in ends { #expect(x > 790 && x < 842 && y < 60, "\(x) \(y)") }
    }

    @Test("a file with other pages than told, one cut short, one that is none: refused by its name, the rest goes on")
    func refused() async throws {
        let directory = try TemporaryDirectory()
        let good = try await file("penalty-decision.b", in: directory)
        for (what, bytes, pages) in [
            ("pages", good.bytes, good.pages + 1), ("cut", Array(good.bytes.prefix(3000)), good.pages),
            ("none", Array("%PDF-1.7 nothing".utf8), 1), ("empty", [], 1),
        ] {
            var binding = Binding()
            binding.files = [good, .init(name: "《询问笔录》", bytes: bytes, pages: pages)]
            binding.sheets = [.init(.page(1, file: 0)), .init(.page(1, file: 1))]
            let error = await refusal(binding)
            #expect(error?.code == .template && error?.message.contains("《询问笔录》") == true, "\(what): \(error as Any)")
        }
        // A page that is not there, a character that nobody sees, words that fill more than a sheet.
        var beyond = Binding()
        beyond.files = [good]
        beyond.sheets = [.init(.page(good.pages + 1, file: 0))]
        #expect(await refusal(beyond)?.code == .template)
        var unseen = Binding()
        unseen.sheets = [.init(.words(title: "a\u{202E}b", lines: []))]
        #expect(await refusal(unseen)?.code == .missingGlyph)
        var long = Binding()
        long.sheets = [.init(.words(title: "长", lines: Array(repeating: String(repeating: "长", count: 80), count: 40)))]
        #expect(await refusal(long)?.message.contains("太长") == true)
        #expect(await refusal(Binding())?.code == .template)
        let name = try #require(TemplateName("penalty-decision"))
        let after = try await DocumentTests.press.pdf(
            template: name, data: Project.sample("penalty-decision.b"), at: DocumentTests.day)
        #expect(after == good.bytes, "the worker answers the next request with the next answer")
    }

    @Test("more than a volume may hold starts no worker")
    func tooLarge() async throws {
        let press = PressWorker(installation: Project.installation)
        var binding = Binding()
        binding.files = Array(repeating: .init(name: "x", bytes: [1], pages: 1), count: Binding.fileLimit + 1)
        binding.sheets = [.init(.page(1, file: 0))]
        let error = await #expect(throws: PressError.self) { _ = try await press.bound(binding, at: DocumentTests.day) }
        #expect(error?.code == .tooLarge)
        #expect(await press.workerProcess() == nil)
    }
}
