import Application
import Casework
import HTTPTypes
import Kernel

/// The API explained to people (接口说明): the same declarations that serve it, without a script from elsewhere.
struct InterfacePage: Sendable {
    var address: Address

    var page: Page {
        Page(
            title: "接口说明", crumbs: [.init(label: "访问令牌", href: address.accountTokens)], place: "接口说明",
            body: """
                <h1>接口说明</h1>
                <p class="lead">供其他系统读取案件、登记步骤。地址都在 <code>/api/v1\(address.base)</code> 之下；每次请求带上 <code>Authorization: Bearer 令牌</code>。</p>
                \(SummaryList.paragraphs(OpenAPIDocument.introduction))<p>给程序看的说明（OpenAPI 3.1）：<a href="\(Address.openAPI)">openapi.json</a>。令牌在<a href="\(address.accountTokens)">访问令牌</a>页面生成。</p>
                \(TokenScope.ofPrograms.html(section))
                """)
    }

    private func section(_ scope: TokenScope) -> HTML {
        """
        <h2>\(scope.chinese)（\(scope.rawValue)）</h2>
        \(APIOperation.all.filter { $0.scope == scope }.html(operation))
        """
    }

    private func operation(_ operation: APIOperation) -> HTML {
        """
        <details><summary>\(operation.summary) <code>\(operation.method.rawValue) \(operation.path)</code></summary>
        <div>\(operation.text.isEmpty ? "" : "<p>\(operation.text)</p>\n" as HTML)\(table("地址里的参数", operation.parameters.map { ($0.name, $0.schema.chinese, $0.isRequired, $0.text) }))\(operation.hasKey ? "<p>须带 <code>Idempotency-Key</code>。</p>\n" as HTML : "")\(operation.body.map { table("提交的内容", $0.lines()) })\(operation.answer.schema.map { table("回答", $0.lines()) })</div></details>

        """
    }

    private func table(_ title: String, _ lines: [(name: String, form: String, isRequired: Bool, text: String)]) -> HTML
    {
        guard !lines.isEmpty else { return "" }
        return """
            <table class="list"><caption>\(title)</caption><thead><tr><th scope="col">名称</th><th scope="col">形式</th><th scope="col">必有</th><th scope="col">说明</th></tr></thead>
            <tbody>\(lines.html { line in
                """
                <tr><td data-label="名称"><code>\(line.name)</code></td><td data-label="形式">\(line.form)</td><td data-label="必有">\(line.isRequired ? "是" : "否")</td><td data-label="说明">\(line.text)</td></tr>

                """
            })</tbody></table>

            """
    }
}

extension APISchema {
    /// What it is, in words.
    var chinese: String {
        switch self {
        case .named(_, let schema): schema.chinese
        case .text(let range): "文字，\(range.lowerBound)到\(range.upperBound)字符"
        case .id: "编号"
        case .digest: "摘要"
        case .day: "日期"
        case .instant: "时间（毫秒）"
        case .integer(let range): "整数，\(range.lowerBound)到\(range.upperBound)"
        case .truth: "true 或者 false"
        case .words(let words): words.joined(separator: "、")
        case .list(let element, _, _): "列表：\(element.chinese)"
        case .object: "对象"
        case .anything: "对象，名称不限"
        }
    }

    /// The members of an object, those of its parts indented by name.
    func lines(under name: String = "") -> [(name: String, form: String, isRequired: Bool, text: String)] {
        switch self {
        case .named(_, let schema): schema.lines(under: name)
        case .list(let element, _, _): element.lines(under: name)
        case .object(let fields):
            fields.flatMap { field in
                let path = name.isEmpty ? field.name : "\(name).\(field.name)"
                return [(path, field.schema.chinese, field.isRequired, field.text)] + field.schema.lines(under: path)
            }
        default: []
        }
    }
}
