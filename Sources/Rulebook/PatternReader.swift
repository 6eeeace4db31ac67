import Casework
import Kernel
import Yams

/// Reads patterns, conditions and paths, and checks them against the vocabulary of record types and document kinds.
struct PatternReader {
    let source: YAMLSource
    /// What is known besides the file.
    let known: KnownWords
    /// Named groups of patterns of this file.
    var groups: [String: [Pattern]] = [:]

    /// A list of patterns; an element may be the name of a group.
    func patterns(_ node: Node?, _ what: String) -> [Pattern] {
        source.oneOrMore(node).flatMap { element -> [Pattern] in
            if case .scalar = element {
                guard let name = source.text(element, what) else { return [] }
                guard let group = groups[name] else {
                    source.unknown(name, at: element, "记录组", among: Array(groups.keys).sorted())
                    return []
                }
                return group
            }
            return pattern(element, what).map { [$0] } ?? []
        }
    }

    /// One pattern: `record` and `where`.
    func pattern(_ node: Node?, _ what: String) -> Pattern? {
        guard let fields = source.fields(node, what) else { return nil }
        defer { fields.finish() }
        return pattern(fields, what)
    }

    /// A pattern whose keys stand among others.
    func pattern(_ fields: YAMLFields, _ what: String) -> Pattern? {
        let types = source.oneOrMore(fields.required("record")).compactMap {
            source.word($0, "记录类型", as: EntryType.self)
        }
        let conditions = conditions(fields.optional("where"), of: types)
        return types.isEmpty ? nil : Pattern(types, where: conditions)
    }

    // MARK: conditions

    /// Conditions: a mapping from path to test, seen from records of these types.
    func conditions(_ node: Node?, of types: [EntryType]) -> [Condition] {
        conditions(node, of: types, kinds: [])
    }

    /// The same of forms of these kinds, where the pattern that they belong to names them.
    func conditions(_ node: Node?, of types: [EntryType], kinds: [String]) -> [Condition] {
        guard let node, let fields = source.fields(node, "条件") else { return [] }
        var named = namedKinds(fields)
        if !kinds.isEmpty { named.own = kinds }
        return fields.all.flatMap { name, key, value -> [Condition] in
            guard let path = path(name, at: key, from: types, kinds: named) else { return [] }
            let tests = tests(value, of: path, from: types, kinds: named)
            for test in tests { check(test, of: path, at: value, from: types, kinds: named) }
            check(together: tests, of: path, at: value)
            return tests.map { Condition(path, $0) }
        }
    }

    /// The kinds that a mapping of conditions asks for, before it is read: the order of its keys does not matter.
    private func namedKinds(_ fields: YAMLFields) -> NamedKinds {
        var named = NamedKinds()
        for (name, _, value) in fields.all where name == "kind" || name == "document.kind" {
            if case .mapping = value { continue }
            let words = source.oneOrMore(value).compactMap { $0.scalar?.string }
            if name == "kind" { named.own = words } else { named.document = words }
        }
        return named
    }

    private func tests(
        _ node: Node, of path: Path, from types: [EntryType], kinds named: NamedKinds
    ) -> [Condition.Test] {
        guard case .mapping = node else { return [.isOne(of: words(node, of: path, from: types))] }
        guard let fields = source.fields(node, "条件") else { return [] }
        defer { fields.finish() }
        var result: [Condition.Test] = []
        if let not = fields.optional("not") { result.append(.isNone(of: words(not, of: path, from: types))) }
        if let node = fields.optional("present"), let truth = source.truth(node, "present") {
            result.append(truth ? .present : .absent)
        }
        if let list = fields.optional("includes") { result.append(.includes(words(list, of: path, from: types))) }
        if let count = quantity(fields.optional("count"), "个数") { result.append(.count(atLeast: count)) }
        if let least = quantity(fields.optional("at-least"), "下限") { result.append(.atLeast(least)) }
        if let most = quantity(fields.optional("at-most"), "上限") { result.append(.atMost(most)) }
        if let bound = quantity(fields.optional("within"), "允许的误差") { result.append(.within(bound)) }
        if let paths = fields.optional("not-among") { result.append(.notAmong(self.paths(paths, from: types))) }
        if let paths = fields.optional("among") {
            let those = self.paths(paths, from: types)
            if let whole = fields.optional("of") {
                result.append(.amongOf(those, of: self.paths(whole, from: types)))
            } else {
                result.append(.among(those))
            }
        }
        if let paths = fields.optional("told-among") { result.append(.toldAmong(self.paths(paths, from: types))) }
        if let entry = fields.optional("office"), let name = office(entry) { result.append(.office(name)) }
        if let share = share(fields.optional("share"), from: types) { result.append(share) }
        if let other = timePath(fields.optional("not-after"), from: types) { result.append(.notAfter(other)) }
        if let other = timePath(fields.optional("not-before"), from: types) { result.append(.notBefore(other)) }
        if let other = timePath(fields.optional("not-told-after"), from: types) { result.append(.notToldAfter(other)) }
        if let form = timePath(fields.optional("filled-in"), from: types) { result.append(.filledIn(form)) }
        if let kinds = fields.optional("penalties") {
            let words = source.oneOrMore(kinds).compactMap { element -> String? in
                guard let word = source.text(element, "处罚的种类") else { return nil }
                if !PenaltyTerms.kinds.contains(word) {
                    source.unknown(word, at: element, "处罚的种类", among: PenaltyTerms.kinds)
                }
                return word
            }
            result.append(.penalties(words))
        }
        let hours = source.oneOrMore(fields.optional("outside")).compactMap {
            source.word($0, "outside", as: Condition.Hours.self)
        }
        if !hours.isEmpty { result.append(.outside(hours)) }
        if result.isEmpty { source.fail(node, .missingKey, "条件是空的") }
        return result
    }

