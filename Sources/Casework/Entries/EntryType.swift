/// Every kind of fact that Liuhen records: the closed vocabulary of `Skeleton.type`.
///
/// A name is `thing.happened`. Each has a version (`EntryType.version`); a program reads every version ever released
/// and refuses to start on a name or version that it does not know. What a type's `plain` members and fields are
/// stands with its case: `plain` first, then fields as `name(class)`; `?` marks what may be absent.
public enum EntryType: String, Hashable, Sendable, CaseIterable {
    // MARK: the bureau's own thread (settings, regulations, calendars, keys, backups, restores, clock, fixity)

    /// The ledger begins. `demo` · name(officer), letterhead(officer), region(officer), superior(officer)?
    case bureauOpened = "bureau.opened"
    /// Settings change. `effectiveFrom`? · settings(officer): an object of setting names and values
    case bureauSettingsChanged = "bureau.settings-changed"
    /// A regulation is taken into force. `regulation`, `digest`, `inForceFrom` (day), `inForceUntil`? (day)
    case regulationAdopted = "regulation.adopted"
    /// Same legal text, wrong data mended. `regulation`, `digest`, `replaces` (digest), `rows` ([id]) · reason(officer)
    case regulationRepaired = "regulation.repaired"
    /// A regulation goes out of force. `regulation`, `lastDay` · reason(officer)
    case regulationRepealed = "regulation.repealed"
    /// The table of public holidays of one year. `year`, `digest`
    case calendarAdopted = "calendar.adopted"
    /// A key comes into use. `use` (log|receipt|vault|session), `keyId` (8 or more hex) · vkey(officer)?
    case keyPublished = "key.published"
    /// Recording goes on after the clock stopped it. `storedAt`, `clockAt`, `confirmedBy` (person) · reason(officer)
    case clockResumed = "clock.resumed"
    /// A backup was made and verified. `size`, `root`, `entries`, `objects` · place(officer)?
    case backupMade = "backup.made"
    /// A backup was put back. `size`, `root`, `lost` (count known lost, 0 if none), `previousOrigin`? · reason(officer)
    case backupRestored = "backup.restored"
    /// A later log of the same bureau begins. `previousSize`, `previousRoot`, `gapFrom`, `decidedBy` · previousOrigin(officer), reason(officer)
    case logOpened = "log.opened"

    // MARK: persons (人员)

    /// A person becomes known. `kind` (officer|staff|outside) · name(officer), section(officer)?, certificateKind(officer)?, certificateNumber(officer)?, `certificateFrom`?, `certificateUntil`? (days)
    case personRegistered = "person.registered"
    /// Data of a person change. Same members as `person.registered`, those that change.
    case personChanged = "person.changed"
    /// A person gets a role. `role`, `from`? (day), `until`? (day)
    case roleGranted = "role.granted"
    /// A person loses a role. `role` · reason(officer)?
    case roleWithdrawn = "role.withdrawn"
    /// The person's one account is opened. `account` (ASCII sign-in name)
    case accountOpened = "account.opened"
    /// The account is closed; the name stays taken. · reason(officer)?
    case accountClosed = "account.closed"
    /// Somebody else set a new secret: the account reads but does not approve until confirmed. `by` (admin|server)
    case accountReset = "account.reset"
    /// The person confirmed the account by setting a secret of their own.
    case accountConfirmed = "account.confirmed"

    // MARK: subjects (执法对象)

    /// A party becomes known. `kind` (organisation|individual) · name(party), code(party)?, address(party)?, representative(party)?, phone(party)?
    case subjectRegistered = "subject.registered"
    /// Data of a party change. Same members, those that change.
    case subjectChanged = "subject.changed"

    // MARK: cases (案件)

    /// A case begins. `kind` (inspection|penalty), `procedure` (general|summary), `source` (plan|complaint|report|transfer|discovery|inspection), `subject` (thread), `subjectKind` (organisation|individual), `handlers` ([person]), `isMajor`, `isEmergency`, `startedAt`? (ms, emergency: when the procedure was started) · title(party), subjectName(party), emergencyReason(internal)?, scopeReason(internal)? (why another kind of case falls under the regulation); refs `finding`, `evidence` to the inspection's entries
    case caseOpened = "case.opened"
    /// Other handlers. `handlers` ([person]) · reason(internal)
    case caseHandlersChanged = "case.handlers-changed"
    /// The inspection's result. `outcome` (nothingFound|suspected|handedOn) · summary(party), recipient(party)?
    case findingRecorded = "finding.recorded"
    /// The act is over (终结). `ground` (nothingFound|handedOn|performed|noPenalty|withdrawn|transferred|terminated|led-on) · reason(internal)?
    case caseEnded = "case.ended"
    /// Filed (归档). `withDefects`, `pieces`, `pages`, `entries` (count of the thread with this one), `evaluation` (digest of the whole evaluation) · archivist(officer), defects(internal)?, evaluationText(internal)
    case caseFiled = "case.filed"

    // MARK: on-site sessions (执法活动)

