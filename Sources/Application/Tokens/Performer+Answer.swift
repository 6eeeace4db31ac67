import Casework
import Kernel
import Ledger

extension Performer {
    /// What a step answers, now and when its command comes again: the thread; for a program also where the thread stands
    /// after it and the digest of what was asked, so that the very same answer can be given again and another request
    /// under the same key is known for one.
    func answer(of facts: [Fact], in thread: ThreadTag, after heads: [ThreadTag: ThreadHead]) -> JSON {
        guard let token else { return ["thread": .string(thread.description)] }
        let seq = (heads[thread]?.seq ?? 0) + facts.count { $0.thread == thread }
        return [
            "request": .string(token.request.description), "seq": .integer(Int64(seq)),
            "thread": .string(thread.description),
        ]
    }
}
