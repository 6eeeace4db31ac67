import Casework
import Kernel
import Synchronization

/// A case's history made ready for asking which steps the law would refuse now: one for all questions of a page.
///
/// Every answer equals that of `Law.judge`.
public final class GateGround: Sendable {
    private let law: Law
    private let history: [Record]
    private let ground: Mutex<StepGround>

    /// The ground of a history.
    public init(_ history: [Record], law: Law) {
        self.law = law
        self.history = history
        ground = Mutex(
            StepGround(
                Corrections.lawReading(history), rules: law.rules, calendar: law.calendar, settings: law.settings))
    }

    /// Whether records that would be appended together may be.
    public func judge(_ proposed: [Record]) -> StepVerdict {
        // A correction changes what stands before it.
        guard !proposed.contains(where: { $0.type == .entryCorrected }) else {
            return law.judge(proposed, after: history)
        }
        return ground.withLock { $0.judge(Corrections.lawReading(proposed)) }
    }

    /// Whether any gate can refuse a record of this type.
    public func canRefuse(_ type: EntryType) -> Bool { ground.withLock { $0.canRefuse(type) } }
}
