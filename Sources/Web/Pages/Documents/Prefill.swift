import Application
import Casework
import Kernel

/// What the case already knows, put into a new draft: nobody types a name twice.
///
/// Fields are recognised by their names (Documents/FIELDS.md), so a new kind that uses the same names is filled as well.
struct Prefill {
    let view: CaseView
    let subject: SubjectDetails
    let persons: [PersonRow]
    let bureau: BureauProfile
    let author: PersonRow
    let now: Instant
    var activity: Activity?
    var about: CaseDocument?
    var aboutTitle = ""
    var library: RuleLibrary

    /// The party as its thread tells it.
    struct SubjectDetails: Sendable {
        var name = ""
        var code = ""
        var address = ""
        var representative = ""
        var phone = ""
    }

    private var work: Case { view.work }

    /// The values of a kind's fields that are known.
    func values(of kind: DocumentKind) -> [JSON.Member] {
        kind.fields.compactMap { field in
            guard let value = value(field.name, kind), fits(value, field.type) else { return nil }
            return JSON.Member(field.name, value)
        }
    }

    private func fits(_ value: JSON, _ type: FieldType) -> Bool {
        switch (value, type) {
        case (.string(let text), .choice(let options)): options.contains { $0.word == text }
        case (.string, .text), (.string, .longText), (.integer, .integer), (.array, .list), (.array, .table),
            (.array, .persons), (.array, .choices): true
        case (.string(let text), .day): CivilDay(text) != nil
        case (.string(let text), .instant): Instant(text) != nil
        default: false
        }
    }

    private func text(_ text: String?) -> JSON? {
        guard let text, !text.isEmpty else { return nil }
        return .string(text)
    }

    private func value(_ name: String, _ kind: DocumentKind) -> JSON? {
        switch name {
        case "caseName": text(work.title)
        case "subjectName": text(subject.name)
        case "subjectCode": text(subject.code)
        case "subjectAddress": text(subject.address)
        case "subjectRepresentative": text(subject.representative)
        case "subjectPhone": text(subject.phone)
        case "partyBasicInfo": text(partySentence)
        case "source": text(work.source.chinese)
        case "isMajor": .string(work.isMajor ? "yes" : "no")
        case "isEmergency": .string(work.isEmergency ? "yes" : "no")
        case "startedAt" where kind.category != .caseFile:
            work.isEmergency ? .string(minute(work.startedAt).description) : nil
        case "officers": .array((activity?.officers ?? work.handlers).compactMap(person))
        case "place": text(activity?.place)
        case "startAt": activity.map { .string(minute($0.startAt).description) }
        case "endAt": activity?.endAt.map { .string(minute($0).description) }
        case "recorder": text(author.name)
        case "submittedBy": text(author.section)
        case "reviewer": text(author.name)
        case "contactPerson": text(persons.first { $0.thread == work.handlers.first }?.name)
        default: serviceValue(name) ?? fileValue(name, kind)
        }
    }

    private var partySentence: String {
        [
            subject.name, subject.code.isEmpty ? "" : "统一社会信用代码（身份证件号码）：\(subject.code)",
            subject.address.isEmpty ? "" : "住所：\(subject.address)",
            subject.representative.isEmpty ? "" : "法定代表人（负责人）：\(subject.representative)",
        ].filter { !$0.isEmpty }.joined(separator: "，")
    }

    private func serviceValue(_ name: String) -> JSON? {
        guard let about else { return name == "recipient" ? text(subject.name) : nil }
        switch name {
        case "recipient": return text(subject.name)
        case "document":
            return [["copies": "1", "name": .string(aboutTitle), "number": .string(about.issue?.numberText ?? "")]]
        case "server": return .array(work.handlers.compactMap { tag in persons.first { $0.thread == tag } }.map { .string($0.name) })
        case "method": return "direct"
        default: return nil
        }
    }

    private func fileValue(_ name: String, _ kind: DocumentKind) -> JSON? {
        guard kind.category == .caseFile else { return nil }
        switch name {
        case "caseNumber": return text(caseNumber)
        case "volume": return "open"
        case "outcome": return text(work.ending?.ground.chinese)
        case "startedAt": return .string(work.startedAt.day.description)
        case "endedAt": return work.ending.map { .string($0.at.day.description) }
        case "filedAt": return .string(now.day.description)
        case "archivist": return text(author.name)
        case "pieces": return .integer(Int64(kept.count + work.recordings.count))
        case "recordings": return .integer(Int64(work.recordings.count))
        case "situation": return text("本卷文书 \(kept.count) 件，音像记录 \(work.recordings.count) 件，材料齐全，记录链连续。")
        case "items": return .array(kept.enumerated().map { item($0.offset + 1, $0.element) })
        case "ledger":
            return [
                ["label": "记录条目", "value": .string("\(work.entries) 条")],
                ["label": "最后位置", "value": .string(view.entries.last.map { "第 \($0.index + 1) 条" } ?? "")],
            ]
        default: return nil
        }
    }

    private var kept: [CaseDocument] { work.documents.filter { !$0.isVoid && library.kind($0.kind)?.category != .caseFile } }

    /// The number of the decision, else of the first numbered document.
    private var caseNumber: String? {
        (work.document(ofKind: DocumentKindName.penaltyDecision)?.issue?.numberText).flatMap { $0.nonEmpty }
            ?? work.documents.compactMap { $0.issue?.numberText }.first { !$0.isEmpty }
    }

    private func item(_ number: Int, _ document: CaseDocument) -> JSON {
        [
            "author": .string(bureau.name), "date": .string(document.fixedAt.day.chinese),
            "number": .string(document.issue?.numberText ?? ""), "piece": .string(String(number)),
            "title": .string(library.kind(document.kind)?.title ?? document.kind),
        ]
    }

    private func person(_ tag: ThreadTag) -> JSON? {
        persons.first { $0.thread == tag }.map {
            ["certificate": .string($0.certificateNumber), "name": .string($0.name), "person": .string(tag.description)]
        }
    }

    private func minute(_ instant: Instant) -> Instant {
        Instant(milliseconds: instant.milliseconds / 60_000 * 60_000)
    }
}
