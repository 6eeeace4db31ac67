import Casework
import Yams

/// What the program cannot say of itself: which pages without a step form, which commands and which parts of the API make
/// which records (`Regulations/reach.yaml`). Tests check that each place exists.
public struct ReachList: Hashable, Sendable {
    /// One place.
    public struct Line: Hashable, Sendable {
        /// On which way it lies.
        public let way: RowReach.Way
        /// A route (`POST /b/{bureau}/cases/new`), a command (`calendar import`).
        public let place: String
        /// What it records.
        public let offer: ReachOffer
        /// Whether it shows figures.
        public let showsFigures: Bool
    }

    /// Kinds of thread whose records the product judges.
    public let judged: Set<ThreadKind>
    /// Places, in the order of the file.
    public let lines: [Line]
    /// Records whose whole procedure the product does not have yet (`awaits`): they cannot come about in it, so no duty
    /// that they alone cause is owed there.
    public let awaited: Set<EntryType>

    /// Reads the file; types and words must exist.
    public static func read(_ path: String) throws(RuleFileError) -> ReachList {
        let source = YAMLSource(file: "reach.yaml")
        var judged: Set<ThreadKind> = []
        var lines: [Line] = []
        var awaited: Set<EntryType> = []
        if let root = source.root(of: path), let fields = source.fields(root, "到达清单") {
            for node in source.oneOrMore(fields.required("judges")) {
                if let kind = source.word(node, "记录线", as: ThreadKind.self) { judged.insert(kind) }
            }
            for node in source.list(fields.required("reach"), "reach") {
                if let line = line(node, source) { lines.append(line) }
            }
            for node in source.oneOrMore(fields.optional("awaits")) {
                if let type = source.word(node, "记录类型", as: EntryType.self) { awaited.insert(type) }
            }
            if let made = lines.flatMap(\.offer.records).first(where: awaited.contains) {
                source.fail(root, .value, "“\(made.rawValue)”已经有页面或者命令登记，不应列在 awaits")
            }
            fields.finish()
        }
        guard source.problems.isEmpty else { throw RuleFileError(problems: source.problems) }
        return ReachList(judged: judged, lines: lines, awaited: awaited)
    }

    private static func line(_ node: Node, _ source: YAMLSource) -> Line? {
        guard let fields = source.fields(node, "到达") else { return nil }
        defer { fields.finish() }
        let places = RowReach.Way.allCases.compactMap { way in
            fields.optional(way.rawValue).flatMap { source.text($0, way.rawValue) }.map { (way, $0) }
        }
        let showsFigures = fields.optional("figures").flatMap { source.truth($0, "figures") } ?? false
        let records = source.oneOrMore(fields.optional("records")).compactMap {
            source.word($0, "记录类型", as: EntryType.self)
        }
        var words: [String: Set<String>] = [:]
        if let entry = fields.optional("where"), let members = source.fields(entry, "where") {
            for (name, key, value) in members.all {
                let known = Set(
                    records.flatMap { type -> [String] in
                        if case .words(let words)? = type.members[name] { words } else { [] }
                    })
                if known.isEmpty { source.fail(key, .value, "这些记录没有成员“\(name)”，或者它的用词不是封闭的") }
                words[name] = Set(
                    source.oneOrMore(value).compactMap { source.text($0, name) }.filter { word in
                        if !known.contains(word), !known.isEmpty {
                            source.unknown(word, at: value, name, among: known.sorted())
                        }
                        return true
                    })
            }
        }
        guard let place = places.first, places.count == 1 else {
            source.fail(node, .missingKey, "应写明 page、command、api 之一")
            return nil
        }
        if records.isEmpty, !showsFigures { source.fail(node, .missingKey, "应写明 records") }
        return Line(
            way: place.0, place: place.1, offer: ReachOffer(records, words: words), showsFigures: showsFigures)
    }
}
