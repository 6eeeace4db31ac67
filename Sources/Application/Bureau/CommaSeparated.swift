/// Comma-separated values (RFC 4180) on bytes, as spreadsheets write them. Tabs may stand for commas throughout.
public enum CommaSeparated {
    /// One cell with the place where it begins.
    public struct Cell: Hashable, Sendable {
        /// Without outer white space.
        public let text: String
        /// The line of the file, from 1; a quoted cell may go on over several.
        public let line: Int
    }

    /// What is wrong with a file as such.
    public struct Malformed: Error, Hashable, Sendable {
        /// The line, from 1.
        public let line: Int
        /// What to do, in plain Chinese.
        public let text: String
    }

    /// The records of a UTF-8 text. Empty lines are left out; line ends are LF, CR LF or CR.
    public static func records(_ text: String) throws(Malformed) -> [[Cell]] {
        let bytes = Array(text.utf8)
        let end = bytes.firstIndex { $0 == 10 || $0 == 13 } ?? bytes.endIndex
        let head = bytes[..<end]
        let comma: UInt8 = head.contains(UInt8(ascii: "\t")) && !head.contains(UInt8(ascii: ",")) ? 9 : 0x2C
        var reader = Reader(bytes: bytes, comma: comma)
        return try reader.records()
    }

    private struct Reader {
        let bytes: [UInt8]
        let comma: UInt8
        var index = 0
        var line = 1

        mutating func records() throws(Malformed) -> [[Cell]] {
            var records: [[Cell]] = []
            while index < bytes.count {
                let record = try record()
                if !(record.allSatisfy { $0.text.isEmpty }) { records.append(record) }
            }
            return records
        }

        private mutating func record() throws(Malformed) -> [Cell] {
            var cells: [Cell] = []
            while true {
                cells.append(try cell())
                guard index < bytes.count else { return cells }
                let byte = bytes[index]
                index += 1
                if byte == comma { continue }
                if byte == 13, index < bytes.count, bytes[index] == 10 { index += 1 }
                line += 1
                return cells
            }
        }

        private mutating func cell() throws(Malformed) -> Cell {
            let start = line
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                let from = index
                while index < bytes.count, bytes[index] != comma, bytes[index] != 10, bytes[index] != 13 { index += 1 }
                return Cell(text: text(bytes[from..<index]), line: start)
            }
            index += 1
            var content: [UInt8] = []
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                guard byte == UInt8(ascii: "\"") else {
                    if byte == 10 { line += 1 }
                    content.append(byte)
                    continue
                }
                if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
                    content.append(byte)
                    index += 1
                    continue
                }
                guard index == bytes.count || [comma, 10, 13].contains(bytes[index]) else {
                    throw Malformed(line: line, text: "引号后面还有别的内容。请在 Excel 中重新另存为 CSV。")
                }
                return Cell(text: text(content[...]), line: start)
            }
            throw Malformed(line: start, text: "引号没有结束。请在 Excel 中重新另存为 CSV。")
        }

        private func text(_ bytes: ArraySlice<UInt8>) -> String {
            String(decoding: bytes, as: UTF8.self).trimmedWhitespace
        }
    }
}
