import Application
import Casework
import Kernel
import Ledger

/// What can be said of a request without looking at the ledger. Done on the caller's task, so that the sequencer's
/// one thread does not have to.
enum RequestCheck {
    /// - Throws: `StoreError.failed` with what the caller did wrong.
    static func check(_ request: AppendRequest, bureau: BureauTag) throws(StoreError) -> CheckedRequest {
        guard !request.entries.isEmpty else { throw .failed("a command appends at least one entry") }
        var heads: [ThreadTag: ThreadHead] = [:]
        var leaves: [Leaf] = []
        leaves.reserveCapacity(request.entries.count)
        for entry in request.entries {
            let content = entry.skeleton.content
            guard content.bureau == bureau else { throw .failed("an entry of bureau \(content.bureau)") }
            guard content.command == request.command else { throw .failed("an entry of another command") }
            guard let type = EntryType(rawValue: content.type), content.typeVersion <= type.version else {
                throw .failed("an entry of the unknown type \(content.type) \(content.typeVersion)")
            }
            guard (content.seq == 1) == (entry.prev == .zero) else {
                throw .failed("the first entry of a thread, and only the first, has no entry before it")
            }
            if let head = heads[content.thread] {
                guard content.seq == head.seq + 1, entry.prev == head.commitment else {
                    throw .failed("entries of thread \(content.thread) do not follow one another")
                }
            }
            let leaf = entry.leaf
            heads[content.thread] = ThreadHead(seq: content.seq, commitment: leaf.commitment)
            leaves.append(leaf)
            // Both are in the byte order of their names, and a new entry has all of its openings.
            guard entry.openings.map(\.commitment) == content.fields else {
                throw .failed("openings and fields of an entry \(content.type) differ")
            }
            if let field = entry.misclassified.first {
                throw .failed("field \(field) of an entry \(content.type) is not of the class that OpeningRule says")
            }
        }
        return CheckedRequest(request, leaves: leaves)
    }
}
