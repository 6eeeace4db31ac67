import Kernel

/// One field of a document's form.
public struct FieldDefinition: Hashable, Sendable {
    /// The member's name in the form's data and in the template.
    public var name: String
    /// The label on form and page.
    public var label: String
    /// What may be entered.
    public var type: FieldType
    /// When it must be filled for the document to be complete.
    public var required: Requiredness
    /// A sentence under the label; empty for none.
    public var help: String
    /// Provisions that ask for it.
    public var provisions: [String]
    /// Who may see its value once it is in the ledger; `reporter` and `secret` lift the class of the whole form.
    public var opening: OpeningClass
    /// Whether its word, number or time also goes into the skeleton, where duties can read it after a disposal.
    public var plain: Bool
    /// Whether a time may lie ahead: that of something announced, not of something done.
    public var mayLieAhead: Bool
    /// Whether it says what is ordered (主文): whoever signs for the bureau sees it beside the draft that was approved.
    public var operative: Bool
    /// Whether everybody named in a field of persons shows an enforcement certificate: officers of the act do, leaders
    /// who discuss a case do not (行政处罚法第四十二条、第五十七条).
    public var certificates: Bool

    /// A field.
    public init(
        name: String, label: String, type: FieldType, required: Requiredness = .never, help: String = "",
        provisions: [String] = [], opening: OpeningClass = .party, plain: Bool = false, operative: Bool = false,
        certificates: Bool? = nil, mayLieAhead: Bool = false
    ) {
        self.name = name
        self.label = label
        self.type = type
        self.required = required
        self.help = help
        self.provisions = provisions
        self.opening = opening
        self.plain = plain
        self.mayLieAhead = mayLieAhead
        self.operative = operative
        self.certificates = certificates ?? (opening == .officer)
    }
}

/// What may be entered in a field, and how its value stands in the form's data.
public indirect enum FieldType: Hashable, Sendable {
    /// One line. String, at most 200 characters.
    case text
    /// Paragraphs separated by a line feed. String, at most 20,000 characters.
    case longText
    /// A day. String `2026-11-20`.
    case day
    /// A time. String in RFC 3339: `2026-11-20T09:05:00+08:00`.
    case instant
    /// A whole number within these bounds.
    case integer(ClosedRange<Int64>)
    /// Money in fen, not negative.
    case money
    /// One word of a vocabulary. String.
    case choice([Option])
    /// Several words of a vocabulary. Array of strings, none twice.
    case choices([Option])
    /// Sentences, one each. Array of strings, at most 100.
    case list
    /// Officers or others by name and certificate number. Array of `{name, certificate, person?}`, at most 20.
    case persons
    /// Rows with these columns. Array of objects, at most 500.
    case table([Column])

    /// A word of a vocabulary.
    public struct Option: Hashable, Sendable {
        /// The word that is stored: ASCII.
        public var word: String
        /// What is read on screen and paper.
        public var label: String
        /// An option.
        public init(word: String, label: String) {
            self.word = word
            self.label = label
        }
    }

    /// A column of a table; its values are one-line or long text.
    public struct Column: Hashable, Sendable {
        public var name: String
        public var label: String
        public var required: Bool
        /// A column.
        public init(name: String, label: String, required: Bool) {
            self.name = name
            self.label = label
            self.required = required
        }
    }
}

/// When something must be there.
public enum Requiredness: Hashable, Sendable {
    case never
    case always
    /// Where all of these hold in the same form.
    case when([FormCondition])
}

/// A condition on another field of the same form.
public struct FormCondition: Hashable, Sendable {
    /// The other field.
    public var field: String
    /// What must hold.
    public var test: Test

    /// What must hold of the other field.
    public enum Test: Hashable, Sendable {
        /// It is one of these words; of several chosen words one is among them.
        case isOne(of: [String])
        /// Neither it nor any of several chosen words is one of these; or it is empty.
        case isNone(of: [String])
        /// It is filled.
        case present
        /// It is empty.
        case absent
    }

    /// A condition.
    public init(field: String, test: Test) {
        self.field = field
        self.test = test
    }
}

extension FieldType {
    /// Members of each row of `persons`: name, certificate number, and the person's thread where it is known.
    public static let personColumns = ["name", "certificate", "person"]

    /// Whether a value is text that somebody writes.
    public var isProse: Bool {
        switch self {
        case .text, .longText, .list: true
        case .day, .instant, .integer, .money, .choice, .choices, .persons, .table: false
        }
    }

    /// Whether a value may stand in a skeleton: words of a vocabulary, numbers and times, never text.
    public var mayBePlain: Bool {
        switch self {
        case .day, .instant, .integer, .money, .choice, .choices: true
        case .text, .longText, .list, .persons, .table: false
        }
    }
}
