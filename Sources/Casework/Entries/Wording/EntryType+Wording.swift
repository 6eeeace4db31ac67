/// How members and words of records are called on screens: one vocabulary for forms, timelines and the API's papers.
extension EntryType {
    /// The name of a member, for example 理由; the member itself where nobody named it, which a test forbids.
    public func label(of member: String) -> String {
        Wording.labelsOfTypes[self]?[member] ?? Wording.labels[member] ?? member
    }

    /// The name of a word of a member's closed vocabulary.
    public func chinese(_ word: String, of member: String) -> String {
        Wording.wordsOfTypes[self]?["\(member).\(word)"] ?? Wording.words["\(member).\(word)"] ?? Wording.words[word]
            ?? word
    }

    /// The closed vocabulary of a member with its names, in the order in which it was written down; empty where the
    /// member holds something else.
    public func options(of member: String) -> [(word: String, chinese: String)] {
        guard case .words(let words)? = members[member] else { return [] }
        return words.map { ($0, chinese($0, of: member)) }
    }
}

/// The names themselves.
enum Wording {}
