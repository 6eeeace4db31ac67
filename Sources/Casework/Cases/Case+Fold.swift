import Kernel

extension Case {
    /// Folds the records of a case's own thread, in order of `seq`.
    ///
    /// The fold believes what was recorded: whether a step was allowed is judged before it is recorded, never after.
    /// What was corrected is read as corrected (`Corrections`).
    /// - Returns: nil if the first record does not open a case.
    public init?(_ recorded: [Record]) {
        let records = Corrections.reading(recorded)
        guard let opening = records.first, opening.type == .caseOpened,
            let kind = opening.word("kind").flatMap(CaseKind.init(rawValue:)),
            let subject = opening.thread("subject")
        else { return nil }
        thread = opening.thread
        self.kind = kind
        procedure = opening.word("procedure").flatMap(Procedure.init(rawValue:)) ?? .general
        source = opening.word("source").flatMap(CaseSource.init(rawValue:)) ?? .discovery
        self.subject = subject
        subjectKind = opening.word("subjectKind")
        isMajor = opening.plain["isMajor"]?.boolean ?? false
        isEmergency = opening.plain["isEmergency"]?.boolean ?? false
        startedAt = opening.instant("startedAt") ?? opening.recordedAt
        openedAt = opening.recordedAt
        title = opening.text("title")
        subjectName = opening.text("subjectName")
        caseNumber = opening.text("caseNumber")
        foundBy = opening.references.first { $0.role == "finding" }
        handlers = opening.threads("handlers")
        entries = records.count
        lastAt = opening.recordedAt
        for record in records { apply(record) }
    }

    /// Takes in one later record of the thread.
    public mutating func apply(_ record: Record) {
        entries = max(entries, record.seq)
        lastAt = max(lastAt, record.recordedAt)
        if let actor = record.actor { participants.insert(actor) }
        if Confirmations.isAsked(of: record) { applyAwaited(record) }
        switch record.type {
        case .caseHandlersChanged:
            formerHandlers.formUnion(handlers)
            handlers = record.threads("handlers")
            formerHandlers.subtract(handlers)
        case .correctionProposed, .entryCorrected, .correctionRefused: applyCorrection(record)
        case .activityBegan, .activityEnded, .avExempted: applyActivity(record)
        case .documentFixed, .documentSigned, .documentIssued, .documentVoided, .documentCorrected,
            .documentScanned, .paperMoved:
            applyDocument(record)
        case .recordingLinked:
            guard let recording = record.thread("recording") else { return }
            recordings.append(
                LinkedRecording(
                    recording: recording, activity: record.word("activity").flatMap { ActivityID($0) },
                    linkedAt: record.recordedAt, seq: record.seq))
        case .findingRecorded:
            guard let outcome = record.word("outcome").flatMap(Finding.Outcome.init(rawValue:)) else { return }
            finding = Finding(outcome: outcome, seq: record.seq, at: record.happenedAt)
        case .statementRecorded:
            let manner = record.word("manner") ?? "oral"
            statements.append(
                Statement(
                    manner: manner, seq: record.seq, at: record.happenedAt,
                    isReviewed: manner == "waived" || manner == "silent",
                    phase: record.word("phase")))
        case .statementReviewed:
            guard let reviewed = record.references.first(where: { $0.role == "statement" })?.seq,
                let index = statements.firstIndex(where: { $0.seq == reviewed })
            else { return }
            statements[index].isReviewed = true
        case .decisionDrafted: applyDrafting(record)
        case .approvalStepped:
            if let drafting, let review = UnitReview(record, on: drafting) { unitReview = review }
            applyConfirmation(record)
        case .reviewCompleted: if drafting != nil { recordedLegalWords.append(LegalWord(completed: record)) }
        case .decisionApproved:
            approval = Approval(
                isApproved: record.word("decision") == "approve", by: record.actor, seq: record.seq,
                at: record.happenedAt)
        case .documentServed:
            guard let document = record.word("document").flatMap({ DocumentID($0) }) else { return }
            let service = Service(
                document: document, method: record.word("method") ?? "",
                servedAt: record.instant("servedAt") ?? record.happenedAt,
                receipt: record.word("receipt").flatMap { DocumentID($0) }, seq: record.seq,
                isReturned: record.plain["returned"]?.boolean == true)
            if Confirmations.isAsked(of: record) { heldServices.append(service) } else { services.append(service) }
        case .performanceRecorded:
            let performed = Performance(
                status: record.word("status") ?? "none", seq: record.seq,
                at: record.instant("performedAt") ?? record.happenedAt)
            if Confirmations.isAsked(of: record) {
                heldPerformances.append(performed)
            } else {
                performance = performed
            }
        case .caseEnded:
            guard let ground = record.word("ground").flatMap(Ending.Ground.init(rawValue:)) else { return }
            ending = Ending(ground: ground, seq: record.seq, at: record.happenedAt)
        case .secrecyMarked: applyMark(record)
        case .caseFiled: (filedAt, filedSeq) = (record.recordedAt, record.seq)
        case .remedyOpened, .remedyConcluded, .decisionChanged: applyRemedy(record)
        default: break
        }
    }