    /// An act begins. `activity` (id), `kind` (siteInspection|questioning|sampling|hearing|service|other), `officers` ([person]), `startAt` (ms), `av` (mandatory|optional) · place(party), persons(party)?
    case activityBegan = "activity.began"
    /// An act ends. `activity`, `endAt` (ms) · note(party)?
    case activityEnded = "activity.ended"
    /// No recording, for a reason of the closed list, approved. `activity`, `reason` (stateSecret|tradeSecret|privacy|danger|fault|other), `approvedBy` (person) · explanation(internal)
    case avExempted = "av.exempted"

    // MARK: documents (文书)

    /// Handed to be read or signed. `document` (id), `kind`, `kindDigest`, `templateDigest`, `object` (rendition A), `pages`, `activity`?, `about`? (id of the document it serves or supports), plus the kind's plain fields under `data` · data(party|internal by kind): the form's object; digest(party): {sha256, size} of rendition A
    case documentFixed = "document.fixed"
    /// One slot. `document`, `slot`, `manner` (screen|paper|refused|unable), `decision`? (agree|refuse|passed|returned), `signedAt` (ms), `by`? (person), `scan`? (object), `sealed`? (the official seal is on it) · name(party|officer), relation(party)?, opinion(internal|party)?, reason(party)?, witness(party)?, place(internal)?, drawing(party)?, digest(party): rendition A's, scanDigest(party)?; ref `fixed`
    case documentSigned = "document.signed"
    /// Issued. `document`, `year`?, `number`?, `object` (rendition B), `pages`, `printedSize`, `printedRoot` (the head in its margin) · numberText(party)?, digest(party); ref `fixed`
    case documentIssued = "document.issued"
    /// Void (作废): its number stays taken; obligations it had met open again. `document` · reason(internal); ref `issued` or `fixed`
    case documentVoided = "document.voided"
    /// Corrected by a later document (补正). `document`, `by` (id) · reason(internal)
    case documentCorrected = "document.corrected"

    // MARK: steps of a case that have no document of their own

    /// The party stated, defended, or waived. `manner` (oral|written|waived|silent: the term passed without a word), `speaker` (party|agent) · facts(party)?, reasons(party)?, evidence(party)?, name(party)
    case statementRecorded = "statement.recorded"
    /// The statement was reviewed. `accepted` (yes|partly|no) · review(internal), reason(internal); ref `statement`
    case statementReviewed = "statement.reviewed"
    /// A decision was drafted. `drafter`, `unitReviewer` (persons), `outcome` (penalty|noPenalty|withdraw|transfer) · legalBasis(internal), evidence(internal), factors(internal), draft(internal)
    case decisionDrafted = "decision.drafted"
    /// The person in charge decided. `decision` (approve|refuse) · opinion(internal); refs `draft`, `review`
    case decisionApproved = "decision.approved"
    /// A document was served. `document`, `method` (direct|post|lien|entrusted|forwarded|public), `servedAt` (ms), `receipt` (document id) · recipient(party), signatory(party)?, relation(party)?, place(party)
    case documentServed = "document.served"
    /// How the party performs. `status` (complete|partly|none), `performedAt`? (ms), `amount`? (fen), `dueDay`? · obligation(party), evidence(party)?
    case performanceRecorded = "performance.recorded"
    /// A gate was passed without what it asks for. `provision`, `step` · reason(internal), legalBasis(internal)
    case overrideGiven = "override.given"
    /// Another entry is corrected. · field(internal), value(party), reason(internal), approvedBy; ref `corrects`
    case entryCorrected = "entry.corrected"

    // MARK: recordings (音像记录)

    /// Evidence bytes came in. `object`, `form` (video|audio|photo|screenshot|document), `completedAt`? (ms), `device` (recorder|camera|phone|scanner|other) · digest(party): {sha256, chunkRoot, size}, fileName(internal), mediaType(internal)
    case recordingImported = "recording.imported"
    /// A recording belongs to a case; stands in the case's thread. `recording` (thread), `activity`? · note(internal)?; ref `recording`
    case recordingLinked = "recording.linked"
    /// What the inspector read from the file. `tool` (digest), `result` (facts|cannotTell) · facts(internal)
    case recordingInspected = "recording.inspected"

    // MARK: looking and giving out

    /// A view session begins, before the first byte. `session`, `what` (object|document|entry|case), `right` (handler|custodian|head|reviewer|grant), `purpose` (handling|review|supervision|audit|other), `until` (ms), `object`?, `document`?
    case accessOpened = "access.opened"
    /// It ended. `session`, `ranges`, `bytes`
    case accessClosed = "access.closed"
    /// A dossier was handed out. `audience` (archive|court|party), `mode` (compact|complete), `manifest` (SHA-256 of its dossier.json), `withheld` (count), `approvedBy`? (person; for a party) · recipient(internal)?, secrecyCheck(internal)? (for a party)
    case dossierExported = "dossier.exported"

    /// The newest version of each type that this program writes.
    public var version: Int { 1 }
}
