import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel
import Ledger
import NIOCore

extension Routes {
    /// People from a file.
    func addRoster(_ services: WebServices) {
        on(.get, "/b/{bureau}/people/template", .administration) { _, _ in
            var headers = HTTPFields()
            headers[.contentType] = "text/csv; charset=utf-8"
            headers[.contentDisposition] = "attachment; filename=\"renyuan.csv\""
            // With a mark: spreadsheets on Windows take a file without one for GBK.
            let bytes: [UInt8] = [0xEF, 0xBB, 0xBF] + Array(Roster.template.utf8)
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        }
        on(.get, "/b/{bureau}/people/import", .administration) { _, context in
            services.answer(services.rosterPage(context).page, context)
        }
        on(.post, "/b/{bureau}/people/import", .administration) { request, context in
            try await services.importPeople(request, context)
        }
    }
}

extension WebServices {
    func rosterPage(_ context: SignedInContext) -> RosterPage {
        RosterPage(address: Address(context.bureau.tag), form: frame(Address(context.bureau.tag).peopleImport, context))
    }

    /// First a file, which is shown as it would be registered; then the text that was shown, which is registered whole.
    func importPeople(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = context.visit.form
        let command = try form.command
        var page = rosterPage(context)
        let text: String
        if let shown = form[RosterPage.textField] {
            text = shown
            page.encoding = form[RosterPage.encodingField].flatMap { FileText.Encoding(rawValue: $0) }
        } else {
            guard let file = form.file(RosterPage.fileField), !file.bytes.isEmpty else {
                page.errors = [(RosterPage.fileField, "请选择 CSV 文件。")]
                return answer(page.page, context)
            }
            guard let read = FileText(file.bytes) else {
                page.errors = [(RosterPage.fileField, "这个文件不是 CSV 文本。请在 Excel 中选“另存为”，类型选“CSV UTF-8（逗号分隔）”，再上传。")]
                return answer(page.page, context)
            }
            (text, page.encoding) = (read.text, read.encoding)
        }
        let isRepeated = try await context.bureau.casebook.isCarriedOut(command)
        var roster = Roster(
            text, known: isRepeated ? [] : try await context.bureau.registers.persons(),
            thread: { Self.thread(of: command, number: $0) })
        // A second click that overtook the first finds its own persons registered.
        if !roster.problems.isEmpty, try await context.bureau.casebook.isCarriedOut(command) {
            roster = Roster(text, known: [], thread: { Self.thread(of: command, number: $0) })
        }
        (page.roster, page.text) = (roster, text)
        guard form[RosterPage.textField] != nil, roster.problems.isEmpty else { return answer(page.page, context) }
        let shown = page
        return try await act(context) { refusal, secretError in
            var again = shown
            again.show(refusal, secretError)
            return answer(again.page, context)
        } run: { [roster] performer, command in
            let receipt = try await context.bureau.casebook.register(roster.persons, command: command, by: performer)
            let accounts = roster.persons.compactMap { person in
                person.account.map { (person: person.thread, name: person.name, account: $0) }
            }
            let address = Address(context.bureau.tag)
            return try await slips(
                accounts, title: "\(roster.persons.count) 人已登记", repeated: receipt.repeated,
                next: Button(label: "返回人员", href: address.people, style: .secondary), request, context)
        }
    }

    /// The nth person's thread, drawn from the step's random id: the same form sent twice names the same persons.
    private static func thread(of command: CommandID, number: Int) -> ThreadTag {
        let seed = Array("liuhen/person-of-command/\(number)".utf8) + command.bytes
        return ThreadTag(Digest.sha256(seed).bytes.prefix(16)) ?? .random()
    }
}

/// People from a file: choose it, see what it says, register all or none.
struct RosterPage: Sendable {
    var address: Address
    var form: FormFrame
    var text: String?
    var encoding: FileText.Encoding?
    var roster: Roster?
    var errors: [(field: String, text: String)] = []
    var refusal: RefusalView?

    static let fileField = "file"
    static let textField = "roster"
    static let encodingField = "encoding"

    mutating func show(_ refusal: StepRefusal?, _ secretError: String?) {
        if let refusal {
            self.refusal =
                RefusalView(administration: refusal) ?? RefusalView(title: "名单没有登记", message: refusal.message)
        }
        if let secretError { errors.append((ConfirmSecret.field, secretError)) }
    }

