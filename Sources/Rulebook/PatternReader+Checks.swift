import Casework
import Yams

/// What can never hold is a mistake: such a rule would be silent for ever, and look like one that is kept.
extension PatternReader {
    /// Kinds of the forms that conditions name, by whose `kind` it is.
    struct NamedKinds {
        /// `kind: rights-notice`: of the record's own form.
        var own: [String] = []
        /// `document.kind: rights-notice`.
        var document: [String] = []

        init() {}

        /// The kinds that a list of conditions asks for.
        init(_ conditions: [Condition]) {
            for condition in conditions {
                guard condition.path.members == ["kind"], case .isOne(let words) = condition.test else { continue }
                if condition.path.scope == .own { own = words }
                if condition.path.scope == .document { document = words }
            }
        }

        /// The kinds at a path's own scope.
        func of(_ path: Path) -> [String] {
            switch path.scope {
            case .own: own
            case .document: document
            case .all(_, let chosen), .last(_, let chosen):
                chosen.first { $0.member == "kind" && !$0.excludes }?.words ?? []
            default: []
            }
        }
    }

    /// A field that no form in question has, and a role in which such records do not refer.
    func check(_ path: Path, _ text: String, at node: Node, from types: [EntryType], kinds named: NamedKinds) {
        guard !known.isKept else { return }
        if case .reference(let role) = path.scope { check(role: role, from: types, at: node) }
        guard known.isForm(path, from: types), let fields = known.fieldNames(in: named.of(path)) else { return }
        let field = path.members[1]
        if !fields.contains(field) {
            let kinds = named.of(path).compactMap { known.kinds[$0].map { "《\($0.title)》" } }.joined(separator: "、")
            source.unknown(field, at: node, "“\(text)”：\(kinds)的字段", among: fields)
        }
    }

    /// A role in which records of these types refer to nothing.
    func check(role: String, from types: [EntryType], at node: Node) {
        guard !known.isKept else { return }
        let roles = KnownWords.roles(from: types)
        if !roles.contains(role) {
            source.unknown(role, at: node, "\(types.map(\.rawValue).joined(separator: "、"))的引用", among: roles)
        }
    }

    /// Tests that compare numbers or times, of what is neither.
    func check(_ test: Condition.Test, of path: Path, at node: Node, from types: [EntryType], kinds named: NamedKinds) {
        func wants(_ isFine: (ValueSort) -> Bool, _ path: Path, _ what: String) {
            guard !known.isKept else { return }
            let sorts = known.sorts(at: path, from: types, kinds: named.of(path))
            if !sorts.isEmpty, !sorts.contains(where: isFine) {
                source.fail(node, .contradiction, "“\(path)”不是\(what)，这个条件永远不会成立")
            }
        }
        switch test {
        case .atLeast, .atMost, .within: wants(\.isNumber, path, "数字")
        case .share(_, let whole, let further):
            for one in [path, whole] + (further.map { [$0] } ?? []) { wants(\.isNumber, one, "数字") }
        case .notAfter(let other), .notBefore(let other), .notToldAfter(let other):
            wants(\.isTime, path, "时间")
            wants(\.isTime, other, "时间")
        case .outside: wants(\.isTime, path, "时间")
        case .isOne, .isNone, .present, .absent, .includes, .count, .notAmong, .among, .amongOf, .toldAmong, .office,
            .filledIn, .penalties:
            return
        }
    }

    /// Tests of one path that cannot hold at once.
    func check(together tests: [Condition.Test], of path: Path, at node: Node) {
        guard !known.isKept else { return }
        var (least, most): (Int, Int) = (.min, .max)
        var (asked, refused): (Set<String>, Set<String>) = ([], [])
        var (isThere, isAbsent) = (false, false)
        for test in tests {
            switch test {
            case .atLeast(let bound): least = max(least, bounds(bound)?.lowerBound ?? .min)
            case .atMost(let bound): most = min(most, bounds(bound)?.upperBound ?? .max)
            case .within(let bound): most = min(most, bounds(bound)?.upperBound ?? .max)
            case .isOne(let words), .includes(let words), .penalties(let words):
                asked.formUnion(words)
            case .isNone(let words): refused.formUnion(words)
            case .absent: isAbsent = true
            default: break
            }
            switch test {
            case .absent, .isNone, .notToldAfter, .amongOf, .toldAmong: break
            default: isThere = true
            }
        }
        if least > most {
            source.fail(node, .contradiction, "“\(path)”的下限 \(least) 大于上限 \(most)，这个条件永远不会成立")
        }
        for word in asked.intersection(refused).sorted() {
            source.fail(node, .contradiction, "“\(path)”既要有“\(word)”又不能有，这个条件永远不会成立")
        }
        if isAbsent, isThere {
            source.fail(node, .contradiction, "“\(path)”写了 present: false（没有内容），又要求有内容，这个条件永远不会成立")
        }
    }

    /// Between which a number lies that may be a setting; nil where the setting is nowhere.
    private func bounds(_ quantity: Quantity) -> ClosedRange<Int>? {
        switch quantity {
        case .fixed(let number): number...number
        case .setting(let name): known.ranges[name]
        }
    }

    /// A path that has to tell a time.
    func checkTime(_ path: Path, at node: Node, from types: [EntryType]) {
        guard !known.isKept else { return }
        let sorts = known.sorts(at: path, from: types)
        if !sorts.isEmpty, !sorts.contains(where: \.isTime) {
            source.fail(node, .contradiction, "“\(path)”不是时间，不能从它起算或者以它为届满日")
        }
    }

    /// The name of a text or of a row, where the member holds one.
    func checkText(_ word: String, at path: Path, node: Node, from types: [EntryType]) {
        guard !known.isKept, let texts = known.texts, path.members.count == 1, let name = path.members.first,
            ["regulation", "provision"].contains(name)
        else { return }
        let owners: [EntryType]
        switch path.scope {
        case .own: owners = types
        case .all(let type, _), .last(let type, _): owners = [type]
        default: return
        }
        guard owners.contains(where: { $0.members[name] == .id }) else { return }
        if name == "regulation", !texts.texts.contains(word) {
            source.unknown(word, at: node, "制度", among: texts.texts)
        }
        if name == "provision", !texts.hasRow(word) {
            source.unknown(word, at: node, "条款", among: texts.rows(near: word))
        }
    }
}
