import Application
import Casework
import Kernel

/// The people of the bureau, with search, filters and pages.
struct PeopleListPage: Sendable {
    var address: Address
    var query: PeopleQuery
    /// The people of this page of the list.
    var rows: [PersonRow]
    var total: Int
    var sections: [String]
    var today: CivilDay
    /// Changes of roles that wait for a second person, by the person whom they are about.
    var pending: [ThreadTag: [PendingRoles]]
    /// What was just done.
    var notice: Notice?

    var page: Page {
        Page(
            title: "人员", section: .administration,
            body: """
                <div class="head-row"><h1>人员</h1><p class="actions">\(Button(label: "登记人员", href: address.newPerson).html)\(Button(label: "从表格导入", href: address.peopleImport, style: .secondary).html)</p></div>
                \(AdminTabs(address: address, current: .people).html)\(notice.map { $0.html })\(filters.html)\(rows.isEmpty ? empty : table)\(Pagination(page: query.page, pages: pages, total: total, href: href).html)
                """)
    }

    private var pages: Int { (total + PeopleQuery.pageSize - 1) / PeopleQuery.pageSize }

    private var filters: FilterBar {
        func options(_ pairs: [(String, String)]) -> [FieldModel.Option] {
            [.init(word: "", label: "全部")] + pairs.map { .init(word: $0.0, label: $0.1) }
        }
        return FilterBar(
            action: address.people, searchLabel: "姓名、登录名或者证件号码", search: query.text,
            filters: [
                Filter(
                    name: "role", label: "职责", options: options(Role.allCases.map { ($0.rawValue, $0.chinese) }),
                    selected: query.role?.rawValue ?? ""),
                Filter(
                    name: "section", label: "科室", options: options(sections.map { ($0, $0) }), selected: query.section),
                Filter(
                    name: "state", label: "账号",
                    options: options(PersonRow.AccountState.allCases.map { ($0.rawValue, $0.chinese) }),
                    selected: query.state),
                Filter(
                    name: "sort", label: "排序",
                    options: PeopleQuery.Sort.allCases.map { .init(word: $0.rawValue, label: $0.chinese) },
                    selected: query.sort.rawValue),
            ])
    }

    private var empty: HTML {
        EmptyState(
            title: "没有找到人员", text: "换一个关键词，或者清除筛选条件。",
            action: Button(label: "清除条件", href: address.people, style: .small)
        ).html
    }

    private var table: HTML {
        """
        <p class="count">共\(total)人</p>
        <table class="list"><thead><tr><th scope="col">姓名</th><th scope="col">科室</th><th scope="col">职责</th><th scope="col">执法证件</th><th scope="col">账号</th></tr></thead>
        <tbody>\(rows.html { row in
            """
            <tr><td data-label="姓名"><a href="\(address.person(row.thread))">\(row.name)</a></td><td data-label="科室">\(row.section)</td><td data-label="职责"><span class="stack"><span>\(row.roles.map(\.chinese).joined(separator: "、"))</span>\((pending[row.thread] ?? []).html { $0.tag.html })</span></td><td data-label="执法证件"><span class="stack"><span class="num">\(row.certificateNumber.isEmpty ? "—" : row.certificateNumber)</span>\(CertificateStanding(row, on: today).tag.map { $0.html })</span></td><td data-label="账号"><span class="stack">\(row.account.map { "<code>\($0)</code>" as HTML })\(row.accountState.tag.html)</span></td></tr>

            """
        })</tbody></table>

        """
    }

    private var href: @Sendable (Int) -> String {
        let (address, pairs) = (address, query.pairs)
        return { page in
            let all = (pairs + [("page", String(page))]).filter { !$0.value.isEmpty }
            return address.people(query: all.map { "\($0.name)=\(Percent.encode($0.value))" }.joined(separator: "&"))
        }
    }
}
