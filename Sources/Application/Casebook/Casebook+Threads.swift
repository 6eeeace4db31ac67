import Casework
import Kernel
import Ledger

extension Casebook {
    /// Records facts that belong to no case: people, parties, settings, results of background work.
    ///
    /// Such facts have no form that could be stale: when another fact of the thread comes between, the heads are read
    /// again and the append is tried anew.
    ///
    /// - Parameters:
    ///   - law: the law to project under; a bureau that is being founded has none yet.
    ///   - history: what they are judged after, where that is anything.
    public func record(
        _ facts: [Fact], by actor: Actor, command: CommandID, law: Law? = nil, answer: JSON = .object([]),
        history: [Record]? = nil
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            try await recordAnew(facts, by: actor, command: command, law: law, answer: answer, history: history)
        }
    }

    private func recordAnew(
        _ facts: [Fact], by actor: Actor, command: CommandID, law: Law?, answer: JSON, history: [Record]?
    ) async throws(StepRefusal) -> AppendReceipt {
        let inForce: Law
        if let law { inForce = law } else { inForce = try await chambers.law() }
        var refusal = StepRefusal(.stale, "同时有太多更改，请稍后再试。")
        for _ in 0..<8 {
            let heads = try await heads(of: facts, known: [:])
            do {
                return try await record(
                    facts, heads: heads, view: nil, history: history, law: inForce, actor: actor, command: command,
                    at: now,
                    answer: answer)
            } catch  where error.code == .stale {
                refusal = error
            }
        }
        throw refusal
    }
}
