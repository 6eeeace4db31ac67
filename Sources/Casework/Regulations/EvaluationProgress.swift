import Kernel

/// The evaluation of a history that grows: every answer is kept, and a new record is judged by what it touches.
///
/// The rule: after any records, `evaluation` equals `Evaluator.evaluate` of the same history, records, rules, calendar and
/// settings, asked at its last record. What changes how earlier records are read (a void document, a correction, a higher
/// rule, a record that was named before its time) has everything judged anew; so has, with a new value of this type, a
/// change of rules, calendar or settings.
public struct EvaluationProgress: Sendable {
    private let plan: EvaluationPlan
    private let calendar: WorkingDays
    private let settings: Settings
    private var index: RecordIndex
    private var mentions: Mentions
    private var asOf: Instant
    /// What each duty of the plan asks, in the order of its subjects.
    private var answers: [[Answer]]
    /// What each permission of the plan covers.
    private var grants: [[Ground.PlacedGrant]]
    private var groups: [ObligationKey: Group]
    /// The groups in the order in which their obligations arose.
    private var ordered: [Group]
    /// Years without calendar, by duty.
    private var years: [Int: Set<Int>]

    /// A history as it stands.
    public init(_ history: [Record], plan: EvaluationPlan, calendar: WorkingDays, settings: Settings = Settings()) {
        self.plan = plan
        self.calendar = calendar
        self.settings = settings
        index = RecordIndex(history)
        mentions = Mentions(history)
        asOf = index.newest
        answers = Array(repeating: [], count: plan.duties.count)
        grants = []
        groups = [:]
        ordered = []
        years = [:]
        let ground = ground
        grants = plan.allowances.map { EvaluationProgress.grants($0, on: ground) }
        for place in plan.duties.indices { judgeAll(place, on: ground) }
    }

    /// The records.
    public var history: [Record] { index.records }

    /// Takes in further records, in their order.
    public mutating func append(_ records: [Record]) {
        for record in records { append(record) }
    }

    /// Takes in one more record.
    public mutating func append(_ record: Record) {
        guard !mentions.isUnforeseen(record) else {
            self = EvaluationProgress(index.records + [record], plan: plan, calendar: calendar, settings: settings)
            return
        }
        mentions.note(record)
        index.add(record)
        let newest = index.newest
        let hasMoved = newest != asOf
        asOf = newest
        let position = index.records.count - 1
        let ground = ground
        for (place, planned) in plan.duties.enumerated() {
            if planned.reach.isTimed, hasMoved {
                judgeAll(place, on: ground)
                continue
            }
            switch planned.reach.touch(by: position, in: index, triggers: planned.duty.trigger.types) {
            case .nothing: continue
            case .everything: judgeAll(place, on: ground)
            case .subjects(let subjects):
                for subject in subjects where !judge(place, about: subject, newest: position, on: ground) {
                    judgeAll(place, on: ground)
                    break
                }
            }
        }
        for (place, planned) in plan.allowances.enumerated() {
            let types = planned.allowance.when.types
            switch planned.reach.touch(by: position, in: index, triggers: types) {
            case .nothing: continue
            case .everything: grants[place] = EvaluationProgress.grants(planned, on: ground)
            case .subjects:
                if record.type == .recordingLinked || record.type == .activityEnded {
                    // What it says of an activity holds for records before it too.
                    grants[place] = EvaluationProgress.grants(planned, on: ground)
                } else if types.contains(record.type) {
                    grants[place] += ground.grants(
                        planned.allowance, of: planned.provision, span: planned.span, at: [position])
                }
            }
        }
    }

    /// What the rules say of the history.
    public var evaluation: Evaluation {
        let obligations = ordered.map(\.obligation)
        let allowed = Ground.inOrder(grants.flatMap { $0 })
        var asked: [(subject: ObligationSubject, level: AVLevel?, citation: Citation)] = []
        for (place, planned) in plan.duties.enumerated() where planned.duty.level != nil {
            for answer in answers[place] where answer.part.state != .notApplicable {
                asked.append((answer.key.subject, planned.duty.level, answer.part.citation))
            }
        }
        for grant in allowed where grant.level != nil { asked.append((grant.key.subject, grant.level, grant.citation)) }
        return Evaluation(
            obligations: obligations, grants: allowed, media: Ground.media(asked),
            figures: ground.figures(of: obligations),
            yearsWithoutCalendar: years.values.reduce(into: Set<Int>()) { $0.formUnion($1) }.sorted())
    }

    // MARK: parts

    /// What one duty asks of one thing.
    private struct Answer: Hashable {
        let key: ObligationKey
        let title: String
        let part: ObligationPart
        let trigger: Int

        init(_ judged: JudgedPart) {
            key = judged.key
            title = judged.title
            part = judged.part
            trigger = judged.trigger
        }
    }

    /// A part's place among all: by its cause, then by provision, then by its place in the plan.
    private struct Rank: Comparable {
        let trigger: Int
        let part: ObligationPart
        let place: Int
        let ordinal: Int

