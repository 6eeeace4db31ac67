import Casework
import Kernel
import Ledger

/// Seals the facts of one step into entries: numbers them within their threads and chains them.
public struct Scribe: Sendable {
    /// The bureau whose ledger this is.
    public let bureau: BureauTag

    /// A scribe of a bureau.
    public init(bureau: BureauTag) {
        self.bureau = bureau
    }

    /// Seals `facts` in order.
    ///
    /// - Parameters:
    ///   - heads: the newest entry of each thread that exists; a thread without one begins here.
    /// - Throws: `SkeletonError` if a fact breaks the format, which is a fault of the program.
    public func seal(
        _ facts: [Fact], after heads: [ThreadTag: ThreadHead], by actor: Actor, command: CommandID, at: Instant
    ) throws(SkeletonError) -> [Entry] {
        var heads = heads
        var source = SystemRandom()
        var entries: [Entry] = []
        entries.reserveCapacity(facts.count)
        for fact in facts {
            let head = heads[fact.thread]
            let seq = (head?.seq ?? 0) + 1
            // A sibling that does not come before has no commitment yet; leaving it out would lose a link unseen.
            guard fact.siblings.allSatisfy({ entries.indices.contains($0.index) }) else {
                preconditionFailure("a fact names a sibling that comes after it")
            }
            let siblings = fact.siblings.map { EntryReference($0.role, entries[$0.index]) }
            let content = Skeleton.Content(
                type: fact.type.rawValue, typeVersion: fact.type.version, bureau: bureau, thread: fact.thread, seq: seq,
                recordedAt: at, stated: fact.stated, actor: actor, command: command, rules: fact.rules,
                references: fact.references + siblings,
                plain: OpeningRule.stating(
                    fact.fields, in: fact.plain, type: fact.type.rawValue, version: fact.type.version))
            let entry = try Entry.seal(
                content, values: fact.fields, prev: head?.commitment ?? .zero, using: &source)
            heads[fact.thread] = ThreadHead(seq: seq, commitment: entry.commitment)
            entries.append(entry)
        }
        return entries
    }
}
