extension EntryType {
    /// What a member of a record may hold, so that a rule that names a member or a word that does not exist is found
    /// when it is read, not when it fails to bite.
    public enum Member: Hashable, Sendable {
        /// One word of a closed vocabulary.
        case words([String])
        /// Milliseconds, a day, or a number.
        case number
        /// `true` or `false`.
        case truth
        /// An id, a digest, an ASCII name, or a list of them.
        case id
        /// The plain fields of a document's form, by name.
        case form
        /// A field: free text or an object, committed to.
        case field
    }

    /// Members of the type by name, plain ones and fields. The doc comment of each case says what they mean.
    public var members: [String: Member] {
        var result: [String: Member] = [:]
        for name in fieldMembers { result[name] = .field }
        for (name, member) in plainMembers { result[name] = member }
        return result
    }

    private var plainMembers: [String: Member] {
        switch self {
        case .bureauOpened: ["demo": .truth]
        case .bureauSettingsChanged: ["effectiveFrom": .id]
        case .regulationAdopted: ["regulation": .id, "digest": .id, "inForceFrom": .id, "inForceUntil": .id]
        case .regulationRepaired: ["regulation": .id, "digest": .id, "replaces": .id, "rows": .id]
        case .regulationRepealed: ["regulation": .id, "lastDay": .id]
        case .calendarAdopted: ["year": .number, "digest": .id]
        case .keyPublished: ["use": .words(["log", "receipt", "vault", "session"]), "keyId": .id]
        case .clockResumed: ["storedAt": .number, "clockAt": .number, "confirmedBy": .id]
        case .backupMade: ["size": .number, "root": .id, "entries": .number, "objects": .number]
        case .backupRestored: ["size": .number, "root": .id, "lost": .number, "previousOrigin": .id]
        case .logOpened: ["previousSize": .number, "previousRoot": .id, "gapFrom": .number, "decidedBy": .id]
        case .personRegistered, .personChanged:
            [
                "kind": .words(["officer", "staff", "outside"]), "certificateFrom": .id, "certificateUntil": .id,
            ]
        case .roleGranted: ["role": .words(Role.allCases.map(\.rawValue)), "from": .id, "until": .id]
        case .roleWithdrawn: ["role": .words(Role.allCases.map(\.rawValue))]
        case .accountOpened: ["account": .id]
        case .accountReset: ["by": .words(["admin", "server"])]
        case .accountClosed, .accountConfirmed: [:]
        case .subjectRegistered, .subjectChanged: ["kind": .words(["organisation", "individual"])]
        case .caseOpened:
            [
                "kind": .words(["inspection", "penalty"]), "procedure": .words(["general", "summary"]),
                "source": .words(["plan", "complaint", "report", "transfer", "discovery", "inspection"]),
                "subject": .id, "subjectKind": .words(["organisation", "individual"]), "handlers": .id,
                "isMajor": .truth, "isEmergency": .truth, "startedAt": .number,
            ]
        case .caseHandlersChanged: ["handlers": .id]
        case .findingRecorded: ["outcome": .words(["nothingFound", "suspected", "handedOn"])]
        case .caseEnded:
            [
                "ground": .words([
                    "nothingFound", "handedOn", "performed", "noPenalty", "withdrawn", "transferred", "terminated",
                    "led-on",
                ])
            ]
        case .caseFiled:
            ["withDefects": .truth, "pieces": .number, "pages": .number, "entries": .number, "evaluation": .id]
        case .activityBegan:
            [
                "activity": .id,
                "kind": .words(["siteInspection", "questioning", "sampling", "hearing", "service", "other"]),
                "officers": .id, "startAt": .number, "av": .words(["mandatory", "optional"]),
            ]
        case .activityEnded: ["activity": .id, "endAt": .number]
        case .avExempted:
            [
                "activity": .id,
                "reason": .words(["stateSecret", "tradeSecret", "privacy", "danger", "fault", "other"]),
                "approvedBy": .id,
            ]
        case .documentFixed:
            [
                "document": .id, "kind": .id, "kindDigest": .id, "templateDigest": .id, "object": .id, "pages": .number,
                "activity": .id, "about": .id, "data": .form,
            ]
        case .documentSigned:
            [
                "document": .id, "slot": .id, "manner": .words(SigningManner.allCases.map(\.rawValue)),
                "decision": .words(SigningDecision.allCases.map(\.rawValue)), "signedAt": .number, "by": .id,
                "scan": .id, "sealed": .truth,
            ]
        case .documentIssued:
            [
                "document": .id, "year": .number, "number": .number, "object": .id, "pages": .number,
                "printedSize": .number, "printedRoot": .id,
            ]
        case .documentVoided: ["document": .id]
        case .documentCorrected: ["document": .id, "by": .id]
        case .statementRecorded:
            ["manner": .words(["oral", "written", "waived", "silent"]), "speaker": .words(["party", "agent"])]
        case .statementReviewed: ["accepted": .words(["yes", "partly", "no"])]
        case .decisionDrafted:
            [
                "drafter": .id, "unitReviewer": .id,
                "outcome": .words(["penalty", "noPenalty", "withdraw", "transfer"]),
            ]
        case .decisionApproved: ["decision": .words(["approve", "refuse"])]
        case .documentServed:
            [
                "document": .id, "method": .words(["direct", "post", "lien", "entrusted", "forwarded", "public"]),
                "servedAt": .number, "receipt": .id,
            ]
        case .performanceRecorded:
            [
                "status": .words(["complete", "partly", "none"]), "performedAt": .number, "amount": .number,
                "dueDay": .id,
            ]
        case .overrideGiven: ["provision": .id, "step": .words(EntryType.allCases.map(\.rawValue))]
        case .entryCorrected: ["approvedBy": .id]
        case .recordingImported:
            [
                "object": .id, "form": .words(["video", "audio", "photo", "screenshot", "document"]),
                "completedAt": .number, "device": .words(["recorder", "camera", "phone", "scanner", "other"]),
            ]
        case .recordingLinked: ["recording": .id, "activity": .id]
        case .recordingInspected: ["tool": .id, "result": .words(["facts", "cannotTell"])]
        case .accessOpened:
            [
                "session": .id, "what": .words(["object", "document", "entry", "case"]),
                "right": .words(["handler", "custodian", "head", "reviewer", "grant"]),
                "purpose": .words(["handling", "review", "supervision", "audit", "other"]), "until": .number,
                "object": .id, "document": .id,
            ]
        case .accessClosed: ["session": .id, "ranges": .number, "bytes": .number]
        case .dossierExported:
            [
                "audience": .words(["archive", "court", "party"]), "mode": .words(["compact", "complete"]),
                "manifest": .id, "withheld": .number, "approvedBy": .id,
            ]
        }
    }

