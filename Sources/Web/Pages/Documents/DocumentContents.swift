import Application
import Casework
import Kernel

extension DocumentScene {
    /// What the document's page prints of its contents (invariant 4).
    ///
    /// An issued document is looked at in a view session only, which the ledger records before the first byte; so is any
    /// document that says something of a reporter, or a secret. The page of a document that is only fixed prints the
    /// rest, as the page of one's own case does.
    var contents: [SummaryList.Row] {
        if sight.isBarred(from: .document(document.id)),
            let mark = work.secrecyMark(of: .document(document.id))
        {
            return [.init(label: "内容", value: "\(mark.sentence)您不在其中，不能查看。")]
        }
        guard sight.mayRead(document) else {
            return [.init(label: "内容", value: "依法保密，请用上面的按钮打开文书查看，每次查看都留有记录。")]
        }
        guard document.issue == nil || sight.isLooking(at: document) else {
            return [.init(label: "内容", value: "文书已经制发，内容请用上面的“查看正式文书”打开，每次查看都留有记录。")]
        }
        return kind.fields.compactMap { field in
            guard let text = document.data?[field.name].flatMap({ FieldText.text($0, as: field.type) }) else {
                return nil
            }
            return SummaryList.Row(label: field.label, value: SummaryList.paragraphs(text))
        }
    }

    /// Whether this person has done something with this document just now: what a page reached by its address alone
    /// must not claim.
    func hasJustActed(_ person: PersonRow, at now: Instant) -> Bool {
        view.hasJustActed(person.thread, at: now) { $0.word("document") == document.id.description }
    }
}

extension CaseView {
    /// Whether a person recorded such an entry in this case within the last ten minutes.
    func hasJustActed(_ person: ThreadTag, at now: Instant, _ isMeant: (Record) -> Bool) -> Bool {
        records.reversed().prefix { now.milliseconds(since: $0.recordedAt) <= 10 * 60_000 }.contains { record in
            record.actor == person && record.type != .accessOpened && record.type != .accessClosed && isMeant(record)
        }
    }
}
