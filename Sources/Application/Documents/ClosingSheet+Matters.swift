import Casework
import Kernel

/// What a reader of the file is told from the record and would not find in its papers (依记录说明的事项).
extension CaseFileSheets {
    var matters: [JSON] {
        (remedies + performed + unregistered + kept + marked + lost + unrecorded.map { ("没有音像资料", $0 + "。") }).map {
            ["content": .string($0.1), "what": .string($0.0)]
        }
    }

    /// Receipts of services that nobody registered: the file would tell of a delivery that the record does not know.
    private var unregistered: [(String, String)] {
        ReceiptCheck.dangling(in: view.work).map {
            ("送达回证", "\(ReceiptCheck.name(of: $0, in: view.work, law: law))没有对应的送达登记。")
        }
    }

    /// What is kept from whom, on which ground, and on whose word. What lies in a volume of its own is told there.
    private var kept: [(String, String)] {
        KeptBack.all(view, source: isSourceFiled ? nil : source).map { ("不提供的资料", $0.sentence(name)) }
    }

    /// What is marked as secret, by whom, and for whom it may be seen.
    private var marked: [(String, String)] {
        MarkedPiece.all(view, source: isSourceFiled ? nil : source, law.library).map { ("标明的秘密事项", $0.sentence(name)) }
    }

    /// Acts of the inspection that the case was opened from, which the texts in force want recorded, and of which there is no
    /// recording and no approved exemption (zhaoxian-2017:13): the inspection alone would say so.
    public var unrecorded: [String] {
        guard let source else { return [] }
        let open = law.evaluate(source.history).obligations.filter { duty in
            duty.key.matter == CaseFileSheets.recordingMatter && duty.state == .open
        }
        return source.work.activities.filter { act in
            open.contains { $0.key.subject == ObligationSubject.activity(act.id.description) }
        }.map { "来源检查\($0.startAt.day.chinese)的\(EntryType.activityBegan.chinese($0.kind, of: "kind"))" }
    }

    /// The matter of every text's duty to record an act.
    private static let recordingMatter = "activity-av"

    /// Which vouchers the performance rests on, and who compared them; what was paid on a decision that was made anew is told
    /// beside it, and what it was more than the new one asks.
    private var performed: [(String, String)] {
        let turnedDown = Confirmations.turnedDown(in: view.records)
        let former = view.records.filter { record in
            PerformanceCheck.isFormer(record, in: view.work) && record.word("status") != "none"
                && !turnedDown.contains(record.id)
        }
        let last = view.work.performance.flatMap { performance in
            performance.status == "complete" ? view.records.first { $0.seq == performance.seq } : nil
        }
        let decision = view.work.decision
        return (former + (last.map { [$0] } ?? [])).compactMap { record in
            guard let voucher = record.references.first(where: { $0.role == ProofClass.role })?.seq else { return nil }
            let paid = record.number("amount")
            let amount = paid.map { "，已缴\(MoneyText.plain(fen: $0))元" } ?? ""
            let at = (record.instant("performedAt") ?? record.happenedAt).day.chinese
            let what = record.word("status") == "complete" ? "全部履行" : "部分履行"
            var content = "\(at)\(what)\(amount)，\(name(record.actor))登记；凭证为\(piece(ofLink: voucher))"
            let word = view.records.last {
                Confirmations.target(of: $0) == record.seq && $0.word("result") == "passed"
            }
            if let word { content += "，\(name(word.actor))于\(word.recordedAt.day.chinese)打开核对" }
            if former.contains(where: { $0.id == record.id }) {
                content = "按已经撤销、重新作出的决定，\(content)"
            } else if let paid, let decision, !view.work.remade.isEmpty,
                case let due = PerformanceCheck.Due(decision).sum, paid > due
            {
                content += "；多于重新作出的决定\(MoneyText.plain(fen: paid - due))元，应当退还当事人"
            }
            return ("履行凭证", content + "。")
        }
    }
}
