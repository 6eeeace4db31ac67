import Casework
import Kernel

/// What the texts in force ask to be counted (报表指标), of the bureau and all its cases together.
///
/// Records of the bureau's own thread are counted by its evaluation; obligations wherever they stand, in cases by the
/// register and in the bureau's thread by its evaluation; opened cases by the register. Other records of cases are in no
/// register, and a figure that counts them is left out: no number is better than a wrong one.
struct BureauFigures: Sendable {
    private let law: Law
    private let evaluation: Evaluation
    private var standings: [String: [ObligationStanding: Int]]
    private let cases: Int

    /// Counts what the register is asked for, once for all figures.
    init(
        _ evaluation: Evaluation, law: Law, registers: any Registers, at now: Instant
    ) async throws(StoreError) {
        self.law = law
        self.evaluation = evaluation
        var matters: Set<String> = []
        for figure in evaluation.figures {
            guard let told = BureauFigures.told(figure, in: law) else { continue }
            for case .obligations(let names, _)? in [told.counts, told.outOf] { matters.formUnion(names) }
        }
        standings = try await registers.standings(of: matters.sorted(), at: now)
        for one in evaluation.obligations where matters.contains(one.key.matter) {
            standings[one.key.matter, default: [:]][one.state(at: now), default: 0] += 1
        }
        var filter = CaseFilter()
        filter.pageSize = 1
        cases = try await registers.cases(filter).total
    }

    /// The figures that can be counted, in the order of the texts.
    var values: [FigureValue] {
        evaluation.figures.compactMap { value in
            guard let told = BureauFigures.told(value, in: law), let count = count(told.counts, else: value.count)
            else {
                return nil
            }
            var value = value
            value.count = count
            if let whole = told.outOf {
                guard let all = self.count(whole, else: value.outOf) else { return nil }
                value.outOf = all
            }
            return value
        }
    }

    private static func told(_ value: FigureValue, in law: Law) -> Figure? {
        law.library.provision(value.citation.provision)?.figures.first { $0.name == value.name }
    }

    /// - Parameter own: the count in the bureau's own thread.
    private func count(_ count: Figure.Count, else own: Int?) -> Int? {
        switch count {
        case .obligations(let matters, let wanted):
            return matters.reduce(0) { sum, matter in
                let known = standings[matter] ?? [:]
                return sum + (wanted.isEmpty ? Array(known.values) : wanted.compactMap { known[$0] }).reduce(0, +)
            }
        case .records(let pattern, _):
            if pattern.types == [.caseOpened], pattern.conditions.isEmpty { return cases }
            return pattern.types.allSatisfy { $0.home == .bureau } ? own : nil
        }
    }
}

extension Chambers {
    /// The figures of the texts in force, of the bureau and all its cases.
    public func figures(
        of evaluation: Evaluation, law: Law, registers: any Registers, at now: Instant
    ) async throws(StoreError) -> [FigureValue] {
        try await BureauFigures(evaluation, law: law, registers: registers, at: now).values
    }
}
