/// Every kind of fact that Liuhen records: the closed vocabulary of `Skeleton.type`.
///
/// A name is `thing.happened`. Each has a version (`EntryType.version`); a program reads every version ever released
/// and refuses to start on a name or version that it does not know. What a type's `plain` members and fields are
/// stands with its case: `plain` first, then fields as `name(class)`; `?` marks what may be absent.
///
/// The file is long because an enum's cases stand in one place; what the types hold is split by area (`EntryType+*`).
public enum EntryType: String, Hashable, Sendable, CaseIterable {
    // MARK: the bureau's own thread (settings, regulations, calendars, keys, backups, restores, clock, fixity)

    /// The ledger begins. `demo` · name(officer), letterhead(officer), region(officer), superior(officer)?
    case bureauOpened = "bureau.opened"
    /// Settings change. `effectiveFrom`? · settings(officer): an object of setting names and values; ref `proposal`?
    case bureauSettingsChanged = "bureau.settings-changed"
    /// A regulation is taken into force. `regulation`, `digest`, `inForceFrom` (day), `inForceUntil`? (day), `isTrial`?, `isOnRequest`? (the text is given out on request only), `approver`? (role that approves where texts name several), `custodian`? (role that keeps the records), `edition`? (digest of the list of all rule files that the text was adopted among, ADR 0018) · reason(officer)?; ref `proposal`?
    case regulationAdopted = "regulation.adopted"
    /// Same legal text, wrong data mended. `regulation`, `digest`, `replaces` (digest), `rows` ([id]), `edition`? · reason(officer)
    case regulationRepaired = "regulation.repaired"
    /// A regulation goes out of force. `regulation`, `lastDay` · reason(officer)
    case regulationRepealed = "regulation.repealed"
    /// The agency head stands by a text that was taken into force when the bureau was founded. `regulation`, `digest`, `approver`?, `custodian`? · reason(officer)?
    case regulationConfirmed = "regulation.confirmed"
    /// A change of the rules is prepared and waits for the agency head. `act` (adopt|repair|repeal|override), `regulation`, `digest`?, `replaces`?, `rows`? ([id]), `inForceFrom`?, `inForceUntil`?, `lastDay`? (days), `approver`?, `custodian`?, `edition`?; for a higher rule `provision`, `effect`, `unit`, `length`, `level`, `fromDay`, `untilDay` · reason(officer), higherRule(internal), article(internal), value(internal)
    case ruleProposed = "rule.proposed"
    /// A prepared change is turned down or taken back. · reason(officer); ref `proposal`
    case ruleDeclined = "rule.declined"
    /// A change of somebody's roles is prepared and waits for a second person. `person`, `granted` ([role]), `withdrawn` ([role]), `from` (day) · reason(officer)
    case roleProposed = "role.proposed"
    /// A second person stands by a prepared change of roles; the roles themselves change in the person's thread. `person`; ref `proposal`
    case roleConfirmed = "role.confirmed"
    /// A prepared change of roles is turned down or taken back. `person` · reason(officer); ref `proposal`
    case roleDeclined = "role.declined"
    /// What a person is registered with changes once a second person says so: the name, or a certificate that becomes another or lasts longer. `person` · change(officer), before(officer): objects of members of `person.changed` as they shall be and as they hold, reason(officer)
    case personProposed = "person.proposed"
    /// A second person stands by a prepared change of what a person is registered with; `person.changed` carries it out. `person`; ref `proposal`
    case personConfirmed = "person.confirmed"
    /// A prepared change of what a person is registered with is turned down or taken back. `person` · reason(officer); ref `proposal`
    case personDeclined = "person.declined"
    /// A change of settings by which cases are judged is prepared and waits for a second person. · settings(officer), before(officer): objects of setting names and values as they shall be and as they hold, reason(officer); ref of the `bureau.settings-changed` that carries it out: `proposal`
    case settingsProposed = "bureau.settings-proposed"
    /// A year's public holidays are prepared and wait for a second person. `year`, `digest`, `replaces`? (digest of the table in force) · reason(officer)
    case calendarProposed = "calendar.proposed"
    /// Prepared settings or public holidays are turned down or taken back. · reason(officer); ref `proposal`
    case settingsDeclined = "bureau.settings-declined"
    /// The table of public holidays of one year. `year`, `digest`; ref `proposal`?
    case calendarAdopted = "calendar.adopted"
    /// A key comes into use. `use` (log|receipt|vault|session|backup), `keyId` (8 or more hex) · vkey(officer)?
    case keyPublished = "key.published"
    /// Recording goes on after the clock stopped it. `storedAt` (ms: when the last entry was recorded), `clockAt` (ms: what the clock says at the confirmation), `verdict`? (back|ahead: how the clock stood when it stopped recording), `offBy`? (ms that it was off; 0 where that could not be read), `stoppedAt`? (ms: what it said then), `confirmedBy` (person) · reason(officer)
    case clockResumed = "clock.resumed"
    /// Recording goes on without a lock file, by a checkpoint of the whole ledger and on the word of two persons that nothing followed it. `size`, `root` (hex) of the checkpoint, `confirmedBy` (person) · reason(officer)
    case lockAdopted = "lock.adopted"
    /// A backup was made and verified. `size`, `root`, `entries`, `objects`, `site`? (local|offsite), `isVerified`?, `medium`? (the id that the backup on this medium has), `generationBegan`? (ms: when its object keys were last written anew), `madeAt`? (ms: of one that was made while recording had stopped) · place(officer)?
    case backupMade = "backup.made"
    /// A medium with backups is used no more: destroyed or erased. `medium` · reason(officer)
    case mediumRetired = "medium.retired"
    /// A backup was put back. `size`, `root`, `lost` (count known lost, 0 if none), `previousOrigin`? · reason(officer)
    case backupRestored = "backup.restored"
    /// The recovery sheet was read back by who keeps it. `group` (1 to 8)
    case recoveryConfirmed = "recovery.confirmed"
    /// A checkpoint was given out to be kept outside. `size`, `root` · place(officer)
    case checkpointKept = "checkpoint.kept"
    /// Everybody of the bureau is to know something. `kind` (accountReset: on the server itself|resetByAdmin|roleAlone: roles changed by one person alone, for want of a second|secondOnServer: confirmed on the server for want of a second|headClosed: the account of an agency head was closed|lockAdopted: the log went on without its lock file|settingsChanged: settings by which cases are judged changed, or public holidays|settingsDeclined: they were turned down|personProposed: what a person is registered with shall change|personChanged: it changed|personDeclined: it was turned down|ruleOverridden: a higher rule takes the place of a row|violation: a breach was found, or something was done about it), `person`; ref `proposal`?
    case noticePosted = "notice.posted"
    /// The actor has read a notice; ref `notice`
    case noticeRead = "notice.read"
    /// A later log of the same bureau begins, after records were lost or to change the log's key; its first entry. `log` (its number), `previousLog`, `previousSize`, `previousRoot` (the last known head), `knownBy` (lock|checkpoint|nothing|rotation), `survivingLog`, `survivingSize`, `survivingRoot`, `gapFrom` (ms: when the last surviving entry was recorded), `decidedBy`, `confirmedBy` (persons), `numberRoom`? (how many document numbers of each kind are left free because they may have been given in what is lost) · previousOrigin(officer), previousCheckpoint(officer)? (the last known head as it was signed), reason(officer)
    case logOpened = "log.opened"

