import Casework
import Kernel

/// Who holds which post (专人): the archivist that a text asks for, the keeper of the recorders, the legal reviewer of
/// the section. A post is no role: it gives no right on any page, it says whom the bureau answers for before a text.
public struct Posts: Hashable, Sendable {
    /// Everybody who was ever put into a post, in the order in which they were.
    public private(set) var all: [Held] = []

    /// A person in a post.
    public struct Held: Hashable, Sendable {
        /// A word of `post.assigned`.
        public let post: String
        public let person: ThreadTag
        /// A word of `post.assigned`; nil where none was said.
        public let section: String?
        /// What the person answers for; nil once destroyed, or where nothing was said.
        public let scope: String?
        /// From which day.
        public let from: CivilDay
        /// The day on which it ended; nil while it lasts.
        public fileprivate(set) var until: CivilDay?
        /// Why it ended.
        public fileprivate(set) var reason: String?
    }

    /// Folds the records of the bureau's thread.
    public init(_ records: [Record]) {
        for record in records {
            guard let post = record.word("post"), let person = record.thread("person") else { continue }
            switch record.type {
            case .postAssigned:
                end(post, person, record)
                all.append(
                    Held(
                        post: post, person: person, section: record.word("section"), scope: record.text("scope"),
                        from: record.happenedAt.day))
            case .postEnded: end(post, person, record)
            default: continue
            }
        }
    }

    /// Who holds a post now.
    public var held: [Held] { all.filter { $0.until == nil } }

    /// Whether this very person holds this post now.
    public func holds(_ person: ThreadTag, _ post: String) -> Held? {
        held.first { $0.person == person && $0.post.utf8.elementsEqual(post.utf8) }
    }

    private mutating func end(_ post: String, _ person: ThreadTag, _ record: Record) {
        for index in all.indices
        where all[index].until == nil && all[index].person == person && all[index].post.utf8.elementsEqual(post.utf8) {
            all[index].until = record.happenedAt.day
            all[index].reason = record.text("reason")
        }
    }
}
