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
    /// The secret is a one-time secret.
    var mustChange = false
    /// The account was reset and does not approve until its person confirms it by a new secret.
    var isReset = false
    var isChanged = false
    var errors: [(field: String, text: String)] = []

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
                    .init(label: "执法证件", value: "\(certificate)"),
                    .init(label: "登录账号", value: "\(accountName)"),
                ]).html)<h2>修改密码</h2>
                \(FormFrame(action: address.account, token: token).html(fields))
                """,
            isNarrow: true, status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private var notices: HTML {
        if isChanged { return Notice(title: "密码已经修改", paragraphs: ["其他设备上的登录已经全部退出。"], tone: .done).html }
        if mustChange {
            return Notice(
                title: "请先设置自己的密码", paragraphs: ["您现在用的是一次性密码。设置自己的密码以后，才能办理业务。"], tone: .warning
            ).html
        }
        if isReset {
            return Notice(
                title: "账号刚被重置", paragraphs: ["确认之前可以查阅，不能审批和签发。请设置自己的密码，确认账号由您本人使用。"], tone: .warning
            ).html
        }
        return ""
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
