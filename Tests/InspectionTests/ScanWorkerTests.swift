import Application
import Foundation
import Kernel
import TestKit
import Testing

@testable import Inspection

/// The project's tree, with what reads scans where it is installed.
enum ScanBench {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    static let hasTools =
        ["\(root)/.venv/bin/python", "/usr/bin/pdftoppm", "/usr/bin/qpdf"]
        .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

    /// Runs a program to its end.
    static func run(_ path: String, _ arguments: [String]) throws {
        #expect(try Program.run(path, arguments).status == 0, "\(path) \(arguments)")
    }

    /// Sheets as a scanner takes them (Tests/Fixtures/scans/stack.py).
    static func stack(_ name: String, _ pages: String, in directory: TemporaryDirectory) throws -> [UInt8] {
        try run(
            "\(root)/.venv/bin/python",
            ["-I", "-B", "\(root)/Tests/Fixtures/scans/stack.py", "\(directory.path)/\(name)", pages])
        return try #require(directory.read(name))
    }
}

extension ScanSource {
    init(_ bytes: [UInt8]) {
        self.init(byteCount: Int64(bytes.count)) { offset, count in
            Array(bytes[min(bytes.count, Int(offset))..<min(bytes.count, Int(offset) + count)])
        }
    }
}

func refusal(_ body: () async throws(ScanRefusal) -> Void) async -> ScanRefusal.Code? {
    do {
        try await body()
        return nil
    } catch {
        #expect(!error.message.isEmpty)
        return error.code
    }
}

@Suite("Reading scans of printed sheets", .serialized, .enabled(if: ScanBench.hasTools || Judge.required))
struct ScanWorkerTests {
    let directory: TemporaryDirectory
    let reader: ScanWorker
    static let first = String(repeating: "ab", count: 16)
    static let second = String(repeating: "19", count: 16)

    init() throws {
        directory = try TemporaryDirectory()
        reader = ScanWorker(root: ScanBench.root, scratch: directory.path)
    }

    private func stack(_ name: String, _ pages: String) throws -> ScanSource {
        ScanSource(try ScanBench.stack(name, pages, in: directory))
    }

