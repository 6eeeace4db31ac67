import Casework
import Kernel

/// One telling of the party what the bureau means to decide (行政处罚法第四十四条).
struct Telling: Hashable, Sendable {
    let at: Instant
    /// From when the party's time to answer runs: where whoever told it entered that on a later day and nobody else bears it
    /// out, from the entry. The party may only gain by that.
    let runsFrom: Instant
    /// What it says is to be decided, in its own words; nil where it does not say, or the text was destroyed.
    let content: String?
    /// Whether a notice told it, which the party signed or was served; words alone are recorded by whoever spoke them.
    let isWritten: Bool
    /// Whether it tells the right to ask for a hearing.
    let tellsHearing: Bool
    /// How long the party may state and defend itself, as the notice says it.
    let term: String?
}

extension CaseCourse {
    /// The tellings that reached the party, by time: notices that it signed, or refused to sign before somebody else, or
    /// that were served, and words that were recorded.
    ///
    /// What was said of other rights, to others, at a visit or after a demand tells the party nothing of this decision.
    var tellings: [Telling] {
        let notices = work.documents.filter { document in
            document.kind == DocumentKindName.rightsNotice && !document.isVoid && !document.isSuperseded
                && document.data.map { CaseCourse.tells($0["rights"]) } != false
        }
        let written = notices.compactMap { notice -> Telling? in
            guard let (at, runsFrom) = reached(notice) else { return nil }
            let content = notice.data?["content"]?.elements?.compactMap(\.string).joined(separator: "\n")
            return Telling(
                at: at, runsFrom: runsFrom, content: content, isWritten: true,
                tellsHearing: CaseCourse.rights(notice.data?["rights"]).contains("hearing"),
                term: notice.data?["defenceTerm"]?.string)
        }
        let spoken = records.filter { record in
            record.thread == work.thread && record.type == .rightsNotified && CaseCourse.tells(record.plain["rights"])
                && record.word("recipient") != "interested"
                && ["activity", "afterDemand"].contains(record.word("phase")) == false
                // Telling by a notice is the notice's own, whoever records that it was done.
                && record.word("document").flatMap({ DocumentID($0) }).flatMap(work.document).map {
                    reached($0) != nil
                } != false
        }.map { record in
            Telling(
                at: record.happenedAt, runsFrom: CaseCourse.runsFrom(record.happenedAt, enteredAt: record.recordedAt),
                content: record.text("matter"), isWritten: false,
                tellsHearing: CaseCourse.rights(record.plain["rights"]).contains("hearing"), term: nil)
        }
        return (written + spoken).sorted { $0.at < $1.at }
    }

    /// When a notice reached the party, and from when that counts: by its signature, by a refusal that somebody saw, or by
    /// service; nil before. A service of another day was confirmed by somebody else (`Confirming`).
    private func reached(_ notice: CaseDocument) -> (at: Instant, runsFrom: Instant)? {
        var ways = work.services.filter { !$0.isReturned && $0.document == notice.id }
            .map { (at: $0.servedAt, runsFrom: $0.servedAt) }
        if let slot = notice.slots["party"], isSeen(slot, on: notice), slot.capacity?.mayReceive(for: nil) != false {
            let entered = records.first { $0.thread == work.thread && $0.seq == slot.seq }?.recordedAt ?? slot.signedAt
            ways.append((slot.signedAt, CaseCourse.runsFrom(slot.signedAt, enteredAt: entered)))
        }
        guard let at = ways.map(\.at).min(), let runsFrom = ways.map(\.runsFrom).min() else { return nil }
        return (at, runsFrom)
    }

    /// From when a time counts that its own keeper entered: from the entry, where that is another day.
    private static func runsFrom(_ at: Instant, enteredAt: Instant) -> Instant {
        at.day < enteredAt.day && enteredAt.milliseconds(since: at) > Confirming.lateMark ? enteredAt : at
    }

    /// Whether anything but the word of the officers shows how a place was met. Who refuses, or cannot, leaves nothing behind:
    /// a witness signs that it was so (拒绝签字情况说明; zhaoxian-2017:10c), or a recording of that very session shows it. A name
    /// that somebody typed is no witness.
    private func isSeen(_ slot: CaseDocument.MetSlot, on notice: CaseDocument) -> Bool {
        guard ["refused", "unable"].contains(slot.manner) else { return true }
        let isWitnessed = work.documents.contains { note in
            note.kind == "refusal-to-sign-note" && note.about == notice.id && !note.isVoid && !note.isSuperseded
                && ["screen", "paper"].contains(note.slots["witness"]?.manner ?? "")
        }
        if isWitnessed { return true }
        return work.recordings.contains { linked in
            // What shows it came in after it happened, and belongs to the session in which it happened.
            guard linked.linkedAt >= slot.signedAt,
                let activity = work.activities.first(where: { $0.id == linked.activity })
            else { return false }
            return activity.startAt <= slot.signedAt && activity.endAt.map { slot.signedAt <= $0 } != false
        }
    }

    /// Whether a notice says that the party refused to sign it, or could not, and nothing shows that.
    var hasUnseenRefusal: Bool {
        work.documents.contains { notice in
            notice.kind == DocumentKindName.rightsNotice && !notice.isVoid && !notice.isSuperseded
                && notice.slots["party"].map { !isSeen($0, on: notice) } == true && reached(notice) == nil
        }
    }

    /// Whether the case waits for the party to be told, because a refusal is nobody's but the officers' word.
    public var isRefusalUnseen: Bool { asksTelling && toldAt == nil && hasUnseenRefusal }

