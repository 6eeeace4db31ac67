import Casework
import Kernel

/// What a bureau still needs before it can work, and later to keep working (任务清单).
public struct SetupTask: Hashable, Sendable {
    public let subject: Subject
    public let state: State
    /// What is missing or how it stands, in plain Chinese.
    public let note: String
    /// The provisions that ask for it, where a text does.
    public var provisions: [String] = []

    /// What a task is about.
    public enum Subject: Hashable, Sendable {
        case identity, numbers, people
        case role(Role)
        case certificates
        case regulation(Digest, title: String)
        case proposals, settingProposals
        case calendar(Int)
        case backup, recoverySheet, checkpoint
        /// A medium whose object keys are old: its id, and what it is called.
        case medium(String, place: String)
    }

    /// How a task stands.
    public enum State: String, Hashable, Sendable, CaseIterable {
        case done
        /// To be done before long.
        case due
        /// Nothing works without it: to be done first.
        case first
        /// It should have been done by now.
        case late
    }
}

extension SetupTask {
    /// Days after which a backup, a checkpoint outside and a certificate are asked for again.
    public static let backupDays = 7
    public static let checkpointDays = 30
    public static let certificateDays = 60

    /// The tasks of a bureau, in the order in which they are done.
    public static func all(
        profile: BureauProfile, upkeep: BureauUpkeep, law: Law, persons: [PersonRow], at now: Instant
    ) -> [SetupTask] {
        identity(profile) + [numbers(profile, law)] + people(persons) + roles(law, persons, on: now.day)
            + certificates(persons, on: now.day) + regulations(upkeep, law, on: now.day)
            + calendars(profile, upkeep, on: now.day) + keeping(upkeep, at: now)
    }

    private static func identity(_ profile: BureauProfile) -> [SetupTask] {
        let missing = [("机关名称", profile.name), ("文书抬头", profile.letterhead), ("行政区域", profile.region)]
            .filter(\.1.isEmpty).map(\.0)
        if !missing.isEmpty {
            return [.init(subject: .identity, state: .first, note: "还没有填写\(missing.joined(separator: "、"))。")]
        }
        let superior = profile.superior.isEmpty ? "没有填写上级机关。" : "上级机关：\(profile.superior)。"
        return [.init(subject: .identity, state: .done, note: "\(profile.name)，\(profile.region)。\(superior)")]
    }

    private static func numbers(_ profile: BureauProfile, _ law: Law) -> SetupTask {
        guard let mark = profile.settings["documentMark"]?.string, !mark.isEmpty else {
            return SetupTask(subject: .numbers, state: .first, note: "还没有机关代字，文书不能编号。")
        }
        let count = law.library.drawnKinds.count { $0.numbering != nil }
        return SetupTask(subject: .numbers, state: .done, note: "机关代字“\(mark)”，\(count) 种文书按年编号。")
    }

    private static func people(_ persons: [PersonRow]) -> [SetupTask] {
        let active = persons.filter(\.isActive)
        let others = active.count { $0.roles != [.administrator] }
        guard others > 0 else { return [.init(subject: .people, state: .first, note: "除系统管理员外还没有人员。")] }
        // A signature is entered by whose it is (ADR 0072): whoever has no account signs in nobody's presence but a handler's.
        let mute = persons.filter { $0.accountState == .none && $0.roles.contains(.officer) }
        let names = mute.prefix(6).map(\.name).joined(separator: "、") + (mute.count > 6 ? "等 \(mute.count) 人" : "")
        return [
            .init(
                subject: .people, state: mute.isEmpty ? .done : .due,
                note: "登记 \(persons.count) 人，\(active.count) 个账号在用。"
                    + (mute.isEmpty ? "" : "执法人员\(names)没有账号，不能本人登录签名，他们在纸上的签名只能由承办人代为录入。请为他们开通账号。"))
        ]
    }

    private static func roles(_ law: Law, _ persons: [PersonRow], on day: CivilDay) -> [SetupTask] {
        DemandedRole.all(in: law.rules, kinds: law.library.drawnKinds, settings: law.settings, on: day).map {
            demanded in
            let holders = persons.filter { $0.isActive && $0.roles.contains(demanded.role) }
            let enough = holders.count >= demanded.atLeast
            let names = holders.prefix(4).map(\.name).joined(separator: "、") + (holders.count > 4 ? "等" : "")
            let note =
                enough
                ? "\(names)，共 \(holders.count) 人。"
                : holders.isEmpty
                    ? "空缺\(demanded.atLeast > 1 ? "，至少要 \(demanded.atLeast) 人" : "")。"
                    : "只有\(names)，至少要 \(demanded.atLeast) 人。"
            let signs =
                enough || demanded.documents.isEmpty
                ? "" : "要由其签名：\(demanded.documents.prefix(3).map { "《\($0)》" }.joined())。"
            return SetupTask(
                subject: .role(demanded.role), state: enough ? .done : .first, note: note + signs,
                provisions: demanded.provisions)
        }
    }

    private static func certificates(_ persons: [PersonRow], on day: CivilDay) -> [SetupTask] {
        let officers = persons.filter { $0.isActive && $0.roles.contains(.officer) }
        guard !officers.isEmpty else { return [] }
        let invalid = officers.filter { !$0.isCertified(on: day) }
        let soon = officers.filter {
            $0.isCertified(on: day) && ($0.certificateUntil.map { $0.days(since: day) <= certificateDays } ?? false)
        }
        if !invalid.isEmpty {
            let names = invalid.prefix(6).map(\.name).joined(separator: "、")
            return [
                .init(subject: .certificates, state: .late, note: "\(names)没有有效的执法证件，不能安排执法活动。")
            ]
        }
        if !soon.isEmpty {
            let names = soon.prefix(6).map(\.name).joined(separator: "、")
            return [.init(subject: .certificates, state: .due, note: "\(names)的证件在 \(certificateDays) 日内到期。")]
        }
        return [.init(subject: .certificates, state: .done, note: "\(officers.count) 名执法人员的证件都在有效期内。")]
    }

