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

extension WebServices {
    /// Notices that a person has not read, and changes of the rules that wait for them.
    func waiting(
        for person: PersonRow, at bureau: BureauServices
    ) async throws -> (notices: [BureauUpkeep.Notice], proposals: [RuleProposal], unconfirmed: Int) {
        let upkeep = try await bureau.casebook.chambers.upkeep()
        let first = upkeep.notices.isEmpty ? nil : try await bureau.casebook.history(of: person.thread).first
        let notices = first.map { upkeep.unread(by: person.thread, since: $0.recordedAt) } ?? []
        guard person.roles.contains(.agencyHead) else { return (notices, [], 0) }
        let today = clock.now().day
        let spans = try await bureau.casebook.chambers.law().rules.spans
        let unconfirmed = spans.count { span in
            (span.until.map { today < $0 } ?? true) && upkeep.approvals[span.digest]?.by == nil
        }
        return (notices, upkeep.proposals, unconfirmed)
    }

    func noticesPage(_ context: SignedInContext) async throws -> Response {
        let address = Address(context.bureau.tag)
        let waiting = try await waiting(for: context.identity.person, at: context.bureau)
        let names = try await context.bureau.names()
        let reset = waiting.notices.map { notice in
            Notice(
                title: "\(names[notice.person] ?? "一名系统管理员")的密码在服务器上重置过",
                paragraphs: [
                    "时间：\(notice.at.chinese)。办理的人能够登录服务器本机。", "如果您知道这件事，不必做什么；如果没有人能说明为什么要重置，请马上报告机关负责人。",
                ], tone: .warning)
        }
        let count = waiting.proposals.count + waiting.unconfirmed
        let rules =
            count == 0
            ? nil
            : Notice(
                title: "\(count) 项制度事项等您确认", paragraphs: ["系统管理员拟定的变更，您确认以后才生效。"],
                actions: [Button(label: "去看看", href: address.regulations, style: .secondary)])
        let onward: HTML =
            waiting.notices.isEmpty
            ? "<p class=\"actions\">\(Button(label: "进入工作台", href: address.home).html)</p>"
            : frame(address.notices, context).html(
                "<p class=\"actions\">\(Button(label: "知道了，进入工作台").html)</p>\n")
        return answer(
            Page(
                title: "通知",
                body: """
                    <h1>通知</h1>
                    \(reset.html { $0.html })\(rules.map { $0.html })\(reset.isEmpty && rules == nil ? EmptyState(title: "没有新的通知", text: "需要全体人员知道的事会在登录时显示。").html : "")\(onward)
                    """,
                isNarrow: true), context)
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
