import Casework
import Kernel

/// The law of one bureau as it is in force: what the regulations ask of a case, and the kinds of its documents.
public struct Law: Sendable {
    /// Everything that was read from the installation's files.
    public let library: RuleLibrary
    /// The texts in force.
    public let rules: RulesInForce
    /// Working days of the adopted tables; each act is judged by those of its day.
    public let calendar: WorkingDays
    /// What the bureau has set.
    public let settings: Settings
    /// The places for signatures of all kinds, in the order of the kinds' names; put in order once.
    public let places: [SigningPlace]
    /// The kinds that can be drawn up on screen, in the order of the catalogue of documents; put in order once.
    public let drawnKinds: [DocumentKind]
    /// The kinds whose papers others make and bring, in the order of the catalogue of documents.
    public let outsideKinds: [DocumentKind]
    /// Higher rules that take the place of rows (`rule.overridden`), from the bureau's thread: they are judged with every
    /// file, whose own thread does not name them.
    let overrides: [Record]
    /// Which reading of the bureau's thread this is.
    let identity = Identity()

    /// The law of a bureau.
    ///
    /// - Parameter history: the records of the bureau's thread.
    /// - Throws: `StepRefusal` if a file that was adopted is not there any more.
    public init(library: RuleLibrary, bureau profile: BureauProfile, history: [Record]) throws(StepRefusal) {
        let rules: RulesInForce
        do {
            rules = try RulesInForce(bureau: history, library: library)
        } catch {
            throw StepRefusal(.fault, error.chinese)
        }
        var adopted: [AdoptedCalendar] = []
        for one in profile.calendarAdoptions {
            guard
                let table = library.calendars.first(where: { $0.digest == one.digest && $0.year.year == one.year })
            else {
                throw StepRefusal(
                    .fault, "找不到本机关采用过的\(one.year)年节假日表。请从备份恢复数据目录里的 rules 目录，或者把采用时的文件放回 Regulations/calendars 目录。")
            }
            adopted.append(AdoptedCalendar(day: one.day, table: table.year))
        }
        calendar = WorkingDays(adopted: adopted)
        let settings = Settings(
            profile.settings.compactMapValues { $0.integer.map { Int($0) } },
            offices: profile.settings.compactMapValues(\.string))
        self.rules = rules
        self.settings = settings
        overrides = history.filter { $0.type == .ruleOverridden }
        // Forms are signed by whom the joined texts name, as approvals are judged by them.
        let seated = library.seated { rules.holder(of: $0, settings: settings) }
        self.library = seated
        drawnKinds = Law.kinds(of: seated) { $0.templateDigest != nil }
        outsideKinds = Law.kinds(of: seated) { $0.kind.isOutside }
        places = seated.kinds.values.map(\.kind).sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            .flatMap { kind in kind.slots.map { SigningPlace($0, of: kind) } }
    }

    /// A place for a signature, and who signs there.
    public struct SigningPlace: Sendable {
        /// As registers are asked for it.
        public let place: SignatureFilter.Place
        /// Who signs.
        public let who: DutyHolder

        init(_ slot: SlotDefinition, of kind: DocumentKind) {
            place = .init(kind: kind.name, slot: slot.repeats ? "\(slot.name)*" : slot.name)
            who = slot.who
        }
    }

    /// What speaks against recording `proposed` after `history`; empty if nothing does.
    public func reasonsAgainst(_ proposed: [Record], after history: [Record]) -> [StepRefusal.Reason] {
        judge(proposed, after: history).refusals.map { StepRefusal.Reason($0) }
    }

    /// Whether records that would be appended together may be.
    public func judge(_ proposed: [Record], after history: [Record]) -> StepVerdict {
        // A correction that is proposed to be recorded is read into the history, like those recorded before.
        let read = Corrections.lawReading(history + proposed, proposed: proposed.count)
        return Evaluator.judge(
            step: Array(read.suffix(proposed.count)), history: overrides + read.prefix(history.count), rules: rules,
            calendar: calendar, settings: settings)
    }

    /// Every obligation of a history, with its sources.
    public func evaluate(_ history: [Record]) -> Evaluation {
        withoutOverrides(
            Evaluator.evaluate(history: reading(history), rules: rules, calendar: calendar, settings: settings))
    }

    /// The history of a file as the law reads it: corrected, with the higher rules in front.
    func reading(_ history: [Record]) -> [Record] { overrides + Corrections.lawReading(history) }

    /// What the law says of a file, without what it says of the higher rules themselves: they are the bureau's.
    func withoutOverrides(_ evaluation: Evaluation) -> Evaluation {
        guard let bureau = overrides.first?.thread else { return evaluation }
        var own = evaluation
        own.obligations.removeAll { $0.parts.allSatisfy { $0.causedBy.thread == bureau } }
        own.grants.removeAll { $0.record.thread == bureau }
        return own
    }

    /// Every obligation of the bureau's own thread: its posts, its checks, what it found and ordered.
    public func evaluateBureau(_ history: [Record]) -> Evaluation {
        Evaluator.evaluate(history: history, rules: rules, calendar: calendar, settings: settings)
    }

