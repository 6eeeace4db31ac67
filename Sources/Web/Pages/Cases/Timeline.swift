import Application
import Casework
import Kernel
import Ledger

/// The whole course of a case for people: every entry of its thread and of its recordings, newest day first.
struct Timeline {
    let view: CaseView
    let names: [ThreadTag: String]
    let address: Address
    let now: Instant
    let library: RuleLibrary
    let token: String

    /// How much later than the act an entry may be recorded without being marked (design section 5, Time).
    static let lateMark: Int64 = 15 * 60_000

    var days: [CasePage.Day] {
        var positions: [String: Int64] = [:]
        for entry in view.entries + view.recordings.values.flatMap({ $0 }) {
            positions["\(entry.entry.skeleton.content.thread)/\(entry.entry.skeleton.content.seq)"] = entry.index + 1
        }
        var groups: [(day: CivilDay, events: [CasePage.Event])] = []
        for record in view.history.reversed() {
            guard var event = event(record) else { continue }
            event.position = positions["\(record.thread)/\(record.seq)"]
            let day = record.recordedAt.day
            if groups.last?.day == day {
                groups[groups.count - 1].events.append(event)
            } else {
                groups.append((day, [event]))
            }
        }
        return groups.map { CasePage.Day(label: TermText.day($0.day, at: now), events: $0.events) }
    }

    private func event(_ record: Record) -> CasePage.Event? {
        guard
            var event = EventText(record: record, work: view.work, names: names, address: address, library: library)
                .event
        else {
            return nil
        }
        event.files = looks(record)
        event.time = record.recordedAt.clock
        event.who = record.actor.flatMap { names[$0] } ?? (record.actor == nil ? "系统" : "")
        if let stated = record.statedAt {
            let late = record.recordedAt.milliseconds(since: stated)
            let when =
                stated.day == record.recordedAt.day
                ? stated.clock : "\(TermText.short(stated.day, at: now)) \(stated.clock)"
            // Minutes are what people state: a difference below one says nothing.
            if late >= 60_000 { event.lines.insert("发生时间 \(when)", at: 0) }
            if late > Self.lateMark { event.late = "补录：事后 \(TermText.span(late)) 录入" }
        }
        return event
    }

    /// What can be looked at from here: renditions of documents, and recordings.
    private func looks(_ record: Record) -> [LookForm] {
        let action = address.look(in: view.work.thread)
        guard let object = record.word("object").flatMap({ ObjectID($0) }) else { return [] }
        switch record.type {
        case .documentFixed, .documentIssued:
            let document = record.word("document").flatMap { DocumentID($0) }
            let title = document.flatMap { view.work.document($0) }.flatMap { library.kind($0.kind)?.title } ?? "文书"
            return [
                LookForm(label: title, note: "PDF", action: action, token: token, object: object, document: document)
            ]
        case .recordingImported:
            let size = record.fields["digest"]?["size"]?.integer.map(ByteText.chinese) ?? ""
            let isPlayed = ["video", "audio"].contains(record.word("form"))
            return [
                LookForm(
                    label: "\(isPlayed ? "▶ 播放" : "查看")\(record.text("fileName") ?? "音像资料")", note: size,
                    action: action,
                    token: token, object: object, recording: record.thread)
            ]
        default: return []
        }
    }
}