    @Test("the tool names the versions of its parts")
    func tool() async throws {
        let tool = try #require(await reader.tool())
        for part in ["scan_worker 1", "Pillow ", "zxing-cpp ", "poppler "] { #expect(tool.contains(part), "\(tool)") }
    }

    static let mixed = """
        [{"sheets":[["\(first)",2]],"turn":180,"seal":1},{"sheets":[["\(first)",1]],"turn":-3},{"text":0},
        {"sheets":[["\(second)",1]],"turn":90},{"text":9},{"sheets":[["\(second)",0]],"turn":267.5},
        {"text":9,"code":"https://example.org/"},{"sheets":[["\(first)",1],["\(second)",2]]}]
        """

    @Test(
        "a stack tells each page's sheets and how it lies, upside down, turned and slanted", arguments: ["pdf", "tiff"])
    func pages(_ format: String) async throws {
        let pages = try await reader.pages(of: stack("stack.\(format)", Self.mixed))
        #expect(pages.map(\.number) == Array(1...8))
        #expect(
            pages.map(\.state) == [.sheet, .sheet, .blank, .sheet, .unknown, .sheet, .unknown, .sheet])
        #expect(
            pages.map { $0.sheets.map { "\($0.document.description.prefix(2)) \($0.page ?? 0)" }.sorted() } == [
                ["ab 2"], ["ab 1"], [], ["19 1"], [], ["19 0"], [], ["19 2", "ab 1"],
            ])
        for (page, turn) in zip(pages, [18_000, -300, 0, 9000, 0, -9250, 0, 0]) {
            let off = abs(page.turn - turn) % 36_000
            #expect(min(off, 36_000 - off) <= 20, "page \(page.number) lies at \(page.turn), drawn at \(turn)")
        }
        #expect(pages.map(\.otherCodes) == [0, 0, 0, 0, 0, 0, 1, 0])
        // Upside down: the code stands at the left above, its own top left corner the lowest right one.
        let corners = try #require(pages[0].sheets.first?.polygon)
        #expect(corners[0].x > corners[2].x && corners[0].y > corners[2].y)
        #expect(corners[0].x < 1000 && corners[0].y < 800)
    }

    @Test("a photo is read the way its camera says it was held")
    func photo() async throws {
        let pages = try await reader.pages(
            of: stack("photo.jpg", #"[{"sheets":[["\#(Self.first)",7]],"turn":-90,"exif":6}]"#))
        #expect(pages.count == 1 && pages[0].sheets.first?.page == 7)
        #expect(abs(pages[0].turn) <= 20)
        let picture = try await reader.pages(of: stack("p.png", #"[{"sheets":[["\#(Self.first)",3]],"turn":2}]"#))
        #expect(picture[0].sheets.first?.page == 3 && abs(picture[0].turn - 200) <= 20)
    }

    @Test("the straight picture holds exactly the pages asked for, upright, in order, and is made again the same")
    func straightened() async throws {
        let source = try stack("stack.pdf", Self.mixed)
        let read = try await reader.pages(of: source)
        let wanted = [1, 0, 5].map { ScanTurn(page: read[$0].number, turn: read[$0].turn) }
        let made = try await reader.straightened(source, pages: wanted)
        try directory.write(made, to: "made.pdf")
        try ScanBench.run("/usr/bin/qpdf", ["--check", directory.path + "/made.pdf"])
        let pages = try await reader.pages(of: ScanSource(made))
        #expect(pages.map { $0.sheets.first?.page } == [1, 2, nil])
        #expect(pages.allSatisfy { abs($0.turn) <= 20 }, "\(pages.map(\.turn))")
        #expect(pages[2].sheets.first?.document == DocumentID(Self.second))
        #expect(try await reader.straightened(source, pages: wanted) == made)
        // Only the page with a seal in it keeps its colour.
        let text = String(decoding: made, as: UTF8.self)
        #expect(text.split(separator: "/DeviceRGB").count == 2 && text.split(separator: "/DeviceGray").count == 3)
    }

    @Test("what is no scan, locked, cut off, too large or too small is refused in words")
    func refused() async throws {
        let good = try ScanBench.stack("a.pdf", #"[{"sheets":[["\#(Self.first)",1]]}]"#, in: directory)
        func read(_ bytes: [UInt8]) async -> ScanRefusal.Code? {
            await refusal { () async throws(ScanRefusal) in _ = try await reader.pages(of: ScanSource(bytes)) }
        }
        #expect(await read([]) == .damaged)
        #expect(await read(Array("#!/bin/sh\nexit 0\n".utf8)) == .format)
        #expect(await read(Array("\0\0\0\u{18}ftypheic\0\0\0\0mif1heic".utf8)) == .format)
        for start in [
            Array("%PDF-1.7".utf8), [0xFF, 0xD8, 0xFF, 0xE0], [0x49, 0x49, 0x2A, 0], [0x4D, 0x4D, 0, 0x2A],
        ] {
            #expect(await read(start + [UInt8](repeating: 7, count: 3000)) == .damaged, "\(start)")
        }
        for part in [1, 2, 3] {
            #expect(await read(Array(good.prefix(good.count * part / 4))) == .damaged, "\(part) quarters")
        }
        try ScanBench.run(
            "/usr/bin/qpdf",
            ["--encrypt", "open", "own", "256", "--", directory.path + "/a.pdf", directory.path + "/locked.pdf"])
        #expect(await read(try #require(directory.read("locked.pdf"))) == .locked)
        let many = Array(repeating: #"{"text":0,"size":420}"#, count: 201).joined(separator: ",")
        #expect(await read(try ScanBench.stack("many.pdf", "[\(many)]", in: directory)) == .tooManyPages)
        #expect(await read(try ScanBench.stack("s.png", #"[{"text":1,"size":300}]"#, in: directory)) == .tooSmall)
        let huge = ScanSource(byteCount: ScanWorker.byteLimit + 1) { _, _ in [] }
        #expect(
            await refusal { () async throws(ScanRefusal) in _ = try await reader.pages(of: huge) } == .tooLarge)
    }

    @Test("a picture that says it has a thousand million points is refused before it is unpacked")
    func bombs() async throws {
        // A PNG of one bit a point: its header alone says how large it would be.
        var header: [UInt8] = Array("IHDR".utf8) + [0, 0, 0x7D, 0, 0, 0, 0x7D, 0, 1, 0, 0, 0, 0]
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in header {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        sum = ~sum
        header += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) }
        let png =
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + header + [0, 0, 0, 2] + Array("IDAT".utf8)
            + [0x78, 0x9C, 0, 0, 0, 0]
        #expect(
            await refusal { () async throws(ScanRefusal) in _ = try await reader.pages(of: ScanSource(png)) }
                == .tooLarge)
        // A PDF whose page is a mile long is drawn no larger than any other.
        let wide = """
            %PDF-1.4
            1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
            2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
            3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 4000000 4000000]>> endobj
            trailer <</Root 1 0 R>>
            """
        let pages = try await reader.pages(of: ScanSource(Array(wide.utf8)))
        #expect(pages.map(\.state) == [.blank])
    }

    @Test("a page that cannot be drawn is told as such, and the others are read")
    func unreadable() async throws {
        var bytes = try ScanBench.stack(
            "two.tiff", #"[{"sheets":[["\#(Self.first)",1]]},{"sheets":[["\#(Self.first)",2]]}]"#, in: directory)
        // The second picture's points are cut off; its directory stands before them.
        bytes.removeLast(bytes.count / 3)
        let source = ScanSource(bytes)
        #expect(try await reader.pages(of: source).map(\.state) == [.sheet, .unreadable])
        #expect(try await reader.straightened(source, pages: [ScanTurn(page: 1, turn: 0)]).count > 10_000)
        #expect(
            await refusal { () async throws(ScanRefusal) in
                _ = try await reader.straightened(source, pages: [ScanTurn(page: 2, turn: 0)])
            } == .damaged)
    }
}

@Suite("A reader of scans that misbehaves", .serialized)
struct ScanWorkerFaultTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func code(_ text: String, deadline: Int64 = 20_000) async throws -> ScanRefusal.Code? {
        try directory.write(Array("#!/bin/sh\n\(text)\n".utf8), to: "python")
        chmod(directory.path + "/python", 0o755)
        let reader = ScanWorker(
            python: directory.path + "/python", worker: "/none", environment: directory.path, scratch: directory.path,
            deadline: deadline)
        return await refusal { () async throws(ScanRefusal) in
            _ = try await reader.pages(of: ScanSource(Array("%PDF-1.7".utf8)))
        }
    }

    @Test("one that hangs, dies, talks nonsense or is not there is told in words, and nothing else happens")
    func faults() async throws {
        #expect(try await code("sleep 300", deadline: 300) == .tooSlow)
        #expect(try await code("kill -SEGV $$") == .damaged)
        #expect(try await code("exit 1") == .damaged)
        #expect(try await code("echo ModuleNotFoundError: no PIL >&2; exit 1") == .unavailable)
        for nonsense in [
            "", "[]", "{}", #"{"ok":true}"#, #"{"ok":true,"pages":[{}]}"#,
            #"{"ok":true,"pages":[{"others":0,"page":2,"sheets":[],"state":"blank","turn":0}]}"#,
            #"{"ok":true,"pages":[{"others":0,"page":1,"sheets":[],"state":"sheet","turn":0}]}"#,
            #"{"ok":true,"pages":[{"others":0,"page":1,"sheets":[],"state":"blank","turn":36000}]}"#,
        ] {
            #expect(try await code("printf '%s' '\(nonsense)'") == .unavailable, "\(nonsense)")
        }
        let missing = ScanWorker(root: directory.path + "/none", scratch: directory.path)
        #expect(await missing.tool() == nil)
        #expect(
            await refusal { () async throws(ScanRefusal) in
                _ = try await missing.pages(of: ScanSource(Array("%PDF-1.7".utf8)))
            } == .unavailable)
    }

    @Test("it reads the file that it is given and no other, and reaches no network")
    func confined() async throws {
        try directory.write(Array("secret".utf8), to: "ledger")
        let other = try TemporaryDirectory()
        try other.write(Array("secret".utf8), to: "ledger")
        // Answers with a refusal that says how far it got.
        let said = #"printf '{"code":"format","detail":"","message":"%s","ok":false}'"#
        try directory.write(
            Array("#!/bin/sh\nif read x < \(other.path)/ledger; then \(said) open; else \(said) closed; fi\n".utf8),
            to: "python")
        chmod(directory.path + "/python", 0o755)
        let reader = ScanWorker(
            python: directory.path + "/python", worker: "/none", environment: "/none", scratch: directory.path)
        do {
            _ = try await reader.pages(of: ScanSource(Array("%PDF-1.7".utf8)))
            Issue.record("it was not refused")
        } catch {
            #expect(error.message == "closed")
        }
    }
}
