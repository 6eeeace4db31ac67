import Casework
import Kernel
import Yams

/// Reads records of a timeline, one after another: what a later one names must stand before it.
struct RecordReader {
    let source: YAMLSource
    let library: RuleLibrary
    /// Whether papers of unknown kinds, unknown fields and slots are problems instead of notes.
    let strict: Bool
    /// The names used so far.
    private(set) var names = TimelineNames()
    private var told: [String] = []
    private var last: [ThreadTag: Int] = [:]
    private var labels: [String: RecordID] = [:]
    private var clock: Instant?
    private var kinds: [String: String] = [:]
    private var targets: [EntryType: [RecordID]] = [:]
    private var count = 0
    private var coherence = Coherence()
    private var things = NamedThings()

    /// Keys that every record may have.
    static let keys = ["type", "at", "stated", "actor", "thread", "id", "refs", "withhold"]

    /// How many notes are kept.
    static let noteLimit = 100

    init(source: YAMLSource, library: RuleLibrary, strict: Bool) {
        self.source = source
        self.library = library
        self.strict = strict
    }

    /// A list of records, in the order of the log.
    mutating func records(_ node: Node?, _ what: String) -> [Record] {
        let nodes = source.list(node, what)
        count += nodes.count
        guard count <= Timeline.recordLimit else {
            source.fail(node, .value, "记录超过 \(Timeline.recordLimit) 条，请拆分")
            return []
        }
        if clock == nil { clock = firstTime(nodes) }
        // A time that cannot be read is a problem of its own.
        let isWritten = nodes.contains { node in
            if case .mapping(let mapping) = node { mapping["at"] != nil } else { false }
        }
        if clock == nil, !nodes.isEmpty, !isWritten { source.fail(node, .missingKey, "没有一条记录写明时间，至少第一条应写 at") }
        var result: [Record] = []
        for (index, node) in nodes.enumerated() {
            if let record = record(node, place: "\(what) 第\(index + 1)条") { result.append(record) }
        }
        return result
    }

    private func firstTime(_ nodes: [Node]) -> Instant? {
        for node in nodes {
            guard case .mapping(let mapping) = node, let text = mapping["at"]?.scalar?.string else { continue }
            if let instant = Instant(text) ?? ValueReader.integer(text).map({ Instant(milliseconds: $0) }) {
                return instant
            }
        }
        return nil
    }

    // MARK: one record

    private mutating func record(_ node: Node, place: String) -> Record? {
        guard let fields = source.fields(node, "记录") else { return nil }
        let values = ValueReader(source: source)
        let entry = fields.required("type")
        let type = source.word(entry, "记录类型", as: EntryType.self)
        let recordedAt = time(fields, place: place, values)
        let stated = optional("stated", fields).flatMap { values.instant($0, "stated") }
        let actor = optional("actor", fields).flatMap { source.text($0, "actor") }.map { names.thread($0) }
        let named = optional("thread", fields).flatMap { source.text($0, "thread") }
        let references = references(optional("refs", fields))
        let withheld = source.oneOrMore(optional("withhold", fields))
        guard let type else { return nil }
        let thread = names.thread(named ?? type.home.rawValue)
        let seq = (last[thread] ?? 0) + 1
        last[thread] = seq
        label(optional("id", fields), RecordID(thread: thread, seq: seq))

        let members = type.members
        var plain: [JSON.Member] = []
        var content: [String: JSON] = [:]
        for (name, key, value) in fields.all where !RecordReader.keys.contains(name) && !value.isNull {
            guard let member = members[name] else {
                source.unknown(
                    name, at: key, "记录“\(type.rawValue)”", among: members.keys.sorted() + RecordReader.keys)
                continue
            }
            guard let read = self.value(value, name, member, values) else { continue }
            switch member {
            case .field, .form: content[name] = read
            case .words, .number, .truth, .id, .thread: plain.append(.init(name, read))
            }
        }
        let hidden = withheld.compactMap { field -> String? in
            guard let name = source.text(field, "withhold") else { return nil }
            if members[name] == .field || members[name] == .form { return name }
            let allowed = members.keys.filter { members[$0] == .field || members[$0] == .form }.sorted()
            source.unknown(name, at: field, "记录“\(type.rawValue)”的字段", among: allowed)
            return nil
        }
        if let recordedAt, let stated, stated > recordedAt {
            told.append("\(place)的 stated 晚于登记时间（at），照写的判断；产品里这样的登记会被拒绝")
        }
        things.note(plain, of: type, thread: named.map { names.thread($0) }, names)
        if type.home == .request { told += things.settle(&plain, place: place) }
        if type == .recordingLinked { linking(&plain, thread, named: named, place: place) }
        let role = ReferenceRole.of(type, kind: plain.first { $0.key == "kind" }?.value.string)
        var known = role.map { completed(references, $0, in: thread, place: place) } ?? references
        if type == .entryCorrected {
            let target = plain.first { $0.key == "target" }?.value.integer
            known = correcting(known, target, in: thread, at: node, place: place)
        }
        let record = Record(
            thread: thread, seq: seq, type: type, recordedAt: recordedAt ?? Instant(milliseconds: 0), statedAt: stated,
            actor: actor, plain: .object(plain), fields: content,
            fieldNames: Set(Array(content.keys) + hidden).sorted(), references: known)
        if ReferenceRole.all.contains(where: { $0.isFollowed && $0.target == type }) {
            targets[type, default: []].append(RecordID(thread: thread, seq: seq))
        }
        check(record, at: node, place: place)
        coherence.take(record, at: node, place: place)
        return record
    }

