import HTTPTypes
import Kernel

/// A page that says what went wrong and what to do next.
struct RefusalPage: Sendable {
    var title: String
    var advice: [String]
    /// What to tell the administrator; only for faults of ours.
    var requestID: String?
    var signIn: String?
    /// Where the form that was refused comes back filled.
    var kept: String?
    var home: String?

    func page(status: HTTPResponse.Status) -> Page {
        var actions: [Button] = []
        if let kept { actions.append(Button(label: "回到刚才的表单", href: kept)) }
        if let signIn { actions.append(Button(label: "去登录", href: signIn)) }
        if let home { actions.append(Button(label: "返回工作台", href: home, style: .secondary)) }
        return Page(
            title: title,
            body: """
                <h1>\(title)</h1>
                \(advice.html { "<p>\($0)</p>\n" })\(requestID.map { "<p class=\"hint\">编号 <code>\($0)</code></p>\n" as HTML })<p class="actions">\(actions.html { $0.html + " " })</p>
                """,
            isNarrow: true, status: status)
    }
}
