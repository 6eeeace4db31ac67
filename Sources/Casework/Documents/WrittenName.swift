import Kernel

/// A name as it is printed: a character that no font has may be taken apart in brackets (王〔四龙〕 for 王𪚥), as registries
/// and courts do.
public struct WrittenName: Hashable, Sendable {
    /// As it is written.
    public let text: String

    /// A name.
    public init(_ text: String) {
        self.text = text
    }

    /// Whether a name holds a character that may have to be taken apart.
    public static func mayBeNeeded(for name: String) -> Bool { name.unicodeScalars.contains(where: \.isRareIdeograph) }

    /// A value with every mention of `name`, in whatever text, written like this: what goes to the press. What is recorded
    /// keeps the name as it is.
    public func written(for name: String, in value: JSON) -> JSON {
        switch value {
        case .string(let text): .string(written(for: name, in: text))
        case .array(let elements): .array(elements.map { written(for: name, in: $0) })
        case .object(let members): .object(members.map { .init($0.key, written(for: name, in: $0.value)) })
        case .integer, .boolean: value
        }
    }

    private func written(for name: String, in text: String) -> String {
        let wanted = Array(name.utf8)
        guard let first = wanted.first else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var place = 0
        while place < bytes.count {
            if bytes[place] == first, bytes[place...].starts(with: wanted) {
                result += self.text.utf8
                place += wanted.count
            } else {
                result.append(bytes[place])
                place += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Whether it is written for `name`: the same characters, with brackets for rare ones alone.
    ///
    /// What any font prints is never taken apart: 王〔某〕 stands for nobody.
    public func stands(for name: String) -> Bool {
        var written = Substring(text).unicodeScalars
        for scalar in name.unicodeScalars {
            if written.first == scalar {
                written.removeFirst()
                continue
            }
            guard scalar.isRareIdeograph, written.first == "〔", let end = written.firstIndex(of: "〕") else {
                return false
            }
            // At least two parts: one alone would be another character.
            let parts = written[written.index(after: written.startIndex)..<end]
            guard parts.count > 1, !parts.contains("〔") else { return false }
            written = written[written.index(after: end)...]
        }
        return written.isEmpty
    }
}

extension Unicode.Scalar {
    /// Whether it is an ideograph outside the blocks that every Chinese font covers.
    fileprivate var isRareIdeograph: Bool {
        switch value {
        case 0x4E00...0x9FA5: false
        case 0x3400...0x4DBF, 0x9FA6...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: true
        default: false
        }
    }
}
