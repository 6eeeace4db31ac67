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
        /// An id within the case, a digest, a day, an ASCII name, or a list of them.
        case id
        /// The tag of a thread (a person, a recording, a recorder, a lead, a case), or a list of them.
        case thread
        /// Words by name: the plain fields of a document's form, or the classes of fields.
        case form
        /// A field: free text or an object, committed to.
        case field
    }

    /// Members of the type by name, plain ones and fields. The doc comment of each case says what they mean.
    public var members: [String: Member] { EntryType.allMembers[self] ?? [:] }

    // Made once: readers of rules ask for them at every word of a file.
    private static let allMembers: [EntryType: [String: Member]] = Dictionary(
        uniqueKeysWithValues: allCases.map { type in
            var result: [String: Member] = [:]
            for name in type.fieldMembers { result[name] = .field }
            for (name, member) in type.plainMembers { result[name] = member }
            return (type, result)
        })

    private var plainMembers: [String: Member] {
        switch self {
        case .bureauOpened: ["demo": .truth]
        case .bureauSettingsChanged: ["effectiveFrom": .id]
        case .regulationAdopted:
            [
                "regulation": .id, "digest": .id, "inForceFrom": .id, "inForceUntil": .id, "isTrial": .truth,
                "isOnRequest": .truth, "approver": .role, "custodian": .role, "edition": .id,
            ]
        case .regulationConfirmed:
            ["regulation": .id, "digest": .id, "approver": .role, "custodian": .role]
        case .ruleProposed:
            [
                "act": .words(RuleAct.allCases.map(\.rawValue)), "regulation": .id, "digest": .id, "replaces": .id,
                "rows": .id, "inForceFrom": .id, "inForceUntil": .id, "lastDay": .id, "approver": .role,
                "custodian": .role, "edition": .id, "provision": .id,
                "effect": .words(EntryType.overrideEffects), "unit": .words(EntryType.termUnits), "length": .number,
                "level": .words(EntryType.mediumLevels), "fromDay": .id, "untilDay": .id,
            ]
        case .roleProposed: ["person": .thread, "granted": .role, "withdrawn": .role, "from": .id]
        case .roleConfirmed, .roleDeclined: ["person": .thread]
        case .ruleDeclined, .noticeRead: [:]
        case .recoveryConfirmed: ["group": .number]
        case .checkpointKept: ["size": .number, "root": .id]
        case .noticePosted:
            [
                "kind": .words([
                    "accountReset", "resetByAdmin", "roleAlone", "secondOnServer", "headClosed", "lockAdopted",
                    "settingsChanged", "settingsDeclined", "personProposed", "personChanged", "personDeclined",
                    "ruleOverridden", "violation",
                ]),
                "person": .id,
            ]
        case .regulationRepaired:
            ["regulation": .id, "digest": .id, "replaces": .id, "rows": .id, "edition": .id]
        case .regulationRepealed: ["regulation": .id, "lastDay": .id]
        case .calendarAdopted: ["year": .number, "digest": .id]
        case .keyPublished: ["use": .words(["log", "receipt", "vault", "session", "backup"]), "keyId": .id]
        case .clockResumed:
            [
                "storedAt": .number, "clockAt": .number, "stoppedAt": .number, "verdict": .words(["back", "ahead"]),
                "offBy": .number, "confirmedBy": .thread,
            ]
        case .backupMade:
            [
                "size": .number, "root": .id, "entries": .number, "objects": .number,
                "site": .words(["local", "offsite"]), "isVerified": .truth, "medium": .id, "generationBegan": .number,
                "madeAt": .number,
            ]
        case .backupRestored: ["size": .number, "root": .id, "lost": .number, "previousOrigin": .id]
        case .logOpened:
            [
                "log": .number, "previousLog": .number, "previousSize": .number, "previousRoot": .id,
                "knownBy": .words(["lock", "checkpoint", "nothing", "rotation"]), "survivingLog": .number,
                "survivingSize": .number, "survivingRoot": .id, "gapFrom": .number, "decidedBy": .thread,
                "confirmedBy": .thread, "numberRoom": .number,
            ]
        case .personRegistered, .personChanged:
            [
                "kind": .words(["officer", "staff", "outside"]), "certificateFrom": .id, "certificateUntil": .id,
            ]
        case .roleGranted: ["role": .role, "from": .id, "until": .id]
        case .roleWithdrawn: ["role": .role, "until": .id]
        case .accountOpened: ["account": .id]
        case .accountReset: ["by": .words(["admin", "server"])]
        case .accountClosed, .accountConfirmed, .accountHeld, .accountVouched: [:]
        case .subjectRegistered, .subjectChanged: ["kind": .words(["organisation", "individual"])]
        case .caseOpened:
            [
                "kind": .words(["inspection", "penalty", "licensing", "coercion", "levy", "fee", "other"]),
                "procedure": .words(["general", "summary"]),
                "source": .words([
                    "plan", "complaint", "report", "transfer", "discovery", "inspection", "application", "draw",
                ]), "lead": .thread, "draw": .thread, "ruleRequires": .truth,
                "subject": .thread, "subjectKind": .words(["organisation", "individual"]), "handlers": .thread,
                "isMajor": .truth, "isEmergency": .truth, "startedAt": .number,
            ]
        case .caseHandlersChanged: ["handlers": .thread]
        case .findingRecorded: ["outcome": .words(["nothingFound", "suspected", "handedOn"])]
        case .caseEnded:
            [
                "ground": .words([
                    "nothingFound", "handedOn", "performed", "noPenalty", "withdrawn", "transferred", "terminated",
                    "led-on",
                ]), "defects": .number,
            ]
        case .caseFiled:
            ["withDefects": .truth, "pieces": .number, "pages": .number, "entries": .number, "evaluation": .id]
        case .activityBegan:
            [
                "activity": .id,
                "kind": .words(EntryType.activityKinds), "arrivedAt": .number, "subjectTakesPart": .truth,
                "isDisputeProne": .truth, "measure": .words(["seal", "seize", "freeze", "restrictFreedom", "other"]),
                "method": .words(EntryType.serviceMethods), "secrecy": .words(["none", "state", "trade", "privacy"]),
                "phase": .words(["beforeDecision", "afterDemand"]), "usesRecorder": .truth,
                "site": .words(["acceptance", "onSite", "office", "premises"]),
                "officers": .thread, "startAt": .number, "av": .words(["mandatory", "optional"]),
                "awaitsConfirmation": .truth,
            ]
        case .activityEnded: ["activity": .id, "endAt": .number, "notificationDoneAt": .number]
        case .avExempted:
            [
                "activity": .id,
                "reason": .words(["stateSecret", "tradeSecret", "privacy", "danger", "fault", "other"]),
                "approvedBy": .thread, "approverRole": .words(Role.allCases.map(\.rawValue)),
            ]
        case .documentFixed:
            [
                "document": .id, "kind": .id, "kindDigest": .id, "templateDigest": .id, "pressDigest": .id,
                "object": .id,
                "pages": .number,
                "activity": .id, "about": .id, "outside": .truth, "data": .form, "classes": .form,
            ]
        case .documentSigned:
            [
                "document": .id, "slot": .id, "manner": .words(SigningManner.allCases.map(\.rawValue)),
                "decision": .words(SigningDecision.allCases.map(\.rawValue)), "signedAt": .number, "by": .thread,
                "scan": .id, "sealed": .truth, "sheetRead": .truth, "classes": .form,
                "capacity": .words(SignerCapacity.allCases.map(\.rawValue)),
            ]
        case .documentIssued:
            [
                "document": .id, "year": .number, "number": .number, "object": .id, "pages": .number,
                "printedSize": .number, "printedRoot": .id, "printedLog": .number, "templateDigest": .id,
                "pressDigest": .id, "classes": .form,
            ]
        case .documentVoided, .paperMoved: ["document": .id]
        case .documentScanned:
            [
                "document": .id, "object": .id, "original": .id, "sheets": .number, "isWhole": .truth,
                "isShared": .truth, "classes": .form,
            ]
        case .documentCorrected:
            [
                "document": .id, "by": .id,
                "manner": .words(DocumentCorrection.Manner.allCases.map(\.rawValue)),
            ]
        case .statementRecorded:
            [
                "manner": .words(["oral", "written", "waived", "silent"]),
                "speaker": .words(["party", "agent", "interested"]),
                "phase": .words(["beforeDecision", "afterDemand"]), "form": .words(["oral", "written"]),
                "document": .id, "awaitsConfirmation": .truth,
            ]
        case .statementReviewed: ["accepted": .words(["yes", "partly", "no"])]
        case .decisionDrafted:
            [
                "drafter": .thread, "unitReviewer": .thread,
                "outcome": .words(["penalty", "noPenalty", "withdraw", "transfer"]),
            ]
        case .decisionApproved: ["decision": .words(["approve", "refuse"])]
        case .documentServed:
            [
                "document": .id, "method": .words(EntryType.serviceMethods), "servedAt": .number, "receipt": .id,
                "mailedAt": .number, "mailKind": .words(["registered", "express", "ordinary"]), "returned": .truth,
                "failedMethods": .words(EntryType.serviceMethods),
                "proof": .words(["callAudio", "sms", "screenshot", "screenVideo", "other"]), "hasConsent": .truth,
                "leftAtDomicile": .truth, "refusedDay": .id, "activity": .id, "awaitsConfirmation": .truth,
            ]
        case .performanceRecorded:
            [
                "status": .words(["complete", "partly", "none"]), "performedAt": .number, "amount": .number,
                "dueDay": .id, "document": .id, "awaitsConfirmation": .truth,
            ]
        case .overrideGiven:
            ["provision": .id, "step": .words(EntryType.allCases.map(\.rawValue)), "person": .thread]
        case .correctionProposed: ["target": .number, "member": .id, "instant": .number, "word": .id, "classes": .form]
        case .entryCorrected:
            [
                "target": .number, "member": .id, "instant": .number, "word": .id, "proposedBy": .thread,
                "approvedBy": .thread, "classes": .form,
            ]
        case .correctionRefused: ["target": .number, "member": .id]
        case .recordingImported:
            [
                "object": .id, "form": .words(["video", "audio", "photo", "screenshot", "monitoring", "document"]),
                "classes": .form,
                "completedAt": .number,
                "device": .words([
                    "recorder", "camera", "videoCamera", "voicePen", "soundRecorder", "recordingPhone", "phone",
                    "handheldTerminal", "monitoring", "scanner", "other",
                ]), "kind": .words(EntryType.activityKinds),
                "storage": .words(["system", "dedicated", "officer", "other"]), "recorder": .thread, "holder": .thread,
                "session": .id, "startAt": .number, "endAt": .number,
                "source": .words(["fixedCamera", "worn", "handheld", "screen", "other"]),
                "site": .words(["acceptance", "onSite", "office", "premises"]), "isOriginal": .truth,
            ]
        case .recordingLinked:
            [
                "recording": .thread, "activity": .id, "activities": .id, "classes": .form,
                "secrecy": .words(["state", "trade", "privacy"]),
                "secretLevel": .words(["topSecret", "secret", "confidential"]), "awaitsConfirmation": .truth,
                "basis": .words(["required", "ifNeeded", "optional", "part", "discretionary"]),
            ]
        case .recordingInspected:
            [
                "tool": .id, "result": .words(["facts", "cannotTell"]), "classes": .form,
                "doubt": .words([
                    "objectUnreadable", "empty", "containerUnknown", "unplayable", "noRoom", "toolMissing", "toolHung",
                    "toolDied", "toolConfused",
                ]),
                "verdict": .words(["continuous", "gap", "cannotTell"]), "largestGap": .number, "startedLate": .truth,
            ]
        case .accessOpened:
            [
                "session": .id, "what": .words(["object", "document", "entry", "case", "recording"]),
                "right": .words([
                    "handler", "custodian", "head", "reviewer", "legalAffairs", "request", "grant", "supervisor",
                ]), "request": .thread, "recording": .thread, "isWatermarked": .truth, "hasDeclaration": .truth,
                "purpose": .words(["handling", "review", "supervision", "audit", "other"]), "until": .number,
                "object": .id, "document": .id, "volume": .words(["open", "internal"]),
            ]
        case .accessClosed: ["session": .id, "ranges": .number, "bytes": .number, "isRead": .truth]
        case .dossierExported:
            [
                "audience": .words(["archive", "court", "party"]), "mode": .words(["compact", "complete"]),
                "manifest": .id, "withheld": .number, "approvedBy": .thread,
            ]
        default: shape?.plain ?? [:]
        }
    }

    private var fieldMembers: [String] {
        switch self {
        case .bureauOpened: ["name", "letterhead", "region", "superior"]
        case .bureauSettingsChanged: ["settings"]
        case .calendarAdopted, .accountOpened, .accountConfirmed, .recoveryConfirmed, .noticePosted, .noticeRead: []
        case .roleConfirmed, .accountHeld, .accountVouched: []
        case .roleProposed, .roleDeclined: ["reason"]
        case .regulationAdopted, .regulationConfirmed, .ruleDeclined, .accountReset, .roleGranted:
            ["reason"]
        case .ruleProposed: ["reason", "higherRule", "article", "value"]
        case .keyPublished: ["vkey"]
        case .backupMade, .checkpointKept: ["place"]
        case .regulationRepaired, .regulationRepealed, .clockResumed, .backupRestored, .roleWithdrawn, .accountClosed:
            ["reason"]
        case .logOpened: ["previousOrigin", "previousCheckpoint", "reason"]
        case .personRegistered, .personChanged: ["name", "section", "certificateKind", "certificateNumber"]
        case .subjectRegistered, .subjectChanged: ["name", "writtenName", "code", "address", "representative", "phone"]
        case .caseOpened:
            ["title", "subjectName", "caseNumber", "emergencyReason", "scopeReason", "approvalRequiredBy"]
        case .caseHandlersChanged, .caseEnded, .documentVoided, .documentCorrected: ["reason"]
        case .findingRecorded: ["summary", "recipient"]
        case .caseFiled: ["archivist", "defects", "evaluationText"]
        case .activityBegan: ["place", "persons"]
        case .activityEnded: ["note"]
        case .avExempted: ["explanation", "proof"]
        case .documentFixed: ["data", "digest"]
        case .documentSigned:
            [
                "name", "relation", "authority", "opinion", "reason", "reader", "witness", "place", "drawing", "digest",
                "scanDigest",
            ]
        case .documentIssued: ["numberText", "digest"]
        case .documentScanned: ["digest", "making", "place"]
        case .paperMoved: ["place", "reason"]
        case .statementRecorded: ["facts", "reasons", "evidence", "name"]
        case .statementReviewed: ["review", "handling", "reason"]
        case .decisionDrafted: ["legalBasis", "evidence", "factors", "draft"]
        case .decisionApproved: ["opinion"]
        case .documentServed:
            [
                "recipient", "signatory", "relation", "place", "registerEntry", "postageVoucher", "returnReceipt",
                "returnFacts", "refusalReason", "witness", "facts", "reason", "agentUnit", "carrier", "noticeText",
                "course",
                "faxTime", "faxNumber",
            ]
        case .performanceRecorded: ["obligation", "evidence", "taken"]
        case .overrideGiven: ["reason", "legalBasis", "violation"]
        case .correctionProposed: ["value", "reason"]
        case .entryCorrected: ["value", "reason", "opinion"]
        case .correctionRefused: ["opinion"]
        case .recordingImported: ["digest", "fileName", "mediaType"]
        case .recordingLinked: ["note"]
        case .recordingInspected: ["facts"]
        case .accessOpened, .accessClosed: []
        case .dossierExported: ["recipient", "secrecyCheck"]
        default: shape.map { Array($0.fields.keys) } ?? []
        }
    }
}

extension EntryType.Member {
    /// One of the roles.
    static let role = EntryType.Member.words(Role.allCases.map(\.rawValue))
}
