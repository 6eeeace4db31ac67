import Application
import Casework
import Kernel

/// A paper of a lead with what its pages need.
struct LeadPaperScene {
    let view: LeadView
    let law: Law
    let document: CaseDocument
    let kind: DocumentKind
    let names: [ThreadTag: String]
    let sight: Sight
    let person: PersonRow

    var thread: ThreadTag { view.file.thread }
    var awaitsIssue: Bool { LeadPapers.awaitsIssue(document, kind: kind) }
    /// Places whose signature this person can say now.
    var signable: [SlotPlace] {
        document.isVoid || awaitsIssue ? [] : LeadPapers.places(of: document, kind: kind, by: person)
    }
    var mayWork: Bool { LeadPapers.refusal(to: person, in: view) == nil }
}

extension CaseDocument {
    /// Where a paper of a lead stands.
    func leadTag(_ kind: DocumentKind) -> Tag {
        if isVoid { return Tag(text: "已作废", tone: .late) }
        let open = kind.places(for: data ?? .object([])).filter { place in
            slots[place.name] == nil && place.isRequired && place.slot.who != .bureau
        }
        if LeadPapers.awaitsIssue(self, kind: kind) { return Tag(text: "已定稿，待制发", tone: .wait) }
        if issue != nil { return Tag(text: open.isEmpty ? "✓ 已制发，签名齐备" : "✓ 已制发", tone: .done) }
        return open.isEmpty ? Tag(text: "✓ 签名齐备", tone: .done) : Tag(text: "待签名", tone: .wait)
    }
}

extension LeadPage.Paper {
    init(_ document: CaseDocument, in file: LeadFile, law: Law, address: Address) {
        let kind = law.library.kind(of: document) ?? .unknown
        self.init(
            title: kind.title, href: address.leadPaper(document.id, in: file.thread),
            note: document.issue?.numberText ?? "\(document.fixedAt.chinese) 定稿", tag: document.leadTag(kind))
    }
}

extension LeadPaperScene {
    /// The page as this person may read it now.
    func page(
        _ address: Address, token: String, done: Bool, at now: Instant
    ) -> LeadPaperPage {
        let justActed = view.records.reversed().prefix { now.milliseconds(since: $0.recordedAt) <= 600_000 }
            .contains {
                $0.actor == person.thread && $0.type != .accessOpened && $0.word("document") == document.id.description
            }
        var page = LeadPaperPage(
            address: address, thread: thread, leadTitle: view.file.title, title: kind.title,
            number: document.issue?.numberText ?? "", tag: document.leadTag(kind),
            meta: [("定稿", document.fixedAt.chinese)], looks: looks(address, token: token),
            places: kind.places(for: document.data ?? .object([])).map(row), actions: actions(address),
            notice: done && justActed ? Notice(title: "已办理", tone: .done) : nil, next: next, rows: rows)
        if let author = document.author.flatMap({ names[$0] }) { page.meta.append(("制作", author)) }
        if let issue = document.issue { page.meta.append(("制发", issue.at.chinese)) }
        if let at = document.voidedAt {
            page.notice = Notice(
                title: "这份文书已作废", paragraphs: ["\(at.chinese) 作废。文号保留在登记中，不再使用；它所完成的事项重新变为待办。"], tone: .warning)
        }
        return page
    }

    private var next: String {
        guard !document.isVoid, mayWork else { return "" }
        if awaitsIssue { return "打开文书看过，没有写错的，制发编号；然后打印正式文书，盖章、签名，交给对方。" }
        guard !signable.isEmpty else { return "" }
        return document.issue == nil ? "打印出来，由对方和经办人签名，再登记签收。" : "打印正式文书，盖章、签名，交给对方；签收以后在这里登记。"
    }

    private func looks(_ address: Address, token: String) -> [LookForm] {
        let action = address.leadPaperLook(document.id, in: thread)
        var looks: [LookForm] = []
        if let object = document.issue?.object {
            looks.append(
                LookForm(
                    label: "打开正式文书", note: "PDF", action: action, token: token, object: object,
                    document: document.id))
        }
        if let object = document.fixedObject {
            looks.append(
                LookForm(
                    label: document.issue == nil ? "打开文书" : "打开定稿文本", note: "PDF", action: action, token: token,
                    object: object, document: document.id))
        }
        for scan in document.slots.values.sorted(by: { $0.seq < $1.seq }).compactMap(\.scan)
        where !looks.contains(where: { $0.object == scan }) {
            looks.append(
                LookForm(label: "下载签收页扫描件", action: action, token: token, object: scan, document: document.id))
        }
        return looks
    }

    private func actions(_ address: Address) -> [Button] {
        guard !document.isVoid else { return [] }
        var actions: [Button] = []
        if mayWork, awaitsIssue {
            actions.append(Button(label: "制发", href: address.leadPaper(.issue, document.id, in: thread)))
        }
        if mayWork, !signable.isEmpty {
            actions.append(
                Button(
                    label: "登记签收", href: address.leadPaper(.sign, document.id, in: thread),
                    style: document.issue == nil ? .primary : .secondary))
        }
        if LeadPapers.refusal(ofVoiding: document, to: person, in: view) == nil {
            actions.append(
                Button(label: "作废", href: address.leadPaper(.void, document.id, in: thread), style: .danger))
        }
        return actions
    }

    private func row(_ place: SlotPlace) -> DocumentPage.Place {
        guard let met = document.slots[place.name] else {
            if place.slot.who == .bureau {
                return .init(
                    label: place.slot.label, tag: Tag(text: "印制后加盖", tone: .quiet), text: "公章盖在印制的文书上。", details: [],
                    href: nil, drawing: nil)
            }
            return .init(
                label: place.slot.label,
                tag: place.isRequired ? Tag(text: "待办", tone: .wait) : Tag(text: "可以不签", tone: .quiet),
                text: "由\(place.slot.who.chinese)在打印的文书上签名", details: [], href: nil, drawing: nil)
        }
        let isOpen = met.by != nil || sight.mayRead(document, of: view)
        return .init(
            label: place.slot.label, tag: Tag(text: "✓ 纸质已签", tone: .done),
            text: "\(isOpen ? met.name ?? "（姓名已销毁）" : EventText.veil) · \(met.signedAt.chinese)",
            details: [view.records[met.seq - 1].text("place").map { "纸质原件存放在\($0)" }].compactMap { $0 }, href: nil,
            drawing: nil)
    }

    /// As with the documents of a case: what is issued, or must be kept secret, is read in a recorded look.
    private var rows: [SummaryList.Row] {
        guard let data = document.data else { return [.init(label: "内容", value: "已依法销毁")] }
        guard sight.mayRead(document, of: view) else {
            return [.init(label: "内容", value: "依法保密，请用上面的按钮打开文书查看，每次查看都留有记录。")]
        }
        guard document.issue == nil else {
            return [.init(label: "内容", value: "文书已经制发，内容请用上面的“打开正式文书”查看，每次查看都留有记录。")]
        }
        return kind.fields.compactMap { field in
            data[field.name].flatMap { FieldText.text($0, as: field.type) }.map {
                SummaryList.Row(label: field.label, value: SummaryList.paragraphs($0))
            }
        }
    }
}

extension Sight {
    /// Whether the contents of a lead's paper may be read now.
    func mayRead(_ document: CaseDocument, of view: LeadView) -> Bool {
        guard view.records.indices.contains(document.fixedSeq - 1) else { return false }
        return !hidden(view.records[document.fixedSeq - 1]).contains("data")
    }
}
