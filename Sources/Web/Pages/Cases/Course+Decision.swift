import Application
import Casework
import Kernel

/// From telling the party to the head's word on the draft.
extension Course {
    /// What is left to do until the party was told and heard.
    var hearingOfTheParty: CourseTask? {
        if let task = document(DocumentKindName.rightsNotice, writer: .officer) { return task }
        // Whoever was not there when the notice was written is told by its service.
        let course = CaseCourse(work: work, records: view.records)
        if !course.isTold, let notice = work.document(ofKind: DocumentKindName.rightsNotice),
            notice.data?["method"]?.string == "delivered", let task = serving(notice, "权利告知书")
        {
            return task
        }
        if let task = hearing { return task }
        if let task = untold { return task }
        if !course.isHeard {
            let text = course.has(.hearingHeld) ? "当事人在听证中陈述、申辩的，凭《听证笔录》登记。" : "当事人陈述、申辩或者放弃的，都要记录。"
            return handler("登记陈述申辩", text, "去登记", step(RecordStatement.name))
        }
        if work.statements.contains(where: { !$0.isReviewed }) {
            return handler("复核陈述申辩", "对当事人提出的事实、理由和证据进行复核。", "去复核", step(ReviewStatement.name))
        }
        return nil
    }

    /// A notice that the party refused to sign, without a witness or a recording, told it nothing.
    var untold: CourseTask? {
        let course = CaseCourse(work: work, records: view.records)
        guard course.isRefusalUnseen, let notice = work.document(ofKind: DocumentKindName.rightsNotice) else {
            return nil
        }
        return handler(
            "补足告知的证明",
            "《权利告知书》登记为拒绝或者不能签名，没有见证人签名的情况说明，也没有当时的音像记录，不能算作已经告知。请补传那次活动的音像记录，或者由见证人在《拒绝签字（盖章）情况说明》上签名，或者依法送达，或者作废后重新告知。",
            "看权利告知书", address.document(notice.id, in: thread))
    }

    /// What is left to do until a hearing that the party asked for was held (行政处罚法第六十三条、第六十四条).
    var hearing: CourseTask? {
        let course = CaseCourse(work: work, records: view.records)
        guard course.has(.hearingRequested), !course.has(.hearingHeld) else { return nil }
        let notice = work.document(ofKind: "hearing-notice")
        guard let notice else {
            return write("hearing-notice", writer: .officer, activity: nil)
        }
        if let task = task(of: notice, writer: .officer) ?? serving(notice, "听证通知书") { return task }
        guard course.hadActivity("hearing") else {
            return handler(
                "举行听证", "听证通知书已经送达。到通知的时间举行听证，开始时登记听证活动。", "去登记",
                address.step(BeginActivity.name, in: thread, about: ("kind", "hearing")))
        }
        if let task = document("hearing-transcript", writer: .officer) { return task }
        return handler("登记举行听证", "听证笔录已经制作，请登记主持人、参加人和听证情况。", "去登记", step("hearing"))
    }

    /// The way of a draft through the unit's review, the legal review and the head's approval, and what follows from it.
    func review(of drafting: Drafting) -> CourseTask? {
        if work.approval == nil, work.unitReview?.isPassed == false {
            return handler("重新草拟处理意见", "承办机构审查人退回了草拟，请按其意见修改后重新草拟。", "去草拟", step(DraftDecision.name))
        }
        if work.awaitsUnitReview {
            let isMine = drafting.unitReviewer == person.thread
            return CourseTask(
                title: "审查草拟的处理意见", text: "由草拟时写明的承办机构审查人本人审查，通过以后送法制审查。",
                action: isMine ? .init(label: "去审查", href: step(ReviewDraft.name)) : nil,
                waitsFor: isMine ? "" : "承办机构审查人")
        }
        if !work.isReviewPassed, work.approval == nil {
            if let word = work.legalWords.last, word.document == nil {
                return handler("重新草拟处理意见", "法制审核没有通过，请按审核意见修改后重新草拟。", "去草拟", step(DraftDecision.name))
            }
            let review = work.document(ofKind: DocumentKindName.legalReview)
            if let review, review.fixedSeq > drafting.seq {
                if review.slots["reviewer"]?.decision == "returned" {
                    return handler("重新草拟处理意见", "法制审查退回，请按审查意见修改后重新草拟。", "去草拟", step(DraftDecision.name))
                }
                if let task = document(DocumentKindName.legalReview, writer: .legalReviewer) { return task }
            }
            return write(DocumentKindName.legalReview, writer: .legalReviewer, activity: nil)
        }
        if work.approval == nil {
            return role(.agencyHead, "审批处理意见", "审查已经通过，请负责人审批。", "去审批", step(ApproveDecision.name))
        }
        if drafting.outcome == .penalty { return execution }
        if drafting.outcome != .transfer { return closing(drafting.outcome) }
        return transfer ?? end("负责人已批准“\(drafting.outcome.chinese)”，移送函已经送达接收机关，请办理终结。")
    }

    /// What is left to do until who takes over has the letter.
    var transfer: CourseTask? {
        guard let letter = work.document(ofKind: DocumentKindName.caseTransfer) else {
            return write(DocumentKindName.caseTransfer, writer: .officer, activity: nil)
        }
        return task(of: letter, writer: .officer) ?? serving(letter, "案件移送函")
    }

    /// No penalty, or a case withdrawn: decided in a paper of its own, issued and served before the end.
    func closing(_ outcome: Drafting.Outcome) -> CourseTask? {
        let decision = work.documents.last {
            !$0.isVoid && CaseDocument.decidedOutcome(kind: $0.kind, data: $0.data ?? .object([])) == outcome
        }
        guard let decision else { return write(DocumentKindName.enforcementDecision, writer: .officer, activity: nil) }
        return task(of: decision, writer: .officer) ?? serving(decision, "决定书")
            ?? end("“\(outcome.chinese)”的决定已经送达，请办理终结。")
    }
}
