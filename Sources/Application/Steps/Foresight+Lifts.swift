import Casework
import Kernel

/// Gates that stand now and that somebody may let another person pass.
extension Foresight {
    /// A step that is refused, with what an override names that lets it be taken.
    public struct Lift: Hashable, Sendable {
        /// Why the step is refused: all of it, for an override of a part opens nothing.
        public let refusals: [Refusal]
        /// The step, as what it records.
        public let step: EntryType
        /// Every provision that refuses, once.
        public var provisions: [String] { refusals.flatMap { $0.citations.map(\.provision) }.uniqued() }
    }

    /// Steps that this person could let somebody else take although they are refused: only those that are then really
    /// taken, as far as can be foreseen, and that the case owes.
    ///
    /// What is issued is looked at for documents whose signatures are complete.
    ///
    /// - Parameter persons: the bureau's, for whether anybody else is there to take the step.
    public func liftable(among persons: [PersonRow]) -> [Lift] {
        guard !work.isOver || work.isContested, !work.handlers.contains(person.thread),
            !work.formerHandlers.contains(person.thread),
            person.roles.contains(.agencyHead) || person.roles.contains(.departmentHead)
        else { return [] }
        var seen: Set<Lift> = []
        return liftableSteps().compactMap { step -> Lift? in
            let refusals = refusals(of: step)
            guard let type = refusals.first?.step, GiveOverride.reach.contains(type),
                refusals.allSatisfy({ $0.step == type && $0.overridableBy.contains(where: person.roles.contains) })
            else { return nil }
            let lift = Lift(refusals: refusals, step: type)
            guard !seen.contains(where: { $0.step == type && $0.provisions == lift.provisions }),
                hasTaker(step, among: persons), isOwed(step), isOpened(by: lift, step)
            else { return nil }
            seen.insert(lift)
            return lift
        }
    }

    private func liftableSteps() -> [Step] {
        var steps: [Step] = work.isOver ? [.service] : [.visit]
        if !work.isOver {
            steps += [
                .activity(kind: "hearing", usesRecorder: false), .activity(kind: "siteInspection", usesRecorder: true),
            ]
        }
        if work.kind == .penalty, !work.isOver {
            steps += [.statement, .draft]
            if work.drafting != nil, work.approval == nil { steps.append(.approval) }
            steps.append(.service)
        }
        steps += law.drawnKinds.filter { kind in
            kind.category != .caseFile && law.refusal(of: kind, in: work, on: now.day) == nil
                && AfterEnd.refusal(of: kind, in: work) == nil
        }.map { .fixing(kind: $0.name) }
        let unissued = work.documents.filter { document in
            document.issue == nil && !document.isVoid && (!work.isOver || work.isAfterEnd(document.fixedSeq))
        }
        for document in unissued {
            let open = law.openSlots(of: document, in: work)
            if open.isEmpty, document.isOutside { continue }
            steps += open.isEmpty ? [.issuing(document.id)] : open.map { .signing(document.id, slot: $0) }
        }
        // Whoever takes them: those of others are what is let pass.
        let course = CaseCourse(work: work, records: view.records)
        steps += RecordedStep.all.filter { step in
            gates.canRefuse(step.type) && step.lasts.refusal(in: work) == nil && step.isOffered(course)
                && step.inputs.allSatisfy { $0.isOptional || $0.hasChoices(in: course.ground) }
        }.map { .recorded($0.name) }
        return steps
    }

    /// Whether somebody other than this person can take the step: nobody lets themselves pass (invariant 5).
    private func hasTaker(_ step: Step, among persons: [PersonRow]) -> Bool {
        let others = persons.filter { $0.thread != person.thread && $0.accountState != .closed }
        switch step {
        case .approval: return others.contains { StepTaker.agencyHead.fits($0, in: work) }
        case .recorded(let name):
            guard let recorded = RecordedStep.named(name) else { return false }
            return others.contains { recorded.by.fits($0, in: work) }
        default: return true
        }
    }

    /// Whether the case owes the step: what was done otherwise, or is not to be done any more, needs no exception. One that
    /// is never used stands in the closing sheet all the same.
    private func isOwed(_ step: Step) -> Bool {
        func isServed(_ document: DocumentID) -> Bool {
            work.isServed(document) || work.heldServices.contains { $0.document == document && !$0.isReturned }
        }
        let course = CaseCourse(work: work, records: view.records)
        if case .recorded(let name) = step, let recorded = RecordedStep.named(name) {
            switch recorded.type {
            case .documentServed:
                return recorded.inputs.contains { input in
                    guard case .document(let kinds, issued: true, _) = input.control else { return false }
                    return input.documents(kinds, issued: true, in: course.ground).contains { !isServed($0.id) }
                }
            case .demandMade, .executionDecided, .executionTaken, .courtApplied: return isEnforceable
            default: return true
            }
        }
        guard case .service = step else { return true }
        return records(of: step).contains { record in
            record.word("document").flatMap { DocumentID($0) }.map { !isServed($0) } ?? true
        }
    }

    /// Whether the penalty is still to be enforced as it was decided: not performed, nor said to be, nor changed by anybody.
    private var isEnforceable: Bool {
        work.isOwed && !work.heldPerformances.contains { $0.status == "complete" }
            && !view.records.contains { record in
                record.type == .decisionChanged
                    || record.type == .remedyConcluded
                        && ["changed", "revoked", "unlawful"].contains(record.word("result") ?? "")
            }
    }

    /// Whether the step would then be taken, had this person let it pass and somebody else took it: that this refusal is
    /// gone says nothing while another one stands.
    private func isOpened(by lift: Lift, _ step: Step) -> Bool {
        let given = lift.provisions.enumerated().map { place, provision in
            var record = Record(
                thread: work.thread, seq: work.entries + 1 + place, type: .overrideGiven, recordedAt: now,
                actor: person.thread,
                plain: ["provision": .string(provision), "step": .string(lift.step.rawValue)])
            // A field that is named and not there reads as withheld, which counts as filled.
            record.fieldNames = ["legalBasis", "reason"]
            return record
        }
        let ground = GateGround(view.history + given, law: law)
        return records(of: step).contains { record in
            var record = record
            record.seq += given.count
            if record.actor == person.thread { record.actor = .random() }
            return ground.judge([record]).refusals.isEmpty
        }
    }
}
