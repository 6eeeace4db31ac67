import Application
import Casework
import Hummingbird
import Kernel

extension Routes {
    /// The score sheet of a case.
    func addScore(_ services: WebServices) {
        on(.get, "/b/{bureau}/cases/{case}/score", .casework) { _, context in
            try await services.scorePage(context)
        }
        on(.post, "/b/{bureau}/cases/{case}/score", .casework) { _, context in
            try await services.reviewFile(context)
        }
    }
}

extension WebServices {
    func scorePage(_ context: SignedInContext, refusal: StepRefusal? = nil) async throws -> Response {
        let casebook = context.bureau.casebook
        let view = try await context.bureau.visibleCase(context)
        let law = try await casebook.chambers.law()
        guard let sheet = law.library.scoreSheet else { throw WebRefusal.notFound }
        let now = clock.now()
        let score = view.score(casebook.evaluation(of: view, by: law), by: sheet, law: law, at: now)
        let names = try await context.bureau.names()
        let address = Address(context.bureau.tag)
        let person = context.identity.person
        var page = ScorePage(
            address: address, thread: view.work.thread, caseTitle: view.work.title ?? "（案由已销毁）", score: score,
            now: now,
            reviews: try await casebook.fileReviews(of: view.work.thread).map { ($0, names[$0.reviewer] ?? "") })
        if FileReview.refusal(of: person, in: view.work) == nil {
            page.form = frame(address.score(of: view.work.thread), context)
            page.fields = context.typed(Self.scoreFields(score))
        }
        if let refusal {
            page.errors = refusal.fields.map { ($0.name, $0.message) }
            page.refusal = RefusalView(administration: refusal)
        }
        return answer(page.page, context)
    }

    func reviewFile(_ context: SignedInContext) async throws -> Response {
        let view = try await context.bureau.visibleCase(context)
        let form = context.visit.form
        do {
            _ = try await context.bureau.casebook.reviewFile(
                of: view.work.thread, points: Decimal.strict(form.text("score").utf8), defects: form.text("defects"),
                command: try form.command, by: context.performer)
        } catch let refusal as StepRefusal {
            return try await scorePage(context, refusal: refusal)
        }
        return .seeOther(Address(context.bureau.tag).score(of: view.work.thread))
    }

    /// What the sheet counted stands in the form already; the reviewer changes it where the sheet cannot see.
    private static func scoreFields(_ score: CaseScore) -> [FieldModel] {
        let found = score.faults.map(\.obligation.demand)
        var seen: Set<String> = []
        let lines = found.filter { seen.insert($0).inserted }.map { "\($0)：没有办到或者逾期" }
        return [
            FieldModel(
                name: "score", label: "得分", control: .integer(0...Int64(score.sheet.full)),
                input: .text(String(score.points)), isRequired: true),
            FieldModel(
                name: "defects", label: "评查意见", control: .paragraphs(rows: 6),
                input: .text(lines.isEmpty ? "未发现问题" : lines.joined(separator: "\n")), isRequired: true,
                help: "写明发现的问题；没有问题的，写“未发现问题”。"),
        ]
    }
}
