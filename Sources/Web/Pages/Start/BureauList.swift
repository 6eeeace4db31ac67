import Kernel

/// The first page of the server: its bureaus.
struct BureauList: Sendable {
    var bureaus: [Entry]

    struct Entry: Sendable {
        let name: String
        let address: Address
        let isDemo: Bool
    }

    var page: Page {
        Page(
            title: "选择单位",
            body: """
                <h1>选择单位</h1>
                \(bureaus.isEmpty ? EmptyState(title: "还没有单位", text: "请系统管理员用 liuhen init 建立。").html : "")<ul class="choose">\(bureaus.html { """
                    <li><a href="\($0.address.home)">\($0.name)</a>\($0.isDemo ? Tag(text: "演示", tone: .quiet).html : "")</li>

                    """ })</ul>
                """,
            isNarrow: true)
    }
}