    // MARK: persons (人员)

    /// A person becomes known. `kind` (officer|staff|outside) · name(officer), section(officer)?, certificateKind(officer)?, certificateNumber(officer)?, `certificateFrom`?, `certificateUntil`? (days)
    case personRegistered = "person.registered"
    /// Data of a person change. Same members as `person.registered`, those that change.
    case personChanged = "person.changed"
    /// A person gets a role. `role`, `from`? (day), `until`? (day) · reason(officer)?
    case roleGranted = "role.granted"
    /// A person loses a role. `role`, `until`? (last day) · reason(officer)?
    case roleWithdrawn = "role.withdrawn"
    /// The person's one account is opened. `account` (ASCII sign-in name)
    case accountOpened = "account.opened"
    /// The account is closed; the name stays taken. · reason(officer)?
    case accountClosed = "account.closed"
    /// Somebody else set a new secret: the account reads but does not approve until confirmed. `by` (admin|server) · reason(officer)?
    case accountReset = "account.reset"
    /// The person confirmed the account by setting a secret of their own.
    case accountConfirmed = "account.confirmed"
    /// The account approves nothing until a second person has vouched for it: whoever reset it knew its secret.
    case accountHeld = "account.held"
    /// A second person says that it is its own person who uses the account again. Ends `account.held`.
    case accountVouched = "account.vouched"
    /// The person made an access token for a program of theirs. `token` (id), `scopes` (words), `until` (ms) · label(officer)
    case tokenMade = "token.made"
    /// The person ended an access token before its time. `token` (id)
    case tokenRevoked = "token.revoked"

    // MARK: subjects (执法对象)

    /// A party becomes known. `kind` (organisation|individual) · name(party), writtenName(party)? (as it is printed, where no font has a character), code(party)?, address(party)?, representative(party)?, phone(party)?
    case subjectRegistered = "subject.registered"
    /// Data of a party change. Same members, those that change.
    case subjectChanged = "subject.changed"

    // MARK: cases (案件)

    /// A case begins. `kind` (inspection|penalty|licensing|coercion|levy|fee|other), `procedure` (general|summary), `source` (plan|complaint|report|transfer|discovery|inspection|application|draw), `subject` (thread), `lead`? (thread), `draw`? (thread), `ruleRequires`? (a rule asks for filing or approval), `subjectKind` (organisation|individual), `handlers` ([person]), `isMajor`, `isEmergency`, `startedAt`? (ms, emergency: when the procedure was started) · title(party), subjectName(party), caseNumber(party)? (by the numbering rule of the province), emergencyReason(internal)?, approvalRequiredBy(internal)? (that rule), scopeReason(internal)? (why another kind of case falls under the regulation); refs `finding`, `evidence` to the inspection's entries
    case caseOpened = "case.opened"
    /// Other handlers. `handlers` ([person]) · reason(internal)
    case caseHandlersChanged = "case.handlers-changed"
    /// The inspection's result. `outcome` (nothingFound|suspected|handedOn) · summary(party), recipient(party)?
    case findingRecorded = "finding.recorded"
    /// The act is over (终结). `ground` (nothingFound|handedOn|performed|noPenalty|withdrawn|transferred|terminated|led-on), `defects`? (count of what can no longer be met and was foreseen) · reason(internal)?
    case caseEnded = "case.ended"
    /// Filed (归档). `withDefects`, `pieces`, `pages`, `entries` (count of the thread with this one), `evaluation` (digest of the whole evaluation) · archivist(officer), defects(internal)?, evaluationText(internal)
    case caseFiled = "case.filed"

    // MARK: on-site sessions (执法活动)

    /// An act begins. `activity` (id), `kind` (kind of activity), `officers` ([person]), `startAt` (ms), `av` (mandatory|optional), `arrivedAt`? (ms), `subjectTakesPart`?, `isDisputeProne`?, `measure`? (seal|seize|freeze|restrictFreedom|other), `method`? (of service), `secrecy`? (none|state|trade|privacy), `phase`? (beforeDecision|afterDemand), `usesRecorder`?, `site`? (acceptance|onSite|office|premises), `awaitsConfirmation`? (entered so late that somebody else confirms the time) · place(party), persons(party)?
    case activityBegan = "activity.began"
    /// An act ends. `activity`, `endAt` (ms), `notificationDoneAt`? (ms) · note(party)?
    case activityEnded = "activity.ended"
    /// No recording, for a reason of the closed list, approved. `activity`, `reason` (stateSecret|tradeSecret|privacy|danger|fault|other), `approvedBy` (person), `approverRole`? (role) · explanation(internal), proof(internal)?
    case avExempted = "av.exempted"

