import Kernel

/// Reads JSON as programs write it (RFC 8259): any order of members, white space, every escape. Kept to what the ledger
/// can hold: whole numbers within 2^53, no null, no member twice, no broken text.
struct RequestJSON {
    /// What is wrong with it (Chinese), and where.
    struct Fault: Error, Hashable, Sendable {
        let message: String
        let offset: Int
    }

    private let bytes: [UInt8]
    private var offset = 0
    private static let depthLimit = 16

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The value that bytes spell.
    static func read(_ bytes: [UInt8]) throws(Fault) -> JSON {
        var reader = RequestJSON(bytes)
        let value = try reader.value(depth: 0)
        reader.skip()
        guard reader.offset == bytes.count else { throw reader.fault("内容之后还有多余的字符") }
        return value
    }

    private func fault(_ message: String) -> Fault { Fault(message: message, offset: offset) }

    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skip() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { offset += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skip()
        guard next == byte else { return false }
        offset += 1
        return true
    }

    private mutating func value(depth: Int) throws(Fault) -> JSON {
        guard depth < RequestJSON.depthLimit else { throw fault("层次太深") }
        skip()
        switch next {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["):
            offset += 1
            var elements: [JSON] = []
            if take(UInt8(ascii: "]")) { return .array([]) }
            repeat { elements.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "]")) else { throw fault("列表没有结束") }
            return .array(elements)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", true)
        case UInt8(ascii: "f"): return try word("false", false)
        case UInt8(ascii: "n"): throw fault("不使用 null，没有的项请省去")
        default: return .integer(try number())
        }
    }

    private mutating func object(_ depth: Int) throws(Fault) -> JSON {
        offset += 1
        var members: [JSON.Member] = []
        if take(UInt8(ascii: "}")) { return .object([]) }
        repeat {
            skip()
            guard next == UInt8(ascii: "\"") else { throw fault("应为名称") }
            let key = try string()
            guard !members.contains(where: { $0.key.utf8.elementsEqual(key.utf8) }) else { throw fault("同一项出现两次") }
            guard members.count < 1000 else { throw fault("项目太多") }
            guard take(UInt8(ascii: ":")) else { throw fault("缺少冒号") }
            members.append(.init(key, try value(depth: depth + 1)))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw fault("对象没有结束") }
        return .object(members)
    }

    private mutating func word(_ text: StaticString, _ truth: Bool) throws(Fault) -> JSON {
        for index in 0..<text.utf8CodeUnitCount {
            guard next == text.utf8Start[index] else { throw fault("无法识别的内容") }
            offset += 1
        }
        return .boolean(truth)
    }

    private mutating func number() throws(Fault) -> Int64 {
        let negative = next == UInt8(ascii: "-")
        if negative { offset += 1 }
        let digits = bytes[offset...].prefix { (0x30...0x39).contains($0) }
        guard let value = Decimal.strict(digits), value <= JSON.integerLimit else { throw fault("应为整数") }
        offset += digits.count
        // JSON Schema takes 1.0 for a whole number.
        if next == UInt8(ascii: ".") {
            let zeros = bytes[(offset + 1)...].prefix { $0 == 0x30 }
            guard !zeros.isEmpty else { throw fault("不使用小数，金额以分为单位") }
            offset += 1 + zeros.count
        }
        if let byte = next, [0x2E, 0x65, 0x45].contains(byte) || (0x30...0x39).contains(byte) {
            throw fault("不使用小数和指数，金额以分为单位")
        }
        return negative ? -Int64(value) : Int64(value)
    }

    private mutating func string() throws(Fault) -> String {
        offset += 1
        var text: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw fault("文字里的控制字符须转义") }
            offset += 1
            if byte == UInt8(ascii: "\\") { text += try escape() } else { text.append(byte) }
        }
        guard next == UInt8(ascii: "\"") else { throw fault("文字没有结束") }
        offset += 1
        guard let string = String(validating: text, as: UTF8.self) else { throw fault("文字不是 UTF-8") }
        return string
    }

    private mutating func escape() throws(Fault) -> [UInt8] {
        guard let byte = next else { throw fault("文字没有结束") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            let first = try unit()
            guard (0xD800...0xDBFF).contains(first) else { return try scalar(first) }
            guard next == UInt8(ascii: "\\"), offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "u") else {
                throw fault("代理对不完整")
            }
            offset += 2
            let second = try unit()
            guard (0xDC00...0xDFFF).contains(second) else { throw fault("代理对不完整") }
            return try scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        default: throw fault("无法识别的转义")
        }
    }

    private mutating func unit() throws(Fault) -> UInt32 {
        guard offset + 4 <= bytes.count else { throw fault("转义不完整") }
        var value: UInt32 = 0
        for byte in bytes[offset..<(offset + 4)] {
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
            case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
            default: throw fault("转义不完整")
            }
        }
        offset += 4
        return value
    }

    private func scalar(_ value: UInt32) throws(Fault) -> [UInt8] {
        guard let scalar = Unicode.Scalar(value) else { throw fault("代理对不完整") }
        return Array(String(Character(scalar)).utf8)
    }
}
