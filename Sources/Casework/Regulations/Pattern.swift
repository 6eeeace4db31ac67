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
        /// Of the values that are found at the second paths, each is found at the first; of others nothing is asked. Holds
        /// where there is no value.
        case amongOf([Path], of: [Path])
        /// Each value is found at these other paths; holds where nothing is told on either side.
        case toldAmong([Path])
        /// The value is what the bureau chose for this office.
        case office(String)
        /// A number that is at least this share in percent of the number at another path, rounded up, and at least one;
        /// together with a further number where one is named, which counts as none where it is not told.
        case share(percent: Quantity, of: Path, with: Path?)
        /// Times, none after any time at the other path; there is one at both.
        case notAfter(Path)
        /// Times, none before any time at the other path; there is one at both.
        case notBefore(Path)
        /// Times, none after any time at the other path; holds where nothing is told on either side.
        case notToldAfter(Path)
        /// Names of fields, each of which is filled in the form at the other path; a form that was withheld was filled.
        /// Words that cannot be the name of a field are for people.
        case filledIn(Path)
        /// Text that names kinds of penalty (行政处罚的种类), none but these.
        case penalties([String])
        /// Times, none in any of these hours; there is one.
        case outside([Hours])
    }

    /// Hours in which something is not to be done.
    public enum Hours: String, Hashable, Sendable, CaseIterable {
        /// From 22:00 until 6:00 in China time.
        case night
        /// The days off of the year's table; none in a year without table.
        case holiday
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
/// `trigger.member`, `ref.draft.outcome`, `all(activity.began kind!=hearing|service).officers`,
/// `last(list.revised kind=avMatters basis=law).mandatory`.
public struct Path: Hashable, Sendable {
    /// Whose member it is.
    public var scope: Scope
    /// The member and, within objects, members of it.
    public var members: [String]

    /// A member and the words that it must or must not be, to choose among records.
    public struct Selection: Hashable, Sendable {
        /// The member's name.
        public var member: String
        /// Its words, any of them.
        public var words: [String]
        /// Whether records are chosen that have none of these words: `member!=word`.
        public var excludes: Bool
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
        /// All records of this type in the history that are selected.
        case all(EntryType, where: [Selection])
        /// The last record of this type before the record, of those that are selected.
        case last(EntryType, where: [Selection])
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
    /// When a session ended.
    static let sessionEnd = Path(.activity, ["endAt"])

    /// What every record has besides its members.
    public static let pseudoMembers = ["type", "actor", "thread", "record", "happened", "recorded"]
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
        case .all(let type, let chosen): "all(\(type.rawValue)\(Path.written(chosen))).\(rest)"
        case .last(let type, let chosen): "last(\(type.rawValue)\(Path.written(chosen))).\(rest)"
        case .first(let kind): "\(kind.rawValue).\(rest)"
        }
    }

    /// Reads a path; nil if it is none. A lone word such as `document` or `activity` is a member of the record itself.
    public init?(_ description: String) {
        if description.hasPrefix("all(") || description.hasPrefix("last(") {
            guard let open = description.firstIndex(of: "("), let close = description.firstIndex(of: ")") else {
                return nil
            }
            let inner = description[description.index(after: open)..<close]
                .split(separator: " ", omittingEmptySubsequences: false)
            let rest = description[description.index(after: close)...]
            let chosen = inner.dropFirst().map { Selection($0) }
            guard let type = inner.first.flatMap({ EntryType(rawValue: String($0)) }), !chosen.contains(nil),
                rest.first == ".", let members = Path.members(rest.dropFirst())
            else { return nil }
            let all = chosen.compactMap { $0 }
            self.init(description.hasPrefix("all(") ? .all(type, where: all) : .last(type, where: all), members)
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

    private static func written(_ chosen: [Selection]) -> String {
        chosen.map { " \($0.member)\($0.excludes ? "!=" : "=")\($0.words.joined(separator: "|"))" }.joined()
    }

    fileprivate static func members(_ text: Substring) -> [String]? {
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

extension Path.Selection {
    /// Reads `member=word`, `member!=word|word`; nil if it is none.
    fileprivate init?(_ text: Substring) {
        let sides = text.split(separator: "=", omittingEmptySubsequences: false)
        guard sides.count == 2 else { return nil }
        excludes = sides[0].last == "!"
        let name = excludes ? sides[0].dropLast() : sides[0]
        let words = sides[1].split(separator: "|", omittingEmptySubsequences: false)
        // Words are members' names, or names with hyphens such as kinds of documents.
        guard Path.members(name)?.count == 1,
            words.allSatisfy({ word in
                word.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { Path.members($0)?.count == 1 }
            })
        else { return nil }
        member = String(name)
        self.words = words.map(String.init)
    }
}