    // MARK: documents (文书), in the thread of a case or of a lead

    /// Handed to be read or signed. `document` (id), `kind`, `kindDigest`, `templateDigest` (template and shared files), `pressDigest` (fonts, typesetter), `object` (rendition A), `pages`, `activity`?, `about`? (id of the document it serves or supports), `outside`? (others made it, and it came in on paper: `object` is the straight picture of its sheets, and there is neither template nor press), `classes` (of data and digest), plus the kind's plain fields under `data` · data(party|internal by kind): the form's object; digest(party): {sha256, size} of rendition A; ref of a paper from outside to the entry that it answers (`commission`)?
    case documentFixed = "document.fixed"
    /// One slot. `document`, `slot`, `manner` (screen|paper|refused|unable), `decision`? (agree|refuse|passed|returned), `signedAt`? (ms; not told of a paper from outside, whose hand nobody of the bureau saw move), `by`? (person), `capacity`? (self|representative|delegate|receiver|family|employee|interested|other: in what capacity somebody signs in the party's place), `scan`? (object), `sealed`? (the official seal is on it), `sheetRead`? (whether the document's own code was read on the scan), `classes` (of name, opinion and digest) · name(party|officer), relation(party)?, authority(party)?: by what an agent signs, opinion(internal|party)?, reason(party)?, reader(party)?: who read it aloud to one unable to sign, witness(party)?, place(internal)?, drawing(party)?, digest(party|internal): rendition A's, scanDigest(party)?; ref `fixed`
    case documentSigned = "document.signed"
    /// Issued. `document`, `year`?, `number`?, `object` (rendition B), `pages`, `printedSize`, `printedRoot` (the head in its margin), `printedLog`? (its log, if that is not the one this entry stands in), `templateDigest`, `pressDigest`, `classes` (of digest) · numberText(party)?, digest(party|internal); ref `fixed`
    case documentIssued = "document.issued"
    /// Void (作废): its number stays taken; obligations it had met open again. `document` · reason(internal); ref `issued` or `fixed`
    case documentVoided = "document.voided"
    /// Corrected by a later document. `document`, `by` (id), `manner` (amends: 补正, it stays in force; supersedes: 替代, it does not) · reason(internal); refs `issued`, `by`
    case documentCorrected = "document.corrected"
    /// A scan of the printed sheets is filed with its document (扫描归件). `document`, `object` (the straight picture: a PDF of exactly these sheets, in order), `original` (what the scanner sent, whole), `sheets` (how many), `isWhole` (with what was filed before, every page of the document is there), `isShared`? (the original holds sheets of other cases too), `classes` (of digest) · digest(party|internal): {sha256, size} of the picture, making(internal): {from {bytes, digest}, sheets [{scan, sheet, turn, byHand?}], tool}: what it was made from and how, place(internal): where the paper is kept; ref `fixed`
    case documentScanned = "document.scanned"
    /// The paper of a document is kept elsewhere from now on. `document` · place(internal), reason(internal)?; ref `fixed`
    case paperMoved = "paper.moved"

    // MARK: steps of a case that have no document of their own

    /// The party stated, defended, or waived. `manner` (oral|written|waived|silent: the term passed without a word), `speaker` (party|agent|interested), `phase`? (beforeDecision|afterDemand), `form`? (oral|written: of a waiver), `document`?, `awaitsConfirmation`? · facts(party)?, reasons(party)?, evidence(party)?, name(party)
    case statementRecorded = "statement.recorded"
    /// The statement was reviewed. `accepted` (yes|partly|no) · review(internal), handling(internal)?, reason(internal); ref `statement`
    case statementReviewed = "statement.reviewed"
    /// A decision was drafted. `drafter`, `unitReviewer` (persons), `outcome` (penalty|noPenalty|withdraw|transfer) · legalBasis(internal), evidence(internal), factors(internal), draft(internal)
    case decisionDrafted = "decision.drafted"
    /// The person in charge decided. `decision` (approve|refuse) · opinion(internal); refs `draft`, `review`
    case decisionApproved = "decision.approved"
    /// A document was served. `document`, `method` (direct|post|lien|entrusted|forwarded|public|fax|email|electronic), `servedAt` (ms), `receipt` (document id), `mailedAt`? (ms), `mailKind`? (registered|express|ordinary), `returned`?, `failedMethods`? ([method]), `proof`? (callAudio|sms|screenshot|screenVideo|other), `hasConsent`?, `leftAtDomicile`?, `refusedDay`?, `activity`?, `awaitsConfirmation`? (it counts once somebody else confirmed it) · recipient(party), signatory(party)?, relation(party)?, place(party), registerEntry(party)?, postageVoucher(party)?, returnReceipt(party)?, returnFacts(party)?, refusalReason(party)?, witness(party)?, facts(party)?, reason(party)?, agentUnit(party)?, carrier(party)?, noticeText(party)?, course(party)?, faxTime(party)?, faxNumber(party)?
    case documentServed = "document.served"
    /// How the party performs. `status` (complete|partly|none), `performedAt`? (ms), `amount`? (fen), `dueDay`?, `document`? (the decision), `awaitsConfirmation`? (it counts once somebody else confirmed it) · obligation(party), evidence(party)?, taken(party)? (the things that were taken away); ref `proofFile`? (the link of the voucher)
    case performanceRecorded = "performance.recorded"
    /// A gate was passed without what it asks for. `provision`, `step`, `person`? (who did not meet it, for a defect that a case is filed with) · reason(internal), legalBasis(internal), violation(internal)?
    case overrideGiven = "override.given"
    /// Somebody asks that an entry be corrected. `target` (its place in the thread), `member`, `instant`? (ms), `word`?, `classes` (of all fields: value as what it corrects) · value(party)?, reason(internal); ref `corrects`
    case correctionProposed = "correction.proposed"
    /// Another entry is corrected (更正): the member is read with this value from here on. `target`, `member`, `instant`? (ms), `word`?, `proposedBy`, `approvedBy` (persons), `classes` (of the value: that of what is corrected) · value(party)?, reason(internal), opinion(internal); refs `corrects`, `proposal`
    case entryCorrected = "entry.corrected"
    /// The correction was refused. `target`, `member` · opinion(internal); refs `corrects`, `proposal`
    case correctionRefused = "correction.refused"

