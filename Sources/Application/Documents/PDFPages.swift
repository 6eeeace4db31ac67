/// Counts the pages of a PDF that our own press made.
///
/// The press writes page objects in the open (no object streams), each with `/Type /Page`. For PDFs of others this
/// count would prove nothing, and it is never used for them.
enum PDFPages {
    private static let mark = Array("/Type".utf8)
    private static let page = Array("/Page".utf8)

    /// The number of page objects.
    static func count(_ bytes: [UInt8]) -> Int {
        var count = 0
        var offset = 0
        while offset + mark.count + page.count <= bytes.count {
            guard bytes[offset] == UInt8(ascii: "/"), bytes[offset...].starts(with: mark) else {
                offset += 1
                continue
            }
            var next = offset + mark.count
            while next < bytes.count, bytes[next] == 0x20 || bytes[next] == 0x0A || bytes[next] == 0x0D { next += 1 }
            // `/Pages` is the tree above the pages.
            if bytes[next...].starts(with: page),
                next + page.count == bytes.count || bytes[next + page.count] != UInt8(ascii: "s")
            {
                count += 1
            }
            offset = next
        }
        return count
    }
}
