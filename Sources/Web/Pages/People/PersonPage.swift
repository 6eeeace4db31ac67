import Application
import Casework
import Kernel

/// One person: data, roles, account, and everything that was recorded of them.
struct PersonPage: Sendable {
    var address: Address
    var person: PersonRow
    var certificateKind: String
    var today: CivilDay
    /// The page shows the administrator's own person, whom somebody else has to look after.
    var isSelf: Bool
    /// Changes of this person's roles that wait for a second person.
    var pending: [PendingRoles]
    /// Changes of name or certificate that wait for a second person.
    var changes: [PendingPerson] = []
    var history: HTML
    var notice: Notice?

    var page: Page {
        Page(
            title: person.name, section: .administration, crumbs: [.init(label: "人员", href: address.people)],
            place: person.name,
            body: """
                \(notice.map { $0.html })<h1>\(person.name)</h1>
                <p class="tags">\(person.accountState.tag.html)\(CertificateStanding(person, on: today).tag.map { $0.html })\(pending.html { $0.tag.html })</p>
                \(pending.html { $0.notice(address).html })\(changes.html { $0.notice(address).html })\(SummaryList(rows: data).html)\(isSelf ? own : acts)<h2>记录</h2>
                \(history)
                """,
            isNarrow: true)
    }

    private var data: [SummaryList.Row] {
        let roles = person.roles.map(\.chinese).joined(separator: "、")
        let certificate =
            person.certificateNumber.isEmpty
            ? ""
            : "\(certificateKind) \(person.certificateNumber)\(person.certificateUntil.map { "，有效至 \($0.chinese)" } ?? "")"
        return [
            .init(label: "姓名", value: "\(person.name)", change: address.personDetails(person.thread)),
            .init(label: "科室", value: "\(person.section)", change: address.personDetails(person.thread)),
            .init(label: "执法证件", value: "\(certificate)", change: address.personDetails(person.thread)),
            .init(
                label: "职责", value: "\(roles)", change: isSelf ? nil : address.personRoles(person.thread)),
            .init(
                label: "登录账号",
                value: person.account.map { "<code>\($0)</code>　\(person.accountState.chinese)" as HTML } ?? ""),
        ]
    }

    private var own: HTML {
        "<p class=\"hint\">这是您自己。职责和账号由另一名系统管理员办理；修改密码请到<a href=\"\(address.account)\">我的账号</a>。</p>"
    }

    private var acts: HTML {
        let buttons: [Button] =
            person.isActive
            ? [
                Button(label: "更改职责", href: address.personRoles(person.thread), style: .secondary),
                Button(label: "重置密码", href: address.personReset(person.thread), style: .secondary),
                Button(label: "停用账号", href: address.personClose(person.thread), style: .danger),
            ]
            : [
                Button(
                    label: person.account == nil ? "开通账号" : "重新开通账号", href: address.personAccount(person.thread),
                    style: .secondary),
                Button(label: "更改职责", href: address.personRoles(person.thread), style: .secondary),
            ]
        return "<p class=\"actions\">\(buttons.html { $0.html })</p>"
    }
}

/// One-time secrets, shown this once: slips to be printed, cut and handed over.
struct SecretSlips: Sendable {
    var bureauName: String
    /// Where to sign in, as the browser reached the server.
    var signIn: String
    var slips: [Slip]
    var crumbs: [Page.Crumb]
    var title: String
    var next: Button
    /// Whether a second person asks each of them before their account records anything.
    var waits = false

    /// One person's slip.
    struct Slip: Sendable, Hashable {
        let name: String
        let account: String
        let secret: String
    }

    var page: Page {
        Page(
            title: title, section: .administration, crumbs: crumbs, place: title,
            body: """
                <div class="screen-only"><h1>\(title)</h1>
                \(Notice(title: "请现在打印密码条", paragraphs: ["下面的一次性密码只显示这一次，请现在打印，裁开后当面交给本人。关掉页面就看不到了，只能重置。"] + (waits ? ["本人设好自己的密码以后，还要请行政机关负责人当面核实账号，才能办理；在这以前只能查看。"] : []), tone: .done).html)</div>\(slips.html { slip($0) })<p class="actions"><button type="button" class="btn" data-print hidden>打印密码条</button>\(next.html)</p>
                <p class="hint">打印出来的纸上只有密码条；也可以在浏览器菜单里选“打印”。</p>
                """,
            isNarrow: true)
    }

    private func slip(_ slip: Slip) -> HTML {
        """
        <section class="slip" aria-label="\(slip.name)的密码条"><p class="slip-head">\(bureauName)　行政执法全过程记录系统</p>
        <dl class="summary"><div><dt>姓名</dt><dd>\(slip.name)</dd></div><div><dt>登录账号</dt><dd><code>\(slip.account)</code></dd></div><div><dt>一次性密码</dt><dd><code class="secret">\(slip.secret)</code></dd></div><div><dt>登录地址</dt><dd><code>\(signIn)</code></dd></div></dl>
        <p class="hint">首次登录时要设置自己的密码。设好以后请销毁此条。</p></section>

        """
    }
}
