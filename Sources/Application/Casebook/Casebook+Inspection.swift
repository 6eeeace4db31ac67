import Casework
import Kernel
import Ledger

extension Casebook {
    /// Records what an inspection came to, with what it changes in the case that the recording came into: a file that is
    /// none meets no duty to record, so the case's obligations are judged in the same transaction.
    func record(inspection fact: Fact) async throws(StepRefusal) -> AppendReceipt {
        var refusal = StepRefusal(.stale, "同时有太多更改，请稍后再试。")
        for _ in 0..<8 {
            var view: CaseView?
            if let thread = try await caseOfImport(of: fact.thread) { view = try await load(thread) }
            let heads = try await heads(of: [fact], known: [:])
            let law = try await chambers.law()
            do {
                return try await record(
                    [fact], heads: heads, view: view, history: [], law: law, actor: .system, command: .random(),
                    at: now,
                    answer: .object([]))
            } catch {
                // Tested in the body: a condition on the clause crashes the compiler behind a typed throw.
                guard error.code == .stale else { throw error }
                refusal = error
            }
        }
        throw refusal
    }

    /// The case into which a recording came, told by the answer of the command that imported it.
    private func caseOfImport(of recording: ThreadTag) async throws(StepRefusal) -> ThreadTag? {
        do throws(StoreError) {
            guard let first = try await threads.entries(of: recording).first else { return nil }
            return try await store.receipt(of: first.entry.skeleton.content.command)?.answer["thread"]?.string
                .flatMap { ThreadTag($0) }
        } catch { throw StepRefusal(error) }
    }
}