    // MARK: recordings (音像记录)

    /// Evidence bytes came in. `object`, `form` (video|audio|photo|screenshot|monitoring|document), `completedAt`? (ms), `device` (recorder|camera|videoCamera|voicePen|soundRecorder|recordingPhone|phone|handheldTerminal|monitoring|scanner|other), `kind`? (kind of activity), `storage`? (system|dedicated|officer|other), `recorder`? (thread), `holder`? (person), `session`? (of the export), `startAt`? (ms), `endAt`? (ms), `source`? (fixedCamera|worn|handheld|screen|other), `site`? (acceptance|onSite|office|premises), `isOriginal`?, `classes`? (of all fields, where they are not these) · digest(party): {sha256, chunkRoot, size}, fileName(internal), mediaType(internal)
    case recordingImported = "recording.imported"
    /// A recording belongs to a case; stands in the case's thread. `recording` (thread), `activity`?, `activities`? ([activity]), `basis`? (required|ifNeeded|optional|part|discretionary), `classes`? (of the note), `secrecy`? (state|trade|privacy: why it is kept secret), `secretLevel`? (topSecret|secret|confidential), `awaitsConfirmation`? (a head says whether it is secret before anything is kept back) · note(internal)?; ref `recording`
    case recordingLinked = "recording.linked"
    /// What the inspector read from the file. `tool` (digest), `result` (facts|cannotTell), `doubt`? (why not: a word of MediaDoubt.Reason), `verdict`? (continuous|gap|cannotTell), `largestGap`? (ms between files of a run), `startedLate`?, `classes`? (of the facts) · facts(internal)
    case recordingInspected = "recording.inspected"

    // MARK: looking and giving out

    /// A view session begins, before the first byte. `session`, `what` (object|document|entry|case|recording), `right` (handler|custodian|head|reviewer|legalAffairs|request|grant|supervisor), `request`? (thread), `recording`? (thread), `isWatermarked`?, `hasDeclaration`?, `purpose` (handling|review|supervision|audit|other), `until` (ms), `object`?, `document`?, `volume`? (open|internal; of a case that was bound)
    case accessOpened = "access.opened"
    /// It ended. `session`, `ranges`?, `bytes`?, `isRead`? (half of what there is was given out: ADR 0052; none of them where the server died meanwhile, and nobody knows)
    case accessClosed = "access.closed"
    /// A dossier was handed out. `audience` (archive|court|party), `mode` (compact|complete), `manifest` (SHA-256 of its dossier.json), `withheld` (count), `approvedBy`? (person; for a party) · recipient(internal)?, secrecyCheck(internal)? (for a party)
    case dossierExported = "dossier.exported"

    // MARK: leads (线索、申请、抽取)

    /// A complaint or report arrives. `channel` (material|telephone|letter|web|visit|transfer), `isRealName`, `receivedAt` · content(reporter), complainant(reporter), target(party)
    case leadReceived = "lead.received"
    /// It is accepted or not. `outcome` (accepted|notAccepted) · reason(internal)
    case leadAccepted = "lead.accepted"
    /// It is reported on, as the register system asks. · to(internal)
    case leadReported = "lead.reported"
    /// It was verified. `result` (confirmed|partly|unfounded|undetermined) · findings(internal)
    case leadVerified = "lead.verified"
    /// It was reviewed: to be pursued or not. `result` (pursue|notPursued|transferred) · reason(internal), legalBasis(internal)
    case leadReviewed = "lead.reviewed"
    /// A case was started from it. `case` (thread)
    case leadStarted = "lead.started"
    /// Others work on it from now on: the officer left, or was replaced. `handlers` ([person]) · reason(internal)
    case leadHandedOver = "lead.handed-over"
    /// The person who reported was told. `method` (oral|telephone|written|web), `notifiedAt`, `notifiedBy` (thread) · content(reporter)
    case leadAnswered = "lead.answered"
    /// Nothing more is to be done about it. · reason(internal)
    case leadClosed = "lead.closed"
    /// An application is registered. `mode` (oral|written|online), `registeredAt` · applicant(party), matter(party), oralContent(party)
    case applicationRegistered = "application.registered"
    /// It is accepted or refused. `outcome` (accepted|refused) · reason(party)
    case applicationDecided = "application.decided"
    /// Errors were corrected on the spot. · items(party)
    case applicationCorrected = "application.corrected"
    /// The applicant was told once of everything to be supplemented. `itemCount` · items(party)
    case applicationSupplemented = "application.supplemented"
    /// A voucher or receipt was issued. · receiptNumber(party)
    case applicationReceipted = "application.receipted"
    /// Subjects and officers were drawn at random. `subjects` (thread), `officers` (thread), `seed` · pool(internal), weightRule(internal), plan(internal)
    case drawMade = "draw.made"

    // MARK: investigation (调查取证)

