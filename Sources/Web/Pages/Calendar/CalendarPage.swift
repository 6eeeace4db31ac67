import Application
import HTTPTypes
import Kernel

/// Subscribing to the own terms in a telephone's or a computer's calendar (日历订阅).
struct CalendarPage: Sendable {
    var address: Address
    var form: FormFrame
    var token: String
    /// Addresses that are in use.
    var rows: [Row]
    /// The account may give an address at all: its secret is its person's own.
    var mayMake: Bool
    /// The address that was just made; shown this once.
    var shown: String?
    var errors: [(field: String, text: String)] = []
    var refusal: RefusalView?

    /// One address in use.
    struct Row: Sendable {
        let id: String
        let made: String
        let ends: String
        let used: String
    }

    var page: Page {
        Page(
            title: "日历订阅", crumbs: [.init(label: "我的账号", href: address.account)], place: "日历订阅",
            body: """
                \(refusal.map { $0.html })\(ErrorSummary(errors: errors).html)\(made)<h1>日历订阅</h1>
                <p class="lead">把您的办案期限放进手机或者电脑的日历，日历每小时自动更新。日历里有事项、期限、依据和案件类型，没有当事人、案由和举报人。</p>
                <p><a href="\(address.calendarFile)">只要现在的一份（ICS 文件）</a></p>
                \(list)<h2>生成订阅地址</h2>
                \(mayMake ? form.html(content) : Notice(title: "现在不能生成订阅地址", paragraphs: ["请先设置自己的密码，并由本人确认账号。"], tone: .warning).html)
                """,
            isNarrow: true, status: errors.isEmpty && refusal == nil ? .ok : .unprocessableContent)
    }

    private var made: HTML {
        guard let shown else { return "" }
        return """
            <section class="notice done" role="status"><h2>订阅地址已经生成</h2>
            <p>请现在复制到日历程序的“添加订阅日历”里。离开这个页面以后不能再看。</p>
            <p><code>\(shown)</code></p>
            <p>得到这个地址的人都能看到您的期限，请不要转发；用不着了或者给错了人，请停用。</p></section>

            """
    }

    private var list: HTML {
        guard !rows.isEmpty else { return "" }
        return """
            <h2>在用的订阅</h2>
            <table class="list"><thead><tr><th scope="col">生成</th><th scope="col">到期</th><th scope="col">最近读取</th><th scope="col">操作</th></tr></thead>
            <tbody>\(rows.html { row in
                """
                <tr><td data-label="生成" class="num">\(row.made)</td><td data-label="到期" class="num">\(row.ends)</td><td data-label="最近读取" class="num">\(row.used)</td><td data-label="操作"><form class="look" method="post" action="\(address.calendar)/revocation"><input type="hidden" name="\(ForgeryGuard.field)" value="\(token)"><input type="hidden" name="\(TokensPage.id)" value="\(row.id)"><button class="btn sec sm">停用<span class="vh">\(row.made)生成的订阅</span></button></form></td></tr>

                """
            })</tbody></table>

            """
    }

    private var content: HTML {
        let secretError = errors.first { $0.field.utf8.elementsEqual(ConfirmSecret.field.utf8) }?.text
        return """
            \(ConfirmSecret(error: secretError, help: "订阅地址有效一年，生成和停用都记入记录链。").html)<p class="actions">\(Button(label: "生成订阅地址").html)</p>

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