    private mutating func applyActivity(_ record: Record) {
        guard let id = record.word("activity").flatMap({ ActivityID($0) }) else { return }
        if record.type == .activityBegan {
            let officers = record.threads("officers")
            participants.formUnion(officers)
            activities.append(
                Activity(
                    id: id, kind: record.word("kind") ?? "other", officers: officers,
                    startAt: record.instant("startAt") ?? record.happenedAt, place: record.text("place"),
                    seq: record.seq))
        } else if let index = activities.firstIndex(where: { $0.id == id }) {
            if record.type == .activityEnded {
                activities[index].endAt = record.instant("endAt") ?? record.happenedAt
            } else {
                activities[index].isExempted = true
            }
        }
    }

    private mutating func applyCorrection(_ record: Record) {
        applyCorrectedTime(record)
        if record.type == .correctionProposed {
            guard let target = record.number("target"), let member = record.word("member") else { return }
            corrections.append(Correction(seq: record.seq, target: Int(target), member: member, by: record.actor))
            return
        }
        guard let proposal = record.references.first(where: { $0.role == "proposal" })?.seq,
            let index = corrections.firstIndex(where: { $0.seq == proposal })
        else { return }
        corrections[index].state = record.type == .entryCorrected ? .approved : .refused
    }

    private mutating func applyDrafting(_ record: Record) {
        guard let drafter = record.thread("drafter"), let reviewer = record.thread("unitReviewer"),
            let outcome = record.word("outcome").flatMap(Drafting.Outcome.init(rawValue:))
        else { return }
        participants.formUnion([drafter, reviewer])
        drafting = Drafting(
            drafter: drafter, unitReviewer: reviewer, outcome: outcome, seq: record.seq, at: record.happenedAt,
            text: record.text("draft"), legalBasis: record.text("legalBasis"), evidence: record.text("evidence"),
            factors: record.text("factors"))
        // A new draft has not been reviewed nor approved by anybody.
        unitReview = nil
        recordedLegalWords = []
        approval = nil
    }

    private mutating func applyDocument(_ record: Record) {
        guard let id = record.word("document").flatMap({ DocumentID($0) }) else { return }
        if record.type == .documentFixed {
            documents.append(CaseDocument(id: id, fixed: record))
        } else if let index = documents.firstIndex(where: { $0.id == id }) {
            documents[index].apply(record)
            if record.type == .documentIssued, documents[index].isCaseDecision { isUndone = false }
        }
    }
}

extension CaseDocument {
    init(id: DocumentID, fixed record: Record) {
        self.id = id
        kind = record.word("kind") ?? ""
        kindDigest = record.word("kindDigest").flatMap { Digest($0) }
        templateDigest = record.word("templateDigest").flatMap { Digest($0) }
        fixedObject = record.word("object").flatMap { ObjectID($0) }
        fixedSeq = record.seq
        fixedAt = record.recordedAt
        author = record.actor
        activity = record.word("activity").flatMap { ActivityID($0) }
        about = record.word("about").flatMap { DocumentID($0) }
        isOutside = record.plain["outside"]?.boolean == true
        data = record.fields["data"]
        fixedPages = record.number("pages").map { Int($0) }
    }

    mutating func apply(_ record: Record) {
        switch record.type {
        case .documentScanned:
            if let scan = FiledScan(record) { scans.append(scan) }
            keep(record)
        case .paperMoved: keep(record)
        case .documentSigned:
            guard let slot = record.word("slot") else { return }
            if record.word("manner") == "paper" { keep(record) }
            slots[slot] = MetSlot(
                manner: record.word("manner") ?? "", decision: record.word("decision"), by: record.thread("by"),
                signedAt: record.instant("signedAt") ?? record.happenedAt, seq: record.seq,
                name: record.text("name"), scan: record.word("scan").flatMap { ObjectID($0) },
                opinion: record.text("opinion"), reason: record.text("reason"), relation: record.text("relation"),
                capacity: record.word("capacity").flatMap { SignerCapacity(rawValue: $0) },
                authority: record.text("authority"),
                reader: record.text("reader"), witness: record.text("witness"), drawing: record.text("drawing"),
                isSealed: record.plain["sealed"]?.boolean == true, isSheetRead: record.plain["sheetRead"]?.boolean)
        case .documentIssued:
            issue = Issue(
                at: record.recordedAt, seq: record.seq, year: record.number("year").map { Int($0) },
                number: record.number("number").map { Int($0) }, numberText: record.text("numberText"),
                object: record.word("object").flatMap { ObjectID($0) },
                pages: record.number("pages").map { Int($0) })
        case .documentVoided: voidedAt = record.recordedAt
        case .documentCorrected:
            guard let by = record.word("by").flatMap({ DocumentID($0) }),
                let manner = record.word("manner").flatMap(DocumentCorrection.Manner.init(rawValue:))
            else { return }
            correction = DocumentCorrection(by: by, manner: manner, at: record.recordedAt)
        default: break
        }
    }
}
