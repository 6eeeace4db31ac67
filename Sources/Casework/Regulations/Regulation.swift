import Kernel

/// One version of one text as data (制度): its provisions and what the program does for each.
public struct Regulation: Hashable, Sendable {
    /// The text's short name, the part of a provision id before the colon, for example `zhaoxian-2017`.
    public var id: String
    /// Counts from 1; another version is another file with the same `id`.
    public var version: Int
    /// The title in Chinese.
    public var title: String
    /// A short Chinese name for lists and citations.
    public var short: String
    /// Who issued it, in Chinese.
    public var issuer: String
    /// Whether it is a bureau's own text or the pack of parent law (上位法), which is always shown as such.
    public var standing: Standing
    /// The first day in force as the text says; nil where the bureau has to enter it on adoption.
    public var inForceFrom: CivilDay?
    /// Numbers that the text or the readings of it leave to the bureau.
    public var settings: [SettingDeclaration]
    /// Offices that the bureau chooses on adoption: who approves, who keeps.
    public var offices: [OfficeDeclaration]
    /// Of a pack of parent law, the statutes that its rows belong to.
    public var laws: [Statute]
    /// The rows, in the order of the text.
    public var provisions: [Provision]

    /// What kind of text it is.
    public enum Standing: String, Hashable, Sendable, CaseIterable {
        /// A bureau's own measures, rules or plan.
        case own
        /// Statutes above the bureau's text.
        case parentLaw = "parent-law"
    }

    /// A version of a text.
    public init(
        id: String, version: Int, title: String, short: String, issuer: String, standing: Standing = .own,
        inForceFrom: CivilDay? = nil, settings: [SettingDeclaration] = [], offices: [OfficeDeclaration] = [],
        laws: [Statute] = [], provisions: [Provision]
    ) {
        self.id = id
        self.version = version
        self.title = title
        self.short = short
        self.issuer = issuer
        self.standing = standing
        self.inForceFrom = inForceFrom
        self.settings = settings
        self.offices = offices
        self.laws = laws
        self.provisions = provisions
    }
}

/// One row of a text (条款): a sentence that can be kept or broken by itself.
public struct Provision: Hashable, Sendable {
    /// For example `zhaoxian-2017:8.p2b`.
    public var id: String
    /// Where it stands, as a Chinese reader cites it: `第八条第二款`.
    public var article: String
    /// How strictly it binds.
    public var modality: Modality
    /// What the program does for it first.
    public var kind: Kind
    /// What it says, in plain Chinese written for this project.
    public var summary: String
    /// Where it was read and how sure that is; for parent law.
    public var source: Source?
    /// Of which statute it is and when that is law; nil where it is law as long as the text is in force.
    public var force: Force?
    /// What it requires.
    public var duties: [Duty]
    /// What it expressly allows.
    public var allows: [Allowance]
    /// What it has counted and reported.
    public var figures: [Figure]
    /// Why no software act can carry it out; set for `Kind.policy` alone.
    public var policyReason: String?

    /// How strictly a provision binds (obligations section 0).
    public enum Modality: String, Hashable, Sendable, CaseIterable {
        case must
        case mustNot = "must-not"
        case may
        case ifNeeded = "if-needed"
        case definition
        case aim

        /// The word on pages.
        public var chinese: String {
            switch self {
            case .must: "应当"
            case .mustNot: "不得"
            case .may: "可以"
            case .ifNeeded: "必要时"
            case .definition: "定义"
            case .aim: "目标"
            }
        }
    }

    /// What the program does for a provision (obligations section 0, software kinds).
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case enforce, deadline, record, access, retain, device, publish, report, policy
    }

    /// Where a provision was read.
    public struct Source: Hashable, Sendable {
        /// The statute and article, in Chinese.
        public var citation: String
        /// Whether somebody compared it with the official text.
        public var confirmed: Bool

        /// A source.
        public init(citation: String, confirmed: Bool) {
            self.citation = citation
            self.confirmed = confirmed
        }
    }

    /// A row.
    public init(
        id: String, article: String, modality: Modality, kind: Kind, summary: String, source: Source? = nil,
        force: Force? = nil, duties: [Duty] = [], allows: [Allowance] = [], figures: [Figure] = [],
        policyReason: String? = nil
    ) {
        self.id = id
        self.article = article
        self.modality = modality
        self.kind = kind
        self.summary = summary
        self.source = source
        self.force = force
        self.duties = duties
        self.allows = allows
        self.figures = figures
        self.policyReason = policyReason
    }
}