    /// A key's node, unless it is `null`: that is the same as nothing.
    private func optional(_ key: String, _ fields: YAMLFields) -> Node? {
        fields.optional(key).flatMap { $0.isNull ? nil : $0 }
    }

    /// When the server recorded it; without `at`, when it recorded the one before.
    private mutating func time(_ fields: YAMLFields, place: String, _ values: ValueReader) -> Instant? {
        guard let node = optional("at", fields) else {
            if clock != nil { told.append("\(place)没有写 at，按前一条记录的时间计") }
            return clock
        }
        guard let instant = values.instant(node, "at") else { return clock }
        if let before = clock, instant < before { told.append("\(place)的时间早于前一条记录，顺序按文件中的先后") }
        clock = instant
        return instant
    }

    private mutating func label(_ node: Node?, _ record: RecordID) {
        guard let node, let text = source.text(node, "id") else { return }
        if labels[text] != nil { source.fail(node, .duplicate, "记录名“\(text.short)”写了两次") }
        labels[text] = record
        names.note(text, of: record)
    }

    private func references(_ node: Node?) -> [RecordReference] {
        guard let node, let fields = source.fields(node, "refs") else { return [] }
        return fields.all.flatMap { role, _, value in
            source.oneOrMore(value).compactMap { element -> RecordReference? in
                guard let text = source.text(element, "refs") else { return nil }
                guard let record = labels[text] else {
                    source.unknown(text, at: element, "前面的记录名", among: Array(labels.keys.sorted().prefix(2000)))
                    return nil
                }
                return RecordReference(role: role, thread: record.thread, seq: record.seq)
            }
        }
    }

    /// References with that to the record answered, where `refs` leaves it out or gives it another role and only one can
    /// be meant: one in its own thread, else one at all. Where several can, nothing is guessed.
    private mutating func completed(
        _ references: [RecordReference], _ role: ReferenceRole, in thread: ThreadTag, place: String
    ) -> [RecordReference] {
        guard !references.contains(where: { $0.role == role.role }) else { return references }
        let standing = targets[role.target] ?? []
        let named = references.map { RecordID(thread: $0.thread, seq: $0.seq) }.filter { standing.contains($0) }
        let own = standing.filter { $0.thread == thread }
        let candidates = named.isEmpty ? (own.isEmpty ? standing : own) : named
        guard candidates.count == 1, let target = candidates.first else {
            if candidates.count > 1 {
                told.append("\(place)没有写明是对哪一条“\(role.target.chinese)”（refs: { \(role.role): … }），不作推断")
            }
            return references
        }
        told.append("\(place)没有写 refs 的 \(role.role)，按提到唯一的“\(role.target.chinese)”计")
        return references + [RecordReference(role: role.role, thread: target.thread, seq: target.seq)]
    }

    /// The references of a correction, with that to the record at the place `target` of its own thread as `corrects`:
    /// without it nothing would be corrected. Where both are told they must say the same.
    private mutating func correcting(
        _ references: [RecordReference], _ target: Int64?, in thread: ThreadTag, at node: Node, place: String
    ) -> [RecordReference] {
        let named = references.first { $0.role == "corrects" }
        guard let target else {
            if named == nil { told.append("\(place)没有写明更正哪一条记录（target 或者 refs: { corrects: … }），没有更正什么") }
            return references
        }
        guard target >= 1, target < last[thread] ?? 0 else {
            source.fail(node, .value, "target 应是同一线程里前面某条记录的位次（从 1 数起），写成“\(target)”不可以")
            return references
        }
        guard let named else {
            return references + [RecordReference(role: "corrects", thread: thread, seq: Int(target))]
        }
        if named.thread != thread || named.seq != Int(target) {
            source.fail(node, .contradiction, "target 与 refs 的 corrects 所指的不是同一条记录")
        }
        return references
    }

    /// A link stands in the case and names its recording; one that is told in a recording's thread means that recording.
    private mutating func linking(_ plain: inout [JSON.Member], _ thread: ThreadTag, named: String?, place: String) {
        guard !plain.contains(where: { $0.key == "recording" }) else { return }
        guard let named, named != EntryType.recordingLinked.home.rawValue else {
            return told.append("\(place)没有写明是哪一份音像资料（recording），没有归入什么")
        }
        told.append("\(place)没有写 recording，按所在的线程“\(named.short)”计")
        plain.append(.init("recording", .string(thread.description)))
    }

