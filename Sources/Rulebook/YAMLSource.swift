import Casework
import Kernel
import Yams

/// One file being read: takes what it expects from YAML nodes and notes everything else with line and column.
///
/// Scalars are read as they are written and parsed here: YAML's own rules read `0123` as octal, `12:30` as base 60 and
/// `no` as false. Anchors and aliases are refused, because they can unfold a small file into a huge one.
final class YAMLSource {
    /// The file's name.
    let file: String
    /// Everything that was found wrong so far.
    private(set) var problems: [RuleFileProblem] = []

    /// The largest rule file that is read, in bytes.
    static let sizeLimit = 1 << 20
    /// How many problems are kept: a file that is wrong throughout is not worth more lines.
    static let problemLimit = 500
    /// The largest file that this source reads, in bytes.
    private let limit: Int

    init(file: String, limit: Int = YAMLSource.sizeLimit) {
        self.file = file
        self.limit = limit
    }

    // MARK: the document

    /// Parses a whole file; nil, with a problem noted, if it is not YAML that these files may use.
    func parse(_ bytes: [UInt8]) -> Node? {
        guard bytes.count <= limit else {
            return fail(.unreadable, "文件超过 \(limit >> 20) MiB，请拆分")
        }
        guard let text = String(validating: bytes.withoutByteOrderMark, as: UTF8.self) else {
            return fail(.unreadable, "文件不是 UTF-8 编码，请另存为 UTF-8")
        }
        do {
            // Without rules of its own the parser takes every plain word as text, as it is read here. By the usual rules it
            // would try seven expressions on each key, which took nine tenths of reading a file; and 1 and "1" would be
            // two keys, of which one would be lost.
            // Nodes refer to their anchors weakly: the parser keeps them until every node was looked at.
            let parser = try Parser(yaml: text, resolver: .basic)
            return try withExtendedLifetime(parser) {
                guard let root = try parser.singleRoot() else { return fail(.unreadable, "文件是空的") }
                // Nothing is an anchor without its sign, and an alias without an anchor is no YAML.
                return bytes.contains(UInt8(ascii: "&")) && refuseAnchors(root) ? nil : root
            }
        } catch let error as YamlError {
            note(error)
            return nil
        } catch {
            return fail(.syntax, "无法按 YAML 读取：\(error)")
        }
    }

    private func refuseAnchors(_ root: Node) -> Bool {
        var rest = [root]
        while let node = rest.popLast() {
            if case .alias = node {
                fail(node, .syntax, "不允许使用 YAML 别名（*），请把内容写全")
                return true
            }
            guard node.anchor == nil else {
                fail(node, .syntax, "不允许使用 YAML 锚点（&）和别名（*），请把内容写全")
                return true
            }
            switch node {
            case .mapping(let mapping): for (key, value) in mapping { rest += [key, value] }
            case .sequence(let sequence): rest += sequence
            case .scalar, .alias: break
            }
        }
        return false
    }

