extension Requirement {
    /// What meets it: `有《程序启动审批表》，由机关负责人签名（同意）`.
    func chinese(_ kinds: [String: DocumentKind]) -> String {
        "履行：\(inner(kinds))"
    }

    private func inner(_ kinds: [String: DocumentKind]) -> String {
        switch self {
        case .never: "这是禁止的行为，一经发生即为违反"
        case .elapsed(let term): "经过的时间：\(term.chinese(kinds))不得提前"
        case .all(let parts): told(parts, kinds).joined(separator: "，并且")
        case .any(let parts): told(parts, kinds).joined(separator: "，或者")
        case .record(let wanted): wanted.chinese(kinds)
        case .document(let wanted): wanted.chinese(kinds)
        }
    }
}

extension Requirement {
    /// Parts that differ only in how they are tied to the cause read alike, and are said once.
    private func told(_ parts: [Requirement], _ kinds: [String: DocumentKind]) -> [String] {
        parts.map { $0.inner(kinds) }.reduce(into: []) { told, text in
            if !told.contains(where: { $0.utf8.elementsEqual(text.utf8) }) { told.append(text) }
        }
    }
}

extension RecordRequirement {
    func chinese(_ kinds: [String: DocumentKind]) -> String {
        let types = Array(pattern.types)
        func told(_ conditions: [Condition]) -> String {
            conditions.map { $0.chinese(kinds, of: types) }.joined(separator: "，")
        }
        let among = latestOf.isEmpty ? "之前最近的记录是" : "之前（\(told(latestOf))的）最近的记录是"
        let own = tie == .itself ? "该记录应是" : latest ? among : afterCause ? "之后有" : beforeCause ? "之前有" : "有"
        var text = own + pattern.chinese(kinds)
        if !together.isEmpty { text += "，各条合起来\(told(together))" }
        if let unbroken { text += unbroken.chinese(kinds) }
        if !undoneBy.isEmpty {
            text += "，此后\(beforeCause ? "到这时" : "")没有\(undoneBy.map { $0.chinese(kinds) }.joined(separator: "或"))"
        }
        let labels = fields.map { $0.chinese(kinds, of: Array(pattern.types)) }
        if !labels.isEmpty { text += "，写明\(labels.joined(separator: "、"))" }
        return text
    }
}

extension Unbroken {
    /// `，各条的起止时间连成一段，间隔超过2秒的，有“记录中断”（…）说明`.
    func chinese(_ kinds: [String: DocumentKind]) -> String {
        let ground = butFor.map { $0.chinese(kinds) }.joined(separator: "或")
        let ends = between.isEmpty ? "" : "（只看活动开始到结束之间）"
        return "，各条的起止时间连成一段\(ends)，间隔超过\(seconds.chinese)秒的\(ground.isEmpty ? "不算" : "，有\(ground)说明")"
    }
}

extension DocumentRequirement {
    func chinese(_ kinds: [String: DocumentKind]) -> String {
        let wanted = self.kinds.compactMap { kinds[$0] }
        let titles = self.kinds.map { "《\(kinds[$0]?.title ?? $0)》" }.joined(separator: "或")
        var text = "有\(titles)"
        if !conditions.isEmpty {
            text += "（\(conditions.map { $0.chinese(kinds, on: self.kinds) }.joined(separator: "，"))）"
        }
        let labels = fields.map { $0.chinese(kinds, on: wanted) }
        if !labels.isEmpty { text += "，写明\(labels.joined(separator: "、"))" }
        let signers = slots.map { $0.chinese(wanted) }
        if !signers.isEmpty { text += "，由\(signers.joined(separator: "、"))" }
        if issued { text += "，并已编号制发" }
        return text
    }
}

extension FieldRequirement {
    /// A field has the name that it has on the papers that are asked for; where they name it differently, each name.
    func chinese(_ kinds: [String: DocumentKind], of types: [EntryType] = [], on papers: [DocumentKind] = []) -> String
    {
        guard label.isEmpty else { return label }
        guard !papers.isEmpty else {
            return Glossary.member(path, of: types, kinds: kinds.values.sorted { $0.name < $1.name })
        }
        let names = papers.map { Glossary.member(path, of: types, kinds: [$0]) }
        return names.indices.filter { index in !names[..<index].contains { $0 == names[index] } }.map { names[$0] }
            .joined(separator: "或")
    }
}

extension SlotRequirement {
    /// `机关负责人签署意见并签名（同意）`.
    func chinese(_ kinds: [DocumentKind]) -> String {
        let names = slots.map { slot -> String in
            if slot.hasPrefix("@") { return "本机关选定的“\(slot.dropFirst())”" }
            let name = slot.hasSuffix("*") ? "\(slot.dropLast())1" : slot
            return kinds.compactMap { $0.slot(name)?.label }.first ?? "“\(slot)”"
        }
        var text = names.joined(separator: "或")
        if count > 1 { text += "\(count)人" }
        text += opinion == nil ? "签名" : "签署意见并签名"
        if sealed { text += "并加盖公章" }
        if !decisions.isEmpty { text += "（\(decisions.map(\.chinese).joined(separator: "或"))）" }
        return text
    }
}