    /// Officers showed their certificates. `activity`, `document`, `certificateKind` (statistics|administrative), `worn`, `shownAt`, `officers` (thread)
    case identityShown = "identity.shown"
    /// The party or another person was told of rights, of the matter, of its basis. `rights` (statement|defence|recusal|hearing|remedies|duties), `carrier` (notice|transcript|coerciveRecord|oral), `recipient` (party|interested), `phase` (activity|beforeDecision|afterDemand), `activity`, `document`, `notifiedAt` · way(party), matter(party), basis(party), name(party)
    case rightsNotified = "rights.notified"
    /// A third person is found to have an interest. `subject` (thread) · name(party)
    case interestedNamed = "interested.named"
    /// Somebody refused, evaded or obstructed. `conduct` (refuse|evade|obstruct|abuse|insult|assault|other), `activity`, `occurredAt`, `officer` (thread) · person(party), facts(party)
    case noncooperationRecorded = "noncooperation.recorded"
    /// Unlawful conduct was found on the spot. `activity`, `foundAt` · conduct(party)
    case unlawfulFound = "unlawful.found"
    /// Evidence is preserved. `forms` (registration|copy|av|appraisal|survey|interview|other), `approvedBy` (thread), `activity`, `documents` · reason(party), objects(party)
    case preservationStarted = "preservation.started"
    /// What was registered and kept is dealt with. `outcome` (returned|seized|released|appraised|other) · reason(party); ref `preservation`
    case preservationDecided = "preservation.decided"
    /// A coercive measure is taken. `kind` (seal|seize|freeze|restrictFreedom|other), `activity`, `document`, `untilDay`, `approvedBy` (thread) · target(party), place(party), legalBasis(internal)
    case measureTaken = "measure.taken"
    /// It is extended. `untilDay`, `approvedBy` (thread) · reason(party); ref `measure`
    case measureExtended = "measure.extended"
    /// It is lifted. · reason(party); ref `measure`
    case measureLifted = "measure.lifted"
    /// The party asks that an officer withdraw. `officer` (thread) · reason(party)
    case recusalRequested = "recusal.requested"
    /// The head decides on it. `decision` (approve|refuse), `approvedBy` (thread) · reason(internal); ref `request`
    case recusalDecided = "recusal.decided"
    /// A paper of the party is handed in. `kind` (statement|defence|waiver|evidence|other), `kept`, `object`, `document`, `receivedAt` · content(party)
    case submissionReceived = "submission.received"
    /// The party asks for a hearing. `requestedAt`, `document`? (the paper in which it asks, signed by it) · name(party)
    case hearingRequested = "hearing.requested"
    /// A hearing was held. `activity`, `host` (thread), `isPublic`, `secrecy`? (none|state|trade|privacy), `document` · participants(party)
    case hearingHeld = "hearing.held"
    /// A test or appraisal is commissioned. `kind` (test|detection|quarantine|appraisal|assessment), `document` · body(party), matter(party)
    case appraisalCommissioned = "appraisal.commissioned"
    /// Its result arrives. `document` · opinion(party), body(party); ref `commission`
    case appraisalReceived = "appraisal.received"
    /// Its result is used as evidence. · note(internal); ref `commission`
    case appraisalUsed = "appraisal.used"
    /// Another lawful way of investigating. · method(party), legalBasis(party), content(party)
    case investigationOther = "investigation.other"

    // MARK: review (审查决定)

    /// Experts argued the case. `form` (minutes|opinion), `activity`, `document` · experts(internal), content(internal)
    case expertArgued = "expert.argued"
    /// The case is put on a meeting's agenda. · agenda(internal)
    case discussionScheduled = "discussion.scheduled"
    /// Leaders discussed the decision together. `attendees` (thread), `activity`, `document` · views(internal), conclusion(internal)
    case discussionHeld = "discussion.held"
    /// The handling unit sends the case for legal review. `declared`, `declaredBy` (thread) · materials(internal), declaration(internal)
    case reviewSubmitted = "review.submitted"
    /// The legal body gives its opinion. `result` (passed|notPassed|returned), `reviewer` (thread), `carrier` (opinion|approvalForm), `signed` · opinion(internal), suggestions(internal); ref `submission`
    case reviewCompleted = "review.completed"
    /// One step of the internal chain. `step` (handler|reviewer|approver), `person` (thread), `about` (initiation|measure|decision|service|execution|filing|other), `result`? (passed|returned: the reviewer's word, and the approver's; what was not returned was passed) · opinion(internal), reason(internal); ref `draft`? (the draft of a decision that a reviewer of the drafting unit looked at), `service`?, `start`?, `said`?, `performed`?, `veiled`? (what the person compared and confirmed, or turned down)
    case approvalStepped = "approval.stepped"
    /// What was done under the summary procedure. `document`, `isDisputeProne`, `accepted` (yes|partly|no) · factBasis(party), legalConditions(party), steps(party), documents(party), statementDefence(party), reviewOfDefence(internal), reason(internal), other(party)
    case summaryRecorded = "summary.recorded"
    /// The officer files the decision with the agency. `filedAt`, `filedWith` (bureau|other) · content(internal)
    case summaryFiled = "summary.filed"
    /// A fine is paid. `way` (bank|electronic|onSpot), `ground` (small|hardToCollect|remote), `amount`, `collectedAt` · receiptNumber(party), course(party)
    case fineCollected = "fine.collected"
    /// What was collected on the spot is handed in. `amount`; ref `collection`
    case fineRemitted = "fine.remitted"
    /// The head's word on putting off or splitting a payment. `decision`? (approve|refuse; without it: approve), `document`? (which decision's fine; without it: the only one), `dueDay`, `approvedBy` (thread) · plan(party: of a refusal the reason)
    case instalmentApproved = "instalment.approved"
    /// A decision is changed, revoked, found unlawful, void, or to be made anew. `change` (changed|revoked|unlawful|void|remade), `document`, `changedDay`, `isPenalty` · reason(party); ref `proofFile`? (the link of the paper it rests on)
    case decisionChanged = "decision.changed"

