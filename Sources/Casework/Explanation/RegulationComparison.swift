/// Two texts side by side, matter by matter (制度对照). What differs is found in the rules themselves; other words for the
/// same rule are no difference.
public struct RegulationComparison: Hashable, Sendable {
    /// One matter of which at least one text speaks.
    public struct Item: Hashable, Sendable {
        /// The matter's id.
        public let matter: String
        /// Its name on pages.
        public let title: String
        /// What each text asks or allows.
        public let left: [Side]
        public let right: [Side]
        /// In what they differ; empty where both decide alike.
        public let differences: [Aspect]

        /// Whether both decide alike in other words.
        public var isOtherWording: Bool {
            differences.isEmpty && Set(left.map(\.demand)) != Set(right.map(\.demand))
        }
    }

    /// In what two texts may differ about one matter.
    public enum Aspect: String, Hashable, Sendable, CaseIterable {
        /// Only one of them speaks of it.
        case presence
        /// How strictly it binds: 应当, 不得, 可以, …
        case modality
        /// Of what it speaks: the record that causes it, how often, what excuses or ends it.
        case condition
        /// What has to be there.
        case demand
        /// Until when, and which time counts.
        case term
        /// What is refused meanwhile, and who may lift it.
        case gate
        /// Who has to act.
        case role
        /// How strictly audio-video is asked.
        case level
        /// The same parts, but which goes with which differs.
        case pairing

        /// The word on pages.
        public var chinese: String {
            switch self {
            case .presence: "只有一部制度规定"
            case .modality: "约束力"
            case .condition: "适用情形"
            case .demand: "要求"
            case .term: "期限"
            case .gate: "关口"
            case .role: "责任人"
            case .level: "音像要求"
            case .pairing: "各项的对应关系"
            }
        }
    }

    /// What one provision asks or allows about a matter.
    public struct Side: Hashable, Sendable {
        /// The row's id.
        public let provision: String
        /// Where it stands.
        public let article: String
        /// How strictly the row binds.
        public let modality: Provision.Modality
        /// What is to be done, or what is allowed.
        public let demand: String
        /// Of what it speaks, in Chinese.
        public let condition: String
        /// What meets it, in Chinese; empty for a permission.
        public let requirement: String
        /// What excuses or ends it, in Chinese; empty where nothing does.
        public let exceptions: String
        /// Who has to act; empty for a permission.
        public let who: String
        /// Until when; empty without term.
        public let term: String
        /// How strictly the gate holds.
        public let gate: Gate.Level
        /// What is refused meanwhile and who may lift it, in Chinese; empty where nothing is.
        public let gateText: String
        /// For audio-video: how strictly it is asked.
        public let level: AVLevel?
        /// Whether it is a permission.
        public let isPermission: Bool
        /// The rule without its wording, aspect by aspect.
        let substance: [Aspect: String]

        /// The Chinese text of one aspect; empty where there is none.
        public func text(of aspect: Aspect) -> String {
            switch aspect {
            case .presence, .pairing: ""
            case .modality: isPermission ? "可以" : modality.chinese
            case .condition: [condition, exceptions].filter { !$0.isEmpty }.joined(separator: "；")
            case .demand: requirement.isEmpty ? demand : requirement
            case .term: term
            case .gate:
                // Its name stands beside it.
                gateText.isEmpty ? (isPermission ? "" : gate.chinese) : String(gateText.trimmingPrefix("关口："))
            case .role: who
            case .level: level?.chinese ?? ""
            }
        }
    }

    /// Matters in the order of the first text, then those of the second alone.
    public let items: [Item]

    /// Compares two texts.
    public init(_ left: Regulation, _ right: Regulation, matters: [String: Matter], kinds: [String: DocumentKind]) {
        let ours = RegulationComparison.sides(of: left, matters, kinds)
        let theirs = RegulationComparison.sides(of: right, matters, kinds)
        var order: [String] = []
        for (matter, _) in ours + theirs where !order.contains(matter) { order.append(matter) }
        items = order.map { matter in
            let one = ours.filter { $0.matter == matter }.map(\.side)
            let other = theirs.filter { $0.matter == matter }.map(\.side)
            return Item(
                matter: matter, title: matters[matter]?.title ?? matter, left: one, right: other,
                differences: RegulationComparison.differences(one, other))
        }
    }

    private static func sides(
        of text: Regulation, _ matters: [String: Matter], _ kinds: [String: DocumentKind]
    ) -> [(matter: String, side: Side)] {
        let substance = RuleSubstance(settings: text.settings, offices: text.offices, text: text.id)
        return text.provisions.flatMap { provision -> [(matter: String, side: Side)] in
            let duties = provision.duties.map { duty in
                (duty.matter, Side(duty, of: provision, in: text, substance, matters, kinds))
            }
            return duties + provision.allows.map { ($0.matter, Side($0, of: provision, substance, kinds)) }
        }
    }

    /// The aspects in which the sides differ, each held against the other as a set: the order of rows decides nothing.
    private static func differences(_ left: [Side], _ right: [Side]) -> [Aspect] {
        guard !left.isEmpty, !right.isEmpty else { return [.presence] }
        let found = Aspect.allCases.filter { aspect in
            // What says nothing is no part: a permission has neither term nor gate.
            func said(_ sides: [Side]) -> Set<String> {
                Set(sides.compactMap { $0.substance[aspect] }.filter { !$0.isEmpty })
            }
            return said(left) != said(right)
        }
        guard found.isEmpty else { return found }
        return Set(left.map(\.substance)) == Set(right.map(\.substance)) ? [] : [.pairing]
    }
}

extension RegulationComparison.Side {
    fileprivate init(
        _ duty: Duty, of provision: Provision, in text: Regulation, _ rule: RuleSubstance, _ matters: [String: Matter],
        _ kinds: [String: DocumentKind]
    ) {
        let told = DutyExplanation(
            duty, matters: matters, kinds: kinds, settings: text.settings, offices: text.offices)
        self.init(
            provision: provision.id, article: provision.article, modality: provision.modality, demand: duty.demand,
            condition: told.cause, requirement: told.requirement, exceptions: told.exceptions, who: told.who,
            term: told.term, gate: duty.gate.level, gateText: told.gate, level: duty.level, isPermission: false,
            substance: [
                .modality: provision.modality.rawValue, .condition: rule.condition(of: duty),
                .demand: rule.requirement(duty.requirement), .term: rule.term(of: duty), .gate: rule.gate(of: duty),
                .role: rule.holder(of: duty), .level: duty.level?.rawValue ?? "",
            ])
    }

    fileprivate init(
        _ allowance: Allowance, of provision: Provision, _ rule: RuleSubstance, _ kinds: [String: DocumentKind]
    ) {
        self.init(
            provision: provision.id, article: provision.article, modality: provision.modality, demand: allowance.what,
            condition: allowance.covered(kinds), requirement: "", exceptions: "", who: "", term: "",
            gate: .none, gateText: "", level: allowance.level, isPermission: true,
            // A permission is none of the duties, whatever the row's own word.
            substance: [
                .modality: "allows", .condition: rule.pattern(allowance.when), .level: allowance.level?.rawValue ?? "",
            ])
    }
}

extension Gate.Level {
    /// The word on pages.
    public var chinese: String {
        switch self {
        case .none: "不拦截"
        case .close: "归档前必须完成"
        case .pre: "未完成不能进行下一步，可批准越过"
        case .hard: "未完成不能进行下一步，不能越过"
        }
    }
}
