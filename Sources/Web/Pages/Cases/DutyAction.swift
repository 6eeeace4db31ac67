import Application
import Casework
import Kernel

/// The button that meets an obligation: found from what its duty requires, not from a list of articles.
struct DutyAction {
    let law: Law
    let view: CaseView
    let person: PersonRow
    let address: Address

    private var thread: ThreadTag { view.work.thread }

    /// The action for an open obligation; nil where this person can do nothing about it here.
    func action(for obligation: Obligation) -> ObligationCard.Action? {
        for part in obligation.parts where part.state == .open && !part.isBreach {
            guard let provision = law.library.provision(part.citation.provision),
                provision.duties.indices.contains(part.duty),
                let action = action(for: provision.duties[part.duty].requirement, about: obligation.key.subject)
            else { continue }
            return action
        }
        return nil
    }

    private func action(for requirement: Requirement, about subject: ObligationSubject) -> ObligationCard.Action? {
        switch requirement {
        case .document(let wanted): document(wanted, about: subject)
        case .record(let wanted): record(wanted.pattern.types, about: subject)
        case .all(let parts): parts.lazy.compactMap { action(for: $0, about: subject) }.first
        // What time itself brings is waited for.
        case .any(let parts) where parts.contains(where: { if case .elapsed = $0 { true } else { false } }): nil
        // What the causing record itself should have said is not made by taking its step again.
        case .any(let parts):
            (parts.filter { !isOfTheCause($0) } + parts.filter(isOfTheCause)).lazy
                .compactMap { action(for: $0, about: subject) }.first
        case .elapsed, .never: nil
        }
    }

    private func isOfTheCause(_ requirement: Requirement) -> Bool {
        if case .record(let wanted) = requirement { wanted.tie == .itself } else { false }
    }

    private func activity(_ subject: ObligationSubject) -> ActivityID? {
        if case .activity(let id) = subject { ActivityID(id) } else { nil }
    }

    private func document(_ wanted: DocumentRequirement, about subject: ObligationSubject) -> ObligationCard.Action? {
        if let existing = view.work.documents.last(where: {
            wanted.kinds.contains($0.kind) && !$0.isVoid && $0.issue == nil
                // What others made and nothing of which is open does not become the one that is asked for.
                && (!$0.isOutside || !law.openSlots(of: $0, in: view.work).isEmpty)
        }) {
            return .init(label: "去办理", href: address.document(existing.id, in: thread))
        }
        if let outside = takingIn(wanted, about: subject) { return outside }
        guard let name = wanted.kinds.first(where: mayWrite), let kind = law.library.kind(name) else { return nil }
        var about: DocumentID?
        if case .document(let id) = subject, kind.category == .service { about = DocumentID(id) }
        return .init(
            label: "制作\(kind.title)",
            href: address.newDocument(name, in: thread, activity: activity(subject), about: about))
    }

    /// The form that takes in what others make, named with what the duty is about.
    private func takingIn(_ wanted: DocumentRequirement, about subject: ObligationSubject) -> ObligationCard.Action? {
        guard let kind = wanted.kinds.lazy.compactMap({ law.library.kind($0) }).first(where: \.isOutside),
            OutsidePapers.refusal(to: person, in: view.work) == nil
        else { return nil }
        var about: DocumentID?
        if case .document(let id) = subject, kind.category == .service { about = DocumentID(id) }
        var answers: Int?
        if case .record(let id) = subject, id.thread == thread,
            view.records.contains(where: { $0.seq == id.seq && $0.type == kind.answers?.type })
        {
            answers = id.seq
        }
        return .init(
            label: "归入\(kind.title)",
            href: address.outsidePaper(kind.name, in: thread, about: about, answers: answers))
    }

    private func mayWrite(_ name: String) -> Bool {
        guard let loaded = law.library.kinds[name], loaded.templateDigest != nil,
            AfterEnd.refusal(of: loaded.kind, in: view.work) == nil
        else { return false }
        switch loaded.kind.category {
        case .caseFile: return person.roles.contains(.custodian) && view.work.ending != nil
        case .review: return person.roles.contains(.legalReviewer)
        default: return view.work.handlers.contains(person.thread)
        }
    }

    /// Steps by what they record.
    private static let steps: [EntryType: String] = [
        .activityBegan: BeginActivity.name, .activityEnded: EndActivity.name, .avExempted: ExemptRecording.name,
        .findingRecorded: RecordFinding.name, .statementRecorded: RecordStatement.name,
        .statementReviewed: ReviewStatement.name, .decisionDrafted: DraftDecision.name,
        .approvalStepped: ReviewDraft.name, .decisionApproved: ApproveDecision.name,
        .documentServed: RecordService.name,
        .performanceRecorded: RecordPerformance.name, .caseEnded: EndCase.name, .caseFiled: FileCase.name,
    ]

    private func record(_ types: [EntryType], about subject: ObligationSubject) -> ObligationCard.Action? {
        for type in types {
            if type == .recordingLinked || type == .recordingImported {
                guard view.work.handlers.contains(person.thread), StepSpan.contested.refusal(in: view.work) == nil
                else { continue }
                return .init(label: "上传音像资料", href: address.newRecording(in: thread, activity: activity(subject)))
            }
            if let recorded = recordedStep(for: type, about: subject) { return recorded }
            if type == .documentServed, let receipt = serviceReceipt(about: subject) { return receipt }
            guard let name = Self.steps[type], let form = StepForm.all.first(where: { $0.name == name }),
                form.isOpen(in: view.work, to: person)
            else { continue }
            let about = activity(subject).map { (name: "activity", value: $0.description) }
            return .init(label: "去办理", href: address.step(name, in: thread, about: about))
        }
        return nil
    }

    /// What serves begins with its receipt, where there is none yet: other ways stand beside it on the case's page.
    private func serviceReceipt(about subject: ObligationSubject) -> ObligationCard.Action? {
        guard case .document(let id) = subject, let document = DocumentID(id).flatMap({ view.work.document($0) }),
            document.isInForce, mayWrite(DocumentKindName.serviceReceipt),
            // A service that waits for another's word is met by that word.
            !view.work.heldServices.contains(where: { $0.document == document.id }),
            !view.work.documents.contains(where: {
                $0.kind == DocumentKindName.serviceReceipt && !$0.isVoid && $0.about == document.id
            })
        else { return nil }
        return .init(
            label: "制作送达回证",
            href: address.newDocument(DocumentKindName.serviceReceipt, in: thread, about: document.id))
    }

    /// The step described as data that records such a fact, if this person could take it now.
    private func recordedStep(for type: EntryType, about subject: ObligationSubject) -> ObligationCard.Action? {
        let course = CaseCourse(work: view.work, records: view.records)
        let step = RecordedStep.all.first { step in
            // A way of service or a kind of statement has a step of its own; the plain step stands for the duty.
            step.type == type && step.given.isEmpty && Self.steps[type] == nil && step.isOffered(in: course, to: person)
        }
        guard let step else { return nil }
        var about = activity(subject).map { (name: "activity", value: $0.description) }
        if case .record(let id) = subject, id.thread == thread,
            let reference = step.inputs.first(where: { if case .reference = $0.control { true } else { false } })
        {
            about = (reference.name, String(id.seq))
        }
        return .init(label: step.title, href: address.step(step.name, in: thread, about: about))
    }
}