    private func note(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            add(mark, .syntax, "YAML 写法有误：\(YAMLSource.chinese(problem))")
        case .duplicatedKeysInMapping(let duplicates, let context):
            add(context.mark, .duplicate, "同一处重复写了“\(duplicates.joined(separator: "”“"))”")
        case .reader(let problem, _, _, _):
            fail(.syntax, "文件中有不允许的字符：\(problem)")
        default:
            fail(.syntax, "无法按 YAML 读取：\(error)")
        }
    }

    /// The parser's own words for what people get wrong most; the rest stays as it is.
    private static func chinese(_ problem: String) -> String {
        let meanings: [(part: String, meaning: String)] = [
            ("did not find expected ',' or ']'", "方括号 [ ] 没有配对，或者少了逗号"),
            ("did not find expected ',' or '}'", "花括号 { } 没有配对，或者少了逗号"),
            ("did not find expected key", "这一行的缩进和上面不一致，或者多了内容"),
            ("did not find expected '-' indicator", "列表各项的“-”没有对齐"),
            ("mapping values are not allowed", "这里不能再有冒号；内容里有冒号的，要用引号括起来"),
            ("could not find expected ':'", "少了冒号，或者冒号后面没有空格"),
            ("found character that cannot start any token", "缩进不能用制表符；以 @、` 开头的内容要用引号括起来"),
            ("found unexpected end of stream", "引号没有配对，一直到文件末尾"),
            ("nest", "括号或者缩进嵌套太深"),
        ]
        guard let known = meanings.first(where: { problem.contains($0.part) }) else { return problem }
        return "\(known.meaning)（\(problem)）"
    }

    // MARK: problems

    private func add(_ mark: Mark?, _ code: RuleFileProblem.Code, _ message: String) {
        let problem = RuleFileProblem(
            file: file, line: mark?.line ?? 0, column: mark?.column ?? 0, code: code, message: message)
        if problems.count < YAMLSource.problemLimit, !problems.contains(problem) { problems.append(problem) }
    }

    /// Everything that was found wrong, in the order of the file.
    var ordered: [RuleFileProblem] { problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) } }

    /// Notes a problem at a node.
    func fail(_ node: Node?, _ code: RuleFileProblem.Code, _ message: String) {
        add(node?.mark, code, message)
    }

    /// Notes a problem of the whole file.
    @discardableResult
    func fail(_ code: RuleFileProblem.Code, _ message: String) -> Node? {
        add(nil, code, message)
        return nil
    }

    // MARK: shapes

    /// The pairs of a mapping.
    func fields(_ node: Node?, _ what: String) -> YAMLFields? {
        guard let node else { return nil }
        guard case .mapping(let mapping) = node else {
            fail(node, .shape, "\(what)应写成“名称: 内容”的形式")
            return nil
        }
        var pairs: [String: (key: Node, value: Node)] = [:]
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else {
                fail(key, .shape, "名称应是一个词")
                continue
            }
            pairs[scalar.string] = (key, value)
        }
        return YAMLFields(source: self, node: node, pairs: pairs)
    }

    /// The elements of a list; an absent node has none.
    func list(_ node: Node?, _ what: String) -> [Node] {
        guard let node else { return [] }
        guard case .sequence(let sequence) = node else {
            fail(node, .shape, "\(what)应是一个列表，每项以“- ”开头")
            return []
        }
        return Array(sequence)
    }

    /// The elements of a list, or the node itself: where one thing may be written without a list.
    func oneOrMore(_ node: Node?) -> [Node] {
        guard let node else { return [] }
        if case .sequence(let sequence) = node { return Array(sequence) }
        return [node]
    }

    // MARK: scalars

    /// A text that is not empty.
    func text(_ node: Node?, _ what: String) -> String? {
        guard let node else { return nil }
        guard case .scalar(let scalar) = node else {
            fail(node, .shape, "\(what)应是一段文字")
            return nil
        }
        guard scalar.string.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            fail(node, .value, "\(what)不能为空")
            return nil
        }
        return scalar.string
    }

    /// One word of a vocabulary.
    func word<Word: RawRepresentable & CaseIterable>(
        _ node: Node?, _ what: String, as: Word.Type
    ) -> Word? where Word.RawValue == String {
        guard let node, let text = text(node, what) else { return nil }
        if let word = Word(rawValue: text) { return word }
        unknown(text, at: node, what, among: Word.allCases.map(\.rawValue))
        return nil
    }

    /// Notes a word that is not known, with the one that was perhaps meant or those that may be written.
    func unknown(_ text: String, at node: Node, _ what: String, among known: [String]) {
        guard problems.count < YAMLSource.problemLimit else { return }
        if let near = NearMiss.of(text, among: known) {
            fail(node, .unknownWord, "\(what)没有“\(text)”，是否想写“\(near)”？")
        } else if known.isEmpty {
            fail(node, .unknownWord, "\(what)没有“\(text)”，这里一个也没有")
        } else if known.count <= 20 {
            fail(node, .unknownWord, "\(what)没有“\(text)”，可以写：\(known.joined(separator: "、"))")
        } else {
            fail(node, .unknownWord, "\(what)没有“\(text)”")
        }
    }

    /// A whole number, written with digits only.
    func integer(_ node: Node?, _ what: String, in range: ClosedRange<Int>) -> Int? {
        guard let node, let text = text(node, what) else { return nil }
        guard let number = Decimal.strict(text.utf8), range.contains(number) else {
            fail(node, .value, "\(what)应是 \(range.lowerBound) 到 \(range.upperBound) 的整数，写成“\(text)”无法读取")
            return nil
        }
        return number
    }

    /// `true` or `false`, nothing else.
    func truth(_ node: Node?, _ what: String) -> Bool? {
        guard let node, let text = text(node, what) else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default:
            fail(node, .value, "\(what)应写 true 或 false，写成“\(text)”无法读取")
            return nil
        }
    }

    /// A day, `2017-05-01`.
    func day(_ node: Node?, _ what: String) -> CivilDay? {
        guard let node, let text = text(node, what) else { return nil }
        guard let day = CivilDay(text) else {
            // Written as a day, and yet none: 30 February.
            let isWritten =
                text.utf8.count == 10
                && text.utf8.enumerated().allSatisfy { index, byte in
                    index == 4 || index == 7
                        ? byte == UInt8(ascii: "-") : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                }
            fail(
                node, .value,
                isWritten ? "\(what)“\(text)”是日历上没有的日子" : "\(what)应是形如 2017-05-01 的日期，写成“\(text)”无法读取")
            return nil
        }
        return day
    }

    /// A name of lower-case letters, digits and inner hyphens, at most 64.
    func slug(_ node: Node?, _ what: String) -> String? {
        guard let node, let text = text(node, what) else { return nil }
        let fine =
            text.utf8.count <= 64 && text.utf8.first != UInt8(ascii: "-") && text.utf8.last != UInt8(ascii: "-")
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            }
        guard fine else {
            fail(node, .value, "\(what)只能用小写字母、数字和中间的连字符，写成“\(text)”不可以")
            return nil
        }
        return text
    }

    /// A name of a field or slot: a lower-case letter, then letters and digits, at most 64.
    func memberName(_ node: Node?, _ what: String) -> String? {
        guard let node, let text = text(node, what) else { return nil }
        let bytes = Array(text.utf8)
        let fine =
            bytes.count <= 64 && bytes.first.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } == true
            && bytes.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
        guard fine else {
            fail(node, .value, "\(what)应以小写字母开头，只用字母和数字，写成“\(text)”不可以")
            return nil
        }
        return text
    }
}