    // MARK: execution (送达执行)

    /// The party is ordered to correct. `dueDay`, `document` · content(party)
    case correctionOrdered = "correction.ordered"
    /// It is checked whether the party did. `result` (corrected|partly|notCorrected), `checkedAt`, `checker` (thread), `activity` · findings(party); ref `order`
    case correctionChecked = "correction.checked"
    /// A regulatory talk was held. `activity`, `startAt`, `endAt`, `document` · persons(party), topic(party), content(party)
    case talkHeld = "talk.held"
    /// The party is urged to perform. `form` (record|notice), `document`, `dueDay`, `isUrgent` · content(party), rights(party)
    case demandMade = "demand.made"
    /// The agency with own power decides to execute. `document` · content(party)
    case executionDecided = "execution.decided"
    /// One measure of execution. `kind` (addedFine|lateFee|transfer|auction|disposal|removal|restoration|substitute|other), `activity`, `document`, `amount` · details(party), account(party), items(party), performer(party)
    case executionTaken = "execution.taken"
    /// The court is asked to execute. `appliedAt`, `document` · court(party), documents(internal)
    case courtApplied = "court.applied"
    /// The court rules on it. `outcome` (granted|refused) · content(party); ref `application`
    case courtRuled = "court.ruled"
    /// The court's execution is over. `outcome` (complete|partly|none|closed) · course(internal), findings(internal); refs `application`, `proofFile`? (the link of the court's paper)
    case courtConcluded = "court.concluded"
    /// The party seeks a remedy, objects or petitions. `kind` (reconsideration|litigation|petition|objection), `stay`, `openedAt` · body(party), content(party)
    case remedyOpened = "remedy.opened"
    /// It is concluded. `result` (upheld|changed|revoked|unlawful|withdrawn|other) · content(party); refs `remedy`, `proofFile`? (the link of the judgement)
    case remedyConcluded = "remedy.concluded"
    /// A term stops running. `matter` · reason(internal), legalBasis(internal)
    case termSuspended = "term.suspended"
    /// It runs on. `matter` · reason(internal)
    case termResumed = "term.resumed"
    /// A term is extended by an approval given before its end. `matter`, `untilDay`, `approvedBy` (thread) · reason(internal), legalBasis(internal)
    case termExtended = "term.extended"
    /// A term starts anew. `matter` · reason(internal)
    case termRestarted = "term.restarted"

    // MARK: recording (音像记录)

    /// Its text information is entered. `case` (thread), `caseNumber`, `category` (kind of activity), `step` (initiation|investigation|decision|service|execution|filing), `officers` (thread), `handler` (thread), `recordedAt`, `wear` (leftShoulder|leftChest|otherPlace|handheld), `activities` · subject(party), matter(party), party(party), place(party), participants(party), scene(party), conduct(party), tools(party), notified(party), verification(party), talk(party), otherReason(internal)
    case recordingLabelled = "recording.labelled"
    /// A moment in the recording is marked. `mark` (recordingNotice|opening|scene|arrival|entry|firstQuestion|notificationDone|unlawfulConduct|handlingBegan|handlingEnded|keyShot), `markedAt`, `sceneKind` (plate|front|landmark|doorNumber), `itemCount`, `by` (thread) · text(party), officerNames(officer), unitName(party), day(party)
    case recordingMarked = "recording.marked"
    /// A gap in the recording. `from`, `to`, `ground` (technical|samePlaceOrTime|discretionary|none), `reportedBy` (thread) · explanation(internal), proof(internal)
    case recordingInterrupted = "recording.interrupted"
    /// A copy on another medium. `medium` (database|disc|removable|other), `purpose` (preservation|release|work) · place(internal)
    case recordingCopied = "recording.copied"
    /// The original was found cut, deleted or changed. `way` (deleted|cut|changed|inserted|digestMismatch), `person` (thread) · facts(internal)
    case recordingAltered = "recording.altered"
    /// It is entered in the register of recordings. `device`, `recordedAt`, `storedAt`, `officer` (thread) · entry(internal)
    case recordingRegistered = "recording.registered"
    /// Long-term preservation is proposed. `ground` (dispute|obstruction|remedy|other), `recording` (thread), `case` (thread) · reason(internal)
    case holdProposed = "hold.proposed"
    /// It is approved: nothing may be destroyed. `ground` (dispute|obstruction|remedy|other), `approvedBy` (thread), `approverRole` (role), `medium` (disc|removable|other), `keeper` (bureau|cityLegalAffairs|other), `recording` (thread), `case` (thread) · reason(internal); ref `proposal`
    case holdPlaced = "hold.placed"
    /// It is not approved. `approvedBy` (thread), `approverRole` (role), `recording` (thread), `case` (thread) · reason(internal); ref `proposal`
    case holdDeclined = "hold.declined"
    /// The hold ends. `approvedBy` (thread), `approverRole` (role), `recording` (thread), `case` (thread) · reason(internal); ref `hold`
    case holdReleased = "hold.released"
    /// Openings and keys are destroyed after retention. `what` (recording|case|document), `recording` (thread), `case` (thread), `approvedBy` (thread), `confirmedBy` (thread) · certificate(internal)
    case disposalPerformed = "disposal.performed"
    /// Stored bytes were compared with their digests. `result` (intact|missing|damaged), `objects`, `recording` (thread) · findings(internal)
    case fixityChecked = "fixity.checked"

    // MARK: recorder (执法记录仪)

