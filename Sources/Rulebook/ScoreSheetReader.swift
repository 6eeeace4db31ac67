import Casework
import Yams

/// Reads `Regulations/score-sheet.yaml`: how the file of a case is scored.
struct ScoreSheetReader {
    let source: YAMLSource
    /// Matters by id: each belongs to one item, or stands apart.
    let matters: [String: Matter]

    /// Points that anything can have.
    private static let points = 0...1000

    func read(_ root: Node) -> ScoreSheet? {
        guard let fields = source.fields(root, "评分表") else { return nil }
        defer { fields.finish() }
        let title = source.text(fields.required("title"), "标题")
        let full = source.integer(fields.required("full"), "满分", in: 1...1000)
        let grades = source.list(fields.required("grades"), "等次").compactMap(grade)
        let sections = source.list(fields.required("sections"), "评分部分").compactMap(section)
        let otherwise = fields.required("otherwise")
        let rest = source.slug(otherwise, "评分项")
        let apart = source.list(fields.required("apart"), "事项").compactMap(matter)
        guard let title, let full, let rest else { return nil }
        let sheet = ScoreSheet(
            title: title, full: full, grades: grades, sections: sections, otherwise: rest, apart: Set(apart))
        check(sheet, root, apart: apart)
        if !sheet.items.contains(where: { $0.id == rest }) {
            source.unknown(rest, at: otherwise ?? root, "评分项", among: sheet.items.map(\.id))
        }
        return sheet
    }

    private func grade(_ node: Node) -> ScoreSheet.Grade? {
        guard let fields = source.fields(node, "等次") else { return nil }
        defer { fields.finish() }
        let title = source.text(fields.required("title"), "等次")
        let from = source.integer(fields.required("from"), "最低分", in: Self.points)
        guard let title, let from else { return nil }
        return .init(title: title, from: from)
    }

    private func section(_ node: Node) -> ScoreSheet.Section? {
        guard let fields = source.fields(node, "评分部分") else { return nil }
        defer { fields.finish() }
        let title = source.text(fields.required("title"), "标题")
        let items = source.list(fields.required("items"), "评分项").compactMap(item)
        return title.map { .init(title: $0, items: items) }
    }

    private func item(_ node: Node) -> ScoreSheet.Item? {
        guard let fields = source.fields(node, "评分项") else { return nil }
        defer { fields.finish() }
        let id = source.slug(fields.required("id"), "评分项")
        let title = source.text(fields.required("title"), "标题")
        let matters = fields.optional("matters").map { source.list($0, "事项").compactMap(matter) } ?? []
        let each = source.integer(fields.required("each"), "每处扣分", in: Self.points)
        let late = fields.optional("late").flatMap { source.integer($0, "逾期扣分", in: Self.points) } ?? 0
        let most = source.integer(fields.required("most"), "最多扣分", in: Self.points)
        let fails = fields.optional("knock-out").flatMap { source.truth($0, "一票否决") } ?? false
        guard let id, let title, let each, let most else { return nil }
        if each > most || late > each {
            source.fail(node, .contradiction, "评分项“\(id)”：逾期扣分不多于每处扣分，每处扣分不多于最多扣分")
        }
        return .init(id: id, title: title, matters: matters, each: each, late: late, most: most, isKnockOut: fails)
    }

    private func matter(_ node: Node) -> String? {
        guard let id = source.slug(node, "事项") else { return nil }
        guard matters[id] != nil else {
            source.unknown(id, at: node, "事项", among: Array(matters.keys))
            return nil
        }
        return id
    }

    /// What only the whole sheet shows: ids and matters once, every matter somewhere, grades that go down.
    private func check(_ sheet: ScoreSheet, _ root: Node, apart: [String]) {
        var items: Set<String> = []
        for item in sheet.items where !items.insert(item.id).inserted {
            source.fail(root, .duplicate, "评分项“\(item.id)”写了两次")
        }
        var placed: Set<String> = []
        for matter in sheet.items.flatMap(\.matters) + apart where !placed.insert(matter).inserted {
            source.fail(root, .duplicate, "事项“\(matter)”在评分表里写了两次")
        }
        for matter in matters.keys.sorted() where !placed.contains(matter) {
            source.fail(root, .missingKey, "事项“\(matter)”不在评分表里：归入一个评分项，或者写进 apart")
        }
        let from = sheet.grades.map(\.from)
        if from.isEmpty || from.last != 0 || zip(from, from.dropFirst()).contains(where: { $0 <= $1 }) {
            source.fail(root, .contradiction, "等次从高到低写，最后一个从0分起")
        }
    }
}
