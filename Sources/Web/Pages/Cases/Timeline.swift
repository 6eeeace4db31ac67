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
    /// What the reader may read now.
    let sight: Sight
    /// Whether this person may ask for corrections.
    var corrects = false

    /// How much later than the act an entry may be recorded without being marked (design section 5, Time).
    static let lateMark: Int64 = 15 * 60_000

    var days: [CasePage.Day] {
        var positions: [RecordID: Int64] = [:]
        for entry in view.entries + view.recordings.values.flatMap({ $0 }) {
            let content = entry.entry.skeleton.content
            positions[RecordID(thread: content.thread, seq: content.seq)] = entry.index + 1
        }
        // Few entries say anything of an earlier one: each of the others is held against these alone.
        let later = view.records.filter { Self.correcting.contains($0.type) || Confirmations.target(of: $0) != nil }
        var groups: [(day: CivilDay, events: [CasePage.Event])] = []
        for record in view.history.reversed() {
            guard var event = event(record, later) else { continue }
            event.position = positions[record.id]
            let day = record.recordedAt.day
            if groups.last?.day == day {
                groups[groups.count - 1].events.append(event)
            } else {
                groups.append((day, [event]))
            }
        }
        return groups.map { CasePage.Day(label: TermText.day($0.day, at: now), events: $0.events) }
    }

    private static let correcting: Set<EntryType> = [
        .entryCorrected, .correctionProposed, .documentVoided, .documentCorrected,
    ]

    /// What follows a filing without adding anything to the file: looks, and copies of it.
    private static let looking: Set<EntryType> = [.accessOpened, .accessClosed, .dossierExported, .paperMoved]

    /// An entry of the case's own thread by its place, which is also where it stands.
    private func record(_ seq: Int) -> Record? {
        guard view.records.indices.contains(seq - 1), view.records[seq - 1].seq == seq else {
            return view.records.first { $0.seq == seq }
        }
        return view.records[seq - 1]
    }

    /// - Parameter later: the entries that may say something of an earlier one.
    private func event(_ record: Record, _ later: [Record]) -> CasePage.Event? {
        guard
            var event = EventText(
                record: record, work: view.work, names: names, address: address, library: library,
                target: record.number("target").flatMap { Int(exactly: $0) }.flatMap { self.record($0) },
                named: record.references.filter { $0.thread == view.work.thread && $0.role != "corrects" }
                    .compactMap { self.record($0.seq) },
                fileForm: record.type == .recordingInspected
                    ? view.recordings[record.thread]?.first?.entry.skeleton.content.plain["form"]?.string : nil,
                sight: sight
            ).event
        else {
            return nil
        }
        event.anchor = Address.anchor(of: record.id)
        switch record.type {
        case .correctionProposed, .entryCorrected, .correctionRefused: event.fold = .correction
        case .accessOpened, .accessClosed: event.fold = .look
        default: break
        }
        event.files = looks(record)
        event.corrected = corrected(record, by: later) + unconfirmed(record, later)
        let isOwn = record.thread == view.work.thread
        if isOwn, view.work.isSupplement(record.seq), !Self.looking.contains(record.type) { event.mark = "归档以后补充" }
        if corrects, isOwn, !view.work.isFiled || view.work.isSupplement(record.seq) {
            event.corrections = record.type.correctable
                .filter { !($0.name == "startedAt" && record.plain["startedAt"] == nil) }
                .map { member in
                    .init(
                        label: member.label,
                        href: address.correction(of: record.seq, member: member.name, in: view.work.thread))
                }
        }
        if let twin = twin(of: record) {
            event.lines.append("内容与\(twin)完全相同（摘要一致）。两份分别封存、分别登记，都不会因另一份而删去。")
        }
        event.time = record.recordedAt.clock
        event.who = record.actor.flatMap { names[$0] } ?? (record.actor == nil ? "系统" : "")
        if let stated = record.statedAt {
            let late = record.recordedAt.milliseconds(since: stated)
            let when =
                stated.day == record.recordedAt.day
                ? stated.clock : "\(TermText.short(stated.day, at: now)) \(stated.clock)"
            // Minutes are what people state: a difference below one says nothing.
            // A line that says it in the words of its form says it once.
            let isSaid = event.lines.contains { $0.contains(stated.chinese) }
            if late >= 60_000, !isSaid { event.lines.insert("发生时间 \(when)", at: 0) }
            if late > Self.lateMark { event.late = "补录：事后 \(TermText.span(late)) 录入" }
        }
        return event
    }

    /// The file of this case that was taken in before with the very same bytes, by its name; nil for none. What may not be
    /// read now is compared with nothing.
    private func twin(of record: Record) -> String? {
        guard record.type == .recordingImported, let digest = sight.readable(record).fileDigest?.sha256 else {
            return nil
        }
        let earlier = view.history.prefix { $0.id != record.id }.last { other in
            other.type == .recordingImported && sight.readable(other).fileDigest?.sha256 == digest
        }
        guard let earlier else { return nil }
        let day = "\(TermText.short(earlier.recordedAt.day, at: now)) \(earlier.recordedAt.clock)入库的"
        return day + (sight.readable(earlier).text("fileName").map { "“\($0)”" } ?? "一份资料")
    }

    /// What later entries say of this one: an entry never stands uncorrected on the page.
    private func corrected(_ record: Record, by later: [Record]) -> [String] {
        guard record.thread == view.work.thread else { return [] }
        return later.compactMap { later in
            switch later.type {
            case .entryCorrected where later.number("target") == Int64(record.seq):
                let label = record.type.correctable.first { $0.name == later.word("member") }?.label ?? ""
                return
                    "已更正：\(label)应为“\(sight.correctedText(of: later))”（\(TermText.short(later.recordedAt.day, at: now))批准）"
            case .correctionProposed where later.number("target") == Int64(record.seq):
                guard view.work.corrections.contains(where: { $0.seq == later.seq && $0.state == .proposed }) else {
                    return nil
                }
                return "已申请更正，等待负责人决定"
            case .documentVoided
            where record.type == .documentIssued && later.word("document") == record.word("document"):
                return "已作废（\(TermText.short(later.recordedAt.day, at: now))），文号不再使用"
            case .documentCorrected
            where record.type == .documentIssued && later.word("document") == record.word("document"):
                let isSuperseded = later.word("manner") == DocumentCorrection.Manner.supersedes.rawValue
                return isSuperseded ? "已被后来的文书替代" : "已补正，与后来的文书一并使用"
            default: return nil
            }
        }
    }

    /// What is still to be said of a record that counts only when somebody else bore it out; nothing once that was done.
    private func unconfirmed(_ record: Record, _ later: [Record]) -> [String] {
        guard record.thread == view.work.thread, Confirmations.isAsked(of: record) else { return [] }
        let (waiting, turnedDown) =
            switch record.type {
            case .documentServed: ("还没有经他人核对，送达还不算数", "不算送达")
            case .performanceRecorded: ("凭证还没有经他人核对，履行还不算数", "不算履行")
            case .recordingLinked: ("归为依法保密，还没有经负责人核对", "须按正确的类别重新上传")
            default: ("补录的时间还没有经他人核对", "时间须更正")
            }
        guard let word = later.last(where: { Confirmations.target(of: $0) == record.seq }) else {
            guard view.work.awaited.contains(where: { $0.seq == record.seq }) else { return [] }
            return [waiting]
        }
        guard word.word("result") != "passed" else { return [] }
        let day = TermText.short(word.recordedAt.day, at: now)
        return ["核对退回（\(day)），\(turnedDown)"]
    }

    /// What can be looked at from here: renditions of documents, and recordings.
    private func looks(_ record: Record) -> [LookForm] {
        let action = address.look(in: view.work.thread)
        if sight.isBarred(from: record)
            || record.word("document").flatMap({ DocumentID($0) }).map({ sight.isBarred(from: .document($0)) }) == true
        {
            return []
        }
        let record = sight.readable(record)
        let named = record.word(record.type == .documentSigned ? "scan" : "object")
        guard let object = named.flatMap({ ObjectID($0) }) else { return [] }
        switch record.type {
        case .documentFixed, .documentIssued:
            let document = record.word("document").flatMap { DocumentID($0) }
            let title = document.flatMap { view.work.document($0) }.flatMap { library.kind(of: $0)?.title } ?? "文书"
            return [
                LookForm(
                    label:
                        "\(title)\(record.type == .documentIssued ? "（制发）" : record.plain["outside"] == true ? "（扫描件）" : "（定稿）")",
                    note: "PDF", action: action,
                    token: token, object: object, document: document)
            ]
        case .documentScanned:
            return [LookForm(label: "扫描件", note: "PDF", action: action, token: token, object: object)]
        case .documentSigned:
            return [LookForm(label: "签名页扫描件", action: action, token: token, object: object)]
        case .recordingImported:
            let size = record.fields["digest"]?["size"]?.integer.map(ByteText.chinese) ?? ""
            // A name that may not be read now is no name here.
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

extension Sight {
    /// What a correction puts in the place of what was recorded, as this person may read it now.
    func correctedText(of correction: Record) -> String {
        hidden(correction).contains("value") ? EventText.veil : correction.correctedText
    }
}
