/// Whether a proposed step may be taken.
public struct StepVerdict: Hashable, Sendable {
    /// Why it is refused; empty if it is allowed.
    public let refusals: [Refusal]
    /// Gates that it passes under an override; printed in the dossier and counted.
    public let overridden: [Refusal]

    /// A verdict.
    public init(refusals: [Refusal], overridden: [Refusal] = []) {
        self.refusals = refusals
        self.overridden = overridden
    }

    /// Whether the step may be taken.
    public var isAllowed: Bool { refusals.isEmpty }
}

/// One reason why a step is refused (design invariant 5): which provision, what is missing, who can supply it.
public struct Refusal: Hashable, Sendable {
    /// The step that is refused.
    public let step: EntryType
    /// The obligation that stands open.
    public let key: ObligationKey
    /// The matter's name on pages.
    public let title: String
    /// All provisions that refuse, parent law marked as such.
    public let citations: [Citation]
    /// What is missing; never empty.
    public let missing: [Missing]
    /// The strictest gate among them.
    public let gate: Gate.Level
    /// Who may let the step pass: those whom every provision allows. Empty if nobody may.
    public let overridableBy: [Role]

    /// A plain Chinese sentence: what is missing.
    public var sentence: String { missing.map(\.sentence).joined(separator: "；") }

    /// A plain Chinese list: who can supply it.
    public var suppliers: String {
        var seen: [String] = []
        for one in missing where !seen.contains(one.supplier.chinese) { seen.append(one.supplier.chinese) }
        return seen.joined(separator: "、")
    }
}