    // MARK: members

    private mutating func value(
        _ node: Node, _ name: String, _ member: EntryType.Member, _ values: ValueReader
    ) -> JSON? {
        switch member {
        case .words(let allowed):
            return values.words(node, name) { word, node in
                if !allowed.contains(word) { source.unknown(word, at: node, "“\(name)”", among: allowed) }
                return word
            }
        case .number:
            let number = values.number(node, name)
            if let count = number?.integer, count < 0, !RecordReader.mayBeNegative(name) {
                source.fail(node, .value, "\(name)不能是负数，写成“\(count)”不可以")
            }
            return number
        case .truth: return source.truth(node, name).map { .boolean($0) }
        case .id: return values.words(node, name) { word, _ in word }
        case .thread: return values.words(node, name) { word, _ in names.thread(word).description }
        case .form:
            guard source.fields(node, name) != nil else { return nil }
            return values.json(node, name)
        case .field: return values.json(node, name)
        }
    }

    /// Times, of which those before 1970 are negative, and how far a clock is off; all other numbers count something.
    private static func mayBeNegative(_ name: String) -> Bool {
        name.hasSuffix("At")
            || ["from", "to", "until", "gapFrom", "generationBegan", "instant", "forWhen", "clockOffset"].contains(name)
    }

    // MARK: documents

    /// Papers, their fields and slots are data that a bureau may add to, so a strange one is noted, not refused, save in
    /// the project's own histories. A kind that begins with `x-` is meant to be strange.
    private mutating func check(_ record: Record, at node: Node, place: String) {
        guard let id = record.word("document") else { return }
        switch record.type {
        case .documentFixed:
            guard let name = record.word("kind"), !name.hasPrefix("x-") else { return }
            kinds[id] = name
            guard let kind = library.kind(name) else {
                doubt(node, place, "文书种类“\(name.short)”", near: NearMiss.of(name, among: library.kinds.keys))
                return
            }
            for member in record.fields["data"]?.members ?? [] {
                guard let field = kind.field(member.key) else {
                    let near = NearMiss.of(member.key, among: kind.fields.map(\.name))
                    doubt(node, place, "《\(kind.title)》的字段“\(member.key.short)”", near: near)
                    continue
                }
                if field.type == .money, let amount = member.value.integer, amount < 0 {
                    source.fail(
                        node, .value, "《\(kind.title)》\(field.label)（\(field.name)）是金额，以分计，不能是负数，写成“\(amount)”不可以")
                }
                for word in field.strange(member.value) {
                    let near = NearMiss.of(word, among: field.words)
                    doubt(node, place, "《\(kind.title)》\(field.label)的词“\(word.short)”", near: near)
                }
            }
        case .documentSigned:
            guard let slot = record.word("slot"), let kind = kinds[id].flatMap({ library.kind($0) }),
                kind.slot(slot) == nil
            else { return }
            doubt(
                node, place, "《\(kind.title)》的签名栏“\(slot.short)”",
                near: NearMiss.of(slot, among: kind.slots.map(\.name)))
        default: break
        }
    }

    private mutating func doubt(_ node: Node, _ place: String, _ what: String, near: String?) {
        let meant = near.map { "，是否想写“\($0)”？" } ?? ""
        if strict {
            source.fail(node, .unknownWord, "没有\(what)\(meant)")
        } else {
            told.append("\(place)：没有\(what)，照写的内容判断\(meant)")
        }
    }

    // MARK: notes

    /// What was taken for granted, sessions that never ended, ends of sessions that never began, and what else does not
    /// fit. Called once everything is read; records that contradict one another are problems of the source.
    func notes(on records: [Record]) -> [String] {
        let ended = Set(records.filter { $0.type == .activityEnded }.compactMap { $0.word("activity") })
        let open = records.filter { $0.type == .activityBegan }.compactMap { $0.word("activity") }
            .filter { !ended.contains($0) }
        let begun = Set(records.filter { $0.type == .activityBegan }.compactMap { $0.word("activity") })
        let unbegun = records.filter { $0.type == .activityEnded }.compactMap { $0.word("activity") }
            .filter { !begun.contains($0) }
        let all =
            told + coherence.check(source, names, library) + open.map { "活动“\($0.short)”没有结束的记录" }
            + unbegun.map { "活动“\($0.short)”没有开始的记录，它的结束不计" }
        guard all.count > RecordReader.noteLimit else { return all }
        return all.prefix(RecordReader.noteLimit) + ["另有 \(all.count - RecordReader.noteLimit) 处类似情况"]
    }
}

extension FieldDefinition {
    /// Words of a choice; empty for other types.
    var words: [String] {
        switch type {
        case .choice(let options), .choices(let options): options.map(\.word)
        default: []
        }
    }

    /// Words in a value that are none of a choice.
    func strange(_ value: JSON) -> [String] {
        guard !words.isEmpty else { return [] }
        return (value.elements ?? [value]).compactMap(\.string).filter { !words.contains($0) }
    }
}
