import Casework
import Kernel
import Synchronization

/// What a step would be refused for if it were taken now, told before anybody tries it (关口).
///
/// It judges the record that the step would leave, with every field of it taken as filled: what is foreseen is what the
/// case lacks, never what the form still asks for. The step itself judges again.
public struct Foresight: Sendable {
    let view: CaseView
    let law: Law
    let person: PersonRow
    let now: Instant
    let gates: GateGround
    private let known = Known()

    var work: Case { view.work }
    /// The day of the look.
    public var day: CivilDay { now.day }

    /// A look ahead for one person.
    ///
    /// - Parameter gates: the ground of the same case, where somebody asked on it before.
    public init(view: CaseView, law: Law, person: PersonRow, now: Instant, gates: GateGround? = nil) {
        self.gates = gates ?? GateGround(view.history, law: law)
        self.view = view
        self.law = law
        self.person = person
        self.now = now
    }

    /// What was foreseen already: a page asks of some steps twice, for whoever takes them and for whoever may let them pass.
    private final class Known: Sendable {
        let refusals = Mutex<[Step: [Refusal]]>([:])
    }

    /// Why a step would be refused.
    ///
    /// Where the form asks for a word, the step is foreseen as refused only if no word of its choice would let it pass.
    public func refusals(of step: Step) -> [Refusal] {
        if let known = known.refusals.withLock({ $0[step] }) { return known }
        let found = foreseen(step)
        known.refusals.withLock { $0[step] = found }
        return found
    }

    private func foreseen(_ step: Step) -> [Refusal] {
        if case .recorded(let name) = step, let recorded = RecordedStep.named(name) {
            // What no gate can refuse need not be made up first.
            guard gates.canRefuse(recorded.type) else { return [] }
            var fewest: [Refusal]?
            for record in records(of: step) {
                let found = gates.judge([record]).refusals
                if found.isEmpty { return [] }
                if fewest.map({ found.count < $0.count }) ?? true { fewest = found }
            }
            return fewest ?? []
        }
        guard let record = record(of: step) else { return [] }
        return gates.judge([record]).refusals
    }

    /// The words that the form lets choose, one way of answering it after another; at most so many as are soon judged.
    private func choices(of step: RecordedStep) -> [[String: String]] {
        var ways: [[String: String]] = [[:]]
        for input in step.inputs {
            guard case .word(let part) = input.control, input.need == .always else { continue }
            let words = part ?? step.type.options(of: input.name).map(\.word)
            guard !words.isEmpty, ways.count * words.count <= 24 else {
                if let first = words.first { ways = ways.map { $0.merging([input.name: first]) { old, _ in old } } }
                continue
            }
            ways = ways.flatMap { way in words.map { word in way.merging([input.name: word]) { old, _ in old } } }
        }
        return ways
    }

    /// A step whose gates can be foreseen.
    public enum Step: Hashable, Sendable {
        case visit, statement, draft, approval, service
        /// An act of a kind, with a recorder that was issued or without.
        case activity(kind: String, usesRecorder: Bool)
        case fixing(kind: String)
        /// Agreeing at a place to sign.
        case signing(DocumentID, slot: String)
        case issuing(DocumentID)
        /// A step described as data, by its name.
        case recorded(String)
    }

    /// The records that a step may leave, one for each way of answering its form.
    func records(of step: Step) -> [Record] {
        guard case .recorded(let name) = step, let recorded = RecordedStep.named(name) else {
            return record(of: step).map { [$0] } ?? []
        }
        let actor = recorded.by == .handler ? work.handlers.first ?? person.thread : person.thread
        return choices(of: recorded).map { self.recorded(recorded, by: actor, words: $0) }
    }

