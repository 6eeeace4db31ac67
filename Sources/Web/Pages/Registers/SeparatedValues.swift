import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

/// A table as comma-separated values (RFC 4180) that spreadsheets open by a double click: UTF-8 with a byte order mark,
/// lines end with CR LF.
enum SeparatedValues {
    /// More rows than this are not given out at once: whoever needs more narrows the days.
    static let limit = 10_000
    /// Rows read at a time.
    static let pageSize = 1000

    /// One line with its end.
    static func line(_ cells: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(cell, to: &bytes)
        }
        return bytes + [0x0D, 0x0A]
    }

    private static func append(_ cell: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        // A spreadsheet takes what begins like this for a formula, and what people typed must never run there.
        if let first = cell.utf8.first, "=+-@\t\r".utf8.contains(first) { bytes.append(UInt8(ascii: "'")) }
        for byte in cell.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// A download that reads one page of rows after another, so that memory does not grow with the table.
    ///
    /// - Parameter page: the rows of a page from 1; fewer than `pageSize` end the table.
    static func download(
        named name: String, head: [String], page: @Sendable @escaping (Int) async throws -> [[String]]
    ) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "text/csv; charset=utf-8"
        headers[.cacheControl] = "no-store"
        headers[.contentDisposition] =
            "attachment; filename=\"register.csv\"; filename*=UTF-8''\(Percent.encode("\(name).csv"))"
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(bytes: [0xEF, 0xBB, 0xBF] + line(head)))
            var lines = Lines(page: page)
            while let bytes = try await lines.next() { try await writer.write(ByteBuffer(bytes: bytes)) }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    /// The lines of a table, a page at a time, until one is not full or the limit is reached.
    struct Lines {
        private let page: @Sendable (Int) async throws -> [[String]]
        private var number = 0
        private var isOver = false

        init(page: @Sendable @escaping (Int) async throws -> [[String]]) {
            self.page = page
        }

        /// The lines of the next page; nil at the end.
        mutating func next() async throws -> [UInt8]? {
            guard !isOver else { return nil }
            number += 1
            let rows = try await page(number)
            isOver = rows.count < pageSize || number == limit / pageSize
            return rows.isEmpty ? nil : rows.flatMap { line($0) }
        }
    }
}
