import Kernel

/// What a record names: its members are walked once.
struct RecordNames {
    var document: String?
    var activity: String?
    var recording: ThreadTag?
    private var threads: [(per: Matter.Per, thread: ThreadTag?)] = []

    init(_ record: Record) {
        for member in record.plain.members ?? [] {
            guard case .string(let text) = member.value else { continue }
            // The first of two members of one name counts; most names have another length.
            switch member.key.utf8.count {
            case 8:
                if document == nil, RecordNames.isName(member.key, "document") { document = text }
                if activity == nil, RecordNames.isName(member.key, "activity") { activity = text }
                note(member.key, text, .recorder)
            case 9:
                if recording == nil, RecordNames.isName(member.key, "recording") { recording = ThreadTag(text) }
            case 4:
                note(member.key, text, .lead)
                note(member.key, text, .draw)
            case 6: note(member.key, text, .person)
            case 7: note(member.key, text, .request)
            case 11: note(member.key, text, .publication)
            default: continue
            }
        }
    }

    private mutating func note(_ key: String, _ text: String, _ per: Matter.Per) {
        guard let name = per.thread?.rawValue, RecordNames.isName(key, name),
            !threads.contains(where: { $0.per == per })
        else { return }
        threads.append((per, ThreadTag(text)))
    }

    /// The thread that is named; nil if none is.
    func thread(_ per: Matter.Per) -> ThreadTag? { threads.first { $0.per == per }?.thread }

    private static func isName(_ key: String, _ name: String) -> Bool {
        // No other text of as many bytes is held equal to one of ASCII.
        key.utf8.count == name.utf8.count && key == name
    }
}