    var page: Page {
        let hasProblems = !(roster?.problems.isEmpty ?? true)
        return Page(
            title: "从表格导入人员", section: .administration, crumbs: [.init(label: "人员", href: address.people)],
            place: "从表格导入",
            body: """
                \(refusal.map { $0.html })\(ErrorSummary(errors: errors).html)<h1>从表格导入人员</h1>
                \(roster.map { $0.problems.isEmpty ? preview($0) : problems($0) } ?? intro)\(roster == nil || hasProblems ? upload : "")
                """,
            status: errors.isEmpty && refusal == nil && !hasProblems ? .ok : .unprocessableContent)
    }

    private var intro: HTML {
        """
        <p class="lead">先下载表格模板，用 Excel 或者 WPS 填好，另存为 CSV，再上传。上传后先给您核对，确认后一次登记全部人员；有一处不对就一个也不登记。</p>
        <p class="actions">\(Button(label: "下载模板", href: address.peopleTemplate, style: .secondary).html)</p>
        \(columns)
        """
    }

    private var columns: HTML {
        """
        <details class="help"><summary>各列怎么填</summary><div><ul>\(["姓名：必填。", "科室、证件名称、证件号码：没有的不填；执法人员应当有证件号码。证件号码一列请先设为文本。", "有效期至：例如 2029-12-31。", "职责：必填，可以写几项，用顿号隔开：\(Role.allCases.map(\.chinese).joined(separator: "、"))。", "登录名：小写字母、数字、点、短横或下划线，以字母开头；不填则不开通账号。"].html { "<li>\($0)</li>" })</ul></div></details>

        """
    }

    private var upload: HTML {
        var frame = form
        frame.hasFiles = true
        frame.command = .random()
        let field = FieldModel(
            name: Self.fileField, label: roster == nil ? "CSV 文件" : "改好以后重新上传", control: .file(accept: ".csv,text/csv"),
            isRequired: true, help: "UTF-8 和 GB18030（GBK）编码都可以，最多 \(Roster.limit) 人。",
            error: errors.first { $0.field == Self.fileField }?.text)
        return frame.html(
            "\(field.html)<p class=\"actions\">\(Button(label: "上传并核对").html)\(Button(label: "返回", href: address.people, style: .link).html)</p>\n"
        )
    }

    private func problems(_ roster: Roster) -> HTML {
        """
        <section class="errors" role="alert" tabindex="-1" data-focus><h2>有 \(roster.problems.count) 处要改，一个人也没有登记</h2>
        <ul>\(roster.problems.prefix(100).html { problem in
            """
            <li>第 \(problem.line) 行\(problem.column.isEmpty ? "" : "“\(problem.column)”")：\(problem.text)</li>
            """
        })</ul></section>

        """
    }

    private func preview(_ roster: Roster) -> HTML {
        let fields: HTML = """
            <input type="hidden" name="\(Self.encodingField)" value="\(encoding?.rawValue ?? "")"><textarea name="\(Self.textField)" hidden>
            \(text ?? "")</textarea>\(ConfirmSecret(error: errors.first { $0.field == ConfirmSecret.field }?.text, help: ActPage.secretHelp).html)<p class="actions">\(Button(label: "登记这 \(roster.persons.count) 人").html)\(Button(label: "重新选择文件", href: address.peopleImport, style: .link).html)</p>

            """
        return """
            <p class="lead">请核对 \(roster.persons.count) 人\(encoding == .gb18030 ? "（文件按 GB18030 读取，如有错字请另存为 UTF-8 再上传）" : "")。</p>
            <table class="list"><thead><tr><th scope="col">姓名</th><th scope="col">科室</th><th scope="col">职责</th><th scope="col">执法证件</th><th scope="col">登录名</th></tr></thead>
            <tbody>\(roster.persons.html { person in
                """
                <tr><td data-label="姓名">\(person.name)</td><td data-label="科室">\(person.section)</td><td data-label="职责">\(person.roles.map(\.chinese).joined(separator: "、"))</td><td data-label="执法证件"><span class="stack"><span>\(person.certificateKind) \(person.certificateNumber)</span>\(person.certificateUntil.map { "<small>至 \($0.description)</small>" as HTML })</span></td><td data-label="登录名">\(person.account.map { "<code>\($0)</code>" as HTML } ?? "不开通")</td></tr>

                """
            })</tbody></table>
            \(form.html(fields))
            """
    }
}
