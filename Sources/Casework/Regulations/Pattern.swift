/// Which records are meant: those of one of the types for which every condition holds.
public struct Pattern: Hashable, Sendable {
    /// Types of record, any of them.
    public var types: [EntryType]
    /// All of them hold.
    public var conditions: [Condition]

    /// Records of these types.
    public init(_ types: [EntryType], where conditions: [Condition] = []) {
        self.types = types
        self.conditions = conditions
    }
}

/// One condition on a record: a path, and a test of the values found there.
public struct Condition: Hashable, Sendable {
    /// Where to look.
    public var path: Path
    /// What must hold.
    public var test: Test

    /// What must hold of the values at a path. Lists count as their elements; booleans are the words `true`, `false`.
    public indirect enum Test: Hashable, Sendable {
        /// There is a value, and each is one of these words.
        case isOne(of: [String])
        /// No value is one of these words; holds where there is no value, so that a gap never opens a gate.
        case isNone(of: [String])
        /// There is a value that is not empty.
        case present
        /// There is no value, or only empty ones.
        case absent
        /// Each of these words is among the values.
        case includes([String])
        /// At least so many different values.
        case count(atLeast: Quantity)
        /// Numbers, all at least this.
        case atLeast(Quantity)
        /// Numbers, all at most this.
        case atMost(Quantity)
        /// Numbers, all at most this far from zero, either way.
        case within(Quantity)
        /// There is a value, and none is found at these other paths: persons who must differ.
        case notAmong([Path])
        /// There is a value, and each is found at these other paths.
        case among([Path])
        /// The value is what the bureau chose for this office.
        case office(String)
        /// A number that is at least this share in percent of the number at another path, rounded up, and at least one.
        case share(percent: Quantity, of: Path)
        /// Times, none after any time at the other path; there is one at both.
        case notAfter(Path)
        /// Times, none before any time at the other path; there is one at both.
        case notBefore(Path)
        /// Times, none after any time at the other path; holds where nothing is told on either side.
        case notToldAfter(Path)
        /// Names of fields, each of which is filled in the form at the other path; a form that was withheld was filled.
        /// Words that cannot be the name of a field are for people.
        case filledIn(Path)
    }

    /// A condition.
    public init(_ path: Path, _ test: Test) {
        self.path = path
        self.test = test
    }
}

/// Where a value stands, seen from a record.
///
/// Written `member`, `data.member`, `document.kind`, `activity.kind`, `recording.form`, `case.isMajor`,
/// `trigger.member`, `ref.draft.outcome`, `all(activity.began).officers`, `last(list.revised kind=avMatters).mandatory`.
public struct Path: Hashable, Sendable {
    /// Whose member it is.
    public var scope: Scope
    /// The member and, within objects, members of it.
    public var members: [String]

    /// A member and the word that it must be, to choose among records.
    public struct Selection: Hashable, Sendable {
        /// The member's name.
        public var member: String
        /// Its word.
        public var word: String
    }

    /// Whose member is meant.
    public enum Scope: Hashable, Sendable {
        /// The record's own.
        case own
        /// The document that the record names: members of its fixed entry, and `stage`, `category` of its kind.
        case document
        /// The on-site session that the record belongs to: members of `activity.began`, else of `activity.ended`.
        case activity
        /// The recording: members of `recording.imported`.
        case recording
        /// The case: members of `case.opened`; `handlers` are all that ever handled it.
        case caseFile
        /// The record that caused the obligation.
        case trigger
        /// The record that this one refers to in this role.
        case reference(String)
        /// All records of this type in the history.
        case all(EntryType)
        /// The last record of this type before the record; of those whose member is this word, where one is told.
        case last(EntryType, where: Selection?)
        /// The lead, recorder, request, … that the record belongs to: members of the first record of its thread.
        case first(ThreadKind)
    }

    /// A path.
    public init(_ scope: Scope, _ members: [String]) {
        self.scope = scope
        self.members = members
    }
}

extension Path {
    /// What every record has besides its members.
    public static let pseudoMembers = ["type", "actor", "thread", "happened", "recorded"]
}

extension Path: LosslessStringConvertible {
    /// As regulations write it.
    public var description: String {
        let rest = members.joined(separator: ".")
        return switch scope {
        case .own: rest
        case .document: "document.\(rest)"
        case .activity: "activity.\(rest)"
        case .recording: "recording.\(rest)"
        case .caseFile: "case.\(rest)"
        case .trigger: "trigger.\(rest)"
        case .reference(let role): "ref.\(role).\(rest)"
        case .all(let type): "all(\(type.rawValue)).\(rest)"
        case .last(let type, nil): "last(\(type.rawValue)).\(rest)"
        case .last(let type, let one?): "last(\(type.rawValue) \(one.member)=\(one.word)).\(rest)"
        case .first(let kind): "\(kind.rawValue).\(rest)"
        }
    }

    /// Reads a path; nil if it is none. A lone word such as `document` or `activity` is a member of the record itself.
    public init?(_ description: String) {
        if description.hasPrefix("all(") {
            guard let close = description.firstIndex(of: ")"),
                let type = EntryType(
                    rawValue: String(description[description.index(description.startIndex, offsetBy: 4)..<close]))
            else { return nil }
            let rest = description[description.index(after: close)...]
            guard rest.first == ".", let members = Path.members(rest.dropFirst()) else { return nil }
            self.init(.all(type), members)
            return
        }
        if description.hasPrefix("last("), let close = description.firstIndex(of: ")") {
            let inner = description[..<close].dropFirst("last(".count)
                .split(separator: " ", omittingEmptySubsequences: false)
            let rest = description[description.index(after: close)...]
            guard let type = inner.first.flatMap({ EntryType(rawValue: String($0)) }), inner.count <= 2,
                rest.first == ".", let members = Path.members(rest.dropFirst())
            else { return nil }
            var selection: Selection?
            if inner.count == 2 {
                let parts = inner[1].split(separator: "=", omittingEmptySubsequences: false).map(String.init)
                guard parts.count == 2, Path.members(parts[0][...]) == [parts[0]],
                    Path.members(parts[1][...]) == [parts[1]]
                else { return nil }
                selection = Selection(member: parts[0], word: parts[1])
            }
            self.init(.last(type, where: selection), members)
            return
        }
        guard let words = Path.members(description[...]) else { return nil }
        guard words.count > 1 else {
            self.init(.own, words)
            return
        }
        let rest = Array(words.dropFirst())
        switch words[0] {
        case "document": self.init(.document, rest)
        case "activity": self.init(.activity, rest)
        case "recording": self.init(.recording, rest)
        case "case": self.init(.caseFile, rest)
        case "trigger": self.init(.trigger, rest)
        case "ref":
            guard rest.count > 1 else { return nil }
            self.init(.reference(rest[0]), Array(rest.dropFirst()))
        default:
            if let kind = ThreadKind(rawValue: words[0]), Matter.Per.allCases.contains(where: { $0.thread == kind }) {
                self.init(.first(kind), rest)
            } else {
                self.init(.own, words)
            }
        }
    }

    private static func members(_ text: Substring) -> [String]? {
        let words = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let fine = words.allSatisfy { word in
            !word.isEmpty
                && word.utf8.allSatisfy { byte in
                    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                }
        }
        return fine && !words.isEmpty ? words : nil
    }
}
