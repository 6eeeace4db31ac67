import Application
import Casework

/// What the steps with a form record: the product's own answer to which rows of the law its pages can carry out.
public struct PageReach: Sendable, Hashable {
    /// The segment of the step's address.
    public let step: String
    /// Types of record that it makes.
    public let records: [EntryType]
    /// Words on offer, by member; a member that is not named takes any.
    public let words: [String: Set<String>]

    /// Every step of `StepForm.all`, and every step described as data, of cases, leads and requests.
    public static var all: [PageReach] {
        StepForm.all.map { form in
            PageReach(
                step: form.name, records: form.records + (byName[form.name] ?? []),
                words: form.name == BeginActivity.name ? ["kind": ActivityChoices.offered] : [:])
        } + RecordedStep.all.map { PageReach($0.name, $0.body) } + LeadStep.all.map { PageReach($0.name, $0.body) }
            + ([RequestStep.make] + RequestStep.all).map { PageReach($0.name, $0.body) }
    }

    private init(step: String, records: [EntryType], words: [String: Set<String>]) {
        self.step = step
        self.records = records
        self.words = words
    }

    /// What a step described as data says of itself: the words that it gives, and the parts of vocabularies it offers.
    private init(_ name: String, _ body: StepBody) {
        var words = body.given.mapValues { Set([$0]) }
        for input in body.inputs {
            switch input.control {
            case .word(let part?), .words(let part?): words[input.name] = Set(part)
            default: break
            }
        }
        self.init(step: name, records: [body.type], words: words)
    }

    /// Steps whose command says in code alone what it records.
    static let byName: [String: [EntryType]] = [
        BeginActivity.name: [.activityBegan], EndActivity.name: [.activityEnded], ExemptRecording.name: [.avExempted],
        RecordFinding.name: [.findingRecorded], RecordStatement.name: [.statementRecorded],
        ReviewStatement.name: [.statementReviewed], DraftDecision.name: [.decisionDrafted],
        ReviewDraft.name: [.approvalStepped], ApproveDecision.name: [.decisionApproved],
        RecordService.name: [.documentServed],
        RecordPerformance.name: [.performanceRecorded], EndCase.name: [.caseEnded],
        IssueDocument.name: [.documentIssued],
        VoidDocument.name: [.documentVoided], GiveOverride.name: [.overrideGiven], FileCase.name: [.caseFiled],
        ChangeHandlers.name: [.caseHandlersChanged], ProposeCorrection.name: [.correctionProposed],
        DecideCorrection.name: [.entryCorrected, .correctionRefused], CorrectDocument.name: [.documentCorrected],
        AcceptDefect.name: [.overrideGiven],
    ]
}
