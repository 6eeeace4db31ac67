import Application
import TestKit
import Testing

@Suite("Scans that can be read")
struct ScannedSheetTests {
    @Test("a whole picture or PDF passes; one that is too small says how large it must be")
    func size() {
        #expect(ScannedSheet.problem(Sheets.png(width: 800, height: 500)) == nil)
        #expect(ScannedSheet.problem(Sheets.png(width: 500, height: 800)) == nil)
        #expect(ScannedSheet.problem(Sheets.jpeg(width: 1600, height: 1200)) == nil)
        #expect(ScannedSheet.problem(Sheets.pdf) == nil)
        for (width, height) in [(1, 1), (799, 799), (5000, 499), (0, 0)] {
            for bytes in [Sheets.png(width: width, height: height), Sheets.jpeg(width: width, height: height)] {
                let problem = ScannedSheet.problem(bytes) ?? ""
                #expect(problem.contains("\(width)×\(height)") && problem.contains("800"), "\(problem)")
            }
        }
    }

    @Test("a file cut anywhere is refused, and nothing cut or changed stops the program")
    func broken() {
        for whole in [Sheets.png(width: 900, height: 900), Sheets.jpeg(width: 900, height: 900), Sheets.pdf] {
            for count in 0..<whole.count - 1 {
                #expect(ScannedSheet.problem(Array(whole.prefix(count))) != nil, "\(count) of \(whole.count)")
            }
            for position in whole.indices {
                for value in [UInt8(0), 0x7F, 0xFF] {
                    var changed = whole
                    changed[position] = value
                    _ = ScannedSheet.problem(changed)
                }
            }
        }
    }
}
