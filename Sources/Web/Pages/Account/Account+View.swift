import HTTPTypes
import Kernel

/// The person's own account: who they are to the bureau, and the change of the secret.
struct AccountPage: Sendable {
    var address: Address
    var token: String
    var name: String
    var section: String
    var roles: [String]
    var certificate: String
    var accountName: String
    /// Has obligations with terms, and so a calendar.
    var worksOnCases = false
    /// The secret is a one-time secret.
    var mustChange = false
    /// The account was reset and does not approve until its person confirms it by a new secret.
    var isReset = false
    /// The account was reset and confirmed, and waits for a second person's word.
    var isWaiting = false
    var isChanged = false
    /// A session was just ended.
    var hasEnded = false
    var sessions: [Session] = []
    /// How the certificate stands today.
    var standing: Tag?
    var errors: [(field: String, text: String)] = []

    /// One signed-in browser.
    struct Session: Sendable, Hashable {
        let id: String
        let opened: String
        let used: String
        /// The one that looks at the page.
        let isThis: Bool
    }

    static let session = "session"
    static let allSessions = "all"
    static let current = "current"
    static let new = "new"
    static let again = "again"

    var page: Page {
        Page(
            title: "我的账号",
            body: """
                \(ErrorSummary(errors: errors).html)\(notices)<h1>我的账号</h1>
                \(SummaryList(rows: [
                    .init(label: "姓名", value: "\(name)"), .init(label: "部门", value: "\(section)"),
                    .init(label: "身份", value: "\(roles.joined(separator: "、"))"),
                    .init(label: "执法证件", value: "\(certificate)\(standing.map { " \($0.html)" as HTML })"),
                    .init(label: "登录账号", value: "\(accountName)"),
                ]).html)<h2>修改密码</h2>
                \(FormFrame(action: address.account, token: token).html(fields))\(sessionList)<h2>访问令牌</h2>
                <p>其他系统凭令牌以您的名义读取或者登记。<a href="\(address.accountTokens)">管理访问令牌</a></p>\(calendar)
                """,
            isNarrow: true, status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private var calendar: HTML {
        guard worksOnCases else { return "" }
        return """

            <h2>日历订阅</h2>
            <p>把办案期限放进手机或者电脑的日历。<a href="\(address.calendar)">订阅期限日历</a></p>
            """
    }

    private var sessionList: HTML {
        guard !sessions.isEmpty else { return "" }
        return """
            <h2>登录的设备</h2>
            <table class="list"><thead><tr><th scope="col">登录时间</th><th scope="col">最近使用</th><th scope="col">操作</th></tr></thead>
            <tbody>\(sessions.html { session in
                """
                <tr><td data-label="登录时间" class="num">\(session.opened)</td><td data-label="最近使用" class="num">\(session.used)</td><td data-label="操作">\(session.isThis ? Tag(text: "这台设备", tone: .wait).html : end(session.id, "结束登录"))</td></tr>

                """
            })</tbody></table>
            <p class="hint">有不认识的登录，请先结束它，再修改密码。</p>
            \(end(Self.allSessions, "退出所有设备"))
            """
    }

    private func end(_ id: String, _ label: String) -> HTML {
        """
        <form class="look" method="post" action="\(address.accountSessions)"><input type="hidden" name="\(ForgeryGuard.field)" value="\(token)"><input type="hidden" name="\(Self.session)" value="\(id)">\(Button(label: label, style: .small).html)</form>
        """
    }

    private var notices: HTML {
        if hasEnded { return Notice(title: "登录已结束", tone: .done).html }
        if isChanged { return Notice(title: "密码已经修改", paragraphs: ["其他设备上的登录已经全部退出。"], tone: .done).html + waiting }
        if mustChange {
            return Notice(
                title: "请先设置自己的密码", paragraphs: ["您现在用的是一次性密码。设置自己的密码以后，才能办理业务。"], tone: .warning
            ).html
        }
        if isReset {
            return Notice(
                title: "账号刚被重置", paragraphs: ["确认之前可以查阅，不能办理。请设置自己的密码，确认账号由您本人使用。"], tone: .warning
            ).html
        }
        return waiting
    }

    private var waiting: HTML {
        guard isWaiting else { return "" }
        return Notice(
            title: "账号等待第二人核实", paragraphs: ["一次性密码由他人设置，别人也知道。请当面找行政机关负责人核实，由其在“待确认事项”里办理；核实之前您可以查看，不能办理。"],
            tone: .warning
        ).html
    }

    private var fields: HTML {
        """
        \(field(Self.current, mustChange ? "一次性密码" : "现在的密码", "current-password", ""))\(field(Self.new, "新密码", "new-password", "至少10个字符，长比复杂更重要。可以用一句您记得住的话。"))\(field(Self.again, "再输入一次新密码", "new-password", ""))<p class="actions">\(Button(label: "修改密码").html)</p>

        """
    }

    private func field(_ name: String, _ label: String, _ autocomplete: String, _ help: String) -> HTML {
        FieldModel(
            name: name, label: label, control: .secret(autocomplete: autocomplete), isRequired: true, help: help,
            error: errors.first { $0.field == name }?.text
        ).html
    }
}
