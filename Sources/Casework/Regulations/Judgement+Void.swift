import Kernel

/// A document that was made void, looked at as it stood before.
struct Spared {
    /// The fixed entry.
    let fixed: Int?
    /// Its id.
    let document: String
    /// Where it was made void.
    let until: Int
}

extension Judgement {
    /// What became of a duty whose causing document was made void, if it was broken by then: what was broken stays broken
    /// (docs/regulations.md, Exceptions). Nil if nothing was; then the duty does not apply any more.
    ///
    /// Such a breach refuses no further step but filing: nothing can mend what does not stand.
    func brokenBeforeVoid(at voided: Int, about subject: Int32, trigger: Int) -> JudgedPart? {
        guard spared == nil, let document = ground.index.document(at: trigger),
            let at = ground.index.records[voided].recordedAt.ordinary
        else { return nil }
        let before = Judgement(
            ground: ground, planned: planned, words: words, period: period, activity: activity,
            spared: Spared(fixed: document.fixed, document: document.id, until: voided)
        ).judge(about: subject, trigger: trigger)
        guard before.part.state == .open || before.part.state == .metLate,
            let lateFrom = before.part.lateFrom, lateFrom <= at
        else { return nil }
        return before
    }

    /// What one cause asked and was broken by the time another cause took its place: the new one begins its own term and
    /// mends nothing. Nil if nothing was broken by then. It refuses no further step but filing, like what was broken
    /// before a document was made void.
    func brokenBefore(_ next: Int, about subject: Int32, trigger: Int) -> JudgedPart? {
        if let voided = ground.index.voided(at: trigger) {
            return brokenBeforeVoid(at: voided, about: subject, trigger: trigger)
        }
        guard let at = ground.index.records[next].happenedAt.ordinary else { return nil }
        let before = Judgement(
            ground: ground, planned: planned, words: words, activity: activity, isReplaced: true
        ).judge(about: subject, trigger: trigger)
        guard before.part.state == .open || before.part.state == .metLate,
            let lateFrom = before.part.lateFrom, lateFrom <= at
        else { return nil }
        return before
    }

    /// Whether the record at a position belongs to a document that was made void and is not looked at as it stood before.
    func isVoid(at position: Int) -> Bool {
        guard ground.index.isVoid(at: position) else { return false }
        guard let spared, position < spared.until else { return true }
        return ground.index.document(at: position)?.id != spared.document
    }

    /// The fixed entries of documents that stand and can meet a requirement, in the order in which they first appeared.
    func standing(_ planned: PlannedDocument) -> [Int] {
        let all = ground.standing(planned)
        guard let fixed = spared?.fixed, let kind = ground.index.records[fixed].word("kind"),
            planned.wanted.kinds.contains(kind)
        else { return all }
        return (all + [fixed]).sorted()
    }
}