    /// A device enters the register. `kind` (soundRecorder|voicePen|camera|videoCamera|bodyRecorder|handheldTerminal|indoorMonitoring|other), `functions` (sound|video|photo) · serial(internal), purpose(internal), unit(internal)
    case recorderRegistered = "recorder.registered"
    /// Its assignment to one officer is approved. `officer` (thread), `approvedBy` (thread), `approverRole` (role) · opinion(internal)
    case recorderApproved = "recorder.approved"
    /// It is handed out. `officer` (thread), `task` (case|duty), `case` (thread) · note(internal)
    case recorderIssued = "recorder.issued"
    /// It comes back. `officer` (thread), `hasMaterial` · note(internal)
    case recorderReturned = "recorder.returned"
    /// The check before use. `noFault`, `battery`, `freeMinutes`, `clockSet`, `clockOffset`, `checkedBy` (thread), `activity` · note(internal)
    case recorderChecked = "recorder.checked"
    /// It does not work. `usable` · fault(internal)
    case recorderFaulted = "recorder.faulted"
    /// The competent department was asked to repair it. `contactedAt` · to(internal); ref `fault`
    case recorderRepairRequested = "recorder.repair-requested"
    /// It came back from repair. `result` (repaired|scrapped) · note(internal); ref `fault`
    case recorderRepaired = "recorder.repaired"
    /// Damage, lending, dismantling, private use, loss. `kind` (damage|lendingOut|handedOver|dismantling|privateUse|unrelatedUse|loss), `wilful`, `person` (thread) · facts(internal)
    case recorderIncident = "recorder.incident"
    /// Upkeep. `event` (manage|maintain|train|use|inspect|charge), `battery`, `by` (thread) · note(internal)
    case recorderLogged = "recorder.logged"
    /// Wearing and use are spot-checked. `officer` (thread), `worn`, `used` · findings(internal)
    case recorderSpotChecked = "recorder.spot-checked"
    /// Its card was emptied after confirmed import. `confirmedFiles`
    case recorderEmptied = "recorder.emptied"
    /// It leaves service. `hasMaterial` · reason(internal)
    case recorderRetired = "recorder.retired"
    /// Files are about to be exported from it. `session`, `officer` (thread), `supervisor` (thread), `supervisorRole` (role)
    case exportOpened = "export.opened"
    /// The export is over. `session`, `files` · digests(internal)
    case exportClosed = "export.closed"

    // MARK: access (查阅复制)

    /// Somebody asks to consult, copy, view or be given records. `kind` (consult|copy|view|release), `applicantKind` (party|staff|legalAffairs|outsideUnit|public|supervisor), `capacity` (self|representative|delegate|lawyer|interested|anybody|court|procuratorate|supervisory|otherOrgan|superiorOrgan|colleague), `channel` (inPerson|letter|online|officialLetter), `papers` (idCard|licence|powerOfAttorney|lawyerLicence|officialLetter|workPass|otherPaper), `applicantPerson` (thread), `recordings` (threads), `documents` (ids), `case` (thread), `forWhen` · applicant(party), identity(party), phone(party), reason(internal), matter(internal), items(internal), purpose(internal)
    case requestMade = "request.made"
    /// It is checked what must stay secret. `result` (clear|treated|refused), `checkedBy` (thread), `cleared`, `redacted`, `withheld` (ids of documents and threads of recordings), `grounds` (stateSecret|tradeSecret|personalPrivacy|reporterData|internalMatter|surveyData|otherLaw; one for each of `redacted`, then of `withheld`) · findings(internal), excluded(internal)
    case requestChecked = "request.checked"
    /// It is approved or refused. `decision` (approve|refuse), `approvedBy` (thread), `approverRole` (role), `untilDay` (the last day of the release) · opinion(internal), legalBasis(internal)
    case requestDecided = "request.decided"
    /// Records are shown or handed over. `kind` (consult|copy|view|release), `recipientKind` (party|staff|outsideUnit|public|supervisor), `secrecy` (none|state|trade|privacy), `files`, `objects` (ids, one a file), `receiptObject` (the printed sheet), `untilDay` · receipt(party), digests(party; a line a file: SHA-256, bytes, name), receiptDigest(party)
    case requestFulfilled = "request.fulfilled"
    /// A copy of an item is made from which what must stay secret was taken out. `item` (id of a document or thread of a recording), `object` · copyDigest(internal), fileName(internal), note(internal)
    case requestRedacted = "request.redacted"
    /// The recipient acknowledges what was handed over, or does not. `manner` (signedFor|postedTo|unsigned), `scan` · recipient(party), note(internal), scanDigest(party)
    case requestReceipted = "request.receipted"
    /// The applicant takes the request back · reason(internal)
    case requestWithdrawn = "request.withdrawn"
    /// Others work on it from now on: the officer left, or was replaced. `handlers` ([person]) · reason(internal)
    case requestHandedOver = "request.handed-over"
    /// Nothing more is to be done about it. `outcome` (provided|declined|takenBack|lapsed), `toldBy` (spoken|byLetter|byTelephone|onlineReply|notNeeded) · reason(internal)
    case requestClosed = "request.closed"
    /// A person may call up records within a range. `person` (thread), `scope` (own|section|all), `grantedBy` (thread), `approverRole` (role), `fromDay`, `untilDay` · range(internal)
    case grantGiven = "grant.given"
    /// The right ends. `person` (thread) · reason(internal); ref `grant`
    case grantEnded = "grant.ended"
    /// A record touches a secret or privacy; in the thread of the case where it is about a thing of a case, and the last one about it counts. `class` (none|state|trade|privacy), `recording` (thread), `document`, `clearance` ([role or person]: who may see it) · reason(internal)
    case secrecyMarked = "secrecy.marked"
    /// Somebody filmed or copied while viewing. `session`, `person` (thread) · facts(internal)
    case viewingBreached = "viewing.breached"

    // MARK: publication (公示)

