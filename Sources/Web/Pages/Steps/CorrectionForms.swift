import Application
import Casework
import Kernel

/// Corrections of entries and of issued documents.
extension StepForm {
    /// Asked for beside the entry itself: `?entry=<seq>&member=<name>`.
    static let correction = StepForm(
        name: ProposeCorrection.name, title: "申请更正", lead: "原记录不会改动。经负责人批准后，更正与原记录一并显示，并印在备考表里。", button: "申请更正",
        hasSubject: { $0.corrected != nil }, isOffered: { _, _ in false },
        fields: { scene in
            guard let (record, member) = scene.corrected else { return [] }
            let current = scene.sight.currentText(of: member, in: record)
            var value: FieldModel
            switch member.form {
            case .text:
                value = .paragraphs("value", "\(member.label)更正为")
                value.input = .text(scene.sight.readable(record).text(member.name) ?? "")
            case .instant:
                value = .now("value", "\(member.label)更正为", record.currentInstant(of: member) ?? scene.now)
            case .word(let words):
                value = .choice(
                    "value", "\(member.label)更正为",
                    words.map { ($0, Finding.Outcome(rawValue: $0)?.chinese ?? $0) })
                value.input = .text(record.word(member.name) ?? "")
            }
            value.help = "现在的记录：\(current.isEmpty ? "（没有填写）" : current)"
            return [value, .paragraphs("reason", "更正的理由")]
        },
        perform: { scene, input in
            guard let (record, member) = scene.corrected else { throw WebRefusal.notFound }
            let value: CorrectedValue
            switch member.form {
            case .text: value = .text(input.text("value"))
            case .instant: value = .instant(input.instant("value", member.label))
            case .word: value = .word(input.text("value"))
            }
            try await input.run(
                ProposeCorrection(
                    target: record.seq, member: member.name, value: value, reason: input.text("reason")), scene)
        })

    static let correctionDecision = StepForm(
        name: DecideCorrection.name, title: "决定更正申请", lead: "同意后，记录按更正的内容理解；原记录和更正都保留。", button: "提交意见",
        needsSecret: true,
        isOffered: { work, person in
            (person.roles.contains(.departmentHead) || person.roles.contains(.agencyHead))
                && !work.handlers.contains(person.thread)
                && work.corrections.contains { correction in
                    correction.state == .proposed && correction.by != person.thread
                        && (!work.isFiled || work.isSupplement(correction.seq))
                }
        },
        fields: { scene in
            let open = scene.work.corrections.filter { $0.state == .proposed }
            var proposal = FieldModel.choice(
                "proposal", "更正申请",
                open.compactMap { correction in
                    guard scene.view.records.indices.contains(correction.seq - 1),
                        scene.view.records.indices.contains(correction.target - 1)
                    else { return nil }
                    let asked = scene.view.records[correction.seq - 1]
                    let target = scene.view.records[correction.target - 1]
                    let member = target.type.correctable.first { $0.name == correction.member }
                    let before = member.map { scene.sight.currentText(of: $0, in: target) } ?? ""
                    let reason =
                        scene.sight.hidden(asked).contains("reason") ? EventText.veil : asked.text("reason") ?? ""
                    return (
                        String(correction.seq),
                        "“\(target.type.chinese)”的\(member?.label ?? "")：由“\(before)”更正为“\(scene.sight.correctedText(of: asked))”。理由：\(reason)"
                    )
                })
            proposal.input = .text(scene.query["proposal"] ?? (open.count == 1 ? String(open[0].seq) : ""))
            return [
                proposal, .choice("decision", "意见", [("approve", "同意更正"), ("refuse", "不同意")]),
                .paragraphs("opinion", "具体意见"),
            ]
        },
        perform: { scene, input in
            guard let proposal = Decimal.strict(Array(input.text("proposal").utf8)) else {
                throw StepRefusal(fields: [.init("proposal", "请选择更正申请。")])
            }
            let decision = input.text("decision")
            guard ["approve", "refuse"].contains(decision) else {
                throw StepRefusal(fields: [.init("decision", "请选择意见。")])
            }
            try await input.run(
                DecideCorrection(
                    proposal: proposal, isApproved: decision == "approve", opinion: input.text("opinion")), scene)
        })

    static let documentCorrection = StepForm(
        name: CorrectDocument.name, title: "补正或者替代文书",
        lead: "先由承办人另行制作并制发补正的文书，再在这里确认；替代决定书的，新的决定书在确认替代之后制发。原文书保留在案卷里，文号不变。", button: "确认",
        needsSecret: true, hasSubject: { $0.document != nil }, lasts: .unfiled, isOffered: { _, _ in false },
        fields: { scene in
            let later = scene.document.map { StepForm.later(than: $0, in: scene.work, law: scene.law) } ?? []
            return [
                .choice(
                    "by", "补正的文书",
                    later.map { document in
                        (
                            document.id.description,
                            "《\(scene.law.library.kind(of: document)?.title ?? document.kind)》\(document.issue?.numberText ?? "")"
                        )
                    }, help: later.isEmpty ? "还没有在原文书之后制发的文书，请承办人先制作并制发。" : ""),
                .choice(
                    "manner", "方式", DocumentCorrection.Manner.allCases.map { ($0.rawValue, $0.chinese) }),
                .paragraphs("reason", "理由"),
            ]
        },
        perform: { scene, input in
            guard let document = scene.document else { throw WebRefusal.notFound }
            guard let by = DocumentID(input.text("by")) else {
                throw StepRefusal(fields: [.init("by", "请选择补正的文书。")])
            }
            guard let manner = DocumentCorrection.Manner(rawValue: input.text("manner")) else {
                throw StepRefusal(fields: [.init("manner", "请选择方式。")])
            }
            try await input.run(
                CorrectDocument(document: document.id, by: by, manner: manner, reason: input.text("reason")), scene)
        })

    /// Documents that could correct one, made after it.
    static func later(than document: CaseDocument, in work: Case, law: Law) -> [CaseDocument] {
        work.documents.filter { law.canCorrect(document, by: $0, in: work) }
    }
}

extension StepScene {
    /// The entry and member in the address, as the record stands with earlier corrections.
    var corrected: (record: Record, member: EntryType.Correctable)? {
        guard let seq = query["entry"].flatMap({ Decimal.strict(Array($0.utf8)) }),
            view.records.indices.contains(seq - 1), let name = query["member"]
        else { return nil }
        let record = Corrections.reading(view.records)[seq - 1]
        return record.type.correctable.first { $0.name == name }.map { (record, $0) }
    }
}

extension Sight {
    /// What stands in a member now, in words, as this person may read it.
    func currentText(of member: EntryType.Correctable, in record: Record) -> String {
        hidden(record).contains(member.name) ? EventText.veil : record.currentText(of: member)
    }
}

extension Record {
    func currentInstant(of member: EntryType.Correctable) -> Instant? { instant(member.name) ?? statedAt }

    /// What stands in a member now, in words.
    func currentText(of member: EntryType.Correctable) -> String {
        switch member.form {
        case .text: text(member.name) ?? ""
        case .instant: currentInstant(of: member)?.chinese ?? ""
        case .word: word(member.name).map { Finding.Outcome(rawValue: $0)?.chinese ?? $0 } ?? ""
        }
    }
}
