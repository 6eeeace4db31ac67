import Kernel

/// The texts a bureau has taken into force, each for a span of days.
///
/// A duty is judged by the version in force on the day of the act that causes it (design invariant 6); a term that runs
/// goes on under that version, because its cause does not change.
public struct RulesInForce: Hashable, Sendable {
    /// Spans in force, no two of one text on one day.
    public let spans: [Span]
    /// Matters by id.
    public let matters: [String: Matter]
    /// Document kinds by name.
    public let kinds: [String: DocumentKind]
    /// Document kinds by the digest that a fixed document names.
    public let keptKinds: [Digest: DocumentKind]
    /// The same, made ready for judging.
    let plan: PlanCore

    /// One version of a text and the days on which it is in force.
    public struct Span: Hashable, Sendable {
        public let regulation: Regulation
        /// SHA-256 of the file it was read from.
        public let digest: Digest
        /// The first day.
        public let from: CivilDay
        /// The first day no more in force; nil if open.
        public let until: CivilDay?
        /// The matters that it was adopted with; nil where the adoption names none, as before ADR 0018.
        public let matters: [String: Matter]?
        /// Whom the bureau chose on adopting it.
        public let chosen: AdoptedOffices

        /// A span.
        public init(
            regulation: Regulation, digest: Digest, from: CivilDay, until: CivilDay? = nil,
            matters: [String: Matter]? = nil, chosen: AdoptedOffices = .none
        ) {
            self.regulation = regulation
            self.digest = digest
            self.from = from
            self.until = until
            self.matters = matters
            self.chosen = chosen
        }

        /// The same text for fewer days.
        func ending(before day: CivilDay) -> Span {
            Span(regulation: regulation, digest: digest, from: from, until: day, matters: matters, chosen: chosen)
        }

        /// Whether the version is in force on this day.
        public func covers(_ day: CivilDay) -> Bool {
            from <= day && until.map { day < $0 } ?? true
        }
    }

    /// Rules in force.
    ///
    /// - Throws: `RulesError.overlap` where two versions of one text are in force on one day.
    public init(
        spans: [Span], matters: [String: Matter], kinds: [String: DocumentKind],
        keptKinds: [Digest: DocumentKind] = [:]
    ) throws(RulesError) {
        for (index, one) in spans.enumerated() {
            for other in spans[(index + 1)...] where other.regulation.id == one.regulation.id {
                let start = max(one.from, other.from)
                if one.covers(start), other.covers(start) {
                    throw .overlap(regulation: one.regulation.id, day: start)
                }
            }
        }
        self.spans = spans
        self.matters = matters
        self.kinds = kinds
        self.keptKinds = keptKinds
        plan = PlanCore(spans: spans, matters: matters, kinds: DocumentKinds(named: kinds, kept: keptKinds))
    }

    // The plan follows from the rest.
    public static func == (left: RulesInForce, right: RulesInForce) -> Bool {
        left.spans == right.spans && left.matters == right.matters && left.kinds == right.kinds
            && left.keptKinds == right.keptKinds
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(spans)
        hasher.combine(matters)
        hasher.combine(kinds)
        hasher.combine(keptKinds)
    }
}

extension RulesInForce {
    /// Who holds an office that a text in force today or last declares: whom the bureau set, else whom it chose on adopting
    /// the text, else whom the text says. Nil where no text declares it.
    public func holder(of office: String, settings: Settings) -> DutyHolder? {
        let declaring = spans.filter { span in span.regulation.offices.contains { $0.name == office } }
        guard let span = declaring.first(where: { $0.until == nil }) ?? declaring.last else { return nil }
        let offices = span.regulation.offices
        return settings.filled(by: span.chosen, declared: offices).holder(of: office, declared: offices)
            .flatMap { DutyHolder(rawValue: $0) }
    }
}

/// Why texts cannot be in force together.
public enum RulesError: Error, Hashable, Sendable {
    /// Two versions of one text on one day.
    case overlap(regulation: String, day: CivilDay)
    /// An entry names a file that is not in the library.
    case unknownDigest(regulation: String, digest: String)
    /// An entry names an edition of the rule files that is not kept.
    case unknownEdition(regulation: String, digest: String)
    /// An entry lacks a member or holds an unreadable one.
    case unreadable(entry: String, member: String)
    /// A repair or repeal names a text that is not in force.
    case notAdopted(regulation: String)

    /// What is wrong and how to mend it, in Chinese.
    public var chinese: String {
        switch self {
        case .overlap(let regulation, let day):
            "制度“\(regulation)”有两个版本同时在\(day.chinese)施行。请给较早的版本写明最后施行日。"
        case .unknownDigest(let regulation, let digest):
            "找不到制度“\(regulation)”摘要为 \(digest.prefix(16)) 的文件。请把通过时的制度文件放回 Regulations 目录。"
        case .unknownEdition(let regulation, let digest):
            "找不到采用制度“\(regulation)”时的整套规则文件（清单摘要 \(digest.prefix(16))）。请从备份恢复数据目录里的 rules 目录。"
        case .unreadable(let entry, let member):
            "记录“\(entry)”缺少“\(member)”或内容无法读取。"
        case .notAdopted(let regulation):
            "制度“\(regulation)”没有施行，不能修正或废止。"
        }
    }
}
