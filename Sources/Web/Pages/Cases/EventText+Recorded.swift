import Application
import Casework
import Kernel

/// Entries of types that are described as data: the type's name as title, every member in plain words as a line.
extension EventText {
    var recordedEvent: CasePage.Event? {
        guard record.type.home != .bureau || record.type.isTold else { return nil }
        if record.type == .approvalStepped, record.references.contains(where: { $0.role == "draft" }) {
            return draftReviewEvent
        }
        if Confirmations.target(of: record) != nil { return confirmationEvent }
        if record.type == .approvalStepped { return chainEvent }
        var title = record.type.chinese
        for member in ["step", "outcome", "result", "decision", "conduct"] {
            if let word = record.word(member), case .words? = record.type.members[member] {
                title += "：\(record.type.chinese(word, of: member))"
                break
            }
        }
        return CasePage.Event(
            time: "", title: title, lines: references + recordedLines(without: []), tone: tone)
    }

    /// The word of the reviewer of the drafting unit.
    private var draftReviewEvent: CasePage.Event {
        let isPassed = record.word("result") == "passed"
        return CasePage.Event(
            time: "", title: "承办机构审查草拟的处理意见：\(isPassed ? "通过" : "退回")",
            lines: references + recordedLines(without: ["about", "person", "result", "step"]),
            tone: isPassed ? .key : .bad)
    }

    /// What somebody else compared and confirmed.
    private var confirmationEvent: CasePage.Event {
        let isPassed = record.word("result") == "passed"
        return CasePage.Event(
            time: "", title: "核对\(isPassed ? "确认" : "退回")",
            lines: references + recordedLines(without: ["about", "person", "result", "step"]),
            tone: isPassed ? .key : .bad)
    }

    /// A step of the internal chain, by what its person did: what was not sent back was passed.
    private var chainEvent: CasePage.Event {
        let isReturned = record.word("result") == "returned"
        let (what, tone): (String, CasePage.Event.Tone) =
            switch record.word("step") {
            case "reviewer": (isReturned ? "审核人退回" : "审核人审核通过", isReturned ? .bad : .plain)
            case "approver": (isReturned ? "批准人不批准，退回" : "批准人批准", isReturned ? .bad : .key)
            default: ("承办人提出意见", .plain)
            }
        return CasePage.Event(
            time: "", title: "\(record.type.chinese)：\(what)",
            lines: references + recordedLines(without: ["result", "step"]),
            tone: tone)
    }

    private var tone: CasePage.Event.Tone {
        switch record.type {
        case .noncooperationRecorded, .unlawfulFound, .recordingAltered, .leadClosed: .bad
        case .hearingHeld, .discussionHeld, .summaryRecorded, .courtApplied, .courtRuled, .remedyOpened,
            .remedyConcluded, .decisionChanged, .leadReceived, .applicationRegistered, .leadStarted:
            .key
        default: .plain
        }
    }

    /// What it answers.
    private var references: [String] {
        named.filter { $0.type != .documentIssued }.map { record in
            let paper = record.word("document").flatMap { DocumentID($0) }.flatMap { work?.document($0) }
                .map { "《\(library.kind(of: $0)?.title ?? $0.kind)》" }
            return "针对：\(paper ?? "")\(record.type.chinese)（\(record.happenedAt.chinese)）"
        }
    }

    /// Members in the order of the step's questions, then by name; those whose text was destroyed say so.
    func recordedLines(without left: Set<String>) -> [String] {
        let type = record.type
        let asked = RecordedStep.all.first {
            $0.type == type && $0.given.allSatisfy { record.word($0.key) == $0.value }
        }
        var order = asked?.inputs.compactMap(\.member) ?? []
        let present = (record.plain.members ?? []).map(\.key) + record.fieldNames.sorted()
        order += present.filter { !order.contains($0) }
        return order.filter { !left.contains($0) && present.contains($0) }.compactMap { member in
            if record.fieldNames.contains(member) {
                if hidden.contains(member) { return "\(type.label(of: member))：\(Self.veil)" }
                // Digests and other values that are no text say nothing to people.
                if record.fields[member] != nil, record.text(member) == nil { return nil }
                return "\(type.label(of: member))：\(record.text(member) ?? "（内容已依法销毁）")"
            }
            return value(of: member).map { "\(type.label(of: member))：\($0)" }
        }
    }

    /// A plain member in plain words; nil where it says nothing to people, such as an object's id.
    private func value(of member: String) -> String? {
        guard let value = record.plain[member] else { return nil }
        let texts = value.elements?.compactMap(\.string) ?? value.string.map { [$0] } ?? []
        switch record.type.members[member] {
        case .words: return texts.map { record.type.chinese($0, of: member) }.joined(separator: "、")
        case .truth: return value.boolean.map { $0 ? "是" : "否" }
        case .number: return value.integer.map { number($0, of: member) }
        case .thread:
            let known = texts.compactMap { ThreadTag($0) }.compactMap { names[$0] }
            if known.isEmpty, record.type == .secrecyMarked,
                let link = work?.recordings.first(where: { link in
                    texts.contains { $0.utf8.elementsEqual(link.recording.description.utf8) }
                })
            {
                return "\(link.linkedAt.chinese)归入的音像资料"
            }
            return known.isEmpty ? nil : known.joined(separator: "、")
        case .id: return identified(texts, member)
        default: return nil
        }
    }

    private func number(_ number: Int64, of member: String) -> String {
        if member == "amount" { return "\(FieldReading.moneyText(number))元" }
        let isTime = member.hasSuffix("At") || ["from", "to", "forWhen"].contains(member)
        return isTime ? Instant(milliseconds: number).chinese : String(number)
    }

    private func identified(_ texts: [String], _ member: String) -> String? {
        if member == "clearance" {
            let cleared = texts.compactMap { text in
                Role(rawValue: text).map(SecrecyMark.chinese) ?? ThreadTag(text).flatMap { names[$0] }
            }
            return cleared.isEmpty ? nil : cleared.joined(separator: "、")
        }
        let said = texts.compactMap { text -> String? in
            if let day = CivilDay(text) { return day.chinese }
            if let document = DocumentID(text).flatMap({ work?.document($0) }) {
                return "《\(library.kind(document.kind)?.title ?? document.kind)》\(document.issue?.numberText ?? "")"
            }
            if let activity = ActivityID(text).flatMap({ id in work?.activities.first { $0.id == id } }) {
                return "\(Self.activityKinds[activity.kind] ?? "执法活动") \(activity.startAt.chinese)"
            }
            return nil
        }
        return said.isEmpty ? nil : said.joined(separator: "、")
    }
}

extension EntryType {
    /// Types of the bureau's own thread that a case may hold too, and then tells.
    var isTold: Bool {
        [.secrecyMarked, .casefileReviewed, .violationRecorded, .viewingBreached].contains(self)
    }
}
