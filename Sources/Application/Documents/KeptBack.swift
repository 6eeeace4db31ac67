import Casework
import Kernel
import Ledger

/// A recording that is kept from a reader of the file (不提供的资料): from whom, on which ground, by whose word (ADR 0061).
public struct KeptBack: Sendable {
    /// What it is, by form and act: never by the name that somebody gave it.
    public let title: String
    /// The place of its link, in the thread of the case or of the inspection that the case was opened from.
    public let seq: Int
    public let isOfSource: Bool
    /// Who does not get it.
    public let readers: String
    /// Why, in the words of a dossier; of a secret its sort and level too.
    public let ground: String
    /// Who put it into this class.
    public let by: ThreadTag?
    /// Who looked at it and said so too; nil where nobody was asked, or has not yet.
    public let confirmed: (by: ThreadTag?, at: Instant)?
    /// Whether somebody still has to look at it.
    public let isOpen: Bool
    /// Who looked at it and said that it does not belong there; nil where nobody did.
    public let turnedDown: (by: ThreadTag?, at: Instant)?
    /// The place of the link by which the same file came in again in another class; nil where it did not.
    public let replacedBy: Int?

    /// Where its link stands, in words.
    public var place: String { "\(isOfSource ? "来源检查" : "本案")记录线第 \(seq) 条归入的\(title)" }

    /// A sentence that names it with everybody who answers for it.
    public func sentence(_ name: (ThreadTag?) -> String) -> String {
        let word =
            confirmed.map { "，\(name($0.by))于\($0.at.day.chinese)打开核对" }
            ?? turnedDown.map { refused in
                "，\(name(refused.by))于\(refused.at.day.chinese)打开核对，认为不属于这一类，退回"
                    + (replacedBy.map { "；同一文件已经改按其他类别归入（本案记录线第 \($0) 条），随卷提供" } ?? "")
            } ?? (isOpen ? "，还没有经负责人核对" : "")
        return "\(place)：不提供给\(readers)，\(ground)；\(name(by))归类\(word)。"
    }
}

extension KeptBack {
    /// What is kept back of a case and of the inspection that it was opened from, in order.
    public static func all(_ view: CaseView, source: CaseView?) -> [KeptBack] {
        ((source.map { [($0, true)] } ?? []) + [(view, false)]).flatMap { view, isOfSource in
            view.work.recordings.compactMap { KeptBack($0, of: view, isOfSource: isOfSource) }
        }
    }

    private init?(_ linked: LinkedRecording, of view: CaseView, isOfSource: Bool) {
        guard let imported = view.recordings[linked.recording]?.first?.entry,
            let openingClass = imported.openingClass(of: "digest"),
            let ground = DossierAudience.court.ground(against: openingClass)
                ?? DossierAudience.party.ground(against: openingClass)
        else { return nil }
        let link = view.records.first { $0.seq == linked.seq }
        let sort = [("secrecy", ""), ("secretLevel", "级")].compactMap { member, unit in
            link?.word(member).map { EntryType.recordingLinked.chinese($0, of: member) + unit }
        }
        title = CaseFileSheets.title(of: linked, imported, in: view.work)
        seq = linked.seq
        self.isOfSource = isOfSource
        readers = DossierAudience.court.ground(against: openingClass) == nil ? "当事人" : "当事人和法院"
        self.ground = ground + (sort.isEmpty ? "" : "（\(sort.joined(separator: "，"))）")
        by = link?.actor
        let word = view.records.last { Confirmations.target(of: $0) == linked.seq && $0.word("result") == "passed" }
        confirmed = word.map { ($0.actor, $0.recordedAt) }
        let awaited = view.work.awaited.first { $0.seq == linked.seq }
        isOpen = awaited != nil && awaited?.isTurnedDown != true
        let refused = awaited.flatMap { awaited in
            awaited.isTurnedDown
                ? view.records.last { Confirmations.target(of: $0) == linked.seq && $0.word("result") == "returned" }
                : nil
        }
        turnedDown = refused.map { ($0.actor, $0.recordedAt) }
        replacedBy = awaited.flatMap { KeptBack.replacement(of: $0, in: view) }
    }

