import Application
import Casework
import Kernel

/// The newest draft of the decision with what the party was told and answered, and what its reviewers said of it, on the
/// pages where somebody decides about it: nobody passes what they cannot read.
///
/// A draft is an internal opening of a case that the reader may see: like the course of the case, it opens no view
/// session (invariant 4). The documents that it names do, on their own pages.
struct DraftText: Sendable {
    private let work: Case
    private let records: [Record]
    private let names: [ThreadTag: String]
    private let address: Address
    private let isShown: Bool

    /// Steps that decide about the draft, or rest on it.
    private static let steps: Set<String> = [
        ReviewDraft.name, ApproveDecision.name, "review-submission", "review-result", "discussion-agenda", "discussion",
    ]

    /// Kinds of documents whose signature decides about it; a decision itself is printed and read as it is.
    private static let kinds: Set<String> = ["head-approval-record", "internal-approval-form"]

    /// Beside the form of a step.
    init(beside form: StepForm, view: CaseView, _ names: [ThreadTag: String], _ address: Address) {
        self.init(view, names, address, isShown: Self.steps.contains(form.name))
    }

    /// Beside the form of a document, or of a signature in it.
    init(beside kind: DocumentKind, view: CaseView, _ names: [ThreadTag: String], _ address: Address) {
        self.init(view, names, address, isShown: kind.category == .review || Self.kinds.contains(kind.name))
    }

    private init(_ view: CaseView, _ names: [ThreadTag: String], _ address: Address, isShown: Bool) {
        work = view.work
        records = view.records
        self.names = names
        self.address = address
        self.isShown = isShown
    }

    var html: HTML {
        guard isShown, let drafting = work.drafting else { return "" }
        return """
            <section class="draft-text" aria-label="草拟的处理意见"><h2>草拟的处理意见</h2>
            \(SummaryList(rows: rows(drafting)).html)</section>

            """
    }

    private func rows(_ drafting: Drafting) -> [SummaryList.Row] {
        func text(_ label: String, _ value: String?) -> SummaryList.Row {
            .init(label: label, value: value.map(SummaryList.paragraphs) ?? "（内容已依法销毁）")
        }
        return [
            .init(label: "拟作出的处理", value: "\(drafting.outcome.chinese)"), text("拟作出的决定", drafting.text),
            text("法律依据", drafting.legalBasis), text("证据材料", drafting.evidence),
            text("应考虑的有关因素", drafting.factors),
            .init(label: "草拟", value: "\(name(drafting.drafter))，\(drafting.at.chinese)"),
            .init(label: "承办机构审查", value: unitReview(drafting)),
        ]
            + heard
            + work.legalWords.map { word in
                .init(
                    label: "法制审查",
                    value: """
                        \(said(word.isPassed ? "通过" : "不通过", word.by, word.at, word.opinion))\(word.document.map { document in
                            "<p><a href=\"\(address.document(document, in: work.thread))\">看法制审查记录</a></p>" as HTML
                        })
                        """)
            }
    }

    /// What the party was told is to be decided, what it answered, and what became of that.
    private var heard: [SummaryList.Row] {
        let notices = work.documents.filter { $0.kind == DocumentKindName.rightsNotice && !$0.isVoid }
        let told = notices.map { notice -> SummaryList.Row in
            let content = notice.data?["content"]?.elements?.compactMap(\.string).joined(separator: "\n")
            return .init(
                label: "告知当事人的处罚",
                value: """
                    \(SummaryList.paragraphs(content ?? "（内容已依法销毁）"))\(signer(of: notice, "签收"))<p><a href="\(address.document(notice.id, in: work.thread))">看权利告知书</a></p>
                    """)
        }
        let answers = records.filter { record in
            record.thread == work.thread && record.word("phase") != "afterDemand"
                && (record.type == .statementRecorded || record.type == .statementReviewed)
        }.map { record -> SummaryList.Row in
            let word = record.word(record.type == .statementRecorded ? "manner" : "accepted") ?? ""
            let member = record.type == .statementRecorded ? "manner" : "accepted"
            let said = ["facts", "reasons", "evidence", "review", "reason"].compactMap(record.text)
            return .init(
                label: record.type == .statementRecorded ? "当事人的陈述申辩" : "对陈述申辩的复核",
                value: """
                    <p><b>\(record.type.chinese(word, of: member))</b>　\(record.happenedAt.chinese)</p>\(speaker(of: record))\(SummaryList.paragraphs(said.joined(separator: "\n")))
                    """)
        }
        return told + answers
    }

    /// Who signed the paper of a statement: the head decides upon it, and sees whether the party itself said it.
    private func speaker(of record: Record) -> HTML {
        guard record.type == .statementRecorded, record.word("manner") != "silent" else { return "" }
        if let paper = record.word("document").flatMap({ DocumentID($0) }).flatMap(work.document) {
            return signer(of: paper, "陈述人")
        }
        guard record.word("speaker") != "party", let name = record.text("name") else { return "" }
        return "<p>陈述人：\(name)，不是当事人本人</p>"
    }

    /// Whoever signed in the party's place, with how they stand to it.
    private func signer(of paper: CaseDocument, _ label: String) -> HTML {
        guard let slot = paper.slots["party"], let name = slot.name, !name.isEmpty else { return "" }
        let relation = slot.relationText ?? "没有写明与当事人的关系"
        let witness = slot.witness.map { "，登记的见证人：\($0)" } ?? "，没有登记见证人"
        let manner = ["refused": "，拒绝签名\(witness)", "unable": "，不能签名\(witness)"][slot.manner] ?? ""
        if slot.capacity?.isParty == true { return "<p>\(label)：\(name)，\(relation)\(manner)</p>" }
        return "<p><b>\(label)不是当事人本人或者法定代表人（负责人）：</b>\(name)，\(relation)\(manner)</p>"
    }

    private func unitReview(_ drafting: Drafting) -> HTML {
        if let review = work.unitReview {
            return said(review.isPassed ? "通过" : "退回", review.by, review.at, review.opinion)
        }
        return work.isUnitReviewPassed ? "已在草拟记录上签署同意" : "等\(name(drafting.unitReviewer))审查"
    }

    private func said(_ word: String, _ by: ThreadTag?, _ at: Instant, _ opinion: String?) -> HTML {
        "<p><b>\(word)</b>　\(by.map(name) ?? "")，\(at.chinese)</p>\(SummaryList.paragraphs(opinion ?? "（意见已依法销毁）"))"
    }

    private func name(_ person: ThreadTag) -> String { names[person] ?? "（不详）" }
}
