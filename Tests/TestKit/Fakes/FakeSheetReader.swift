import Application
import Kernel
import Synchronization

/// A reader of scans whose pages a test writes: a stack's bytes are lines, one for each page.
///
/// `sheet <id> <page> <turn>`, several of them parted by `;`, `blank`, `text`, `broken`; any other line refuses the whole.
public final class FakeSheetReader: SheetReader {
    private let asked = Mutex<[[ScanTurn]]>([])

    /// A reader.
    public init() {}

    /// The pages of each picture that was asked for.
    public var pictures: [[ScanTurn]] { asked.withLock { $0 } }

    public func tool() async -> String? { "fake reader 1" }

    public func pages(of source: ScanSource) async throws(ScanRefusal) -> [ScannedPage] {
        let lines = try await lines(of: source)
        var pages: [ScannedPage] = []
        for (index, line) in lines.enumerated() {
            let words = line.split(separator: " ")
            switch words.first {
            case "blank": pages.append(ScannedPage(number: index + 1, state: .blank, turn: 0, sheets: []))
            case "text": pages.append(ScannedPage(number: index + 1, state: .unknown, turn: 0, sheets: []))
            case "broken": pages.append(ScannedPage(number: index + 1, state: .unreadable, turn: 0, sheets: []))
            case "sheet":
                var sheets: [ScannedPage.Sheet] = []
                var turn = 0
                for part in line.split(separator: ";") {
                    let words = part.split(separator: " ")
                    guard words.count == 4, let document = DocumentID(String(words[1])), let page = Int(words[2]) else {
                        throw ScanRefusal(.damaged, "这个文件打不开。")
                    }
                    turn = Int(words[3]) ?? 0
                    sheets.append(.init(document: document, page: page == 0 ? nil : page, polygon: []))
                }
                pages.append(ScannedPage(number: index + 1, state: .sheet, turn: turn, sheets: sheets))
            default: throw ScanRefusal(.damaged, "这个文件打不开。请重新扫描。")
            }
        }
        return pages
    }

    public func straightened(_ source: ScanSource, pages: [ScanTurn]) async throws(ScanRefusal) -> [UInt8] {
        let lines = try await lines(of: source)
        asked.withLock { $0.append(pages) }
        return Array("%PDF-1.7\n".utf8)
            + pages.flatMap { Array("\(lines[$0.page - 1]) turned back \($0.turn)\n".utf8) } + Array("%%EOF".utf8)
    }

    private func lines(of source: ScanSource) async throws(ScanRefusal) -> [String] {
        var bytes: [UInt8] = []
        do {
            while bytes.count < source.byteCount {
                let piece = try await source.read(Int64(bytes.count), 1 << 20)
                if piece.isEmpty { break }
                bytes += piece
            }
        } catch {
            throw ScanRefusal(.noRoom, "这个文件暂时不能读取。", detail: "\(error)")
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { String($0) }
    }
}
