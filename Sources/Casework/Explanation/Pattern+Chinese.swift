extension Pattern {
    /// `“开立案件”（种类是行政处罚）`.
    func chinese(_ kinds: [String: DocumentKind]) -> String {
        let name = types.map { "“\($0.chinese)”" }.joined(separator: "、")
        guard !conditions.isEmpty else { return name }
        return "\(name)（\(conditions.map { $0.chinese(kinds, of: Array(types)) }.joined(separator: "，"))）"
    }
}

extension Condition {
    /// `种类是行政处罚`.
    func chinese(_ kinds: [String: DocumentKind], of types: [EntryType] = []) -> String {
        let name = Glossary.member(path, of: types, kinds: Array(kinds.values))
        func list(_ words: [String], _ joint: String = "或") -> String {
            words.map { Glossary.word($0, of: path, in: types, kinds: kinds) }.joined(separator: joint)
        }
        func names(_ paths: [Path]) -> String {
            paths.map { Glossary.member($0, of: types, kinds: Array(kinds.values)) }.joined(separator: "、")
        }
        switch test {
        case .isOne(["true"]): return "属于\(name)"
        case .isOne(["false"]): return "不属于\(name)"
        case .isNone(["true"]): return "不属于\(name)"
        case .isNone(["false"]): return "属于\(name)"
        case .isOne(let words): return "\(name)为\(list(words))"
        case .isNone(let words): return "\(name)不为\(list(words))"
        case .present: return "写明\(name)"
        case .absent: return "没有\(name)"
        case .includes(let words): return "\(name)包括\(list(words, "、"))"
        case .count(let least): return "\(name)不少于\(least.chinese)个"
        case .atLeast(let least): return "\(name)不低于\(least.chinese)"
        case .within(let bound): return "\(name)正负不超过\(bound.chinese)"
        case .atMost(let most): return "\(name)不超过\(most.chinese)"
        case .notAmong(let paths): return "\(name)不在\(names(paths))之中"
        case .among(let paths): return "\(name)在\(names(paths))之中"
        case .office(let office): return "\(name)是本机关选定的“\(office)”"
        case .share(let percent, let whole): return "\(name)不少于\(names([whole]))的\(percent.chinese)%"
        case .notAfter(let other): return "\(name)不晚于\(names([other]))"
        case .notBefore(let other): return "\(name)不早于\(names([other]))"
        case .notToldAfter(let other): return "\(name)没有晚于\(names([other]))"
        case .penalties(let kinds): return "\(name)写明的处罚只有\(kinds.joined(separator: "、"))"
        case .filledIn(let other): return "\(name)在\(names([other]))中都已填写"
        case .outside(let hours): return "\(name)不在\(hours.map(\.chinese).joined(separator: "或者"))"
        }
    }
}

extension Condition.Hours {
    /// The word in sentences.
    var chinese: String {
        switch self {
        case .night: "夜间（22时至次日6时）"
        case .holiday: "放假日"
        }
    }
}

extension Quantity {
    /// The number, or the setting's name.
    var chinese: String {
        switch self {
        case .fixed(let number): "\(number)"
        case .setting(let name): "〔设置 \(name)〕"
        }
    }
}