    /// The obligations of a case as rows.
    public func obligations(of thread: ThreadTag, history: [Record]) -> [ObligationRow] {
        evaluate(history).obligations.map { ObligationRow($0, in: thread) }
    }

    /// Places of a document that must still be met before it is issued.
    ///
    /// The bureau's own seal is not among them: it is put on the printed copies of what was issued.
    public func openSlots(of document: CaseDocument, in work: Case) -> [String] {
        guard let kind = library.kind(of: document), let data = document.data else { return [] }
        return kind.places(for: data)
            .filter { $0.isRequired && $0.slot.who != .bureau && document.slots[$0.name] == nil }.map(\.name)
    }

    /// A kind by name.
    ///
    /// - Throws: `StepRefusal` if there is none of this name.
    public func kind(_ name: String) throws(StepRefusal) -> LoadedKind {
        guard let kind = library.kinds[name] else { throw StepRefusal(.notFound, "没有这种文书（\(name)）。") }
        return kind
    }

    /// The kind of a document as it was when the document was fixed: its places to sign, its number, its volume.
    ///
    /// - Throws: `StepRefusal` if that file is not kept, so that nobody goes on under another form unawares.
    public func kind(of document: CaseDocument) throws(StepRefusal) -> DocumentKind {
        guard let digest = document.kindDigest, library.kinds[document.kind]?.digest != digest else {
            return try kind(document.kind).kind
        }
        guard let kept = library.keptKinds[digest] else {
            throw StepRefusal(
                .fault,
                "找不到这份文书定稿时所用的格式文件（摘要 \(digest.description.prefix(16))），不能接着办理。"
                    + "请从备份恢复数据目录里的 rules 目录；确实找不回的，作废这份文书后重新制作。")
        }
        return kept
    }

    /// The template that a document was fixed with: the program's own, or a kept one.
    ///
    /// - Throws: `StepRefusal` if there is no such template any more.
    public func template(of document: CaseDocument) throws(StepRefusal) -> (name: TemplateName, digest: Digest) {
        guard let name = TemplateName(document.kind) else {
            throw StepRefusal(.notFound, "没有这种文书（\(document.kind)）。")
        }
        guard let digest = document.templateDigest, library.kinds[document.kind]?.templateDigest != digest else {
            return (name, try drawnKind(document.kind).templateDigest)
        }
        return (name.kept(digest), digest)
    }

    /// A kind that can be drawn up on screen, and the digest of its template.
    ///
    /// - Throws: `StepRefusal` if there is none of this name, or it has no template.
    public func drawnKind(_ name: String) throws(StepRefusal) -> (inForce: LoadedKind, templateDigest: Digest) {
        let inForce = try kind(name)
        guard let digest = inForce.templateDigest else {
            throw StepRefusal(
                .unavailable, "《\(inForce.kind.title)》由外单位或者个人出具，不在系统中制作。收到以后，在案件页面“归入外来文书”登记并上传扫描件。")
        }
        return (inForce, digest)
    }

    /// A kind whose papers come from outside.
    ///
    /// - Throws: `StepRefusal` if there is none of this name, or the bureau draws it up itself.
    public func outsideKind(_ name: String) throws(StepRefusal) -> LoadedKind {
        let inForce = try kind(name)
        guard inForce.kind.isOutside else {
            throw StepRefusal(.unavailable, "《\(inForce.kind.title)》在系统中制作，不作外来文书归入。请在案件页面制作，签名以后扫描归件。")
        }
        return inForce
    }

    private static func kinds(of library: RuleLibrary, _ isWanted: (LoadedKind) -> Bool) -> [DocumentKind] {
        library.kinds.values.filter(isWanted).map(\.kind).sorted { ($0.row, $0.name) < ($1.row, $1.name) }
    }
}

extension StepRefusal.Reason {
    /// A refusal of the regulations in the words of the screen.
    public init(_ refusal: Refusal) {
        self.init(
            provisions: refusal.citations.map(\.provision), missing: refusal.sentence, who: refusal.suppliers,
            overridableBy: refusal.lifters)
    }
}

extension ObligationRow {
    /// The row of an obligation.
    init(_ obligation: Obligation, in thread: ThreadTag) {
        self.init(
            caseThread: thread, key: obligation.key.description, matter: obligation.key.matter, state: obligation.state,
            title: obligation.demand + (obligation.isStandingStill ? ObligationRow.standingStill : ""),
            provisions: obligation.citations.map(\.provision),
            gate: obligation.gate.rawValue, who: obligation.who?.rawValue ?? "",
            // A reminder stands where a term would: without a time from which it is late.
            due: obligation.due ?? obligation.reminder?.due,
            lateFrom: obligation.lateFrom)
    }
}

extension Law {
    /// The law of a bureau that is being founded: nothing is adopted yet, so nothing is asked.
    public static func atFounding(_ library: RuleLibrary) throws(StepRefusal) -> Law {
        let opening = Record(
            thread: ThreadTag(high: 0, low: 0), seq: 1, type: .bureauOpened, recordedAt: Instant(milliseconds: 0))
        guard let profile = BureauProfile([opening]) else {
            throw StepRefusal(.fault, "系统出现故障，机关没有建立。")
        }
        return try Law(library: library, bureau: profile, history: [])
    }
}
