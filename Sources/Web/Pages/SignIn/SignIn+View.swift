import HTTPTypes
import Kernel

/// The sign-in page.
struct SignInPage: Sendable {
    var bureauName: String
    var address: Address
    var token: String
    /// Where to go afterwards.
    var next = ""
    var name = ""
    var problem: Problem?
    var demoAccounts: [DemoEntry] = []
    /// The page that explains how a device comes to trust this server, where it has an authority of its own.
    var trustHref: String?

    /// Why the last try was refused.
    enum Problem: Sendable, Hashable {
        case wrong
        /// Tries are refused until this clock time.
        case locked(String)
        case busy
    }

    struct DemoEntry: Sendable {
        let name: String
        let secret: String
        let person: String
        let role: String
    }

    static let nameField = "account"
    static let secretField = "secret"
    static let nextField = "next"

    private var errors: [(field: String, text: String)] {
        switch problem {
        case nil: []
        case .wrong: [(Self.nameField, "账号或者密码不对，请重新输入")]
        case .locked(let time): [(Self.nameField, "密码连续输错多次，为保护账号，请在\(time)以后再试")]
        case .busy: [(Self.nameField, "正在登录的人较多，请过几秒钟再试")]
        }
    }

    var page: Page {
        let fields: HTML = """
            \(FieldModel(name: Self.nameField, label: "账号", control: .line(), input: .text(name), isRequired: true).html)\(FieldModel(name: Self.secretField, label: "密码", control: .secret(autocomplete: "current-password"), isRequired: true).html)<input type="hidden" name="\(Self.nextField)" value="\(next)">
            <p class="actions">\(Button(label: "登录").html)</p>

            """
        return Page(
            title: "登录",
            body: """
                <div class="sign-in">
                <p class="eyebrow">行政执法全过程记录</p>
                <h1>\(bureauName)</h1>
                \(ErrorSummary(errors: errors).html)\(FormFrame(action: address.signIn, token: token).html(fields))\(trust)<p class="hint">收到案卷或者文书、要核对真伪的，不用登录：<a href="\(address.ledger)">本机关公开的账本</a>。</p>
                \(demo)</div>
                """,
            isNarrow: true,
            status: problem == nil ? .ok : problem == .busy ? .serviceUnavailable : .unprocessableContent)
    }

    private var trust: HTML {
        guard let trustHref else { return "" }
        return """
            <p class="hint">浏览器提示“不安全”或者“证书不受信任”的，先按<a href="\(trustHref)">信任本机证书的说明</a>办理，再登录。</p>

            """
    }

    private var demo: HTML {
        guard !demoAccounts.isEmpty else { return "" }
        return """
            <section class="demo-accounts"><h2>演示账号</h2>
            <table><thead><tr><th scope="col">账号</th><th scope="col">密码</th><th scope="col">人员</th><th scope="col">身份</th></tr></thead>
            <tbody>\(demoAccounts.html { """
                <tr><td><code>\($0.name)</code></td><td><code>\($0.secret)</code></td><td>\($0.person)</td><td>\($0.role)</td></tr>

                """ })</tbody></table></section>

            """
    }
}
