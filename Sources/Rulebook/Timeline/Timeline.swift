import Casework
import Kernel

/// A history told in a file, without a database: records in the order of the log, what the bureau has set, and perhaps
/// a step that is proposed after it. The format is docs/formats-timeline.md.
public struct Timeline: Hashable, Sendable {
    /// Records in the order of the log.
    public var records: [Record]
    /// Records that are proposed together after them; nil where nothing is proposed.
    public var next: [Record]?
    /// Numbers and offices that the bureau has chosen.
    public var settings: Settings
    /// The names used in it.
    public var names: TimelineNames
    /// What was taken for granted, in Chinese: a missing time, a paper of an unknown kind.
    public var notes: [String]

    /// The largest file, in bytes.
    public static let sizeLimit = 8 << 20
    /// The most records, those of the next step included.
    public static let recordLimit = 20_000

    /// Reads a timeline from JSON or YAML.
    ///
    /// - Throws: everything that is wrong, with line and column, what was expected and what was perhaps meant.
    public static func read(_ bytes: [UInt8], file: String, library: RuleLibrary) throws(RuleFileError) -> Timeline {
        let source = YAMLSource(file: file, limit: sizeLimit)
        let timeline = source.parse(JSONText.readable(bytes.withoutByteOrderMark)).flatMap { root -> Timeline? in
            guard let fields = source.fields(root, "时间线文件") else { return nil }
            defer { fields.finish() }
            var reader = RecordReader(source: source, library: library, strict: false)
            let settings = SettingsReader(source: source, library: library).settings(fields)
            let records = reader.records(fields.required("timeline"), "timeline")
            let next = fields.optional("next").flatMap { $0.isNull ? nil : reader.records($0, "next") }
            return Timeline(
                records: records, next: next, settings: settings, names: reader.names, notes: reader.notes(on: records))
        }
        guard let timeline, source.problems.isEmpty else { throw RuleFileError(problems: source.ordered) }
        return timeline
    }
}

/// JSON that YAML readers stumble over, made readable for them.
enum JSONText {
    /// JSON writes a character beyond U+FFFF as two escapes (`\ud83d\ude00`), YAML as one. Lines keep their numbers.
    static func readable(_ bytes: [UInt8]) -> [UInt8] {
        let first = bytes.first { !" \t\r\n".utf8.contains($0) }
        guard first == UInt8(ascii: "{"), bytes.count <= Timeline.sizeLimit else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
                result.append(bytes[index])
                index += 1
                continue
            }
            if let high = unit(bytes, at: index), (0xd800..<0xdc00).contains(high),
                let low = unit(bytes, at: index + 6),
                (0xdc00..<0xe000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
            {
                result += Array(String(Character(scalar)).utf8)
                index += 12
            } else {
                // An escaped backslash is taken whole, so that `\\ud83d` stays text.
                result += bytes[index...index + 1]
                index += 2
            }
        }
        return result
    }

    /// The UTF-16 code unit that an escape of four hexadecimal digits stands for; nil if no such escape begins here.
    private static func unit(_ bytes: [UInt8], at index: Int) -> UInt32? {
        guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        return UInt32(String(decoding: bytes[(index + 2)..<(index + 6)], as: UTF8.self), radix: 16)
    }
}
