import Casework
import Kernel
import Ledger

extension Casebook {
    /// What begins work on a matter of somebody outside: a case, a lead, an application, a request.
    static let casework: Set<EntryType> = [.caseOpened, .leadReceived, .applicationRegistered, .requestMade]

    /// Refuses casework in a bureau whose head stands by no text yet (invariant 8).
    ///
    /// Until then the bureau is being set up by one person, who may give and take every role without a second. Whatever
    /// was decided in that time would be that one person's, so nothing is begun. A demonstration decides nothing.
    func requireFounded(for facts: [Fact], by actor: Actor) async throws(StepRefusal) {
        guard case .person = actor, facts.contains(where: { Casebook.casework.contains($0.type) }) else { return }
        if let hold = try await caseworkHold() { throw hold }
    }

    /// Why no case, lead or application is registered yet; nil once the head stands by a text. Pages say it before a form
    /// is filled in.
    public func caseworkHold() async throws(StepRefusal) -> StepRefusal? {
        if try await chambers.profile().isDemo { return nil }
        guard try await !chambers.upkeep().isFounded else { return nil }
        return StepRefusal(
            .outOfOrder,
            "行政机关负责人还没有确认本机关施行的制度，现在不能登记案件、线索和申请。请行政机关负责人登录，在页面顶上的“制度”里逐部确认施行，再来办理。")
    }
}
