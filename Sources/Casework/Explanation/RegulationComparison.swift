/// Two texts side by side, matter by matter (制度对照).
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
        /// What differs, in Chinese; empty where both ask the same.
        public let differences: [String]
    }

    /// What one provision asks or allows about a matter.
    public struct Side: Hashable, Sendable {
        /// The row's id.
        public let provision: String
        /// Where it stands.
        public let article: String
        /// What is to be done, or what is allowed.
        public let demand: String
        /// Who has to act; empty for a permission.
        public let who: String
        /// Until when; empty without term.
        public let term: String
        /// How strictly the gate holds.
        public let gate: Gate.Level
        /// For audio-video: how strictly it is asked.
        public let level: AVLevel?
        /// Whether it is a permission.
        public let isPermission: Bool
    }

    /// Matters in the order of the first text, then those of the second alone.
    public let items: [Item]

    /// Compares two texts.
    public init(_ left: Regulation, _ right: Regulation, matters: [String: Matter], kinds: [String: DocumentKind]) {
        let ours = RegulationComparison.sides(of: left, kinds)
        let theirs = RegulationComparison.sides(of: right, kinds)
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
        of text: Regulation, _ kinds: [String: DocumentKind]
    ) -> [(matter: String, side: Side)] {
        text.provisions.flatMap { provision in
            provision.duties.map { duty in
                (
                    duty.matter,
                    Side(
                        provision: provision.id, article: provision.article, demand: duty.demand,
                        who: duty.who.chinese, term: duty.timing.chinese(kinds), gate: duty.gate.level,
                        level: duty.level, isPermission: false)
                )
            }
                + provision.allows.map { allowance in
                    (
                        allowance.matter,
                        Side(
                            provision: provision.id, article: provision.article, demand: allowance.what, who: "",
                            term: "", gate: .none, level: allowance.level, isPermission: true)
                    )
                }
        }
    }

    /// Members that differ: presence, term, gate, who, level of audio-video, duty or permission.
    private static func differences(_ left: [Side], _ right: [Side]) -> [String] {
        guard !left.isEmpty, !right.isEmpty else { return ["只有一部制度规定"] }
        var result: [String] = []
        func compare(_ name: String, _ value: (Side) -> String) {
            func values(_ sides: [Side]) -> [String] { Set(sides.map(value).filter { !$0.isEmpty }).sorted() }
            if values(left) != values(right) { result.append(name) }
        }
        compare("约束力") { $0.isPermission ? "可以" : "应当" }
        compare("期限", \.term)
        compare("关口") { $0.isPermission ? "" : $0.gate.chinese }
        compare("责任人", \.who)
        compare("音像要求") { $0.level?.chinese ?? "" }
        compare("要求", \.demand)
        return result
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
