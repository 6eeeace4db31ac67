import Application
import Casework
import HTTPTypes
import Kernel

/// The score sheet of a case: its points today, what costs them, what would still mend it, and what reviewers found.
struct ScorePage: Sendable {
    var address: Address
    var thread: ThreadTag
    var caseTitle: String
    var score: CaseScore
    var now: Instant
    var reviews: [(review: FileReview, name: String)]
    /// The form for the result of a review; nil for who may not review this file.
    var form: FormFrame?
    var fields: [FieldModel] = []
    var refusal: RefusalView?
    var errors: [(field: String, text: String)] = []

    var page: Page {
        Page(
            title: "案卷评查", section: .cases,
            crumbs: [.init(label: "案件", href: address.cases), .init(label: caseTitle, href: address.caseFile(thread))],
            place: "案卷评查",
            body: """
                \(refusal.map { $0.html })\(ErrorSummary(errors: errors).html)<h1>案卷评查</h1>
                <p class="lead">\(score.sheet.title)，按今天的记录计算。扣分的每一处都是本案的一项应办事项，点开可以看到依据。</p>
                \(headline)\(failing)\(score.lines.contains { !$0.found.isEmpty } ? "" : clean)\(score.sheet.sections.html { section($0) })\(afterFiling)\(past)\(result)
                """,
            isNarrow: true, status: errors.isEmpty && refusal == nil ? .ok : .unprocessableContent)
    }

    private var headline: HTML {
        let isFine = score.failing.isEmpty && score.points >= passing
        var rows: [SummaryList.Row] = [
            .init(
                label: "今天",
                value: "<b>\(score.points) 分</b> \(Tag(text: score.grade, tone: isFine ? .done : .late).html)")
        ]
        if score.hasPending {
            rows.append(.init(label: "照现在的样子归档", value: "\(score.pointsAsItIs) 分 · \(score.gradeAsItIs)"))
        }
        rows.append(.init(label: "满分", value: "\(score.sheet.full) 分"))
        return SummaryList(rows: rows).html
    }

    /// The fewest points of a file that passes.
    private var passing: Int { score.sheet.grades.dropLast().last?.from ?? 0 }

    private var failing: HTML {
        guard !score.failing.isEmpty else { return "" }
        return Notice(
            title: "一票否决",
            paragraphs: [
                "有\(score.failing.count)项出现了不能容忍的问题，不论得分多少，案卷都不合格：\(score.failing.map(\.title).joined(separator: "、"))。"
            ],
            tone: .warning
        ).html
    }

    private var clean: HTML {
        EmptyState(title: "没有需要扣分的地方", text: "也没有待办的事项。办理新的步骤以后，这里会重新计算。").html
    }

    private func section(_ section: ScoreSheet.Section) -> HTML {
        let lines = score.lines.filter { line in section.items.contains { $0.id == line.item.id } }
        guard lines.contains(where: { !$0.found.isEmpty }) else { return "" }
        return """
            <h2>\(section.title)</h2>
            \(lines.filter { !$0.found.isEmpty }.html { line($0) })
            """
    }

    private func line(_ line: CaseScore.Line) -> HTML {
        let limit = "每处扣 \(line.item.each) 分，最多扣 \(line.item.most) 分\(line.item.isKnockOut ? "，一票否决" : "")"
        let lost = line.lost > 0 ? "扣 \(line.lost) 分" : "未扣分"
        return """
            <section class="card"><h3>\(line.item.title) \(Tag(text: lost, tone: line.lost > 0 ? .late : .quiet).html)</h3>
            <p class="hint">\(limit)</p>
            <ul class="reasons">\(line.found.html { found($0, line.item) })</ul></section>

            """
    }

    private func found(_ found: CaseScore.Found, _ item: ScoreSheet.Item) -> HTML {
        let obligation = found.obligation
        let word: HTML =
            switch found.fault {
            case .unmet: Tag(text: "没有办到", tone: .late).html
            case .late: Tag(text: "逾期办理，扣 \(item.late) 分", tone: .late).html
            case .pending: Tag(text: "待办，办了就不扣", tone: .wait).html
            }
        let missing = obligation.missing.map { "\($0.sentence)（由\($0.supplier.chinese)办理）" }.joined(separator: "；")
        return """
            <li><b><a href="\(address.obligation(obligation.key.description, in: thread))">\(obligation.demand)</a> \(word)</b>\(found.fault == .late || missing.isEmpty ? "" : "<span>\(missing)</span>" as HTML)\(due(found))</li>
            """
    }

    private func due(_ found: CaseScore.Found) -> HTML {
        guard found.fault == .pending, let due = found.obligation.due, let late = found.obligation.lateFrom else {
            return ""
        }
        return "<span>\(TermText.due(due, at: now))，\(TermText.rest(until: late, at: now))</span>"
    }

    /// What came after the file was closed: it changes no points.
    private var afterFiling: HTML {
        guard !score.afterFiling.isEmpty else { return "" }
        return """
            <h2>归档以后</h2>
            <p class="hint">归档以后补充登记的事项带来的要求，不影响归档案卷的得分。</p>
            <ul class="reasons">\(score.afterFiling.html { obligation in
                """
                <li><b><a href="\(address.obligation(obligation.key.description, in: thread))">\(obligation.demand)</a> \(tag(obligation))</b></li>
                """
            })</ul>

            """
    }

    private func tag(_ obligation: Obligation) -> HTML {
        switch obligation.state(at: now) {
        case .overdue: Tag(text: "逾期", tone: .late).html
        case .metLate: Tag(text: "逾期办理", tone: .late).html
        case .open: Tag(text: "待办", tone: .wait).html
        case .met, .excused, .notApplicable: Tag(text: "已了结", tone: .done).html
        }
    }

    private var past: HTML {
        guard !reviews.isEmpty else { return "" }
        return """
            <h2>已登记的评查</h2>
            \(reviews.html { one in
                SummaryList(rows: [
                    .init(label: "评查人", value: "\(one.name)，\(one.review.at.chinese)"),
                    .init(label: "得分", value: "\(one.review.points) 分"),
                    .init(label: "评查意见", value: "\(one.review.defects ?? "（内容已销毁）")"),
                ]).html
            })
            """
    }

    private var result: HTML {
        guard let form else { return "" }
        let marked = fields.map { field in
            var field = field
            field.error = errors.first { $0.field.utf8.elementsEqual(field.name.utf8) }?.text
            return field
        }
        let content: HTML = """
            \(marked.html { $0.html })<p class="actions">\(Button(label: "登记评查结果").html)</p>

            """
        return """
            <h2>登记评查结果</h2>
            <p class="hint">上面的计算供参考，得分由评查人决定。登记以后写入记录链，记在您的名下。</p>
            \(form.html(content))
            """
    }
}
