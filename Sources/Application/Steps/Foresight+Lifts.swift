import Casework
import Kernel

/// Gates that stand now and that somebody may let another person pass.
extension Foresight {
    /// A gate that stands, with what an override of it names.
    public struct Lift: Sendable {
        /// Why the step is refused.
        public let refusal: Refusal
        /// The step, as what it records.
        public var step: EntryType { refusal.step }
        /// Every provision that refuses: an override of one of them alone opens nothing.
        public var provisions: [String] { refusal.citations.map(\.provision) }
    }

    /// Gates that this person could let somebody else pass: those that an override really opens.
    ///
    /// What is issued is looked at for documents whose signatures are complete.
    ///
    /// - Parameter persons: the bureau's, for whether anybody else is there to take the step.
    public func liftable(among persons: [PersonRow]) -> [Lift] {
        guard !work.isOver || work.isContested, !work.handlers.contains(person.thread),
            person.roles.contains(.agencyHead) || person.roles.contains(.departmentHead)
        else { return [] }
        var seen: Set<String> = []
        return liftableSteps().flatMap { step -> [Lift] in
            refusals(of: step).filter { refusal in
                refusal.overridableBy.contains(where: person.roles.contains)
                    && GiveOverride.reach.contains(refusal.step)
                    && !seen.contains("\(refusal.step.rawValue) \(refusal.citations.map(\.provision))")
                    && hasTaker(step, among: persons) && isOpened(refusal, before: step)
            }.map { refusal in
                seen.insert("\(refusal.step.rawValue) \(refusal.citations.map(\.provision))")
                return Lift(refusal: refusal)
            }
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

    /// Whether the step would no longer be refused for this, had this person let it pass and somebody else took it.
    private func isOpened(_ refusal: Refusal, before step: Step) -> Bool {
        let given = refusal.citations.enumerated().map { place, citation in
            var record = Record(
                thread: work.thread, seq: work.entries + 1 + place, type: .overrideGiven, recordedAt: now,
                actor: person.thread,
                plain: ["provision": .string(citation.provision), "step": .string(refusal.step.rawValue)])
            // A field that is named and not there reads as withheld, which counts as filled.
            record.fieldNames = ["legalBasis", "reason"]
            return record
        }
        let ground = GateGround(view.history + given, law: law)
        return records(of: step).contains { record in
            var record = record
            record.seq += given.count
            if record.actor == person.thread { record.actor = .random() }
            return !ground.judge([record]).refusals.contains { $0.key == refusal.key }
        }
    }
}