    /// The record that a step would leave; nil where the case is not there yet.
    private func record(of step: Step) -> Record? {
        let handler = work.handlers.first ?? person.thread
        switch step {
        case .visit:
            return made(
                .activityBegan,
                [
                    "activity": .string(ActivityID.random().description),
                    "kind": .string(work.isOver ? "service" : "siteInspection"),
                    "officers": .array(work.handlers.map { .string($0.description) }),
                    "startAt": .integer(now.milliseconds),
                ], by: handler)
        case .activity(let kind, let usesRecorder):
            return made(
                .activityBegan,
                [
                    "activity": .string(ActivityID.random().description), "kind": .string(kind),
                    "officers": .array(work.handlers.map { .string($0.description) }),
                    "startAt": .integer(now.milliseconds), "usesRecorder": .boolean(usesRecorder),
                ], by: handler)
        case .signing(let id, let slot):
            guard let document = work.document(id) else { return nil }
            let signer = ThreadTag.random()
            return made(
                .documentSigned,
                [
                    "by": .string(signer.description), "decision": "agree", "document": .string(id.description),
                    "manner": "screen", "signedAt": .integer(now.milliseconds), "slot": .string(slot),
                ], [RecordReference(role: "fixed", thread: work.thread, seq: document.fixedSeq)], by: signer)
        case .statement: return made(.statementRecorded, ["manner": "oral", "speaker": "party"], by: handler)
        case .draft:
            // Whoever reviews the draft in the unit is chosen on the form: somebody who has no other part in the case.
            return made(
                .decisionDrafted,
                [
                    "drafter": .string(handler.description), "outcome": "penalty",
                    "unitReviewer": .string(ThreadTag.random().description),
                ], by: handler)
        case .approval:
            guard let drafting = work.drafting else { return nil }
            var references = [RecordReference(role: "draft", thread: work.thread, seq: drafting.seq)]
            if let review = work.legalWords.last {
                references.append(RecordReference(role: "review", thread: work.thread, seq: review.seq))
            }
            return made(.decisionApproved, ["decision": "approve"], references, by: person.thread)
        case .service:
            let receipts = work.documents.filter { $0.kind == DocumentKindName.serviceReceipt && !$0.isVoid }
            guard let receipt = receipts.last, let served = receipt.about.flatMap({ work.document($0) }),
                let issue = served.issue
            else { return nil }
            return made(
                .documentServed,
                [
                    "document": .string(served.id.description), "method": "direct",
                    "receipt": .string(receipt.id.description), "servedAt": .integer(now.milliseconds),
                ], [RecordReference(role: "issued", thread: work.thread, seq: issue.seq)], by: handler)
        case .recorded(let name):
            guard let step = RecordedStep.named(name) else { return nil }
            return recorded(step, by: step.by == .handler ? handler : person.thread, words: [:])
        case .fixing(let kind):
            return made(
                .documentFixed,
                ["document": .string(DocumentID.random().description), "kind": .string(kind)],
                by: law.library.kind(kind)?.category == .review ? person.thread : handler)
        case .issuing(let id):
            guard let document = work.document(id) else { return nil }
            return made(
                .documentIssued, ["document": .string(id.description)],
                [RecordReference(role: "fixed", thread: work.thread, seq: document.fixedSeq)], by: handler)
        }
    }

    /// What such a step would leave, with every question answered by the first that can be chosen: what it lacks then is
    /// lacking in the case.
    private func recorded(_ step: RecordedStep, by actor: ThreadTag, words: [String: String]) -> Record {
        let ground = CaseCourse(work: work, records: view.records).ground
        var plain = step.given.map { JSON.Member($0.key, .string($0.value)) }
        plain += step.signed.map { JSON.Member($0, .string(actor.description)) }
        var references: [RecordReference] = []
        for input in step.inputs {
            switch input.control {
            case .activity(let kinds):
                if let last = input.activities(kinds, in: ground).last {
                    plain.append(.init("activity", .string(last.id.description)))
                }
            case .document(let kinds, let issued, let role):
                guard let last = input.documents(kinds, issued: issued, in: ground).last else { continue }
                plain.append(.init(input.name, .string(last.id.description)))
                if let role, let issue = last.issue {
                    references.append(RecordReference(role: role, thread: work.thread, seq: issue.seq))
                }
            case .reference:
                if let last = input.references(in: ground).last {
                    references.append(RecordReference(role: input.name, thread: work.thread, seq: last.seq))
                }
            case .approval:
                if let person = input.approvals(in: ground).last?.word("person") {
                    plain.append(.init("approvedBy", .string(person)))
                }
            case .persons: plain.append(.init(input.name, .array([.string(ThreadTag.random().description)])))
            case .person: plain.append(.init(input.name, .string(ThreadTag.random().description)))
            case .truth where input.need == .always: plain.append(.init(input.name, true))
            case .word: if let word = words[input.name] { plain.append(.init(input.name, .string(word))) }
            case .words(let part) where input.need == .always:
                let all = part ?? step.type.options(of: input.name).map(\.word)
                plain.append(.init(input.name, .array(all.map { .string($0) })))
            case .instant where input.need == .always:
                if let member = input.member { plain.append(.init(member, .integer(now.milliseconds))) }
            case .day where input.need == .always: plain.append(.init(input.name, .string(now.day.description)))
            default: break
            }
        }
        return made(step.type, .object(plain), references, by: actor)
    }

    private func made(
        _ type: EntryType, _ plain: JSON, _ references: [RecordReference] = [], by actor: ThreadTag
    ) -> Record {
        // A field that is named and not there reads as withheld, which counts as filled.
        let fields = type.members.filter { $0.value == .field }.map(\.key).sorted()
        return Record(
            thread: work.thread, seq: work.entries + 1, type: type, recordedAt: now, actor: actor, plain: plain,
            fieldNames: fields, references: references)
    }
}
