import Application
import Casework
import Kernel
import Ledger

/// A request that `RequestCheck` found fit, with all of its rows that does not depend on the ledger.
///
/// Encoded and hashed on the caller's task: the sequencer has one thread, and callers have the others. Whatever is wrong
/// here is found like any other damage, when the stored rows are read back and computed anew. It and its parts are
/// references: the one thread hands them on without counting everything that is in them.
final class CheckedRequest: Sendable {
    let request: AppendRequest
    /// The entries in the order of the request.
    let entries: [CheckedEntry]
    /// The rows to put, each with the values of its columns.
    let upserting: [CheckedRow]
    /// The answer as canonical JSON.
    let answer: [UInt8]
    let answerDigest: Digest

    /// - Parameter leaves: the leaves of the request's entries.
    init(_ request: AppendRequest, leaves: [Leaf]) {
        self.request = request
        entries = zip(request.entries, leaves).map { CheckedEntry($0, leaf: $1) }
        upserting = request.upserting.map { CheckedRow($0) }
        answer = request.answer.canonicalBytes
        answerDigest = Digest.sha256(answer)
    }
}

/// An entry with what is computed of it.
final class CheckedEntry: Sendable {
    let entry: Entry
    let leaf: Leaf
    /// The hash of the leaf.
    let hash: Digest
    let type: EntryWriter.TypeVersion
    /// The kind of its thread: its type up to the point.
    let kind: String

    init(_ entry: Entry, leaf: Leaf) {
        self.entry = entry
        self.leaf = leaf
        hash = RFC6962.leafHash(leaf.bytes)
        let content = entry.skeleton.content
        type = EntryWriter.TypeVersion(type: content.type, version: content.typeVersion)
        kind = String(decoding: content.type.utf8.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self)
    }
}

/// A row to put, with the values of its columns.
final class CheckedRow: Sendable {
    let row: ProjectionRow
    let values: [SQLValue]

    init(_ row: ProjectionRow) {
        self.row = row
        values = row.values
    }
}
