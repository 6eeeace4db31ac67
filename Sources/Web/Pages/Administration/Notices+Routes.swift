import Application
import Casework
import Hummingbird
import Kernel

extension Routes {
    /// What everybody is to know, shown at the next sign-in.
    func addNotices(_ services: WebServices) {
        on(.get, "/b/{bureau}/notices", .signedIn) { _, context in try await services.noticesPage(context) }
        on(.post, "/b/{bureau}/notices", .signedIn) { _, context in try await services.readNotices(context) }
    }
}

/// What waits for a person when they sign in.
struct WaitingMatters: Sendable {
    /// Notices that they have not read.
    var notices: [BureauUpkeep.Notice] = []
    /// Changes of the rules that wait for them, and texts in force that nobody stands by yet.
    var rules = 0
    /// Roles and accounts that they may confirm.
    var seconds = 0

    /// Whether anything waits for this person to decide it.
    var isForHere: Bool { rules > 0 || seconds > 0 }
}

extension WebServices {
    /// Notices that a person has not read, and changes of the rules that wait for them.
    func waiting(for person: PersonRow, at bureau: BureauServices) async throws -> WaitingMatters {
        let upkeep = try await bureau.casebook.chambers.upkeep()
        let first = upkeep.notices.isEmpty ? nil : try await bureau.casebook.history(of: person.thread).first
        let notices = first.map { upkeep.unread(by: person.thread, roles: person.roles, since: $0.recordedAt) } ?? []
        let seconds = try await secondMatters(for: person, at: bureau).count
        guard person.roles.contains(.agencyHead) else { return WaitingMatters(notices: notices, seconds: seconds) }
        let today = clock.now().day
        let spans = try await bureau.casebook.chambers.law().rules.spans
        let unconfirmed = spans.count { span in
            (span.until.map { today < $0 } ?? true) && upkeep.approvals[span.digest]?.by == nil
        }
        return WaitingMatters(
            notices: notices, rules: upkeep.proposals.count + unconfirmed, seconds: seconds)
    }

    func noticesPage(_ context: SignedInContext) async throws -> Response {
        let address = Address(context.bureau.tag)
        let waiting = try await waiting(for: context.identity.person, at: context.bureau)
        let names = try await context.bureau.names()
        let chambers = context.bureau.casebook.chambers
        let history = HistoryText(names: names, library: try await chambers.law().library)
        let records = try await chambers.records()
        let reset = waiting.notices.map { text(of: $0, history, records) }
        let rules =
            waiting.rules == 0
            ? nil
            : Notice(
                title: "\(waiting.rules) 项制度事项等您确认", paragraphs: ["系统管理员拟定的变更，您确认以后才生效。"],
                actions: [Button(label: "去看看", href: address.regulations, style: .secondary)])
        let seconds =
            waiting.seconds == 0
            ? nil
            : Notice(
                title: "\(waiting.seconds) 项人员、账号和设置事项等您确认", paragraphs: ["您确认以后，职责和设置才生效，账号才能办理。"],
                actions: [Button(label: "去确认", href: address.seconds, style: .secondary)])
        let onward: HTML =
            waiting.notices.isEmpty || !context.identity.person.accountState.mayRecord
            ? "<p class=\"actions\">\(Button(label: "进入工作台", href: address.home).html)</p>"
            : frame(address.notices, context).html(
                "<p class=\"actions\">\(Button(label: "知道了，进入工作台").html)</p>\n")
        return answer(
            Page(
                title: "通知",
                body: """
                    <h1>通知</h1>
                    \(reset.html { $0.html })\(rules.map { $0.html })\(seconds.map { $0.html })\(reset.isEmpty && rules == nil && seconds == nil ? EmptyState(title: "没有新的通知", text: "需要全体人员知道的事会在登录时显示。").html : "")\(onward)
                    """,
                isNarrow: true), context)
    }

