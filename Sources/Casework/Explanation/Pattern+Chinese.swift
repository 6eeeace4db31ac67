extension Pattern {
    /// `“开立案件”（种类是行政处罚）`.
    func chinese(_ kinds: [String: DocumentKind]) -> String {
        let name = types.map { "“\($0.chinese)”" }.joined(separator: "、")
        guard !conditions.isEmpty else { return name }
        return
            "\(name)（\(conditions.map { $0.chinese(kinds, of: Array(types), on: named(kinds)) }.joined(separator: "，"))）"
    }

    /// The kinds of papers that its conditions name.
    private func named(_ kinds: [String: DocumentKind]) -> [String] {
        conditions.flatMap { condition -> [String] in
            guard condition.path.members == ["kind"], case .isOne(let words) = condition.test else { return [] }
            return words.filter { kinds[$0] != nil }
        }
    }
}

extension Condition {
    /// Whether a member is held against the same member of the cause.
    private func isOfTheCause(_ paths: [Path]) -> Bool {
        paths.count == 1 && paths[0].scope == .trigger && paths[0].members == path.members && path.scope == .own
    }

    /// `种类是行政处罚`.
    ///
    /// - Parameter named: the kinds of papers that it is about: fields have the names that they have there.
    func chinese(_ kinds: [String: DocumentKind], of types: [EntryType] = [], on named: [String] = []) -> String {
        let own = named.compactMap { kinds[$0] }
        let papers = own + kinds.values.filter { !named.contains($0.name) }.sorted { $0.name < $1.name }
        let name = Glossary.member(path, of: types, kinds: papers)
        func list(_ words: [String], _ joint: String = "或") -> String {
            words.map { Glossary.word($0, of: path, in: types, kinds: kinds) }.joined(separator: joint)
        }
        func names(_ paths: [Path]) -> String {
            paths.map { other in
                // Whose it is, where the member itself does not say so: else one would be held against itself.
                let owner = other.scope == .trigger ? "起因的" : other.scope == .own && path.scope != .own ? "该记录的" : ""
                return owner + Glossary.member(other, of: types, kinds: papers)
            }.joined(separator: "、")
        }
        let (owner, truth) = Glossary.parts(path, of: types, kinds: papers)
        switch test {
        case .isOne(["true"]), .isNone(["false"]): return "\(owner)属于\(truth)"
        case .isOne(["false"]), .isNone(["true"]): return "\(owner)不属于\(truth)"
        case .isOne(let words): return "\(name)为\(list(words))"
        case .isNone(let words): return "\(name)不为\(list(words))"
        case .present: return "写明\(name)"
        case .absent: return "没有\(name)"
        case .includes(let words): return "\(name)包括\(list(words, "、"))"
        case .count(let least): return "\(name)不少于\(least.chinese)个"
        case .atLeast(let least): return "\(name)不低于\(least.chinese)"
        case .within(let bound): return "\(name)正负不超过\(bound.chinese)"
        case .atMost(let most): return "\(name)不超过\(most.chinese)"
        case .among(let paths) where isOfTheCause(paths): return "\(name)与起因的相同"
        case .notAmong(let paths) where isOfTheCause(paths): return "\(name)与起因的不同"
        case .notAmong(let paths): return "\(name)不在\(names(paths))之中"
        case .among(let paths): return "\(name)在\(names(paths))之中"
        case .amongOf(let paths, let whole): return "\(name)中属于\(names(whole))的都在\(names(paths))之中"
        case .toldAmong(let paths): return "\(name)与写明的\(names(paths))不相矛盾"
        case .office(let office): return "\(name)是本机关选定的“\(office)”"
        case .share(let percent, let whole, let further):
            let all = further.map { "\(name)、\(names([$0]))合计" } ?? name
            return "\(all)不少于\(names([whole]))的\(percent.chinese)%"
        case .notAfter(let other): return "\(name)不晚于\(names([other]))"
        case .notBefore(let other): return "\(name)不早于\(names([other]))"
        case .notToldAfter(let other): return "\(name)没有晚于\(names([other]))"
        case .penalties(let kinds): return "\(name)写明的处罚只有\(kinds.joined(separator: "、"))"
        case .filledIn(let other):
            let paper = names([other])
            return "\(name)在\(paper)\(paper.hasSuffix("中") ? "" : "中")都已填写"
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
