import Casework
import Kernel

extension Casebook {
    /// From which number on the documents of each kind are numbered after a loss of records, so that none is given out
    /// that may have been given out in what is lost: `room` numbers are left free behind the last one that is known.
    ///
    /// A kind of which no number is known may have got its first in what is lost, so every numbered kind is among them,
    /// for every year that the loss touches.
    public func numbersAfterLoss(
        room: Int, since gapFrom: Instant
    ) async throws(StepRefusal) -> [BureauSettings.FirstNumber] {
        let profile = try await chambers.profile()
        let law = try await chambers.law()
        let (first, last) = (gapFrom.day.parts.year, now.day.parts.year)
        var numbers: [BureauSettings.FirstNumber] = []
        for kind in law.library.kinds.values.map(\.kind).sorted(by: { $0.name < $1.name }) where kind.numbering != nil {
            for year in min(first, last)...max(first, last) {
                let next = try await freeNumber(
                    of: kind.name, in: year, from: profile.firstNumber(of: kind.name, in: year))
                numbers.append(.init(kind: kind.name, year: year, number: next + room))
            }
        }
        return numbers
    }

    /// The kinds that have numbers in the years of a loss, with the last that is known: what to look for on paper.
    public func lastNumbers(since gapFrom: Instant) async throws(StepRefusal) -> [(
        title: String, year: Int, number: Int
    )] {
        let law = try await chambers.law()
        let (first, last) = (gapFrom.day.parts.year, now.day.parts.year)
        var found: [(title: String, year: Int, number: Int)] = []
        for kind in law.library.kinds.values.map(\.kind).sorted(by: { $0.name < $1.name }) where kind.numbering != nil {
            for year in min(first, last)...max(first, last) {
                let number = try await lastNumber(of: kind.name, in: year)
                if number > 0 { found.append((kind.title, year, number)) }
            }
        }
        return found
    }

    private func freeNumber(of kind: String, in year: Int, from first: Int) async throws(StepRefusal) -> Int {
        do { return try await registers.freeNumber(kind: kind, year: year, from: first) } catch {
            throw StepRefusal(error)
        }
    }

    private func lastNumber(of kind: String, in year: Int) async throws(StepRefusal) -> Int {
        do { return try await registers.lastNumber(kind: kind, year: year) } catch { throw StepRefusal(error) }
    }
}
