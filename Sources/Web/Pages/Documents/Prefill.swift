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
    var law: Law
    /// The inspection that the case was opened from, for the sheets of the case file.
    var source: CaseView?
    /// Originals that were found to be lost, for the closing sheet.
    var losses: FoundLosses = [:]

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
        let sheets = CaseFileSheets(
            view: view, source: source, law: law, archivist: author, persons: persons, losses: losses, now: now)
        if let data = sheets.data(for: kind.name) { return data.members ?? [] }
        return kind.fields.compactMap { (field: FieldDefinition) -> JSON.Member? in
            guard let value = value(field.name, kind), field.type.takes(value) else { return nil }
            return JSON.Member(field.name, value)
        }
    }

    private func text(_ text: String?) -> JSON? {
        guard let text, !text.isEmpty else { return nil }
        return .string(text)
    }

    private func value(_ name: String, _ kind: DocumentKind) -> JSON? {
        switch name {
        case "caseName": text(work.title)
        case "caseNumber": text(work.caseNumber)
        case "subjectName": text(subject.name)
        case "subjectCode": text(subject.code)
        case "subjectAddress": text(subject.address)
        case "subjectRepresentative": text(subject.representative)
        case "subjectPhone": text(subject.phone)
        case "partyBasicInfo": text(partySentence)
        case "source": text(work.source.chinese)
        case "isMajor": .string(work.isMajor ? "yes" : "no")
        case "isEmergency": .string(work.isEmergency ? "yes" : "no")
        // What was said of it at the opening is said once.
        case "emergencyReason": text(view.records.first { $0.type == .caseOpened }?.text("emergencyReason"))
        case "startedAt" where kind.category != .caseFile:
            work.isEmergency ? .string(minute(work.startedAt).description) : nil
        case "officers": .array((activity?.officers ?? work.handlers).compactMap(person))
        case "place": text((activity ?? spotAct(kind))?.place)
        case "startAt": (activity ?? spotAct(kind)).map { .string(minute($0.startAt).description) }
        // The facts are among the seven items that were recorded before the decision (zhaoxian-2017:21).
        case "facts" where kind.name == DocumentKindName.summaryDecision:
            text(view.records.last { $0.type == .summaryRecorded }?.text("factBasis"))
        // What is decided on the spot is decided today.
        case "issuedOn" where kind.name == DocumentKindName.summaryDecision: .string(now.day.description)
        case "decisionNumber" where Prefill.ofPenalty.contains(kind.name): text(work.decision?.issue?.numberText)
        case "endAt": activity?.endAt.map { .string(minute($0).description) }
        case "recorder": text(author.name)
        case "submittedBy": text(submitting)
        case "reviewer": text(author.name)
        case "contactPerson": text(persons.first { $0.thread == work.handlers.first }?.name)
        // Beside a decision that stands, another one says something else: that it is changed, or taken back.
        case "decisionKind" where kind.name == DocumentKindName.enforcementDecision:
            work.standingDecision == nil ? outcome : "other"
        case "content" where kind.category == .decision && work.standingDecision == nil: drafted
        case "legalBasis" where kind.category == .decision && work.standingDecision == nil:
            text(work.drafting?.legalBasis)
        default: serviceValue(name, kind)
        }
    }

    /// Kinds that name the penalty decision by its number: others name another decision.
    private static let ofPenalty: Set<String> = [
        "added-fine-decision", "court-enforcement-application", "demand-notice", "fine-receipt",
        "on-the-spot-fine-record", "performance-record", "summary-decision-filing",
    ]

    /// The act on the spot, for the papers of the summary procedure: there is one, whoever opens the form.
    private func spotAct(_ kind: DocumentKind) -> Activity? {
        guard DocumentKindName.ofSummary.contains(kind.name) else { return nil }
        return work.activities.last { $0.kind == "summaryAct" }
    }

    /// What is to be decided, in the very words of the draft: what is issued is what was approved.
    private var drafted: JSON? {
        guard let text = work.drafting?.text else { return nil }
        let lines = text.utf8.split(separator: 10).map { JSON.string(String(decoding: $0, as: UTF8.self)) }
        return lines.isEmpty ? nil : .array(lines)
    }

    private var outcome: JSON? {
        switch work.drafting?.outcome {
        case .penalty: "penalty"
        case .noPenalty: "noPenalty"
        case .withdraw: "withdrawal"
        case .transfer, nil: nil
        }
    }

    /// The handling unit: where the handlers are, whoever writes the document.
    private var submitting: String {
        var sections: [String] = []
        for tag in work.handlers {
            guard let section = persons.first(where: { $0.thread == tag })?.section, !section.isEmpty,
                !sections.contains(section)
            else { continue }
            sections.append(section)
        }
        return sections.joined(separator: "、")
    }

    private var partySentence: String {
        [
            subject.name, subject.code.isEmpty ? "" : "统一社会信用代码（身份证件号码）：\(subject.code)",
            subject.address.isEmpty ? "" : "住所：\(subject.address)",
            subject.representative.isEmpty ? "" : "法定代表人（负责人）：\(subject.representative)",
        ].filter { !$0.isEmpty }.joined(separator: "，")
    }

    private func serviceValue(_ name: String, _ kind: DocumentKind) -> JSON? {
        guard let about else {
            return name == "recipient" && kind.name != DocumentKindName.caseTransfer ? text(subject.name) : nil
        }
        switch name {
        // A paper that is for somebody else says for whom.
        case "recipient": return about.data?["recipient"] ?? text(subject.name)
        case "document":
            return [["copies": "1份", "name": .string(aboutTitle), "number": .string(about.issue?.numberText ?? "")]]
        case "server":
            return .array(
                // Two serve, as two do every act (行政处罚法第四十二条); each of them signs.
                work.handlers.compactMap { tag in persons.first { $0.thread == tag } }.prefix(2).map {
                    .string($0.name)
                })
        case "method": return "direct"
        case "documentTitle": return text(aboutTitle)
        case "documentNumber": return text(about.issue?.numberText)
        default: return nil
        }
    }

    private func person(_ tag: ThreadTag) -> JSON? {
        persons.first { $0.thread == tag }.map {
            [
                "certificate": .string($0.certificateNumber), "name": .string($0.name),
                "person": .string(tag.description),
            ]
        }
    }

    private func minute(_ instant: Instant) -> Instant {
        Instant(milliseconds: instant.milliseconds / 60_000 * 60_000)
    }
}

extension FieldType {
    /// Whether a field of this type can hold a value that is known already.
    func takes(_ value: JSON) -> Bool {
        switch (value, self) {
        case (.string(let text), .choice(let options)): options.contains { $0.word == text }
        case (.string, .text), (.string, .longText), (.integer, .integer), (.integer, .money), (.array, .list),
            (.array, .table),
            (.array, .persons), (.array, .choices):
            true
        case (.string(let text), .day): CivilDay(text) != nil
        case (.string(let text), .instant): Instant(text) != nil
        default: false
        }
    }
}