/// The pairs of a mapping while they are taken; what was not taken at the end is unknown.
final class YAMLFields {
    private let source: YAMLSource
    /// The mapping itself.
    let node: Node
    private let pairs: [String: (key: Node, value: Node)]
    private var asked: [String] = []

    init(source: YAMLSource, node: Node, pairs: [String: (key: Node, value: Node)]) {
        self.source = source
        self.node = node
        self.pairs = pairs
    }

    /// The value of a key that may be absent.
    func optional(_ key: String) -> Node? {
        asked.append(key)
        return pairs[key]?.value
    }

    /// The value of a key that must be there.
    func required(_ key: String) -> Node? {
        asked.append(key)
        if let value = pairs[key]?.value { return value }
        source.fail(node, .missingKey, "这里缺少“\(key)”")
        return nil
    }

    /// All pairs in the order of their keys: for mappings whose keys are data.
    var all: [(name: String, key: Node, value: Node)] {
        pairs.map { ($0.key, $0.value.key, $0.value.value) }.sorted { $0.0 < $1.0 }
    }

    /// Notes every key that nobody asked for.
    func finish() {
        for (name, pair) in pairs.sorted(by: { $0.key < $1.key }) where !asked.contains(name) {
            if let near = NearMiss.of(name, among: asked) {
                source.fail(pair.key, .unknownKey, "不认识“\(name)”，是否想写“\(near)”？")
            } else {
                source.fail(pair.key, .unknownKey, "不认识“\(name)”，这里可以写：\(asked.joined(separator: "、"))")
            }
        }
    }
}

extension [UInt8] {
    /// The same without the mark that editors of Windows put before a text in UTF-8: it is not part of the text.
    var withoutByteOrderMark: [UInt8] { starts(with: [0xef, 0xbb, 0xbf]) ? Array(dropFirst(3)) : self }
}