    private func text(of notice: BureauUpkeep.Notice, _ history: HistoryText, _ records: [Record]) -> Notice {
        let names = history.names
        // What was prepared, where the notice is about that.
        let change = notice.about.flatMap { seq in records.first { $0.seq == seq }.flatMap { SettingProposal($0) } }
            .map { SettingChange(proposal: $0, history: history) }
        let name = names[notice.person] ?? "一名人员"
        let who = notice.by.flatMap { names[$0] } ?? "服务器上的命令"
        let title: String
        var lines = ["时间：\(notice.at.chinese)。办理：\(who)。"]
        switch notice.kind {
        case .accountReset:
            title = "\(name)的密码在服务器上重置过"
            lines = ["时间：\(notice.at.chinese)。办理的人能够登录服务器本机。", "如果您知道这件事，不必做什么；如果没有人能说明为什么要重置，请马上报告机关负责人。"]
        case .resetByAdmin:
            title = "\(name)的密码被重置过"
            lines.append("如果不是\(name)本人要求的，请马上报告机关负责人，并请另一名系统管理员停用账号。")
        case .roleAlone:
            title = "\(name)的职责由一个人决定"
            lines.append("当时没有可以确认的第二人。如果您认为不妥，请马上报告机关负责人或者上级机关。")
        case .secondOnServer:
            title = "\(name)的账号或者职责在服务器上确认"
            lines = [
                "时间：\(notice.at.chinese)。办理的人能够登录服务器本机。",
                "本机关当时没有可以确认的第二人。如果没有人能说明这件事，请马上报告机关负责人或者上级机关。",
            ]
        case .headClosed:
            title = "行政机关负责人\(name)的账号已停用"
            lines.append("如果负责人没有离任，请马上报告上级机关。")
        case .settingsChanged:
            title = "机关设置或者放假安排有变化"
            lines = [change.map { "\($0.title)。" } ?? ""]
            lines.append("\(name)拟定，\(who)确认，\(notice.at.chinese)起生效，在办案件已经按新的计算。")
            if let reason = change?.proposal.reason, !reason.isEmpty { lines.append("理由：\(reason)") }
        case .settingsDeclined:
            title = "拟定的设置或者放假安排没有采用"
            lines = [change.map { "\($0.title)。" } ?? "", "\(name)拟定，\(who)没有同意，仍按原来的办理。"]
            let decline = notice.about.flatMap { seq in
                records.last { record in
                    record.type == .settingsDeclined
                        && record.references.contains { $0.role == "proposal" && $0.seq == seq }
                }
            }
            if let reason = decline?.text("reason") { lines.append("理由：\(reason)") }
        case .personProposed:
            title = "系统管理员拟更改\(name)的姓名或者证件"
            // The notice is written with the entry that it is about, right after it.
            let proposal = records.first { $0.seq == notice.seq - 1 }.flatMap { PersonProposal($0) }
            lines = [proposal.map { "\($0.chinese)。" } ?? "", "\(who)于\(notice.at.chinese)拟定，等第二人（行政机关负责人）确认后生效。"]
            if let reason = proposal?.reason, !reason.isEmpty { lines.append("理由：\(reason)") }
            lines.append("不是您本人知道的事，请马上报告行政机关负责人。")
        case .personChanged, .personDeclined:
            title = notice.kind == .personChanged ? "\(name)的姓名或者证件已更改" : "拟更改\(name)的姓名或者证件，没有采用"
            let proposal = notice.about.flatMap { seq in records.first { $0.seq == seq }.flatMap { PersonProposal($0) }
            }
            lines = [proposal.map { "\($0.chinese)。" } ?? ""]
            let preparer = proposal?.proposedBy.flatMap { names[$0] } ?? "系统"
            lines.append(
                notice.kind == .personChanged
                    ? "\(preparer)拟定，\(who)确认，\(notice.at.chinese)起生效。以前的文书保留当时的姓名和证件。"
                    : "\(preparer)拟定，\(who)没有同意或者撤回，仍按原来的登记。")
        case .ruleOverridden:
            title = "有一条规定按上位规定执行"
            let override = notice.about.flatMap { seq in records.first { $0.seq == seq } }
            lines =
                override.map { record in
                    record.word("provision").map { OverrideText(record, $0, history.library).all } ?? []
                } ?? []
            lines.append("\(name)拟定，\(who)确认，\(notice.at.chinese)记入，在办案件已经按新的规定判断。")
        case .violation:
            title = "记录违规的登记或者处理与\(name)有关"
            lines.append("登记的内容和期限，在“记录监督”里可以看到。有异议的，请向本部门负责人提出。")
        case .lockAdopted:
            title = "账本的锁文件丢失，用检查点继续记录"
            lines.append("经系统管理员和第二人确认，账本从这一时间接着记录。如果您此前办过的事项现在查不到，请马上报告机关负责人：账本可能丢失了记录。")
        }
        return Notice(title: title, paragraphs: lines.filter { !$0.isEmpty }, tone: .warning)
    }

    func readNotices(_ context: SignedInContext) async throws -> Response {
        let command = try context.visit.form.command
        let waiting = try await waiting(for: context.identity.person, at: context.bureau)
        if !waiting.notices.isEmpty {
            _ = try await context.bureau.casebook.read(waiting.notices, command: command, by: context.performer)
        }
        return .seeOther(Address(context.bureau.tag).home)
    }
}
