import Application
import Casework
import Kernel

/// From the decision to the end: service, performance, what became of the decision, and what a remedy still asks.
extension Course {
    var execution: CourseTask? {
        guard let decision = work.decision else {
            // A penalty may stand on the general form.
            let general = work.documents.last { document in
                document.kind == DocumentKindName.enforcementDecision && document.issue == nil && !document.isVoid
                    && CaseDocument.decidedOutcome(kind: document.kind, data: document.data ?? .object([])) == .penalty
            }
            return general.flatMap { task(of: $0, writer: .officer) }
                ?? document(DocumentKindName.penaltyDecision, writer: .officer)
        }
        if work.isUndone { return undone }
        if let task = serving(decision, "处罚决定书") { return task }
        if let task = changed { return task }
        return performing ?? end("处罚决定已经履行完毕，请办理终结。")
    }

    /// A decision that was undone is not performed: the party is told by a paper, and the head ends the case.
    var undone: CourseTask? {
        if let task = telling(["revoked", "void", "remade"], "撤销决定的决定书") { return task }
        return role(.agencyHead, "终结案件", "撤销处罚决定的决定书已经送达，由行政机关负责人终结本案。", "去终结", step(EndCase.name))
    }

    /// What the party is still to be told of a change of its decision; nil when it was, or nothing was changed.
    var changed: CourseTask? { telling(["changed"], "变更后的决定书") }

    /// The paper that tells the party of the last change of these kinds, until it is served; nil when it is, or where there was
    /// none.
    func telling(_ changes: Set<String>, _ name: String) -> CourseTask? {
        let change = view.records.last {
            ($0.type == .decisionChanged || $0.type == .remedyConcluded)
                && ($0.word("change") ?? $0.word("result")).map(changes.contains) == true
        }
        guard let change else { return nil }
        let paper = work.documents.last {
            $0.kind == DocumentKindName.enforcementDecision && !$0.isVoid && !$0.isSuperseded
                && $0.fixedSeq > change.seq
        }
        guard let paper else {
            guard change.type == .decisionChanged else {
                return role(
                    .agencyHead, "登记决定变更撤销", "复议、诉讼的结果改变了处罚决定，请登记决定怎样变更、撤销。", "去登记", step("decision-change"))
            }
            return write(DocumentKindName.enforcementDecision, writer: .officer, activity: nil)
        }
        return approving(paper) ?? task(of: paper, writer: .officer) ?? serving(paper, name)
    }

    /// What is left to do until a head agreed on a decision of another sort, which is approved for itself; nil once one did.
    private func approving(_ paper: CaseDocument) -> CourseTask? {
        guard paper.issue == nil, OtherDecision.isOne(paper), work.kind == .penalty, work.procedure == .general else {
            return nil
        }
        let form = work.documents.last {
            !$0.isVoid && !$0.isSuperseded && OtherDecision.approved(by: $0, in: work)?.id == paper.id
        }
        guard let form else {
            return handler(
                "制作\(title(DocumentKindName.headApproval))", "这份决定书单独审批：写明它的决定内容，由行政机关负责人签署意见，再签署、制发决定书。", "去制作",
                address.newDocument(DocumentKindName.headApproval, in: thread, about: paper.id))
        }
        guard form.slots["agencyHead"]?.decision == SigningDecision.agree.rawValue else {
            return task(of: form, writer: .officer)
        }
        return nil
    }

    /// What is left to do until a decision is performed; nil when it is.
    var performing: CourseTask? {
        if !work.heldPerformances.isEmpty {
            return CourseTask(
                title: "核对履行凭证", text: "履行已经登记，由登记人以外的人打开凭证核对以后才算数。", action: nil, waitsFor: "另一名承办人或者负责人")
        }
        guard work.performance?.status != "complete" else { return nil }
        return handler(
            "登记履行情况", "当事人缴纳罚款、改正违法行为的，上传凭证，登记履行情况，由另一人核对。", "去登记", step(RecordPerformance.name))
    }

    /// What is left to do until a decision is served; nil when it is.
    func serving(_ decision: CaseDocument, _ name: String) -> CourseTask? {
        if work.heldServices.contains(where: { $0.document == decision.id }) {
            return CourseTask(
                title: "核对\(name)的送达", text: "送达已经登记，由登记人以外的人打开凭证核对以后才算数。", action: nil,
                waitsFor: "另一名承办人或者负责人")
        }
        if !work.isServed(decision.id) {
            let receipt = work.documents.last {
                $0.kind == DocumentKindName.serviceReceipt && !$0.isVoid && $0.about == decision.id
            }
            if work.services.contains(where: { $0.document == decision.id && $0.isReturned }) {
                return handler(
                    "改用其他方式送达", "邮寄送达被退回。可以直接送达、留置送达或者委托送达；都无法送达的，才能公告送达。", "选择送达方式",
                    "\(address.caseFile(thread))?steps=\(Percent.encode(CasePart.service.chinese))#more-steps")
            }
            if let receipt {
                if let task = task(of: receipt, writer: .officer) { return task }
                return registering(receipt)
            }
            return handler(
                "送达\(name)", "先制作送达回证，带去由受送达人签收。", "制作送达回证",
                address.newDocument(DocumentKindName.serviceReceipt, in: thread, about: decision.id))
        }
        return nil
    }

    /// The way that the receipt names is where the service is registered. What has to be shown on the spot is shown by a
    /// session, so that its recording counts (zhaoxian-2017:24, 26).
    func registering(_ receipt: CaseDocument) -> CourseTask {
        let way = ServiceMethod(of: receipt)
        if ["lien", "public"].contains(way.word), !work.activities.contains(where: { $0.kind == "service" }) {
            return handler(
                "登记送达活动", "这种送达要有过程和现场的音像记录。先登记送达活动，上传照片、录像时归入这一次活动，再登记送达。", "去登记",
                address.step(BeginActivity.name, in: thread, about: ("kind", "service")))
        }
        return handler(
            way.title, "送达回证已经签好，请登记送达。", "去登记",
            address.step(way.step, in: thread, about: ("receipt", receipt.id.description)))
    }

    /// What a remedy leads to after the end: papers that were drawn up since are signed, issued and served, and a result that
    /// undoes or changes the decision is followed by what became of it.
    var afterwards: CourseTask? {
        guard work.isContested else { return nil }
        if let task = confirming { return task }
        for document in work.documents
        where work.isAfterEnd(document.fixedSeq) && !document.isVoid
            && DocumentKindName.afterwards.contains(document.kind)
        {
            if let task = task(of: document, writer: .officer) { return task }
            if OtherDecision.isOne(document), document.isInForce, let task = serving(document, "决定书") { return task }
        }
        let changing: Set<String> = ["changed", "revoked", "unlawful"]
        let ordered = view.records.last {
            $0.type == .remedyConcluded && $0.word("result").map(changing.contains) == true
        }
        guard let ordered, !view.records.contains(where: { $0.type == .decisionChanged && $0.seq > ordered.seq }) else {
            return nil
        }
        return role(
            .agencyHead, "登记决定变更撤销", "复议、诉讼的结果改变了处罚决定，请登记决定怎样变更、撤销。", "去登记", step("decision-change"))
    }
}
