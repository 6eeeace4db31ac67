import Kernel

extension Judgement {
    /// What is still missing, in Chinese; empty when the requirement is met.
    func missing(_ requirement: Requirement, trigger: Int, duty: Duty) -> [Missing] {
        guard satisfy(requirement, trigger: trigger, metAt: .recorded) == nil else { return [] }
        return lacks(requirement, trigger: trigger, duty: duty)
    }

    /// The same of a requirement that is known not to be met.
    func lacks(_ requirement: Requirement, trigger: Int, duty: Duty) -> [Missing] {
        switch requirement {
        case .never:
            return [Missing(duty.demand, supplier: duty.who)]
        case .all(let parts):
            return parts.flatMap { missing($0, trigger: trigger, duty: duty) }
        case .any(let parts):
            let ways = parts.map { missing($0, trigger: trigger, duty: duty) }
            var sentences: [String] = []
            for way in ways.map({ $0.map(\.sentence).joined(separator: "；") }) where !sentences.contains(way) {
                sentences.append(way)
            }
            let sentence = sentences.joined(separator: "，或者")
            return [Missing(sentence, supplier: ways.first?.first?.supplier ?? duty.who)]
        case .record(let wanted):
            return [missing(wanted, trigger: trigger, duty: duty)]
        case .document(let wanted):
            return missing(wanted, trigger: trigger, duty: duty)
        case .elapsed(let term):
            guard let end = passed(term, trigger: trigger) else {
                return [Missing("没有写明起算时间，无法确认期限已经届满", supplier: duty.who)]
            }
            return [Missing("期限尚未届满，应在\(end.chinese)以后", supplier: duty.who)]
        }
    }

    private func missing(_ wanted: RecordRequirement, trigger: Int, duty: Duty) -> Missing {
        let name = wanted.pattern.types.map(\.chinese).joined(separator: "或")
        guard let last = candidates(for: wanted, trigger: trigger).last else {
            if !wanted.lack.isEmpty { return Missing(wanted.lack, supplier: duty.who) }
            return Missing(wanted.tie == .itself ? "“\(name)”记录不合要求" : "尚无“\(name)”记录", supplier: duty.who)
        }
        let labels = lacking(wanted.fields, at: last, trigger: trigger, kind: nil)
        return Missing("“\(name)”没有写明\(labels.joined(separator: "、"))", supplier: duty.who)
    }

    /// Says what the latest document lacks: the one that is being worked on.
    private func missing(_ wanted: DocumentRequirement, trigger: Int, duty: Duty) -> [Missing] {
        let name = wanted.kinds.map { "《\(kinds.named[$0]?.title ?? $0)》" }.joined(separator: "或")
        guard let document = documents(for: wanted, trigger: trigger).last else {
            return [Missing("尚未制作\(name)", supplier: duty.who)]
        }
        let kind = kinds.kind(fixedBy: index.records[document.fixed])
        let title = "《\(kind?.title ?? name)》"
        var result: [Missing] = []
        let labels = lacking(wanted.fields, at: document.fixed, trigger: trigger, kind: kind)
        if !labels.isEmpty {
            result.append(Missing("\(title)没有写明\(labels.joined(separator: "、"))", supplier: duty.who))
        }
        for slot in wanted.slots where holds(slot.when, at: document.fixed, trigger: trigger) {
            guard signatures(for: slot, document: document, trigger: trigger).count < slot.count else { continue }
            result.append(missing(slot, of: title, kind: kind, duty: duty))
        }
        if wanted.issued, index.documents[document.id]?.issued == nil {
            result.append(Missing("\(title)尚未印发", supplier: duty.who))
        }
        return result
    }

    private func missing(_ slot: SlotRequirement, of title: String, kind: DocumentKind?, duty: Duty) -> Missing {
        let slot = resolved(slot)
        let definitions = slot.slots.map { name in kind?.slot(name.hasSuffix("*") ? "\(name.dropLast())1" : name) }
        let labels = zip(slot.slots, definitions).map { name, definition in definition?.label ?? name }
        var what = slot.sealed ? "签名并加盖公章" : "签名"
        if slot.opinion != nil { what = "意见和\(what)" }
        if !slot.decisions.isEmpty { what += "（\(slot.decisions.map(\.chinese).joined(separator: "或"))）" }
        if slot.count > 1 { what = "\(slot.count)人\(what)" }
        let who = definitions.first?.map(\.who) ?? duty.who
        return Missing("\(title)缺少\(labels.joined(separator: "或"))\(what)", supplier: who)
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
