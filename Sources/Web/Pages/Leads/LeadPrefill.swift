import Application
import Casework
import Kernel

/// What a lead already says, put into the form of a paper: nobody types an application twice.
///
/// Fields are recognised by their names (Documents/FIELDS.md). What the reader may not read now is not filled in.
struct LeadPrefill {
    /// The records as whoever fills the form may read them now.
    let records: [Record]
    let file: LeadFile
    let persons: [PersonRow]
    let author: PersonRow

    init(_ view: LeadView, sight: Sight, persons: [PersonRow], author: PersonRow) {
        records = view.records.map(sight.readable)
        file = view.file
        self.persons = persons
        self.author = author
    }

    /// The values of a kind's fields that are known.
    func values(of kind: DocumentKind) -> [JSON.Member] {
        kind.fields.compactMap { field in
            guard let value = value(field.name), field.type.takes(value) else { return nil }
            return JSON.Member(field.name, value)
        }
    }

    private func last(_ type: EntryType) -> Record? { records.last { $0.type == type } }

    private func value(_ name: String) -> JSON? {
        switch name {
        case "handledBy", "contactPerson": text(author.name)
        case "notifiedBy": text(named(last(.leadAnswered)?.thread("notifiedBy")) ?? author.name)
        case "registrar": text(named(records.first?.actor))
        case "receivedAt": instant(file.receivedAt)
        case "notifiedAt":
            instant(last(.leadAnswered)?.instant("notifiedAt") ?? last(.applicationSupplemented)?.happenedAt)
        default: file.kind == .application ? applied(name) : reported(name)
        }
    }

    private func applied(_ name: String) -> JSON? {
        let decided = last(.applicationDecided)
        return switch name {
        case "applicant": text(file.applicant)
        case "matter": text(file.about)
        case "mode": text(file.channel)
        case "oralContent": text(records.first?.text("oralContent"))
        case "registeredAt", "appliedAt": instant(file.receivedAt)
        case "outcome": text(decided?.word("outcome"))
        case "refusalReason": decided?.word("outcome") == "refused" ? text(decided?.text("reason")) : nil
        case "decidedAt": instant(decided?.happenedAt)
        case "correctedAt": instant(last(.applicationCorrected)?.happenedAt)
        case "supplementItems": lines(last(.applicationSupplemented)?.text("items"))
        case "receiptNumber": text(last(.applicationReceipted)?.text("receiptNumber"))
        case "content":
            text("本机关已于\(file.receivedAt.day.chinese)收到你（单位）提出的“\(file.about ?? "")”申请，现已登记办理。")
        default: nil
        }
    }

    private func reported(_ name: String) -> JSON? {
        let reviewed = last(.leadReviewed)
        let isPursued = reviewed?.word("result") == "pursue"
        return switch name {
        case "sourceChannel": text(file.channel)
        case "isRealName": .string(file.isRealName ? "yes" : "no")
        case "complainant": text(records.first?.text("complainant"))
        case "content": text(records.first?.text("content"))
        case "target": text(file.about)
        case "reportedTo": text(last(.leadReported)?.text("to"))
        case "verification": text(last(.leadVerified)?.text("findings"))
        case "reviewResult":
            (reviewed?.word("result")).flatMap {
                ["pursue": "start", "notPursued": "notStarted", "transferred": "transferred"][$0]
            }.map { .string($0) }
        case "reason": isPursued ? nil : text(reviewed?.text("reason"))
        case "legalBasis": isPursued ? nil : text(reviewed?.text("legalBasis"))
        case "notifyMethod":
            (last(.leadAnswered)?.word("method")).map { .string($0 == "web" ? "electronic" : $0) }
        default: nil
        }
    }

    private func named(_ person: ThreadTag?) -> String? {
        persons.first { $0.thread == person }?.name
    }

    private func text(_ text: String?) -> JSON? {
        guard let text, !text.isEmpty else { return nil }
        return .string(text)
    }

    private func lines(_ text: String?) -> JSON? {
        let lines = (text ?? "").utf8.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
        return lines.isEmpty ? nil : .array(lines.map { .string($0) })
    }

    /// To the minute, as forms keep it.
    private func instant(_ instant: Instant?) -> JSON? {
        instant.map { .string(Instant(milliseconds: $0.milliseconds / 60_000 * 60_000).description) }
    }
}
