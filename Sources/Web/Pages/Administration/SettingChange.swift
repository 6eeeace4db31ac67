import Application
import Casework
import Kernel

/// A prepared change of settings or public holidays in words: what holds, what shall hold, and for a year's table which
/// days become days off or working days.
struct SettingChange: Sendable {
    let proposal: SettingProposal
    let history: HistoryText

    /// What it is about, in one line.
    var title: String {
        switch proposal.content {
        case .settings(let settings):
            settings.map {
                "\(history.setting($0.name))：\(words($0.before, of: $0.name)) → \(words($0.value, of: $0.name))"
            }
            .joined(separator: "；")
        case .calendar(let year, let digest, _):
            "\(year) 年放假安排\(table(digest).map { "（第\($0.version)版）" } ?? "")"
        }
    }

    /// Old and new side by side.
    var rows: [SummaryList.Row] {
        switch proposal.content {
        case .settings(let settings):
            return settings.flatMap { setting -> [SummaryList.Row] in
                [
                    .init(label: "设置", value: "\(history.setting(setting.name))"),
                    .init(label: "现在", value: "\(words(setting.before, of: setting.name))"),
                    .init(label: "改为", value: "<b>\(words(setting.value, of: setting.name))</b>"),
                ]
            }
        case .calendar(let year, let digest, let replaces):
            let old = replaces.map { table($0).map(words) ?? "程序里没有这个文件" } ?? "还没有采用，工作日按周一至周五计算"
            var rows: [SummaryList.Row] = [
                .init(label: "年份", value: "\(year) 年"), .init(label: "现在", value: "\(old)"),
                .init(label: "改为", value: "<b>\(table(digest).map(words) ?? "程序里没有这个文件")</b>"),
            ]
            if let new = table(digest) {
                let (off, on) = SettingChange.moved(in: year, from: replaces.flatMap(table), to: new)
                rows.append(.init(label: "改为休息", value: "\(off.isEmpty ? "没有" : off)"))
                rows.append(.init(label: "改为上班", value: "\(on.isEmpty ? "没有" : on)"))
            }
            return rows
        }
    }

    /// Days of a year that become days off, and days that become working days.
    static func moved(in year: Int, from old: HolidayYear?, to new: HolidayYear) -> (off: String, on: String) {
        let (before, after) = (WorkingDays(years: old.map { [$0] } ?? []), WorkingDays(years: [new]))
        guard var day = CivilDay(year: year, month: 1, day: 1) else { return ("", "") }
        var off: [CivilDay] = []
        var on: [CivilDay] = []
        while day.parts.year == year {
            switch (before.isWorked(day), after.isWorked(day)) {
            case (true, false): off.append(day)
            case (false, true): on.append(day)
            default: break
            }
            day = day.advanced(by: 1)
        }
        return (runs(off), runs(on))
    }

    private static func runs(_ days: [CivilDay]) -> String {
        var runs: [(first: CivilDay, last: CivilDay)] = []
        for day in days {
            if let last = runs.last?.last, day.days(since: last) == 1 {
                runs[runs.count - 1].last = day
            } else {
                runs.append((day, day))
            }
        }
        func words(_ day: CivilDay) -> String { "\(day.parts.month)月\(day.parts.day)日" }
        return runs.map { $0.first == $0.last ? words($0.first) : "\(words($0.first))至\(words($0.last))" }
            .joined(separator: "、")
    }

    private func words(_ value: SettingProposal.Setting.Value?, of name: String) -> String {
        switch value {
        case .word(let word): word.isEmpty ? "（没有填写）" : OfficeChoice.chinese(word)
        case .number(let number): history.number(Int64(number), of: name)
        case nil: "没有设置"
        }
    }

    private func table(_ digest: Digest) -> HolidayYear? {
        history.library.calendars.first { $0.digest == digest }?.year
    }

    private func words(_ table: HolidayYear) -> String { "第\(table.version)版，\(table.source)" }
}
