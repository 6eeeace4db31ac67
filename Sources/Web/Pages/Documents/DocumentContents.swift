import Application
import Casework
import Kernel

extension DocumentScene {
    /// What the document's page prints of its contents (invariant 4).
    ///
    /// An issued document is looked at in a view session only, which the ledger records before the first byte; so are
    /// fields of class secret or reporter of any document. The page of a document that is only fixed prints the rest, as
    /// the page of one's own case does.
    func contents(for person: PersonRow, at now: Instant) -> [SummaryList.Row] {
        let isLooking = isLooking(person.thread, at: now)
        guard document.issue == nil || isLooking else {
            return [.init(label: "内容", value: "文书已经制发，内容请用上面的“查看正式文书”打开，每次查看都留有记录。")]
        }
        var hidden = 0
        var rows = kind.fields.compactMap { field -> SummaryList.Row? in
            guard let text = document.data?[field.name].flatMap({ FieldText.text($0, as: field.type) }) else {
                return nil
            }
            if [.secret, .reporter].contains(field.opening), !isLooking {
                hidden += 1
                return nil
            }
            return SummaryList.Row(label: field.label, value: SummaryList.paragraphs(text))
        }
        if hidden > 0 {
            rows.append(.init(label: "受保护的内容", value: "另有\(hidden)项不在页面上显示，请用上面的“查看文书”打开，每次查看都留有记录。"))
        }
        return rows
    }

    /// Whether this person has an open look at this document: recorded, not ended, and not over.
    func isLooking(_ person: ThreadTag, at now: Instant) -> Bool {
        let closed = Set(view.records.filter { $0.type == .accessClosed }.compactMap { $0.word("session") })
        return view.records.contains { record in
            record.type == .accessOpened && record.actor == person && record.recordedAt <= now
                && record.word("document") == document.id.description
                && record.instant("until").map { now < $0 } == true
                && record.word("session").map { !closed.contains($0) } == true
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
