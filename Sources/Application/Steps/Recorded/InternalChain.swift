import Casework
import Kernel

/// The steps of a case's internal chain (内部审批): for each matter an opinion, its review, its approval.
///
/// A reviewer's word on a draft belongs to the draft, whose approval is a step of its own, and a confirmation to what it
/// confirms: neither is a step of the chain.
struct InternalChain {
    /// The steps in the order in which they were recorded.
    let steps: [Record]

    /// The chain in the records of a case's own thread.
    init(_ records: [Record]) {
        steps = records.filter { record in
            record.type == .approvalStepped && !record.references.contains { $0.role == "draft" }
                && Confirmations.target(of: record) == nil
        }
    }

    /// The steps of one kind, not sent back, that have not had the next one about their matter.
    func waiting(for step: String, after before: String) -> [Record] {
        steps.filter { one in
            one.word("step") == before && one.word("result") != "returned"
                && !steps.contains {
                    $0.seq > one.seq && $0.word("step") == step && $0.word("about") == one.word("about")
                }
        }
    }

    /// Who gave the opinion that a review was about: the newest before it, of the same matter.
    func proposer(before review: Record) -> ThreadTag? {
        steps.last { $0.seq < review.seq && $0.word("step") == "handler" && $0.word("about") == review.word("about") }
            .flatMap(\.stepper)
    }
}

extension Record {
    /// Who took a step of the internal chain.
    var stepper: ThreadTag? { thread("person") ?? actor }
}