    /// What still keeps a file back on one person's word: to be looked at by a head, or taken in anew in another class.
    public static func open(in view: CaseView) -> [AwaitedRecord] {
        view.work.awaited.filter { $0.type == .recordingLinked && !isReplaced($0, in: view) }
    }

    /// Whether what was turned down came in again in a class that keeps it from nobody whom it must not be kept from: the
    /// class of an entry is for ever, and the same bytes are.
    static func isReplaced(_ awaited: AwaitedRecord, in view: CaseView) -> Bool {
        replacement(of: awaited, in: view) != nil
    }

    /// The place of the link by which it came in again; nil where it did not.
    static func replacement(of awaited: AwaitedRecord, in view: CaseView) -> Int? {
        guard awaited.isTurnedDown, let digest = digest(of: awaited.seq, in: view) else { return nil }
        return view.work.recordings.first { other in
            other.seq > awaited.seq && self.digest(of: other.seq, in: view) == digest
                && view.recordings[other.recording]?.first?.entry.openingClass(of: "digest")
                    .map(OpeningRule.veiled.contains) == false
        }?.seq
    }

    private static func digest(of link: Int, in view: CaseView) -> String? {
        let recording = view.work.recordings.first { $0.seq == link }?.recording
        let imported = recording.flatMap { view.recordings[$0]?.first }
        let opening = imported?.entry.openings.first { $0.name == "digest" }
        return opening.flatMap { try? JSON(canonical: $0.value) }?["sha256"]?.string
    }

    /// Refuses what hands a file out, or closes it, while something in it is kept back on one person's word.
    static func refusal(in views: [CaseView], before what: String) -> StepRefusal? {
        let open = views.flatMap { view in KeptBack.open(in: view).map { ($0, view.work) } }
        guard !open.isEmpty else { return nil }
        var refusal = StepRefusal(.gate, "\(what)以前，应当先由负责人核对归为依法保密的资料：不能只凭一个人的归类，就不给当事人和法院。")
        refusal.reasons = open.map { one, work in
            .init(
                provisions: [],
                missing:
                    "\(work.kind == .inspection ? "行政检查" : "本案")记录线第 \(one.seq) 条归入的资料（\(one.recordedAt.chinese)归类）\(one.isTurnedDown ? "核对退回，还没有按正确的类别重新上传" : "还没有经负责人核对")",
                who: one.isTurnedDown ? "承办人" : "没有承办本案的部门负责人或者行政机关负责人")
        }
        return refusal
    }

    /// Who says that somebody reported what a case, or the inspection that it was opened from, is about.
    enum ReporterWord: Hashable {
        /// Nobody does: there is no reporter to protect.
        case nobody
        /// A handler does: by the source that was chosen at the opening, a paper of the case, or a complaint of their own.
        case handler
        /// Somebody else registered the complaint that the case began with.
        case another
    }

    /// Whose word it is that a case has somebody who reported (ADR 0061).
    static func reporter(_ scene: Scene) async throws(StepRefusal) -> ReporterWord {
        let views = [scene.view] + [try await scene.source()].compactMap { $0 }
        let handlers = Set(views.flatMap(\.work.handlers))
        for view in views {
            guard let lead = view.records.first?.thread("lead"),
                let file = try await scene.casebook?.loadLead(lead).records.first, file.type == .leadReceived
            else { continue }
            if let actor = file.actor, !handlers.contains(actor), actor != scene.performer.tag { return .another }
        }
        let isSaid = views.contains { view in
            [.complaint, .report].contains(view.work.source)
                || view.entries.contains { logged in
                    logged.entry.skeleton.content.type == EntryType.documentFixed.rawValue
                        && logged.entry.openingClass(of: "data") == .reporter
                }
        }
        return isSaid ? .handler : .nobody
    }
}