    private static func regulations(_ upkeep: BureauUpkeep, _ law: Law, on day: CivilDay) -> [SetupTask] {
        var tasks = law.rules.spans.filter { span in span.until.map { day < $0 } ?? true }.map { span in
            let approval = upkeep.approvals[span.digest]
            // A pack of laws has one file and no one day: each law binds from its own.
            let from = span.regulation.laws.isEmpty ? "\(span.from.chinese)起施行" : "各部法律自其施行之日起适用"
            let isOwn = span.regulation.standing == .own
            guard let approval, approval.by != nil else {
                return SetupTask(
                    subject: .regulation(span.digest, title: span.regulation.title),
                    state: upkeep.isFounded ? .due : .first,
                    note: "\(from)，等行政机关负责人登录后在“制度”中确认\(isOwn ? "，并选定审批人和保管人" : "")。"
                        + (upkeep.isFounded ? "" : "确认以前不能登记案件、线索和申请。"))
            }
            if !isOwn {
                return SetupTask(
                    subject: .regulation(span.digest, title: span.regulation.title), state: .done,
                    note: "\(from)，已经负责人确认。")
            }
            return SetupTask(
                subject: .regulation(span.digest, title: span.regulation.title), state: .done,
                note:
                    "\(from)，由\(approval.approver?.chinese ?? "各文规定的人")审批，\(approval.custodian?.chinese ?? "各文规定的人")保管。"
            )
        }
        if !upkeep.settingProposals.isEmpty {
            tasks.append(
                .init(
                    subject: .settingProposals, state: .due,
                    note: "\(upkeep.settingProposals.count) 项拟定的设置或者放假安排等第二人确认，确认以前仍按原来的办理。"))
        }
        if !upkeep.proposals.isEmpty {
            tasks.append(
                .init(subject: .proposals, state: .due, note: "\(upkeep.proposals.count) 项拟定的变更等行政机关负责人确认。"))
        }
        return tasks
    }

    private static func calendars(_ profile: BureauProfile, _ upkeep: BureauUpkeep, on day: CivilDay) -> [SetupTask] {
        let parts = day.parts
        return [parts.year, parts.year + 1].map { year in
            if profile.calendars[year] != nil {
                return SetupTask(subject: .calendar(year), state: .done, note: "已采用。")
            }
            let isPrepared = upkeep.settingProposals.contains {
                if case .calendar(year, _, _) = $0.content { true } else { false }
            }
            if isPrepared {
                return SetupTask(
                    subject: .calendar(year), state: .due, note: "已经拟定采用，等第二人在“待确认事项”里确认。确认以前，工作日按周一至周五计算。")
            }
            // The State Council gives the next year's notice in November at the latest.
            let isEarly = year > parts.year && parts.month < 11
            return SetupTask(
                subject: .calendar(year), state: year == parts.year ? .late : isEarly ? .done : .due,
                note: isEarly ? "国务院办公厅通常十一月公布，公布以后再导入。" : "还没有采用。没有表的年份，工作日按周一至周五计算。")
        }
    }

    /// What keeps the records from being lost: backup and its media, recovery sheet, checkpoint outside.
    public static func keeping(_ upkeep: BureauUpkeep, at now: Instant) -> [SetupTask] {
        func age(_ at: Instant) -> Int { now.day.days(since: at.day) }
        var tasks: [SetupTask] = []
        if let backup = upkeep.lastBackup {
            let days = age(backup.at)
            tasks.append(
                .init(
                    subject: .backup, state: days > backupDays ? .late : .done,
                    note: "上次备份\(days == 0 ? "在今天" : "是 \(days) 天以前")，读回核对无误。"
                        + (days > backupDays ? "已经超过 \(backupDays) 天，请今天就插上备份盘再做一次：服务器坏了，这些天的记录会丢失。" : "")))
        } else {
            tasks.append(.init(subject: .backup, state: .first, note: "还没有备份过。"))
        }
        for medium in upkeep.media where medium.age(at: now) != .fresh {
            let days = Int(now.milliseconds(since: medium.generationBegan) / 86_400_000)
            let isOver = medium.age(at: now) == .over
            tasks.append(
                .init(
                    subject: .medium(medium.id, place: medium.place), state: isOver ? .late : .due,
                    note: "上面的证据密钥是 \(days) 天以前的，\(medium.writtenAt.day.chinese)以后没有写过。"
                        + (isOver
                            ? "超过 \(BackupMedium.limitDays) 天，可能还留有已经依法销毁内容的密钥：马上用它备份一次，会换成新的；不再使用的，销毁以后在“记录链”页登记。"
                            : "请在满 \(BackupMedium.limitDays) 天以前用它备份一次，会换成新的。")))
        }
        tasks.append(
            upkeep.recoveryConfirmedAt.map {
                .init(subject: .recoverySheet, state: .done, note: "\($0.day.chinese)读回，与密钥相符。")
            } ?? .init(subject: .recoverySheet, state: .first, note: "还没有人读回恢复单，不能确定抄对了、存好了。"))
        if let kept = upkeep.lastCheckpoint {
            let days = age(kept.at)
            tasks.append(
                .init(
                    subject: .checkpoint, state: days > checkpointDays ? .due : .done,
                    note: "上次存放在外是 \(kept.at.day.chinese)，在\(kept.place)。"))
        } else {
            tasks.append(.init(subject: .checkpoint, state: .due, note: "还没有一份检查点存放在外面。"))
        }
        return tasks
    }
}
