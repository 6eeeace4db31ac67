import Casework
import Kernel

/// What only several files together show.
enum RuleFileChecks {
    /// A day that one year's notice has off and another's has worked: a holiday may reach over New Year.
    static func problems(of calendars: [LoadedCalendar]) -> [RuleFileProblem] {
        var off: [CivilDay: LoadedCalendar] = [:]
        for calendar in calendars {
            for holiday in calendar.year.holidays {
                for day in holiday.days where off[day] == nil { off[day] = calendar }
            }
        }
        return calendars.flatMap { calendar in
            calendar.year.holidays.flatMap(\.makeUp).compactMap { day in
                guard let other = off[day], other != calendar else { return nil }
                return RuleFileProblem(
                    file: "calendars/\(calendar.file)", line: 0, column: 0, code: .contradiction,
                    message: "\(day) 在这里上班，在 calendars/\(other.file) 里放假")
            }
        }
    }

    /// Two files of one version, versions that lose a row, and numbers that leave one out.
    static func problems(of regulations: [LoadedRegulation]) -> [RuleFileProblem] {
        var result: [RuleFileProblem] = []
        func note(_ file: String, _ code: RuleFileProblem.Code, _ message: String) {
            result.append(RuleFileProblem(file: file, line: 0, column: 0, code: code, message: message))
        }
        let texts = Dictionary(grouping: regulations, by: \.regulation.id)
        for (id, versions) in texts.sorted(by: { $0.key < $1.key }) {
            let ordered = versions.sorted { $0.regulation.version < $1.regulation.version }
            for (earlier, later) in zip(ordered, ordered.dropFirst()) {
                guard earlier.regulation.version != later.regulation.version else {
                    note(later.file, .duplicate, "制度“\(id)”第\(later.regulation.version)版已在 \(earlier.file) 中")
                    continue
                }
                let next = earlier.regulation.version + 1
                if later.regulation.version != next {
                    note(later.file, .contradiction, "制度“\(id)”的上一版是第\(next - 1)版，这一版应写 version: \(next)")
                }
                let rows = Set(later.regulation.provisions.map(\.id))
                for provision in earlier.regulation.provisions where !rows.contains(provision.id) {
                    note(later.file, .contradiction, "第\(later.regulation.version)版少了上一版的条款“\(provision.id)”")
                }
            }
        }
        return result
    }
}
