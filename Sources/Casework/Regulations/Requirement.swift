/// What must be there for an obligation to be met.
public indirect enum Requirement: Hashable, Sendable {
    /// A record.
    case record(RecordRequirement)
    /// A document, complete and signed; a void one does not count.
    case document(DocumentRequirement)
    /// Every part.
    case all([Requirement])
    /// One of the parts.
    case any([Requirement])
    /// So much time has passed since the causing record: what must not come earlier.
    case elapsed(Term)
    /// Nothing can meet it: the record that causes it is itself the breach (不得).
    case never
}

/// A record that must exist.
public struct RecordRequirement: Hashable, Sendable {
    /// Which records count.
    public var pattern: Pattern
    /// How they are tied to the record that caused the obligation.
    public var tie: Tie
    /// Whether only records after the causing one count.
    public var afterCause: Bool
    /// Whether only records before the causing one count, and only what takes one back before it: what stood then.
    public var beforeCause: Bool
    /// Whether, of such records tied to it before the causing one, only the last counts: what stood then.
    public var latest: Bool
    /// Of which records the last is taken: those for which all of these hold; of all where there is none.
    public var latestOf: [Condition]
    /// What need not hold of one record, but of all that match taken together: the values at each path are united.
    public var together: [Condition]
    /// Asked of all that match: that the times they tell leave no hole; nil where holes are not asked about.
    public var unbroken: Unbroken?
    /// Later records that take one back, so that it does not count any more; in their conditions `trigger` is the record
    /// that they take back.
    public var undoneBy: [Pattern]
    /// What they must hold, not empty.
    public var fields: [FieldRequirement]
    /// What to say while there is none: a Chinese sentence without full stop. Empty for the sentence made from the type.
    public var lack: String
    /// Who supplies it, where that is not who meets the duty as a whole; nil where it is.
    public var supplier: DutyHolder?

    /// A record that must exist.
    public init(
        _ pattern: Pattern, tie: Tie = .sameSubject, afterCause: Bool = false, beforeCause: Bool = false,
        latest: Bool = false,
        latestOf: [Condition] = [], together: [Condition] = [], unbroken: Unbroken? = nil, undoneBy: [Pattern] = [],
        fields: [FieldRequirement] = [], lack: String = "", supplier: DutyHolder? = nil
    ) {
        self.unbroken = unbroken
        self.pattern = pattern
        self.tie = tie
        self.afterCause = afterCause
        self.beforeCause = beforeCause
        self.latest = latest
        self.latestOf = latestOf
        self.together = together
        self.undoneBy = undoneBy
        self.fields = fields
        self.lack = lack
        self.supplier = supplier
    }
}

/// How a record that meets an obligation is tied to the one that caused it.
public enum Tie: Hashable, Sendable {
    /// Both are about the same thing, as the matter says (`Matter.Per`).
    case sameSubject
    /// It is the same record: what it must itself hold.
    case itself
    /// It refers to that record in this role.
    case refers(String)
    /// Its document is about (`about`) the document of that record.
    case about
    /// Its document is the one that this member of that record names.
    case named(String)
    /// Any record of the history.
    case anywhere
    /// Both are about the same thing of this sort, whatever the matter counts.
    case same(Matter.Per)
}

/// A value that must be there, not empty.
public struct FieldRequirement: Hashable, Sendable {
    /// Where it stands in the record or in the document's data.
    public var path: Path
    /// Its name for readers; where it is empty, the document kind's label is used.
    public var label: String
    /// In a table: columns that must be filled in each row, and at least one row.
    public var columns: [String]
    /// How many rows a table must have: 1 unless said otherwise.
    public var rows: Int
    /// Asked only where all of these hold.
    public var when: [Condition]

    /// A value that must be there.
    public init(_ path: Path, label: String = "", columns: [String] = [], rows: Int = 1, when: [Condition] = []) {
        self.path = path
        self.label = label
        self.columns = columns
        self.rows = rows
        self.when = when
    }
}

/// A document that must exist.
public struct DocumentRequirement: Hashable, Sendable {
    /// Kinds by folder name, any of them.
    public var kinds: [String]
    /// How it is tied to the record that caused the obligation.
    public var tie: Tie
    /// Whether it must have been made after the causing record.
    public var afterCause: Bool
    /// Conditions on its fixed entry.
    public var conditions: [Condition]
    /// What its form must hold.
    public var fields: [FieldRequirement]
    /// Who must have signed.
    public var slots: [SlotRequirement]
    /// Whether it must have been issued with its number.
    public var issued: Bool
    /// What to say where documents of these kinds stand and none is as asked, in Chinese; empty for the usual sentence.
    public var lack: String

    /// A document that must exist.
    public init(
        kinds: [String], tie: Tie = .sameSubject, afterCause: Bool = false, conditions: [Condition] = [],
        fields: [FieldRequirement] = [], slots: [SlotRequirement] = [], issued: Bool = false, lack: String = ""
    ) {
        self.kinds = kinds
        self.tie = tie
        self.afterCause = afterCause
        self.conditions = conditions
        self.fields = fields
        self.slots = slots
        self.issued = issued
        self.lack = lack
    }
}

/// A signature that a document must carry.
public struct SlotRequirement: Hashable, Sendable {
    /// Slots, any of which will do. A name that ends in `*` means every slot that begins with it.
    public var slots: [String]
    /// In how many of them: 1 unless said otherwise.
    public var count: Int
    /// How it may be met; refusal and inability count only where they stand here.
    public var manners: [SigningManner]
    /// What the signer must have decided; empty for any.
    public var decisions: [SigningDecision]
    /// Whether the seal (公章) must be on it. A refusal with reason stands in for it.
    public var sealed: Bool
    /// Whether the signer's opinion must be given: in the signature, or in this field of the form.
    public var opinion: Opinion?
    /// Asked only where all of these hold.
    public var when: [Condition]
    /// Conditions on the signature's entry, such as who may not sign.
    public var conditions: [Condition]

    /// Where an opinion may stand.
    public struct Opinion: Hashable, Sendable {
        /// A field of the form that will do instead of the opinion given while signing.
        public var orField: String?
        /// An opinion.
        public init(orField: String? = nil) { self.orField = orField }
    }

    /// A signature that must be there.
    public init(
        _ slots: [String], count: Int = 1, manners: [SigningManner] = SigningManner.allCases,
        decisions: [SigningDecision] = [], sealed: Bool = false, opinion: Opinion? = nil, when: [Condition] = [],
        conditions: [Condition] = []
    ) {
        self.slots = slots
        self.count = count
        self.manners = manners
        self.decisions = decisions
        self.sealed = sealed
        self.opinion = opinion
        self.when = when
        self.conditions = conditions
    }
}

/// How a signature slot was met: the words of `document.signed`.
public enum SigningManner: String, Hashable, Sendable, CaseIterable {
    /// Drawn on a screen.
    case screen
    /// Signed on the printed sheet, which was scanned.
    case paper
    /// Refused, with the reason.
    case refused
    /// The person cannot sign; read aloud before a witness.
    case unable
}

/// What a signature decides: the words of `document.signed`.
public enum SigningDecision: String, Hashable, Sendable, CaseIterable {
    case agree, refuse, passed, returned
}
