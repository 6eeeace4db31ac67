import Casework
import Kernel

/// Which words of a timeline are papers and which are recordings. A request lists both by one word each, and a recording
/// is its thread: what is listed is read as the thread where the word is a recording's, so that it is the same wherever
/// it is told.
struct NamedThings {
    private var papers: Set<String> = []
    /// Threads of recordings by their names.
    private var recordings: [String: String] = [:]

    /// Members of requests that list papers and recordings alike.
    private static let lists = ["objects", "cleared", "redacted", "withheld", "item"]

    /// Takes what a record names.
    mutating func note(_ plain: [JSON.Member], of type: EntryType, thread: ThreadTag?, _ names: TimelineNames) {
        if type.home == .recording, let thread { recordings[names.name(of: thread)] = thread.description }
        for member in plain {
            let words = (member.value.elements ?? [member.value]).compactMap(\.string)
            switch member.key {
            case "document", "documents": papers.formUnion(words)
            case "recording", "recordings":
                for word in words {
                    if let name = names.threads[word] { recordings[name] = word }
                }
            default: continue
            }
        }
    }

    /// Reads recordings in lists as their threads. A word that is a paper too means the paper.
    ///
    /// - Returns: notes on words that may mean either.
    func settle(_ plain: inout [JSON.Member], place: String) -> [String] {
        var notes: [String] = []
        for index in plain.indices where NamedThings.lists.contains(plain[index].key) {
            func settled(_ value: JSON) -> JSON {
                guard let word = value.string, let thread = recordings[word] else { return value }
                guard !papers.contains(word) else {
                    notes.append("\(place)的“\(word.short)”既是文书又是音像资料的名称，按文书计")
                    return value
                }
                return .string(thread)
            }
            let value = plain[index].value
            let read: JSON = value.elements.map { .array($0.map(settled)) } ?? settled(value)
            plain[index] = JSON.Member(plain[index].key, read)
        }
        return notes
    }
}
