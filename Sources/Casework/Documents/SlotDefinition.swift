/// A place for a signature or seal on a document (签名栏).
public struct SlotDefinition: Hashable, Sendable {
    /// The slot's word; a repeated slot's places are `officer1`, `officer2`, ….
    public var name: String
    /// The label on the page.
    public var label: String
    /// Who signs; with an office, where no text in force leaves that office to the bureau.
    public var who: DutyHolder
    /// The office whose holder signs, by the name under which texts declare it; nil where the form itself says who.
    public var office: String?
    /// What is put there.
    public var kind: Kind
    /// When it must be met for the document to be complete.
    public var required: Requiredness
    /// What the signer decides.
    public var decision: Decision
    /// How it may be met.
    public var manners: [SigningManner]
    /// Whether there is one place for each of several persons, at least `least` of them where it is required.
    public var repeats: Bool
    /// The least number of a repeated slot; 1 otherwise.
    public var least: Int
    /// The field whose rows a repeated slot has a place for each of: a table of experts, a list; nil for the fields of
    /// persons.
    public var growsWith: String?

    /// What is put into a slot.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case signature, seal
        case signatureAndSeal = "signature-and-seal"
    }

    /// What a signer decides.
    public enum Decision: String, Hashable, Sendable, CaseIterable {
        case none
        /// 同意 / 不同意
        case agreeRefuse = "agree-refuse"
        /// 通过 / 退回
        case passReturn = "pass-return"

        /// The words that may be recorded.
        public var words: [SigningDecision] {
            switch self {
            case .none: []
            case .agreeRefuse: [.agree, .refuse]
            case .passReturn: [.passed, .returned]
            }
        }
    }

    /// A slot.
    public init(
        name: String, label: String, who: DutyHolder, kind: Kind = .signature, required: Requiredness = .always,
        decision: Decision = .none, manners: [SigningManner] = SigningManner.allCases, repeats: Bool = false,
        least: Int = 1, office: String? = nil, growsWith: String? = nil
    ) {
        self.name = name
        self.label = label
        self.who = who
        self.kind = kind
        self.required = required
        self.decision = decision
        self.manners = manners
        self.repeats = repeats
        self.least = least
        self.office = office
        self.growsWith = growsWith
    }
}
