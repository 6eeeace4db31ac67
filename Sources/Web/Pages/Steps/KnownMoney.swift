import Application
import Casework
import Kernel

/// Money of a case that is known already, and the slips that show it: nobody types it again.
struct KnownMoney {
    private let work: Case
    private let records: [Record]

    /// The money of a case.
    ///
    /// - Parameter records: those of its own thread; what was corrected is read as corrected.
    init(_ work: Case, _ records: [Record]) {
        self.work = work
        self.records = Corrections.reading(records)
    }

    private var collections: [Record] { records.filter { $0.type == .fineCollected } }

    /// The fine of the decision that stands; nil where its form does not tell one.
    var fine: Int64? { work.decision?.data?["amount"]?.integer }

    /// What is left of the fine to be collected.
    var open: Int64? {
        guard let fine else { return nil }
        let left = fine - collections.compactMap { $0.number("amount") }.reduce(0, +)
        return left > 0 ? left : nil
    }

    /// What was collected and is to be handed in; nil where it is not one collection alone.
    var collectedOnce: Int64? { collections.count == 1 ? collections.first?.number("amount") : nil }

    /// All that was paid: what was collected; else the whole fine, where a court collected all of it.
    var paid: Int64? {
        let sum = collections.compactMap { $0.number("amount") }.reduce(0, +)
        if sum > 0 { return sum }
        let isEnforced = records.contains { $0.type == .courtConcluded && $0.word("outcome") == "complete" }
        return isEnforced ? fine : nil
    }

    /// The slips that were given for what was collected.
    var receipts: String { collections.compactMap { $0.text("receiptNumber") }.joined(separator: "、") }

    /// What the decision orders, in its own words.
    var ordered: String {
        work.decision?.data?["content"]?.elements?.compactMap(\.string).joined(separator: "；") ?? ""
    }

    /// What a question of a step about money is known to be answered with; nil where nothing is known.
    func answer(_ name: String, of type: EntryType) -> FieldModel.Input? {
        guard name == "amount" else { return nil }
        switch type {
        case .fineCollected: return open.map { .text(FieldReading.moneyText($0)) }
        case .fineRemitted: return collectedOnce.map { .text(FieldReading.moneyText($0)) }
        default: return nil
        }
    }
}
