import Kernel

/// `multipart/form-data` (RFC 7578) on bytes, for forms with a scan when there is no script.
enum Multipart {
    /// The boundary in a content type; nil if this is no multipart form.
    static func boundary(of contentType: String) -> [UInt8]? {
        let bytes = Array(contentType.utf8)
        guard contentType.asciiBegins(with: "multipart/form-data") else { return nil }
        for part in bytes.split(separator: UInt8(ascii: ";")).dropFirst() {
            let trimmed = part.drop { $0 == UInt8(ascii: " ") }
            guard trimmed.starts(with: "boundary=".utf8) else { continue }
            var value = Array(trimmed.dropFirst("boundary=".utf8.count))
            if value.first == UInt8(ascii: "\""), value.last == UInt8(ascii: "\""), value.count >= 2 {
                value = Array(value[1..<(value.count - 1)])
            }
            // RFC 2046 section 5.1.1: 1 to 70 characters.
            return (1...70).contains(value.count) ? value : nil
        }
        return nil
    }

    /// Reads a whole body.
    static func read(_ body: [UInt8], boundary: [UInt8]) throws(FormError) -> Form {
        var form = Form()
        let delimiter = Array("--".utf8) + boundary
        var position = 0
        guard body.starts(with: delimiter) else { throw FormError("a multipart body without its first boundary") }
        position = delimiter.count
        while true {
            if body[position...].starts(with: "--".utf8) { return form }
            guard body[position...].starts(with: [13, 10]) else { throw FormError("a boundary without a line end") }
            position += 2
            guard let blank = find([13, 10, 13, 10], in: body, from: position), blank - position <= 4096 else {
                throw FormError("a part without a head")
            }
            let head = try Head(body[position..<blank])
            guard let end = find([13, 10] + delimiter, in: body, from: blank + 2) else {
                throw FormError("a part without an end")
            }
            // An empty part shares its line end with the head's blank line.
            let value = blank + 4 <= end ? Array(body[(blank + 4)..<end]) : []
            if let fileName = head.fileName {
                try form.append(
                    file: Form.File(
                        name: try Form.clean(head.name), fileName: try Form.clean(fileName),
                        mediaType: try Form.clean(head.mediaType), bytes: value))
            } else {
                try form.append(name: head.name, value: value)
            }
            position = end + 2 + delimiter.count
        }
    }

    /// The fields of a body that is cut or damaged: every part that stands whole between two boundaries.
    static func legible(_ body: [UInt8], boundary: [UInt8]) -> Form {
        let delimiter = Array("--".utf8) + boundary
        var form = Form()
        var start = find(delimiter, in: body, from: 0)
        while let from = start, let end = find(delimiter, in: body, from: from + delimiter.count) {
            if let part = try? read(Array(body[from..<end]) + delimiter + Array("--".utf8), boundary: boundary) {
                form.take(fieldsOf: part)
            }
            start = end
        }
        return form
    }

    private static func find(_ part: [UInt8], in body: [UInt8], from start: Int) -> Int? {
        guard body.count >= part.count, let first = part.first else { return nil }
        return body.withUnsafeBufferPointer { body in
            var index = start
            while index <= body.count - part.count {
                if body[index] == first, (1..<part.count).allSatisfy({ body[index + $0] == part[$0] }) { return index }
                index += 1
            }
            return nil
        }
    }

    private struct Head {
        var name: [UInt8] = []
        var fileName: [UInt8]?
        var mediaType: [UInt8] = []

        init(_ bytes: ArraySlice<UInt8>) throws(FormError) {
            var hasName = false
            for line in Head.lines(bytes) {
                guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw FormError("a bad part head") }
                let field = line[..<colon].map { (65...90).contains($0) ? $0 + 32 : $0 }
                let value = line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") }
                if field.elementsEqual("content-disposition".utf8) {
                    for (key, text) in Head.parameters(value) {
                        if key.elementsEqual("name".utf8) {
                            name = text
                            hasName = true
                        } else if key.elementsEqual("filename".utf8) {
                            fileName = text
                        }
                    }
                } else if field.elementsEqual("content-type".utf8) {
                    mediaType = Array(value)
                }
            }
            guard hasName else { throw FormError("a part without a name") }
        }

        private static func lines(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
            bytes.split(separator: 10).map { $0.last == 13 ? $0.dropLast() : $0 }.filter { !$0.isEmpty }
        }

        /// Quoted parameters; browsers write `%22` for a quote inside one (WHATWG HTML, multipart/form-data encoding).
        private static func parameters(_ bytes: ArraySlice<UInt8>) -> [(key: [UInt8], value: [UInt8])] {
            var result: [(key: [UInt8], value: [UInt8])] = []
            var rest = bytes
            while let semicolon = rest.firstIndex(of: UInt8(ascii: ";")) {
                rest = rest[(semicolon + 1)...].drop { $0 == UInt8(ascii: " ") }
                guard let equals = rest.firstIndex(of: UInt8(ascii: "=")) else { return result }
                let key = Array(rest[..<equals])
                rest = rest[(equals + 1)...]
                guard rest.first == UInt8(ascii: "\"") else { continue }
                rest = rest.dropFirst()
                guard let quote = rest.firstIndex(of: UInt8(ascii: "\"")) else { return result }
                result.append((key, Array(rest[..<quote])))
                rest = rest[(quote + 1)...]
            }
            return result
        }
    }
}
