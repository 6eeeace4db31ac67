import Casework
import Kernel

/// Which lines of the register of documents (文书台账) to list.
public struct DocumentRegisterFilter: Hashable, Sendable {
    /// Words in title or party of the case, each at least two characters; empty for all.
    public var text = ""
    /// Only the document that bears this number.
    public var number: DocumentNumber?
    public var kind: String?
    public var state: DocumentRow.State?
    /// Only documents of cases that this person handles.
    public var handler: ThreadTag?
    /// Only documents fixed at this instant or later.
    public var fixedFrom: Instant?
    /// Only documents fixed before this instant.
    public var fixedBefore: Instant?
    /// Newest first where every case is listed; else case by case, the newest case first, and in each the newest document.
    ///
    /// Page from 1.
    public var page = 1
    /// Rows a page, 1 to 1,000; a screen takes at most 100.
    public var pageSize = 25

    /// As many documents are counted where a person, days or words narrow the register; more are listed, and not counted.
    public static let counted = 10_000

    /// All documents.
    public init() {}
}

/// A document with the case that it belongs to.
public struct DocumentRegisterLine: Hashable, Sendable {
    public let document: DocumentRow
    public let caseTitle: String
    public let subjectName: String
    /// Whether it belongs to a lead, which is not a case yet.
    public let isOfLead: Bool

    /// A line of the register.
    public init(document: DocumentRow, caseTitle: String, subjectName: String, isOfLead: Bool = false) {
        self.isOfLead = isOfLead
        self.document = document
        self.caseTitle = caseTitle
        self.subjectName = subjectName
    }
}

/// One page of the register of documents.
public struct DocumentRegisterPage: Hashable, Sendable {
    public let lines: [DocumentRegisterLine]
    /// How many documents the filter finds in all, as far as they were counted.
    public let total: Int
    /// Whether there are more than were counted.
    public let hasMore: Bool

    /// A page.
    public init(lines: [DocumentRegisterLine], total: Int, hasMore: Bool = false) {
        self.lines = lines
        self.total = total
        self.hasMore = hasMore
    }
}

/// A document's number (文号) as people type it: a year of four digits, then the running number.
///
/// `清禾统罚决〔2026〕12号`, `罚决[2026]12` and `2026-12` all name year 2026 and number 12.
public struct DocumentNumber: Hashable, Sendable {
    public let year: Int
    public let number: Int
    /// What stands before the year, without the bracket; empty if nothing does.
    public let mark: String

    /// The number that a text names; nil if it names none.
    public init?(_ text: String) {
        // The last two runs of ASCII digits count: a mark may have digits of its own.
        var runs: [(start: Int, digits: [UInt8])] = []
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() where (0x30...0x39).contains(byte) {
            if index > 0, !runs.isEmpty, (0x30...0x39).contains(bytes[index - 1]) {
                runs[runs.count - 1].digits.append(byte)
            } else {
                runs.append((index, [byte]))
            }
        }
        guard runs.count >= 2, let first = runs.dropLast().last, let last = runs.last, first.digits.count == 4,
            (1...9).contains(last.digits.count), let year = Self.value(first.digits),
            let number = Self.value(last.digits), (1900...2999).contains(year), number > 0
        else { return nil }
        // Only brackets and strokes may stand between the two, and only 号 after the second: else these are other figures.
        let between = bytes[(first.start + 4)..<last.start]
        let after = bytes[(last.start + last.digits.count)...]
        let joints = ["〕", "]", "】", "）", ")", "-", "－", " ", "第", "年"].map { Array($0.utf8) }
        guard Self.consists(between, of: joints), !between.isEmpty, Self.consists(after, of: [Array("号".utf8), [0x20]])
        else { return nil }
        self.year = year
        self.number = number
        var mark = bytes[..<first.start]
        for bracket in ["〔", "[", "【", "（", "("].map({ Array($0.utf8) })
        where mark.suffix(bracket.count) == bracket[...] {
            mark = mark.dropLast(bracket.count)
        }
        self.mark = String(decoding: mark, as: UTF8.self).trimmedWhitespace
    }

    private static func value(_ digits: [UInt8]) -> Int? {
        Int(String(decoding: digits, as: UTF8.self))
    }

    private static func consists(_ bytes: ArraySlice<UInt8>, of parts: [[UInt8]]) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            guard let part = parts.first(where: { rest.starts(with: $0) }) else { return false }
            rest = rest.dropFirst(part.count)
        }
        return true
    }
}
