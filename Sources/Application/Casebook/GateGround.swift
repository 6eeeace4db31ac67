import Casework
import Kernel
import Synchronization

/// A case's history made ready for asking which steps the law would refuse now: one for all questions of a page.
///
/// Every answer equals that of `Law.judge`.
public final class GateGround: Sendable {
    private let law: Law
    private let history: [Record]
    /// Made for the first question: most cases that are looked at are filed, and nobody asks what would be refused there.
    private let ground = Mutex<StepGround?>(nil)

    /// The ground of a history.
    public init(_ history: [Record], law: Law) {
        self.law = law
        self.history = history
    }

    /// Whether records that would be appended together may be.
    public func judge(_ proposed: [Record]) -> StepVerdict {
        // A correction changes what stands before it.
        guard !proposed.contains(where: { $0.type == .entryCorrected }) else {
            return law.judge(proposed, after: history)
        }
        return ground.withLock { kept in
            var ground =
                kept
                ?? StepGround(
                    law.reading(history), rules: law.rules, calendar: law.calendar, settings: law.settings)
            // Taken out, so that nothing of it is copied while it is asked.
            kept = nil
            defer { kept = ground }
            return ground.judge(Corrections.lawReading(proposed, proposed: proposed.count))
        }
    }

    /// Whether any gate can refuse a record of this type.
    public func canRefuse(_ type: EntryType) -> Bool { StepGround.canRefuse(type, by: law.rules) }
}