    private var fieldMembers: [String] {
        switch self {
        case .bureauOpened: ["name", "letterhead", "region", "superior"]
        case .bureauSettingsChanged: ["settings"]
        case .regulationAdopted, .calendarAdopted, .accountOpened, .accountReset, .accountConfirmed: []
        case .keyPublished: ["vkey"]
        case .backupMade: ["place"]
        case .regulationRepaired, .regulationRepealed, .clockResumed, .backupRestored, .roleWithdrawn, .accountClosed:
            ["reason"]
        case .logOpened: ["previousOrigin", "reason"]
        case .personRegistered, .personChanged: ["name", "section", "certificateKind", "certificateNumber"]
        case .roleGranted: []
        case .subjectRegistered, .subjectChanged: ["name", "code", "address", "representative", "phone"]
        case .caseOpened: ["title", "subjectName", "emergencyReason", "scopeReason"]
        case .caseHandlersChanged, .caseEnded, .documentVoided, .documentCorrected: ["reason"]
        case .findingRecorded: ["summary", "recipient"]
        case .caseFiled: ["archivist", "defects", "evaluationText"]
        case .activityBegan: ["place", "persons"]
        case .activityEnded: ["note"]
        case .avExempted: ["explanation"]
        case .documentFixed: ["data", "digest"]
        case .documentSigned:
            [
                "name", "relation", "opinion", "reason", "witness", "place", "drawing", "digest", "scanDigest",
            ]
        case .documentIssued: ["numberText", "digest"]
        case .statementRecorded: ["facts", "reasons", "evidence", "name"]
        case .statementReviewed: ["review", "reason"]
        case .decisionDrafted: ["legalBasis", "evidence", "factors", "draft"]
        case .decisionApproved: ["opinion"]
        case .documentServed: ["recipient", "signatory", "relation", "place"]
        case .performanceRecorded: ["obligation", "evidence"]
        case .overrideGiven: ["reason", "legalBasis"]
        case .entryCorrected: ["field", "value", "reason"]
        case .recordingImported: ["digest", "fileName", "mediaType"]
        case .recordingLinked: ["note"]
        case .recordingInspected: ["facts"]
        case .accessOpened, .accessClosed: []
        case .dossierExported: ["recipient", "secrecyCheck"]
        }
    }
}
