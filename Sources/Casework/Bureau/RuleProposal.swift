import Kernel

/// What a prepared change of the rules does (制度变更).
public enum RuleAct: String, Hashable, Sendable, CaseIterable {
    /// 施行: a text, or a new version of one, comes into force.
    case adopt
    /// 修正: same legal text, wrong data mended.
    case repair
    /// 废止: a text goes out of force.
    case repeal
    /// 适用上位规定: a higher rule takes the place of a row.
    case override

    /// The name on screens.
    public var chinese: String {
        switch self {
        case .adopt: "施行"
        case .repair: "修正数据"
        case .repeal: "废止"
        case .override: "适用上位规定"
        }
    }

    /// The entry by which the agency head carries it out.
    public var entryType: EntryType {
        switch self {
        case .adopt: .regulationAdopted
        case .repair: .regulationRepaired
        case .repeal: .regulationRepealed
        case .override: .ruleOverridden
        }
    }
}

/// A change of the rules that the administrator prepared and that waits for the agency head.
public struct RuleProposal: Hashable, Sendable {
    /// The entry's place in the bureau's thread.
    public let seq: Int
    public let act: RuleAct
    /// The text.
    public let regulation: String
    /// The file that comes into force or takes the place of another.
    public let digest: Digest?
    /// The file that is mended.
    public let replaces: Digest?
    /// The first day in force of an adoption, the last of a repeal.
    public let day: CivilDay?
    public let reason: String
    public let proposedBy: ThreadTag?
    public let proposedAt: Instant
    /// The plain members that the act's own entry will have.
    public let members: [JSON.Member]
    /// What it says of the higher rule, by field; empty for other acts.
    public let higherRule: [String: String]

    /// Reads a `rule.proposed`; nil for another record.
    public init?(_ record: Record) {
        guard record.type == .ruleProposed, let act = record.word("act").flatMap(RuleAct.init(rawValue:)),
            let regulation = record.word("regulation")
                ?? record.word("provision").map({ String($0.prefix { $0 != ":" }) })
        else { return nil }
        seq = record.seq
        self.act = act
        self.regulation = regulation
        digest = record.word("digest").flatMap { Digest($0) }
        replaces = record.word("replaces").flatMap { Digest($0) }
        day = (record.word("inForceFrom") ?? record.word("lastDay")).flatMap { CivilDay($0) }
        reason = record.text("reason") ?? ""
        proposedBy = record.actor
        proposedAt = record.recordedAt
        members = (record.plain.members ?? []).filter { $0.key != "act" }
        higherRule = ["higherRule", "article", "value"].reduce(into: [:]) { $0[$1] = record.text($1) }
    }

    public static func == (left: RuleProposal, right: RuleProposal) -> Bool { left.seq == right.seq }
    public func hash(into hasher: inout Hasher) { hasher.combine(seq) }
}
