import Kernel

/// That the times which several records tell are one run: what belongs together is united, and a hole in it needs a
/// record that gives its ground (全程、不得断续; obligations, section 4 no. 64).
public struct Unbroken: Hashable, Sendable {
    /// Where each record tells when it began.
    public var from: Path
    /// Where it tells when it ended.
    public var to: Path
    /// Seconds that are no hole yet: one run is written in several files.
    public var seconds: Quantity
    /// From when to when holes are looked for, seen from the records; empty for everywhere between the first and the last.
    public var between: [Path]
    /// Records that give the ground of a hole, by their own `from` and `to`; one that tells no times accounts for one hole.
    public var butFor: [Pattern]

    /// One run.
    public init(from: Path, to: Path, seconds: Quantity, between: [Path] = [], butFor: [Pattern] = []) {
        self.from = from
        self.to = to
        self.seconds = seconds
        self.between = between
        self.butFor = butFor
    }
}

/// The same made ready.
final class PlannedUnbroken: Sendable {
    let wanted: Unbroken
    let butFor: PlannedPatterns

    init(_ wanted: Unbroken, butFor: PlannedPatterns) {
        self.wanted = wanted
        self.butFor = butFor
    }
}

extension Judgement {
    /// A time with nothing recorded.
    struct Hole {
        let from: Instant
        let to: Instant
    }

    /// What the times of records tell of one run.
    private struct Run {
        /// The records that make it up, the first of all first.
        var records: [Int]
        var holes: [Hole] = []
        /// Whether a record of several leaves its times out, and the others do not fill the whole.
        var isUncertain = false
    }

    /// Met by records whose times leave no hole but those of which the ground is recorded; nil if there is none or a hole
    /// is left.
    func satisfyUnbroken(
        _ planned: PlannedRecord, _ unbroken: PlannedUnbroken, trigger: Int, metAt: TimeSource
    ) -> Satisfaction? {
        guard let run = run(planned, unbroken, trigger: trigger), !run.isUncertain,
            let accounts = accounts(of: run.holes, unbroken, trigger: trigger)
        else { return nil }
        var result: Satisfaction?
        for position in run.records + accounts {
            let at = whenMet(metAt, at: position, trigger: trigger)
            if result == nil {
                result = Satisfaction(by: position, at: at)
            } else {
                result?.join(position, at: at)
            }
        }
        return result
    }

    /// The first hole without ground.
    func firstHole(_ planned: PlannedRecord, _ unbroken: PlannedUnbroken, trigger: Int) -> Hole? {
        guard let run = run(planned, unbroken, trigger: trigger) else { return nil }
        return run.holes.indices.first { accounts(of: Array(run.holes[...$0]), unbroken, trigger: trigger) == nil }
            .map { run.holes[$0] }
    }

    private func run(_ planned: PlannedRecord, _ unbroken: PlannedUnbroken, trigger: Int) -> Run? {
        var all: [Int] = []
        eachCandidate(for: planned, trigger: trigger) { position in
            if isFilled(planned.fields, at: position, trigger: trigger) { all.append(position) }
            return true
        }
        guard let first = all.first else { return nil }
        var run = Run(records: [first])
        func told(_ path: Path, at position: Int) -> Instant? {
            ground.find(path, at: position, trigger: trigger, activity: activity).first?.stated
        }
        var spans = all.compactMap { position -> (from: Instant, to: Instant, position: Int)? in
            guard let from = told(unbroken.wanted.from, at: position), let to = told(unbroken.wanted.to, at: position),
                from <= to
            else { return nil }
            return (from, to, position)
        }
        guard all.count > 1 else { return run }
        let tolerance = Int64(value(unbroken.wanted.seconds) ?? 0) * 1000
        let bounds = unbroken.wanted.between.map { told($0, at: first) }
        let begin = bounds.first ?? nil
        let end = bounds.count > 1 ? bounds[1] : nil
        spans.sort { $0.from == $1.from ? $0.position < $1.position : $0.from < $1.from }
        var reach: Instant?
        for span in spans {
            if let before = reach {
                let from = max(before, begin ?? before)
                let to = min(span.from, end ?? span.from)
                if to.milliseconds(since: from) > tolerance { run.holes.append(Hole(from: from, to: to)) }
                guard before < span.to else { continue }
            }
            reach = span.to
            if span.position != first { run.records.append(span.position) }
        }
        if spans.count < all.count, let begin, let end {
            let isWhole =
                run.holes.isEmpty && spans.first.map { $0.from <= begin } ?? false && reach.map { $0 >= end } ?? false
            run.isUncertain = !isWhole
        }
        return run
    }

    /// Records that give the grounds of holes; nil if one hole has none.
    private func accounts(of holes: [Hole], _ unbroken: PlannedUnbroken, trigger: Int) -> [Int]? {
        guard !holes.isEmpty else { return [] }
        guard unbroken.butFor.typeSet.meets(ground.index.present) else { return nil }
        let subject = numbers[trigger]
        let all = ground.positions(matching: unbroken.butFor).filter {
            isAbout(subject, at: $0) && !isVoid(at: $0)
                && ground.completes(unbroken.butFor, at: $0, trigger: trigger, activity: activity)
        }
        var without = all.filter {
            ground.index.member(["from"], at: $0).isEmpty && ground.index.member(["to"], at: $0).isEmpty
        }
        var result: [Int] = []
        for hole in holes {
            let told = all.first { position in
                let from = ground.index.member(["from"], at: position).first?.stated
                let to = ground.index.member(["to"], at: position).first?.stated
                guard from != nil || to != nil else { return false }
                return from.map { $0 <= hole.to } ?? true && to.map { $0 >= hole.from } ?? true
            }
            if let told {
                result.append(told)
            } else if !without.isEmpty {
                result.append(without.removeFirst())
            } else {
                return nil
            }
        }
        return result
    }
}
