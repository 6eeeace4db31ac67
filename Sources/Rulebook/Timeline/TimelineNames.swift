import Casework
import Crypto
import Foundation
import Kernel

/// The free words by which a timeline names threads and records, and what they stand for.
public struct TimelineNames: Hashable, Sendable {
    /// Names of threads by their tag's hexadecimal text.
    public private(set) var threads: [String: String] = [:]
    /// Labels (`id`) of records.
    public private(set) var labels: [RecordID: String] = [:]

    /// No names.
    public init() {}

    /// The tag of a name: the first 16 bytes of SHA-256("liuhen/timeline/v1" LF ‖ name).
    public static func tag(of name: String) -> ThreadTag {
        let digest = SHA256.hash(data: Array("liuhen/timeline/v1\n".utf8) + Array(name.utf8))
        return ThreadTag(Array(digest.prefix(16))) ?? ThreadTag(high: 0, low: 0)
    }

    /// The tag of a name, remembered.
    mutating func thread(_ name: String) -> ThreadTag {
        let tag = TimelineNames.tag(of: name)
        threads[tag.description] = name
        return tag
    }

    mutating func note(_ label: String, of record: RecordID) { labels[record] = label }

    /// The name of a thread; its tag where it was never named.
    public func name(of thread: ThreadTag) -> String { threads[thread.description] ?? thread.description }

    /// A record's label, else `thread#seq`.
    public func name(of record: RecordID) -> String {
        labels[record] ?? "\(name(of: record.thread))#\(record.seq)"
    }

    /// What an obligation is about, in the timeline's own words; empty for the case or the bureau as a whole.
    public func name(of subject: ObligationSubject) -> String {
        switch subject {
        case .whole: ""
        case .activity(let id), .document(let id): id
        case .recording(let thread), .thread(let thread): name(of: thread)
        case .record(let id): name(of: id)
        case .period(let period): named(period)
        }
    }

    /// `thread.<tag>.2026Q1` with the thread's name, `activity.a1.2` as `a1.2`.
    private func named(_ period: String) -> String {
        var text = period
        for kind in ["thread.", "activity.", "document.", "recording.", "record."] where text.hasPrefix(kind) {
            text = String(text.dropFirst(kind.count))
            break
        }
        guard let dot = text.firstIndex(of: "."), let name = threads[String(text[..<dot])] else { return text }
        return name + text[dot...]
    }
}
