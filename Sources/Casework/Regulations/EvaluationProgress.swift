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
    private let bureaus: [BureauWords]
    private var index: RecordIndex
    private var mentions: Mentions
    private var asOf: Instant
    /// What was found about the records so far.
    private var found: Findings
    /// What each duty of the plan asks, in the order of its subjects.
    private var answers: [[Answer]]
    /// What each permission of the plan covers.
    private var grants: [[Ground.PlacedGrant]]
    private var groups: [ObligationKey: Group]
    /// The groups in the order in which their obligations arose.
    private var ordered: [Group]
    /// Their obligations, in the same order.
    private var obligations: [Obligation]
    /// The places of their matters.
    private var matters: [Int]
    /// How strictly audio-video is asked; nil where that has to be joined anew.
    private var media: [Medium]?
    /// Years without calendar, by duty.
    private var years: [Int: Set<Int>]

    /// A history as it stands.
    public init(_ history: [Record], plan: EvaluationPlan, calendar: WorkingDays, settings: Settings = Settings()) {
        self.plan = plan
        self.calendar = calendar
        self.settings = settings
        bureaus = BureauWords.all(plan.core, settings)
        index = RecordIndex(history, asked: plan.core.asked)
        mentions = Mentions(history)
        asOf = index.newest
        found = Findings(plan.core, records: history.count)
        answers = Array(repeating: [], count: plan.core.duties.count)
        grants = []
        groups = [:]
        ordered = []
        obligations = []
        matters = []
        media = nil
        years = [:]
        let ground = takeGround()
        grants = plan.core.allowances.map { EvaluationProgress.grants($0, on: ground) }
        for place in plan.core.duties.indices { judgeAll(place, on: ground) }
        settle(ground)
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
        found.makeRoom(for: record.type, plan: plan.core)
        let hasMoved = index.newest != asOf
        asOf = index.newest
        let position = index.records.count - 1
        let ground = takeGround()
        defer { settle(ground) }
        for (place, planned) in plan.core.duties.enumerated() {
            if planned.reach.isTimed, hasMoved {
                judgeAll(place, on: ground)
                continue
            }
            switch planned.reach.touch(by: position, in: index, triggers: planned.trigger.typeSet) {
            case .nothing: continue
            case .everything: judgeAll(place, on: ground)
            case .subjects(let subjects):
                for subject in subjects where !judge(place, about: subject, newest: position, on: ground) {
                    judgeAll(place, on: ground)
                    break
                }
            }
        }
        for (place, planned) in plan.core.allowances.enumerated() {
            let touch = planned.reach.touch(by: position, in: index, triggers: planned.when.typeSet)
            if case .nothing = touch { continue }
            if planned.allowance.level != nil { media = nil }
            switch touch {
            case .nothing: continue
            case .everything: grants[place] = EvaluationProgress.grants(planned, on: ground)
            case .subjects:
                if record.type == .recordingLinked || record.type == .activityEnded {
                    // What it says of an activity holds for records before it too.
                    grants[place] = EvaluationProgress.grants(planned, on: ground)
                } else if planned.when.typeSet.contains(record.type),
                    ground.matches(planned.when, at: position, trigger: position)
                {
                    ground.grants(planned, at: [position], into: &grants[place])
                }
            }
        }
    }

    /// What the rules say of the history.
    public var evaluation: Evaluation {
        let ground = Ground(
            index: index, plan: plan.core, calendar: calendar, bureaus: bureaus, asOf: asOf, found: found)
        let allowed = allowed
        return Evaluation(
            obligations: obligations, grants: allowed, media: media ?? joinedMedia(allowed),
            figures: ground.figures(of: obligations, matters: matters),
            yearsWithoutCalendar: years.values.reduce(into: Set<Int>()) { $0.formUnion($1) }.sorted())
    }

    private var allowed: [Grant] { Ground.inOrder(grants.flatMap { $0 }).map(\.grant) }

    private func joinedMedia(_ allowed: [Grant]) -> [Medium] {
        var asked: [(subject: ObligationSubject, level: AVLevel?, citation: Citation)] = []
        for (place, planned) in plan.core.duties.enumerated() where planned.duty.level != nil {
            for answer in answers[place] where answer.part.state != .notApplicable {
                asked.append((answer.key.subject, answer.level, answer.part.citation))
            }
        }
        for grant in allowed where grant.level != nil { asked.append((grant.key.subject, grant.level, grant.citation)) }
        return Ground.media(asked)
    }

    /// Takes back what was found on a ground, with what everybody asks next.
    private mutating func settle(_ ground: Ground) {
        ground.findFigures()
        found = ground.found
        if media == nil { media = joinedMedia(allowed) }
    }

    // MARK: parts

    /// What one duty asks of one thing.
    private struct Answer: Hashable {
        let key: ObligationKey
        let title: String
        let part: ObligationPart
        let level: AVLevel?
        let trigger: Int

        init(_ judged: JudgedPart, on ground: Ground) {
            level = judged.level
            key = judged.key(on: ground)
            title = judged.planned.matter.title
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

    /// The ground that the history stands on, with what was found so far; whoever takes it gives that back.
    private mutating func takeGround() -> Ground {
        let known = found
        found = Findings()
        return Ground(
            index: index, plan: plan.core, calendar: calendar, bureaus: bureaus, asOf: asOf, found: known)
    }

    private static func grants(_ planned: PlannedAllowance, on ground: Ground) -> [Ground.PlacedGrant] {
        var result: [Ground.PlacedGrant] = []
        guard planned.when.typeSet.meets(ground.index.present) else { return result }
        ground.grants(planned, at: ground.positions(matching: planned.when), into: &result)
        return result
    }

    /// Judges all of a duty anew.
    private mutating func judgeAll(_ place: Int, on ground: Ground) {
        let planned = plan.core.duties[place]
        guard planned.trigger.typeSet.meets(ground.index.present) else { return }
        var judged: [JudgedPart] = []
        ground.judge(planned, into: &judged)
        let answers = judged.map { Answer($0, on: ground) }
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
        let planned = plan.core.duties[place]
        guard planned.trigger.typeSet.meets(ground.index.present) else { return true }
        var judged: [JudgedPart] = []
        let first = ground.index.number(of: subject).flatMap { ground.judge(planned, only: $0, into: &judged) }
        let known = answers[place].firstIndex { $0.key.subject == subject }
        guard judged.count == 1, let one = judged.first, let first else { return judged.isEmpty && known == nil }
        let answer = Answer(one, on: ground)
        let ordinal: Int
        if let known {
            // A cause that was replaced stands beside the one that replaced it.
            guard !answers[place][(known + 1)...].contains(where: { $0.key.subject == subject }) else { return false }
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
        if plan.core.duties[place].duty.level != nil { media = nil }
        let before = groups[key]
        let others = before?.members.filter { $0.place != place } ?? []
        let group = Group(
            key: key, title: title ?? before?.obligation.title ?? key.matter, members: others + members)
        groups[key] = group
        let old = before.map { self.place(of: $0.first) }
        if let old { ordered.remove(at: old) }
        let new = group.map { self.place(of: $0.first) }
        if let group, let new { ordered.insert(group, at: new) }
        if let old, let new, let group, old == new {
            obligations[old] = group.obligation
            return
        }
        if let old {
            obligations.remove(at: old)
            matters.remove(at: old)
        }
        if let group, let new {
            obligations.insert(group.obligation, at: new)
            matters.insert(plan.core.duties[place].matterPlace, at: new)
        }
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
