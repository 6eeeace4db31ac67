import Application
import Casework
import HTTPTypes
import Kernel

/// Access tokens of a person's programs: what there are, and a form that makes one.
struct TokensPage: Sendable {
    var address: Address
    var form: FormFrame
    var token: String
    var rows: [Row]
    /// The account may give a token at all: its secret is its person's own.
    var mayMake: Bool
    /// The text of the token that was just made; shown this once.
    var shown: String?
    var errors: [(field: String, text: String)] = []
    var refusal: RefusalView?
    var fields: [FieldModel] = [
        .line(label, "名称", help: "用在哪个系统、作什么用。例如：统计台账同步。"),
        FieldModel(
            name: scopes, label: "可以做的事",
            control: .choices(TokenScope.ofPrograms.map { .init(word: $0.rawValue, label: $0.chinese) }),
            input: .words([TokenScope.readCases.rawValue]), isRequired: true, help: "只选用得着的。"),
        FieldModel(
            name: days, label: "有效天数", control: .integer(1...Int64(AccessTokens.longestDays)), input: .text("90"),
            isRequired: true, help: "1到\(AccessTokens.longestDays)天，到期自动失效。"),
    ]

    /// One token.
    struct Row: Sendable {
        let id: String
        let label: String
        let scopes: String
        let made: String
        let ends: String
        let used: String
        let standing: Tag
        let isEndable: Bool
    }

    static let id = "token"
    static let label = "label"
    static let scopes = "scopes"
    static let days = "days"

    var page: Page {
        Page(
            title: "访问令牌", crumbs: [.init(label: "我的账号", href: address.account)], place: "访问令牌",
            body: """
                \(refusal.map { $0.html })\(ErrorSummary(errors: errors).html)\(made)<h1>访问令牌</h1>
                <p class="lead">其他系统凭令牌以您的名义读取或者登记，权限不超过您本人，也不超过所选的范围。令牌不能审批、签名、制发、归档、确认、管理或者导出案卷。生成和停用都记入记录链。</p>
                <p><a href="\(address.interface)">接口说明</a></p>
                \(list)<h2>生成令牌</h2>
                \(mayMake ? form.html(content) : Notice(title: "现在不能生成令牌", paragraphs: ["请先设置自己的密码，并由本人确认账号。"], tone: .warning).html)
                """,
            isNarrow: true, status: errors.isEmpty && refusal == nil ? .ok : .unprocessableContent)
    }

    private var made: HTML {
        guard let shown else { return "" }
        return """
            <section class="notice done" role="status"><h2>令牌已经生成</h2>
            <p>请现在抄到要用它的系统里。离开这个页面以后不能再看，系统里也没有存它。</p>
            <p><code>\(shown)</code></p></section>

            """
    }

    private var list: HTML {
        guard !rows.isEmpty else { return EmptyState(title: "还没有令牌", text: "没有其他系统要用，就不必生成。").html }
        return """
            <table class="list"><thead><tr><th scope="col">名称</th><th scope="col">可以做的事</th><th scope="col">生成</th><th scope="col">到期</th><th scope="col">最近使用</th><th scope="col">状态</th></tr></thead>
            <tbody>\(rows.html { row in
                """
                <tr><td data-label="名称">\(row.label)</td><td data-label="可以做的事">\(row.scopes)</td><td data-label="生成" class="num">\(row.made)</td><td data-label="到期" class="num">\(row.ends)</td><td data-label="最近使用" class="num">\(row.used)</td><td data-label="状态">\(row.standing.html)\(row.isEndable ? end(row) : "")</td></tr>

                """
            })</tbody></table>

            """
    }

    private func end(_ row: Row) -> HTML {
        """
        <form class="look" method="post" action="\(address.accountTokens)/revocation"><input type="hidden" name="\(ForgeryGuard.field)" value="\(token)"><input type="hidden" name="\(Self.id)" value="\(row.id)"><button class="btn sec sm">停用<span class="vh">\(row.label)</span></button></form>
        """
    }

    private var content: HTML {
        let marked = fields.map { field in
            var field = field
            field.error = errors.first { $0.field.utf8.elementsEqual(field.name.utf8) }?.text
            return field
        }
        let secretError = errors.first { $0.field == ConfirmSecret.field }?.text
        return """
            \(marked.html { $0.html })\(ConfirmSecret(error: secretError, help: "生成令牌以本人密码确认，记入您的名下。").html)<p class="actions">\(Button(label: "生成令牌").html)</p>

            """
    }

    /// Shows what was refused.
    mutating func show(_ refusal: StepRefusal?, _ secretError: String?) {
        if let refusal {
            self.refusal = RefusalView(administration: refusal)
            errors = refusal.fields.map { ($0.name, $0.message) }
        }
        if let secretError { errors.append((ConfirmSecret.field, secretError)) }
    }
}
