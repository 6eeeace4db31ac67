import Kernel
import Ledger

/// A document of the fixture's case, as its entries name it.
private struct FixturePaper {
    let thread: ThreadTag
    let id: String
    let name: String

    func plain(_ more: [JSON.Member] = []) -> JSON { .object([.init("document", .string(id))] + more) }
}

extension DossierLog {
    /// An inspection whose issued record was voided, and a penalty with a replaced decision, the one in its place, an order
    /// that was amended, a notice that never went out, and internal forms: signed, refused and untouched.
    mutating func addPapers(_ thread: ThreadTag) throws {
        let inspection = self.thread()
        try add(inspection, "case.opened", fields: [.init("title", "示例商行检查", .party)])
        let record = try addPaper(inspection, "site-inspection-record", "检查-现场检查笔录")
        try sign(record, "officer1", "screen")
        try sign(record, "officer2", "paper")
        try sign(record, "party", "refused")
        try issue(record)
        let order = try addPaper(inspection, "correction-order", "检查-责令改正通知书")
        try issue(order)
        try add(inspection, "document.served", plain: order.plain())
        let other = try addPaper(inspection, "notice-to-produce-evidence", "检查-提供证据通知书")
        try issue(other)
        try add(inspection, "document.served", plain: other.plain([.init("returned", true)]))

        try add(thread, "case.opened", fields: [.init("title", "示例商行迟报统计资料案", .party)])
        let start = try addPaper(thread, "procedure-initiation-approval", "程序启动审批表")
        try sign(start, "handler", "refused")
        try sign(start, "handler", "paper")
        try sign(start, "agencyHead", "screen")
        try sign(start, "unitHead", "unable")
        let review = try addPaper(thread, "legal-review-record", "法制审查记录")
        try sign(review, "reviewer", "refused")
        _ = try addPaper(thread, "interview-transcript", "询问笔录")
        let notice = try addPaper(thread, "rights-notice", "权利告知书")
        try sign(notice, "agencyHead", "screen")
        _ = try addPaper(thread, "hearing-notice", "听证通知书")
        let first = try addPaper(thread, "penalty-decision", "决定一")
        try sign(first, "agencyHead", "screen")
        try issue(first)
        try add(thread, "document.served", plain: first.plain())
        let second = try addPaper(thread, "penalty-decision", "决定二")
        try correct(first, by: second, "supersedes")
        try issue(second)
        let demand = try addPaper(thread, "demand-notice", "催告书")
        try issue(demand)
        let amending = try addPaper(thread, "demand-notice", "补正催告书")
        try issue(amending)
        try correct(demand, by: amending, "amends")

        // The record of the inspection is void long after, while the penalty goes on.
        try add(inspection, "document.voided", plain: record.plain(), fields: [.init("reason", "签名系冒签", .internal)])
        // An entry of one thread says nothing of another thread's document.
        try add(inspection, "document.voided", plain: second.plain())
        try add(inspection, "document.issued", plain: notice.plain())
        // What others made and the bureau took in: nobody issues it, and its places were met before it came.
        let opinion = try addPaper(thread, "appraisal-opinion", "鉴定意见书", isOutside: true)
        try sign(opinion, "body", "paper")
        _ = try addPaper(thread, "return-receipt", "邮寄送达回执", isOutside: true)
        otherThreads = [.init(thread: inspection, head: seq(of: inspection))]
    }

    /// Four decisions: served by hand; by post, not compared yet; by post, turned down; by post, turned down, and confirmed
    /// when it was entered anew.
    mutating func addServices(_ thread: ThreadTag) throws {
        try add(thread, "case.opened", fields: [.init("title", "示例商行迟报统计资料案", .party)])
        for (name, compared) in [("当面", nil), ("未核对", []), ("退回", [false]), ("重新登记", [false, true])]
            as [(String, [Bool]?)]
        {
            let paper = try addPaper(thread, "penalty-decision", name)
            try issue(paper)
            guard let compared else {
                try add(thread, "document.served", plain: paper.plain())
                continue
            }
            for place in 0..<max(1, compared.count) {
                let service = try add(
                    thread, "document.served", plain: paper.plain([.init("awaitsConfirmation", true)]))
                guard place < compared.count, let entry = entries.last?.entry else { continue }
                try add(
                    thread, "approval.stepped",
                    plain: ["about": "service", "result": compared[place] ? "passed" : "returned"],
                    references: [
                        EntryReference(
                            role: "service", thread: service.thread, seq: service.seq, commitment: entry.commitment)
                    ])
            }
        }
    }

    private mutating func addPaper(
        _ thread: ThreadTag, _ kind: String, _ name: String, isOutside: Bool = false
    ) throws -> FixturePaper {
        let paper = FixturePaper(
            thread: thread, id: "\(DocumentID(high: random.next(), low: random.next()))", name: name)
        let text = Array("%PDF-1.7 \(name) 甲".utf8)
        var plain: [JSON.Member] = [.init("kind", .string(kind))]
        if isOutside { plain.append(.init("outside", true)) }
        let place = try add(
            thread, "document.fixed", plain: paper.plain(plain),
            fields: [.init("digest", digest(text), .party)])
        try addFile("data/文书/\(name)-甲.pdf", .document, name, text, FieldPlace(entry: place, field: "digest"))
        return paper
    }

    private mutating func sign(_ paper: FixturePaper, _ slot: String, _ manner: String) throws {
        try add(
            paper.thread, "document.signed",
            plain: paper.plain([.init("manner", .string(manner)), .init("slot", .string(slot))]))
    }

    private mutating func issue(_ paper: FixturePaper) throws {
        heads.append(head)
        let text = Array("%PDF-1.7 \(paper.name) 乙 \(head.root)".utf8)
        let place = try add(
            paper.thread, "document.issued",
            plain: paper.plain([
                .init("printedRoot", .string(head.root.description)), .init("printedSize", .integer(Int64(head.size))),
            ]), fields: [.init("digest", digest(text), .party)])
        try addFile(
            "data/文书/\(paper.name)-乙.pdf", .document, paper.name, text, FieldPlace(entry: place, field: "digest"))
    }

    private mutating func correct(_ paper: FixturePaper, by later: FixturePaper, _ manner: String) throws {
        try add(
            paper.thread, "document.corrected",
            plain: paper.plain([.init("by", .string(later.id)), .init("manner", .string(manner))]),
            fields: [.init("reason", "写错", .internal)])
    }
}
