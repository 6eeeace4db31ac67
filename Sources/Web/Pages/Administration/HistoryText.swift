import Application
import Casework
import Kernel

/// What happened to a person or to the bureau, in words: when, what, by whom.
struct HistoryText: Sendable {
    let names: [ThreadTag: String]
    let library: RuleLibrary

    /// One line of a history.
    struct Event: Sendable, Hashable {
        let time: String
        let title: String
        var lines: [String] = []
        let who: String
    }

    /// The newest first.
    func events(_ records: [Record]) -> [Event] { records.reversed().map(event) }

    /// Histories as a list.
    func html(_ records: [Record]) -> HTML {
        """
        <ol class="tl">\(events(records).html { event in
            """
            <li><p class="at">\(event.time)　\(event.who)</p><h3>\(event.title)</h3>\(event.lines.html { "<p>\($0)</p>" })</li>

            """
        })</ol>

        """
    }

    private func event(_ record: Record) -> Event {
        var title = record.type.chinese
        var lines: [String] = []
        switch record.type {
        case .roleGranted, .roleWithdrawn:
            let role = record.word("role").flatMap(Role.init(rawValue:))?.chinese ?? ""
            title = "\(title)：\(role)"
            if let day = (record.word("from") ?? record.word("until")).flatMap({ CivilDay($0) }) {
                lines.append("自\(day.chinese)起")
            }
        case .personRegistered, .personChanged:
            for (field, label) in [
                ("name", "姓名"), ("section", "科室"), ("certificateKind", "证件"), ("certificateNumber", "证件号码"),
            ] {
                if let text = record.text(field) { lines.append("\(label)：\(text.isEmpty ? "（清空）" : text)") }
            }
            if let until = record.word("certificateUntil").flatMap({ CivilDay($0) }) {
                lines.append("证件有效期至\(until.chinese)")
            }
        case .roleProposed:
            if let proposal = RoleProposal(record) {
                lines.append("\(names[proposal.person] ?? "")：\(proposal.chinese)")
            }
        case .personProposed:
            if let proposal = PersonProposal(record) {
                lines.append("\(names[proposal.person] ?? "")：\(proposal.chinese)")
            }
        case .settingsProposed, .calendarProposed:
            if let proposal = SettingProposal(record) {
                lines.append(SettingChange(proposal: proposal, history: self).title)
            }
        case .postAssigned, .postEnded:
            let post = record.word("post").map { record.type.chinese($0, of: "post") } ?? ""
            lines.append("\(post)：\(record.thread("person").flatMap { names[$0] } ?? "已离开的人员")")
            if let scope = record.text("scope") { lines.append("负责的事项：\(scope)") }
        case .accountOpened: if let account = record.word("account") { lines.append("登录账号：\(account)") }
        case .tokenMade:
            if let label = record.text("label") { lines.append(label) }
            let scopes = record.plain["scopes"]?.elements?.compactMap { $0.string.flatMap(TokenScope.init) } ?? []
            lines.append("可以做的事：\(scopes.map(\.chinese).joined(separator: "、"))")
            if let until = record.instant("until") { lines.append("有效期至\(until.chinese)") }
        case .accountReset: lines.append(record.word("by") == "server" ? "在服务器上办理" : "由系统管理员办理")
        case .bureauSettingsChanged:
            for member in record.fields["settings"]?.members ?? [] {
                lines.append(
                    "\(setting(member.key))：\(member.value.string.map { OfficeChoice.chinese($0) } ?? member.value.integer.map { number($0, of: member.key) } ?? "")"
                )
            }
        case .regulationAdopted, .regulationConfirmed, .regulationRepaired, .regulationRepealed, .ruleProposed:
            if let act = record.word("act").flatMap(RuleAct.init(rawValue:)) { title = "\(title)：\(act.chinese)" }
            lines += rule(record)
        case .ruleOverridden: lines += rule(record)
        case .bureauOpened:
            for field in ["name", "letterhead", "region", "superior"] {
                if let text = record.text(field) { lines.append("\(setting(field))：\(text)") }
            }
        case .calendarAdopted: if let year = record.number("year") { title = "采用 \(year) 年放假安排" }
        case .keyPublished: lines.append("密钥标识 \(record.word("keyId") ?? "")")
        case .backupMade, .checkpointKept, .lockAdopted:
            if let size = record.number("size") { lines.append("至第 \(size) 条") }
            if let place = record.text("place") { lines.append(place) }
        case .recoveryConfirmed: if let group = record.number("group") { lines.append("第 \(group) 组与密钥相符") }
        case .noticePosted:
            let what = [
                "resetByAdmin": "的密码被重置", "roleAlone": "的职责由一个人决定", "secondOnServer": "的账号或者职责在服务器上确认",
                "headClosed": "的账号停用", "lockAdopted": "用检查点继续账本", "settingsChanged": "拟定的设置生效",
                "settingsDeclined": "拟定的设置没有采用", "personProposed": "的姓名或者证件拟更改",
                "personChanged": "的姓名或者证件已更改", "personDeclined": "的姓名或者证件没有更改",
            ]
            if let person = record.thread("person") {
                lines.append("\(names[person] ?? "")\(what[record.word("kind") ?? ""] ?? "的密码在服务器上重置")")
            }
        default: break
        }
        if let reason = record.text("reason"), !reason.isEmpty { lines.append("理由：\(reason)") }
        return Event(
            time: record.recordedAt.chinese, title: title, lines: lines,
            who: record.actor.map { names[$0] ?? "已离开的人员" } ?? "系统")
    }