    /// When the party was first told what the bureau means to decide and that it may state and defend itself; nil before.
    var toldAt: Instant? { tellings.first?.at }

    /// Whether the party was told at all.
    public var isTold: Bool { toldAt != nil }

    /// Whether the party was heard about what it was told last: it stated, waived, or let the time go by since. Where nobody
    /// was told, whether it was heard at all.
    public var isHeard: Bool {
        let statements = work.statements.filter { $0.phase != "afterDemand" }
        guard let told = tellings.last else { return !statements.isEmpty }
        return statements.contains { $0.at.milliseconds(since: told.at) >= -60_000 }
    }

    /// Whether the party asked for a hearing in a paper that it signed, and nobody recorded it: the paper asks, not whoever
    /// keeps the record (行政处罚法第六十三条第二款).
    var hasUnrecordedHearingRequest: Bool {
        let papers = work.documents.filter { paper in
            // One that was made void was made all the same: what the party asked for is not taken back by the bureau.
            paper.kind == "written-party-submission" && !paper.isSuperseded
                && paper.data?["submissionKind"]?.string == "hearingRequest"
                && ["screen", "paper"].contains(paper.slots["party"]?.manner ?? "")
        }
        let recorded = records.contains { $0.thread == work.thread && $0.type == .hearingRequested }
        return !papers.isEmpty && !recorded
    }

    /// Whether the rights that were told are those of stating and defending.
    private static func tells(_ rights: JSON?) -> Bool {
        Set(["statement", "defence"]).isSubset(of: CaseCourse.rights(rights))
    }

    private static func rights(_ rights: JSON?) -> Set<String> { Set(rights?.elements?.compactMap(\.string) ?? []) }

    /// The telling that a penalty is compared with: the newest that a paper bears out. Spoken words rest on the hand that
    /// recorded them; they open nothing that the paper did not.
    var toldPenalty: Telling? { tellings.last(where: \.isWritten) ?? tellings.last }

    /// Whether the party has the right to be told before it is heard: in the summary procedure it is told and heard on the
    /// spot, and nobody is punished in an inspection.
    var asksTelling: Bool { isGeneral }
}

/// Papers in which the party answers what it was told, or gives up answering (行政处罚法第四十四条、第四十五条、第六十二条;
/// zhaoxian-2017:12(5)): there is nothing to answer before.
enum PartyPaper {
    /// The field that says when the party stated, waived or handed in; nil for papers of another sort.
    static func answers(_ kind: String, _ data: JSON) -> String? {
        switch kind {
        case "statement-defence-transcript": "startAt"
        case "oral-waiver-record": "waivedAt"
        case "written-party-submission":
            // What else a party hands in, and its request for a hearing, come when they come.
            ["statement", "defence", "waiver"].contains(data["submissionKind"]?.string ?? "") ? "receivedAt" : nil
        default: nil
        }
    }

    /// The field that says when the party spoke in a paper. At a hearing it states and defends itself too, and the decision is
    /// made by what stands in the transcript (行政处罚法第六十五条).
    static func spoken(_ kind: String, _ data: JSON) -> String? {
        kind == "hearing-transcript" ? "hearingAt" : answers(kind, data)
    }

    /// Refuses such a paper of a party that was not told, and one that says that it answered before.
    static func requireTold(_ kind: DocumentKind, _ data: JSON, in scene: Scene) throws(StepRefusal) {
        let course = scene.course
        guard course.asksTelling, let field = answers(kind.name, data) else { return }
        guard let told = course.toldAt else {
            let gates = Foresight(
                view: scene.view, law: scene.law, person: scene.performer.person, now: scene.now
            ).refusals(of: .fixing(kind: kind.name))
            guard gates.isEmpty else { return }
            throw untold("再制作《\(kind.title)》。告知以前收到的书面材料，在《当事人书面陈述（申辩、放弃）材料》里选“其他”", in: course)
        }
        if let at = data[field]?.string.flatMap({ Instant($0) }), at.milliseconds(since: told) < -60_000 {
            throw StepRefusal(fields: [
                .init(field, "“\(kind.field(field)?.label ?? field)”不能早于告知（\(told.chinese)）。没有告知的，当事人无从陈述申辩，也无从放弃。")
            ])
        }
    }

    /// The refusal: what has to be done first, and what then.
    static func untold(_ then: String, in course: CaseCourse) -> StepRefusal {
        var refusal = StepRefusal(.outOfOrder, "还没有告知当事人拟作出的处罚和他陈述、申辩的权利。请先制作《权利告知书》，由当事人签收或者送达，\(then)。")
        refusal.reasons = [lack(in: course)]
        return refusal
    }

    /// What is missing of the telling, and who supplies it.
    static func lack(in course: CaseCourse) -> StepRefusal.Reason {
        let missing =
            course.hasUnseenRefusal
            ? "《权利告知书》登记为当事人拒绝或者不能签名，没有见证人签名的《拒绝签字（盖章）情况说明》（制作时在“相关文书”里选这份告知书），也没有告知当时的执法活动的录音录像，不能算作已经告知；请补齐其中一样，或者依法送达告知书，或者作废后重新告知"
            : "还没有告知当事人拟作出的处罚内容、事实、理由、依据和陈述、申辩的权利"
        return .init(provisions: ["parent-law:penalty-44"], missing: missing, who: "承办人")
    }
}

extension Scene {
    /// The case with the records of its own thread.
    var course: CaseCourse { CaseCourse(work: work, records: view.records) }
}