    /// An item is drawn up for publication. `kind` (kind of publication), `document`, `case` (thread), `isPenalty`, `decidedDay`, `platforms` (portal|provincialService|cityGovernment|serviceSite) · title(party), body(party), subject(party), category(party), conclusion(party), content(party)
    case publicationPrepared = "publication.prepared"
    /// It is checked and treated for secrets. `result` (clear|treated|refused), `checkedBy` (thread) · redactions(internal)
    case publicationChecked = "publication.checked"
    /// It stands on a platform. `platform` (portal|provincialService|cityGovernment|serviceSite), `kind` (kind of publication), `document`, `fullText`, `hasTreatment`, `version`, `publishedAt`, `period`? (of what is published, such as `2025`) · address(party)
    case publicationMade = "publication.made"
    /// Something published was found wrong. `foundAt` · wrong(party)
    case publicationQuestioned = "publication.questioned"
    /// It is corrected. `correctedAt` · corrected(party); ref `error`
    case publicationCorrected = "publication.corrected"
    /// It is taken off. `platform` (portal|provincialService|cityGovernment|serviceSite|all), `ground` (revoked|unlawful|remade|changed|void|expired|other), `withdrawnAt`, `document` · lateReason(internal), publicReason(party)
    case publicationWithdrawn = "publication.withdrawn"
    /// A new version takes its place. `version` · reason(internal)
    case publicationUpdated = "publication.updated"

    // MARK: supervision (监督、报告、设置)

    /// A higher rule takes the place of a row. `provision`, `effect` (off|term|medium), `unit` (hours|days|workingDays|months), `length`, `level` (mandatory|ifNeeded|optional|none), `fromDay`? (the first day whose acts it governs; without it from when it was recorded), `untilDay`? (the last such day) · higherRule(internal), article(internal), value(internal); ref `proposal`?
    case ruleOverridden = "rule.overridden"
    /// A list, guide or set of criteria is adopted in a new version. `kind` (matterList|personnelList|randomList|serviceGuide|flowChart|discretion|majorDecision|avMatters|phrases|other), `version`, `mandatory` (kind of activity), `optional` (kind of activity), `grounds`, `basis` (own|law), `approvedBy` (thread) · content(internal), changeReason(internal), standard(internal), keyPoints(internal), source(internal)
    case listRevised = "list.revised"
    /// Law or functions changed. `affects` (matterList|personnelList|randomList|serviceGuide|flowChart|discretion|majorDecision|avMatters|phrases|other) · what(internal)
    case lawChanged = "law.changed"
    /// A document format is adopted. `issuer` (national|provincial|city|own), `kind`, `version`, `approvedBy` (thread) · source(internal), requiredFields(internal)
    case templateAdopted = "template.adopted"
    /// Something is reported to another body. `kind` (quarterlyData|annualReport|templates|reviewers|complaints|other), `period`, `recipients` (provincialPlatform|cityGovernment|superiorBureau|justiceBureau|public) · content(internal), figures(internal)
    case reportSubmitted = "report.submitted"
    /// A case is sent to the province's platform. `case` (thread), `sentAt` · receipt(internal)
    case platformSynced = "platform.synced"
    /// Officers, reviewers and devices are counted. `officers`, `certified`, `reviewers`, `recorders`, `terminals`, `ratioMet` · basis(internal)
    case staffingCounted = "staffing.counted"
    /// A named person gets a post. `post` (recordsCustodian|deviceManager|deviceKeeper|avRegister|legalReviewer|supervisionOffice|firstResponsible|other), `person` (thread), `section` (inspection|legalAffairs|supervisionOffice|office|other) · scope(internal)
    case postAssigned = "post.assigned"
    /// A named person gives a post up, or is taken from it. `post` (recordsCustodian|deviceManager|deviceKeeper|avRegister|legalReviewer|supervisionOffice|firstResponsible|other), `person` (thread) · reason(internal)
    case postEnded = "post.ended"
    /// Officers or reviewers are trained. `topic` (recorder|law|review|other), `persons` (thread) · content(internal)
    case trainingGiven = "training.given"
    /// Storage for recordings is set up. `kind` (system|dedicated) · location(internal)
    case storageRegistered = "storage.registered"
    /// Recording work is inspected. `period`, `matters` (recorded|conduct|handling|upkeep|overall) · findings(internal)
    case checkMade = "check.made"
    /// A case file is reviewed. `case` (thread), `score`, `reviewer` (thread) · defects(internal)
    case casefileReviewed = "casefile.reviewed"
    /// Recording work is assessed. `period`, `subjectKind` (unit|officer) · content(internal)
    case assessmentMade = "assessment.made"
    /// A breach is found. `kind` (notRecorded|notWorn|interrupted|leaked|copied|altered|forged|destroyed|badKeeping|selfKept|unrelated|deviceDamaged|lentOut|dismantled|privateUse|viewedWithoutApproval|filmedViewing|released|bentLaw|cashCollected|other), `severity` (minor|serious|crime), `person` (thread), `case` (thread), `recording` (thread), `recorder` (thread), `role` (role) · facts(internal)
    case violationRecorded = "violation.recorded"
    /// Correction is ordered within a term. `correctBy`, `orderedBy` (bureau|superior|competentBody) · content(internal); ref `violation`
    case violationOrdered = "violation.ordered"
    /// It was corrected or not. `result` (corrected|notCorrected) · findings(internal); ref `violation`
    case violationRectified = "violation.rectified"
    /// Somebody was held liable. `result` (sanction|transferred|none) · decision(internal); ref `violation`
    case violationPunished = "violation.punished"

    /// The newest version of each type that this program writes.
    public var version: Int {
        switch self {
        // 2: the skeleton states the classes of fields whose class depends on the case.
        case .documentFixed, .documentSigned, .documentIssued, .entryCorrected: 2
        default: 1
        }
    }
}