    private func rule(_ record: Record) -> [String] {
        var lines: [String] = []
        if let provision = record.word("provision") { lines += OverrideText(record, provision, library).lines }
        let digest = record.word("digest").flatMap { Digest($0) }
        if let id = record.word("regulation") {
            let title = digest.flatMap { library.regulation($0)?.title } ?? library.newest(id)?.regulation.title ?? id
            lines.append("《\(title)》")
        }
        let isPack = digest.flatMap { library.regulation($0) }.map { !$0.laws.isEmpty } ?? false
        if let day = record.word("inForceFrom").flatMap({ CivilDay($0) }) {
            lines.append(isPack ? "各部法律自其施行之日起适用" : "自\(day.chinese)起施行")
        }
        if let day = record.word("lastDay").flatMap({ CivilDay($0) }) { lines.append("施行至\(day.chinese)") }
        if let approver = record.word("approver").flatMap(Role.init(rawValue:)) {
            let custodian = record.word("custodian").flatMap(Role.init(rawValue:))?.chinese ?? ""
            lines.append("审批：\(approver.chinese)；保管：\(custodian)")
        }
        if let before = record.word("replaces") { lines.append("修正前摘要 \(before)") }
        if let digest { lines.append("\(record.word("replaces") == nil ? "摘要" : "修正后摘要") \(digest)") }
        if let rows = record.plain["rows"]?.elements {
            lines.append(
                "改动的条目：\(rows.compactMap(\.string).map { OverrideText.title($0, library) }.joined(separator: "、"))")
        }
        return lines
    }

    /// A number that was set, as people read it: sums of money in yuan.
    func number(_ value: Int64, of name: String) -> String {
        declared(name)?.text(of: Int(value)) ?? String(value)
    }

    private func declared(_ name: String) -> SettingDeclaration? {
        library.regulations.flatMap(\.regulation.settings).first { $0.name == name }
    }

    func setting(_ name: String) -> String {
        switch name {
        case "name": return "机关名称"
        case "letterhead": return "文书抬头"
        case "region": return "行政区域"
        case "superior": return "上级机关"
        case "documentMark": return "机关代字"
        default: break
        }
        let parts = name.split(separator: "/").map(String.init)
        if parts.count == 3, parts[0] == "firstNumber" {
            return "《\(library.kind(parts[1])?.title ?? parts[1])》\(parts[2]) 年起始号"
        }
        return declared(name)?.question
            ?? library.regulations.flatMap(\.regulation.offices).first { $0.name == name }?.title ?? name
    }
}
