import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

extension Routes {
    /// Opening a case under the summary procedure.
    func addSummary(_ services: WebServices) {
        on(.get, "/b/{bureau}/cases/summary", .handling) { _, context in
            try await services.summaryForm(context, refusal: nil)
        }
        on(.post, "/b/{bureau}/cases/summary", .handling) { _, context in
            try await services.openSummary(context)
        }
    }
}

extension Address {
    /// The form that opens a case under the summary procedure.
    var newSummary: String { "\(cases)/summary" }
}

extension WebServices {
    func summaryForm(_ context: SignedInContext, refusal: StepRefusal?) async throws -> Response {
        let address = Address(context.bureau.tag)
        let typed = context.visit.form
        let officers = try await context.bureau.registers.persons().filter { $0.roles.contains(.officer) }
        var kind = FieldModel.choice("subjectKind", "当事人", [("organisation", "单位"), ("individual", "个人")])
        kind.input = .text("organisation")
        var fields: [FieldModel] = [
            .line("title", "案由", help: "例如：清禾县星河纸品厂迟报统计资料案。"), .caseNumber,
            FieldModel(
                name: "handlers", label: "承办人", control: .choices(officers.map(FieldModel.Option.init(person:))),
                input: .words([context.identity.person.thread.description]), isRequired: true,
                help: "在场的执法人员，不得少于两人。"),
            kind, .line("subjectName", "名称（姓名）"), .line("subjectCode", "统一社会信用代码（身份证件号码）", isRequired: false),
            .line("subjectAddress", "住所（地址）", isRequired: false),
            .line("subjectRepresentative", "法定代表人（负责人）", isRequired: false),
            .line("subjectPhone", "联系电话", isRequired: false),
            .line(
                "subjectWrittenName", "打印用名", help: "名称里有字库没有的字才填：把这个字拆写在〔〕里，例如王〔四龙〕。以后的文书都这样打印。",
                isRequired: false),
        ]
        if refusal != nil || context.visit.isKept {
            fields = fields.map {
                var field = $0
                field.read(typed)
                return field
            }
        }
        let law = try await context.bureau.casebook.chambers.law()
        let page = OpeningPage(
            address: address, title: "适用简易程序",
            lead: "违法事实确凿并有法定依据，对个人处二百元以下、对单位处三千元以下罚款或者警告的，可以当场作出处罚决定（行政处罚法第五十一条）。",
            button: "开始办理",
            form: FormFrame(
                action: address.newSummary, token: context.visit.formToken,
                command: typed[FormFrame.commandField].flatMap { CommandID($0) } ?? .random()),
            fields: fields, back: address.cases, errors: refusal?.fields.map { ($0.name, $0.message) } ?? [],
            refusal: refusal.flatMap { RefusalView($0, law: law, work: nil, names: [:], address: address) })
        return answer(page.page, context)
    }

    func openSummary(_ context: SignedInContext) async throws -> Response {
        let form = context.visit.form
        let command = try form.command
        let thread = try form.drawn.unchecked(as: OfThread.self)
        let subject = NewSubject(
            thread: Self.subjectThread(of: try form.drawn), kind: form.text("subjectKind"),
            name: form.text("subjectName"),
            code: form["subjectCode"], address: form["subjectAddress"], representative: form["subjectRepresentative"],
            phone: form["subjectPhone"], writtenName: form["subjectWrittenName"])
        do throws(StepRefusal) {
            var opening = OpenSummary(
                title: form.text("title"), handlers: form.all("handlers").compactMap { ThreadTag($0) },
                newSubject: subject)
            opening.caseNumber = form["caseNumber"]
            _ = try await context.bureau.casebook.open(
                opening, as: thread, command: command, by: context.performer)
            return .seeOther(Address(context.bureau.tag).caseFile(thread, done: OpenSummary.name))
        } catch {
            return try await summaryForm(context, refusal: error)
        }
    }
}