    private func timePath(_ node: Node?, from types: [EntryType]) -> Path? {
        guard let node else { return nil }
        return source.text(node, "时间路径").flatMap { path($0, at: node, from: types) }
    }

    /// `{ percent: 5, of: path, with: path }`.
    private func share(_ node: Node?, from types: [EntryType]) -> Condition.Test? {
        guard let node, let fields = source.fields(node, "share") else { return nil }
        defer { fields.finish() }
        let percent = quantity(fields.required("percent"), "百分数")
        let whole = timePath(fields.required("of"), from: types)
        let further = timePath(fields.optional("with"), from: types)
        guard let percent, let whole else { return nil }
        return .share(percent: percent, of: whole, with: further)
    }

    /// The name of an office that this file declares.
    func office(_ node: Node) -> String? {
        guard let name = source.slug(node, "职位") else { return nil }
        if !known.offices.contains(name) { source.unknown(name, at: node, "职位", among: known.offices) }
        known.usage.noteOffice(name)
        return name
    }

    /// Words that a path is compared with, checked where the vocabulary is closed.
    private func words(_ node: Node, of path: Path, from types: [EntryType]) -> [String] {
        let allowed = known.words(at: path, from: types)
        refuseNothing(node, "“\(path)”的条件里一个词也没有写")
        return source.oneOrMore(node).compactMap { element in
            guard let word = source.text(element, "条件的词") else { return nil }
            if let allowed, !allowed.contains(word) { source.unknown(word, at: element, "“\(path)”", among: allowed) }
            checkText(word, at: path, node: element, from: types)
            return word
        }
    }

    /// A list of nothing: nothing is one of it, and none of it is everything.
    private func refuseNothing(_ node: Node, _ message: String) {
        if !known.isKept, source.oneOrMore(node).isEmpty { source.fail(node, .value, message) }
    }

    private func paths(_ node: Node, from types: [EntryType]) -> [Path] {
        refuseNothing(node, "条件里一个路径也没有写")
        return source.oneOrMore(node).compactMap { element in
            source.text(element, "路径").flatMap { path($0, at: element, from: types) }
        }
    }

    /// A path, seen from records of these types; its first member must exist in one of them.
    func path(
        _ text: String, at node: Node, from types: [EntryType], kinds named: NamedKinds = NamedKinds()
    ) -> Path? {
        guard let path = Path(text) else {
            source.fail(node, .value, "“\(text)”不是路径，应形如 kind、data.字段名、case.isMajor、document.kind、ref.draft.outcome")
            return nil
        }
        check(path, at: node)
        check(path, text, at: node, from: types, kinds: named)
        if let first = path.members.first, !known.mayBegin(path, with: first, from: types),
            let members = known.members(of: path, from: types)
        {
            // Of several words the first may be meant to say whose member it is.
            let owners = path.members.count > 1 ? PatternReader.owners : []
            source.unknown(first, at: node, "“\(text)”所在的记录", among: members + owners)
        }
        return path
    }

    /// Words that begin a path to another record than the one it is seen from.
    private static let owners = [
        "document", "activity", "recording", "case", "trigger", "ref", "lead", "recorder", "request", "publication",
        "draw",
        "person",
    ]

    /// Members and words by which a path chooses among records.
    private func check(_ path: Path, at node: Node) {
        let type: EntryType
        let chosen: [Path.Selection]
        switch path.scope {
        case .all(let owner, let some), .last(let owner, let some): (type, chosen) = (owner, some)
        default: return
        }
        for one in chosen {
            let place = Path(.own, [one.member])
            if !known.mayBegin(place, with: one.member, from: [type]),
                let members = known.members(of: place, from: [type])
            {
                source.unknown(one.member, at: node, "“\(type.rawValue)”", among: members)
                continue
            }
            guard let allowed = known.words(at: place, from: [type]) else { continue }
            for word in one.words where !allowed.contains(word) {
                source.unknown(word, at: node, "“\(type.rawValue)”的“\(one.member)”", among: allowed)
            }
        }
    }

    /// A number, or `{setting: name}`.
    func quantity(_ node: Node?, _ what: String) -> Quantity? {
        guard let node else { return nil }
        if case .mapping = node {
            guard let fields = source.fields(node, what) else { return nil }
            defer { fields.finish() }
            guard let entry = fields.required("setting"), let name = source.slug(entry, "设置名") else { return nil }
            if !known.settings.contains(name) { source.unknown(name, at: entry, "设置", among: known.settings) }
            known.usage.noteSetting(name)
            return .setting(name)
        }
        return source.integer(node, what, in: 0...100_000).map { .fixed($0) }
    }

    /// A length that is not nothing: no hours or months are over at once, and turns of no days never end. No days are the
    /// rest of the same day (`within: { days: 0 }`, 当日).
    func length(_ node: Node?, _ what: String) -> Quantity? {
        let length = quantity(node, what)
        if length == .fixed(0), !known.isKept { source.fail(node, .value, "\(what)至少是 1，写成 0 就没有期限") }
        return length
    }
}
