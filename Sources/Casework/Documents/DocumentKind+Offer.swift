import Kernel

extension DocumentKind {
    /// Which cases can have papers of a kind at all; in any other it is refused.
    public struct Cases: Hashable, Sendable {
        /// Kinds of case.
        public var kinds: Set<CaseKind>
        /// Procedures of a penalty case.
        public var procedures: Set<Procedure>
        /// The power that only a law gives, without which the bureau has no such papers; nil for papers of everybody.
        public var power: BureauPower?

        /// Cases; as they stand here, every one.
        public init(
            kinds: Set<CaseKind> = Set(CaseKind.allCases), procedures: Set<Procedure> = Set(Procedure.allCases),
            power: BureauPower? = nil
        ) {
            self.kinds = kinds
            self.procedures = procedures
            self.power = power
        }
    }

    /// When a kind is offered in front, among the papers that a case can need now; else it stands behind them.
    public struct Offer: Hashable, Sendable {
        /// Kinds of case.
        public var kinds: Set<CaseKind>
        /// Stages of the case; none keeps it behind the others always.
        public var stages: Set<Stage>
        /// One of these has to be on record; none asks for nothing.
        public var after: Set<EntryType>

        /// When it is offered.
        public init(
            kinds: Set<CaseKind> = Set(CaseKind.allCases), stages: Set<Stage>, after: Set<EntryType> = []
        ) {
            self.kinds = kinds
            self.stages = stages
            self.after = after
        }
    }

    /// Whether a case can have papers of this kind, as far as it is the case that decides.
    public func fits(_ work: Case) -> Bool {
        guard taken.kinds.contains(work.kind) else { return false }
        return work.kind != .penalty || taken.procedures.contains(work.procedure)
    }

    /// Whether a case can need a paper of this kind now.
    public func isInFront(of work: Case, records: [Record]) -> Bool {
        guard offered.kinds.contains(work.kind), offered.stages.contains(work.stage) else { return false }
        return offered.after.isEmpty || records.contains { offered.after.contains($0.type) }
    }
}

/// A power that a bureau has only where a law gives it (obligations, section 4, no. 61): no statistics law gives one, so
/// its papers are not offered before the bureau has set that it has the power.
public enum BureauPower: String, Hashable, Sendable, CaseIterable {
    /// 行政强制措施: 查封、扣押、冻结 (行政强制法第十七条)
    case coerciveMeasures = "coercive-measures"
    /// 自行强制执行 (行政强制法第十三条、第三十四条)
    case ownExecution = "own-execution"

    /// The name on screens.
    public var chinese: String {
        switch self {
        case .coerciveMeasures: "实施行政强制措施"
        case .ownExecution: "自行强制执行"
        }
    }

    /// The provision that says who may have it: measures as the law grants them, execution by the court where it does not.
    public var provision: String {
        switch self {
        case .coerciveMeasures: "parent-law:compulsion-18"
        case .ownExecution: "parent-law:compulsion-53"
        }
    }

    /// What a bureau without the power lacks, and what it may do instead.
    public var lacking: String {
        switch self {
        case .coerciveMeasures: "法律授予本机关实施行政强制措施的权力（行政强制法第十七条）；没有授予的，不得查封、扣押、冻结"
        case .ownExecution: "法律授予本机关自行强制执行的权力（行政强制法第十三条、第三十四条）；没有授予的，催告以后申请人民法院强制执行"
        }
    }

    /// The value of the setting of this name that says that the bureau has the power; 1 says that it has not.
    static let isGiven = 2
}

extension RulesInForce {
    /// Whether a bureau has a power: as it set, else as the texts in force say. Where no text speaks of it, nobody has
    /// taken it away.
    public func gives(_ power: BureauPower, settings: Settings, on day: CivilDay) -> Bool {
        let declared = spans.filter { $0.covers(day) }.compactMap { span in
            settings.value(of: .setting(power.rawValue), declared: span.regulation.settings)
        }
        return declared.isEmpty || declared.contains { $0 >= BureauPower.isGiven }
    }
}
