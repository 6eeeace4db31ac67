import Kernel

extension Judgement {
    /// What is still missing, in Chinese; empty when the requirement is met.
    private func missing(_ requirement: PlannedRequirement, trigger: Int) -> [Missing] {
        guard satisfy(requirement, trigger: trigger, metAt: .recorded) == nil else { return [] }
        return lacks(requirement, trigger: trigger)
    }

    /// The same of a requirement that is known not to be met.
    func lacks(_ requirement: PlannedRequirement, trigger: Int) -> [Missing] {
        switch requirement {
        case .never:
            return [Missing(planned.duty.demand, supplier: who)]
        case .all(let parts):
            return parts.flatMap { missing($0, trigger: trigger) }
        case .any(let choice):
            // None of them is met, or it would be.
            if let absent = choice.absent { return [Missing(absent, supplier: choice.supplier ?? who)] }
            let ways = choice.ways.map { lacks($0, trigger: trigger) }
            var sentences: [String] = []
            for way in ways {
                var once: [String] = []
                for one in way.map(\.sentence) where !once.contains(one) { once.append(one) }
                let told = once.joined(separator: "；")
                if !sentences.contains(told) { sentences.append(told) }
            }
            return [Missing(Missing.alternatives(sentences), supplier: ways.first?.first?.supplier ?? who)]
        case .record(let wanted):
            // What one record would have met has none.
            return [
                wanted.isMetByAny
                    ? Missing(wanted.absent, supplier: wanted.supplier ?? who) : missing(wanted, trigger: trigger)
            ]
        case .document(let wanted):
            return missing(wanted, trigger: trigger)
        case .elapsed(let planned):
            guard let end = passed(planned.term, trigger: trigger) else {
                return [Missing("没有写明起算时间，无法确认期限已经届满", supplier: who)]
            }
            return [Missing("期限尚未届满，应在\(end.chinese)以后", supplier: who)]
        }
    }

    private func missing(_ record: PlannedRecord, trigger: Int) -> Missing {
        let supplier = record.supplier ?? who
        var last: Int?
        eachCandidate(for: record, trigger: trigger) { position in
            last = position
            return true
        }
        guard let last else { return Missing(record.absent, supplier: supplier) }
        let labels = lacking(record.fields, at: last, trigger: trigger, kind: nil)
        // They are there, and are not enough together.
        if let unbroken = record.unbroken, let hole = firstHole(record, unbroken, trigger: trigger) {
            let run = "\(hole.from.chineseToTheSecond)至\(hole.to.chineseToTheSecond)"
            return Missing("\(record.absent)（\(run)）", supplier: supplier)
        }
        guard !labels.isEmpty else { return Missing(record.absent, supplier: supplier) }
        return Missing("“\(record.name)”没有写明\(labels.joined(separator: "、"))", supplier: supplier)
    }

    /// Says what the latest document lacks: the one that is being worked on.
    private func missing(_ document: PlannedDocument, trigger: Int) -> [Missing] {
        let kinds = ground.plan.kinds
        let standing = standing(document)
        guard let fixed = standing.last(where: { isWanted($0, document, trigger: trigger) }) else {
            // One of another matter is none: of it nothing is told here, and what comes to it changes nothing.
            let isThere = standing.contains { isTied($0, document, trigger: trigger) }
            return [Missing(isThere ? document.unfit : document.absent, supplier: who)]
        }
        let kind = kinds.kind(fixedBy: ground.index.records[fixed])
        let title = "《\(kind?.title ?? document.name)》"
        var result: [Missing] = []
        let labels = lacking(document.fields, at: fixed, trigger: trigger, kind: kind)
        if !labels.isEmpty {
            result.append(Missing("\(title)没有写明\(labels.joined(separator: "、"))", supplier: who))
        }
        for slot in document.slots where ground.holds(slot.when, at: fixed, trigger: trigger, activity: activity) {
            let needed = needed(slot, fixed: fixed)
            guard signatures(for: slot, fixed: fixed, trigger: trigger).count < needed else { continue }
            result.append(missing(slot, needed, of: title, kind: kind))
        }
        if document.wanted.issued, ground.index.document(at: fixed)?.issued == nil {
            result.append(Missing("\(title)尚未制发", supplier: who))
        }
        return result
    }

    private func missing(_ slot: PlannedSlot, _ needed: Int, of title: String, kind: DocumentKind?) -> Missing {
        let slot = resolved(slot)
        let definitions = slot.slots.map { name in kind?.slot(name.hasSuffix("*") ? "\(name.dropLast())1" : name) }
        let labels = zip(slot.slots, definitions).map { name, definition in definition?.label ?? name }
        var what = slot.sealed ? "签名并加盖公章" : "签名"
        if slot.opinion != nil { what = "意见和\(what)" }
        if !slot.decisions.isEmpty { what += "（\(slot.decisions.map(\.chinese).joined(separator: "或"))）" }
        if needed > 1 { what = "\(needed)人\(what)" }
        let who = definitions.first?.map(\.who) ?? who
        return Missing("\(title)缺少\(labels.joined(separator: "或"))\(what)", supplier: who)
    }
}

extension Missing {
    /// What is missing where any one of several things would do, each told as a lack: the first is the usual way.
    static func alternatives(_ lacks: [String]) -> String {
        guard let first = lacks.first, lacks.count > 1 else { return lacks.first ?? "" }
        let others = lacks.dropFirst().map { $0.hasPrefix("尚未制作") ? "也没有\($0.dropFirst("尚未制作".count))" : $0 }
        return "\(first)（\(others.joined(separator: "，"))\(anyOne)"
    }

    private static let anyOne = "；有其中一项即可）"

    /// The usual way to mend it, where there are others.
    private var usual: Substring? {
        sentence.hasSuffix(Self.anyOne) ? sentence.split(separator: "（", maxSplits: 1).first : nil
    }

    /// What is missing without what follows from the rest: where one text asks for a thing and another for it or something
    /// else, or two for it or different things, the thing is said once.
    static func withoutWeaker(_ missing: [Missing]) -> [Missing] {
        missing.indices.filter { place in
            guard let usual = missing[place].usual else { return true }
            return !missing.contains { $0.sentence == usual } && !missing[..<place].contains { $0.usual == usual }
        }.map { missing[$0] }
    }
}

extension SigningDecision {
    /// The word on pages.
    public var chinese: String {
        switch self {
        case .agree: "同意"
        case .refuse: "不同意"
        case .passed: "通过"
        case .returned: "退回"
        }
    }
}
