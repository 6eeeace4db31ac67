import Application
import Casework
import Kernel

/// What an obligation of a case is about, in words: which document, which visit, which recording. Two cards with the same
/// sentence are told apart by it.
struct DutySubject: Sendable {
    let view: CaseView
    let law: Law
    let now: Instant

    private var work: Case { view.work }

    /// Empty for what is about the whole case.
    func name(of subject: ObligationSubject) -> String {
        switch subject {
        case .whole, .period: ""
        case .document(let id): DocumentID(id).flatMap { work.document($0) }.map(name) ?? ""
        case .activity(let id): work.activities.first { $0.id.description == id }.map(name) ?? ""
        case .recording(let thread): recording(thread)
        case .thread(let thread): work.recordings.contains { $0.recording == thread } ? recording(thread) : ""
        case .record(let id): record(id)
        }
    }

    private func name(_ document: CaseDocument) -> String {
        let title = "《\(law.library.kind(of: document)?.title ?? document.kind)》"
        if let number = document.issue?.numberText { return title + number }
        return "\(title)\(TermText.short(document.fixedAt.day, at: now)) \(document.fixedAt.clock)定稿"
    }

    private func name(_ activity: Activity) -> String {
        let kind = EventText.activityKinds[activity.kind] ?? "执法活动"
        return "\(kind)，\(TermText.short(activity.startAt.day, at: now)) \(activity.startAt.clock)"
    }

    /// By its place in the case, never by the name of its file: that may name a reporter.
    private func recording(_ thread: ThreadTag) -> String {
        guard let index = work.recordings.firstIndex(where: { $0.recording == thread }) else { return "" }
        let linked = work.recordings[index].linkedAt
        return "第\(index + 1)件音像资料，\(TermText.short(linked.day, at: now)) \(linked.clock)入库"
    }

    private func record(_ id: RecordID) -> String {
        if id.thread != work.thread { return recording(id.thread) }
        guard view.records.indices.contains(id.seq - 1) else { return "" }
        let record = view.records[id.seq - 1]
        if let document = record.word("document").flatMap({ DocumentID($0) }).flatMap({ work.document($0) }) {
            return name(document)
        }
        if let activity = record.word("activity"),
            let begun = work.activities.first(where: { $0.id.description == activity })
        {
            return name(begun)
        }
        return "\(record.type.chinese)，\(TermText.short(record.recordedAt.day, at: now)) \(record.recordedAt.clock)"
    }
}
