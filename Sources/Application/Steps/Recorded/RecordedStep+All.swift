import Casework

extension RecordedStep {
    /// Every step of a case that is described as data, in the order of the procedure. Types of records that have a step
    /// of their own kind (activities, documents, drafts, approvals, endings) are not here; a test holds the two together
    /// equal to the closed list of facts that stand in cases.
    public static let all: [RecordedStep] =
        evidence + preservation + measures + rights + hearing + review + discussion + internalChain + confirmations
        + secrecy
        + summary + service
        + demandStatements + execution + remedies + terms

    /// A step by its name.
    public static func named(_ name: String) -> RecordedStep? { all.first { $0.name == name } }

    /// Types of records that stand in cases and are recorded by steps of their own kind or by the program itself.
    public static let dedicated: Set<EntryType> = [
        .caseOpened, .caseHandlersChanged, .findingRecorded, .caseEnded, .caseFiled, .activityBegan, .activityEnded,
        .avExempted, .documentFixed, .documentSigned, .documentIssued, .documentVoided, .documentCorrected,
        .documentScanned, .paperMoved,
        .statementRecorded, .statementReviewed, .decisionDrafted, .decisionApproved, .performanceRecorded,
        .overrideGiven, .correctionProposed, .entryCorrected, .correctionRefused, .recordingLinked,
        // Looks and exports are recorded by what is looked at and handed out (ViewSessions, DossierExport).
        .accessOpened, .accessClosed, .dossierExported,
    ]
}

extension RecordedInput {
    static func line(_ name: String, _ help: String = "", need: Need = .always) -> RecordedInput {
        RecordedInput(name, .line, help: help, need: need)
    }
    static func text(_ name: String, _ help: String = "", need: Need = .always) -> RecordedInput {
        RecordedInput(name, .paragraphs, help: help, need: need)
    }
    static func word(_ name: String, _ part: [String]? = nil, need: Need = .always) -> RecordedInput {
        RecordedInput(name, .word(part), need: need)
    }
    static func words(_ name: String, _ part: [String]? = nil, need: Need = .always) -> RecordedInput {
        RecordedInput(name, .words(part), need: need)
    }
    static func truth(_ name: String, need: Need = .always) -> RecordedInput {
        RecordedInput(name, .truth, need: need)
    }
    /// The time at which the fact happened, kept in a member of the record.
    static func at(_ name: String) -> RecordedInput { RecordedInput(name, .instant(states: true)) }
    /// The time at which the fact happened, kept as the stated time alone.
    static func happened(_ label: String) -> RecordedInput {
        RecordedInput(RecordedInput.happened, .instant(states: true), label: label)
    }
    static func activity(_ kinds: String..., need: Need = .always) -> RecordedInput {
        RecordedInput("activity", .activity(kinds), need: need)
    }
    static func document(_ kinds: String..., need: Need = .never) -> RecordedInput {
        RecordedInput("document", .document(kinds: kinds, issued: false, role: nil), need: need)
    }
    static func answer(to types: EntryType..., as role: String, _ label: String) -> RecordedInput {
        RecordedInput(role, .reference(types, once: true), label: label)
    }
    static func approval(_ about: String..., need: Need = .always, help: String = "") -> RecordedInput {
        RecordedInput(
            "approval", .approval(about: about), label: "批准",
            help: help.isEmpty ? "批准由负责人在本人的账号里办理（内部审批），这里只选用，不代填。" : help, need: need)
    }
}
