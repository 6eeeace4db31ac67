import Foundation
import Kernel

/// The fields of a form in the order in which the browser sent them. Texts are NFC, lines end with LF.
struct Form: Sendable, Hashable {
    /// A field.
    struct Field: Sendable, Hashable {
        let name: String
        let value: String
    }

    /// A file of a multipart form, whole in memory; the limit of the body bounds it.
    struct File: Sendable, Hashable {
        let name: String
        /// As the browser says; untrusted: shown, never used as a path.
        let fileName: String
        let mediaType: String
        let bytes: [UInt8]
    }

    private(set) var fields: [Field] = []
    private(set) var files: [File] = []
    /// The path it was sent to.
    var place = ""

    /// No field.
    init() {}

    /// Fields given in code.
    init(_ pairs: KeyValuePairs<String, String>) {
        fields = pairs.map { Field(name: $0.key, value: $0.value) }
    }

    /// How many fields and files a form may have.
    static let fieldLimit = 4000

    /// The first value under a name, compared byte by byte.
    subscript(_ name: String) -> String? {
        fields.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// All values under a name.
    func all(_ name: String) -> [String] {
        fields.filter { $0.name.utf8.elementsEqual(name.utf8) }.map(\.value)
    }

    /// A value without outer white space; empty when it is missing.
    func text(_ name: String) -> String {
        Form.trimmed(self[name] ?? "")
    }

    /// The first file under a name that has content or a name.
    func file(_ name: String) -> File? {
        files.first { $0.name.utf8.elementsEqual(name.utf8) && !($0.bytes.isEmpty && $0.fileName.isEmpty) }
    }

    /// The same without some fields, and without files.
    func without(_ names: Set<String>) -> Form {
        var form = Form()
        form.fields = fields.filter { !names.contains($0.name) }
        return form
    }

    /// Takes over the fields of another form, without its files, as far as there is room.
    mutating func take(fieldsOf other: Form) {
        fields += other.fields.prefix(Form.fieldLimit - fields.count)
    }

    /// Whether a box is ticked.
    func isOn(_ name: String) -> Bool { self[name] != nil }

    /// Adds a field as it came in.
    mutating func append(name: [UInt8], value: [UInt8]) throws(FormError) {
        fields.append(Field(name: try Form.clean(name), value: try Form.clean(value)))
        guard fields.count <= Form.fieldLimit else { throw FormError("more than \(Form.fieldLimit) fields") }
    }

    /// Adds a file as it came in.
    mutating func append(file: File) throws(FormError) {
        files.append(file)
        guard files.count <= 100 else { throw FormError("more than 100 files") }
    }

    /// UTF-8 without NUL, in NFC, with LF for CR LF and CR.
    static func clean(_ bytes: [UInt8]) throws(FormError) -> String {
        // ASCII is in NFC as it stands.
        if bytes.allSatisfy({ 0 < $0 && $0 < 128 && $0 != 13 }) { return String(decoding: bytes, as: UTF8.self) }
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            throw FormError("a field is not UTF-8 text")
        }
        let normal = Array(text.precomposedStringWithCanonicalMapping.utf8)
        guard normal.contains(13) else { return String(decoding: normal, as: UTF8.self) }
        var lines: [UInt8] = []
        var afterReturn = false
        for byte in normal {
            if byte == 13 {
                lines.append(10)
            } else if !(byte == 10 && afterReturn) {
                lines.append(byte)
            }
            afterReturn = byte == 13
        }
        return String(decoding: lines, as: UTF8.self)
    }

    /// Without white space (ASCII, and the ideographic space) at either end.
    static func trimmed(_ text: String) -> String {
        let isSpace: (Unicode.Scalar) -> Bool = { [" ", "\n", "\t", "\u{3000}", "\u{A0}"].contains($0) }
        var scalars = Array(text.unicodeScalars)[...]
        while let first = scalars.first, isSpace(first) { scalars.removeFirst() }
        while let last = scalars.last, isSpace(last) { scalars.removeLast() }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        return String(result)
    }
}

/// Why a body is no form (English, for the log).
struct FormError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension Form {
    /// Reads `application/x-www-form-urlencoded` (WHATWG URL, section 5.1), strictly: a broken percent code is an error.
    init(urlEncoded bytes: [UInt8]) throws(FormError) {
        self.init()
        guard !bytes.isEmpty else { return }
        for pair in bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Form.decode(parts[0])
            try append(name: name, value: parts.count == 2 ? try Form.decode(parts[1]) : [])
        }
    }

    /// Reads the query of an address; what cannot be read is left out: a query only filters.
    init(query: String?) {
        self.init()
        for pair in (query ?? "").utf8.split(separator: UInt8(ascii: "&")) {
            guard let one = try? Form(urlEncoded: Array(pair)) else { continue }
            fields += one.fields
        }
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) throws(FormError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "+"):
                result.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard index + 2 < bytes.endIndex, let high = hex(bytes[index + 1]), let low = hex(bytes[index + 2])
                else { throw FormError("a broken percent code") }
                result.append(high << 4 | low)
                index += 2
            default:
                result.append(bytes[index])
            }
            index += 1
        }
        return result
    }

    private static func hex(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