        static func == (left: Rank, right: Rank) -> Bool { !(left < right) && !(right < left) }

        static func < (left: Rank, right: Rank) -> Bool {
            if left.trigger != right.trigger { return left.trigger < right.trigger }
            if left.part.precedes(right.part) { return true }
            if right.part.precedes(left.part) { return false }
            return (left.place, left.ordinal) < (right.place, right.ordinal)
        }
    }

    /// The parts of one obligation.
    private final class Group: Sendable {
        let members: [Rank]
        let first: Rank
        let obligation: Obligation

        init?(key: ObligationKey, title: String, members: [Rank]) {
            let sorted = members.sorted()
            guard let first = sorted.first else { return nil }
            self.members = sorted
            self.first = first
            obligation = Obligation(key: key, title: title, parts: sorted.map(\.part))
        }
    }

    private var ground: Ground {
        Ground(index: index, rules: plan.rules, calendar: calendar, settings: settings, asOf: asOf)
    }

    private static func grants(_ planned: PlannedAllowance, on ground: Ground) -> [Ground.PlacedGrant] {
        ground.grants(
            planned.allowance, of: planned.provision, span: planned.span,
            at: ground.index.positions(of: planned.allowance.when.types))
    }

    /// Judges all of a duty anew.
    private mutating func judgeAll(_ place: Int, on ground: Ground) {
        let planned = plan.duties[place]
        guard planned.duty.trigger.types.contains(where: ground.index.byType.has) else { return }
        var judged: [JudgedPart] = []
        ground.judge(
            planned.duty, number: planned.number, of: planned.provision, span: planned.span, into: &judged)
        let answers = judged.map { Answer($0) }
        let before = self.answers[place]
        guard answers != before else { return }
        self.answers[place] = answers
        var touched: [ObligationKey] = []
        for (ordinal, answer) in before.enumerated() {
            if !answers.indices.contains(ordinal) || answers[ordinal] != answer { touched.append(answer.key) }
        }
        for (ordinal, answer) in answers.enumerated() {
            if !before.indices.contains(ordinal) || before[ordinal] != answer { touched.append(answer.key) }
        }
        var seen: Set<ObligationKey> = []
        for key in touched where seen.insert(key).inserted {
            let members = answers.enumerated().filter { $0.element.key == key }.map {
                Rank(trigger: $0.element.trigger, part: $0.element.part, place: place, ordinal: $0.offset)
            }
            regroup(key, of: place, title: answers.first { $0.key == key }?.title, members: members)
        }
        noteYears(place)
    }

    /// Judges a duty about one thing anew.
    ///
    /// - Returns: false if that changes more than its part, so that all of the duty must be judged.
    private mutating func judge(
        _ place: Int, about subject: ObligationSubject, newest: Int, on ground: Ground
    ) -> Bool {
        let planned = plan.duties[place]
        guard planned.duty.trigger.types.contains(where: ground.index.byType.has) else { return true }
        var judged: [JudgedPart] = []
        let first = ground.judge(
            planned.duty, number: planned.number, of: planned.provision, span: planned.span, only: subject,
            into: &judged)
        let known = answers[place].firstIndex { $0.key.subject == subject }
        guard judged.count == 1, let one = judged.first, let first else { return judged.isEmpty && known == nil }
        let answer = Answer(one)
        let ordinal: Int
        if let known {
            if answers[place][known] == answer { return true }
            answers[place][known] = answer
            ordinal = known
        } else {
            guard first == newest else { return false }
            ordinal = answers[place].count
            answers[place].append(answer)
        }
        regroup(
            answer.key, of: place, title: answer.title,
            members: [Rank(trigger: answer.trigger, part: answer.part, place: place, ordinal: ordinal)])
        if answer.part.term?.yearsWithoutCalendar.isEmpty == false || years[place] != nil { noteYears(place) }
        return true
    }

    private mutating func regroup(_ key: ObligationKey, of place: Int, title: String?, members: [Rank]) {
        let before = groups[key]
        let others = before?.members.filter { $0.place != place } ?? []
        let group = Group(
            key: key, title: title ?? before?.obligation.title ?? key.matter, members: others + members)
        groups[key] = group
        if let before { ordered.remove(at: self.place(of: before.first)) }
        if let group { ordered.insert(group, at: self.place(of: group.first)) }
    }

    /// How many groups come before a rank; no two groups have the same.
    private func place(of rank: Rank) -> Int {
        var low = 0
        var high = ordered.count
        while low < high {
            let middle = (low + high) / 2
            if ordered[middle].first < rank { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func noteYears(_ place: Int) {
        let found = answers[place].reduce(into: Set<Int>()) { years, answer in
            if let term = answer.part.term { years.formUnion(term.yearsWithoutCalendar) }
        }
        years[place] = found.isEmpty ? nil : found
    }
}
