import Application
import Casework
import Hummingbird
import Kernel

extension Routes {
    /// What the bureau still needs.
    func addSetup(_ services: WebServices) {
        on(.get, "/b/{bureau}/setup", .administration) { _, context in
            services.answer(try await services.setupPage(context).page, context)
        }
    }
}

extension WebServices {
    func setupPage(_ context: SignedInContext) async throws -> SetupPage {
        let chambers = context.bureau.casebook.chambers
        let law = try await chambers.law()
        let address = Address(context.bureau.tag)
        let tasks = SetupTask.all(
            profile: try await chambers.profile(), upkeep: try await chambers.upkeep(), law: law,
            persons: try await context.bureau.registers.persons(), at: clock.now())
        return SetupPage(
            bureauName: context.bureau.name, address: address,
            groups: SetupPage.Part.allCases.map { part in
                (part, tasks.filter { part.has($0.subject) }.map { $0.row(address, law.library) })
            },
            left: tasks.count { $0.state != .done }, first: tasks.count { [.first, .late].contains($0.state) },
            obstacle: context.bureau.office.inspectionObstacle.chinese)
    }
}

/// The administrator's first page: what is still to be done, with the page or the command that does it.
struct SetupPage: Sendable {
    var bureauName: String
    var address: Address
    var groups: [(part: Part, rows: [Row])]
    /// Tasks that are not done.
    var left: Int
    /// Those without which nothing works, or that are late.
    var first: Int
    /// Why recordings are not inspected on this server now; nil while they are.
    var obstacle: String?

    /// Parts of the list.
    enum Part: CaseIterable, Sendable {
        case bureau, people, rules, keeping

        var title: String {
            switch self {
            case .bureau: "机关"
            case .people: "人员和岗位"
            case .rules: "制度和日历"
            case .keeping: "保管"
            }
        }

        func has(_ subject: SetupTask.Subject) -> Bool {
            switch subject {
            case .identity, .numbers: self == .bureau
            case .people, .role, .certificates: self == .people
            case .regulation, .proposals, .settingProposals, .calendar: self == .rules
            case .backup, .medium, .recoverySheet, .checkpoint: self == .keeping
            }
        }
    }

    /// One task.
    struct Row: Sendable {
        var label: String
        var href: String?
        var note: String
        /// The command that does it, where no page can.
        var command: String?
        /// The provisions that ask for it.
        var sources: [ObligationCard.Source] = []
        var tag: Tag
    }

    var page: Page {
        Page(
            title: "机关管理", section: .administration,
            body: """
                <h1>\(bureauName)</h1>
                <p class="lead">\(left == 0 ? "都办好了。" : "还有 \(left) 项要办\(first == 0 ? "" : "，其中 \(first) 项先办")。")系统管理员维护人员、设置和记录链，没有查看案件的权限。</p>
                \(AdminTabs(address: address, current: .setup).html)\(obstacle.map { Notice(title: "音像文件暂时不能检查", paragraphs: [$0], tone: .warning).html })\(groups.html { group in
                    """
                    <section class="setup" aria-label="\(group.part.title)"><h2>\(group.part.title)</h2>
                    <ul class="tasks">\(group.rows.html { row($0) })</ul></section>

                    """
                })
                """,
            isNarrow: true)
    }

    private func row(_ row: Row) -> HTML {
        let shown = row.sources.prefix(3).enumerated().html { index, source in
            "\(index == 0 ? "" : "、")\(source.href.map { "<a href=\"\($0)\">\(source.label)</a>" as HTML } ?? "\(source.label)")"
        }
        let more = row.sources.count > 3 ? "等 \(row.sources.count) 条" : ""
        let sources: HTML = row.sources.isEmpty ? "" : " 依据：\(shown)\(more)。"
        return """
            <li><span>\(row.href.map { "<a href=\"\($0)\">\(row.label)</a>" as HTML } ?? "\(row.label)")<small>\(row.note)\(sources)</small>\(row.command.map { "<small>在服务器上运行 <code>\($0)</code></small>" as HTML })</span>\(row.tag.html)</li>

            """
    }
}

extension SetupTask {
    /// The task as a row of the page.
    func row(_ address: Address, _ library: RuleLibrary) -> SetupPage.Row {
        let tag: Tag =
            switch state {
            case .done: Tag(text: "✓ 已办", tone: .done)
            case .due: Tag(text: "待办", tone: .soon)
            case .first: Tag(text: "先办", tone: .wait)
            case .late: Tag(text: "该办未办", tone: .late)
            }
        var row = SetupPage.Row(label: "", note: note, tag: tag)
        // Who already fills a role needs no article to be told so.
        if state != .done {
            row.sources = provisions.map { ObligationCard.Source(provision: $0, library: library, address: address) }
        }
        switch subject {
        case .identity: (row.label, row.href) = ("名称、区域、抬头和上级机关", address.settings)
        case .numbers: (row.label, row.href) = ("文书字号", address.settings)
        case .people: (row.label, row.href) = ("登记人员", address.people)
        case .role(let role):
            (row.label, row.href) = ("岗位：\(role.chinese)", address.people(query: "role=\(role.rawValue)"))
        case .certificates: (row.label, row.href) = ("执法证件", address.people(query: "sort=certificate"))
        case .regulation(_, let title): (row.label, row.href) = ("制度：\(title)", address.regulations)
        case .proposals: (row.label, row.href) = ("制度变更", address.regulations)
        case .settingProposals: (row.label, row.href) = ("设置和放假安排的变更", address.seconds)
        case .calendar(let year): (row.label, row.href) = ("\(year) 年放假安排", address.calendars)
        case .backup:
            row.label = "备份"
            if state != .done { row.command = "liuhen backup 备份盘目录" }
        case .medium(let id, let place):
            row.label = "备份盘\(place.isEmpty ? " \(id.prefix(8))" : "“\(place)”")"
            row.href = address.ledgerBook
            row.command = "liuhen backup 这块盘上的目录"
        case .recoverySheet:
            row.label = "恢复单"
            if state != .done { row.command = "liuhen recovery confirm" }
        case .checkpoint: (row.label, row.href) = ("检查点存放在外", address.ledgerBook)
        }
        return row
    }
}
