import Casework
import Kernel
import Synchronization

/// A library made ready for judging many histories: kinds, calendar and texts are looked up once.
public struct RuleBase: Sendable {
    /// What was read.
    public let library: RuleLibrary
    /// All calendars together.
    public let calendar: WorkingDays
    private let kinds: [String: DocumentKind]
    private var changed: [String: Regulation] = [:]
    private var made = Made()

    /// Texts in force that somebody asked for: making them ready takes longer than judging a history by them.
    private final class Made: Sendable {
        let rules = Mutex<[[RowHistory.TextInForce]: RulesInForce]>([:])
    }

    /// The day from which a text without a date of its own is in force, where nobody says another.
    public static let earliest = CivilDay(year: 2000, month: 1, day: 1) ?? CivilDay(number: 10_957)

    /// A library made ready.
    public init(_ library: RuleLibrary) {
        self.library = library
        calendar = library.workingDays
        kinds = library.kinds.mapValues(\.kind).merging(StrangePaper.kinds) { own, _ in own }
    }

    /// The same library with one text changed, for a question of the kind “what if this row said nothing”.
    public func replacing(_ text: Regulation) -> RuleBase {
        var result = self
        result.changed[text.id] = text
        result.made = Made()
        return result
    }

    /// Texts in force.
    ///
    /// - Throws: a Chinese sentence: no such text or version, or two versions on one day.
    public func rules(_ texts: [RowHistory.TextInForce]) throws(RuleBaseError) -> RulesInForce {
        if let known = made.rules.withLock({ $0[texts] }) { return known }
        let rules = try make(texts)
        made.rules.withLock { $0[texts] = rules }
        return rules
    }

    private func make(_ texts: [RowHistory.TextInForce]) throws(RuleBaseError) -> RulesInForce {
        var spans: [RulesInForce.Span] = []
        for text in texts {
            let found =
                text.version.map { version in
                    library.regulations.first {
                        $0.regulation.id == text.regulation && $0.regulation.version == version
                    }
                } ?? library.newest(text.regulation)
            guard let found else {
                let version = text.version.map { "第\($0)版" } ?? ""
                throw RuleBaseError("没有制度“\(text.regulation)”\(version)。")
            }
            var regulation = found.regulation
            if let other = changed[regulation.id], other.version == regulation.version { regulation = other }
            spans.append(
                .init(
                    regulation: regulation, digest: found.digest,
                    from: text.from ?? regulation.inForceFrom ?? RuleBase.earliest,
                    until: text.until?.advanced(by: 1)))
        }
        do {
            return try RulesInForce(spans: spans, matters: library.matters, kinds: kinds)
        } catch {
            throw RuleBaseError(error.chinese)
        }
    }
}

/// Texts that cannot be judged by.
public struct RuleBaseError: Error, Hashable, Sendable {
    /// Why, in Chinese.
    public let chinese: String

    init(_ chinese: String) { self.chinese = chinese }
}
